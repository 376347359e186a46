//! The database's clock is the only clock of a vote. A node reads it every few seconds and counts
//! on with its own monotonic clock, which nobody can set. The node refuses ballots while its wall
//! clock is wrong, or while it cannot read the database's clock.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::ballots::queries;
use super::busy;
use crate::{Backend, Result};

/// How often the database's clock is read.
pub const MEASURED_EVERY: Duration = Duration::from_secs(5);
/// Refuse ballots if the wall clock is off by more than this. Discard readings with a larger error.
const MOST_OFF: TimeDelta = TimeDelta::milliseconds(100);
/// How long a reading is used. The machine's clock drifts by a few milliseconds in this time.
const GOOD_FOR: Duration = Duration::from_secs(60);
/// How often a node without a valid reading reads the clock for one ballot. After that it asks the
/// voter to try again. One slow answer of a busy database is not reason enough.
const READINGS: usize = 5;

/// The last reading of the database's clock.
#[derive(Default)]
pub(crate) struct Clock(Mutex<Option<Reading>>);

#[derive(Clone, Copy)]
struct Reading {
    /// When it was read, by the monotonic clock.
    read: Instant,
    /// The time of the database.
    said: DateTime<Utc>,
    /// How far the database was ahead of this machine's wall clock.
    ahead: TimeDelta,
}

/// When the whole request of a ballot had been read, by the database's clock.
#[derive(Clone, Copy, Debug)]
pub struct Admitted(pub(super) DateTime<Utc>);

impl Clock {
    /// Converts an instant to the database's clock. `None` if the last reading is too old.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] if this machine's clock is wrong. Another node then takes the ballot.
    fn at(&self, instant: Instant) -> Result<Option<DateTime<Utc>>> {
        let Some(reading) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else {
            return Ok(None);
        };
        let since = instant.saturating_duration_since(reading.read);
        if since >= GOOD_FOR {
            return Ok(None);
        }
        if reading.ahead.abs() > MOST_OFF {
            return Err(busy());
        }
        // If the clock was read only after the ballot came, the ballot is earlier than the reading.
        let before = reading.read.saturating_duration_since(instant);
        let delta = |time| TimeDelta::from_std(time).unwrap_or_default();
        Ok(Some(reading.said + delta(since) - delta(before)))
    }

    fn set(&self, reading: Reading) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }
}

impl Backend {
    /// Returns the admission time of a ballot whose whole request has just been read.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] if this node does not know the time.
    pub async fn admit(&self) -> Result<Admitted> {
        let here = Instant::now();
        for _ in 0..READINGS {
            if let Some(at) = self.ballots.clock.at(here)? {
                return Ok(Admitted(at));
            }
            Box::pin(self.measure_clock()).await.map_err(|_| busy())?;
        }
        self.ballots.clock.at(here)?.map(Admitted).ok_or_else(busy)
    }

    /// Reads the database's clock. A reading that took too long is discarded, and the last one
    /// stays.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn measure_clock(&self) -> Result<()> {
        let mut connection = self.ballots.connection().await?;
        // Keep this order. If the machine halts in between, the reading counts as slow, and the
        // clock does not count as wrong.
        let (began, wall) = (Instant::now(), Utc::now());
        let said = queries::clock(&mut connection).await?;
        let half = began.elapsed() / 2;
        let late = TimeDelta::from_std(half).unwrap_or(TimeDelta::MAX);
        if late > MOST_OFF {
            tracing::warn!("the database took long to say what time it is");
            return Ok(());
        }
        let ahead = said - (wall + late);
        self.ballots.clock.set(Reading { read: began + half, said, ahead });
        if ahead.abs() > MOST_OFF {
            let millis = ahead.num_milliseconds();
            tracing::error!(millis, "this machine's clock is off; it takes no ballots");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, DateTime, Duration, GOOD_FOR, Instant, Reading, TimeDelta, Utc};

    const MINUTE: Duration = Duration::from_secs(60);

    /// Makes a clock that was `ahead` milliseconds ahead when it was read, and an instant one
    /// minute before that reading. The current time does not matter.
    fn read(ahead: i64) -> (Clock, Instant) {
        let (clock, before) = (Clock::default(), Instant::now());
        let (read, said) = (before + MINUTE, instant("2024-12-01T15:00:00Z"));
        clock.set(Reading { read, said, ahead: TimeDelta::milliseconds(ahead) });
        (clock, before)
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_node_that_is_off_by_more_than_a_tenth_of_a_second_takes_itself_out() {
        for (millis, works) in [(0, true), (100, true), (101, false), (-100, true), (-101, false)] {
            let (clock, before) = read(millis);
            assert_eq!(clock.at(before + MINUTE).is_ok(), works, "{millis} ms");
        }
    }

    #[test]
    fn it_counts_on_from_what_the_database_said_and_not_for_ever() {
        let (clock, before) = read(80);
        let at = |seconds| clock.at(before + Duration::from_secs(seconds)).unwrap();
        assert_eq!(at(90), Some(instant("2024-12-01T15:00:30Z")));
        assert_eq!(clock.at(before + MINUTE + GOOD_FOR).unwrap(), None, "too old");
        assert_eq!(Clock::default().at(before).unwrap(), None, "nothing was read yet");
    }

    #[test]
    fn a_ballot_that_the_clock_was_read_for_was_here_before_the_reading() {
        let (clock, before) = read(0);
        assert_eq!(clock.at(before).unwrap(), Some(instant("2024-12-01T14:59:00Z")));
    }
}
