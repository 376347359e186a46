//! The desk of an organisation: its cases, edition by edition.

use std::collections::HashMap;

use axum::extract::Query;
use backend::awards::CaseOutcome;
use backend::cases::{Case, CaseState, OwnCase};
use backend::editions::Edition;
use domain::ids::CaseId;
use domain::schedule::{Instant, Phase};
use leptos::prelude::*;
use phrases::{Lang, cases as words, news};

use crate::AppError;
use crate::cases::colleagues::{self, ColleagueAttempt};
use crate::cases::{asked, outcome, state};
use crate::staff::DoneQuery;
use crate::ui::{
    Badge, ButtonLink, Crumbs, Empty, Moment, MomentState, Notice, PageHead, Section, Timeline,
    Tone, paragraphs,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::render_done_notice;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{cases, editions, times};

/// GET /organisation
pub(crate) async fn show_organisation(
    cx: RequestContext,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let attempt = ColleagueAttempt::default();
    Ok(cx.render_page(organisation_page(&cx, attempt, &query.done).await?))
}

/// POST /organisation
pub(crate) async fn submit_organisation(cx: RequestContext, fields: FormFields) -> PageResult {
    let member = cx.require_member()?;
    let own = cx.backend().own_cases(&member).await?;
    let editions = cx.backend().public_editions().await?;
    // The contest that the mail names: the newest on this page.
    let edition = editions.iter().find(|edition| is_on_desk(edition, &own));
    let edition = edition.map(|edition| edition.id);
    let carried_out = match asked::carry_out_answer(&cx, &member, &fields).await {
        Ok(None) => colleagues::carry_out_colleague_form(&cx, &member, edition, &fields)
            .await
            .map(|done| format!("/organisation?done={done}")),
        Ok(Some(path)) => Ok(path),
        Err(error) => Err(error),
    };
    match carried_out {
        Ok(done) => Ok(redirect_to(&done)),
        Err(error) => {
            let email = fields.field_text("email").to_owned();
            let attempt = ColleagueAttempt { email, error: Some(error.clone()) };
            cx.show_again(organisation_page(&cx, attempt, "").await?, &error)
        }
    }
}

/// Builds the desk: the cases by edition, and the colleagues.
async fn organisation_page(
    cx: &RequestContext,
    attempt: ColleagueAttempt,
    done: &str,
) -> Result<Page, AppError> {
    let (lang, member) = (cx.lang(), cx.require_member()?);
    let own = cx.backend().own_cases(&member).await?;
    let pending = cx.backend().colleague_invitations(&member).await?;
    let editions = cx.backend().public_editions().await?;
    let mut sections: Vec<AnyView> = Vec::new();
    for edition in &editions {
        // Who may send in one case late sees the contest, too.
        let late = cx.backend().own_late_admission(&member, edition).await?;
        let late = late.filter(|_| edition.submissions_open().is_err());
        let late = late.filter(|_| edition.submissions_open_until(late).is_ok());
        if late.is_none() && !is_on_desk(edition, &own) {
            continue;
        }
        let outcomes = outcome::published_outcomes(cx, edition).await?;
        sections.push(edition_cases_section(lang, edition, (&own, &outcomes), late));
    }
    let (made, received) = cx.backend().own_recommendations(&member).await?;
    let partner_of = cx.backend().partner_requests(&member).await?;
    let asked = asked::asked_sections(lang, &editions, &partner_of, (made, received));
    let name = cx.require_sign_in()?.organisation_name().unwrap_or_default().to_owned();
    let done = colleagues::colleague_done_sentence(lang, done)
        .or_else(|| asked::asked_done_sentence(lang, done));
    Ok(Page::titled(words::own(lang), move || {
        let empty = sections.is_empty().then(|| {
            view! { <Empty title=words::own_empty_title(lang)><p>{words::own_empty(lang)}</p></Empty> }
        });
        view! {
            <PageHead title=words::own(lang) eyebrow=name lead=words::own_lead(lang)>""</PageHead>
            {render_done_notice(lang, done)}
            {empty}
            {sections}
            {asked}
            {colleagues::colleagues_section(lang, &pending, attempt)}
        }
    }))
}

/// Whether the desk shows an edition: its call is open, or the organisation has a case in it.
fn is_on_desk(edition: &Edition, own: &[OwnCase]) -> bool {
    let has_case = own.iter().any(|case| case.edition_slug == edition.slug);
    has_case || edition.submissions_open().is_ok()
}

/// Builds the section of one edition: its open call and the organisation's cases.
fn edition_cases_section(
    lang: Lang,
    edition: &Edition,
    (own, outcomes): (&[OwnCase], &HashMap<CaseId, CaseOutcome>),
    late: Option<Instant>,
) -> AnyView {
    let cases: Vec<_> = own
        .iter()
        .filter(|case| case.edition_slug == edition.slug)
        .map(|case| own_case_card(lang, edition, case, outcomes.get(&case.id)))
        .collect();
    let empty = cases.is_empty().then(|| {
        view! { <p class="muted">{words::own_empty_title(lang)}</p> }
    });
    let href = format!("/organisation/cases/new?edition={}", edition.slug);
    let admitted = late.map(|until| {
        let said = phrases::late::desk(lang, times::format_end(lang, until));
        view! { <Notice lang tone=Tone::Info><p>{said}</p></Notice> }
    });
    let new = edition.submissions_open_until(late).is_ok().then(|| {
        view! { <div class="actions"><ButtonLink label=words::new(lang) href/></div> }
    });
    let lead = words::call_until(lang, times::format_window(lang, edition.schedule.windows.call));
    view! {
        <Section title=editions::edition_title(lang, edition) lead>
            {admitted}
            {empty}
            <div class="desk">{cases}</div>
            {new}
        </Section>
    }
    .into_any()
}

fn own_case_card(
    lang: Lang,
    edition: &Edition,
    case: &OwnCase,
    outcome: Option<&CaseOutcome>,
) -> AnyView {
    let outcome = outcome.map(|outcome| outcome::case_outcome_view(lang, edition, outcome));
    let (title, title_lang) = cases::title_with_mark(lang, &case.title, "");
    let (tone, label) = state::case_state_label(lang, case.state);
    let saved = words::saved_on(lang, times::format_minute(lang, case.saved_at));
    let href = format!("/organisation/cases/{}", case.id);
    let reason = case.reason.clone().map(|reason| {
        let reason = paragraphs::render_paragraphs(&reason);
        view! { <div class="prose" lang=cases::korean_mark(lang)>{reason}</div> }
    });
    view! {
        <article class="panel">
            <h3><a href=href lang=title_lang>{title}</a></h3>
            <p class="cluster">
                <Badge tone label/>
                <span class="muted small">{saved}</span>
            </p>
            {outcome}
            {reason}
            {case_progress_timeline(lang, edition, case.state, case.open_until)}
        </article>
    }
    .into_any()
}

/// Shows how far a case has come: 접수 → 적격심사 → 투표 → 결과. A case that was sent in says so.
pub(crate) fn case_progress_timeline(
    lang: Lang,
    edition: &Edition,
    state: CaseState,
    open_until: Option<Instant>,
) -> AnyView {
    let windows = &edition.schedule.windows;
    let closes = open_until.map_or(windows.call.closes, |until| until.max(windows.call.closes));
    let missed = state.can_be_written() && edition.now >= closes;
    let (done, now) = count_passed_stations(edition.current_phase(), state);
    let undecided = state == CaseState::Submitted && edition.sealed;
    let (call, screening) = match state {
        CaseState::Submitted if undecided => {
            (news::way_sent(lang), news::way_eligibility_missed(lang))
        }
        CaseState::Submitted => (news::way_sent(lang), news::way_eligibility_waiting(lang)),
        CaseState::Draft | CaseState::Withdrawn if missed => {
            (news::way_not_sent(lang), news::way_eligibility(lang))
        }
        CaseState::Returned => (news::way_returned(lang), news::way_eligibility(lang)),
        _ => (words::way_call(lang), news::way_eligibility(lang)),
    };
    // Nothing lies ahead of a case that takes no part.
    let over = undecided || state == CaseState::Rejected || missed;
    let stations = match over {
        true if missed => 1,
        true => 2,
        false => 4,
    };
    let announced = edition.schedule.released_at.unwrap_or(windows.announcement);
    let moments = [
        (call, times::format_deadline(lang, closes)),
        (screening, times::format_deadline(lang, windows.voting.opens)),
        (words::way_vote(lang), times::format_window(lang, windows.voting)),
        (words::way_result(lang), times::format_minute(lang, announced)),
    ];
    let call_missed = over && stations == 1;
    let items = (0..)
        .zip(moments.into_iter().take(stations))
        .map(|(station, (label, when))| {
            let state = match station {
                station if station < done || call_missed => MomentState::Done,
                station if now == Some(station) => MomentState::Now,
                _ => MomentState::Next,
            };
            Moment::in_state(label, when, state)
        })
        .collect();
    view! { <Timeline lang label=words::way(lang) items/> }.into_any()
}

/// Counts the stations that a case has passed, and returns its present station, if any.
fn count_passed_stations(phase: Phase, state: CaseState) -> (u32, Option<u32>) {
    match (state, phase) {
        (CaseState::Returned, _) | (CaseState::Draft | CaseState::Withdrawn, Phase::Call) => {
            (0, Some(0))
        }
        (CaseState::Draft | CaseState::Withdrawn, _) => (0, None),
        // It waits for staff, who may decide on it from the call on.
        (CaseState::Submitted, _) => (1, None),
        (CaseState::Rejected, _) | (CaseState::Accepted, Phase::Draft | Phase::Call) => (2, None),
        (CaseState::Accepted, Phase::Screening) => (2, None),
        (CaseState::Accepted, Phase::Voting) => (2, Some(2)),
        (CaseState::Accepted, Phase::Judging | Phase::Deliberation) => (3, None),
        (CaseState::Accepted, Phase::Announced | Phase::Archived) => (4, None),
    }
}

/// Returns the breadcrumbs back to the desk.
pub(crate) fn organisation_crumbs(lang: Lang, here: impl Into<String>) -> Crumbs {
    vec![(words::own(lang).to_owned(), Some("/organisation".to_owned())), (here.into(), None)]
}

/// Returns the breadcrumbs of a page below a case, back to the case and to the desk.
pub(crate) fn own_case_crumbs(lang: Lang, case: &Case, here: &str) -> Crumbs {
    let own = format!("/organisation/cases/{}", case.id);
    vec![
        (words::own(lang).to_owned(), Some("/organisation".to_owned())),
        (own_case_title(lang, case), Some(own)),
        (here.to_owned(), None),
    ]
}

/// Returns the title of a case for the desk of its organisation.
pub(crate) fn own_case_title(lang: Lang, case: &Case) -> String {
    cases::title_with_mark(lang, &case.title, "").0
}

#[cfg(test)]
mod tests {
    use backend::cases::CaseState;
    use domain::schedule::Phase;

    use super::count_passed_stations;

    #[test]
    fn a_case_never_goes_back_while_the_season_goes_on() {
        let states = [
            CaseState::Draft,
            CaseState::Submitted,
            CaseState::Returned,
            CaseState::Accepted,
            CaseState::Rejected,
            CaseState::Withdrawn,
        ];
        for state in states {
            let done: Vec<u32> =
                Phase::ALL.into_iter().map(|phase| count_passed_stations(phase, state).0).collect();
            assert!(done.is_sorted(), "{state:?}: {done:?}");
        }
        assert_eq!(count_passed_stations(Phase::Announced, CaseState::Accepted), (4, None));
        assert_eq!(count_passed_stations(Phase::Voting, CaseState::Rejected), (2, None));
    }
}
