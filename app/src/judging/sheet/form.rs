//! What the form of a sheet does: save, save and next, sign, step back.

use axum::extract::Path;
use backend::judging::SheetSaveOutcome;
use domain::schedule::JudgingOpen;
use domain::text::FieldProblem;

use crate::islands::sheet_state::Shown;
use crate::islands::sheet_versions::same;
use crate::judging::sheet::page::{Place, Retry, page};
use crate::judging::sheet::typed::Draft;
use crate::web::answer::{Answer, go};
use crate::web::fields::Fields;
use crate::web::request::Cx;
use crate::{AppError, FieldFault};

/// POST /judging/{edition}/{case}
pub(crate) async fn sheet(
    cx: Cx,
    Path((slug, case)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let place = Place::find(&cx, &slug, &case).await?;
    // Check membership first, so that people outside the panel learn nothing about the window.
    cx.backend().case_with_own_sheet(&place.judge, &place.edition, place.case).await?;
    let open = place.edition.judging_open().map_err(AppError::Phase)?;
    if fields.text("act") == "recuse" {
        return recuse(&cx, place, open, &fields).await;
    }
    let mut draft = Draft::typed(&fields, place.edition.rulebook.panel.rubric.len())?;
    match save(&cx, &place, open, &draft).await {
        Ok(Stored::Version(version)) => draft.version = version,
        Ok(Stored::Other(version)) => {
            draft.version = version;
            let retry = Retry { draft: Some(draft), clash: true, ..Retry::default() };
            let stale = AppError::Refused(backend::Refusal::Stale);
            return cx.again(page(&cx, place, Shown::Clash, retry).await?, &stale);
        }
        Err(error) => {
            let retry =
                Retry { draft: Some(draft), error: Some(error.clone()), ..Retry::default() };
            return again(&cx, place, Shown::Typed, retry, &error).await;
        }
    }
    match fields.text("act") {
        "next" => next(&cx, &place).await,
        "sign" => sign(&cx, place, open, draft.version, fields.has("confirm")).await,
        _ => Ok(go(&place.of(place.case))),
    }
}

/// The sheet that is stored after a save.
enum Stored {
    /// The sent sheet, in this version.
    Version(i32),
    /// Another sheet, in this version.
    Other(i32),
}

async fn save(
    cx: &Cx,
    place: &Place,
    open: JudgingOpen,
    draft: &Draft,
) -> Result<Stored, AppError> {
    let form = draft.form()?;
    let Place { judge, edition, case } = place;
    let saving = cx.backend().save_sheet(judge, open, edition, *case, draft.version, &form).await?;
    Ok(match saving {
        SheetSaveOutcome::Saved { version, .. } => Stored::Version(version),
        // The same form was sent twice, e.g. by a double press: the stored sheet equals the sent
        // one.
        SheetSaveOutcome::Stale(stored) if same(&stored.form, &form) => {
            Stored::Version(stored.version)
        }
        SheetSaveOutcome::Stale(stored) => Stored::Other(stored.version),
    })
}

async fn next(cx: &Cx, place: &Place) -> Answer {
    let desk = cx.backend().judging_desk(&place.judge, &place.edition).await?;
    let next = desk.next_unsigned_case(Some(place.case));
    Ok(go(&next.map_or_else(|| place.list(), |next| place.of(next))))
}

/// Signs the sheet that was just saved.
async fn sign(cx: &Cx, place: Place, open: JudgingOpen, version: i32, confirmed: bool) -> Answer {
    let Place { judge, edition, case } = &place;
    let signed = if confirmed {
        cx.backend().sign_sheet(judge, open, edition, *case, version).await.map_err(AppError::from)
    } else {
        Err(missing("confirm"))
    };
    match signed {
        Ok(_) => Ok(go(&place.of(place.case))),
        Err(error) => {
            let retry = Retry { error: Some(error.clone()), ..Retry::default() };
            again(cx, place, Shown::Stored, retry, &error).await
        }
    }
}

async fn recuse(cx: &Cx, place: Place, open: JudgingOpen, fields: &Fields) -> Answer {
    let reason = fields.text("reason");
    let Place { judge, edition, case } = &place;
    let done = if fields.has("step-back") {
        cx.backend().recuse_judge(judge, open, edition, *case, reason).await.map_err(AppError::from)
    } else {
        Err(missing("step-back"))
    };
    match done {
        Ok(()) => Ok(go(&place.list())),
        Err(error) => {
            let retry = Retry {
                error: Some(error.clone()),
                reason: Some(reason.to_owned()),
                ..Retry::default()
            };
            again(cx, place, Shown::Stored, retry, &error).await
        }
    }
}

fn missing(field: &str) -> AppError {
    let fault = FieldFault { field: field.to_owned(), problem: FieldProblem::Missing };
    AppError::Invalid(vec![fault])
}

async fn again(cx: &Cx, place: Place, shown: Shown, retry: Retry, error: &AppError) -> Answer {
    if !error.is_about_the_form() {
        return Err(error.clone());
    }
    cx.again(page(cx, place, shown, retry).await?, error)
}
