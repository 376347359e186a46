//! The server function of the draft's island: stores the draft.
#![expect(unreachable_pub, reason = "the macro makes public what the browser calls by name")]

use domain::ids::CaseId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::AppError;

/// The texts of a draft, by the names of its inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTexts {
    /// The title.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// What it is about.
    pub summary: String,
    /// The story.
    pub body: String,
    /// The key of the track.
    pub track: String,
    /// The key of a district or of a neighbourhood.
    pub place: String,
    /// What the picture shows.
    pub alt: String,
    /// The address of a film. A page of a version without it sends none.
    #[serde(default)]
    pub film: String,
}

/// The answer to a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedDraft {
    /// The version that the next save has to name.
    pub version: i32,
    /// The time of the day at which it was saved.
    pub time: String,
}

/// Saves a draft, as the form's button does. The use case gets the proof that the visitor is a
/// member, and checks that the case is of the member's organisation.
///
/// # Errors
/// Returns the errors of the form: [`AppError::Invalid`], [`AppError::Refused`],
/// [`AppError::Phase`].
#[server(endpoint = "cases/save_draft", input = Json)]
pub async fn save_draft(
    case: CaseId,
    version: i32,
    texts: DraftTexts,
) -> Result<SavedDraft, AppError> {
    let cx = crate::web::request::server_context()?;
    server::store_draft(&cx, &cx.require_member()?, case, version, texts).await
}

/// Who else has a draft open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDraft {
    /// The names of the others.
    pub others: Vec<String>,
    /// The version that is stored.
    pub version: i32,
}

/// Tells that the visitor has a draft open, and who else has.
///
/// # Errors
/// Returns [`AppError::NotFound`] for a case of others.
#[server(endpoint = "cases/tell_reader", input = Json)]
pub async fn tell_reader(case: CaseId) -> Result<OpenDraft, AppError> {
    let cx = crate::web::request::server_context()?;
    let seen = cx.backend().note_draft_reader(&cx.require_member()?, case).await?;
    Ok(OpenDraft { others: seen.others, version: seen.version })
}

/// The part of the server function that runs on the server.
#[cfg(feature = "ssr")]
mod server {
    use backend::Error;
    use backend::accounts::Member;
    use backend::cases::CaseDraft;
    use domain::ids::CaseId;

    use super::{DraftTexts, SavedDraft};
    use crate::AppError;
    use crate::web::request::RequestContext;
    use crate::words::times;

    impl From<DraftTexts> for CaseDraft {
        fn from(texts: DraftTexts) -> Self {
            let DraftTexts { title, title_en, summary, body, track, place, alt, film } = texts;
            Self { title, title_en, summary, body, track, place, alt, film }
        }
    }

    /// Saves a draft. Returns the same errors as the form's button.
    pub(super) async fn store_draft(
        cx: &RequestContext,
        member: &Member,
        case: CaseId,
        version: i32,
        texts: DraftTexts,
    ) -> Result<SavedDraft, AppError> {
        let found = cx.backend().own_case(member, case).await?;
        let edition = cx.backend().find_edition(&found.edition_slug).await?;
        let open = found.submissions_open(&edition).map_err(Error::from)?;
        let draft = texts.into();
        let saved = cx.backend().save_case(member, open, &edition, case, version, &draft).await?;
        Ok(SavedDraft { version: saved.version, time: times::format_time_of_day(saved.saved_at) })
    }
}
