//! All polls of an edition in words, for its administrators.

use axum::extract::{Path, Query};
use backend::editions::{Edition, Poll};
use domain::limits;
use domain::rulebook::VoterIdentity;
use leptos::prelude::*;
use phrases::{Lang, polls as words};

use crate::editions::polls::page_data::{PollsPageData, rules_state_notice};
use crate::editions::polls::risk::email_weight_notice;
use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{ButtonLink, ButtonWeight, Facts, PageHead, Section};
use crate::web::answer::PageResult;
use crate::web::form_errors::render_done_notice;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{polls, refusals};

/// GET /admin/{edition}/polls
pub(crate) async fn show_polls(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let desk = PollsPageData::load_polls(&cx, &slug).await?;
    let refusal = cx.backend().sealing_refusal(&admin, &desk.edition).await?;
    let refusal = refusal.map(|refusal| refusals::refusal_sentence(lang, &refusal));
    let done = match query.done.as_str() {
        "saved" => Some(words::saved_done(lang)),
        "removed" => Some(words::removed_done(lang)),
        _ => None,
    };
    let (of, crumbs) = (desk.edition.clone(), staff_crumbs(lang, &desk.edition, words::page(lang)));
    let page = Page::titled(words::page(lang), move || {
        let edition = &desk.edition;
        let items = edition.polls.iter().map(|poll| poll_section(lang, &desk, poll)).collect_view();
        let room = !edition.sealed && edition.polls.len() < limits::POLLS;
        let href = format!("/admin/{}/add-poll", edition.slug);
        let add = room.then(|| view! { <ButtonLink label=words::add(lang) href/> });
        view! {
            <PageHead title=words::page(lang) lead=words::page_lead(lang)>{add}</PageHead>
            {edition_tabs(lang, edition, "/polls")}
            {render_done_notice(lang, done)}
            {rules_state_notice(lang, &desk, refusal)}
            {email_weight_notice(lang, edition)}
            {items}
        }
    });
    Ok(cx.render_page(page.for_edition(&of).with_crumbs(crumbs)))
}

/// Builds the section of one poll in the list.
pub(crate) fn poll_section(lang: Lang, desk: &PollsPageData, poll: &Poll) -> AnyView {
    let title = polls::poll_title(lang, &poll.rules);
    let rows = desk.poll_setting_rows(lang, poll);
    let change = (!desk.edition.sealed).then(|| {
        let href = format!("/admin/{}/polls/{}", desk.edition.slug, poll.slug());
        let label = words::change_of(lang, &title);
        view! { <ButtonLink label href weight=ButtonWeight::Secondary/> }
    });
    let roll = roll_link(lang, &desk.edition, poll);
    view! {
        <Section title=title.clone()>
            <Facts rows/>
            <div class="actions">{change}{roll}</div>
        </Section>
    }
    .into_any()
}

/// Links the roll of a poll that knows its voters by one.
pub(crate) fn roll_link(lang: Lang, edition: &Edition, poll: &Poll) -> Option<AnyView> {
    let href = format!("/admin/{}/polls/{}/roll", edition.slug, poll.slug());
    let label = phrases::roll::roll(lang);
    (poll.rules.identity == VoterIdentity::Roll)
        .then(|| view! { <ButtonLink label href weight=ButtonWeight::Secondary/> }.into_any())
}
