//! What a judge can open: panels, the list of cases, one case. And recusal from a case.

use domain::ids::CaseId;
use domain::refusal::JudgingRefusal;
use domain::schedule::{JudgingOpen, PhaseError};
use domain::sheet::ScoreForm;
use domain::text::Reason;

use super::{CaseText, JudgePanel, JudgingDesk, StoredSheet, queries};
use crate::accounts::Judge;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::{Backend, Error, Refusal, Result};

/// Checks that the judging has opened. Judges may also read after its close, because they may
/// always see their own sheets.
fn check_judging_readable(edition: &Edition) -> Result<()> {
    match edition.judging_open() {
        Ok(_) | Err(PhaseError::Over { .. }) => Ok(()),
        Err(early) => Err(Error::Phase(early)),
    }
}

impl Backend {
    /// Returns the published editions with this judge on the panel, newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn judge_panels(&self, judge: &Judge) -> Result<Vec<JudgePanel>> {
        let seats =
            queries::seats_of_judge(&mut *self.acquire_connection().await?, judge.account_id())
                .await?;
        let editions = self.public_editions().await?.into_iter();
        let panel = |edition: Edition| {
            let seat = seats.iter().find(|seat| seat.edition == edition.id)?;
            Some(JudgePanel { edition, assigned: seat.assigned, signed: seat.signed })
        };
        Ok(editions.filter_map(panel).collect())
    }

    /// Returns the judge's cases in an edition.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the judge is not on its panel; [`Error::Phase`] before the judging
    /// begins.
    pub async fn judging_desk(&self, judge: &Judge, edition: &Edition) -> Result<JudgingDesk> {
        let mut connection = self.acquire_connection().await?;
        if !queries::is_on_panel(&mut connection, edition.id, judge.account_id()).await? {
            return Err(Error::NotFound);
        }
        check_judging_readable(edition)?;
        Ok(JudgingDesk {
            cases: queries::assigned_cases(&mut connection, edition.id, judge.account_id()).await?,
            stepped_back: queries::count_recusals(&mut connection, edition.id, judge.account_id())
                .await?,
        })
    }

    /// Returns one case and the judge's own sheet for it. The sheet is blank if nothing was saved.
    ///
    /// # Errors
    /// [`Error::NotFound`], also if the judge is recused from it; [`Error::Phase`] before the
    /// judging begins.
    pub async fn case_with_own_sheet(
        &self,
        judge: &Judge,
        edition: &Edition,
        case: CaseId,
    ) -> Result<(CaseText, StoredSheet)> {
        let mut connection = self.acquire_connection().await?;
        let text =
            queries::find_scorable_case(&mut connection, edition.id, judge.account_id(), case)
                .await?
                .ok_or(Error::NotFound)?;
        check_judging_readable(edition)?;
        let stored = queries::find_sheet(&mut connection, judge.account_id(), case).await?;
        Ok((text, stored.unwrap_or_else(|| blank_sheet(edition))))
    }

    /// Declares a conflict of interest. The judge can no longer see the case, and an unsigned sheet
    /// is deleted. The judge cannot undo it.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a reason; [`Error::NotFound`]; [`JudgingRefusal::AlreadySigned`]. A
    /// signed sheet stays valid, and the committee's minutes must deal with a later conflict.
    pub async fn recuse_judge(
        &self,
        judge: &Judge,
        _open: JudgingOpen,
        edition: &Edition,
        case: CaseId,
        reason: &str,
    ) -> Result<()> {
        let reason = Reason::parse_reason(reason)
            .map_err(|problem| Error::invalid_field("reason", problem))?;
        let (judge, season) = (judge.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = season.id;
                editions::queries::lock_edition_shared(connection, edition).await?;
                // Recusal and signature both lock the seat first, so they cannot both succeed.
                queries::lock_seat(connection, edition, judge).await?;
                editions::check_phase_again(connection, &season, Edition::judging_open).await?;
                queries::find_scorable_case(connection, edition, judge, case)
                    .await?
                    .ok_or(Error::NotFound)?;
                let stored = queries::find_sheet(connection, judge, case).await?;
                if stored.is_some_and(|sheet| sheet.signed_at.is_some()) {
                    return Err(Error::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned)));
                }
                queries::insert_recusal(connection, edition, judge, case, &reason).await?;
                queries::delete_unsigned_sheet(connection, judge, case).await?;
                let act = NewAuditEvent {
                    actor: Some(judge),
                    edition: Some(edition),
                    action: AuditAction::JudgeRecused,
                    subject: &case.to_string(),
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Makes a sheet without any entry.
pub(super) fn blank_sheet(edition: &Edition) -> StoredSheet {
    let scores = vec![None; edition.rulebook.panel.rubric.len()];
    StoredSheet { form: ScoreForm { scores, ..ScoreForm::default() }, ..StoredSheet::default() }
}
