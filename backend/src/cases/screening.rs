//! Screening (적격심사): staff accept, return or reject submitted cases. They never edit a case.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, DistrictId, TrackId};
use domain::refusal::CaseRefusal;
#[cfg(doc)]
use domain::refusal::EditionRefusal;
use domain::schedule::{Instant, ScreeningOpen};
use domain::text::Reason;
use phrases::Lang;
use phrases::screening as words;
use serde_json::json;
use sqlx::PgConnection;

use super::late::parse_deadline;
use super::{Case, CaseState, letters, versions};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::error::FieldFaults;
use crate::mail::format_korean_end;
use crate::{Backend, Error, Refusal, Result, record};

/// A case in the list of the screening.
#[derive(Clone, Debug)]
pub struct ScreeningLine {
    /// Its key.
    pub id: CaseId,
    /// Its title, as it was sent in.
    pub title: String,
    /// The name of its organisation.
    pub organisation_name: String,
    /// Its track.
    pub track: TrackId,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Whether it was invented for a demonstration.
    pub sample: bool,
    /// Waiting, returned, accepted or rejected.
    pub state: CaseState,
    /// The version that a decision names.
    pub version: i32,
    /// When it was submitted, by the edition's clock.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Until when its organisation may correct it, by the edition's clock.
    pub returned_until: Option<DateTime<Utc>>,
    /// Whether it was sent in after the close.
    pub late: bool,
    /// Its number among the cases that were sent in.
    pub receipt_number: Option<i32>,
    /// Whether what looks like personal data was left in.
    pub has_personal_data: bool,
    /// Whether a second look was asked for.
    pub second_look: bool,
}

/// A decision of the staff about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreeningDecision {
    /// It takes part.
    Accept,
    /// It does not take part. Its organisation reads the reason.
    Reject(String),
    /// Its organisation corrects it. It reads what to correct.
    Return {
        /// Until when, typed as Korean time.
        until: String,
        /// What to correct.
        reason: String,
    },
    /// The earlier decision is undone, and the case waits again.
    Undo,
}

/// A decision with a checked reason.
enum CheckedDecision {
    Accept,
    Reject(Reason),
    Return { until: Instant, reason: Reason },
    Undo,
}

impl CheckedDecision {
    fn parse_decision(edition: &Edition, typed: ScreeningDecision) -> Result<Self> {
        Ok(match typed {
            ScreeningDecision::Accept => Self::Accept,
            ScreeningDecision::Undo => Self::Undo,
            ScreeningDecision::Reject(reason) => Self::Reject(
                Reason::parse_reason(&reason)
                    .map_err(|problem| Error::invalid_field("reason", problem))?,
            ),
            ScreeningDecision::Return { until, reason } => {
                let mut faults = FieldFaults::default();
                let until = faults.check_field("until", parse_deadline(edition, &until));
                let reason = faults.check_field("correction", Reason::parse_reason(&reason));
                let (Some(until), Some(reason)) = (until, reason) else {
                    return Err(faults.into_error());
                };
                Self::Return { until, reason }
            }
        })
    }

    fn audit_action(&self) -> AuditAction {
        match self {
            Self::Accept => AuditAction::CaseAccepted,
            Self::Reject(_) => AuditAction::CaseRejected,
            Self::Return { .. } => AuditAction::CaseReturned,
            Self::Undo => AuditAction::CaseDecisionUndone,
        }
    }

    fn resulting_state(&self) -> CaseState {
        match self {
            Self::Accept => CaseState::Accepted,
            Self::Reject(_) => CaseState::Rejected,
            Self::Return { .. } => CaseState::Returned,
            Self::Undo => CaseState::Submitted,
        }
    }

    fn given_reason(&self) -> Option<&str> {
        match self {
            Self::Reject(reason) | Self::Return { reason, .. } => Some(reason.as_text()),
            Self::Accept | Self::Undo => None,
        }
    }

    fn returned_until(&self) -> Option<Instant> {
        match self {
            Self::Return { until, .. } => Some(*until),
            Self::Accept | Self::Reject(_) | Self::Undo => None,
        }
    }

    /// Checks that this decision is possible for a case as it stands.
    fn check_state(&self, edition: &Edition, case: &Case) -> Result<()> {
        let possible = match (self, case.state) {
            (Self::Accept | Self::Reject(_) | Self::Return { .. }, CaseState::Submitted)
            // Its last day may be moved.
            | (Self::Return { .. } | Self::Undo, CaseState::Returned)
            | (Self::Undo, CaseState::Accepted | CaseState::Rejected) => true,
            // Its organisation was promised the time.
            (Self::Reject(_), CaseState::Returned) => {
                if case.submissions_open(edition).is_ok() {
                    return Err(Error::Refused(Refusal::Case(CaseRefusal::CorrectionOpen)));
                }
                true
            }
            _ => false,
        };
        if possible { Ok(()) } else { Err(Error::Refused(Refusal::WrongState)) }
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
                    if let Some(case) = super::queries::find_case(connection, line.id).await? {
                        cases.push(versions::show_as_sent(connection, case).await?);
                    }
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

    /// Returns a case as it was sent in, also while its organisation corrects it.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a draft or a withdrawn case.
    pub async fn screening_case(
        &self,
        _admin: &Admin,
        edition: &Edition,
        case: CaseId,
    ) -> Result<Case> {
        let mut connection = self.acquire_connection().await?;
        let found = super::queries::find_case(&mut connection, case).await?;
        let sent = |case: &Case| {
            case.edition == edition.id
                && (case.state == CaseState::Returned || !case.state.can_be_written())
        };
        let found = found.filter(sent).ok_or(Error::NotFound)?;
        versions::show_as_sent(&mut connection, found).await
    }

    /// Decides on a case and informs its organisation by mail. `version` is the version that was
    /// read, so that nobody accepts text that they have not seen.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a missing reason or a wrong day; [`Error::NotFound`]; [`Refusal::Stale`], also if a
    /// return is undone after its organisation has begun to write; [`CaseRefusal::SecondLook`];
    /// [`CaseRefusal::CorrectionOpen`]; [`Refusal::WrongState`]; [`Error::Phase`]; [`EditionRefusal::Sealed`].
    pub async fn decide_case(
        &self,
        admin: &Admin,
        _open: ScreeningOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
        decision: ScreeningDecision,
    ) -> Result<()> {
        let decision = CheckedDecision::parse_decision(edition, decision)?;
        let (admin, edition, keys) = (*admin, edition.clone(), self.keys.clone());
        let link = format!("{}/organisation/cases/{case}", self.settings().public_url);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // A sealed ballot paper must not change, so no case may join or leave it.
                record::lock_unsealed_edition(connection, edition.id).await?;
                let found = lock_sent_case(connection, &edition, case).await?;
                let now =
                    editions::check_phase_again(connection, &edition, Edition::screening_open);
                decision.check_state(&now.await?, &found)?;
                if found.version != version {
                    return Err(Error::Refused(Refusal::Stale));
                }
                let ends_return = found.state == CaseState::Returned
                    && !matches!(decision, CheckedDecision::Return { .. });
                if ends_return && found.written_since {
                    // What was never sent in is not for the staff, and never for the public.
                    if matches!(decision, CheckedDecision::Undo) {
                        return Err(Error::Refused(Refusal::Stale));
                    }
                    versions::queries::restore_sent(connection, case).await?;
                }
                if !queries::may_decide(connection, case, admin.account_id()).await? {
                    return Err(Error::Refused(Refusal::Case(CaseRefusal::SecondLook)));
                }
                let stored = queries::Decision {
                    state: decision.resulting_state(),
                    reason: decision.given_reason(),
                    returned_until: decision.returned_until(),
                    now: edition.now,
                    by: admin.account_id(),
                };
                queries::store_decision(connection, case, &stored).await?;
                let about = (&edition, found.organisation);
                letters::queue_member_letters(connection, &keys, about, |lang| {
                    decision_letter(lang, &found.title, &decision, &link)
                })
                .await?;
                let (from, to) = (found.state.as_str(), stored.state.as_str());
                let act = NewAuditEvent {
                    actor: Some(admin.account_id()),
                    edition: Some(edition.id),
                    action: decision.audit_action(),
                    subject: &case.to_string(),
                    detail: json!({ "from": from, "to": to, "until": stored.returned_until }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Locks a case until the transaction ends and returns it, if it was sent in.
pub(super) async fn lock_sent_case(
    connection: &mut PgConnection,
    edition: &Edition,
    case: CaseId,
) -> Result<Case> {
    super::queries::lock_case(connection, case).await?;
    super::queries::find_case(connection, case)
        .await?
        .filter(|case| case.edition == edition.id && case.state != CaseState::Draft)
        .ok_or(Error::NotFound)
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
        CheckedDecision::Return { until, reason } => {
            let until = format_korean_end(lang, *until);
            (
                words::mail_returned_subject(lang, title),
                words::mail_returned(lang, link, reason.as_text(), title, &until),
            )
        }
        CheckedDecision::Undo => {
            (words::mail_undone_subject(lang, title), words::mail_undone(lang, link, title))
        }
    }
}
