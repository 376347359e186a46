//! GET /editions/{edition}/results. Before the release the page shows the date.
//! After it the page shows the winners, the ranks, and everything needed to compute them again.

use axum::extract::Path;
use backend::awards::{Photograph, PublishedResult};
use backend::editions::Edition;
use domain::result::{ResultCase, ResultDocument};
use domain::rulebook::{PollRules, RanksShown};
use domain::schedule::{Instant, Phase, PhaseError};
use leptos::prelude::*;
use phrases::{Lang, awards as say, rules};

use crate::AppError;
use crate::awards::photographs::photographs_section;
use crate::awards::result_document::result_file_name;
use crate::awards::winners::{CaseMarks, is_sample_case, podium_section, public_case_href};
use crate::awards::{explain, quorum_notices, tiers};
use crate::ui::{
    Bar, Bars, ButtonLink, ButtonWeight, Countdown, Crumbs, Facts, Hero, Medal, Notice, PageHead,
    RankList, RankedCase, Section, Stat, Tone, Ways,
};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::rules::{method_words, name_with_sample};
use crate::words::{numbers, polls, times};

/// GET /editions/{edition}/results
pub(crate) async fn show_results(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let public = match edition.results_public() {
        Ok(public) => public,
        Err(problem) => return Ok(cx.render_page(result_waiting_page(&cx, &edition, problem))),
    };
    let result = cx.backend().published_result(public, &edition).await?;
    let marks = cx
        .backend()
        .case_marks(edition.gallery_public().map_err(AppError::Phase)?, edition.id)
        .await?;
    let photographs = cx.backend().photographs(&edition).await?;
    Ok(cx.render_page(result_page(&cx, &edition, result, (marks, photographs))))
}

fn results_crumbs(lang: Lang, edition: &Edition) -> Crumbs {
    let title = polls::in_language(lang, &edition.title);
    vec![
        (phrases::shell::editions(lang).to_owned(), Some("/editions".to_owned())),
        (title, Some(format!("/editions/{}", edition.slug))),
        (say::results(lang).to_owned(), None),
    ]
}

fn result_waiting_page(cx: &RequestContext, edition: &Edition, problem: PhaseError) -> Page {
    let lang = cx.lang();
    let at = match problem {
        PhaseError::NotYet { opens } => opens,
        PhaseError::Over { .. } | PhaseError::NotPublished => edition.schedule.windows.announcement,
    };
    let base = format!("/editions/{}", edition.slug);
    let (now, voting) = (edition.now, edition.current_phase() == Phase::Voting);
    let cases = edition.gallery_public().is_ok();
    let eyebrow = polls::in_language(lang, &edition.title);
    let page = Page::titled(say::results(lang), move || {
        let vote = voting.then(|| {
            let href = format!("{base}/vote");
            view! { <ButtonLink label=say::to_vote(lang) href/> }
        });
        let cases = cases.then(|| {
            let href = format!("{base}/cases");
            view! { <ButtonLink label=say::to_cases(lang) href weight=ButtonWeight::Secondary/> }
        });
        let rules = format!("{base}/rules");
        let rows = vec![(say::waiting_at(lang).to_owned(), times::format_minute(lang, at))];
        let left = announcement_countdown(lang, now, at);
        view! {
            <PageHead title=say::waiting_title(lang) eyebrow lead=say::waiting_lead(lang)/>
            <div class="panel stack">
                {left}
                <Facts rows/>
                <div class="actions">
                    {vote}
                    {cases}
                    <ButtonLink label=say::to_rules(lang) href=rules weight=ButtonWeight::Quiet/>
                </div>
            </div>
        }
    });
    page.for_edition(edition).with_crumbs(results_crumbs(lang, edition))
}

/// Builds the countdown to the announcement, measured by the edition's clock.
fn announcement_countdown(lang: Lang, now: Instant, until: Instant) -> AnyView {
    let left = until - now;
    if left <= chrono::TimeDelta::zero() {
        return view! { <p class="lead">{say::waiting_soon(lang)}</p> }.into_any();
    }
    let (days, hours, minutes) = (left.num_days(), left.num_hours() % 24, left.num_minutes() % 60);
    let text = if days > 0 {
        say::left_days(lang, days, hours)
    } else if hours > 0 {
        say::left_hours(lang, hours, minutes)
    } else if minutes > 0 {
        say::left_minutes(lang, minutes)
    } else {
        say::left_seconds(lang).to_owned()
    };
    let until = until.to_rfc3339();
    view! { <Countdown label=say::waiting_until(lang) until text/> }.into_any()
}

fn result_page(
    cx: &RequestContext,
    edition: &Edition,
    result: PublishedResult,
    (marks, photographs): (CaseMarks, Vec<Photograph>),
) -> Page {
    let lang = cx.lang();
    let base = format!("/editions/{}", edition.slug);
    let title = polls::in_language(lang, &result.document.edition.title);
    let described = say::result_described(lang, &title);
    let rehearsal = edition.rehearsal;
    let page = Page::titled(say::results(lang), move || {
        let document = &result.document;
        let lead = result_lead(lang, document);
        let exception = quorum_notices::published_exception_notice(lang, document);
        let rehearsed = rehearsal.then(|| {
            view! {
                <Notice lang tone=Tone::Sample title=say::rehearsal_title(lang)>
                    <p>{say::rehearsal_text(lang)}</p>
                </Notice>
            }
        });
        let podium = podium_section(lang, &base, document, &marks);
        let ranks = ranks_section(lang, &base, document, &marks);
        let (bars, how) = (
            points_bars_section(lang, document, &marks),
            how_counted_section(lang, &base, document),
        );
        let explained = explain::explain_cases(lang, document, ranked_cases(document), &marks);
        let others = others_section(lang, &base, document, &marks);
        let (check, minutes) =
            (result_check_section(lang, &base, &result), minutes_section(lang, &result.minutes));
        view! {
            <Hero title eyebrow=say::result_eyebrow(lang) lead>
                <ButtonLink label=say::to_ranks(lang) href="#ranks"/>
                <ButtonLink label=say::to_check(lang) href="#check" weight=ButtonWeight::Secondary/>
            </Hero>
            {rehearsed}
            {exception}
            {podium}
            {ranks}
            {others}
            {bars}
            {how}
            <Section title=say::explain(lang) id="explain" lead=say::explain_lead(lang)>
                {explained}
            </Section>
            {check}
            {minutes}
            {photographs_section(lang, &photographs)}
        }
    });
    // No breadcrumbs, because the panel begins directly under the header, which names the page.
    page.for_edition(edition).with_description(described)
}

fn result_lead(lang: Lang, document: &ResultDocument) -> String {
    let ballots = numbers::group_thousands(document.count_ballots());
    let cases = numbers::group_length(document.cases.len());
    match document.polls.len() {
        1 => say::result_lead(lang, ballots, cases),
        // A citizen who voted in two polls has two ballots, so this sentence counts ballots.
        _ => say::result_lead_several(lang, ballots, cases),
    }
}

/// Returns the cases whose ranks and points the page shows, by the rules of the edition.
fn ranked_cases(result: &ResultDocument) -> impl Iterator<Item = &ResultCase> {
    let all = result.rulebook.ranks == RanksShown::All;
    result.cases.iter().filter(move |case| all || case.tier.is_some())
}

/// Builds the list of the other cases, by title. `None` if the page shows the ranks of all.
fn others_section(
    lang: Lang,
    base: &str,
    result: &ResultDocument,
    marks: &CaseMarks,
) -> Option<AnyView> {
    if result.rulebook.ranks == RanksShown::All {
        return None;
    }
    let others = result.cases.iter().filter(|case| case.tier.is_none());
    let mut others: Vec<(String, &ResultCase)> =
        others.map(|case| (polls::in_language(lang, &case.title), case)).collect();
    others.sort_by(|one, other| one.0.cmp(&other.0));
    let line = |(title, case): (String, &ResultCase)| {
        let who = name_with_sample(lang, &case.organisation, is_sample_case(marks, case));
        view! {
            <li><a href=public_case_href(base, case)>{title}</a>" "<span class="muted">{who}</span></li>
        }
    };
    let lines: Vec<_> = others.into_iter().map(line).collect();
    (!lines.is_empty()).then(|| {
        view! {
            <Section title=say::others_title(lang) id="others" lead=say::others_lead(lang)>
                <ul class="prose">{lines}</ul>
            </Section>
        }
        .into_any()
    })
}

fn ranks_section(lang: Lang, base: &str, result: &ResultDocument, marks: &CaseMarks) -> AnyView {
    let lead = match result.rulebook.ranks {
        RanksShown::All => say::ranks_lead(lang),
        RanksShown::Awarded => say::ranks_lead_awarded(lang),
    };
    let items = ranked_cases(result)
        .map(|case| RankedCase {
            rank: case.rank,
            tier: tiers::award_with_medal(lang, &result.rulebook, case.tier),
            title: polls::in_language(lang, &case.title),
            organisation: name_with_sample(lang, &case.organisation, is_sample_case(marks, case)),
            points: numbers::points_with_unit(lang, &case.total),
            href: public_case_href(base, case),
        })
        .collect();
    view! {
        <Section title=say::ranks(lang) id="ranks" lead>
            <RankList lang items/>
        </Section>
    }
    .into_any()
}

/// A hundred points, in hundredths.
const FULL_POINTS: u64 = 10_000;

fn points_bars_section(lang: Lang, result: &ResultDocument, marks: &CaseMarks) -> AnyView {
    let rows = ranked_cases(result)
        .map(|case| {
            let medal = case.tier.map_or(Medal::None, Medal::of_tier);
            // Points in hundredths, used only as the length of the bar.
            let length = case.total.to_decimal_text(2).replace('.', "").parse().unwrap_or_default();
            let text = numbers::points_with_unit(lang, &case.total);
            let title = lang.choose_text(&case.title.ko, &case.title.en);
            let label = name_with_sample(lang, title, is_sample_case(marks, case));
            Bar::with_label(label, length, text).with_medal(medal)
        })
        .collect();
    view! {
        <Section title=say::bars_title(lang) wide=true>
            <Bars lang caption=say::bars(lang) head_label=say::case(lang)
                head_value=say::total(lang) rows full=FULL_POINTS/>
        </Section>
    }
    .into_any()
}

fn how_counted_section(lang: Lang, base: &str, result: &ResultDocument) -> AnyView {
    let (polls, panel) = (result.rulebook.polls.as_slice(), &result.rulebook.panel);
    let panel_weight = numbers::percent_text(&panel.weight);
    let weights = match polls {
        [only] => say::how_weights_words(lang, panel_weight, numbers::percent_text(&only.weight)),
        polls => {
            let weight = |poll: &PollRules| {
                let title = polls::poll_title(lang, poll);
                say::how_weights_poll(lang, title, numbers::percent_text(&poll.weight))
            };
            let weights: Vec<String> = polls.iter().map(weight).collect();
            say::how_weights_several(lang, panel_weight, weights.join(", "))
        }
    };
    let mut items: Vec<(String, String)> = polls
        .iter()
        .map(|poll| {
            (polls::poll_title(lang, poll), polls::basis_words(lang, poll.basis).to_owned())
        })
        .collect();
    items.extend([
        (rules::panel(lang).to_owned(), method_words(lang, panel.method).to_owned()),
        (say::how_weights(lang).to_owned(), weights),
        (say::how_ties(lang).to_owned(), say::how_ties_words(lang).to_owned()),
    ]);
    let href = format!("{base}/rules");
    view! {
        <Section title=say::how_title(lang)>
            <Ways items/>
            <div class="actions">
                <ButtonLink label=say::to_rules(lang) href weight=ButtonWeight::Secondary/>
            </div>
        </Section>
    }
    .into_any()
}

fn result_check_section(lang: Lang, base: &str, result: &PublishedResult) -> AnyView {
    let document = &result.document;
    let votes = document.cases.iter().map(ResultCase::count_votes).sum();
    let sheets = document.cases.iter().map(|case| case.sheets.len()).sum();
    let count = numbers::group_thousands(document.count_ballots());
    let ballots = match document.polls.len() {
        1 => (say::people(lang, count), say::stat_ballots(lang)),
        _ => (say::leaves(lang, count), say::stat_ballots_several(lang)),
    };
    let stats = [
        ballots,
        (say::vote_count(lang, numbers::group_thousands(votes)), say::stat_votes(lang)),
        (say::pieces(lang, numbers::group_length(document.cases.len())), say::stat_cases(lang)),
        (say::leaves(lang, numbers::group_length(sheets)), say::stat_sheets(lang)),
    ]
    .map(|(value, label)| view! { <Stat value label/> });
    let href = format!("{base}/result.json");
    let record = format!("/record/{}", document.edition.slug);
    let command = format!("hanpyo check --result {}", result_file_name(&document.edition.slug));
    let rows = vec![(say::fingerprint(lang).to_owned(), result.sha256.clone())];
    view! {
        <Section title=say::check_title(lang) id="check" lead=say::check_lead(lang)>
            <div class="stats">{stats.collect_view()}</div>
            <Facts rows/>
            <div class="stack">
                <p>{say::check_words(lang)}</p>
                <p><code>{command}</code></p>
            </div>
            <div class="actions">
                <ButtonLink label=say::download(lang) href/>
                <ButtonLink label=say::to_record(lang) href=record weight=ButtonWeight::Secondary/>
            </div>
        </Section>
    }
    .into_any()
}

fn minutes_section(lang: Lang, minutes: &str) -> Option<AnyView> {
    if minutes.is_empty() {
        return None;
    }
    let lines = minutes
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .map(|line| view! { <p>{line.to_owned()}</p> })
        .collect_view();
    Some(
        view! {
            <Section title=say::minutes(lang) id="minutes"><div class="prose">{lines}</div></Section>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_is_left_is_told_in_the_two_largest_units() {
        let now: Instant = "2024-12-06T09:00:00Z".parse().unwrap();
        let html_for = |seconds: i64| {
            announcement_countdown(Lang::En, now, now + chrono::TimeDelta::seconds(seconds))
        };
        for (seconds, words) in [
            (3 * 86_400 + 3_600, "3 d 1 h left"),
            (7_260, "2 h 1 min left"),
            (119, "1 min left"),
            (1, "Less than a minute left"),
            (0, "The planned time has passed"),
        ] {
            let html = html_for(seconds).to_html();
            assert!(html.contains(words), "{html}");
        }
    }
}
