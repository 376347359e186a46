//! Requests for an account: an organisation that wants to send a case asks, staff approve or decline.
//!
//! No answer tells whether an address has an account: each request is one statement and one mail,
//! and only the reader of the mail learns which it was.

mod queries;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use domain::schedule::PhaseError;
use domain::text::{Email, FieldProblem, JoinNote, OrganisationName, PersonName, Reason};
use phrases::{Lang, join as words};
use uuid::Uuid;

use super::Admin;
use super::invitations::InvitationDraft;
use crate::attempts::RateLimit;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::error::FieldFaults;
use crate::mail::{self, Letter};
use crate::{Backend, Error, Refusal, Result};

/// Requests with one address: whoever mistyped asks again; nobody's mail box is flooded.
const OF_AN_ADDRESS: RateLimit =
    RateLimit { what: "join", tries: 3, within: Duration::from_secs(24 * 3600) };
/// Requests from one network: the offices of a whole district may share one.
const OF_A_NETWORK: RateLimit =
    RateLimit { what: "join-network", tries: 60, within: Duration::from_secs(3600) };

/// A request as it was typed.
#[derive(Clone, Debug, Default)]
pub struct JoinForm {
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the person.
    pub person: String,
    /// The address.
    pub email: String,
    /// A word to the organiser; may be empty.
    pub note: String,
    /// Whether the person agrees to the use of these data.
    pub consent: bool,
}

/// A request that waits for a decision.
#[derive(Clone, Debug)]
pub struct JoinRequest {
    /// Its key.
    pub id: Uuid,
    /// The name of the organisation, as typed.
    pub organisation: String,
    /// The name of the person.
    pub person: String,
    /// The address.
    pub email: String,
    /// A word to the organiser; may be empty.
    pub note: String,
    /// When it was sent, by the real clock.
    pub created_at: DateTime<Utc>,
}

/// The open requests of an edition, with the organisations that a new account may belong to.
#[derive(Clone, Debug)]
pub struct JoinRequests {
    /// The requests, oldest first.
    pub requests: Vec<JoinRequest>,
    /// The names of all organisations.
    pub organisations: Vec<String>,
}

/// A checked request.
struct ParsedJoinForm {
    organisation: OrganisationName,
    person: PersonName,
    email: Email,
    note: String,
}

impl JoinForm {
    fn parse_fields(&self) -> Result<ParsedJoinForm> {
        let mut faults = FieldFaults::default();
        let organisation =
            faults.check_field("organisation", OrganisationName::parse(&self.organisation));
        let person = faults.check_field("person", PersonName::parse(&self.person));
        let email = faults.check_field("email", Email::parse(&self.email));
        let note = match JoinNote::parse_join_note(&self.note) {
            Err(FieldProblem::Missing) => Some(String::new()),
            note => faults.check_field("note", note).map(JoinNote::into_text),
        };
        let consent = if self.consent { Ok(()) } else { Err(FieldProblem::Missing) };
        let consent = faults.check_field("consent", consent);
        match (organisation, person, email, note, consent) {
            (Some(organisation), Some(person), Some(email), Some(note), Some(())) => {
                Ok(ParsedJoinForm { organisation, person, email, note })
            }
            _ => Err(faults.into_error()),
        }
    }
}

impl Edition {
    /// Checks that organisations may still ask for an account: until the call closes.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn may_organisations_join(&self) -> std::result::Result<(), PhaseError> {
        let closed = self.schedule.windows.call.closes;
        match (self.schedule.published, self.now < closed) {
            (false, _) => Err(PhaseError::NotPublished),
            (true, true) => Ok(()),
            (true, false) => Err(PhaseError::Over { closed }),
        }
    }
}

impl Backend {
    /// Stores a request and confirms it by mail. If the address has an account, only that is
    /// mailed; if it has an open request, nothing is stored twice. The answer is the same.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::TooMany`]; [`Error::Phase`] once the call has closed.
    pub async fn request_account(
        &self,
        edition: &Edition,
        form: &JoinForm,
        network: &str,
        lang: Lang,
    ) -> Result<()> {
        edition.may_organisations_join()?;
        let form = form.parse_fields()?;
        self.count_network_attempt(OF_A_NETWORK, network).await?;
        self.count_attempt(OF_AN_ADDRESS, &form.email.folded_address()).await?;
        let received = received_letter(edition, &form, lang);
        let known = known_letter(edition, &form, lang, &self.settings().public_url);
        let row = queries::NewJoinRequest {
            id: Uuid::new_v4(),
            edition: edition.id,
            organisation: form.organisation,
            person: form.person,
            email: form.email,
            note: form.note,
            lang,
        };
        let keys = self.keys.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let has_account = queries::insert_join_request(connection, &row).await?;
                let letter = if has_account { &known } else { &received };
                mail::queue_letter(connection, &keys, letter).await
            })
        })
        .await
    }

    /// Returns the open requests of an edition.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn join_requests(&self, _admin: &Admin, edition: EditionId) -> Result<JoinRequests> {
        let mut connection = self.acquire_connection().await?;
        Ok(JoinRequests {
            requests: queries::open_join_requests(&mut connection, edition).await?,
            organisations: queries::organisation_names(&mut connection).await?,
        })
    }

    /// Approves a request and sends the usual invitation of a member of this organisation, which is
    /// made when the invitation is accepted, if it does not exist.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Refusal::WrongState`] if somebody else has decided;
    /// [`AddressTaken`](domain::refusal::AccountRefusal::AddressTaken) if the address has an account
    /// by now.
    pub async fn approve_join_request(
        &self,
        admin: &Admin,
        edition: &Edition,
        request: Uuid,
        organisation: &str,
    ) -> Result<()> {
        let organisation = OrganisationName::parse(organisation)
            .map_err(|problem| Error::invalid_field("organisation", problem))?;
        let (backend, actor, edition) = (self.clone(), admin.account_id(), edition.id);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let found =
                    queries::decide_join_request(connection, edition, request, "approved").await?;
                let found = found.ok_or(Error::Refused(Refusal::WrongState))?;
                let email = read_stored_address(&found.email)?;
                let lang = Lang::from_tag(&found.lang).unwrap_or_default();
                let who = (email, organisation);
                let draft = InvitationDraft::for_member(&backend, who, (edition, actor), lang);
                draft.send_within(connection, &backend.keys).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition),
                    action: AuditAction::JoinApproved,
                    subject: &request.to_string(),
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Declines a request and mails the reason. The trail does not hold the reason, because it may
    /// speak of a person.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a reason; [`Refusal::WrongState`] if somebody else has decided.
    pub async fn decline_join_request(
        &self,
        admin: &Admin,
        edition: &Edition,
        request: Uuid,
        reason: &str,
    ) -> Result<()> {
        let reason = Reason::parse_reason(reason)
            .map_err(|problem| Error::invalid_field("reason", problem))?;
        let (actor, edition, keys) = (admin.account_id(), edition.clone(), self.keys.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let found =
                    queries::decide_join_request(connection, edition.id, request, "declined")
                        .await?;
                let found = found.ok_or(Error::Refused(Refusal::WrongState))?;
                let lang = Lang::from_tag(&found.lang).unwrap_or_default();
                let title = edition_name(&edition, lang);
                let (organisation, reason) = (&found.organisation, reason.as_text());
                let letter = Letter {
                    edition: None,
                    to: read_stored_address(&found.email)?,
                    subject: words::mail_declined_subject(lang, title),
                    body: words::mail_declined_body(lang, title, organisation, reason),
                };
                mail::queue_letter(connection, &keys, &letter).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::JoinDeclined,
                    subject: &request.to_string(),
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Deletes requests 30 days after their decision, and open ones when their call has been over
    /// for 30 days.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_old_join_requests(&self) -> Result<()> {
        queries::delete_old_join_requests(&mut *self.acquire_connection().await?).await
    }
}

fn edition_name(edition: &Edition, lang: Lang) -> &str {
    lang.choose_text(&edition.title.ko, &edition.title.en)
}

fn read_stored_address(email: &str) -> Result<Email> {
    Email::parse(email).map_err(|_| Error::Internal("a request has an invalid e-mail address"))
}

fn received_letter(edition: &Edition, form: &ParsedJoinForm, lang: Lang) -> Letter {
    let title = edition_name(edition, lang);
    let host = lang.choose_text(&edition.host.ko, &edition.host.en);
    Letter {
        edition: None,
        to: form.email.clone(),
        subject: words::mail_received_subject(lang, title),
        body: words::mail_received_body(lang, title, host, form.organisation.as_str()),
    }
}

fn known_letter(edition: &Edition, form: &ParsedJoinForm, lang: Lang, site: &str) -> Letter {
    let title = edition_name(edition, lang);
    let (forgot, link) = (format!("{site}/forgot"), format!("{site}/sign-in?next=/organisation"));
    Letter {
        edition: None,
        to: form.email.clone(),
        subject: words::mail_known_subject(lang, title),
        body: words::mail_known_body(lang, title, forgot, link),
    }
}
