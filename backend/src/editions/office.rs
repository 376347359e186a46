//! Who runs an edition and whom people can ask, and what the organiser announces.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use domain::limits;
use domain::text::{self, Comment, FieldProblem};
use uuid::Uuid;

use super::Edition;
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Error, FieldError, Result};

/// Whom people can ask, and what the organiser adds to the pages about the contest. Every text may be
/// empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// The department that runs the contest.
    pub department: String,
    /// Its telephone number, as people write it.
    pub telephone: String,
    /// Its e-mail address.
    pub email: String,
    /// When somebody answers.
    pub hours: String,
    /// Who answers for personal data: name, position, department.
    pub privacy_officer: String,
    /// How to reach that person.
    pub privacy_contact: String,
    /// Who else handles personal data for the organiser, one on a line.
    pub processors: String,
    /// What the organiser adds to the privacy policy.
    pub privacy_more: String,
    /// What the organiser adds to the help.
    pub help_more: String,
    /// What the organiser adds to the terms for organisations.
    pub terms_more: String,
}

impl Office {
    /// Whether people find a way to ask: a telephone number or an address.
    #[must_use]
    pub const fn has_contact(&self) -> bool {
        !self.telephone.is_empty() || !self.email.is_empty()
    }

    /// Whether everything is there that a privacy policy must name by law: a contact, and who answers
    /// for personal data (Personal Information Protection Act of Korea, article 30).
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.has_contact() && !self.privacy_officer.is_empty() && !self.privacy_contact.is_empty()
    }

    /// The texts of one line, with their fields.
    fn lines_mut(&mut self) -> [(&'static str, &mut String); 6] {
        [
            ("department", &mut self.department),
            ("telephone", &mut self.telephone),
            ("email", &mut self.email),
            ("hours", &mut self.hours),
            ("privacy_officer", &mut self.privacy_officer),
            ("privacy_contact", &mut self.privacy_contact),
        ]
    }

    /// The texts of several lines, with their fields.
    fn blocks_mut(&mut self) -> [(&'static str, &mut String); 4] {
        [
            ("processors", &mut self.processors),
            ("privacy_more", &mut self.privacy_more),
            ("help_more", &mut self.help_more),
            ("terms_more", &mut self.terms_more),
        ]
    }

    /// Tidies every text. Empty ones stay empty.
    fn parse_texts(mut self) -> Result<Self> {
        let mut faults = Vec::new();
        let mut keep = |field, text: &mut String, parsed| match parsed {
            Ok(tidy) => *text = tidy,
            Err(FieldProblem::Missing) => text.clear(),
            Err(problem) => faults.push(FieldError { field, problem }),
        };
        for (field, text) in self.lines_mut() {
            let parsed = text::parse_text_line(text, limits::OFFICE_LINE_CHARS);
            keep(field, text, parsed);
        }
        for (field, text) in self.blocks_mut() {
            let parsed = Comment::parse_comment(text).map(|block| block.as_text().to_owned());
            keep(field, text, parsed);
        }
        // People write to it, so it has to be an address.
        if !self.email.is_empty()
            && let Err(problem) = text::Email::parse(&self.email)
        {
            faults.push(FieldError { field: "email", problem });
        }
        if faults.is_empty() { Ok(self) } else { Err(Error::Invalid(faults)) }
    }
}

/// What the organiser announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicNotice {
    /// Its id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// When it was published, by the real clock.
    pub published_at: DateTime<Utc>,
}

impl Backend {
    /// Returns whom people can ask about an edition; empty texts before anybody has typed them.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn edition_office(&self, edition: EditionId) -> Result<Office> {
        let office = queries::find_office(&mut *self.acquire_connection().await?, edition).await?;
        Ok(office.unwrap_or_default())
    }

    /// Stores whom people can ask.
    ///
    /// # Errors
    /// [`Error::Invalid`] for texts that are too long.
    pub async fn save_office(
        &self,
        admin: &Admin,
        edition: &Edition,
        office: Office,
    ) -> Result<()> {
        let office = office.parse_texts()?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::put_office(connection, edition.id, &office).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::OfficeChanged,
                    subject: &edition.slug,
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Returns what the organiser announces, the newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn public_notices(&self, edition: EditionId) -> Result<Vec<PublicNotice>> {
        queries::read_notices(&mut *self.acquire_connection().await?, edition).await
    }

    /// Publishes a notice.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a title or text that is empty or too long.
    pub async fn publish_notice(
        &self,
        admin: &Admin,
        edition: &Edition,
        (title, body): (&str, &str),
    ) -> Result<()> {
        let title = text::parse_text_line(title, limits::NAME_CHARS)
            .map_err(|problem| Error::invalid_field("title", problem))?;
        let body = Comment::parse_comment(body)
            .map_err(|problem| Error::invalid_field("body", problem))?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::insert_notice(connection, edition.id, &title, body.as_text()).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::NoticePublished,
                    subject: &title,
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Takes a notice back.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a notice in this edition.
    pub async fn remove_notice(
        &self,
        admin: &Admin,
        edition: &Edition,
        notice: Uuid,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let title = queries::delete_notice(connection, edition.id, notice).await?;
                let title = title.ok_or(Error::NotFound)?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::NoticeRemoved,
                    subject: &title,
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}
