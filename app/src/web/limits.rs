//! Limits on the number of requests that run at once, for each kind of request.
//!
//! Ballots have their own queue and connections in `backend::voting`. Every other kind of request
//! that strangers can send has a fixed number of places, so many requests of one kind take no place
//! from another. A request that finds no place within 200 ms is refused, and the answer says when to
//! try again. Nobody holds a place while another machine is asked or a slow connection is served.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures_util::{Stream, StreamExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
    /// A form of a visitor without an account: picks, a receipt, the start of a kiosk.
    Form,
    /// Somebody signs in, resets a password or accepts an invitation.
    Account,
    /// The same at a browser at which somebody has signed in before.
    Known,
    /// An island saves a draft or a sheet.
    Save,
    /// The account or the kiosk of a cookie is looked up.
    Cookie,
    /// A table of votes is on its way to a reader, who may be slow.
    Download,
    /// The next part of such a table is read from the database.
    Part,
}

/// A place in a queue. It is free again when this value is dropped.
pub(crate) type Place = OwnedSemaphorePermit;

/// For each kind the least number of places, and the share of the database connections that it may
/// have. A download reads its parts in the queue of parts and needs no connection of its own. Its
/// number bounds memory: a reader holds a part of 64 KiB or two.
const PLACES: [(Queue, usize, Option<u32>); 11] = [
    (Queue::Check, 8, Some(2)),
    (Queue::Send, 4, Some(5)),
    (Queue::Read, 8, Some(2)),
    (Queue::Export, 4, Some(10)),
    (Queue::Form, 4, Some(5)),
    // More than connections, because most of the time goes into hashing a password.
    (Queue::Account, 8, Some(2)),
    (Queue::Known, 4, Some(5)),
    (Queue::Save, 4, Some(5)),
    (Queue::Cookie, 8, Some(2)),
    (Queue::Download, 256, None),
    (Queue::Part, 2, Some(10)),
];

/// The places of each kind of request. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ConcurrencyLimits(Arc<[(Queue, Arc<Semaphore>)]>);

impl ConcurrencyLimits {
    /// Makes places for this number of database connections.
    pub(crate) fn for_connections(connections: u32) -> Self {
        let places = PLACES.map(|(queue, least, share)| {
            let part = share.and_then(|share| connections.checked_div(share));
            let part = part.and_then(|part| usize::try_from(part).ok()).unwrap_or(least);
            (queue, Arc::new(Semaphore::new(part.max(least))))
        });
        Self(Arc::from(places))
    }

    /// Waits for a place. The place is free again when it is dropped.
    ///
    /// # Errors
    /// Returns [`AppError::Busy`] if no place becomes free in time.
    pub(crate) async fn wait_for_place(&self, queue: Queue) -> Result<Place, AppError> {
        let place = tokio::time::timeout(QUEUE_WAIT, self.wait_for_turn(queue)).await;
        place.unwrap_or(Err(AppError::Busy))
    }

    /// Waits for a place as long as it takes: for an answer that has begun and cannot be refused any
    /// more.
    ///
    /// # Errors
    /// Returns [`AppError::Busy`] if the queue is closed, which never happens.
    pub(crate) async fn wait_for_turn(&self, queue: Queue) -> Result<Place, AppError> {
        let places = self.0.iter().find(|(kind, _)| *kind == queue);
        let (_, places) = places.ok_or(AppError::Busy)?;
        places.clone().acquire_owned().await.map_err(|_| AppError::Busy)
    }
}

/// Makes a body of these parts. It holds the place until its end, or until the reader is gone.
pub(crate) fn body_with_place<S, E>(place: Place, parts: S) -> Body
where
    S: Stream<Item = Result<Vec<u8>, E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    Body::from_stream(parts.map(move |part| {
        let _held = &place;
        part
    }))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::{Body, HttpBody as _, to_bytes};
    use futures_util::stream;

    use super::{ConcurrencyLimits, PLACES, Queue, body_with_place};
    use crate::AppError;

    #[tokio::test]
    async fn no_rush_takes_the_places_of_another() {
        for (rush, least, _) in PLACES {
            let limits = ConcurrencyLimits::for_connections(1);
            let mut held = Vec::new();
            for _ in 0..least {
                held.push(limits.wait_for_place(rush).await.unwrap());
            }
            assert_eq!(limits.wait_for_place(rush).await.err(), Some(AppError::Busy), "{rush:?}");
            for (other, ..) in PLACES.into_iter().filter(|(other, ..)| *other != rush) {
                assert!(limits.wait_for_place(other).await.is_ok(), "{other:?} beside {rush:?}");
            }
            held.pop();
            assert!(limits.wait_for_place(rush).await.is_ok(), "a place is free again: {rush:?}");
        }
    }

    #[tokio::test]
    async fn a_download_holds_its_place_until_its_end_or_until_its_reader_goes() {
        let limits = ConcurrencyLimits::for_connections(1);
        let mut bodies: Vec<Body> = Vec::new();
        while let Ok(place) = limits.wait_for_place(Queue::Download).await {
            let parts = [b"first".to_vec(), b"second".to_vec()].map(Ok::<_, Infallible>);
            bodies.push(body_with_place(place, stream::iter(parts)));
        }
        assert_eq!(bodies.len(), 256);
        let read = bodies.pop().unwrap();
        assert!(!read.is_end_stream());
        assert_eq!(to_bytes(read, usize::MAX).await.unwrap(), "firstsecond");
        let place = limits.wait_for_place(Queue::Download).await;
        assert!(place.is_ok(), "one was read to its end");
        assert!(limits.wait_for_place(Queue::Download).await.is_err());
        bodies.pop();
        assert!(limits.wait_for_place(Queue::Download).await.is_ok(), "the reader of one is gone");
    }
}
