//! The public vote: proving a contact by a code, casting one ballot, and counting after the close.
//!
//! A voter is a pseudonym made of the verified contact and a key outside the database. The contact
//! itself is in the waiting mail or text message and nowhere else, and no choice is ever read before the close.

mod ballots;
mod challenges;
mod contacts;
mod kiosks;
mod papers;
mod queries;
pub mod roll;
mod sessions;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use domain::ids::{BallotId, CaseId, PollId};
use domain::text::Bilingual;
use uuid::Uuid;

pub use challenges::{CodeBack, RESEND_SECONDS};
pub use contacts::WhoIAm;
pub use kiosks::{Kiosk, KioskMode, LONGEST_HOURS, NewKiosk, START_MINUTES};

/// Proof: the browser that asks has shown a code that was sent to its contact, for this poll.
#[derive(Clone)]
pub struct Voter {
    poll: PollId,
    key: Vec<u8>,
}

/// What a voter hands in.
#[derive(Clone)]
pub struct Ballot {
    /// Made before the ballot is sent: the same key again is the same ballot, not a second one.
    pub idempotency_key: Uuid,
    /// The cases, in any order.
    pub picks: Vec<CaseId>,
}

/// What a voter gets for a ballot. It tells nothing about the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The ballot's random number.
    pub ballot: BallotId,
    /// When it was accepted, by the edition's clock.
    pub admitted_at: DateTime<Utc>,
}

/// What became of a ballot. Either way exactly one ballot of this voter is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// It is in, now or by an earlier try with the same key.
    Accepted(Receipt),
    /// Another ballot of this voter was in before; this is its receipt.
    AlreadyVoted(Receipt),
}

/// A case as it stands on the ballot paper.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its key.
    pub id: CaseId,
    /// Its title; the English one may be empty.
    pub title: Bilingual,
    /// Who sent it in.
    pub organisation: String,
    /// Whether it is invented for the demonstration.
    pub sample: bool,
}
