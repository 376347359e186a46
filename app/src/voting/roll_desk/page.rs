//! The page of the roll of a poll: its counts, its forms and the search for single entries.

use axum::extract::{Path, Query};
use backend::editions::{Edition, Poll};
use backend::voting::roll::{RollEntry, RollOverview};
use domain::rulebook::{Channel, VoterIdentity};
use leptos::prelude::*;
use phrases::{Lang, roll as words};
use serde::Deserialize;

use crate::AppError;
use crate::staff::{edition_tabs, staff_crumbs};
use crate::ui::{
    AreaField, Badge, ButtonWeight, Checkbox, Choice, Empty, FileField, Notice, PageHead,
    RadioField, Section, Stat, Submit, TableBox, TextField, Tone,
};
use crate::voting::booth::PollPath;
use crate::web::answer::PageResult;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::lists::LIST_FILES;

/// The query of the page: what was just done, and the search text.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RollDeskQuery {
    #[serde(default)]
    done: String,
    #[serde(default)]
    search: String,
}

/// The posted fields and their errors.
#[derive(Default)]
pub(crate) struct RollFormState {
    /// The pasted labels.
    pub(crate) labels: String,
    /// First seat, number of seats, seats in a row.
    pub(crate) seats: [String; 3],
    /// Error sentences for the list above the forms.
    pub(crate) faults: Vec<String>,
    /// The error of the field for the first seat.
    pub(crate) seat_fault: Option<String>,
    /// The error that stopped the form.
    pub(crate) error: Option<AppError>,
}

/// The edition and the poll of a roll.
pub(crate) struct RollPoll {
    pub(crate) edition: Edition,
    pub(crate) poll: Poll,
}

/// Finds the edition and the poll of these names.
pub(crate) async fn find_roll_poll(
    cx: &RequestContext,
    Path((edition, poll)): PollPath,
) -> Result<RollPoll, AppError> {
    let edition = cx.backend().find_edition(&edition).await?;
    let poll = edition.find_poll(&poll)?.clone();
    Ok(RollPoll { edition, poll })
}

/// GET /admin/{edition}/polls/{poll}/roll
pub(crate) async fn show_roll_desk(
    cx: RequestContext,
    names: PollPath,
    Query(asked): Query<RollDeskQuery>,
) -> PageResult {
    let place = find_roll_poll(&cx, names).await?;
    if place.poll.rules.identity != VoterIdentity::Roll {
        return Ok(cx.render_page(no_roll_page(&cx, &place.edition)));
    }
    Ok(cx.render_page(roll_desk_page(&cx, &place, RollFormState::default(), &asked).await?))
}

fn no_roll_page(cx: &RequestContext, edition: &Edition) -> Page {
    let lang = cx.lang();
    let page = Page::titled(words::roll(lang), move || {
        view! {
            <PageHead title=words::roll(lang)>""</PageHead>
            <Empty title=words::not_a_roll(lang)>
                <p>{words::not_a_roll_text(lang)}</p>
            </Empty>
        }
    });
    page.for_edition(edition).with_crumbs(staff_crumbs(lang, edition, words::roll(lang)))
}

/// Builds the page of the roll: the counts, and only the forms that are still possible.
pub(crate) async fn roll_desk_page(
    cx: &RequestContext,
    place: &RollPoll,
    attempt: RollFormState,
    asked: &RollDeskQuery,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let RollPoll { edition, poll } = place;
    let roll = cx.backend().roll_overview(&admin, edition, poll, &asked.search).await?;
    let done = match asked.done.as_str() {
        "added" => Some(words::done_added(lang)),
        "emptied" => Some(words::done_emptied(lang)),
        "voided" => Some(words::done_voided(lang)),
        _ => None,
    };
    let seats = poll.rules.channels.contains(&Channel::SeatQr);
    let name =
        poll.rules.title.as_ref().map(|title| lang.choose_text(&title.ko, &title.en).to_owned());
    let crumbs = staff_crumbs(lang, edition, words::roll(lang));
    let (of, search) = (edition.clone(), asked.search.clone());
    let page = Page::titled(words::roll(lang), move || {
        view! {
            <PageHead title=words::roll(lang) eyebrow=name.unwrap_or_default()
                lead=words::lead(lang)>""</PageHead>
            {edition_tabs(lang, &of, "/polls")}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, attempt.error.as_ref())}
            {roll_faults_notice(lang, &attempt.faults)}
            {roll_counts_section(lang, &roll)}
            {(!roll.sealed).then(|| add_labels_section(lang, &attempt, seats))}
            {(roll.sealed && roll.entries > 0).then(|| sealed_roll_notice(lang, &roll))}
            {(roll.entries > 0).then(|| print_codes_section(lang, &roll, seats))}
            {(roll.entries > 0).then(|| find_entries_section(lang, &roll, &search))}
            {(!roll.sealed && roll.entries > 0).then(|| empty_roll_form(lang))}
        }
    });
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

fn sealed_roll_notice(lang: Lang, roll: &RollOverview) -> AnyView {
    let sentence = if roll.may_reissue { words::sealed(lang) } else { words::no_reissue(lang) };
    view! { <Notice lang tone=Tone::Info><p>{sentence}</p></Notice> }.into_any()
}

fn roll_faults_notice(lang: Lang, faults: &[String]) -> Option<AnyView> {
    (!faults.is_empty()).then(|| {
        let items = faults.iter().cloned().map(|fault| view! { <li>{fault}</li> }).collect_view();
        view! {
            <Notice lang tone=Tone::Danger title=words::faults(lang)><ul>{items}</ul></Notice>
        }
        .into_any()
    })
}

fn roll_counts_section(lang: Lang, roll: &RollOverview) -> AnyView {
    view! {
        <div class="stats">
            <Stat value=roll.entries.to_string() label=words::entries(lang)/>
            <Stat value=roll.issued.to_string() label=words::issued(lang)/>
            <Stat value=roll.waiting.to_string() label=words::waiting(lang)/>
            <Stat value=roll.voided.to_string() label=words::voided(lang)/>
        </div>
    }
    .into_any()
}

fn add_labels_section(lang: Lang, attempt: &RollFormState, seats_first: bool) -> AnyView {
    let (list, seats) = (label_list_form(lang, attempt), seat_labels_form(lang, attempt));
    if seats_first { (seats, list).into_any() } else { (list, seats).into_any() }
}

fn label_list_form(lang: Lang, attempt: &RollFormState) -> AnyView {
    let value = attempt.labels.clone();
    view! {
        <Section title=words::add(lang) lead=words::add_lead(lang)>
            <form method="post" enctype="multipart/form-data" class="form">
                <AreaField lang name="labels" label=words::labels(lang)
                    hint=words::labels_hint(lang) value/>
                <FileField lang name="file" label=words::file(lang) hint=words::file_hint(lang)
                    accept=LIST_FILES/>
                <div class="actions">
                    <Submit label=words::add_now(lang) name="act" value="add"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

fn seat_labels_form(lang: Lang, attempt: &RollFormState) -> AnyView {
    let [first, count, in_row] = attempt.seats.clone();
    let first = if first.is_empty() { "A1".to_owned() } else { first };
    let fault = attempt.seat_fault.clone();
    view! {
        <Section title=words::seats(lang) lead=words::seats_lead(lang)>
            <form method="post" class="form">
                <TextField lang name="first" label=words::first_seat(lang) required=true
                    value=first error=fault/>
                <TextField lang name="count" label=words::seat_count(lang) required=true
                    inputmode="numeric" value=count/>
                <TextField lang name="in_row" label=words::in_row(lang)
                    hint=words::in_row_hint(lang) inputmode="numeric" value=in_row/>
                <div class="actions">
                    <Submit label=words::seats_now(lang) name="act" value="seats"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// Builds the choice between slips and seat labels. The usual one of the poll is selected.
fn sheet_format_field(lang: Lang, seats: bool) -> AnyView {
    let options = vec![
        Choice::with_value("slips", words::format_slips(lang), !seats),
        Choice::with_value("seats", words::format_seats(lang), seats),
    ];
    view! { <RadioField lang name="format" label=words::format(lang) required=true options/> }
        .into_any()
}

fn print_codes_section(lang: Lang, roll: &RollOverview, seats: bool) -> AnyView {
    let waiting = (roll.waiting > 0).then(|| {
        let label = match seats {
            true => words::print_waiting_seats(lang, roll.waiting),
            false => words::print_waiting(lang, roll.waiting),
        };
        view! {
            <form method="post" class="form" data-file="">
                {sheet_format_field(lang, seats)}
                <div class="actions">
                    <Submit label name="act" value="print"/>
                </div>
            </form>
        }
    });
    let anew = (!roll.sealed && roll.issued > 0).then(|| {
        view! {
            <details>
                <summary>{words::print_all(lang)}</summary>
                <form method="post" class="form" data-file="">
                    <p>{words::print_all_text(lang)}</p>
                    <input type="hidden" name="format" value=if seats { "seats" } else { "slips" }/>
                    <Checkbox lang name="confirm_all" label=words::confirm_all(lang) required=true/>
                    <div class="actions">
                        <Submit label=words::print_all(lang) weight=ButtonWeight::Danger
                            name="act" value="print_all"/>
                    </div>
                </form>
            </details>
        }
    });
    let none = (waiting.is_none() && anew.is_none())
        .then(|| view! { <p class="muted">{words::nothing_to_print(lang)}</p> });
    view! {
        <Section title=words::print(lang) lead=words::print_lead(lang)>{waiting}{anew}{none}</Section>
    }
    .into_any()
}

fn find_entries_section(lang: Lang, roll: &RollOverview, search: &str) -> AnyView {
    let heads = [words::label(lang), words::state(lang), words::act(lang)];
    let rows = roll.shown.iter();
    let rows =
        rows.map(|entry| roll_table_row(lang, heads, entry, roll.may_reissue)).collect_view();
    let columns =
        heads.map(|head| view! { <th scope="col">{head}</th> }).into_iter().collect_view();
    let table = if roll.shown.is_empty() {
        view! { <p class="muted">{words::none_found(lang)}</p> }.into_any()
    } else {
        view! {
            <div class="titled">
                <TableBox caption=words::entries(lang)>
                    <thead><tr>{columns}</tr></thead>
                    <tbody>{rows}</tbody>
                </TableBox>
            </div>
        }
        .into_any()
    };
    let lead = if roll.may_reissue { words::find_lead(lang) } else { "" };
    let (shown, typed) = (roll.shown.len(), search.to_owned());
    let more = (search.is_empty() && i64::try_from(shown).is_ok_and(|shown| shown < roll.entries))
        .then(|| view! { <p class="muted">{words::shown_first(lang, shown)}</p> });
    view! {
        <Section title=words::find(lang) lead=lead>
            <form class="search" method="get" role="search">
                <label class="visually-hidden" for="search">{words::search(lang)}</label>
                <input class="input" type="search" id="search" name="search"
                    value=typed placeholder=words::search(lang)/>
                <button class="button" data-weight="secondary">{words::find(lang)}</button>
            </form>
            {table}
            {more}
        </Section>
    }
    .into_any()
}

fn roll_table_row(
    lang: Lang,
    heads: [&'static str; 3],
    entry: &RollEntry,
    may_reissue: bool,
) -> AnyView {
    let (tone, state) = match (entry.voided, entry.issued) {
        (true, _) => (Tone::Warning, words::voided(lang)),
        (false, true) => (Tone::Success, words::issued(lang)),
        (false, false) => (Tone::Plain, words::waiting(lang)),
    };
    let acts = (!entry.voided).then(|| {
        let act = |act, label: &'static str| {
            let named = format!("{label}: {}", entry.label);
            view! {
                <button class="button" data-weight="quiet" type="submit" name="act" value=act
                    aria-label=named>{label}</button>
            }
        };
        view! {
            <form method="post" class="cluster">
                <input type="hidden" name="entry" value=entry.id.to_string()/>
                {may_reissue.then(|| act("reissue", words::reissue(lang)))}
                {act("void", words::withdraw(lang))}
            </form>
        }
    });
    view! {
        <tr>
            <td data-label=heads[0]>{entry.label.clone()}</td>
            <td data-label=heads[1]><Badge tone label=state/></td>
            <td data-label=heads[2]>{acts}</td>
        </tr>
    }
    .into_any()
}

fn empty_roll_form(lang: Lang) -> AnyView {
    view! {
        <Section title=words::empty(lang) lead=words::empty_text(lang)>
            <form method="post" class="form">
                <Checkbox lang name="confirm_empty" label=words::confirm_empty(lang) required=true/>
                <div class="actions">
                    <Submit label=words::empty(lang) weight=ButtonWeight::Danger
                        name="act" value="empty"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}
