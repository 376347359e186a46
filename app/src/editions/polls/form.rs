//! What the forms of polls do.

use axum::extract::Path;
use backend::editions::Poll;
use backend::{Error, Refusal};
use http::StatusCode;

use crate::AppError;
use crate::editions::polls::desk::Desk;
use crate::editions::polls::page::poll_page;
use crate::editions::polls::read::read;
use crate::editions::polls::typed::Typed;
use crate::editions::polls::view::Attempt;
use crate::web::answer::{Answer, go};
use crate::web::fields::Fields;
use crate::web::request::Cx;

/// POST /admin/{edition}/add-poll
pub(crate) async fn add(cx: Cx, Path(slug): Path<String>, fields: Fields) -> Answer {
    let desk = Desk::load(&cx, &slug).await?;
    save(cx, desk, None, &fields).await
}

/// POST /admin/{edition}/polls/{poll}
pub(crate) async fn change(
    cx: Cx,
    Path((slug, poll)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let admin = cx.admin()?;
    let desk = Desk::load(&cx, &slug).await?;
    let poll = desk.edition.find_poll(&poll)?.clone();
    if fields.text("act") != "remove" {
        return save(cx, desk, Some(poll), &fields).await;
    }
    match cx.backend().remove_poll(&admin, &desk.edition, poll.slug()).await {
        Ok(()) => Ok(go(&format!("/admin/{slug}/polls?done=removed"))),
        Err(error) => {
            let attempt = Attempt::new(Typed::of(&desk, Some(&poll)));
            again(&cx, desk, Some(&poll), attempt, &error.into())
        }
    }
}

async fn save(cx: Cx, desk: Desk, poll: Option<Poll>, fields: &Fields) -> Answer {
    let (admin, typed) = (cx.admin()?, Typed::read(fields));
    let slug = desk.edition.slug.clone();
    let change = match read(cx.lang(), &desk, poll.as_ref(), &typed) {
        Ok(change) => change,
        Err(faults) => {
            let attempt = Attempt { typed, faults, error: None };
            let page = poll_page(&cx, desk, poll.as_ref(), attempt);
            return Ok(cx.page(page.status(StatusCode::UNPROCESSABLE_ENTITY)));
        }
    };
    let name = poll.as_ref().map(Poll::slug);
    let saved = if typed.shown == Typed::of(&desk, None).shown {
        cx.backend().save_poll(&admin, &desk.edition, name, change).await
    } else {
        Err(Error::Refused(Refusal::Stale))
    };
    match saved {
        Ok(()) => Ok(go(&format!("/admin/{slug}/polls?done=saved"))),
        Err(error) => again(&cx, desk, poll.as_ref(), Attempt::new(typed), &error.into()),
    }
}

fn again(
    cx: &Cx,
    desk: Desk,
    poll: Option<&Poll>,
    mut attempt: Attempt,
    error: &AppError,
) -> Answer {
    attempt.error = Some(error.clone());
    cx.again(poll_page(cx, desk, poll, attempt), error)
}
