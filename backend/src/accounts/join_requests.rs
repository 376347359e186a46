//! Requests for an account: an organisation that wants to send a case asks and confirms by a link in a
//! mail, staff approve or decline.
//!
//! No answer tells whether an address has an account: each request is one statement and one mail,
//! and only the reader of the mail learns which it was. A request that nobody has confirmed reaches
//! nobody, so a stranger who knows an address can neither replace nor bury its owner's.

mod queries;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::fraud::MailDomainKind;
use domain::ids::EditionId;
use domain::refusal::AccountRefusal;
use domain::schedule::PhaseError;
use domain::text::{Email, FieldProblem, JoinNote, OrganisationName, PersonName, Reason};
use phrases::{Lang, join as words};
use uuid::Uuid;

use super::Admin;
use super::invitations::InvitationDraft;
use crate::attempts::{AddressLimit, RateLimit};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::error::FieldFaults;
use crate::keys::{self, TokenKind};
use crate::mail::{self, Letter};
use crate::voting::describe_mail_domain;
use crate::{Backend, Error, Refusal, Result};

/// Requests with one address: whoever mistyped asks again; nobody's mail box is flooded. Of these a
/// network has three, so that a stranger with one line leaves some to the owner.
const OF_AN_ADDRESS: AddressLimit = AddressLimit {
    in_all: RateLimit { what: "join", tries: 10, within: Duration::from_secs(24 * 3600) },
    of_a_network: RateLimit {
        what: "join-address-network",
        tries: 3,
        within: Duration::from_secs(24 * 3600),
    },
};
/// Requests of one edition, from everywhere: more than a city has councils, and so few that a flood fills
/// neither the mail server nor other people's mail boxes.
const OF_AN_EDITION: RateLimit =
    RateLimit { what: "join-edition", tries: 300, within: Duration::from_secs(3600) };
/// Confirmed requests of one mail domain that is no large provider: who owns a domain has any number of
/// addresses.
const OF_A_DOMAIN: RateLimit =
    RateLimit { what: "join-domain", tries: 20, within: Duration::from_secs(24 * 3600) };
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
    /// When it was confirmed, by the real clock.
    pub confirmed_at: DateTime<Utc>,
}

/// A request as the reader of its mail sees it.
#[derive(Clone, Debug)]
pub struct SentJoinRequest {
    /// The name of the organisation, as typed.
    pub organisation: String,
    /// The name of the person.
    pub person: String,
    /// The address.
    pub email: String,
    /// Whether it was confirmed.
    pub confirmed: bool,
}

/// Requests on one page.
const JOIN_REQUESTS_PER_PAGE: usize = 50;

/// A page of an edition's open requests, with the organisations that a new account may belong to.
#[derive(Clone, Debug)]
pub struct JoinRequests {
    /// The requests of this page, oldest first.
    pub requests: Vec<JoinRequest>,
    /// Which page it is, counted from 1.
    pub page: usize,
    /// How many pages there are. At least one.
    pub pages: usize,
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
    /// Stores a request and mails the link that confirms it. If the address has an account, only that
    /// is mailed. The answer is the same.
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
        self.count_address_attempt(OF_AN_ADDRESS, &form.email.folded_address(), network).await?;
        self.count_attempt(OF_AN_EDITION, &edition.id.to_string()).await?;
        let token = self.keys.issue_token(TokenKind::Join);
        let link = format!("{}/editions/{}/join/{token}", self.settings().public_url, edition.slug);
        let received = received_letter(edition, &form, lang, &link);
        let known = known_letter(edition, &form, lang, &self.settings().public_url);
        let row = queries::NewJoinRequest {
            id: Uuid::new_v4(),
            token_hash: keys::hash_token(&token),
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

    /// Returns the request of this link. Reading does not confirm it, because mail scanners open links.
    ///
    /// # Errors
    /// [`AccountRefusal::LinkInvalid`].
    pub async fn find_join_request(
        &self,
        edition: &Edition,
        token: &str,
    ) -> Result<SentJoinRequest> {
        let invalid = Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid));
        if !self.keys.is_own_token(TokenKind::Join, token) {
            return Err(invalid);
        }
        let mut connection = self.acquire_connection().await?;
        let hash = keys::hash_token(token);
        queries::find_join_request(&mut connection, edition.id, &hash).await?.ok_or(invalid)
    }

    /// Confirms a request: from now on administrators see it. An older open request of this address is
    /// replaced. Confirming again changes nothing.
    ///
    /// # Errors
    /// [`AccountRefusal::LinkInvalid`]; [`Error::Phase`] once the call has closed; [`Error::TooMany`] if
    /// so many addresses of this mail domain were confirmed today.
    pub async fn confirm_join_request(&self, edition: &Edition, token: &str) -> Result<()> {
        let request = self.find_join_request(edition, token).await?;
        if request.confirmed {
            return Ok(());
        }
        edition.may_organisations_join()?;
        let domain = describe_mail_domain(&read_stored_address(&request.email)?);
        if domain.kind != MailDomainKind::Large {
            let domain = format!("{}:{}", edition.id, domain.name);
            self.count_attempt(OF_A_DOMAIN, &domain).await?;
        }
        let (edition, hash) = (edition.id, keys::hash_token(token));
        self.run_in_transaction(move |connection| {
            Box::pin(async move { queries::confirm_join_request(connection, edition, &hash).await })
        })
        .await
    }

    /// Returns a page of an edition's open requests. A page after the last is the last.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn join_requests(
        &self,
        _admin: &Admin,
        edition: EditionId,
        page: usize,
    ) -> Result<JoinRequests> {
        let mut connection = self.acquire_connection().await?;
        let total = queries::count_open_join_requests(&mut connection, edition).await?;
        let pages = total.div_ceil(JOIN_REQUESTS_PER_PAGE).max(1);
        let page = page.clamp(1, pages);
        let skipped = (page - 1) * JOIN_REQUESTS_PER_PAGE;
        Ok(JoinRequests {
            requests: queries::open_join_requests(&mut connection, edition, skipped).await?,
            page,
            pages,
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
                    minutes: None,
                };
                let letter = letter.marked_if_rehearsal(lang, edition.rehearsal);
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

    /// Deletes requests 30 days after their decision, open ones when their call has been over for 30
    /// days, and those that nobody has confirmed after a week.
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

fn received_letter(edition: &Edition, form: &ParsedJoinForm, lang: Lang, link: &str) -> Letter {
    let title = edition_name(edition, lang);
    let host = lang.choose_text(&edition.host.ko, &edition.host.en);
    let letter = Letter {
        edition: None,
        to: form.email.clone(),
        subject: words::mail_received_subject(lang, title),
        body: words::mail_received_body(lang, title, host, link),
        minutes: None,
    };
    letter.marked_if_rehearsal(lang, edition.rehearsal)
}

fn known_letter(edition: &Edition, form: &ParsedJoinForm, lang: Lang, site: &str) -> Letter {
    let title = edition_name(edition, lang);
    let (forgot, link) = (format!("{site}/forgot"), format!("{site}/sign-in"));
    let letter = Letter {
        edition: None,
        to: form.email.clone(),
        subject: words::mail_known_subject(lang, title),
        body: words::mail_known_body(lang, title, forgot, link),
        minutes: None,
    };
    letter.marked_if_rehearsal(lang, edition.rehearsal)
}
