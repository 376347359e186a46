//! Verifying a contact: a code goes out by mail or text message and comes back from the same
//! browser.

use chrono::Utc;
use domain::ids::{EditionId, PollId};
use domain::refusal::VotingRefusal;
use domain::schedule::VotingOpen;
use phrases::Lang;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codes::{parse_six_digits, random_code};
use super::contacts::{Contact, covers_eligibility, covers_identity};
use super::mail_domains::{self, MailShare};
use super::sessions::ProvenVoter;
use super::{VoterDeclaration, queries};
use crate::editions::{Edition, Poll};
use crate::fraud::ProofSignals;
use crate::keys::{self, TokenKind};
use crate::mail::{self, Letter};
use crate::sms::{self, TextMessage};
use crate::{Backend, Error, Refusal, Result};

/// Tries for one code. With five codes a day that is 25 guesses at a million numbers.
const TRIES_PER_CODE: i32 = 5;
/// How long a code is valid, in minutes.
pub const CODE_MINUTES: i32 = 5;
/// How long a code by mail is valid, in minutes: a server that greylists takes a mail after five.
pub const MAIL_CODE_MINUTES: i32 = 15;
/// From this code of a day on a text message holds the link, too. Then somebody else may be asking
/// in the voter's name. The first ones do without, because with it a text costs three times as much.
const TEXTS_WITH_LINK: i32 = 3;
/// How long the link of a message is valid, in hours: as long as a contact's codes may be used up.
const LINK_HOURS: i32 = 24;

/// What a browser sends back with a code.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnteredCode<'a> {
    /// The secret that the browser got when it asked for the code.
    pub browser: &'a str,
    /// The code as typed.
    pub code: &'a str,
    /// The secret of the voter's session that the browser already has. May be empty.
    pub held: &'a str,
    /// The network that the code came back from. May be empty.
    pub network: &'a str,
}

/// Whose a challenge is. The database has it sealed under the edition's key.
#[derive(Serialize, Deserialize)]
pub(super) struct ChallengeOwner {
    pub(super) voter_key: Vec<u8>,
    /// The same person's pseudonyms in the other polls that use this kind of contact.
    pub(super) others: Vec<(PollId, Vec<u8>)>,
    /// What is counted about an address. `None` for a code by text message.
    pub(super) mail_share: Option<MailShare>,
    /// When the code was sent, in seconds since 1970.
    pub(super) sent_at: i64,
    /// What the detector learns from the verification.
    pub(super) proof: ProofSignals,
}

/// A challenge whose code or link was right.
pub(super) struct ProvenChallenge {
    pub(super) id: Uuid,
    pub(super) owner: ChallengeOwner,
    /// The network of the browser that asked for the code and typed it; `None` for a link, which
    /// works in any browser once. A typed code may be used again.
    pub(super) typed_from: Option<String>,
}

/// Returns those of a person's other polls that are not over and ask for no further statements.
fn still_open(
    edition: &Edition,
    poll: &Poll,
    mut others: Vec<(PollId, Vec<u8>)>,
) -> Vec<(PollId, Vec<u8>)> {
    let said = poll.rules.eligibility;
    others.retain(|(id, _)| {
        edition.polls.iter().any(|other| {
            other.id == *id
                && edition.now < other.window.closes
                && covers_eligibility(said, other.rules.eligibility)
        })
    });
    others
}

impl Backend {
    /// Opens what the database has sealed of a challenge.
    pub(super) fn open_challenge_owner(
        &self,
        edition: EditionId,
        id: Uuid,
        sealed: &[u8],
    ) -> Result<ChallengeOwner> {
        self.keys.open_message(Some(edition), id, sealed)
    }

    /// Sends a code and returns the secret for this browser's cookie. The code works in this
    /// browser only. The message also holds a link that opens the vote in any browser.
    ///
    /// This never looks at ballots. The response, its status and its work are the same for contacts
    /// that are known, are unknown or have voted.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an invalid contact. The errors of [`VoterDeclaration::check_eligibility`].
    /// [`VotingRefusal::CodeJustSent`] within a minute of the last code, unless its answer was lost. [`VotingRefusal::CodesUsedUp`] for the
    /// sixth code of a day. [`VotingRefusal::DomainUsedUp`] if the mail domain has no voter left in
    /// this hour. [`VotingRefusal::CodesPaused`] and [`VotingRefusal::TextsPaused`] if a budget is
    /// spent. [`Error::TooMany`] for a network that floods. [`Error::NotFound`] in a poll that
    /// sends no codes.
    pub async fn send_code(
        &self,
        _open: VotingOpen,
        edition: &Edition,
        poll: &Poll,
        form: &VoterDeclaration,
        network: &str,
        lang: Lang,
    ) -> Result<String> {
        let contact = Contact::parse_for_poll(&poll.rules, &form.contact)?;
        form.check_eligibility(poll.rules.eligibility)?;
        self.check_domain_allowance(edition.id, contact.mail_share().as_ref()).await?;
        let identity = contact.canonical_identity(&poll.rules);
        let asker = self.asker_hash(poll.id, &form.browser);
        let about = (form.page_seconds, asker.clone());
        let (of, in_poll) = (edition.clone(), poll.clone());
        let sending = self.send_within_limits(
            edition,
            &identity,
            network,
            move |backend, today| async move {
                backend.queue_code_message(&of, &in_poll, contact, (today, lang), about).await
            },
        );
        let sent = sending.await;
        let just_sent = matches!(
            sent,
            Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeJustSent { .. })))
        );
        match asker.filter(|_| just_sent) {
            Some(asker) => {
                let voter_key = self.derive_voter_key(edition.id, poll.id, &identity)?;
                let again = self.find_lost_code(edition.id, &voter_key, (&asker, &form.held));
                again.await?.map_or(sent, Ok)
            }
            None => sent,
        }
    }

    async fn queue_code_message(
        &self,
        edition: &Edition,
        poll: &Poll,
        contact: Contact,
        (today, lang): (i32, Lang),
        (page_seconds, asker_hash): (Option<u32>, Option<Vec<u8>>),
    ) -> Result<String> {
        let browser = self.keys.issue_token(TokenKind::Challenge);
        let link = self.keys.issue_token(TokenKind::CodeLink);
        let (id, code) = (Uuid::new_v4(), random_code());
        let identity = contact.canonical_identity(&poll.rules);
        let owner = ChallengeOwner {
            voter_key: self.derive_voter_key(edition.id, poll.id, &identity)?,
            others: self.other_voter_keys(edition, poll, &contact)?,
            mail_share: contact.mail_share(),
            sent_at: Utc::now().timestamp(),
            proof: self.contact_signals(edition.id, &contact, page_seconds)?,
        };
        let challenge = queries::NewChallenge {
            id,
            poll: poll.id,
            sealed: self.keys.seal_message(Some(edition.id), id, &owner)?,
            code_hash: self.code_hash(id, &code),
            browser_hash: keys::hash_token(&browser),
            link_hash: keys::hash_token(&link),
            minutes: if contact.is_email() { MAIL_CODE_MINUTES } else { CODE_MINUTES },
            link_hours: LINK_HOURS,
            asker_hash,
        };
        let link = (contact.is_email() || today >= TEXTS_WITH_LINK).then_some(link.as_str());
        let message = self.code_message(edition, contact, (&code, link), lang);
        let (budget, keys) = (self.current_budget().await?.texts, self.keys.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::insert_challenge(connection, &challenge).await?;
                match message {
                    CodeMessage::Mail(letter) => {
                        mail::queue_letter(connection, &keys, &letter).await
                    }
                    CodeMessage::Sms(text) => {
                        sms::queue_text(connection, &keys, budget, &text).await
                    }
                }
            })
        })
        .await?;
        Ok(browser)
    }

    fn code_message(
        &self,
        edition: &Edition,
        contact: Contact,
        (code, link): (&str, Option<&str>),
        lang: Lang,
    ) -> CodeMessage {
        let link = link.map(|link| format!("{}/code/{link}", self.settings().public_url));
        match contact {
            Contact::Email(to) => {
                let title = lang.choose_text(&edition.title.ko, &edition.title.en);
                let subject = phrases::mail::code_subject(lang, code);
                let letter = Letter {
                    edition: Some(edition.id),
                    to,
                    subject,
                    body: phrases::mail::code_body(
                        lang,
                        code,
                        title,
                        link.unwrap_or_default(),
                        MAIL_CODE_MINUTES,
                    ),
                    minutes: Some(MAIL_CODE_MINUTES),
                };
                CodeMessage::Mail(letter.marked_if_rehearsal(lang, edition.rehearsal))
            }
            Contact::Mobile(to) => {
                // Browsers fill in a code from the last line (WebOTP: `@host #code`).
                let host = self.settings().public_host();
                let body = match link {
                    Some(link) => phrases::mail::code_text_with_link(lang, code, host, link),
                    None => phrases::mail::code_text(lang, code, host),
                };
                let text = TextMessage { edition: edition.id, to, body, minutes: CODE_MINUTES };
                CodeMessage::Sms(text.marked_if_rehearsal(lang, edition.rehearsal))
            }
        }
    }

    /// Checks a code from the browser that asked for it. Returns the secret for the voter's cookie,
    /// valid for two hours. The contact is then also verified for the other polls of the edition
    /// that use the same kind of contact and ask for no further statements.
    ///
    /// One statement counts the try before the code is compared, so parallel guesses cannot exceed
    /// five. Wrong tries lock the code, never the person. The right code from the same browser
    /// opens the same session again while it lives, because an answer may be lost.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but six digits; this costs no try. [`VotingRefusal::CodeWrong`].
    /// [`VotingRefusal::CodeTriesUsed`] for the fifth wrong try. [`VotingRefusal::CodeOver`] for a code that
    /// has expired or belongs to another browser. [`VotingRefusal::DomainUsedUp`] if the mail domain has
    /// no voter left in this hour; the code is not used up then.
    pub async fn verify_code(
        &self,
        _open: VotingOpen,
        edition: &Edition,
        poll: &Poll,
        back: EnteredCode<'_>,
    ) -> Result<String> {
        let code =
            parse_six_digits(back.code).map_err(|problem| Error::invalid_field("code", problem))?;
        if !self.keys.is_own_token(TokenKind::Challenge, back.browser) {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)));
        }
        let browser_hash = keys::hash_token(back.browser);
        let mut connection = self.acquire_connection().await?;
        let tried =
            queries::count_challenge_try(&mut connection, poll.id, &browser_hash, TRIES_PER_CODE)
                .await?;
        drop(connection);
        let tried = tried.ok_or(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)))?;
        if !keys::equal_in_constant_time(&tried.code_hash, &self.code_hash(tried.id, &code)) {
            return Err(Error::Refused(match u32::try_from(TRIES_PER_CODE - tried.tries) {
                Ok(left) if left > 0 => Refusal::Voting(VotingRefusal::CodeWrong { left }),
                _ => Refusal::Voting(VotingRefusal::CodeTriesUsed),
            }));
        }
        let owner = self.open_challenge_owner(edition.id, tried.id, &tried.sealed)?;
        let proven =
            ProvenChallenge { id: tried.id, owner, typed_from: Some(back.network.to_owned()) };
        self.open_session_by_challenge((edition, poll), proven, back.browser, back.held).await
    }

    /// Opens the sessions of a voter whose code or link was right. `secret` is what was brought
    /// beside it: the browser's secret or the link. The session's secret follows from it, so the
    /// same code from the same browser opens the same session, and no table links a session to a
    /// message. The first use counts the voter of a mail domain.
    pub(super) async fn open_session_by_challenge(
        &self,
        (edition, poll): (&Edition, &Poll),
        ProvenChallenge { id, owner, typed_from }: ProvenChallenge,
        secret: &str,
        held: &str,
    ) -> Result<String> {
        let mut proven = still_open(edition, poll, owner.others);
        proven.push((poll.id, owner.voter_key));
        let token = self.keys.derive_token(TokenKind::Voter, &[id.as_bytes(), secret.as_bytes()]);
        let (old, new) = (keys::hash_token(held), keys::hash_token(&token));
        let (key, proof) =
            (self.keys.edition_key(edition.id)?, owner.proof.with_code_since(owner.sent_at));
        let of_poll = |(poll, voter_key)| ProvenVoter {
            poll,
            key: voter_key,
            proof: proof.for_poll(&key, poll),
        };
        let proven: Vec<ProvenVoter> = proven.into_iter().map(of_poll).collect();
        let (backend, edition, share) = (self.clone(), edition.id, owner.mail_share);
        let again = typed_from.is_some();
        // A task of its own: a request that is dropped must give the domain's try back, too.
        let opening = tokio::spawn(async move {
            backend.count_domain_voter(edition, share.as_ref()).await?;
            let counted = share.clone();
            let opened = backend.run_in_transaction(move |connection| {
                Box::pin(async move {
                    let first = queries::use_challenge(connection, id).await?;
                    let first = first.filter(|first| *first || again);
                    let first =
                        first.ok_or(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)))?;
                    queries::open_voter_sessions(connection, &old, &new, &proven).await?;
                    if let Some(share) = share.as_ref().filter(|_| first) {
                        mail_domains::count_share(connection, share, &proven).await?;
                    }
                    Ok(first)
                })
            });
            let first = opened.await;
            if !matches!(first, Ok(true)) {
                backend.refund_domain_voter(edition, counted.as_ref()).await?;
            }
            if let (Ok(true), Some(network)) = (&first, &typed_from) {
                backend.count_code_back(edition, network).await?;
            }
            first.map(drop)
        });
        opening.await.map_err(|_| Error::Internal("the opening of a session panicked"))??;
        Ok(token)
    }

    /// Returns the pseudonyms of this contact in the other polls that use the same kind of contact.
    fn other_voter_keys(
        &self,
        edition: &Edition,
        poll: &Poll,
        contact: &Contact,
    ) -> Result<Vec<(PollId, Vec<u8>)>> {
        let others = edition
            .polls
            .iter()
            .filter(|other| other.id != poll.id && covers_identity(&poll.rules, &other.rules));
        let key = |other: &Poll| {
            let identity = contact.canonical_identity(&other.rules);
            Ok((other.id, self.derive_voter_key(edition.id, other.id, &identity)?))
        };
        others.map(key).collect()
    }

    fn code_hash(&self, challenge: Uuid, code: &str) -> Vec<u8> {
        self.keys.compute_mac("code", &[challenge.as_bytes(), code.as_bytes()]).to_vec()
    }
}

/// A message with a code.
enum CodeMessage {
    Mail(Letter),
    Sms(TextMessage),
}
