//! The voter's side: whether a ballot is held, and what its voter writes about that. A voter proves
//! with the receipt that a ballot is theirs, and is never told which signal fired.

mod queries;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{BallotId, PollId};
use domain::record::check::verify_receipt_file;
use domain::record::receipt::Receipt;
use domain::refusal::FraudRefusal;
use domain::text::Comment;

use super::desk::lock_before_counts;
use crate::attempts::{CountedTries, RateLimit};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

/// Appeals that one network may send.
const APPEALS_OF_A_NETWORK: RateLimit =
    RateLimit { what: "appeal", tries: 30, within: Duration::from_secs(3_600) };

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

/// What a voter wrote, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentAppeal {
    /// The text.
    pub message: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// The answer, if there is one.
    pub answer: Option<String>,
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
    /// Whether an appeal can still be sent. It ends when counts are read.
    pub open: bool,
}

impl Backend {
    /// Returns what has become of a ballot that the detector held; `None` if it never was.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn held_state(&self, poll: PollId, ballot: BallotId) -> Result<Option<HeldState>> {
        queries::find_held_state(&mut *self.acquire_connection().await?, poll, ballot).await
    }

    /// Returns what the holder of a receipt may read about its ballot.
    ///
    /// # Errors
    /// [`FraudRefusal::NoReceipt`] for a text that is no receipt of this edition.
    pub async fn find_held_ballot(&self, edition: &Edition, receipt: &str) -> Result<HeldBallot> {
        let (poll, receipt) = self.check_receipt(edition, receipt).await?;
        let mut connection = self.acquire_connection().await?;
        let state = queries::find_held_state(&mut connection, poll, receipt.ballot).await?;
        let appeal = queries::find_appeal(&mut connection, poll, receipt.ballot).await?;
        let over = edition.counts_read || edition.schedule.released_at.is_some();
        Ok(HeldBallot { ballot: receipt.ballot, state, appeal, open: !over })
    }

    /// Stores what a voter writes about a held or excluded ballot. A second text replaces the first
    /// until it is answered.
    ///
    /// # Errors
    /// [`FraudRefusal::NoReceipt`]; [`FraudRefusal::NotHeld`] for a ballot that counts;
    /// [`FraudRefusal::Answered`]; [`Error::Invalid`] for a text that is empty or too long;
    /// [`EditionRefusal::CountsRead`](domain::refusal::EditionRefusal::CountsRead) when appeals are
    /// over; [`Error::TooManyAttempts`].
    pub async fn send_appeal(
        &self,
        edition: &Edition,
        receipt: &str,
        message: &str,
        network: &str,
    ) -> Result<()> {
        let message = Comment::parse_comment(message)
            .map_err(|problem| Error::invalid_field("message", problem))?;
        let (poll, receipt) = self.check_receipt(edition, receipt).await?;
        let mut counted = CountedTries::default();
        let within = edition.id.to_string();
        self.count_network_tries(&mut counted, APPEALS_OF_A_NETWORK, &within, network).await?;
        let edition = edition.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_before_counts(connection, &edition).await?;
                let state = queries::find_held_state(connection, poll, receipt.ballot).await?;
                if !matches!(state, Some(HeldState::Waiting | HeldState::Excluded)) {
                    return Err(Error::Refused(Refusal::Fraud(FraudRefusal::NotHeld)));
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
    async fn check_receipt(&self, edition: &Edition, text: &str) -> Result<(PollId, Receipt)> {
        let unknown = || Error::Refused(Refusal::Fraud(FraudRefusal::NoReceipt));
        let key = self.record_key(edition.id).await?;
        let receipt = verify_receipt_file(text, &key, None).map_err(|_| unknown())?.accepted;
        let poll = edition.polls.iter().find(|poll| poll.slug() == receipt.poll.slug_text());
        Ok((poll.ok_or_else(unknown)?.id, receipt))
    }
}
