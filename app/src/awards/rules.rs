//! GET /editions/{edition}/rules: the rulebook in words, from the edition's own data.

mod publication;

use axum::extract::Path;
use backend::editions::{Edition, TracksAndDistricts};
use domain::rulebook::{BallotPaper, Fraction, PanelMethod, PointsBasis, PollRules, Rulebook};
use leptos::prelude::*;
use phrases::{Lang, rules as say};

use crate::ui::{Crumbs, Facts, Notice, PageHead, Section, TableBox, Tone};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{numbers, polls, rules, times};

/// GET /editions/{edition}/rules
pub(crate) async fn show_rules(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let lang = cx.lang();
    let edition = cx.find_shown_edition(&slug).await?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let about = edition.clone();
    let page = Page::titled(say::title(lang), move || {
        let eyebrow = polls::in_language(lang, &about.title);
        let rulebook = &about.rulebook;
        let (vote, points) =
            (voting_rules_section(lang, &about, &places), point_weights_section(lang, rulebook));
        let poll = rulebook
            .polls
            .iter()
            .map(|rules| poll_points_section(lang, rulebook, rules))
            .collect_view();
        let panel = panel_rules_section(lang, rulebook);
        let (ties, awards) = (ties_section(lang, rulebook), awards_section(lang, rulebook));
        let not_sealed = (!about.sealed).then(|| {
            view! { <Notice lang tone=Tone::Info><p>{say::not_sealed(lang)}</p></Notice> }
        });
        let public = publication::publication_section(lang, &about);
        let privacy = publication::privacy_section(lang, &about);
        view! {
            <PageHead title=say::title(lang) eyebrow lead=say::lead(lang)/>
            {not_sealed}
            {vote}
            {points}
            {poll}
            {panel}
            {ties}
            {awards}
            {public}
            {privacy}
        }
    });
    Ok(cx.render_page(
        page.for_edition(&edition)
            .with_description(say::lead(lang))
            .with_crumbs(rules_crumbs(lang, &edition)),
    ))
}

fn rules_crumbs(lang: Lang, edition: &Edition) -> Crumbs {
    let title = polls::in_language(lang, &edition.title);
    vec![
        (phrases::shell::editions(lang).to_owned(), Some("/editions".to_owned())),
        (title, Some(format!("/editions/{}", edition.slug))),
        (say::title(lang).to_owned(), None),
    ]
}

fn owned_rows<const N: usize>(rows: [(&str, String); N]) -> Vec<(String, String)> {
    rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn voting_rules_section(lang: Lang, edition: &Edition, places: &TracksAndDistricts) -> AnyView {
    let windows = &edition.schedule.windows;
    let announced = edition.schedule.released_at.unwrap_or(windows.announcement);
    let polls = &edition.rulebook.polls;
    let several = polls.len() > 1;
    let content = polls
        .iter()
        .map(|poll| {
            let mut rows = polls::voter_rows(lang, poll);
            if several || poll.cases != BallotPaper::All {
                let cases = polls::paper_words(lang, &poll.cases, |slug| {
                    find_track_name(lang, places, slug)
                });
                rows.insert(0, (phrases::polls::cases(lang).to_owned(), cases));
            }
            rows.extend(polls::own_window_row(lang, poll));
            let title = several.then(|| view! { <h3>{polls::poll_title(lang, poll)}</h3> });
            view! { {title}<Facts rows/> }
        })
        .collect_view();
    let rows = owned_rows([
        (say::call_window(lang), times::format_window(lang, windows.call)),
        (say::vote_window(lang), times::format_window(lang, windows.voting)),
        (say::judge_window(lang), times::format_window(lang, windows.judging)),
        (say::announcement(lang), times::format_minute(lang, announced)),
    ]);
    view! {
        <Section title=say::vote_title(lang) id="vote">
            {content}
            <Facts rows/>
            <p class="small muted">{say::korean_time(lang)}</p>
        </Section>
    }
    .into_any()
}

/// Returns the name of the track with this short name.
fn find_track_name(lang: Lang, places: &TracksAndDistricts, slug: &str) -> String {
    let track = places.tracks.iter().find(|track| track.slug == slug);
    track.map_or_else(|| slug.to_owned(), |track| polls::in_language(lang, &track.name))
}

fn point_weights_section(lang: Lang, rulebook: &Rulebook) -> AnyView {
    let polls = rulebook.polls.iter().map(|poll| (polls::poll_title(lang, poll), &poll.weight));
    let rows = polls
        .chain([(say::panel(lang).to_owned(), &rulebook.panel.weight)])
        .map(|(name, weight)| {
            let (percent, fraction) =
                (format!("{}%", numbers::percent_text(weight)), weight.to_string());
            view! {
                <tr>
                    <th scope="row" data-label=say::part(lang)>{name}</th>
                    <td class="number" data-label=say::percent(lang)>{percent}</td>
                    <td class="number" data-label=say::fraction(lang)>{fraction}</td>
                </tr>
            }
        })
        .collect_view();
    let lead = match rulebook.polls.len() {
        1 => say::points_lead(lang),
        _ => say::points_lead_several(lang),
    };
    view! {
        <Section title=say::points_title(lang) id="points" lead=lead>
            <TableBox caption=say::weights(lang)>
                <thead>
                    <tr>
                        <th scope="col">{say::part(lang)}</th>
                        <th scope="col" class="number">{say::percent(lang)}</th>
                        <th scope="col" class="number">{say::fraction(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
            <p>{say::exact(lang)}</p>
        </Section>
    }
    .into_any()
}

/// Explains how the votes of one poll become points, with an example.
fn poll_points_section(lang: Lang, rulebook: &Rulebook, rules: &PollRules) -> AnyView {
    let basis = rules.basis;
    let (title, id) = match rulebook.polls.len() {
        1 => (say::poll_title(lang).to_owned(), "poll".to_owned()),
        _ => {
            let name = polls::poll_title(lang, rules);
            (say::poll_title_of(lang, name), format!("poll-{}", rules.slug))
        }
    };
    let votes = [40, 30, 10];
    // With one pick for each voter, the number of ballots equals the number of votes.
    let ballots: u64 = if rules.picks.max_picks() == 1 { votes.iter().sum() } else { 50 };
    let base = match basis {
        PointsBasis::ShareOfTop => 40,
        PointsBasis::ShareOfBallots => ballots,
        PointsBasis::ShareOfPicks => votes.iter().sum(),
    };
    let rows = say::case_letters(lang)
        .split(' ')
        .zip(votes)
        .map(|(letter, votes)| {
            let points = Fraction::from_ratio(votes * 100, base).unwrap_or_else(Fraction::zero);
            let points = say::points(lang, points.to_decimal_text(2));
            view! {
                <tr>
                    <th scope="row" data-label=say::case(lang)>{say::case_name(lang, letter)}</th>
                    <td class="number" data-label=say::votes_head(lang)>{say::votes(lang, votes)}</td>
                    <td class="number" data-label=say::arithmetic(lang)>
                        {format!("{votes} ÷ {base} × 100")}
                    </td>
                    <td class="number" data-label=say::points_head(lang)>{points}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Section title=title id=id lead=polls::basis_words(lang, basis)>
            <TableBox caption=say::example(lang, ballots)>
                <thead>
                    <tr>
                        <th scope="col">{say::case(lang)}</th>
                        <th scope="col" class="number">{say::votes_head(lang)}</th>
                        <th scope="col" class="number">{say::arithmetic(lang)}</th>
                        <th scope="col" class="number">{say::points_head(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

fn panel_rules_section(lang: Lang, rulebook: &Rulebook) -> AnyView {
    let panel = &rulebook.panel;
    let sample = match panel.method {
        PanelMethod::Mean => say::sample_mean(lang),
        PanelMethod::Median => say::sample_median(lang),
        PanelMethod::TrimmedMean => say::sample_trimmed(lang),
    };
    let max = rulebook.max_sheet_points();
    let (lead, method) = (say::judges(lang, panel.judges), rules::method_words(lang, panel.method));
    let quorum = say::quorum(lang, panel.quorum);
    let scaled = (max != 100).then(|| view! { <p>{say::scaled(lang, max)}</p> });
    let criteria = panel
        .rubric
        .iter()
        .map(|criterion| {
            let description = criterion.description.as_ref();
            let description = description.map(|text| polls::in_language(lang, text));
            criterion_row(
                lang,
                polls::in_language(lang, &criterion.name),
                description,
                criterion.max,
            )
        })
        .collect_view();
    view! {
        <Section title=say::panel_title(lang) id="panel" lead>
            <div class="prose">
                <p>{method}</p>
                <p>{sample}</p>
                {scaled}
                <p>{quorum}</p>
            </div>
            <TableBox caption=say::rubric(lang)>
                <thead>
                    <tr>
                        <th scope="col">{say::criterion(lang)}</th>
                        <th scope="col" class="number">{say::max(lang)}</th>
                    </tr>
                </thead>
                <tbody>
                    {criteria}
                    {criterion_row(lang, say::sum(lang).to_owned(), None, max)}
                </tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

fn criterion_row(
    lang: Lang,
    name: String,
    description: Option<String>,
    max: impl std::fmt::Display,
) -> AnyView {
    let description = description.map(|text| {
        view! { <tr><td colspan="2" class="muted small">{text}</td></tr> }
    });
    view! {
        <tr>
            <th scope="row" data-label=say::criterion(lang)>{name}</th>
            <td class="number" data-label=say::max(lang)>{say::points(lang, max)}</td>
        </tr>
        {description}
    }
    .into_any()
}

fn ties_section(lang: Lang, rulebook: &Rulebook) -> AnyView {
    let votes = match rulebook.polls.len() {
        1 => say::tie_votes(lang),
        _ => say::tie_votes_several(lang),
    };
    view! {
        <Section title=say::ties_title(lang) id="ties" lead=say::ties_lead(lang)>
            <div class="prose">
                <ol>
                    <li>{say::tie_judges(lang)}</li>
                    <li>{votes}</li>
                    <li>{say::tie_earlier(lang)}</li>
                </ol>
                <p>{say::tie_shared(lang)}</p>
            </div>
        </Section>
    }
    .into_any()
}

fn awards_section(lang: Lang, rulebook: &Rulebook) -> AnyView {
    let rows = rulebook
        .awards
        .iter()
        .map(|award| {
            let name = polls::in_language(lang, &award.tier);
            let count = say::count(lang, award.count);
            view! {
                <tr>
                    <th scope="row" data-label=say::award(lang)>{name}</th>
                    <td class="number" data-label=say::number(lang)>{count}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Section title=say::awards_title(lang) id="awards" lead=say::awards_lead(lang)>
            <TableBox caption=say::awards(lang)>
                <thead>
                    <tr>
                        <th scope="col">{say::award(lang)}</th>
                        <th scope="col" class="number">{say::number(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
            <p>{say::awards_edge(lang)}</p>
        </Section>
    }
    .into_any()
}
