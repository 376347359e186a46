//! What the forms of polls do.

use axum::extract::Path;
use backend::editions::Poll;
use backend::{Error, Refusal};
use http::StatusCode;

use crate::AppError;
use crate::editions::polls::form_reader::read_poll_change;
use crate::editions::polls::page::poll_form_page;
use crate::editions::polls::page_data::PollsPageData;
use crate::editions::polls::typed::TypedPoll;
use crate::editions::polls::view::PollFormAttempt;
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

/// POST /admin/{edition}/add-poll
pub(crate) async fn add_poll(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let desk = PollsPageData::load_polls(&cx, &slug).await?;
    save_poll_form(cx, desk, None, &fields).await
}

/// POST /admin/{edition}/polls/{poll}
pub(crate) async fn change_or_remove_poll(
    cx: RequestContext,
    Path((slug, poll)): Path<(String, String)>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let desk = PollsPageData::load_polls(&cx, &slug).await?;
    let poll = desk.edition.find_poll(&poll)?.clone();
    if fields.field_text("act") != "remove" {
        return save_poll_form(cx, desk, Some(poll), &fields).await;
    }
    match cx.backend().remove_poll(&admin, &desk.edition, poll.slug()).await {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/polls?done=removed"))),
        Err(error) => {
            let attempt = PollFormAttempt::without_faults(TypedPoll::from_poll(&desk, Some(&poll)));
            show_poll_again(&cx, desk, Some(&poll), attempt, &error.into())
        }
    }
}

async fn save_poll_form(
    cx: RequestContext,
    desk: PollsPageData,
    poll: Option<Poll>,
    fields: &FormFields,
) -> PageResult {
    let (admin, typed) = (cx.require_admin()?, TypedPoll::from_fields(fields));
    let slug = desk.edition.slug.clone();
    let change = match read_poll_change(cx.lang(), &desk, poll.as_ref(), &typed) {
        Ok(change) => change,
        Err(faults) => {
            let attempt = PollFormAttempt { typed, faults, error: None };
            let page = poll_form_page(&cx, desk, poll.as_ref(), attempt);
            return Ok(cx.render_page(page.with_status(StatusCode::UNPROCESSABLE_ENTITY)));
        }
    };
    let name = poll.as_ref().map(Poll::slug);
    let saved = if typed.shown == TypedPoll::from_poll(&desk, None).shown {
        cx.backend().save_poll(&admin, &desk.edition, name, change).await
    } else {
        Err(Error::Refused(Refusal::Stale))
    };
    match saved {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/polls?done=saved"))),
        Err(error) => show_poll_again(
            &cx,
            desk,
            poll.as_ref(),
            PollFormAttempt::without_faults(typed),
            &error.into(),
        ),
    }
}

fn show_poll_again(
    cx: &RequestContext,
    desk: PollsPageData,
    poll: Option<&Poll>,
    mut attempt: PollFormAttempt,
    error: &AppError,
) -> PageResult {
    attempt.error = Some(error.clone());
    cx.show_again(poll_form_page(cx, desk, poll, attempt), error)
}
