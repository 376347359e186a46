//! The clock of a rehearsal, which moves through a season in minutes.

use axum::extract::{Path, Query};
use backend::Error;
use backend::editions::{ClockMove, Edition};
use chrono::Duration;
use domain::schedule::{Instant, format_local_minute, parse_local_minute};
use domain::text::FieldProblem;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::AppError;
use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{ButtonWeight, Facts, Notice, PageHead, Section, Submit, TextField, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{editions, time_left, times};

/// Returns the jump buttons: the value that each sends, and the instant that the clock moves to.
/// Most move to the start of their phase, `before` to one day before the call, and `result` to the
/// announcement.
pub(crate) fn clock_jumps(edition: &Edition) -> [(&'static str, Instant); 7] {
    let windows = edition.schedule.windows;
    let judged = windows.voting.closes.max(windows.judging.closes);
    let released = edition.schedule.released_at.unwrap_or(windows.announcement);
    [
        ("before", windows.call.opens - Duration::days(1)),
        ("call", windows.call.opens),
        ("screening", windows.call.closes),
        ("voting", windows.voting.opens),
        ("judging", windows.judging.opens.max(windows.voting.closes)),
        ("deliberation", judged),
        ("result", released),
    ]
}

fn jump_label(lang: Lang, jump: &str) -> &'static str {
    use phrases::editions as season;
    match jump {
        "call" => season::moment_call(lang),
        "screening" => season::moment_screening(lang),
        "voting" => season::moment_voting(lang),
        "judging" => season::moment_judging(lang),
        "deliberation" => season::moment_deliberation(lang),
        "result" => season::moment_result(lang),
        _ => words::jump_before(lang),
    }
}

/// GET /admin/{edition}/clock
pub(crate) async fn show_clock(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    Ok(cx.render_page(clock_page(&cx, edition, "", &query.done, None)))
}

/// Builds the page of the clock, with the typed text if it was refused.
pub(crate) fn clock_page(
    cx: &RequestContext,
    edition: Edition,
    typed: &str,
    done: &str,
    error: Option<AppError>,
) -> Page {
    let lang = cx.lang();
    let done = (done == "moved").then(|| words::clock_done(lang));
    let crumbs = staff_crumbs(lang, &edition, words::clock(lang));
    let of = edition.clone();
    let typed = if typed.is_empty() { format_local_minute(edition.now) } else { typed.to_owned() };
    let page = Page::titled(words::clock(lang), move || {
        let content = if edition.rehearsal {
            clock_controls_section(lang, &edition, typed, error.as_ref())
        } else {
            view! { <Notice lang tone=Tone::Info><p>{words::clock_not(lang)}</p></Notice> }
                .into_any()
        };
        let rows = vec![
            (words::clock_now(lang).to_owned(), times::format_minute(lang, edition.now)),
            (
                words::season(lang).to_owned(),
                editions::phase_name(lang, edition.current_phase()).to_owned(),
            ),
            (
                words::clock_real(lang).to_owned(),
                time_left::clock_difference(lang, edition.clock_offset_seconds),
            ),
        ];
        view! {
            <PageHead title=words::clock(lang) lead=words::clock_lead(lang)/>
            {edition_tabs(lang, &edition, "/clock")}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, error.as_ref())}
            <Facts rows/>
            {content}
        }
    });
    page.for_edition(&of).with_crumbs(crumbs)
}

fn clock_controls_section(
    lang: Lang,
    edition: &Edition,
    typed: String,
    error: Option<&AppError>,
) -> AnyView {
    let jumps = clock_jumps(edition)
        .map(|(jump, instant)| {
            let when = times::format_minute(lang, instant);
            view! {
                <li>
                    <button class="door" type="submit" name="jump" value=jump>
                        <span class="door-name">{jump_label(lang, jump)}</span>
                        <span class="door-text">{when}</span>
                    </button>
                </li>
            }
        })
        .into_iter()
        .collect_view();
    let steps = [
        (words::day_back(lang), "-86400"),
        (words::hour_back(lang), "-3600"),
        (words::hour_on(lang), "3600"),
        (words::day_on(lang), "86400"),
    ]
    .map(|(label, value)| {
        view! { <Submit label weight=ButtonWeight::Secondary name="by" value/> }
    })
    .into_iter()
    .collect_view();
    let error = field_error_sentence(lang, error, "instant");
    view! {
        <Section title=words::clock_jump(lang)>
            <form method="post"><ul class="doors">{jumps}</ul></form>
        </Section>
        <Section title=words::clock_step(lang)>
            <form method="post"><div class="actions">{steps}</div></form>
        </Section>
        <Section title=words::clock_typed(lang)>
            <form method="post" class="form">
                <TextField lang name="instant" kind="datetime-local"
                    label=words::clock_instant(lang) required=true value=typed error/>
                <div class="actions"><Submit label=words::clock_go(lang)/></div>
            </form>
            <form method="post">
                <Submit label=words::clock_back(lang) weight=ButtonWeight::Secondary name="real"
                    value="yes"/>
            </form>
        </Section>
    }
    .into_any()
}

/// POST /admin/{edition}/clock
pub(crate) async fn move_clock(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let moved = match read_clock_move(&edition, &fields) {
        Ok(change) => cx.backend().move_clock(&admin, &edition, change).await,
        Err(error) => Err(error),
    };
    match moved {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/clock?done=moved"))),
        Err(error) => {
            let error = AppError::from(error);
            let typed = fields.field_text("instant");
            cx.show_again(clock_page(&cx, edition, typed, "", Some(error.clone())), &error)
        }
    }
}

/// Reads the move from the pressed button or the typed instant.
fn read_clock_move(edition: &Edition, fields: &FormFields) -> Result<ClockMove, Error> {
    let malformed = || Error::invalid_field("instant", FieldProblem::Malformed);
    if fields.has_field("real") {
        return Ok(ClockMove::ToRealTime);
    }
    if fields.has_field("by") {
        let seconds = fields.field_text("by").parse().map_err(|_| malformed())?;
        return Ok(ClockMove::By(seconds));
    }
    let instant = if fields.has_field("jump") {
        let wanted = fields.field_text("jump");
        let found = clock_jumps(edition).into_iter().find(|(jump, _)| *jump == wanted);
        found.map(|(_, instant)| instant)
    } else {
        parse_local_minute(fields.field_text("instant"))
    };
    // The clock moves by whole seconds. One second more makes sure that the instant is reached.
    instant.map(|instant| ClockMove::To(instant + Duration::seconds(1))).ok_or_else(malformed)
}

#[cfg(test)]
mod tests {
    use backend::editions::Edition;
    use domain::ids::EditionId;
    use domain::schedule::{Phase, Schedule};
    use domain::season::Season;

    use super::clock_jumps;

    /// Returns the phase that a jump must lead to.
    fn promised(jump: &str) -> Phase {
        match jump {
            "call" => Phase::Call,
            "screening" => Phase::Screening,
            "voting" => Phase::Voting,
            "judging" => Phase::Judging,
            "deliberation" | "result" => Phase::Deliberation,
            _ => Phase::Draft,
        }
    }

    #[test]
    fn every_jump_leads_into_the_phase_it_names() {
        let season =
            Season::parse_season_file(include_str!("../../../data/daejeon-2024.json")).unwrap();
        let schedule = Schedule {
            windows: season.windows,
            published: true,
            released_at: None,
            archived_at: None,
        };
        let edition = Edition {
            id: EditionId(uuid::Uuid::nil()),
            polls: Vec::new(),
            slug: season.slug.to_string(),
            title: season.title,
            host: season.host,
            schedule,
            rulebook: season.rulebook,
            sealed: false,
            counts_read: false,
            rehearsal: true,
            clock_offset_seconds: 0,
            now: season.windows.call.opens,
        };
        for (jump, instant) in clock_jumps(&edition) {
            assert_eq!(schedule.phase(instant), promised(jump), "{jump}");
        }
    }
}
