//! Limits on the number of requests that run at once, for each kind of request.
//!
//! Ballots have their own queue and connections in `backend::voting`. Checking codes, sending
//! codes, reading and exports each have a fixed number of places, so many requests of one kind take
//! no place from another. A request that finds no place within 200 ms is refused, and the answer
//! says when to try again.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::AppError;

/// The longest wait for a place. It also bounds the work that is queued.
pub(crate) const QUEUE_WAIT: Duration = Duration::from_millis(200);

/// The kinds of request that wait for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// A code is compared.
    Check,
    /// A code is made and sent, or a printed one looked up.
    Send,
    /// A public page is read.
    Read,
    /// A part of the record is copied.
    Export,
}

/// The places of each kind of request. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ConcurrencyLimits(Arc<[Semaphore; 4]>);

impl ConcurrencyLimits {
    /// Makes places for this number of database connections, because all these requests need one.
    pub(crate) fn for_connections(connections: u32) -> Self {
        let places = |least: usize, share: u32| {
            let share = usize::try_from(connections / share).unwrap_or(least);
            Semaphore::new(share.max(least))
        };
        Self(Arc::new([places(8, 2), places(4, 5), places(8, 2), places(4, 10)]))
    }

    /// Waits for a place. The place is free again when the permit is dropped.
    ///
    /// # Errors
    /// Returns [`AppError::Busy`] if no place becomes free in time.
    pub(crate) async fn wait_for_place(
        &self,
        turn: Queue,
    ) -> Result<SemaphorePermit<'_>, AppError> {
        let places = match turn {
            Queue::Check => &self.0[0],
            Queue::Send => &self.0[1],
            Queue::Read => &self.0[2],
            Queue::Export => &self.0[3],
        };
        match tokio::time::timeout(QUEUE_WAIT, places.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(AppError::Busy),
        }
    }
}

#[cfg(test)]
mod tests {

    use super::{ConcurrencyLimits, Queue};
    use crate::AppError;

    #[tokio::test]
    async fn no_rush_takes_the_places_of_another() {
        let turns = ConcurrencyLimits::for_connections(1);
        let mut reading = Vec::new();
        for _ in 0..8 {
            reading.push(turns.wait_for_place(Queue::Read).await.unwrap());
        }
        assert_eq!(turns.wait_for_place(Queue::Read).await.err(), Some(AppError::Busy));
        assert!(turns.wait_for_place(Queue::Check).await.is_ok());
        assert!(turns.wait_for_place(Queue::Send).await.is_ok());
        reading.pop();
        assert!(turns.wait_for_place(Queue::Read).await.is_ok(), "a place is free again");
    }
}
