//! The voter's side: whether a ballot is held, and what its voter writes about that. A voter proves
//! with the receipt that a ballot is theirs, and is never told which signal fired.

mod queries;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{BallotId, PollId};
use domain::limits;
use domain::record::check::verify_receipt_file;
use domain::record::receipt::Receipt;
use domain::refusal::FraudRefusal;
use domain::text::Comment;

use super::desk::lock_before_counts;
use super::second_proof::{self, SecondProof, SecondWay};
use crate::attempts::RateLimit;
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

/// Texts that may be sent about one ballot. Whoever else is behind the same address loses none.
const APPEALS_OF_A_BALLOT: RateLimit =
    RateLimit { what: "appeal", tries: 10, within: Duration::from_secs(3_600) };

/// What has become of a ballot that the detector held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldState {
    /// Two people have not ruled yet.
    Waiting,
    /// Two people have excluded it.
    Excluded,
    /// Two people let it count.
    Restored,
}

/// A held ballot with the ruling that applies.
pub(super) struct Held {
    state: HeldState,
    /// When the ruling was confirmed, by the edition's clock.
    decided_at: Option<DateTime<Utc>>,
    /// When the ruling was confirmed, by the real clock.
    confirmed_at: Option<DateTime<Utc>>,
}

impl Held {
    /// Whether its voter can appeal at this instant of the edition.
    fn accepts_appeals(&self, now: DateTime<Utc>) -> bool {
        let until = self.decided_at.map(|at| at + TimeDelta::hours(limits::APPEAL_HOURS));
        match self.state {
            HeldState::Waiting => true,
            HeldState::Excluded => until.is_some_and(|until| now < until),
            HeldState::Restored => false,
        }
    }
}

/// What a voter wrote, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentAppeal {
    /// The text.
    pub message: String,
    /// The day on which it was sent, UTC.
    pub sent_at: DateTime<Utc>,
    /// The answer, if there is one.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
}

/// What the holder of a receipt reads about a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBallot {
    /// The ballot.
    pub ballot: BallotId,
    /// Whether it is held, or was. `None` if it never was.
    pub state: Option<HeldState>,
    /// The appeal.
    pub appeal: Option<SentAppeal>,
    /// How far its second proof is; `None` without one.
    pub proof: Option<SecondProof>,
    /// The ways by which it can be proven again.
    pub ways: Vec<SecondWay>,
    /// Whether an appeal can still be sent: until two people have ruled, and for
    /// [`limits::APPEAL_HOURS`] after an exclusion.
    pub open: bool,
}

impl Backend {
    /// Returns what has become of a ballot that the detector held; `None` if it never was.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn held_state(&self, poll: PollId, ballot: BallotId) -> Result<Option<HeldState>> {
        let held = queries::find_held(&mut *self.acquire_connection().await?, poll, ballot).await?;
        Ok(held.map(|held| held.state))
    }

    /// Returns what the holder of a receipt may read about its ballot.
    ///
    /// # Errors
    /// [`FraudRefusal::NoReceipt`] for a text that is no receipt of this edition.
    pub async fn find_held_ballot(&self, edition: &Edition, receipt: &str) -> Result<HeldBallot> {
        let (poll, receipt) = self.check_receipt(edition, receipt).await?;
        let mut connection = self.acquire_connection().await?;
        let held = queries::find_held(&mut connection, poll, receipt.ballot).await?;
        let appeal = queries::find_appeal(&mut connection, poll, receipt.ballot).await?;
        let over = edition.counts_read || edition.schedule.released_at.is_some();
        // An exclusion after the answer is something new to appeal against.
        let answered = appeal.as_ref().and_then(|appeal: &SentAppeal| appeal.answered_at);
        let open = !over
            && held.as_ref().is_some_and(|held| {
                held.accepts_appeals(edition.now)
                    && answered.is_none_or(|at| held.confirmed_at.is_some_and(|ruled| at < ruled))
            });
        let state = held.map(|held| held.state);
        let proof = second_proof::find_proof(&mut connection, (poll, receipt.ballot)).await?;
        let of_poll = edition.polls.iter().find(|known| known.id == poll);
        let ways = of_poll.map(SecondWay::list_for_poll).unwrap_or_default();
        Ok(HeldBallot { ballot: receipt.ballot, state, appeal, proof, ways, open })
    }

    /// Stores what a voter writes about a held or excluded ballot. A second text replaces the first
    /// until it is answered, and again if the ballot was excluded after the answer.
    ///
    /// # Errors
    /// [`FraudRefusal::NoReceipt`]; [`FraudRefusal::NotHeld`] for a ballot that counts;
    /// [`FraudRefusal::Answered`]; [`FraudRefusal::AppealsOver`] a day after the exclusion, and once
    /// counts were read; [`Error::Invalid`] for a text that is empty or too long;
    /// [`Error::TooManyAttempts`].
    pub async fn send_appeal(&self, edition: &Edition, receipt: &str, message: &str) -> Result<()> {
        let message = Comment::parse_comment(message)
            .map_err(|problem| Error::invalid_field("message", problem))?;
        let (poll, receipt) = self.check_receipt(edition, receipt).await?;
        let mut connection = self.acquire_connection().await?;
        // Before the edition is locked: anybody with a receipt may ask.
        if queries::find_held(&mut connection, poll, receipt.ballot).await?.is_none() {
            return Err(Error::Refused(Refusal::Fraud(FraudRefusal::NotHeld)));
        }
        drop(connection);
        self.count_attempt(APPEALS_OF_A_BALLOT, &receipt.ballot.0.to_string()).await?;
        let edition = edition.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let now = match lock_before_counts(connection, &edition).await {
                    Err(Error::Refused(Refusal::Fraud(FraudRefusal::CountsRead))) => {
                        return Err(Error::Refused(Refusal::Fraud(FraudRefusal::AppealsOver)));
                    }
                    now => now?,
                };
                let held = queries::find_held(connection, poll, receipt.ballot).await?;
                let refuse = |why| Err(Error::Refused(Refusal::Fraud(why)));
                match held {
                    Some(held) if held.state != HeldState::Restored => {
                        if !held.accepts_appeals(now) {
                            return refuse(FraudRefusal::AppealsOver);
                        }
                    }
                    _ => return refuse(FraudRefusal::NotHeld),
                }
                let text = message.as_text();
                if !queries::put_appeal(connection, poll, receipt.ballot, text).await? {
                    return Err(Error::Refused(Refusal::Fraud(FraudRefusal::Answered)));
                }
                Ok(())
            })
        })
        .await
    }

    /// Checks that the log of this edition has signed a receipt. Returns its poll.
    pub(super) async fn check_receipt(
        &self,
        edition: &Edition,
        text: &str,
    ) -> Result<(PollId, Receipt)> {
        let unknown = || Error::Refused(Refusal::Fraud(FraudRefusal::NoReceipt));
        let key = self.record_key(edition.id).await?;
        let receipt = verify_receipt_file(text, &key, None).map_err(|_| unknown())?.accepted;
        let poll = edition.polls.iter().find(|poll| poll.slug() == receipt.poll.slug_text());
        Ok((poll.ok_or_else(unknown)?.id, receipt))
    }
}
