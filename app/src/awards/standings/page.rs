//! GET /admin/{edition}/standings. Before the close the page says when the standings open. Then it
//! shows the standings with their arithmetic and the form that announces. Afterwards it shows the
//! decision.

use std::collections::HashMap;

use axum::extract::Path;
use backend::Refusal;
use backend::accounts::Admin;
use backend::awards::{CaseMark, QuorumState, UnscoredCase};
use backend::editions::Edition;
use backend::judging::JudgingBoard;
use backend::voting::ContactShare;
use domain::ids::CaseId;
use domain::refusal::AwardsRefusal;
use domain::result::{ResultCase, ResultDocument};
use domain::schedule::{DeliberationOpen, PhaseError};
use leptos::prelude::*;
use phrases::{Lang, awards as say};

use crate::awards::standings::announcement;
use crate::awards::standings::announcement::TypedAnnouncement;
use crate::awards::standings::shares::contact_shares_section;
use crate::awards::{explain, quorum_notices, tiers};
use crate::ui::{
    Badge, ButtonLink, ButtonWeight, Empty, Notice, PageHead, Section, Submit, TableBox, Tone,
};
use crate::web::answer::PageResult;
use crate::web::form_errors::render_form_errors;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{errors, numbers, polls, refusals, rules, times};
use crate::{AppError, staff};

/// The content of the page.
enum StandingsContent {
    Closed(PhaseError, Vec<UnscoredCase>),
    Unscored(Vec<UnscoredCase>),
    NoCases,
    Waiting(AwardsRefusal),
    /// Everything is ready, and nobody has read counts.
    Unread(QuorumState, JudgingBoard),
    Open(Box<OpenStandings>),
    Decided(announcement::StandingsDecision),
}

/// What the committee decides from.
struct OpenStandings {
    result: ResultDocument,
    marks: HashMap<CaseId, CaseMark>,
    notes: Vec<(CaseId, String)>,
    shares: Vec<ContactShare>,
    quorum: QuorumState,
    board: JudgingBoard,
}

/// GET /admin/{edition}/standings
pub(crate) async fn show_standings(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    Ok(cx.render_page(standings_page(&cx, &edition, TypedAnnouncement::default()).await?))
}

/// Builds the page from the present state, with the typed announcement.
pub(crate) async fn standings_page(
    cx: &RequestContext,
    edition: &Edition,
    typed: TypedAnnouncement,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let admin = cx.require_admin()?;
    let desk = load_standings(cx, &admin, edition).await?;
    let about = edition.clone();
    let tabs = staff::edition_tabs(lang, edition, "/standings");
    let page = Page::titled(say::standings(lang), move || {
        // The announcement form shows its own errors. Without the form they are shown here.
        let errors = (!matches!(desk, StandingsContent::Open(..)))
            .then(|| render_form_errors(lang, typed.error.as_ref()));
        let content = standings_section(lang, &about, desk, &typed);
        view! {
            <PageHead title=say::standings(lang) lead=say::standings_lead(lang)/>
            {tabs}
            {errors}
            {content}
        }
    });
    Ok(page.for_edition(edition).with_crumbs(staff::staff_crumbs(
        lang,
        edition,
        say::standings(lang),
    )))
}

async fn load_standings(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
) -> Result<StandingsContent, AppError> {
    let backend = cx.backend();
    let open = match (edition.deliberation_open(), edition.schedule.released_at) {
        (Ok(open), _) => open,
        (Err(_), Some(released_at)) => {
            let decision = backend.result_approval(admin, edition.id).await?;
            let public = edition.results_public().is_ok();
            return Ok(StandingsContent::Decided(announcement::StandingsDecision {
                released_at,
                public,
                decision,
            }));
        }
        (Err(problem), None) => {
            let unscored = backend.unscored_cases(admin, edition.id).await?;
            return Ok(StandingsContent::Closed(problem, unscored));
        }
    };
    // Opening a page opens no counts: browsers and mail programs open pages by themselves.
    let ready = if edition.counts_read {
        read_standings(cx, admin, open, edition).await
    } else {
        match backend.check_countable(admin, edition).await {
            Ok(()) => Ok(StandingsContent::Unread(
                backend.quorum_state(admin, edition).await?,
                backend.judging_board(admin, edition.id).await?,
            )),
            Err(error) => Err(error),
        }
    };
    match ready {
        Ok(content) => Ok(content),
        Err(backend::Error::Refused(Refusal::Awards(AwardsRefusal::NotScored { .. }))) => {
            Ok(StandingsContent::Unscored(backend.unscored_cases(admin, edition.id).await?))
        }
        Err(backend::Error::Refused(Refusal::Awards(AwardsRefusal::NoCases))) => {
            Ok(StandingsContent::NoCases)
        }
        Err(backend::Error::Refused(Refusal::Awards(
            waits @ (AwardsRefusal::FraudOpen { .. }
            | AwardsRefusal::AppealsOpen { .. }
            | AwardsRefusal::PollsOpen),
        ))) => Ok(StandingsContent::Waiting(waits)),
        Err(error) => Err(error.into()),
    }
}

async fn read_standings(
    cx: &RequestContext,
    admin: &Admin,
    open: DeliberationOpen,
    edition: &Edition,
) -> backend::Result<StandingsContent> {
    let backend = cx.backend();
    let result = backend.compute_standings(admin, open, edition).await?;
    let marks = backend.case_marks(edition.gallery_public()?, edition.id).await?;
    let notes = backend.committee_notes(admin, open, edition.id).await?;
    let shares = backend.contact_shares(admin, open, edition.id).await?;
    let quorum = backend.quorum_state(admin, edition).await?;
    let board = backend.judging_board(admin, edition.id).await?;
    let open = OpenStandings { result, marks, notes, shares, quorum, board };
    Ok(StandingsContent::Open(Box::new(open)))
}

fn standings_section(
    lang: Lang,
    edition: &Edition,
    desk: StandingsContent,
    typed: &TypedAnnouncement,
) -> AnyView {
    match desk {
        StandingsContent::Closed(problem, unscored) => {
            standings_closed_notice(lang, edition, problem, &unscored)
        }
        StandingsContent::Unscored(unscored) => {
            unscored_cases_section(lang, edition, &unscored, true)
        }
        StandingsContent::NoCases => view! {
            <Empty title=say::no_cases_title(lang)><p>{say::no_cases(lang)}</p></Empty>
        }
        .into_any(),
        StandingsContent::Waiting(waits) => waiting_notice(lang, edition, waits),
        StandingsContent::Unread(quorum, board) => view! {
            {quorum_notices::below_quorum_notice(lang, edition, &quorum)}
            {quorum_notices::missing_judges_notice(lang, edition, &board)}
            {open_counts_section(lang)}
        }
        .into_any(),
        StandingsContent::Open(open) => {
            let OpenStandings { result, marks, notes, shares, quorum, board } = *open;
            let notes = self::judges_notes_section(lang, &result, &notes);
            let shares = contact_shares_section(lang, edition, &shares);
            let form = announcement::announcement_form(lang, edition, &board, typed);
            let quorum = quorum_notices::below_quorum_notice(lang, edition, &quorum);
            let missing = quorum_notices::missing_judges_notice(lang, edition, &board);
            let table = standings_table(lang, &result, &marks);
            let explained = explain::explain_cases(lang, &result, result.cases.iter(), &marks);
            view! {
                <Section title=say::table(lang) lead=say::table_lead(lang)>{table}</Section>
                <Section title=say::explain(lang) lead=say::explain_lead(lang)>{explained}</Section>
                {notes}
                {shares}
                {quorum}
                {missing}
                {form}
            }
            .into_any()
        }
        StandingsContent::Decided(decided) => {
            announcement::decision_notice(lang, edition, &decided)
        }
    }
}

/// Says what becomes impossible once counts are read, with the button that opens them.
fn open_counts_section(lang: Lang) -> AnyView {
    let items = [say::open_no_windows(lang), say::open_no_rulings(lang), say::open_no_seats(lang)];
    let items = items.map(|item| view! { <li>{item}</li> }).into_iter().collect_view();
    view! {
        <Section title=say::open_title(lang) lead=say::open_lead(lang) id="open">
            <ul class="prose">{items}</ul>
            <form method="post" class="form">
                <div class="actions">
                    <Submit label=say::open_counts(lang) name="act" value="open"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// Says what has to be done before counts are read, and leads to it.
fn waiting_notice(lang: Lang, edition: &Edition, waits: AwardsRefusal) -> AnyView {
    let to_checks = !matches!(waits, AwardsRefusal::PollsOpen);
    let sentence = refusals::refusal_sentence(lang, &Refusal::Awards(waits));
    let link = to_checks.then(|| {
        let href = format!("/admin/{}/fraud", edition.slug);
        view! { <div class="actions"><ButtonLink label=phrases::fraud::name(lang) href/></div> }
    });
    view! { <Notice lang tone=Tone::Warning><p>{sentence}</p>{link}</Notice> }.into_any()
}

/// Lists the judges' notes for the committee, ordered by the rank of the case.
fn judges_notes_section(
    lang: Lang,
    result: &ResultDocument,
    notes: &[(CaseId, String)],
) -> Option<AnyView> {
    if notes.is_empty() {
        return None;
    }
    let of = |case: &ResultCase| {
        let mine = notes.iter().filter(|(id, _)| *id == case.id);
        let lines = mine.map(|(_, note)| view! { <li>{note.clone()}</li> }).collect_view();
        let any = notes.iter().any(|(id, _)| *id == case.id);
        let title = polls::in_language(lang, &case.title);
        any.then(|| view! { <dt>{title}</dt><dd><ul>{lines}</ul></dd> })
    };
    let rows = result.cases.iter().map(of).collect_view();
    let section = view! {
        <Section title=say::notes(lang) lead=say::notes_lead(lang)><dl class="prose">{rows}</dl></Section>
    };
    Some(section.into_any())
}

fn standings_closed_notice(
    lang: Lang,
    edition: &Edition,
    problem: PhaseError,
    unscored: &[UnscoredCase],
) -> AnyView {
    let opens = match problem {
        PhaseError::NotYet { opens } => say::closed_opens(lang, times::format_minute(lang, opens)),
        other => errors::phase_sentence(lang, other),
    };
    let missing = if unscored.is_empty() {
        view! {
            <Notice lang tone=Tone::Success><p>{say::missing_none(lang)}</p></Notice>
        }
        .into_any()
    } else {
        unscored_cases_section(lang, edition, unscored, false)
    };
    view! {
        <Notice lang tone=Tone::Info title=say::closed_title(lang)>
            <p><strong>{opens}</strong></p>
            <p>{say::closed_why(lang)}</p>
        </Notice>
        {missing}
    }
    .into_any()
}

/// Lists the unscored cases, which block the standings. `stuck` means that the judging is over and
/// no judge can score them.
fn unscored_cases_section(
    lang: Lang,
    edition: &Edition,
    cases: &[UnscoredCase],
    stuck: bool,
) -> AnyView {
    let progress = format!("/admin/{}/progress", edition.slug);
    let windows = format!("/admin/{}/windows", edition.slug);
    let rows = cases
        .iter()
        .map(|case| {
            let title = polls::in_language(lang, &case.title);
            let organisation = case.organisation.clone();
            view! {
                <tr>
                    <th scope="row" data-label=say::case(lang)>{title}</th>
                    <td data-label=say::organisation(lang)>{organisation}</td>
                </tr>
            }
        })
        .collect_view();
    let notice = stuck.then(|| {
        view! { <Notice lang tone=Tone::Warning><p>{say::missing_stuck(lang)}</p></Notice> }
    });
    let extend = stuck.then(|| {
        view! { <ButtonLink label=say::to_windows(lang) href=windows weight=ButtonWeight::Secondary/> }
    });
    let lead = say::missing_lead(lang, numbers::group_length(cases.len()));
    view! {
        <Section title=say::missing_title(lang) lead=lead>
            {notice}
            <div class="actions">
                <ButtonLink label=say::to_progress(lang) href=progress weight=ButtonWeight::Secondary/>
                {extend}
            </div>
            <TableBox caption=say::missing_title(lang)>
                <thead>
                    <tr>
                        <th scope="col">{say::case(lang)}</th>
                        <th scope="col">{say::organisation(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

fn standings_table(
    lang: Lang,
    result: &ResultDocument,
    marks: &HashMap<CaseId, CaseMark>,
) -> AnyView {
    let rows = result
        .cases
        .iter()
        .map(|case| {
            let sample = marks.get(&case.id).is_some_and(|mark| mark.sample);
            standings_row(lang, result, case, sample)
        })
        .collect_view();
    view! {
        <TableBox caption=say::table_caption(lang, numbers::group_length(result.cases.len()))>
            <thead>
                <tr>
                    <th scope="col" class="number">{say::rank(lang)}</th>
                    <th scope="col">{say::case(lang)}</th>
                    <th scope="col">{say::organisation(lang)}</th>
                    <th scope="col" class="number">{say::votes(lang)}</th>
                    <th scope="col" class="number">{say::poll_points(lang)}</th>
                    <th scope="col" class="number">{say::judge_points(lang)}</th>
                    <th scope="col" class="number">{say::total(lang)}</th>
                    <th scope="col">{say::tier(lang)}</th>
                    <th scope="col">{say::tie(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

fn standings_row(lang: Lang, result: &ResultDocument, case: &ResultCase, sample: bool) -> AnyView {
    let href = format!("#case-{}", case.id);
    let title = polls::in_language(lang, &case.title);
    let tier = tiers::award_with_medal(lang, &result.rulebook, case.tier).map(|(_, tier)| tier);
    let tier = tier.unwrap_or_else(|| say::no_tier(lang).to_owned());
    let tie = case.tie_rule.map_or(say::no_tie(lang), |rule| rules::tie_rule_words(lang, rule));
    let sample = sample.then(|| {
        view! { " "<Badge tone=Tone::Sample label=phrases::ui::sample(lang)/> }
    });
    let organisation = case.organisation.clone();
    let poll_points = case.combined_poll_points(&result.rulebook).to_decimal_text(2);
    view! {
        <tr>
            <td class="number" data-label=say::rank(lang)>{case.rank.to_string()}</td>
            <th scope="row" data-label=say::case(lang)><span><a href=href>{title}</a>{sample}</span></th>
            <td data-label=say::organisation(lang)>{organisation}</td>
            <td class="number" data-label=say::votes(lang)>{numbers::group_thousands(case.count_votes())}</td>
            <td class="number" data-label=say::poll_points(lang)>{poll_points}</td>
            <td class="number" data-label=say::judge_points(lang)>{case.judge_points.to_decimal_text(2)}</td>
            <td class="number" data-label=say::total(lang)><strong>{case.total.to_decimal_text(2)}</strong></td>
            <td data-label=say::tier(lang)>{tier}</td>
            <td data-label=say::tie(lang)>{tie}</td>
        </tr>
    }
    .into_any()
}
