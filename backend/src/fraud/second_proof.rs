//! Proving oneself again: whoever has the receipt of a held ballot gets a code by a contact of
//! another kind than the poll's own, and types it. Nothing is decided by that. The two people who
//! rule see that it was done, and by which kind of contact.

mod queries;

pub(super) use queries::find_proof;

use std::time::Duration;

use domain::ids::{BallotId, PollId};
use domain::refusal::{FraudRefusal, VotingRefusal};
use domain::rulebook::VoterIdentity;
use domain::text::{Email, FieldProblem, Mobile};
use phrases::Lang;
use sqlx::PgConnection;

use super::desk::lock_before_counts;
use crate::attempts::RateLimit;
use crate::editions::{Edition, Poll};
use crate::mail::{self, Letter};
use crate::sms::{self, TextMessage};
use crate::voting::{Contact, parse_six_digits, random_code};
use crate::{Backend, Error, Refusal, Result, keys};

/// Codes for one ballot in a day, to whatever contacts.
const CODES_OF_A_BALLOT: RateLimit =
    RateLimit { what: "second-code", tries: 5, within: Duration::from_secs(24 * 3_600) };
/// Tries for one code.
const TRIES_PER_CODE: i32 = 5;
/// How long a code is valid, in minutes.
const CODE_MINUTES: i32 = 10;

/// A kind of contact by which somebody proves themselves again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondWay {
    /// A code by e-mail.
    Email,
    /// A code by text message.
    Mobile,
}

impl SecondWay {
    /// Returns the kinds that are not the poll's own.
    #[must_use]
    pub fn list_for_poll(poll: &Poll) -> Vec<Self> {
        match poll.rules.identity {
            VoterIdentity::Email => vec![Self::Mobile],
            VoterIdentity::Mobile => vec![Self::Email],
            VoterIdentity::Roll | VoterIdentity::Oidc => vec![Self::Mobile, Self::Email],
        }
    }

    /// Returns its name in forms and in the database.
    #[must_use]
    pub const fn way_name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Mobile => "mobile",
        }
    }

    /// Reads the name; `None` for any other.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Email, Self::Mobile].into_iter().find(|way| way.way_name() == name)
    }
}

/// How far the second proof of a ballot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondProof {
    /// The kind of contact.
    pub way: SecondWay,
    /// Whether a code waits to be typed.
    pub waits: bool,
    /// Whether its code came back.
    pub proven: bool,
}

/// What somebody types to get a second code.
#[derive(Clone, Copy, Debug)]
pub struct SecondContact<'a> {
    /// The text of the receipt.
    pub receipt: &'a str,
    /// The kind of contact.
    pub way: SecondWay,
    /// The address or the number, as typed.
    pub contact: &'a str,
    /// Whether they agreed to the use of this contact.
    pub consent: bool,
}

impl Backend {
    /// Sends a code by which the holder of a receipt proves themselves again.
    ///
    /// # Errors
    /// [`FraudRefusal::NoReceipt`]; [`FraudRefusal::NotHeld`]; [`FraudRefusal::AppealsOver`];
    /// [`FraudRefusal::ProvenAgain`]; [`Error::Invalid`] for an invalid contact, or one of the poll's own
    /// kind; [`VotingRefusal::ConsentMissing`]; [`Error::TooMany`] for the sixth code of a day; and the
    /// refusals of [`Backend::send_code`] that are about limits.
    pub async fn send_second_code(
        &self,
        edition: &Edition,
        asked: SecondContact<'_>,
        (network, lang): (&str, Lang),
    ) -> Result<()> {
        let (poll, receipt) = self.check_receipt(edition, asked.receipt).await?;
        let contact = parse_second_contact(edition, poll, asked)?;
        if !asked.consent {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::ConsentMissing)));
        }
        let mut connection = self.acquire_connection().await?;
        let known = queries::find_proof(&mut connection, (poll, receipt.ballot)).await?;
        drop(connection);
        if known.is_some_and(|proof| proof.proven) {
            return Err(Error::Refused(Refusal::Fraud(FraudRefusal::ProvenAgain)));
        }
        let held = self.find_held_ballot(edition, asked.receipt).await?;
        let why = match held.state {
            None => Some(FraudRefusal::NotHeld),
            Some(_) if !held.open => Some(FraudRefusal::AppealsOver),
            Some(_) => None,
        };
        if let Some(why) = why {
            return Err(Error::Refused(Refusal::Fraud(why)));
        }
        self.check_domain_allowance(edition.id, contact.mail_share().as_ref()).await?;
        let who = receipt.ballot.0.to_string();
        self.count_attempt(CODES_OF_A_BALLOT, &who).await?;
        // Counted apart from the codes of the vote: nobody uses up another's with a receipt.
        let (identity, code) = (format!("second-{}", contact.folded_identity()), random_code());
        let new = queries::NewProof {
            poll,
            ballot: receipt.ballot,
            way: asked.way,
            contact_hash: self.second_contact_hash(edition, &identity)?,
            code_hash: self.second_code_hash(receipt.ballot, &code),
            minutes: CODE_MINUTES,
        };
        let edition = edition.clone();
        let of = edition.clone();
        let sent =
            self.send_within_limits(&edition, &identity, network, move |backend, _| async move {
                backend.queue_second_code(of, new, (contact, code), lang).await
            });
        let sent = sent.await;
        if sent.is_err() {
            self.refund_attempt(CODES_OF_A_BALLOT, &who).await?;
        }
        sent
    }

    async fn queue_second_code(
        &self,
        edition: Edition,
        new: queries::NewProof,
        (contact, code): (Contact, String),
        lang: Lang,
    ) -> Result<()> {
        let (budget, keys) = (self.current_budget().await?.texts, self.keys.clone());
        let host = self.settings().public_host().to_owned();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_for_appeals(connection, &edition).await?;
                if !queries::put_code(connection, &new).await? {
                    return Err(Error::Refused(Refusal::Fraud(FraudRefusal::ProvenAgain)));
                }
                let title = lang.choose_text(&edition.title.ko, &edition.title.en);
                match contact {
                    Contact::Email(to) => {
                        let subject = phrases::mail::again_subject(lang, &code);
                        let body = phrases::mail::again_body(lang, &code, title);
                        let minutes = Some(CODE_MINUTES);
                        let letter =
                            Letter { edition: Some(edition.id), to, subject, body, minutes };
                        let letter = letter.marked_if_rehearsal(lang, edition.rehearsal);
                        mail::queue_letter(connection, &keys, &letter).await
                    }
                    Contact::Mobile(to) => {
                        let body = phrases::mail::again_text(lang, &code, &host);
                        let minutes = CODE_MINUTES;
                        let text = TextMessage { edition: edition.id, to, body, minutes };
                        let text = text.marked_if_rehearsal(lang, edition.rehearsal);
                        sms::queue_text(connection, &keys, budget, &text).await
                    }
                }
            })
        })
        .await
    }

    /// Checks the code that came back, and notes the second proof.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but six digits; [`VotingRefusal::CodeWrong`];
    /// [`VotingRefusal::CodeTriesUsed`]; [`VotingRefusal::CodeOver`]; [`FraudRefusal::ContactUsed`] if the
    /// contact stands for another ballot; [`FraudRefusal::AppealsOver`].
    pub async fn prove_again(
        &self,
        edition: &Edition,
        (receipt, code): (&str, &str),
        network: &str,
    ) -> Result<()> {
        let (poll, receipt) = self.check_receipt(edition, receipt).await?;
        let code =
            parse_six_digits(code).map_err(|problem| Error::invalid_field("code", problem))?;
        let about = (poll, receipt.ballot);
        let mut connection = self.acquire_connection().await?;
        let known = queries::find_proof(&mut connection, about).await?;
        // Sent twice: it is done.
        if known.is_some_and(|proof| proof.proven) {
            return Ok(());
        }
        let tried = queries::count_try(&mut connection, about, TRIES_PER_CODE).await?;
        drop(connection);
        let refuse = |why| Err(Error::Refused(Refusal::Voting(why)));
        let Some((hash, tries)) = tried else { return refuse(VotingRefusal::CodeOver) };
        if !keys::equal_in_constant_time(&hash, &self.second_code_hash(receipt.ballot, &code)) {
            return match u32::try_from(TRIES_PER_CODE - tries) {
                Ok(left) if left > 0 => refuse(VotingRefusal::CodeWrong { left }),
                _ => refuse(VotingRefusal::CodeTriesUsed),
            };
        }
        let of = edition.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_for_appeals(connection, &of).await?;
                queries::note_proof(connection, about, &hash).await
            })
        })
        .await?;
        self.count_code_back(edition.id, network).await
    }

    /// Deletes codes that are over. A job calls this.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_old_second_codes(&self) -> Result<()> {
        queries::delete_old_codes(&mut *self.acquire_connection().await?).await
    }

    fn second_contact_hash(&self, edition: &Edition, identity: &str) -> Result<Vec<u8>> {
        let key = self.keys.edition_key(edition.id)?;
        Ok(key.compute_mac("second contact", &[identity.as_bytes()]).to_vec())
    }

    fn second_code_hash(&self, ballot: BallotId, code: &str) -> Vec<u8> {
        self.keys.compute_mac("second code", &[ballot.0.as_bytes(), code.as_bytes()]).to_vec()
    }
}

/// Reads a contact that is not of the poll's own kind.
fn parse_second_contact(
    edition: &Edition,
    poll: PollId,
    asked: SecondContact<'_>,
) -> Result<Contact> {
    let fault = |problem: FieldProblem| Error::invalid_field(asked.way.way_name(), problem);
    let poll = edition.polls.iter().find(|known| known.id == poll).ok_or(Error::NotFound)?;
    if !SecondWay::list_for_poll(poll).contains(&asked.way) {
        return Err(fault(FieldProblem::Malformed));
    }
    match asked.way {
        SecondWay::Email => Email::parse(asked.contact).map(Contact::Email).map_err(fault),
        SecondWay::Mobile => Mobile::parse(asked.contact).map(Contact::Mobile).map_err(fault),
    }
}

/// Locks the edition as for a ruling, and says in a voter's words that it is too late.
async fn lock_for_appeals(connection: &mut PgConnection, edition: &Edition) -> Result<()> {
    match lock_before_counts(connection, edition).await {
        Err(Error::Refused(Refusal::Fraud(FraudRefusal::CountsRead))) => {
            Err(Error::Refused(Refusal::Fraud(FraudRefusal::AppealsOver)))
        }
        locked => locked.map(drop),
    }
}
