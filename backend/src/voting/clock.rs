//! The one clock of a vote is the database's. A node knows how far its own is off, and takes no
//! ballots while that is too much.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::ballots::queries;
use super::busy;
use crate::{Backend, Result};

/// How often the difference is measured.
pub const MEASURED_EVERY: Duration = Duration::from_secs(5);
/// A node that is off by more takes no ballots, in microseconds.
const MOST_OFF: i64 = 100_000;

/// How far the database's clock is ahead of this machine's, in microseconds.
#[derive(Default)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    /// The instant by the database's clock.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] where this machine's clock is off by more than 100 ms: another node
    /// takes the ballot.
    pub(crate) fn now(&self) -> Result<DateTime<Utc>> {
        let ahead = self.0.load(Ordering::Relaxed);
        if ahead.saturating_abs() > MOST_OFF {
            return Err(busy());
        }
        Ok(Utc::now() + TimeDelta::microseconds(ahead))
    }

    fn set(&self, ahead: TimeDelta) {
        self.0.store(ahead.num_microseconds().unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Backend {
    /// Measures how far this machine's clock is from the database's. A reading that took long says
    /// little; then the one before stays.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn measure_clock(&self) -> Result<()> {
        let mut connection = self.connection().await?;
        let (before, began) = (Utc::now(), Instant::now());
        let database = queries::clock(&mut connection).await?;
        let took = TimeDelta::from_std(began.elapsed()).unwrap_or(TimeDelta::MAX);
        if took > TimeDelta::microseconds(MOST_OFF) {
            return Ok(());
        }
        let ahead = database - (before + took / 2);
        self.ballots.clock.set(ahead);
        if ahead.abs() > TimeDelta::microseconds(MOST_OFF) {
            let millis = ahead.num_milliseconds();
            tracing::error!(millis, "this machine's clock is off; it takes no ballots");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, TimeDelta, Utc};

    #[test]
    fn a_node_that_is_off_by_more_than_a_tenth_of_a_second_takes_itself_out() {
        let clock = Clock::default();
        for (millis, works) in [(0, true), (100, true), (101, false), (-100, true), (-101, false)] {
            clock.set(TimeDelta::milliseconds(millis));
            assert_eq!(clock.now().is_ok(), works, "{millis} ms");
        }
        clock.set(TimeDelta::milliseconds(80));
        assert!(clock.now().unwrap() > Utc::now() + TimeDelta::milliseconds(70));
    }
}
