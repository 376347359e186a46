//! Who comes first when there is more to do than can be done: ballots, which have a queue and
//! connections of their own (`backend::voting`), then checks of codes, then codes to be sent, then
//! reading, then exports. Each kind has places of its own, so that no rush of one takes the places
//! of another; whoever gets none in a fifth of a second is told at once when to come again.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
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

impl Turn {
    /// What a public address is opened for. A form takes its turn by itself, once it has arrived:
    /// a slow line must not keep a place.
    pub(crate) fn of(path: &str, method: &Method) -> Option<Self> {
        let exports = ["tile/", "entries/", "cvr/", "openings/"];
        match path.strip_prefix("/record/{edition}/") {
            _ if !method.is_safe() => None,
            Some(rest) if exports.iter().any(|export| rest.starts_with(export)) => {
                Some(Self::Export)
            }
            _ => Some(Self::Read),
        }
    }
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
    use http::Method;

    use super::{Turn, Turns};
    use crate::AppError;

    #[test]
    fn reading_exporting_and_forms_are_told_apart() {
        let of = |path| Turn::of(path, &Method::GET);
        assert_eq!(of("/record/{edition}/tile/{*path}"), Some(Turn::Export));
        assert_eq!(of("/record/{edition}/openings/{file}"), Some(Turn::Export));
        assert_eq!(of("/record/{edition}/proof/{ballot}"), Some(Turn::Read));
        assert_eq!(of("/editions/{edition}/cases"), Some(Turn::Read));
        assert_eq!(Turn::of("/editions/{edition}/vote/{poll}/check", &Method::POST), None);
    }

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
