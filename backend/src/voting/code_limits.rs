//! How many codes go out: to a contact, from a network, and in all. All numbers are for one edition,
//! so that a rehearsal takes nothing from a vote.

use std::time::Duration;

use domain::ids::EditionId;
use domain::refusal::VotingRefusal;

use super::queries;
use crate::attempts::{AddressLimit, CountedTries, RateLimit, surrounding_networks};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

/// Codes for one contact: enough if a mail is lost, too few to guess a code or to flood the
/// contact. Three from one network, so that a stranger with one line leaves some of the day's codes to the
/// owner.
const OF_A_CONTACT: AddressLimit = AddressLimit {
    in_all: RateLimit { what: "code", tries: 5, within: DAY },
    of_a_network: RateLimit { what: "code-contact-network", tries: 3, within: DAY },
};
/// Codes for one network, and for the networks around it. A carrier puts thousands of people behind
/// one address, so this limit only stops machines.
const OF_A_NETWORK: RateLimit = RateLimit { what: "code-network", tries: 3_000, within: HOUR };
/// The circuit breaker: all codes by mail, or all by text message, within an hour, unless an operator has set another number. It is
/// four times the busiest hour of a vote of 100,000 people in four days, and it limits what a flood
/// of requests can cost.
pub(crate) const IN_ALL: i32 = 20_000;
/// The last part of the breaker's codes, one in this many, goes only to networks whose codes come back.
const RESERVED_PART: i32 = 2;
/// So many codes of a network may be on their way: people wait for a mail, and some never type one.
const ON_THEIR_WAY: i32 = 5;
/// Of the others one in this many has to come back. Of people nine in ten do.
const ONE_COMES_BACK_IN: i32 = 3;
/// Codes that came back to a network. It refuses nobody.
const BACK_TO_A_NETWORK: RateLimit =
    RateLimit { what: "code-back", tries: i32::MAX / 2, within: HOUR };

/// The pause before another code goes to the same contact, in seconds, because mail takes a while.
pub const CODE_PAUSE_SECONDS: i32 = 60;

impl Backend {
    /// Counts a code for a contact against all limits, and sends it by `send`, which gets the number of
    /// the contact's codes today. If anything fails, what was counted is given back.
    ///
    /// # Errors
    /// Those of [`Backend::send_code`] that are about limits, and those of `send`.
    pub(crate) async fn send_within_limits<T, F, S>(
        &self,
        edition: &Edition,
        identity: &str,
        network: &str,
        send: F,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Backend, i32) -> S + Send + 'static,
        S: Future<Output = Result<T>> + Send,
    {
        let (backend, edition) = (self.clone(), edition.clone());
        let (identity, network) = (identity.to_owned(), network.to_owned());
        // A task of its own: a request that is dropped must give back what it took, too.
        let sending = tokio::spawn(async move {
            let of: [&[u8]; 2] = [edition.id.0.as_bytes(), identity.as_bytes()];
            let rest = backend.keys.compute_mac("rest", &of);
            backend.begin_code_pause(&rest).await?;
            let mut counted = CountedTries::default();
            let sent = match backend.count_code(&mut counted, &edition, &identity, &network).await {
                Ok(today) => send(backend.clone(), today).await,
                Err(error) => Err(error),
            };
            if sent.is_err() {
                queries::end_pause(&mut *backend.acquire_connection().await?, &rest).await?;
                backend.give_tries_back(counted).await?;
            }
            sent
        });
        sending.await.map_err(|_| Error::Internal("sending a code panicked"))?
    }

    /// Begins the pause between two codes. One statement does it, so of two requests at once one is
    /// refused.
    async fn begin_code_pause(&self, contact: &[u8]) -> Result<()> {
        let mut connection = self.acquire_connection().await?;
        if queries::begin_pause(&mut connection, contact, CODE_PAUSE_SECONDS).await? {
            return Ok(());
        }
        let left = queries::pause_seconds_left(&mut connection, contact).await?;
        let seconds = left.and_then(|left| u64::try_from(left).ok()).unwrap_or(0).max(1);
        Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeJustSent { seconds })))
    }

    /// Counts a code for this contact from this network. Returns how many the contact has had today.
    /// What was counted is noted in `counted`, so that a request that fails gives it back.
    ///
    /// # Errors
    /// [`Error::TooMany`] for a network that floods; [`VotingRefusal::CodesUsedUp`] for the contact's
    /// sixth code of a day, or its fourth from this network; [`VotingRefusal::CodesPaused`] if the
    /// breaker is reached.
    pub(super) async fn count_code(
        &self,
        counted: &mut CountedTries,
        edition: &Edition,
        identity: &str,
        network: &str,
    ) -> Result<i32> {
        let within = |who: &str| format!("{}:{who}", edition.id);
        let of = edition.id.to_string();
        self.count_network_tries(counted, OF_A_NETWORK, &of, network).await?;
        let used_up = Refusal::Voting(VotingRefusal::CodesUsedUp);
        let contact = within(identity);
        let tries = self.count_address_tries(counted, OF_A_CONTACT, &contact, network).await;
        let today = replace_too_many(used_up, tries)?;
        let most = self.current_budget().await?.codes_per_hour;
        let breaker = RateLimit { what: "code-all", tries: most, within: HOUR };
        let paused = Refusal::Voting(VotingRefusal::CodesPaused);
        // For mails and text messages apart, so that a flood of one stops none of the other.
        let kind = identity.split(':').next().unwrap_or_default();
        let all = self.count_and_keep(counted, breaker, &within(kind)).await;
        let all = replace_too_many(paused.clone(), all)?;
        if all > most - most / RESERVED_PART && !self.codes_come_back(&of, network).await? {
            return Err(Error::Refused(paused));
        }
        Ok(today)
    }

    /// Whether the codes that a network, and each network around it, asked for in this hour come back. A
    /// flood goes to contacts of others, whose owners type nothing. True for an unknown network.
    async fn codes_come_back(&self, edition: &str, network: &str) -> Result<bool> {
        if network.is_empty() {
            return Ok(true);
        }
        for network in surrounding_networks(network) {
            let who = format!("{edition}:{network}");
            let asked = self.read_attempts(OF_A_NETWORK, &who).await?;
            let back = self.read_attempts(BACK_TO_A_NETWORK, &who).await?;
            if asked > ON_THEIR_WAY.saturating_add(back.saturating_mul(ONE_COMES_BACK_IN)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Counts that a code came back to a network.
    pub(crate) async fn count_code_back(&self, edition: EditionId, network: &str) -> Result<()> {
        if network.is_empty() {
            return Ok(());
        }
        let mut counted = CountedTries::default();
        let of = edition.to_string();
        self.count_network_tries(&mut counted, BACK_TO_A_NETWORK, &of, network).await.map(drop)
    }
}

/// Replaces [`Error::TooMany`] by a refusal that explains more.
fn replace_too_many<T>(refusal: Refusal, counted: Result<T>) -> Result<T> {
    match counted {
        Err(Error::TooMany { .. }) => Err(Error::Refused(refusal)),
        other => other,
    }
}
