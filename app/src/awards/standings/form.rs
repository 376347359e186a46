//! What the forms of the standings do: open the counts, announce the result, or withdraw the announcement.

use axum::extract::Path;
use backend::awards::{AnnouncementForm, ReleaseTime};
use backend::{Error, Refusal};

use crate::AppError;
use crate::awards::standings::announcement::TypedAnnouncement;
use crate::awards::standings::page;
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

/// POST /admin/{edition}/standings
pub(crate) async fn announce_or_withdraw(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let done = match fields.field_text("act") {
        "announce" => {
            let when = if fields.field_text("when") == "now" {
                ReleaseTime::Now
            } else {
                ReleaseTime::AtPlanned
            };
            let announcement = AnnouncementForm {
                when,
                minutes: fields.field_text("minutes").to_owned(),
                confirm: fields.field_text("confirm").to_owned(),
                without_judges: fields.field_text("without_judges") == "yes",
            };
            match edition.deliberation_open() {
                Ok(open) => cx
                    .backend()
                    .announce_result(&admin, open, &edition, &announcement)
                    .await
                    .map(drop),
                // The form was sent twice, or by two people: the page shows the first decision.
                Err(_) if edition.schedule.released_at.is_some() => {
                    Err(Error::Refused(Refusal::WrongState))
                }
                Err(problem) => Err(problem.into()),
            }
        }
        "open" => match edition.deliberation_open() {
            Ok(open) => cx.backend().compute_standings(&admin, open, &edition).await.map(drop),
            // Meanwhile somebody has announced: the page shows the decision.
            Err(_) if edition.schedule.released_at.is_some() => Ok(()),
            Err(problem) => Err(problem.into()),
        },
        "withdraw" => cx.backend().withdraw_announcement(&admin, &edition).await,
        _ => return Err(AppError::BadRequest),
    };
    match done {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/standings"))),
        Err(error) => {
            let error = AppError::from(error);
            let typed = TypedAnnouncement {
                now: fields.field_text("when") == "now",
                minutes: fields.field_text("minutes").to_owned(),
                confirm: fields.field_text("confirm").to_owned(),
                without_judges: fields.field_text("without_judges") == "yes",
                error: Some(error.clone()),
            };
            // Load the edition again, because another request may have changed it.
            let edition = cx.backend().find_edition(&slug).await?;
            let page = page::standings_page(&cx, &edition, typed).await?;
            cx.show_again(page, &error)
        }
    }
}
