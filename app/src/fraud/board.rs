//! /admin/{edition}/fraud: how many ballots arrive, and which groups of them are held.

use axum::extract::{Path, Query};
use backend::editions::Edition;
use backend::fraud::{Arrivals, FraudBoard, FraudGroup, GroupFilter, PollCounts};
use leptos::prelude::*;
use phrases::{Lang, fraud as say};
use serde::Deserialize;

use crate::fraud::group::{ballot_count, counts_note, group_code, group_state};
use crate::staff::{edition_tabs, staff_crumbs};
use crate::ui::{
    Bar, Bars, Chips, Empty, NavLink, Notice, PageHead, Pager, Section, TableBox, Tone,
};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{fraud as words, numbers, polls, times};

/// The query of the desk: which groups, and which page of them.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct BoardQuery {
    #[serde(default)]
    groups: String,
    /// It is text, so that an invalid number shows the first page, not an error.
    #[serde(default)]
    page: String,
}

/// GET /admin/{edition}/fraud
pub(crate) async fn show_fraud_board(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<BoardQuery>,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let edition = cx.backend().find_edition(&slug).await?;
    let filter = GroupFilter::from_name(&query.groups);
    let number = query.page.parse().unwrap_or(1);
    let board = cx.backend().fraud_board(&admin, edition.id, filter, number).await?;
    let crumbs = staff_crumbs(lang, &edition, say::name(lang));
    let of = edition.clone();
    let page = Page::titled(say::desk_title(lang), move || {
        view! {
            <PageHead title=say::desk_title(lang) lead=say::desk_lead(lang)/>
            {edition_tabs(lang, &edition, "/fraud")}
            {poll_counts_section(lang, &edition, &board.polls)}
            {groups_section(lang, &edition, filter, &board)}
            {arrivals_section(lang, board.arrivals)}
            {networks_note(lang, board.network_files)}
        }
    });
    Ok(cx.render_page(page.for_edition(&of).with_crumbs(crumbs)))
}

fn arrivals_section(lang: Lang, arrivals: Vec<Arrivals>) -> AnyView {
    let sum: i64 = arrivals.iter().map(|minute| minute.ballots).sum();
    let most = arrivals.iter().map(|minute| minute.ballots).max().unwrap_or_default();
    let bar = |minute: Arrivals| {
        let label = times::format_time_of_day(minute.minute);
        let ballots = u64::try_from(minute.ballots).unwrap_or_default();
        Bar::with_label(label, ballots, ballot_count(minute.ballots, false))
    };
    let content = if sum == 0 {
        view! { <p class="muted">{say::arrivals_none(lang)}</p> }.into_any()
    } else {
        let rows: Vec<Bar> = arrivals.into_iter().map(bar).collect();
        view! {
            <p>{say::arrivals_sum(lang, ballot_count(most, false), numbers::group_stored_count(sum))}</p>
            <details class="more">
                <summary>{say::arrivals_all(lang)}</summary>
                <Bars lang caption=say::arrivals(lang) head_label=say::minute(lang)
                    head_value=say::ballots(lang) rows/>
            </details>
        }
        .into_any()
    };
    view! {
        <Section title=say::arrivals(lang) lead=say::arrivals_lead(lang) id="arrivals">
            {content}
        </Section>
    }
    .into_any()
}

/// Says that no kind of network is known without two files.
fn networks_note(lang: Lang, files: usize) -> Option<AnyView> {
    let note = || view! { <p class="small muted">{say::networks_unknown(lang)}</p> }.into_any();
    (files < 2).then(note)
}

fn poll_counts_section(lang: Lang, edition: &Edition, counts: &[PollCounts]) -> AnyView {
    let row = |counts: &PollCounts| {
        let poll = edition.polls.iter().find(|poll| poll.id == counts.poll)?;
        let cell = |label: &'static str, count: i64, exact: bool| {
            view! { <td class="number" data-label=label>{ballot_count(count, exact)}</td> }
        };
        let note = match (counts.traced, counts.exact, counts.analysed) {
            (false, ..) if poll.opened_at.is_some() => Some(say::not_traced(lang)),
            (true, true, true) => Some(say::looked_again(lang)),
            (true, true, false) => Some(say::looking_again(lang)),
            _ => None,
        };
        let note = note.map(|note| view! { <p class="small muted">{note}</p> });
        Some(view! {
            <tr>
                <th scope="row">{polls::poll_title(lang, &poll.rules)}{note}</th>
                {cell(say::held(lang), counts.held, counts.exact)}
                {cell(say::excluded(lang), counts.excluded, counts.exact)}
                {cell(say::restored(lang), counts.restored, counts.exact)}
                {cell(say::cleared_groups(lang), counts.cleared_groups, true)}
            </tr>
        })
    };
    let rows = counts.iter().filter_map(row).collect_view();
    let heads =
        [say::held(lang), say::excluded(lang), say::restored(lang), say::cleared_groups(lang)]
            .map(|head| view! { <th scope="col" class="number">{head}</th> })
            .into_iter()
            .collect_view();
    let rounded = counts.iter().any(|counts| !counts.exact);
    view! {
        <Section title=say::polls(lang)>
            {counts_note(lang, rounded)}
            <TableBox caption=say::polls_caption(lang)>
                <thead><tr><th scope="col">{say::poll(lang)}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

fn groups_section(
    lang: Lang,
    edition: &Edition,
    filter: GroupFilter,
    board: &FraudBoard,
) -> AnyView {
    let desk = format!("/admin/{}/fraud", edition.slug);
    let name = |kind: GroupFilter, total: usize| {
        let total = numbers::group_length(total);
        match kind {
            GroupFilter::Waiting => say::filter_waiting(lang, total),
            GroupFilter::Ruled => say::filter_ruled(lang, total),
            GroupFilter::Cleared => say::filter_cleared(lang, total),
        }
    };
    let items = GroupFilter::ALL.into_iter().zip(board.totals).map(|(kind, total)| {
        let href = format!("{desk}?groups={}#groups", kind.filter_name());
        NavLink::link_to(name(kind, total), href).with_current(kind == filter)
    });
    let items: Vec<NavLink> = items.collect();
    let content = if board.groups.is_empty() {
        view! {
            <Empty title=say::groups_none(lang)><p>{say::groups_none_text(lang)}</p></Empty>
        }
        .into_any()
    } else {
        groups_table(lang, edition, &board.groups)
    };
    let (page, pages) = (board.page, board.pages);
    let base = format!("?groups={}&page=", filter.filter_name());
    view! {
        <Section title=say::groups(lang) id="groups">
            <Chips label=say::groups_kinds(lang) items/>
            {content}
            <Pager lang page pages base/>
        </Section>
    }
    .into_any()
}

fn groups_table(lang: Lang, edition: &Edition, groups: &[FraudGroup]) -> AnyView {
    let row = |group: &FraudGroup| {
        let href = format!("/admin/{}/fraud/{}", edition.slug, group.id);
        let why = words::shared_thing(lang, &group.lens);
        let poll = edition.polls.iter().find(|poll| poll.id == group.poll);
        let poll = poll.map(|poll| polls::poll_title(lang, &poll.rules));
        view! {
            <tr>
                <th scope="row"><a href=href>{say::group(lang, group_code(group))}</a></th>
                <td data-label=say::poll(lang)>{poll}</td>
                <td class="number" data-label=say::ballots(lang)>{ballot_count(group.ballots, group.exact)}</td>
                <td data-label=say::shares(lang)>{why}</td>
                <td data-label=say::state(lang)>{group_state(lang, group)}</td>
                <td data-label=say::found(lang)>{times::format_day(lang, group.found_at)}</td>
            </tr>
        }
    };
    let rows = groups.iter().map(row).collect_view();
    let heads = [
        say::group_code(lang),
        say::poll(lang),
        say::ballots(lang),
        say::shares(lang),
        say::state(lang),
        say::found(lang),
    ]
    .map(|head| view! { <th scope="col">{head}</th> })
    .into_iter()
    .collect_view();
    view! {
        <TableBox caption=say::groups_caption(lang)>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

/// Builds the notice above a desk whose counts were read.
pub(crate) fn counts_read_notice(lang: Lang, edition: &Edition) -> Option<AnyView> {
    let over = edition.counts_read || edition.schedule.released_at.is_some();
    over.then(|| {
        view! { <Notice lang tone=Tone::Info><p>{say::counts_were_read(lang)}</p></Notice> }
            .into_any()
    })
}
