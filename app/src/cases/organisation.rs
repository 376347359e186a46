//! The desk of an organisation: its cases, edition by edition, and the beginning of a new one.

use axum::extract::Query;
use backend::cases::{Case, CaseState, OwnCase};
use backend::editions::{Edition, Places};
use domain::schedule::Phase;
use leptos::prelude::*;
use phrases::{Lang, cases as words};
use serde::Deserialize;

use super::say;
use crate::AppError;
use crate::context::Cx;
use crate::page::{Answer, Page, field_error, form_errors};
use crate::ui::{
    Badge, ButtonLink, Choice, Crumbs, Empty, Moment, MomentState, PageHead, Section, SelectField,
    Submit, TextField, Timeline,
};
use crate::when;

/// GET /organisation
pub(crate) async fn page(cx: Cx) -> Answer {
    let (lang, member) = (cx.lang(), cx.member()?);
    let own = cx.backend().own_cases(&member).await?;
    let editions = cx.backend().public_editions().await?;
    let sections: Vec<AnyView> =
        editions.iter().filter_map(|edition| season(lang, edition, &own)).collect();
    let name = cx.signed_in()?.organisation_name().unwrap_or_default().to_owned();
    Ok(cx.page(Page::new(words::own(lang), move || {
        let empty = sections.is_empty().then(|| {
            view! { <Empty title=words::own_empty_title(lang)><p>{words::own_empty(lang)}</p></Empty> }
        });
        view! {
            <PageHead title=words::own(lang) eyebrow=name lead=words::own_lead(lang)>""</PageHead>
            {empty}
            {sections}
        }
    })))
}

/// One edition: its open call, and the organisation's cases in it. Nothing where there is neither.
fn season(lang: Lang, edition: &Edition, own: &[OwnCase]) -> Option<AnyView> {
    let cases: Vec<_> = own
        .iter()
        .filter(|case| case.edition_slug == edition.slug)
        .map(|case| line(lang, edition, case))
        .collect();
    let open = edition.submissions_open().is_ok();
    if cases.is_empty() && !open {
        return None;
    }
    let empty = cases.is_empty().then(|| {
        view! { <p class="muted">{words::own_empty_title(lang)}</p> }
    });
    let href = format!("/organisation/cases/new?edition={}", edition.slug);
    let new = open.then(|| {
        view! { <div class="actions"><ButtonLink label=words::new(lang) href/></div> }
    });
    let lead = words::call_until(lang, when::window(lang, edition.schedule.windows.call));
    let section = view! {
        <Section title=say::edition_name(lang, edition) lead>
            {empty}
            <div class="desk">{cases}</div>
            {new}
        </Section>
    };
    Some(section.into_any())
}

fn line(lang: Lang, edition: &Edition, case: &OwnCase) -> AnyView {
    let (title, title_lang) = say::title(lang, &case.title, "");
    let (tone, label) = say::state(lang, case.state);
    let saved = words::saved_on(lang, when::minute(lang, case.saved_at));
    let href = format!("/organisation/cases/{}", case.id);
    let reason = case.reason.clone().map(|reason| {
        let reason = say::paragraphs(&reason);
        view! { <div class="prose" lang=say::korean(lang)>{reason}</div> }
    });
    view! {
        <article class="panel">
            <h3><a href=href lang=title_lang>{title}</a></h3>
            <p class="cluster">
                <Badge tone label/>
                <span class="muted small">{saved}</span>
            </p>
            {reason}
            {way(lang, edition, case.state)}
        </article>
    }
    .into_any()
}

/// How far a case has come: 접수 → 심사 → 투표 → 결과.
pub(super) fn way(lang: Lang, edition: &Edition, state: CaseState) -> AnyView {
    let windows = &edition.schedule.windows;
    let (done, now) = stations(edition.phase(), state);
    let moments = [
        (words::way_call(lang), words::until(lang, when::minute(lang, windows.call.closes))),
        (words::way_screening(lang), words::until(lang, when::minute(lang, windows.voting.opens))),
        (words::way_vote(lang), when::window(lang, windows.voting)),
        (words::way_result(lang), when::minute(lang, windows.announcement)),
    ];
    let items = (0..)
        .zip(moments)
        .map(|(station, (label, when))| {
            let state = match station {
                station if station < done => MomentState::Done,
                station if now == Some(station) => MomentState::Now,
                _ => MomentState::Next,
            };
            Moment::new(label, when, state)
        })
        .collect();
    view! { <Timeline lang label=words::way(lang) items/> }.into_any()
}

/// How many stations are behind a case, and at which it is, if at any.
fn stations(phase: Phase, state: CaseState) -> (u32, Option<u32>) {
    match (state, phase) {
        (CaseState::Draft | CaseState::Withdrawn, Phase::Call) => (0, Some(0)),
        (CaseState::Draft | CaseState::Withdrawn, _) => (0, None),
        (CaseState::Submitted, Phase::Draft | Phase::Call | Phase::Screening) => (1, Some(1)),
        (CaseState::Submitted, _) => (1, None),
        (CaseState::Rejected, _) | (CaseState::Accepted, Phase::Draft | Phase::Call) => (2, None),
        (CaseState::Accepted, Phase::Screening) => (2, None),
        (CaseState::Accepted, Phase::Voting) => (2, Some(2)),
        (CaseState::Accepted, Phase::Judging | Phase::Deliberation) => (3, None),
        (CaseState::Accepted, Phase::Announced | Phase::Archived) => (4, None),
    }
}

/// The edition in which a case is begun.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct In {
    pub(super) edition: String,
}

/// GET /organisation/cases/new?edition=…
pub(crate) async fn new(cx: Cx, Query(query): Query<In>) -> Answer {
    let edition = cx.backend().public_edition(&query.edition).await?;
    edition.submissions_open().map_err(backend::Error::from)?;
    let places = cx.backend().places(edition.id).await?;
    Ok(cx.page(new_page(&cx, &edition, &places, ("", ""), None)))
}

/// The form that begins a case: title and track.
pub(super) fn new_page(
    cx: &Cx,
    edition: &Edition,
    places: &Places,
    (title, track): (&str, &str),
    error: Option<AppError>,
) -> Page {
    let (lang, title) = (cx.lang(), title.to_owned());
    let options = tracks(lang, places, track);
    let name = say::edition_name(lang, edition);
    let page = Page::new(words::new(lang), move || {
        view! {
            <PageHead title=words::new(lang) eyebrow=name lead=words::new_lead(lang)>""</PageHead>
            {form_errors(lang, error.as_ref())}
            <form method="post" class="form">
                <SelectField lang name="track" label=words::track(lang) required=true options
                    error=field_error(lang, error.as_ref(), "track")/>
                <TextField lang name="title" label=words::title(lang) hint=words::title_hint(lang)
                    value=title max=domain::limits::CASE_TITLE_CHARS
                    error=field_error(lang, error.as_ref(), "title")/>
                <div class="actions"><Submit label=words::begin(lang)/></div>
            </form>
        }
    });
    page.of(edition).crumbs(crumbs(lang, words::new(lang)))
}

/// The tracks as choices.
pub(super) fn tracks(lang: Lang, places: &Places, chosen: &str) -> Vec<Choice> {
    let choice = |track: &backend::editions::Track| {
        let id = track.id.to_string();
        let here = id == chosen;
        Choice::new(id, lang.of(&track.name.ko, &track.name.en), here)
    };
    places.tracks.iter().map(choice).collect()
}

/// The way back to the desk.
pub(super) fn crumbs(lang: Lang, here: impl Into<String>) -> Crumbs {
    vec![(words::own(lang).to_owned(), Some("/organisation".to_owned())), (here.into(), None)]
}

/// The title of a case on its own desk.
pub(super) fn desk_title(lang: Lang, case: &Case) -> String {
    say::title(lang, &case.title, "").0
}

#[cfg(test)]
mod tests {
    use backend::cases::CaseState;
    use domain::schedule::Phase;

    use super::stations;

    #[test]
    fn a_case_never_goes_back_while_the_season_goes_on() {
        let states = [
            CaseState::Draft,
            CaseState::Submitted,
            CaseState::Accepted,
            CaseState::Rejected,
            CaseState::Withdrawn,
        ];
        for state in states {
            let done: Vec<u32> =
                Phase::ALL.into_iter().map(|phase| stations(phase, state).0).collect();
            assert!(done.is_sorted(), "{state:?}: {done:?}");
        }
        assert_eq!(stations(Phase::Announced, CaseState::Accepted), (4, None));
        assert_eq!(stations(Phase::Voting, CaseState::Rejected), (2, None));
    }
}
