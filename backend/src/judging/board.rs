//! The chair's board: the progress of the panel, never its scores.

mod queries;

pub(crate) use queries::judges_with_unsigned_sheets;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, EditionId, TrackId};
use domain::schedule::JudgingOpen;
use domain::text::{Bilingual, Email};

use crate::accounts::Admin;
use crate::attempts::RateLimit;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::mail::{self, Letter};
use crate::{Backend, Error, Result};

/// One reminder an hour is enough.
const REMINDERS: RateLimit =
    RateLimit { what: "remind-judges", tries: 1, within: Duration::from_secs(3600) };

/// The progress of a judge.
#[derive(Clone, Debug)]
pub struct JudgeProgress {
    /// Their name.
    pub name: String,
    /// Sheets that were saved at least once.
    pub started: i64,
    /// Sheets with every score, signed or not.
    pub complete: i64,
    /// Signed sheets.
    pub signed: i64,
    /// Cases from which they are recused.
    pub stepped_back: i64,
    /// Their last save, by the real clock.
    pub last_saved: Option<DateTime<Utc>>,
}

/// The progress of the panel with a case.
#[derive(Clone, Debug)]
pub struct CaseProgress {
    /// The case.
    pub id: CaseId,
    /// Its title; English may be empty.
    pub title: Bilingual,
    /// Its track.
    pub track: TrackId,
    /// Whether it was invented for the demonstration.
    pub sample: bool,
    /// Signed sheets.
    pub signed: i64,
    /// Judges who are recused from it.
    pub stepped_back: i64,
    /// The last save of any of its sheets, by the real clock.
    pub last_saved: Option<DateTime<Utc>>,
}

/// The chair's board. It contains no scores.
#[derive(Clone, Debug)]
pub struct JudgingBoard {
    /// The panel, by name.
    pub judges: Vec<JudgeProgress>,
    /// The accepted cases, by track.
    pub cases: Vec<CaseProgress>,
}

impl JudgingBoard {
    /// Counts the sheets that have to be signed.
    #[must_use]
    pub fn count_expected_sheets(&self) -> i64 {
        self.cases.iter().map(|case| self.count_scoring_judges(case)).sum()
    }

    /// Counts the signed sheets.
    #[must_use]
    pub fn count_signed_sheets(&self) -> i64 {
        self.cases.iter().map(|case| case.signed).sum()
    }

    /// Returns the judges who have not signed all of their sheets.
    #[must_use]
    pub fn list_missing_judges(&self) -> Vec<&JudgeProgress> {
        let cases = i64::try_from(self.cases.len()).unwrap_or(i64::MAX);
        self.judges.iter().filter(|judge| judge.signed + judge.stepped_back < cases).collect()
    }

    /// Counts the judges who score this case.
    #[must_use]
    pub fn count_scoring_judges(&self, case: &CaseProgress) -> i64 {
        let judges = i64::try_from(self.judges.len()).unwrap_or(i64::MAX);
        (judges - case.stepped_back).max(0)
    }
}

impl Backend {
    /// Returns the progress of an edition's panel.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn judging_board(&self, _admin: &Admin, edition: EditionId) -> Result<JudgingBoard> {
        let mut connection = self.acquire_connection().await?;
        Ok(JudgingBoard {
            judges: queries::judge_progress(&mut connection, edition).await?,
            cases: queries::case_progress(&mut connection, edition).await?,
        })
    }

    /// Queues a mail to every judge with an unsigned sheet. Returns the number of mails.
    ///
    /// # Errors
    /// [`Error::TooMany`] for a second reminder within the hour.
    pub async fn remind_judges(
        &self,
        admin: &Admin,
        _open: JudgingOpen,
        edition: &Edition,
    ) -> Result<usize> {
        let waiting =
            judges_with_unsigned_sheets(&mut *self.acquire_connection().await?, edition.id).await?;
        let letters = waiting
            .iter()
            .filter(|judge| !judge.closed)
            .map(|judge| self.reminder_letter(edition, judge))
            .collect::<Result<Vec<_>>>()?;
        if letters.is_empty() {
            return Ok(0);
        }
        self.count_attempt(REMINDERS, &edition.id.to_string()).await?;
        let (actor, edition, keys) = (admin.account_id(), edition.clone(), self.keys.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                for letter in &letters {
                    mail::queue_letter(connection, &keys, letter).await?;
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::JudgesReminded,
                    subject: &edition.slug,
                    detail: serde_json::json!({ "judges": letters.len() }),
                };
                audit::record_event(connection, act).await?;
                Ok(letters.len())
            })
        })
        .await
    }

    fn reminder_letter(&self, edition: &Edition, judge: &queries::UnsignedJudge) -> Result<Letter> {
        use phrases::judging::{reminder_body, reminder_subject};
        let lang = phrases::Lang::from_tag(&judge.lang).unwrap_or_default();
        let title = lang.choose_text(&edition.title.ko, &edition.title.en);
        let link = format!("{}/judging/{}", self.settings().public_url, edition.slug);
        let to = Email::parse(&judge.email)
            .map_err(|_| Error::Internal("an account has an unreadable address"))?;
        let letter = Letter {
            edition: None,
            to,
            subject: reminder_subject(lang, title),
            body: reminder_body(lang, title, link, &judge.name, judge.open),
            minutes: None,
        };
        Ok(letter.marked_if_rehearsal(lang, edition.rehearsal))
    }
}
