//! The public vote: proving a contact by a code, casting one ballot, and opening the ballots after
//! the close.
//!
//! A voter is a pseudonym made of the verified contact and a key outside the database. The contact
//! itself is in the waiting mail or text message and nowhere else. What is picked is sealed at once,
//! and cannot be read before the record has closed the poll.

mod ballots;
mod challenges;
mod clock;
mod contacts;
mod intake;
mod kiosks;
pub mod oidc;
mod opened;
mod papers;
mod queries;
pub mod roll;
mod sealed;
mod sessions;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use domain::ids::{BallotId, CaseId, PollId};
use domain::record::tree::Hash;
use domain::text::Bilingual;
use uuid::Uuid;

use crate::editions::Poll;
use crate::{Error, keys};

pub(crate) use ballots::Ballots;
pub use challenges::{CodeBack, RESEND_SECONDS};
pub use clock::{Admitted, MEASURED_EVERY};
pub use contacts::WhoIAm;
pub use intake::STATEMENTS;
pub use kiosks::{Kiosk, KioskMode, LONGEST_HOURS, NewKiosk, START_MINUTES};
pub(crate) use opened::Opened;

/// "Come again": after one to three seconds, each a little different.
fn busy() -> Error {
    let [jitter] = keys::random();
    let millis = 1_000 + u64::from(jitter) * 8;
    Error::Busy { retry_after: std::time::Duration::from_millis(millis) }
}

/// A browser that comes to vote, by the secret in its cookie. Whether that secret was ever proven,
/// and for whom, is asked in every statement that is given one.
#[derive(Clone)]
pub struct Voter {
    poll: PollId,
    session: Vec<u8>,
}

impl Voter {
    /// The browser with this cookie.
    #[must_use]
    pub fn with(poll: &Poll, token: &str) -> Self {
        Self { poll: poll.id, session: keys::token_hash(token) }
    }
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
    /// What the record holds of the choice.
    pub commitment: Hash,
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
