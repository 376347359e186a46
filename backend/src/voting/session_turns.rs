//! One ballot of a voter's session at a time. A session that is real may be sent by thousands of
//! connections, and must not take the queue and the look-ups from other voters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::busy_error;
use crate::{Error, Result};

/// The most ballots of one session that are under way or wait: that of the page, a second click,
/// and one of another tab.
const MOST_OF_A_SESSION: usize = 3;

/// The turn of a session, and the number of those who have or want it.
type Turn = (Arc<Semaphore>, usize);

/// The sessions with ballots under way, each with its turn.
#[derive(Clone, Default)]
pub(super) struct SessionTurns(Arc<Mutex<HashMap<Vec<u8>, Turn>>>);

/// The turn of one session. It ends when this value is dropped.
pub(super) struct SessionTurn {
    _permit: OwnedSemaphorePermit,
    _place: SessionPlace,
}

/// One of the [`MOST_OF_A_SESSION`] places of a session.
struct SessionPlace {
    turns: SessionTurns,
    session: Vec<u8>,
}

impl Drop for SessionPlace {
    fn drop(&mut self) {
        let mut turns = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, users)) = turns.get_mut(&self.session) {
            *users -= 1;
            if *users == 0 {
                turns.remove(&self.session);
            }
        }
    }
}

impl SessionTurns {
    /// Waits until no other ballot of this session is under way.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many wait already.
    pub(super) async fn wait_for_turn(&self, session: &[u8]) -> Result<SessionTurn> {
        let (turn, place) = self.take_place(session)?;
        let permit = turn.acquire_owned().await;
        let permit = permit.map_err(|_| Error::Internal("nobody closes the semaphore"))?;
        Ok(SessionTurn { _permit: permit, _place: place })
    }

    fn take_place(&self, session: &[u8]) -> Result<(Arc<Semaphore>, SessionPlace)> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = turns.entry(session.to_vec());
        let (turn, users) = known.or_insert_with(|| (Arc::new(Semaphore::new(1)), 0));
        if *users >= MOST_OF_A_SESSION {
            return Err(busy_error());
        }
        *users += 1;
        let place = SessionPlace { turns: self.clone(), session: session.to_vec() };
        Ok((turn.clone(), place))
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, SessionTurns};

    #[tokio::test]
    async fn a_session_has_one_ballot_under_way_and_two_that_wait() {
        let turns = SessionTurns::default();
        let first = turns.wait_for_turn(b"one").await.unwrap();
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let turns = turns.clone();
                tokio::spawn(async move { turns.wait_for_turn(b"one").await.map(drop) })
            })
            .collect();
        while turns.0.lock().unwrap()[b"one".as_slice()].1 < 3 {
            tokio::task::yield_now().await;
        }
        let fourth = turns.wait_for_turn(b"one").await;
        assert!(matches!(fourth, Err(Error::Busy { .. })));
        assert!(turns.wait_for_turn(b"two").await.is_ok(), "another voter waits for nobody");
        drop(first);
        for waiting in waiting {
            waiting.await.unwrap().unwrap();
        }
        assert!(turns.0.lock().unwrap().is_empty(), "nothing is kept");
    }
}
