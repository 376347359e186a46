//! Saving and signing a sheet.
//!
//! Every save names the version it was made from. The same statement checks the version and stores
//! the sheet, so of two saves from one version exactly one is stored.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, SheetId};
use domain::record::entry::LogEntry;
use domain::record::tree::Hash;
use domain::refusal::JudgingRefusal;
use domain::schedule::JudgingOpen;
use domain::sheet::{ScoreForm, Sheet, SheetProblem};

use super::{SheetSaveOutcome, desk, queries};
use crate::accounts::Judge;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::keys::EditionKey;
use crate::{Backend, Error, Refusal, Result, record};

impl Backend {
    /// Saves a sheet, complete or not. `version` is the one it was made from, 0 for the first save.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`JudgingRefusal::Sheet`]; [`JudgingRefusal::AlreadySigned`]; [`Error::NotFound`];
    /// [`Error::Phase`] if judging closed while it waited; [`Refusal::Stale`] if the criteria changed since
    /// `edition` was read.
    /// An older version is not an error but returns [`crate::judging::SheetSaveOutcome::Stale`] with the stored sheet.
    pub async fn save_sheet(
        &self,
        judge: &Judge,
        _open: JudgingOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
        form: &ScoreForm,
    ) -> Result<SheetSaveOutcome> {
        let sheet = Sheet::from_score_form(form, &edition.rulebook.panel.rubric)
            .map_err(sheet_problem_error)?;
        let place = queries::SheetKey { edition: edition.id, judge: judge.account_id(), case };
        let season = edition.clone();
        let saved = self.run_in_transaction(move |connection| {
            Box::pin(async move {
                editions::queries::lock_edition_shared(connection, season.id).await?;
                let saved = queries::save_sheet_version(connection, place, version, &sheet).await?;
                if saved.is_some() {
                    let now =
                        editions::check_phase_again(connection, &season, Edition::judging_open);
                    // The sheet was checked by the criteria that the judge has seen.
                    if now.await?.rulebook.panel.rubric != season.rulebook.panel.rubric {
                        return Err(Error::Refused(Refusal::Stale));
                    }
                }
                Ok(saved)
            })
        });
        if let Some((version, saved_at)) = saved.await? {
            return Ok(SheetSaveOutcome::Saved { version, saved_at });
        }
        let mut connection = self.acquire_connection().await?;
        // Nothing was stored. Find out why.
        queries::find_scorable_case(&mut connection, edition.id, judge.account_id(), case)
            .await?
            .ok_or(Error::NotFound)?;
        let stored = queries::find_sheet(&mut connection, judge.account_id(), case).await?;
        match stored {
            Some(stored) if stored.signed_at.is_some() => {
                Err(Error::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned)))
            }
            stored => {
                Ok(SheetSaveOutcome::Stale(stored.unwrap_or_else(|| desk::blank_sheet(edition))))
            }
        }
    }

    /// Signs a sheet in this version. After that nobody can change it.
    ///
    /// # Errors
    /// [`JudgingRefusal::SheetIncomplete`] with the criteria without a score; [`Error::Invalid`] with a text
    /// that is too long; [`Refusal::Stale`];
    /// [`JudgingRefusal::AlreadySigned`]; [`Error::NotFound`]; [`Error::Phase`] if judging closed while
    /// it waited.
    pub async fn sign_sheet(
        &self,
        judge: &Judge,
        _open: JudgingOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
    ) -> Result<DateTime<Utc>> {
        let (judge, edition) = (judge.account_id(), edition.clone());
        let key = self.keys.edition_key(edition.id)?;
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                editions::queries::lock_edition_shared(connection, edition.id).await?;
                queries::lock_seat(connection, edition.id, judge).await?;
                let open = editions::check_phase_again(connection, &edition, Edition::judging_open);
                let edition = open.await?;
                queries::find_scorable_case(connection, edition.id, judge, case)
                    .await?
                    .ok_or(Error::NotFound)?;
                let stored = queries::find_sheet(connection, judge, case).await?;
                let stored = stored.unwrap_or_else(|| desk::blank_sheet(&edition));
                if stored.signed_at.is_some() {
                    return Err(Error::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned)));
                }
                let sheet = Sheet::from_score_form(&stored.form, &edition.rulebook.panel.rubric)
                    .map_err(sheet_problem_error)?;
                let Some(scores) = sheet.complete_scores() else {
                    return Err(Error::Refused(Refusal::Judging(JudgingRefusal::SheetIncomplete(
                        sheet.missing_criteria(),
                    ))));
                };
                sheet.check_texts().map_err(sheet_problem_error)?;
                let (id, signed_at) = queries::sign_sheet_version(connection, judge, case, version)
                    .await?
                    .ok_or(Error::Refused(Refusal::Stale))?;
                let act = NewAuditEvent {
                    actor: Some(judge),
                    edition: Some(edition.id),
                    action: AuditAction::SheetSigned,
                    subject: &case.to_string(),
                    detail: serde_json::json!({ "version": version }),
                };
                audit::record_event(connection, act).await?;
                let line = LogEntry::Sheet {
                    edition: record::line_slug(&edition.slug)?,
                    sheet: id,
                    commitment: scores_commitment(&key, id, scores.as_slice()),
                };
                record::queue_line(connection, edition.id, &line).await?;
                Ok(signed_at)
            })
        })
        .await
    }
}

/// Converts a problem. An invalid text becomes the error of its field; the rest become a refusal.
fn sheet_problem_error(problem: SheetProblem) -> Error {
    match problem {
        SheetProblem::Comment(problem) => Error::invalid_field("comment", problem),
        SheetProblem::Note(problem) => Error::invalid_field("note", problem),
        problem => Error::Refused(Refusal::Judging(JudgingRefusal::Sheet(problem))),
    }
}

/// Returns the commitment to a signed sheet: an HMAC of its scores in the order of the rubric.
fn scores_commitment(key: &EditionKey, sheet: SheetId, scores: &[u32]) -> Hash {
    let scores: Vec<String> = scores.iter().map(ToString::to_string).collect();
    Hash::from_bytes(key.compute_mac("sheet", &[sheet.0.as_bytes(), scores.join(";").as_bytes()]))
}
