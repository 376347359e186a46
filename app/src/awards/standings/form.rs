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
            let typed = TypedAnnouncement::from_fields(&fields);
            let announcement = AnnouncementForm {
                when,
                minutes: typed.minutes,
                confirm: typed.confirm,
                without_judges: typed.without_judges,
            };
            match edition.deliberation_open() {
                Ok(open) => cx
                    .backend()
                    .announce_result(&admin, open, &edition, &announcement)
                    .await
                    .map(drop),
                // The form was sent twice, or by two people: the page shows the first decision.
                Err(_) if edition.schedule.released_at.is_some() => Ok(()),
                Err(problem) => Err(problem.into()),
            }
        }
        "open" => match edition.deliberation_open() {
            Ok(open) => cx.backend().compute_standings(&admin, open, &edition).await.map(drop),
            // Meanwhile somebody has announced: the page shows the decision.
            Err(_) if edition.schedule.released_at.is_some() => Ok(()),
            Err(problem) => Err(problem.into()),
        },
        "withdraw" if fields.has_field("confirm_withdraw") => {
            match cx.backend().withdraw_announcement(&admin, &edition).await {
                Ok(minutes) => {
                    let typed = TypedAnnouncement { minutes, ..TypedAnnouncement::default() };
                    let edition = cx.backend().find_edition(&slug).await?;
                    let page = page::standings_page(&cx, &edition, typed).await?;
                    return Ok(cx.render_page(page));
                }
                Err(error) => Err(error),
            }
        }
        "withdraw" => Err(Error::Refused(Refusal::NotConfirmed)),
        _ => return Err(AppError::BadRequest),
    };
    match done {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/standings"))),
        Err(error) => {
            let error = AppError::from(error);
            let typed = TypedAnnouncement {
                error: Some(error.clone()),
                ..TypedAnnouncement::from_fields(&fields)
            };
            // Load the edition again, because another request may have changed it.
            let edition = cx.backend().find_edition(&slug).await?;
            let page = page::standings_page(&cx, &edition, typed).await?;
            cx.show_again(page, &error)
        }
    }
}
