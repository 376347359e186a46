//! Screening (적격심사): staff accept or reject submitted cases. They never edit a case.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, TrackId};
#[cfg(doc)]
use domain::refusal::EditionRefusal;
use domain::schedule::ScreeningOpen;
use domain::text::{Email, Reason};
use phrases::Lang;
use phrases::screening as words;
use serde_json::json;
use sqlx::PgConnection;

use super::{Case, CaseState, queries};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::keys::Keys;
use crate::mail::{self, Letter};
use crate::{Backend, Error, Refusal, Result, record};

/// A case in the list of the screening.
#[derive(Clone, Debug)]
pub struct ScreeningLine {
    /// Its key.
    pub id: CaseId,
    /// Its title.
    pub title: String,
    /// The name of its organisation.
    pub organisation_name: String,
    /// Its track.
    pub track: TrackId,
    /// Whether it was invented for a demonstration.
    pub sample: bool,
    /// Waiting, accepted or rejected.
    pub state: CaseState,
    /// When it was submitted, by the edition's clock.
    pub submitted_at: Option<DateTime<Utc>>,
}

/// A decision of the staff about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreeningDecision {
    /// It takes part.
    Accept,
    /// It does not take part. Its organisation reads the reason.
    Reject(String),
    /// The earlier decision is undone, and the case waits again.
    Undo,
}

/// A decision with a checked reason.
enum CheckedDecision {
    Accept,
    Reject(Reason),
    Undo,
}

impl CheckedDecision {
    fn audit_action(&self) -> AuditAction {
        match self {
            Self::Accept => AuditAction::CaseAccepted,
            Self::Reject(_) => AuditAction::CaseRejected,
            Self::Undo => AuditAction::CaseDecisionUndone,
        }
    }

    fn resulting_state(&self) -> CaseState {
        match self {
            Self::Accept => CaseState::Accepted,
            Self::Reject(_) => CaseState::Rejected,
            Self::Undo => CaseState::Submitted,
        }
    }

    fn rejection_reason(&self) -> Option<&str> {
        match self {
            Self::Reject(reason) => Some(reason.as_text()),
            Self::Accept | Self::Undo => None,
        }
    }

    /// Whether this decision is possible for a case in this state.
    fn is_possible_for(&self, state: CaseState) -> bool {
        match self {
            Self::Accept | Self::Reject(_) => state == CaseState::Submitted,
            Self::Undo => matches!(state, CaseState::Accepted | CaseState::Rejected),
        }
    }
}

impl Backend {
    /// Returns the submitted cases with their texts, in the order of the list, and notes it in the trail: the table
    /// leaves the program.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn export_cases(&self, admin: &Admin, edition: &Edition) -> Result<Vec<Case>> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let mut cases = Vec::new();
                for line in queries::screening_list(connection, edition.id).await? {
                    cases.extend(queries::find_case(connection, line.id).await?);
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::CasesExported,
                    subject: &edition.slug,
                    detail: json!({ "cases": cases.len() }),
                };
                audit::record_event(connection, act).await?;
                Ok(cases)
            })
        })
        .await
    }

    /// Returns the submitted cases, waiting ones first. Staff do not see drafts and withdrawn
    /// cases.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn screening_list(
        &self,
        _admin: &Admin,
        edition: &Edition,
    ) -> Result<Vec<ScreeningLine>> {
        queries::screening_list(&mut *self.acquire_connection().await?, edition.id).await
    }

    /// Returns a submitted case as the public would see it.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a draft or a withdrawn case.
    pub async fn screening_case(
        &self,
        _admin: &Admin,
        edition: &Edition,
        case: CaseId,
    ) -> Result<Case> {
        let found = queries::find_case(&mut *self.acquire_connection().await?, case).await?;
        found
            .filter(|case| case.edition == edition.id && !case.state.can_be_written())
            .ok_or(Error::NotFound)
    }

    /// Decides on a case and informs its organisation by mail. `version` is the version that was
    /// read, so that nobody accepts text that they have not seen.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a missing reason; [`Error::NotFound`]; [`Refusal::Stale`];
    /// [`Refusal::WrongState`]; [`Error::Phase`]; [`EditionRefusal::Sealed`].
    pub async fn decide_case(
        &self,
        admin: &Admin,
        _open: ScreeningOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
        decision: ScreeningDecision,
    ) -> Result<()> {
        let decision = match decision {
            ScreeningDecision::Accept => CheckedDecision::Accept,
            ScreeningDecision::Undo => CheckedDecision::Undo,
            ScreeningDecision::Reject(reason) => CheckedDecision::Reject(
                Reason::parse_reason(&reason)
                    .map_err(|problem| Error::invalid_field("reason", problem))?,
            ),
        };
        let (admin, edition, keys) = (*admin, edition.clone(), self.keys.clone());
        let link = format!("{}/organisation/cases/{case}", self.settings().public_url);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // A sealed ballot paper must not change, so no case may join or leave it.
                record::lock_unsealed_edition(connection, edition.id).await?;
                let found = lock_submitted_case(connection, &edition, case).await?;
                editions::check_phase_again(connection, &edition, Edition::screening_open).await?;
                if !decision.is_possible_for(found.state) {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                if found.version != version {
                    return Err(Error::Refused(Refusal::Stale));
                }
                let (state, reason) = (decision.resulting_state(), decision.rejection_reason());
                queries::store_decision(connection, case, state, reason, edition.now).await?;
                let about = (&edition, &found);
                queue_decision_mails(connection, &keys, about, &decision, &link).await?;
                let act = NewAuditEvent {
                    actor: Some(admin.account_id()),
                    edition: Some(edition.id),
                    action: decision.audit_action(),
                    subject: &case.to_string(),
                    detail: json!({ "from": found.state.as_str(), "to": state.as_str() }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

async fn lock_submitted_case(
    connection: &mut PgConnection,
    edition: &Edition,
    case: CaseId,
) -> Result<Case> {
    queries::lock_case(connection, case).await?;
    queries::find_case(connection, case)
        .await?
        .filter(|case| case.edition == edition.id && case.state != CaseState::Draft)
        .ok_or(Error::NotFound)
}

/// Queues a mail to each member of the organisation, in the member's language.
async fn queue_decision_mails(
    connection: &mut PgConnection,
    keys: &Keys,
    (edition, case): (&Edition, &Case),
    decision: &CheckedDecision,
    link: &str,
) -> Result<()> {
    for (address, lang) in queries::member_contacts(connection, case.organisation).await? {
        let to = Email::parse(&address)
            .map_err(|_| Error::Internal("an account has an invalid e-mail address"))?;
        let (subject, body) = decision_letter(lang, &case.title, decision, link);
        let letter = Letter { edition: None, to, subject, body, minutes: None };
        let letter = letter.marked_if_rehearsal(lang, edition.rehearsal);
        mail::queue_letter(connection, keys, &letter).await?;
    }
    Ok(())
}

fn decision_letter(
    lang: Lang,
    title: &str,
    decision: &CheckedDecision,
    link: &str,
) -> (String, String) {
    match decision {
        CheckedDecision::Accept => {
            (words::mail_accepted_subject(lang, title), words::mail_accepted(lang, link, title))
        }
        CheckedDecision::Reject(reason) => (
            words::mail_rejected_subject(lang, title),
            words::mail_rejected(lang, link, reason.as_text(), title),
        ),
        CheckedDecision::Undo => {
            (words::mail_undone_subject(lang, title), words::mail_undone(lang, link, title))
        }
    }
}
