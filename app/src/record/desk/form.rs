//! The forms of the administrators' page of the record.

use axum::extract::Path;
use backend::{Error, Refusal};
use domain::text::{narrow_line, parse_whole_number};
use phrases::{Lang, record as say};

use crate::AppError;
use crate::record::desk::page::{RecordDeskState, record_desk_page};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

/// POST /admin/{edition}/record
pub(crate) async fn submit_record_desk(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let (acted, done) = match fields.field_text("act") {
        "seal" => (seal_if_confirmed(&cx, &slug, &fields).await, "sealed"),
        "erase" => {
            let word = fields.field_text("confirm-erase");
            (cx.backend().erase_confirmed_edition(&admin, &edition, word).await, "erased")
        }
        "observer" => {
            // Text that is not a number becomes 0, which is refused like a number out of range.
            let days = parse_whole_number(fields.field_text("days")).ok().flatten();
            let days = days.and_then(|days| i32::try_from(days).ok()).unwrap_or_default();
            let name = fields.field_text("name");
            match cx.backend().make_observer_link(&admin, &edition, name, days).await {
                Ok(token) => {
                    let url = &cx.backend().settings().public_url;
                    let link = format!("{url}/record/{slug}?observer={token}");
                    let came = RecordDeskState { link: Some(link), ..RecordDeskState::default() };
                    let page = record_desk_page(&cx, edition, came).await?;
                    return Ok(cx.render_secret(page, format!("/admin/{slug}/record")));
                }
                Err(error) => (Err(error), ""),
            }
        }
        "end" => {
            let link = fields.field_text("link").parse().map_err(|_| AppError::BadRequest)?;
            (cx.backend().end_observer_link(&admin, &edition, link).await, "ended")
        }
        _ => return Err(AppError::BadRequest),
    };
    match acted {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/record?done={done}"))),
        Err(error) => {
            let error = AppError::from(error);
            let text = |name: &str| fields.field_text(name).to_owned();
            let typed = fields.has_field("name").then(|| (text("name"), text("days")));
            let came =
                RecordDeskState { error: Some(error.clone()), typed, ..RecordDeskState::default() };
            cx.show_again(record_desk_page(&cx, edition, came).await?, &error)
        }
    }
}

async fn seal_if_confirmed(
    cx: &RequestContext,
    slug: &str,
    fields: &FormFields,
) -> Result<(), Error> {
    let admin = cx.require_sign_in().map_err(|_| Error::SignIn)?.require_admin()?;
    let typed = narrow_line(fields.field_text("confirm-seal")).to_lowercase();
    if ![Lang::Ko, Lang::En].into_iter().any(|lang| typed == say::seal_word(lang)) {
        return Err(Error::Refused(Refusal::NotConfirmed));
    }
    let edition = cx.backend().find_edition(slug).await?;
    cx.backend().seal_rulebook(&admin, &edition).await
}
