//! The administrators' page of the record: its state, and the actions that cannot be undone.

use axum::extract::{Path, Query};
use backend::editions::Edition;
use backend::record::{ObserverLink, Record, RecordHealth, can_be_erased, erase_day};
use chrono::Utc;
use leptos::prelude::*;
use phrases::{Lang, record as say};

use crate::AppError;
use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{
    ButtonLink, ButtonWeight, Facts, Notice, PageHead, Section, Submit, TextField, Tone,
};
use crate::web::answer::PageResult;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::numbers::group_thousands;
use crate::words::times;

/// Days for which an observer's link is valid, unless the administrator types another number.
const USUAL_LINK_DAYS: &str = "45";

/// The outcome of a form of this page.
#[derive(Default)]
pub(crate) struct RecordDeskState {
    /// The name of the action that was just done, from the query.
    pub(crate) done: String,
    /// The new link for an observer, which is shown only once.
    pub(crate) link: Option<String>,
    /// The error of the form.
    pub(crate) error: Option<AppError>,
    /// The name and the days of an observer's link as they were typed.
    pub(crate) typed: Option<(String, String)>,
}

struct RecordDeskData {
    record: Option<Record>,
    health: Option<RecordHealth>,
    links: Vec<ObserverLink>,
    state: RecordDeskState,
}

/// GET /admin/{edition}/record
pub(crate) async fn show_record_desk(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let came = RecordDeskState { done: query.done, ..RecordDeskState::default() };
    Ok(cx.render_page(record_desk_page(&cx, edition, came).await?))
}

/// Loads the record and builds the page, with the outcome of a form.
pub(crate) async fn record_desk_page(
    cx: &RequestContext,
    edition: Edition,
    came: RecordDeskState,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let shown = RecordDeskData {
        record: cx.backend().edition_record(edition.id).await?,
        health: cx.backend().record_health(&admin, edition.id).await?,
        links: cx.backend().observer_links(&admin, edition.id).await?,
        state: came,
    };
    let crumbs = staff_crumbs(lang, &edition, say::name(lang));
    let of = edition.clone();
    let page = Page::titled(say::name(lang), move || {
        let done = match shown.state.done.as_str() {
            "sealed" => Some(say::sealed_done(lang)),
            "erased" => Some(say::erased_done(lang)),
            "ended" => Some(say::observer_ended(lang)),
            _ => None,
        };
        view! {
            <PageHead title=say::name(lang) lead=say::admin_lead(lang)/>
            {edition_tabs(lang, &edition, "/record")}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, shown.state.error.as_ref())}
            {observer_link_notice(lang, shown.state.link.as_deref())}
            {record_health_section(lang, &edition, &shown)}
            {seal_section(lang, &shown)}
            {observers_section(lang, &shown)}
            {erase_section(lang, &edition, &shown)}
        }
    });
    Ok(page.for_edition(&of).with_crumbs(crumbs))
}

/// Builds the notice with the observer's link that was just made.
fn observer_link_notice(lang: Lang, link: Option<&str>) -> Option<AnyView> {
    let link = link?.to_owned();
    Some(
        view! {
            <Notice lang tone=Tone::Success title=say::observer_made(lang)>
                <p><code>{link}</code></p>
            </Notice>
        }
        .into_any(),
    )
}

fn record_health_section(lang: Lang, edition: &Edition, shown: &RecordDeskData) -> AnyView {
    let (Some(record), Some(health)) = (&shown.record, &shown.health) else {
        return view! { <Notice lang tone=Tone::Info><p>{say::admin_unsealed(lang)}</p></Notice> }
            .into_any();
    };
    let lines = |count| say::lines(lang, group_thousands(count));
    let mut rows = vec![
        (say::sealed_at(lang).to_owned(), times::format_minute(lang, record.sealed_at)),
        (say::rulebook_hash(lang).to_owned(), record.rulebook_hash.to_string()),
        (say::lines_stored(lang).to_owned(), lines(health.size)),
        (say::size(lang).to_owned(), lines(record.signed_size)),
        (say::lines_waiting(lang).to_owned(), lines(health.waiting)),
    ];
    if let Some(since) = health.waits_since {
        rows.push((say::waits_since(lang).to_owned(), times::format_minute(lang, since)));
    }
    // A lease that is over says nothing: the next process takes one when there is something to write.
    if let Some((holder, until)) = health.lease.as_ref().filter(|(_, until)| *until > Utc::now()) {
        let text = say::lease_until(lang, times::format_deadline(lang, *until), holder);
        rows.push((say::lease(lang).to_owned(), text));
    }
    let halted = health.halted.as_ref().map(|why| {
        let sentence = say::halted_text(lang, why);
        view! {
            <Notice lang tone=Tone::Danger title=say::halted(lang)>
                <p>{sentence}</p>
            </Notice>
        }
    });
    let href = format!("/record/{}", edition.slug);
    view! {
        {halted}
        <Facts rows/>
        <div class="actions">
            <ButtonLink label=say::admin_public(lang) href weight=ButtonWeight::Secondary/>
        </div>
    }
    .into_any()
}

/// Builds the form in which the administrator types a word to confirm an action.
fn confirmed_action_form(
    lang: Lang,
    act: &'static str,
    word: &'static str,
    label: &'static str,
) -> AnyView {
    view! {
        <form method="post" class="form">
            <TextField lang name=format!("confirm-{act}") label=say::seal_confirm(lang, word)
                required=true autocomplete="off"/>
            <div class="actions">
                <Submit label weight=ButtonWeight::Danger name="act" value=act/>
            </div>
        </form>
    }
    .into_any()
}

fn seal_section(lang: Lang, shown: &RecordDeskData) -> Option<AnyView> {
    if shown.record.is_some() {
        return None;
    }
    let form = confirmed_action_form(lang, "seal", say::seal_word(lang), say::seal(lang));
    Some(
        view! { <Section title=say::seal(lang) lead=say::seal_text(lang)>{form}</Section> }
            .into_any(),
    )
}

fn observers_section(lang: Lang, shown: &RecordDeskData) -> AnyView {
    let links = shown
        .links
        .iter()
        .map(|link| {
            let until = times::format_deadline(lang, link.expires_at);
            view! {
                <li>
                    <form method="post" class="actions">
                        <span><strong>{link.name.clone()}</strong>" "
                            {say::observer_until(lang)}" "{until}</span>
                        <input type="hidden" name="link" value=link.id.to_string()/>
                        <Submit label=say::observer_end(lang) weight=ButtonWeight::Quiet name="act"
                            value="end"/>
                    </form>
                </li>
            }
        })
        .collect_view();
    let list = if shown.links.is_empty() {
        view! { <p>{say::observer_none(lang)}</p> }.into_any()
    } else {
        view! { <ul class="stack">{links}</ul> }.into_any()
    };
    let error = shown.state.error.as_ref();
    let (typed_name, typed_days) =
        shown.state.typed.clone().unwrap_or_else(|| (String::new(), USUAL_LINK_DAYS.to_owned()));
    let (name, days) =
        (field_error_sentence(lang, error, "name"), field_error_sentence(lang, error, "days"));
    view! {
        <Section title=say::observers(lang) lead=say::observers_text(lang)>
            {list}
            <form method="post" class="form">
                <TextField lang name="name" label=say::observer_name(lang) required=true
                    autocomplete="off" value=typed_name error=name/>
                <TextField lang name="days" label=say::observer_days(lang) required=true
                    inputmode="numeric" value=typed_days error=days/>
                <div class="actions">
                    <Submit label=say::observer_make(lang) weight=ButtonWeight::Secondary name="act"
                        value="observer"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

fn erase_section(lang: Lang, edition: &Edition, shown: &RecordDeskData) -> Option<AnyView> {
    let record = shown.record.as_ref()?;
    let content = if let Some(at) = record.erased_at {
        let rows = vec![(say::erased_at(lang).to_owned(), times::format_minute(lang, at))];
        view! { <Facts rows/> }.into_any()
    } else if can_be_erased(edition) {
        confirmed_action_form(lang, "erase", say::erase_word(lang), say::erase(lang))
    } else {
        let day = match erase_day(edition) {
            Some(day) => say::erase_day(lang, times::format_minute(lang, day)),
            None => say::erase_unknown(lang).to_owned(),
        };
        view! { <p>{day}</p> }.into_any()
    };
    Some(
        view! { <Section title=say::erase(lang) lead=say::erase_text(lang)>{content}</Section> }
            .into_any(),
    )
}
