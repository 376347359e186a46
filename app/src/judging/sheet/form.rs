//! What the form of a sheet does: save, save and next, sign, step back.

use axum::extract::Path;
use backend::Refusal;
use backend::judging::SheetSaveOutcome;
use domain::refusal::JudgingRefusal;
use domain::schedule::JudgingOpen;

use crate::AppError;
use crate::islands::sheet_state::ShownVersion;
use crate::islands::sheet_versions::is_same_form;
use crate::judging::sheet::page::{SheetPlace, SheetRetry, sheet_page};
use crate::judging::sheet::typed::{TypedSheet, missing_field};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

/// POST /judging/{edition}/{case}
pub(crate) async fn submit_sheet(
    cx: RequestContext,
    Path((slug, case)): Path<(String, String)>,
    fields: FormFields,
) -> PageResult {
    let place = SheetPlace::from_path(&cx, &slug, &case).await?;
    // Check membership first, so that people outside the panel learn nothing about the window.
    cx.backend().case_with_own_sheet(&place.judge, &place.edition, place.case).await?;
    let open = place.edition.judging_open().map_err(AppError::Phase)?;
    if fields.field_text("act") == "recuse" {
        return recuse_from_case(&cx, place, open, &fields).await;
    }
    let mut draft = TypedSheet::from_fields(&fields, place.edition.rulebook.panel.rubric.len())?;
    match save_typed_sheet(&cx, &place, open, &draft).await {
        Ok(SaveOutcome::Version(version)) => draft.version = version,
        Ok(SaveOutcome::Other(version)) => {
            draft.version = version;
            let retry = SheetRetry { draft: Some(draft), clash: true, ..SheetRetry::default() };
            let stale = AppError::Refused(Refusal::Stale);
            return cx
                .show_again(sheet_page(&cx, place, ShownVersion::Clash, retry).await?, &stale);
        }
        Err(error) => {
            // Signed in the same words before: pressed twice, or the answer was lost.
            if is_signed_as_typed(&cx, &place, &draft, &error).await? {
                return Ok(redirect_to(&place.case_sheet_path(place.case)));
            }
            let retry = SheetRetry {
                draft: Some(draft),
                error: Some(error.clone()),
                ..SheetRetry::default()
            };
            return show_sheet_again(&cx, place, ShownVersion::Typed, retry, &error).await;
        }
    }
    match fields.field_text("act") {
        "next" => go_to_next_case(&cx, &place).await,
        "sign" => {
            sign_saved_sheet(&cx, place, open, draft.version, fields.has_field("confirm")).await
        }
        _ => Ok(redirect_to(&place.case_sheet_path(place.case))),
    }
}

async fn is_signed_as_typed(
    cx: &RequestContext,
    place: &SheetPlace,
    draft: &TypedSheet,
    error: &AppError,
) -> Result<bool, AppError> {
    let AppError::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned)) = error else {
        return Ok(false);
    };
    let (_, stored) =
        cx.backend().case_with_own_sheet(&place.judge, &place.edition, place.case).await?;
    Ok(draft.to_score_form().is_ok_and(|form| is_same_form(&stored.form, &form)))
}

/// The sheet that is stored after a save.
enum SaveOutcome {
    /// The sent sheet, in this version.
    Version(i32),
    /// Another sheet, in this version.
    Other(i32),
}

async fn save_typed_sheet(
    cx: &RequestContext,
    place: &SheetPlace,
    open: JudgingOpen,
    draft: &TypedSheet,
) -> Result<SaveOutcome, AppError> {
    let form = draft.to_score_form()?;
    let SheetPlace { judge, edition, case } = place;
    let saving = cx.backend().save_sheet(judge, open, edition, *case, draft.version, &form).await?;
    Ok(match saving {
        SheetSaveOutcome::Saved { version, .. } => SaveOutcome::Version(version),
        // The same form was sent twice, e.g. by a double press: the stored sheet equals the sent
        // one.
        SheetSaveOutcome::Stale(stored) if is_same_form(&stored.form, &form) => {
            SaveOutcome::Version(stored.version)
        }
        SheetSaveOutcome::Stale(stored) => SaveOutcome::Other(stored.version),
    })
}

async fn go_to_next_case(cx: &RequestContext, place: &SheetPlace) -> PageResult {
    let desk = cx.backend().judging_desk(&place.judge, &place.edition).await?;
    let next = desk.next_unsigned_case(Some(place.case));
    Ok(redirect_to(
        &next.map_or_else(|| place.case_list_path(), |next| place.case_sheet_path(next)),
    ))
}

/// Signs the sheet that was just saved.
async fn sign_saved_sheet(
    cx: &RequestContext,
    place: SheetPlace,
    open: JudgingOpen,
    version: i32,
    confirmed: bool,
) -> PageResult {
    let SheetPlace { judge, edition, case } = &place;
    let signed = if confirmed {
        cx.backend().sign_sheet(judge, open, edition, *case, version).await.map_err(AppError::from)
    } else {
        Err(missing_field("confirm"))
    };
    let path = place.case_sheet_path(place.case);
    match signed {
        Ok(_) => Ok(redirect_to(&path)),
        // The sheet is stored. Another page says what is missing, so that loading it again sends no old
        // sheet.
        Err(AppError::Invalid(_)) => Ok(redirect_to(&format!("{path}?unsigned=confirm"))),
        Err(AppError::Refused(Refusal::Judging(JudgingRefusal::SheetIncomplete(_)))) => {
            Ok(redirect_to(&format!("{path}?unsigned=scores")))
        }
        Err(error) => {
            let retry = SheetRetry { error: Some(error.clone()), ..SheetRetry::default() };
            show_sheet_again(cx, place, ShownVersion::Stored, retry, &error).await
        }
    }
}

async fn recuse_from_case(
    cx: &RequestContext,
    place: SheetPlace,
    open: JudgingOpen,
    fields: &FormFields,
) -> PageResult {
    let reason = fields.field_text("reason");
    let SheetPlace { judge, edition, case } = &place;
    let done = if fields.has_field("step-back") {
        cx.backend().recuse_judge(judge, open, edition, *case, reason).await.map_err(AppError::from)
    } else {
        Err(missing_field("step-back"))
    };
    match done {
        Ok(()) => Ok(redirect_to(&place.case_list_path())),
        Err(error) => {
            let retry = SheetRetry {
                error: Some(error.clone()),
                reason: Some(reason.to_owned()),
                ..SheetRetry::default()
            };
            show_sheet_again(cx, place, ShownVersion::Stored, retry, &error).await
        }
    }
}

async fn show_sheet_again(
    cx: &RequestContext,
    place: SheetPlace,
    shown: ShownVersion,
    retry: SheetRetry,
    error: &AppError,
) -> PageResult {
    if !error.is_correctable() {
        return Err(error.clone());
    }
    cx.show_again(sheet_page(cx, place, shown, retry).await?, error)
}
