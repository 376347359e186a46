//! Proving a contact: a code goes out by mail and comes back from the same browser.

use std::time::Duration;

use domain::ids::{EditionId, PollId};
use domain::schedule::VotingOpen;
use domain::text::{Email, FieldProblem};
use phrases::Lang;
use uuid::Uuid;

use super::{Voter, queries};
use crate::attempts::Allowance;
use crate::editions::{Edition, Poll};
use crate::mail::{self, Letter};
use crate::{Backend, Error, Refusal, Result, keys};

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

/// Codes for one contact: enough for a mail that got lost, too few to guess or to flood with.
const CODES_OF_A_CONTACT: Allowance = Allowance { what: "code", tries: 5, within: DAY };
/// Codes asked for from one network. A carrier puts thousands of people behind one address, so
/// this only stops machines.
const CODES_OF_A_NETWORK: Allowance =
    Allowance { what: "code-network", tries: 3_000, within: HOUR };
/// The breaker: all codes of an hour. Four times the busiest hour of a vote of 100,000 people in
/// four days, and the most that a flood can make us send and pay for.
const CODES_OF_ALL: Allowance = Allowance { what: "code-all", tries: 20_000, within: HOUR };
/// Tries for one code: with five codes a day, 25 guesses at a million.
const TRIES: i32 = 5;
/// How long a code is good for.
const CODE_MINUTES: i32 = 5;
/// How long to wait before another code goes to the same contact; mail takes a while.
pub const RESEND_SECONDS: i32 = 60;
/// How long a verified browser may vote, so that nobody needs a code in the last minute.
const SESSION_HOURS: i32 = 2;

/// What somebody who wants to vote says about themselves.
#[derive(Clone, Debug, Default)]
pub struct WhoIAm {
    /// The address as typed.
    pub email: String,
    /// Whether they agreed to the use of their address.
    pub consent: bool,
    /// Whether they said that they are fourteen or older.
    pub of_age: bool,
}

impl Backend {
    /// Sends a code and returns the secret for this browser's cookie: the code works nowhere else.
    ///
    /// Nothing here looks at ballots, so the answer, its status and its work are the same for
    /// contacts that are known, unknown, or have voted.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an address that is none, [`Refusal::ConsentMissing`],
    /// [`Refusal::AgeMissing`]; [`Refusal::CodeJustSent`] within a minute of the last code,
    /// [`Refusal::CodesUsedUp`] for the sixth of a day, [`Refusal::CodesPaused`] where the hour's
    /// budget is spent; [`Error::TooMany`] for a network that floods.
    pub async fn send_code(
        &self,
        _open: VotingOpen,
        edition: &Edition,
        poll: &Poll,
        form: &WhoIAm,
        network: &str,
        lang: Lang,
    ) -> Result<String> {
        let email = Email::parse(&form.email).map_err(|problem| Error::field("email", problem))?;
        if !form.consent {
            return Err(Error::Refused(Refusal::ConsentMissing));
        }
        if !form.of_age {
            return Err(Error::Refused(Refusal::AgeMissing));
        }
        let voter_key = self.voter_key(edition.id, poll.id, &email)?;
        self.count_attempt(CODES_OF_A_NETWORK, network).await?;
        self.has_rested(poll.id, &voter_key).await?;
        let contact = hex::encode(&voter_key);
        refused_as(Refusal::CodesUsedUp, self.count_attempt(CODES_OF_A_CONTACT, &contact).await)?;
        let budget = self.count_attempt(CODES_OF_ALL, "all").await;
        if budget.is_err() {
            // No code goes out, so none of the contact's five is used up.
            self.give_attempt_back(CODES_OF_A_CONTACT, &contact).await?;
        }
        refused_as(Refusal::CodesPaused, budget)?;
        self.post_code(edition, poll.id, email, voter_key, lang).await
    }

    async fn has_rested(&self, poll: PollId, voter_key: &[u8]) -> Result<()> {
        let mut connection = self.connection().await?;
        let left = queries::rest(&mut connection, poll, voter_key, RESEND_SECONDS).await?;
        match left.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0) {
            Some(seconds) => Err(Error::Refused(Refusal::CodeJustSent { seconds })),
            None => Ok(()),
        }
    }

    async fn post_code(
        &self,
        edition: &Edition,
        poll: PollId,
        email: Email,
        voter_key: Vec<u8>,
        lang: Lang,
    ) -> Result<String> {
        let (id, browser, code) = (Uuid::new_v4(), keys::token(), fresh_code());
        let title = lang.of(&edition.title.ko, &edition.title.en);
        let letter = Letter {
            to: email,
            subject: phrases::mail::code_subject(lang, &code),
            body: phrases::mail::code_body(lang, &code, title),
        };
        let challenge = queries::NewChallenge {
            id,
            poll,
            voter_key,
            code_hash: self.code_hash(id, &code),
            browser_hash: keys::token_hash(&browser),
            minutes: CODE_MINUTES,
        };
        self.transact(move |connection| {
            Box::pin(async move {
                queries::insert_challenge(connection, &challenge).await?;
                mail::post(connection, &letter).await
            })
        })
        .await?;
        Ok(browser)
    }

    /// Takes a code back from the browser that asked for it; returns the secret for the voter's
    /// cookie, good for two hours.
    ///
    /// The try is counted before the code is looked at, in one statement, so that guesses at the
    /// same instant cannot exceed the five. A used-up code locks the code, never the person.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but six digits, without costing a try;
    /// [`Refusal::CodeWrong`], [`Refusal::CodeTriesUsed`] for the fifth wrong one, and
    /// [`Refusal::CodeOver`] for a code that was used, has expired, or is not this browser's.
    pub async fn verify_code(
        &self,
        _open: VotingOpen,
        poll: &Poll,
        browser: &str,
        code: &str,
    ) -> Result<String> {
        let code = six_digits(code).map_err(|problem| Error::field("code", problem))?;
        let browser_hash = keys::token_hash(browser);
        let mut connection = self.connection().await?;
        let tried = queries::try_challenge(&mut connection, poll.id, &browser_hash, TRIES).await?;
        drop(connection);
        let tried = tried.ok_or(Error::Refused(Refusal::CodeOver))?;
        if !keys::same(&tried.code_hash, &self.code_hash(tried.id, &code)) {
            return Err(Error::Refused(match u32::try_from(TRIES - tried.tries) {
                Ok(left) if left > 0 => Refusal::CodeWrong { left },
                _ => Refusal::CodeTriesUsed,
            }));
        }
        let token = keys::token();
        let session = keys::token_hash(&token);
        self.transact(move |connection| {
            Box::pin(async move {
                if !queries::use_challenge(connection, tried.id).await? {
                    return Err(Error::Refused(Refusal::CodeOver));
                }
                queries::insert_voter_session(connection, &session, tried.id, SESSION_HOURS).await
            })
        })
        .await?;
        Ok(token)
    }

    /// The voter this cookie belongs to, while its two hours last.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn voter(&self, poll: &Poll, token: &str) -> Result<Option<Voter>> {
        let voter = Voter::with(poll, token);
        let verified = queries::is_verified(&mut *self.connection().await?, &voter).await?;
        Ok(verified.then_some(voter))
    }

    /// Ends the session of a voter: the next person at this machine sees nothing of the last.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn leave_vote(&self, token: &str) -> Result<()> {
        let hash = keys::token_hash(token);
        queries::delete_voter_session(&mut *self.connection().await?, &hash).await
    }

    /// Deletes codes and sessions that are over, and replaces the pseudonyms of a season thirty
    /// days after its result by chance: from then on nobody can tell who voted, not even with the
    /// key. Which ballots there are and what they say stays as it was.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn forget_voters(&self) -> Result<()> {
        let mut connection = self.connection().await?;
        queries::forget_challenges(&mut connection).await?;
        queries::forget_voter_sessions(&mut connection).await?;
        while queries::forget_pseudonyms(&mut connection).await? > 0 {}
        Ok(())
    }

    /// The one pseudonym of a contact in a poll, on every path there is.
    fn voter_key(&self, edition: EditionId, poll: PollId, email: &Email) -> Result<Vec<u8>> {
        let identity = format!("email:{}", email.canonical());
        let key = self.keys.edition(edition)?;
        Ok(key.mac("voter", &[poll.0.as_bytes(), identity.as_bytes()]).to_vec())
    }

    fn code_hash(&self, challenge: Uuid, code: &str) -> Vec<u8> {
        self.keys.mac("code", &[challenge.as_bytes(), code.as_bytes()]).to_vec()
    }
}

/// The sentence that fits better than "too many".
fn refused_as(refusal: Refusal, counted: Result<()>) -> Result<()> {
    match counted {
        Err(Error::TooMany { .. }) => Err(Error::Refused(refusal)),
        other => other,
    }
}

/// Six random digits, each number equally likely: draws above the last full million are thrown away.
pub(super) fn fresh_code() -> String {
    const CODES: u32 = 1_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let drawn = u32::from_be_bytes(keys::random());
        if drawn < FAIR {
            return format!("{:06}", drawn % CODES);
        }
    }
}

/// The digits of a code as people type it: `123456`, `123 456`, `123-456`.
pub(super) fn six_digits(text: &str) -> std::result::Result<String, FieldProblem> {
    let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if code.is_empty() {
        return Err(FieldProblem::Missing);
    }
    let right = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if right { Ok(code) } else { Err(FieldProblem::Malformed) }
}
