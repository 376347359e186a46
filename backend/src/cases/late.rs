//! Cases after the close of the call: the staff let one organisation send in one, until an instant. It stays marked as late.

pub(super) mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, OrganisationId};
use domain::refusal::CaseRefusal;
use domain::schedule::{Instant, PhaseError, ScreeningOpen, parse_local_minute};
use domain::text::{FieldProblem, Reason};
use phrases::late as words;
use serde_json::json;

use super::letters;
use crate::accounts::{Admin, Member};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::error::FieldFaults;
use crate::mail::format_korean_end;
use crate::{Backend, Error, Refusal, Result};

/// An organisation that may send in one case late.
#[derive(Clone, Debug)]
pub struct LateAdmission {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// Until when, by the edition's clock.
    pub until: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// The case that was sent in by it.
    pub case: Option<CaseId>,
}

/// Parses an instant until which somebody may still write: in the future, not before the close of the call, when everybody
/// may, and before staff can decide no more.
///
/// # Errors
/// [`FieldProblem`]: nothing was typed, no time, or not in that span.
pub(super) fn parse_deadline(
    edition: &Edition,
    typed: &str,
) -> std::result::Result<Instant, FieldProblem> {
    if typed.trim().is_empty() {
        return Err(FieldProblem::Missing);
    }
    let until = parse_local_minute(typed).ok_or(FieldProblem::Malformed)?;
    let windows = &edition.schedule.windows;
    let voting = windows.voting;
    let last = if edition.now < voting.opens { voting.opens } else { voting.closes };
    let fits = until > edition.now && (windows.call.closes..=last).contains(&until);
    fits.then_some(until).ok_or(FieldProblem::OutsideTime)
}

impl Backend {
    /// Returns the organisations that may send in one case late, by their names.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn late_admissions(
        &self,
        _admin: &Admin,
        edition: &Edition,
    ) -> Result<Vec<LateAdmission>> {
        queries::select_admissions(&mut *self.acquire_connection().await?, edition.id).await
    }

    /// Returns until when the member's organisation may begin a case late, by the edition's clock.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn own_late_admission(
        &self,
        member: &Member,
        edition: &Edition,
    ) -> Result<Option<Instant>> {
        let mut connection = self.acquire_connection().await?;
        queries::find_late_admission(&mut connection, edition.id, member.organisation_id()).await
    }

    /// Lets an organisation send in one case until an instant, typed as Korean time, and tells its members by mail.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a missing reason, for an organisation without an account, and for an instant that is not after the
    /// call and before the end of the screening; [`CaseRefusal::LateCaseSent`]; [`Error::Phase`].
    pub async fn admit_late(
        &self,
        admin: &Admin,
        _open: ScreeningOpen,
        edition: &Edition,
        (organisation, until, reason): (&str, &str, &str),
    ) -> Result<()> {
        if edition.submissions_open().is_ok() {
            let opens = edition.schedule.windows.call.closes;
            return Err(Error::Phase(PhaseError::NotYet { opens }));
        }
        let mut faults = FieldFaults::default();
        let closes = edition.schedule.windows.call.closes;
        let until = parse_deadline(edition, until)
            .and_then(|until| (until > closes).then_some(until).ok_or(FieldProblem::OutsideTime));
        let until = faults.check_field("until", until);
        let reason = faults.check_field("reason", Reason::parse_reason(reason));
        let known = organisation.parse().map_err(|_| FieldProblem::Missing);
        let known = faults.check_field("organisation", known);
        let (Some(until), Some(reason), Some(organisation)) = (until, reason, known) else {
            return Err(faults.into_error());
        };
        let (backend, actor, edition) = (self.clone(), admin.account_id(), edition.clone());
        let link = format!("{}/organisation", self.settings().public_url);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                editions::check_phase_again(connection, &edition, Edition::screening_open).await?;
                let about = (edition.id, organisation);
                let why = reason.as_text();
                if !queries::store_admission(connection, about, until, why, actor).await? {
                    return Err(Error::Refused(Refusal::Case(CaseRefusal::LateCaseSent)));
                }
                let about = (&edition, organisation);
                letters::queue_member_letters(connection, &backend.keys, about, |lang| {
                    let contest = lang.choose_text(&edition.title.ko, &edition.title.en);
                    let until = format_korean_end(lang, until);
                    let body = words::mail_body(lang, contest, &link, &until);
                    (words::mail_subject(lang, contest), body)
                })
                .await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::LateAdmitted,
                    subject: &organisation.to_string(),
                    detail: json!({ "until": until }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Takes an admission back by which nothing was sent in.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn end_late_admission(
        &self,
        admin: &Admin,
        edition: &Edition,
        organisation: OrganisationId,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::delete_admission(connection, edition.id, organisation).await? {
                    return Err(Error::NotFound);
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::LateAdmissionEnded,
                    subject: &organisation.to_string(),
                    detail: json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}
