//! The first pages of a judge: the panels, and the cases of one panel.

use axum::extract::Path;
use backend::Error;
use backend::editions::{Edition, TracksAndDistricts};
use backend::judging::{AssignedCase, JudgePanel, JudgingDesk, SheetState};
use chrono::{DateTime, Duration, Utc};
use domain::schedule::PhaseError;
use leptos::prelude::*;
use phrases::{Lang, judging as words};

use crate::ui::{
    Badge, ButtonLink, Countdown, Empty, Notice, PageHead, Progress, Section, TableBox, Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::cases::translated_title;
use crate::words::times;

/// GET /judging
pub(crate) async fn show_panels(cx: RequestContext) -> PageResult {
    let lang = cx.lang();
    let panels = cx.backend().judge_panels(&cx.require_judge()?).await?;
    if let [only] = panels.as_slice() {
        return Ok(redirect_to(&format!("/judging/{}", only.edition.slug)));
    }
    Ok(cx.render_page(Page::titled(words::judging(lang), move || {
        let cards = panels.iter().map(|panel| panel_card(lang, panel)).collect_view();
        let none = panels.is_empty().then(|| {
            view! {
                <Empty title=words::no_panels(lang)><p>{words::no_panels_text(lang)}</p></Empty>
            }
        });
        view! {
            <PageHead title=words::judging(lang) lead=words::panels_lead(lang)>""</PageHead>
            {none}
            <div class="grid">{cards}</div>
        }
    })))
}

fn panel_card(lang: Lang, panel: &JudgePanel) -> AnyView {
    let edition = &panel.edition;
    let title = lang.choose_text(&edition.title.ko, &edition.title.en).to_owned();
    let href = format!("/judging/{}", edition.slug);
    let window = times::format_window(lang, edition.schedule.windows.judging);
    view! {
        <article class="panel stack">
            <h2>{title}</h2>
            <p class="muted">{words::window(lang)}" "{window}</p>
            {judging_countdown(lang, edition)}
            {signed_sheets_progress(lang, panel.signed, panel.assigned)}
            <ButtonLink label=words::open_panel(lang) href/>
        </article>
    }
    .into_any()
}

fn signed_sheets_progress(lang: Lang, signed: i64, all: i64) -> impl IntoView + use<> {
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let text = words::progress_text(lang, all, signed);
    view! { <Progress label=words::progress(lang) value=number(signed) max=number(all) text/> }
}

/// Shows the time until the judging opens or closes.
fn judging_countdown(lang: Lang, edition: &Edition) -> AnyView {
    let (label, until) = match edition.judging_open() {
        Ok(_) => (words::closes_in(lang), edition.schedule.windows.judging.closes),
        Err(PhaseError::NotYet { opens }) => (words::opens_in(lang), opens),
        Err(_) => return view! { <Badge tone=Tone::Plain label=words::closed(lang)/> }.into_any(),
    };
    let text = duration_in_words(lang, until - edition.now);
    view! { <Countdown label until=until.to_rfc3339() text/> }.into_any()
}

/// Writes a duration in its two largest units.
fn duration_in_words(lang: Lang, left: Duration) -> String {
    let (days, hours, minutes) =
        (left.num_days(), left.num_hours() % 24, left.num_minutes().max(0) % 60);
    match (days, hours) {
        (1.., _) => words::left_days(lang, days, hours),
        (_, 1..) => words::left_hours(lang, hours, minutes),
        _ => words::left_minutes(lang, minutes),
    }
}

/// GET /judging/{edition}
pub(crate) async fn show_judging_desk(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let judge = cx.require_judge()?;
    let edition = cx.backend().find_public_edition(&slug).await?;
    match cx.backend().judging_desk(&judge, &edition).await {
        Ok(desk) => {
            let places = cx.backend().tracks_and_districts(edition.id).await?;
            Ok(cx.render_page(judging_desk_page(cx.lang(), &edition, desk, places)))
        }
        Err(Error::Phase(PhaseError::NotYet { opens })) => {
            Ok(cx.render_page(judging_early_page(cx.lang(), &edition, opens)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Builds the page before the judging opens. It says when the cases will be shown.
fn judging_early_page(lang: Lang, edition: &Edition, opens: DateTime<Utc>) -> Page {
    let title = lang.choose_text(&edition.title.ko, &edition.title.en).to_owned();
    let left = judging_countdown(lang, edition);
    let page = Page::titled(words::judging(lang), move || {
        view! {
            <PageHead title=words::judging(lang) eyebrow=title>""</PageHead>
            <Empty title=words::not_yet_title(lang)>
                <p>{words::not_yet_text(lang, times::format_minute(lang, opens))}</p>
                {left}
            </Empty>
        }
    });
    page.for_edition(edition).with_crumbs(vec![(words::judging(lang).to_owned(), None)])
}

fn judging_desk_page(
    lang: Lang,
    edition: &Edition,
    desk: JudgingDesk,
    places: TracksAndDistricts,
) -> Page {
    let shown = edition.clone();
    let page = Page::titled(words::judging(lang), move || {
        let edition = shown;
        let title = lang.choose_text(&edition.title.ko, &edition.title.en).to_owned();
        let lists = places
            .tracks
            .iter()
            .map(|track| {
                let name = lang.choose_text(&track.name.ko, &track.name.en);
                let cases = desk.cases.iter().filter(|case| case.track == track.id);
                track_cases_section(lang, &edition.slug, name, &cases.collect::<Vec<_>>())
            })
            .collect_view();
        let none = desk.cases.is_empty().then(|| {
            view! {
                <Empty title=words::no_cases(lang)><p>{words::no_cases_text(lang)}</p></Empty>
            }
        });
        let stepped_back = (desk.stepped_back > 0)
            .then(|| view! { <p class="muted">{words::stepped_back(lang, desk.stepped_back)}</p> });
        let (next, standing) =
            (next_case_button(lang, &edition, &desk), judge_progress_view(lang, &edition, &desk));
        view! {
            <PageHead title=words::judging(lang) eyebrow=title lead=words::desk_lead(lang)>
                {next}
            </PageHead>
            {standing}
            {none}
            {lists}
            {stepped_back}
        }
    });
    page.for_edition(edition).with_crumbs(vec![(words::judging(lang).to_owned(), None)])
}

fn next_case_button(lang: Lang, edition: &Edition, desk: &JudgingDesk) -> Option<AnyView> {
    let next = edition.judging_open().ok().and_then(|_| desk.next_unsigned_case(None))?;
    let href = format!("/judging/{}/{next}", edition.slug);
    Some(view! { <ButtonLink label=words::continue_next(lang) href/> }.into_any())
}

/// Shows the judge's progress, and thanks, the end of the judging, or the time left.
fn judge_progress_view(lang: Lang, edition: &Edition, desk: &JudgingDesk) -> AnyView {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let progress =
        signed_sheets_progress(lang, count(desk.count_signed_sheets()), count(desk.cases.len()));
    let done = !desk.cases.is_empty() && desk.next_unsigned_case(None).is_none();
    let notice = if done {
        view! {
            <Notice lang tone=Tone::Success><p>{words::all_signed(lang)}</p></Notice>
        }
        .into_any()
    } else if edition.judging_open().is_err() {
        view! {
            <Notice lang tone=Tone::Info title=words::closed(lang)>
                <p>{words::closed_text(lang)}</p>
            </Notice>
        }
        .into_any()
    } else {
        judging_countdown(lang, edition)
    };
    view! { <div class="desk-standing">{progress}{notice}</div> }.into_any()
}

/// Lists the cases of one track.
fn track_cases_section(
    lang: Lang,
    slug: &str,
    name: &str,
    cases: &[&AssignedCase],
) -> Option<AnyView> {
    if cases.is_empty() {
        return None;
    }
    let rows = cases
        .iter()
        .map(|case| {
            let href = format!("/judging/{slug}/{}", case.id);
            let title = translated_title(lang, &case.title);
            let sample = case
                .sample
                .then(|| view! { <Badge tone=Tone::Sample label=phrases::ui::sample(lang)/> });
            view! {
                <tr>
                    <td data-label=words::case(lang)><a href=href>{title}</a>" "{sample}</td>
                    <td data-label=words::organisation(lang)>{case.organisation.clone()}</td>
                    <td data-label=words::state(lang)>{sheet_state_badge(lang, case.state)}</td>
                </tr>
            }
        })
        .collect_view();
    let (title, caption) = (name.to_owned(), name.to_owned());
    let section = view! {
        <Section title>
            <TableBox caption>
                <thead>
                    <tr>
                        <th scope="col">{words::case(lang)}</th>
                        <th scope="col">{words::organisation(lang)}</th>
                        <th scope="col">{words::state(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    };
    Some(section.into_any())
}

fn sheet_state_badge(lang: Lang, state: SheetState) -> impl IntoView {
    let (tone, label) = match state {
        SheetState::NotStarted => (Tone::Plain, words::state_not_started(lang)),
        SheetState::InProgress => (Tone::Info, words::state_in_progress(lang)),
        SheetState::Complete => (Tone::Warning, words::state_complete(lang)),
        SheetState::Signed => (Tone::Success, words::state_signed(lang)),
    };
    view! { <Badge tone label/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_in_its_two_largest_units() {
        let words_for = |minutes| duration_in_words(Lang::Ko, Duration::minutes(minutes));
        assert_eq!(words_for(3 * 24 * 60 + 4 * 60 + 12), "3일 4시간");
        assert_eq!(words_for(4 * 60 + 12), "4시간 12분");
        assert_eq!(words_for(12), "12분");
        assert_eq!(words_for(-5), "0분");
    }
}
