//! The public vote: verifying a contact with a code, casting one ballot, and opening the ballots
//! after the close.
//!
//! A voter is a pseudonym, made from the verified contact and a key outside the database. The
//! contact itself is stored only in a mail or text message that waits to be sent. Picks are sealed
//! at once, and cannot be read until the record has closed the poll.

mod ballots;
mod challenges;
mod clock;
mod code_limits;
mod code_links;
mod codes;
mod contacts;
mod intake;
mod kiosks;
mod lost_codes;
mod mail_domains;
pub mod oidc;
mod opened_ballots;
mod papers;
mod queries;
pub mod roll;
mod sealed_picks;
mod session_turns;
mod sessions;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::{BallotId, CaseId, PollId};
use domain::record::tree::Hash;
use domain::text::Bilingual;
use uuid::Uuid;

use crate::editions::{Edition, Poll};
use crate::fraud::RequestClaims;
use crate::{Error, Result, keys};

pub(crate) use ballots::CastingState;
pub use ballots::LOOK_UPS;
pub use challenges::{CODE_MINUTES, EnteredCode, MAIL_CODE_MINUTES};
pub use clock::{AdmittedAt, CLOCK_READ_EVERY};
pub use code_limits::CODE_PAUSE_SECONDS;
pub(crate) use code_limits::IN_ALL as CODES_PER_HOUR;
pub(crate) use codes::{parse_six_digits, random_code};
pub(crate) use contacts::Contact;
pub use contacts::VoterDeclaration;
pub use intake::PARALLEL_STATEMENTS;
pub use kiosks::{KIOSK_LINK_MINUTES, Kiosk, KioskMode, LONGEST_KIOSK_HOURS, NewKiosk};
pub use mail_domains::ContactShare;
pub(crate) use mail_domains::{describe_mail_domain, gather_small_domains};
pub(crate) use opened_ballots::{CountedBallots, OpenedBallots};

/// Asks the voter to try again in 1 to 3 s. The delay is random, so that voters do not all return
/// at once.
fn busy_error() -> Error {
    let [jitter] = keys::random_bytes();
    let millis = 1_000 + u64::from(jitter) * 8;
    Error::Busy { retry_after: std::time::Duration::from_millis(millis) }
}

/// A browser that comes to vote, identified by the secret in its cookie. This value proves nothing
/// yet: every statement that uses it checks whether a voter was verified with that secret.
#[derive(Clone)]
pub struct VoterToken {
    poll: PollId,
    session: Vec<u8>,
}

impl VoterToken {
    /// Makes the value for the browser with this cookie.
    #[must_use]
    pub fn with_cookie(poll: &Poll, token: &str) -> Self {
        Self { poll: poll.id, session: keys::hash_token(token) }
    }
}

/// The ballot that a voter hands in.
#[derive(Clone)]
pub struct Ballot {
    /// Made before the ballot is sent. A second post with the same key is the same ballot.
    pub idempotency_key: Uuid,
    /// The cases, in any order.
    pub picks: Vec<CaseId>,
}

/// The receipt for a ballot. It reveals nothing about the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The ballot's random number.
    pub ballot: BallotId,
    /// The commitment to the picks, as it is in the record.
    pub commitment: Hash,
    /// When it was accepted, by the edition's clock.
    pub admitted_at: DateTime<Utc>,
}

/// Where a ballot is cast: the short names of the edition and the poll, and the secret in the cookie
/// of the voter's browser.
#[derive(Clone, Copy)]
pub struct VotePlace<'a> {
    /// The edition.
    pub edition: &'a str,
    /// The poll.
    pub poll: &'a str,
    /// The secret; nobody has checked yet whether it belongs to a verified voter.
    pub cookie: &'a str,
    /// What its request tells the detector.
    pub claims: RequestClaims<'a>,
}

/// A ballot that was handed in.
pub struct CastAttempt {
    /// The edition, as it was read at most a few seconds ago.
    pub edition: Arc<Edition>,
    /// The poll.
    pub poll: Poll,
    /// What became of the ballot.
    pub outcome: Result<CastOutcome>,
}

/// The outcome of casting a ballot. In the first two cases exactly one ballot of this voter is
/// stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastOutcome {
    /// The ballot is stored, by this try or by an earlier one with the same key.
    Accepted(Receipt),
    /// Another ballot of this voter was stored before. This is its receipt.
    AlreadyVoted(Receipt),
    /// The voter's code was replaced after the vote had opened. If the voter had not voted, the
    /// ballot is stored. Nobody is told which, and there is no receipt.
    HandedIn,
}

/// A case on the ballot paper.
#[derive(Clone, Debug)]
pub struct PaperCase {
    /// The case's id.
    pub id: CaseId,
    /// Its title; the English one may be empty.
    pub title: Bilingual,
    /// The organisation that sent it in.
    pub organisation: String,
    /// Whether it was invented for the demonstration.
    pub sample: bool,
}
