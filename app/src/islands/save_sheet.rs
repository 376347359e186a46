//! The server function of the sheet's island: stores the sheet.
#![expect(
    unreachable_pub,
    reason = "the server function hands these out through a trait, which needs them public"
)]

use chrono::{DateTime, Utc};
use domain::ids::CaseId;
use domain::sheet::ScoreForm;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::AppError;

/// The answer to a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaveAnswer {
    /// The sheet is stored.
    Saved {
        /// The version to name with the next save.
        version: i32,
        /// The time of the save.
        saved_at: DateTime<Utc>,
    },
    /// Another save came first; nothing was stored.
    Stale {
        /// The version that is stored.
        version: i32,
        /// The time at which the stored version was saved.
        saved_at: Option<DateTime<Utc>>,
        /// The content of the stored version.
        form: ScoreForm,
    },
}

#[cfg(feature = "ssr")]
impl From<backend::judging::SheetSaveOutcome> for SaveAnswer {
    fn from(saving: backend::judging::SheetSaveOutcome) -> Self {
        use backend::judging::SheetSaveOutcome;
        match saving {
            SheetSaveOutcome::Saved { version, saved_at } => Self::Saved { version, saved_at },
            SheetSaveOutcome::Stale(stored) => Self::Stale {
                version: stored.version,
                saved_at: stored.saved_at,
                form: stored.form,
            },
        }
    }
}

/// Saves the judge's own sheet for a case, also if it is incomplete.
///
/// # Errors
/// Returns an [`AppError`] if the case does not exist or is not this judge's, if the judging is not
/// open, or if a score is above the rubric's maximum.
#[server(endpoint = "judging/save_sheet", input = Json)]
pub async fn save_sheet(
    edition: String,
    case: CaseId,
    version: i32,
    form: ScoreForm,
) -> Result<SaveAnswer, AppError> {
    let cx = crate::web::request::server_context()?;
    let judge = cx.require_judge()?;
    let edition = cx.backend().find_public_edition(&edition).await?;
    let open = edition.judging_open().map_err(AppError::Phase)?;
    Ok(cx.backend().save_sheet(&judge, open, &edition, case, version, &form).await?.into())
}
