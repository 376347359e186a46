//! The database's clock is the only clock of a vote. A node reads it every few seconds and counts
//! on with its own monotonic clock, which nobody can set. The node refuses ballots while its wall
//! clock is wrong, or while it cannot read the database's clock.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::ballots::queries;
use super::busy_error;
use crate::{Backend, Result};

/// How often the database's clock is read.
pub const CLOCK_READ_EVERY: Duration = Duration::from_secs(5);
/// Refuse ballots if the wall clock is off by more than this. Discard readings with a larger error.
const LARGEST_CLOCK_ERROR: TimeDelta = TimeDelta::milliseconds(100);
/// How long a reading is used. The machine's clock drifts by a few milliseconds in this time.
const READING_VALID_FOR: Duration = Duration::from_secs(60);
/// How often a node without a valid reading reads the clock for one ballot. After that it asks the
/// voter to try again. One slow answer of a busy database is not reason enough.
const MOST_READINGS: usize = 5;

/// The last reading of the database's clock.
#[derive(Default)]
pub(crate) struct DatabaseClock(Mutex<Option<ClockReading>>);

#[derive(Clone, Copy)]
struct ClockReading {
    /// When it was read, by the monotonic clock.
    read: Instant,
    /// The time of the database.
    said: DateTime<Utc>,
    /// How far the database was ahead of this machine's wall clock.
    ahead: TimeDelta,
}

/// When the whole request of a ballot had been read, by the database's clock.
#[derive(Clone, Copy, Debug)]
pub struct AdmittedAt(pub(super) DateTime<Utc>);

impl DatabaseClock {
    /// Converts an instant to the database's clock. `None` if the last reading is too old.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] if this machine's clock is wrong. Another node then takes the ballot.
    fn time_at(&self, instant: Instant) -> Result<Option<DateTime<Utc>>> {
        let Some(reading) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else {
            return Ok(None);
        };
        let since = instant.saturating_duration_since(reading.read);
        if since >= READING_VALID_FOR {
            return Ok(None);
        }
        if reading.ahead.abs() > LARGEST_CLOCK_ERROR {
            return Err(busy_error());
        }
        // If the clock was read only after the ballot came, the ballot is earlier than the reading.
        let before = reading.read.saturating_duration_since(instant);
        let delta = |time| TimeDelta::from_std(time).unwrap_or_default();
        Ok(Some(reading.said + delta(since) - delta(before)))
    }

    fn store_reading(&self, reading: ClockReading) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }
}

impl Backend {
    /// Returns the admission time of a ballot whose whole request has just been read.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] if this node does not know the time.
    pub async fn admit_ballot(&self) -> Result<AdmittedAt> {
        let here = Instant::now();
        for _ in 0..MOST_READINGS {
            if let Some(at) = self.ballots.clock.time_at(here)? {
                return Ok(AdmittedAt(at));
            }
            Box::pin(self.read_database_clock()).await.map_err(|_| busy_error())?;
        }
        self.ballots.clock.time_at(here)?.map(AdmittedAt).ok_or_else(busy_error)
    }

    /// Reads the database's clock. A reading that took too long is discarded, and the last one
    /// stays.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn read_database_clock(&self) -> Result<()> {
        let mut connection = self.ballots.ballot_connection().await?;
        // Keep this order. If the machine halts in between, the reading counts as slow, and the
        // clock does not count as wrong.
        let (began, wall) = (Instant::now(), Utc::now());
        let said = queries::read_database_clock(&mut connection).await?;
        let half = began.elapsed() / 2;
        let late = TimeDelta::from_std(half).unwrap_or(TimeDelta::MAX);
        if late > LARGEST_CLOCK_ERROR {
            tracing::warn!("the database took long to say what time it is");
            return Ok(());
        }
        let ahead = said - (wall + late);
        self.ballots.clock.store_reading(ClockReading { read: began + half, said, ahead });
        if ahead.abs() > LARGEST_CLOCK_ERROR {
            let millis = ahead.num_milliseconds();
            tracing::error!(millis, "this machine's clock is off; it takes no ballots");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        ClockReading, DatabaseClock, DateTime, Duration, Instant, READING_VALID_FOR, TimeDelta, Utc,
    };

    const MINUTE: Duration = Duration::from_secs(60);

    /// Makes a clock that was `ahead` milliseconds ahead when it was read, and an instant one
    /// minute before that reading. The current time does not matter.
    fn read(ahead: i64) -> (DatabaseClock, Instant) {
        let (clock, before) = (DatabaseClock::default(), Instant::now());
        let (read, said) = (before + MINUTE, instant("2024-12-01T15:00:00Z"));
        clock.store_reading(ClockReading { read, said, ahead: TimeDelta::milliseconds(ahead) });
        (clock, before)
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_node_that_is_off_by_more_than_a_tenth_of_a_second_takes_itself_out() {
        for (millis, works) in [(0, true), (100, true), (101, false), (-100, true), (-101, false)] {
            let (clock, before) = read(millis);
            assert_eq!(clock.time_at(before + MINUTE).is_ok(), works, "{millis} ms");
        }
    }

    #[test]
    fn it_counts_on_from_what_the_database_said_and_not_for_ever() {
        let (clock, before) = read(80);
        let at = |seconds| clock.time_at(before + Duration::from_secs(seconds)).unwrap();
        assert_eq!(at(90), Some(instant("2024-12-01T15:00:30Z")));
        assert_eq!(clock.time_at(before + MINUTE + READING_VALID_FOR).unwrap(), None, "too old");
        assert_eq!(DatabaseClock::default().time_at(before).unwrap(), None, "nothing was read yet");
    }

    #[test]
    fn a_ballot_that_the_clock_was_read_for_was_here_before_the_reading() {
        let (clock, before) = read(0);
        assert_eq!(clock.time_at(before).unwrap(), Some(instant("2024-12-01T14:59:00Z")));
    }
}
