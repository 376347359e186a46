//! A bounded queue for work that takes much memory.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Error, Result};

/// When work that found the queue full may be sent again, in seconds.
const FULL_QUEUE_PAUSE: u64 = 5;

/// Asks to come again in a moment.
pub(crate) fn busy_error() -> Error {
    Error::Busy { retry_after: Duration::from_secs(FULL_QUEUE_PAUSE) }
}

/// A bounded queue for work that takes much memory.
pub(crate) struct WorkQueue {
    /// What is worked on, and what waits.
    places: Semaphore,
    /// What is worked on.
    turns: Semaphore,
}

/// A turn in the queue. Dropping it lets the next work begin.
pub(crate) struct WorkTurn {
    _turn: SemaphorePermit<'static>,
    _place: SemaphorePermit<'static>,
}

impl WorkQueue {
    pub(crate) const fn with_places(at_once: usize, in_all: usize) -> Self {
        Self { places: Semaphore::const_new(in_all), turns: Semaphore::const_new(at_once) }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Error::Busy`] at once if the queue is full.
    pub(crate) async fn wait_for_turn(&'static self) -> Result<WorkTurn> {
        let place = self.places.try_acquire().map_err(|_| busy_error())?;
        let closed = |_| Error::Internal("nobody closes the semaphore");
        let turn = self.turns.acquire().await.map_err(closed)?;
        Ok(WorkTurn { _turn: turn, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::WorkQueue;
    use crate::Error;

    #[tokio::test]
    async fn work_is_refused_at_once_when_the_queue_is_full() {
        static QUEUE: WorkQueue = WorkQueue::with_places(1, 2);
        let first = QUEUE.wait_for_turn().await.unwrap();
        let mut second = Box::pin(QUEUE.wait_for_turn());
        let mut context = Context::from_waker(Waker::noop());
        assert!(second.as_mut().poll(&mut context).is_pending(), "it waits for its turn");
        assert!(matches!(QUEUE.wait_for_turn().await, Err(Error::Busy { .. })));
        drop(first);
        let second = second.await.unwrap();
        drop(second);
        assert!(QUEUE.wait_for_turn().await.is_ok(), "the places are free again");
    }
}
