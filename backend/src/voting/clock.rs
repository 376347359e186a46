//! The one clock of a vote is the database's. A node reads it every few seconds and counts on from
//! there by its own monotonic clock, which nobody can set; it takes no ballots while its wall clock
//! is off, or while it cannot read the database's.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::ballots::queries;
use super::busy;
use crate::{Backend, Result};

/// How often the database's clock is read.
pub const MEASURED_EVERY: Duration = Duration::from_secs(5);
/// A node whose wall clock is off by more takes no ballots: whoever has not noticed that has
/// noticed little. A reading that may be wrong by as much is none.
const MOST_OFF: TimeDelta = TimeDelta::milliseconds(100);
/// How long a reading is good for; a crystal drifts by a few milliseconds meanwhile.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// The database's clock as it was read last.
#[derive(Default)]
pub(crate) struct Clock(Mutex<Option<Reading>>);

#[derive(Clone, Copy)]
struct Reading {
    /// When it was read.
    read: Instant,
    /// What it said.
    said: DateTime<Utc>,
    /// How far it was ahead of this machine's wall clock.
    ahead: TimeDelta,
}

/// The instant at which a ballot's whole request had been read, by the database's clock.
#[derive(Clone, Copy, Debug)]
pub struct Admitted(pub(super) DateTime<Utc>);

impl Clock {
    /// The instant by the database's clock; none where the last reading is too old.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] where this machine's clock is off: another node takes the ballot.
    fn now(&self) -> Result<Option<DateTime<Utc>>> {
        let reading = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(reading) = reading.filter(|reading| reading.read.elapsed() < GOOD_FOR) else {
            return Ok(None);
        };
        if reading.ahead.abs() > MOST_OFF {
            return Err(busy());
        }
        let since = TimeDelta::from_std(reading.read.elapsed()).unwrap_or(TimeDelta::MAX);
        Ok(Some(reading.said + since))
    }

    fn set(&self, reading: Reading) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }
}

impl Backend {
    /// Takes the instant of a ballot whose whole request has just been read.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] where this node does not know what time it is.
    pub async fn admit(&self) -> Result<Admitted> {
        if let Some(now) = self.ballots.clock.now()? {
            return Ok(Admitted(now));
        }
        self.measure_clock().await.map_err(|_| busy())?;
        self.ballots.clock.now()?.map(Admitted).ok_or_else(busy)
    }

    /// Reads the database's clock. A reading that took long says little; then the one before stays.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn measure_clock(&self) -> Result<()> {
        let mut connection = self.ballots.connection().await?;
        let (wall, began) = (Utc::now(), Instant::now());
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
    use super::{Clock, Duration, GOOD_FOR, Instant, Reading, TimeDelta, Utc};

    fn read(ago: Duration, ahead: i64) -> Clock {
        let (clock, read) = (Clock::default(), Instant::now().checked_sub(ago).unwrap());
        let said = "2024-12-01T14:59:00Z".parse().unwrap();
        clock.set(Reading { read, said, ahead: TimeDelta::milliseconds(ahead) });
        clock
    }

    #[test]
    fn a_node_that_is_off_by_more_than_a_tenth_of_a_second_takes_itself_out() {
        for (millis, works) in [(0, true), (100, true), (101, false), (-100, true), (-101, false)] {
            assert_eq!(read(Duration::ZERO, millis).now().is_ok(), works, "{millis} ms");
        }
    }

    #[test]
    fn it_counts_on_from_what_the_database_said_and_not_for_ever() {
        let now = read(Duration::from_secs(30), 80).now().unwrap().unwrap();
        let expected = "2024-12-01T14:59:30Z".parse::<chrono::DateTime<Utc>>().unwrap();
        assert!((now - expected).abs() < TimeDelta::seconds(1), "{now}");
        assert_eq!(read(GOOD_FOR, 0).now().unwrap(), None, "too old to count on from");
        assert_eq!(Clock::default().now().unwrap(), None, "nothing was read yet");
    }
}
