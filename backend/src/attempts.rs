//! Counters that slow an attacker down before any expensive work.
//!
//! The counters are in the database, so several servers share them and a restart loses nothing.
//! The address or network that tried is stored only as an HMAC.

mod queries;

use std::time::Duration;

use crate::{Backend, Error, Result};

/// How many tries are allowed in a window of time.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// The name of the action, e.g. `sign-in`.
    pub what: &'static str,
    /// Most tries in one window.
    pub tries: i32,
    /// The length of the window.
    pub within: Duration,
}

impl Backend {
    /// Counts one try of `who` and refuses it if the allowance is used up.
    ///
    /// It is one autocommit statement, so two tries at the same instant are both counted.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time until the next window.
    pub async fn count_attempt(&self, allowance: RateLimit, who: &str) -> Result<()> {
        let key = self.attempt_key(allowance, who);
        let seconds = i64::try_from(allowance.within.as_secs()).unwrap_or(i64::MAX);
        let mut connection = self.acquire_connection().await?;
        let (tries, left) =
            queries::count_attempt_in_window(&mut connection, &key, seconds).await?;
        if tries > allowance.tries {
            let retry_after = Duration::from_secs(u64::try_from(left).unwrap_or(1).max(1));
            return Err(Error::TooMany { retry_after });
        }
        Ok(())
    }

    /// Refuses if `who` has no try left. Counts nothing.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time until the next window.
    pub(crate) async fn check_attempts_left(&self, allowance: RateLimit, who: &str) -> Result<()> {
        let key = self.attempt_key(allowance, who);
        let seconds = i64::try_from(allowance.within.as_secs()).unwrap_or(i64::MAX);
        let mut connection = self.acquire_connection().await?;
        match queries::read_attempts_in_window(&mut connection, &key, seconds).await? {
            Some((tries, left)) if tries >= allowance.tries => {
                let retry_after = Duration::from_secs(u64::try_from(left).unwrap_or(1).max(1));
                Err(Error::TooMany { retry_after })
            }
            _ => Ok(()),
        }
    }

    /// Takes one try of `who` back, because the action did not happen.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn refund_attempt(&self, allowance: RateLimit, who: &str) -> Result<()> {
        let key = self.attempt_key(allowance, who);
        queries::refund_newest_attempt(&mut *self.acquire_connection().await?, &key).await
    }

    /// Returns the HMAC of `who` and the current UTC day. Without the master key nobody can link
    /// the counters of two days. Every window is inside one day, so it never has two keys.
    fn attempt_key(&self, allowance: RateLimit, who: &str) -> [u8; 32] {
        let day = chrono::Utc::now().timestamp().div_euclid(24 * 60 * 60);
        let day = day.to_be_bytes();
        let parts: [&[u8]; 3] = [&day, allowance.what.as_bytes(), who.as_bytes()];
        self.keys.compute_mac("attempts", &parts)
    }

    /// Deletes counters whose window has passed.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_old_attempts(&self) -> Result<()> {
        queries::delete_old_attempts(&mut *self.acquire_connection().await?).await
    }
}
