//! Which requests come first when there is more to do than the machine can do.
//!
//! Ballots have a queue and connections of their own in `backend::voting`. Checks of codes, sending
//! codes, reading and exports have a fixed number of places each, so a rush of one kind takes no
//! place of another. A request that finds no place within a fifth of a second is told when to try again.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::AppError;

/// How long anybody waits for a place: with what is under way, a queue of so much work.
pub(crate) const WAIT: Duration = Duration::from_millis(200);

/// What somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A code is compared.
    Check,
    /// A code is made and sent, or a printed one looked up.
    Send,
    /// A public page is read.
    Read,
    /// A part of the record is copied.
    Export,
}

/// The places of each kind. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Turns(Arc<[Semaphore; 4]>);

impl Turns {
    /// Places for so many connections to the database, which is what all of them wait for.
    pub(crate) fn new(connections: u32) -> Self {
        let places = |least: usize, share: u32| {
            let share = usize::try_from(connections / share).unwrap_or(least);
            Semaphore::new(share.max(least))
        };
        Self(Arc::new([places(8, 2), places(4, 5), places(8, 2), places(4, 10)]))
    }

    /// Waits for a place, which is free again when the permit is dropped.
    ///
    /// # Errors
    /// [`AppError::Busy`] where none is free in time.
    pub(crate) async fn take(&self, turn: Turn) -> Result<SemaphorePermit<'_>, AppError> {
        let places = match turn {
            Turn::Check => &self.0[0],
            Turn::Send => &self.0[1],
            Turn::Read => &self.0[2],
            Turn::Export => &self.0[3],
        };
        match tokio::time::timeout(WAIT, places.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(AppError::Busy),
        }
    }
}

#[cfg(test)]
mod tests {

    use super::{Turn, Turns};
    use crate::AppError;

    #[tokio::test]
    async fn no_rush_takes_the_places_of_another() {
        let turns = Turns::new(1);
        let mut reading = Vec::new();
        for _ in 0..8 {
            reading.push(turns.take(Turn::Read).await.unwrap());
        }
        assert_eq!(turns.take(Turn::Read).await.err(), Some(AppError::Busy));
        assert!(turns.take(Turn::Check).await.is_ok());
        assert!(turns.take(Turn::Send).await.is_ok());
        reading.pop();
        assert!(turns.take(Turn::Read).await.is_ok(), "a place is free again");
    }
}
