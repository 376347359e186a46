//! The page of one poll, and of a new one.

use axum::extract::Path;
use backend::editions::{Edition, Poll};
use leptos::prelude::*;
use phrases::{Lang, polls as words};

use crate::editions::polls::list::roll_link;
use crate::editions::polls::page_data::{PollsPageData, rules_state_notice};
use crate::editions::polls::typed::TypedPoll;
use crate::editions::polls::view::{self, PollFormAttempt};
use crate::staff::{edition_tabs, staff_crumbs};
use crate::ui::{ButtonWeight, Crumbs, Facts, PageHead, Submit};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::polls;

/// GET /admin/{edition}/polls/{poll}
pub(crate) async fn show_poll(
    cx: RequestContext,
    Path((slug, poll)): Path<(String, String)>,
) -> PageResult {
    let desk = PollsPageData::load_polls(&cx, &slug).await?;
    let poll = desk.edition.find_poll(&poll)?.clone();
    if desk.edition.sealed {
        return Ok(cx.render_page(sealed_poll_page(&cx, desk, &poll)));
    }
    let attempt = PollFormAttempt::without_faults(TypedPoll::from_poll(&desk, Some(&poll)));
    Ok(cx.render_page(poll_form_page(&cx, desk, Some(&poll), attempt)))
}

/// GET /admin/{edition}/add-poll
pub(crate) async fn show_new_poll(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let desk = PollsPageData::load_polls(&cx, &slug).await?;
    if desk.edition.sealed {
        // The list says that the rules are sealed.
        return Ok(redirect_to(&format!("/admin/{}/polls", desk.edition.slug)));
    }
    let attempt = PollFormAttempt::without_faults(TypedPoll::from_poll(&desk, None));
    Ok(cx.render_page(poll_form_page(&cx, desk, None, attempt)))
}

fn poll_crumbs(lang: Lang, edition: &Edition, here: &str) -> Crumbs {
    let mut way = staff_crumbs(lang, edition, words::page(lang));
    if let Some(polls) = way.last_mut() {
        polls.1 = Some(format!("/admin/{}/polls", edition.slug));
    }
    way.push((here.to_owned(), None));
    way
}

/// Builds the page of a poll that can no longer be changed, because the rules are sealed.
fn sealed_poll_page(cx: &RequestContext, desk: PollsPageData, poll: &Poll) -> Page {
    let lang = cx.lang();
    let title = polls::poll_title(lang, &poll.rules);
    let crumbs = poll_crumbs(lang, &desk.edition, &title);
    let (of, rows, heading) =
        (desk.edition.clone(), desk.poll_setting_rows(lang, poll), title.clone());
    let roll = roll_link(lang, &desk.edition, poll);
    let page = Page::titled(title, move || {
        view! {
            <PageHead title=heading/>
            {edition_tabs(lang, &desk.edition, "/polls")}
            {rules_state_notice(lang, &desk, None)}
            <Facts rows/>
            <div class="actions">{roll}</div>
        }
    });
    page.for_edition(&of).with_crumbs(crumbs)
}

/// Builds the form of a poll, or of a new one, with the typed values.
pub(crate) fn poll_form_page(
    cx: &RequestContext,
    desk: PollsPageData,
    poll: Option<&Poll>,
    attempt: PollFormAttempt,
) -> Page {
    let lang = cx.lang();
    let (title, lead) = match poll {
        Some(poll) => (words::change_of(lang, polls::poll_title(lang, &poll.rules)), ""),
        None => (words::add(lang).to_owned(), words::add_lead(lang)),
    };
    let crumbs = poll_crumbs(lang, &desk.edition, &title);
    let removable = poll.is_some() && desk.edition.polls.len() > 1;
    let (of, heading) = (desk.edition.clone(), title.clone());
    let roll = poll.and_then(|poll| roll_link(lang, &desk.edition, poll));
    let page = Page::titled(title, move || {
        let remove = removable.then(|| remove_poll_form(lang));
        view! {
            <PageHead title=heading lead=lead/>
            {edition_tabs(lang, &desk.edition, "/polls")}
            <div class="actions">{roll}</div>
            {view::poll_form(lang, &desk, &attempt)}
            {remove}
        }
    });
    page.for_edition(&of).with_crumbs(crumbs)
}

/// Builds the form that removes a poll. It is folded because removing cannot be undone.
fn remove_poll_form(lang: Lang) -> AnyView {
    view! {
        <details class="stack">
            <summary>{words::remove_title(lang)}</summary>
            <form method="post" class="form">
                <p>{words::remove_text(lang)}</p>
                <div class="actions">
                    <Submit label=words::remove(lang) weight=ButtonWeight::Danger name="act"
                        value="remove"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}
