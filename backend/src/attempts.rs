//! Counters that slow attackers down. They are in the database, so several servers share them and a
//! restart loses nothing. The address or network that tried is stored only as an HMAC.

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

/// How many tries an address that somebody typed is allowed: in all, and from one network and the
/// networks around it. Anybody can type the address of another, so one line must not use up its allowance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AddressLimit {
    /// From everywhere.
    pub(crate) in_all: RateLimit,
    /// From one network.
    pub(crate) of_a_network: RateLimit,
}

/// Tries that were counted, so that they can be given back together.
#[derive(Default)]
pub(crate) struct CountedTries(Vec<[u8; 32]>);

impl Backend {
    /// Counts one try of `who` and refuses it if the allowance is used up.
    ///
    /// It is one autocommit statement, so two tries at the same instant are both counted.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time until the next window.
    pub async fn count_attempt(&self, allowance: RateLimit, who: &str) -> Result<()> {
        self.count_and_keep(&mut CountedTries::default(), allowance, who).await.map(drop)
    }

    /// Counts one try of `who`, notes it in `counted`, and returns how many there are in this
    /// window.
    ///
    /// # Errors
    /// [`Error::TooMany`] as [`Backend::count_attempt`]. This try is noted too.
    pub(crate) async fn count_and_keep(
        &self,
        counted: &mut CountedTries,
        allowance: RateLimit,
        who: &str,
    ) -> Result<i32> {
        let key = self.attempt_key(allowance, who);
        let seconds = i64::try_from(allowance.within.as_secs()).unwrap_or(i64::MAX);
        let mut connection = self.acquire_connection().await?;
        let (tries, left) =
            queries::count_attempt_in_window(&mut connection, &key, seconds).await?;
        counted.0.push(key);
        if tries > allowance.tries {
            let retry_after = Duration::from_secs(u64::try_from(left).unwrap_or(1).max(1));
            return Err(Error::TooMany { retry_after });
        }
        Ok(tries)
    }

    /// Counts one try of a network and of the networks around it ([`surrounding_networks`]), and
    /// notes them in `counted`. `within` says where they are counted, e.g. an edition; it may be empty.
    /// Returns the largest number of tries in this window. A /48 may have twice as many as the
    /// others, because it may be a whole office.
    ///
    /// # Errors
    /// [`Error::TooMany`] if one of the networks has used up its allowance.
    pub(crate) async fn count_network_tries(
        &self,
        counted: &mut CountedTries,
        allowance: RateLimit,
        within: &str,
        network: &str,
    ) -> Result<i32> {
        let mut most = 0;
        for (wider, network) in surrounding_networks(network).iter().enumerate() {
            let tries = if wider == 2 { allowance.tries * 2 } else { allowance.tries };
            let allowance = RateLimit { tries, ..allowance };
            let who = format!("{within}:{network}");
            most = most.max(self.count_and_keep(counted, allowance, &who).await?);
        }
        Ok(most)
    }

    /// Counts one try of a network for the whole site, as [`Backend::count_network_tries`].
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub(crate) async fn count_network_attempt(
        &self,
        allowance: RateLimit,
        network: &str,
    ) -> Result<()> {
        let mut counted = CountedTries::default();
        self.count_network_tries(&mut counted, allowance, "", network).await.map(drop)
    }

    /// Counts one try about an address that somebody typed, from this network.
    ///
    /// # Errors
    /// [`Error::TooMany`] if the network or the address has used up its allowance.
    pub(crate) async fn count_address_attempt(
        &self,
        allowance: AddressLimit,
        address: &str,
        network: &str,
    ) -> Result<()> {
        let mut counted = CountedTries::default();
        self.count_address_tries(&mut counted, allowance, address, network).await.map(drop)
    }

    /// Counts as [`Backend::count_address_attempt`], notes the tries in `counted`, and returns how many
    /// the address has had from everywhere in this window.
    ///
    /// # Errors
    /// [`Error::TooMany`]. Then a try of the network alone may be noted.
    pub(crate) async fn count_address_tries(
        &self,
        counted: &mut CountedTries,
        allowance: AddressLimit,
        address: &str,
        network: &str,
    ) -> Result<i32> {
        for network in &surrounding_networks(network) {
            let here = format!("{address}@{network}");
            self.count_and_keep(counted, allowance.of_a_network, &here).await?;
        }
        self.count_and_keep(counted, allowance.in_all, address).await
    }

    /// Takes counted tries back, because the action did not happen.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn give_tries_back(&self, counted: CountedTries) -> Result<()> {
        let mut connection = self.acquire_connection().await?;
        for key in counted.0 {
            queries::refund_newest_attempt(&mut connection, &key).await?;
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

    /// Returns how many tries `who` has had in this window. Counts nothing.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn read_attempts(&self, allowance: RateLimit, who: &str) -> Result<i32> {
        let key = self.attempt_key(allowance, who);
        let seconds = i64::try_from(allowance.within.as_secs()).unwrap_or(i64::MAX);
        let mut connection = self.acquire_connection().await?;
        let found = queries::read_attempts_in_window(&mut connection, &key, seconds).await?;
        Ok(found.map_or(0, |(tries, _)| tries))
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

/// Returns the networks that a client's network belongs to, the smallest first: an IPv4 address is
/// one, an IPv6 household (/64) is also in a /56 and a /48. Providers give a customer a /56 or a
/// /48, so whoever has one has 256 or 65,536 networks of /64 (RIPE-690).
#[must_use]
pub(crate) fn surrounding_networks(network: &str) -> Vec<String> {
    let groups = network.strip_suffix("::/64").map(|text| text.split(':').collect::<Vec<_>>());
    let Some([first, second, third, fourth]) = groups.as_deref() else {
        return vec![network.to_owned()];
    };
    let fourth = u16::from_str_radix(fourth, 16).unwrap_or_default() & 0xff00;
    vec![
        network.to_owned(),
        format!("{first}:{second}:{third}:{fourth:x}::/56"),
        format!("{first}:{second}:{third}::/48"),
    ]
}

#[cfg(test)]
mod tests {
    use super::surrounding_networks;

    #[test]
    fn a_household_is_in_two_larger_networks_and_an_ipv4_address_in_none() {
        let of = |text: &str| surrounding_networks(text);
        let wide = ["2001:db8:1:2345::/64", "2001:db8:1:2300::/56", "2001:db8:1::/48"];
        assert_eq!(of("2001:db8:1:2345::/64"), wide);
        assert_eq!(of("203.0.113.7"), ["203.0.113.7"]);
        assert_eq!(of(""), [""]);
    }
}
