//! "Explain my rank": the whole arithmetic of one case, from its votes and sheets to its award.

use std::collections::HashMap;

use backend::awards::CaseMark;
use domain::ids::CaseId;
use domain::result::{ResultCase, ResultDocument};
use domain::rulebook::{Fraction, PanelMethod, PointsBasis, PollRules};
use domain::standings::PollPoints;
use leptos::prelude::*;
use phrases::{Lang, awards as say};

use crate::awards::tiers;
use crate::ui::{Facts, TableBox};
use crate::words::{numbers, polls, rules};

/// How a sheet was counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SheetOutcome {
    Counted,
    Lowest,
    Highest,
    Outside,
}

impl SheetOutcome {
    fn outcome_word(self, lang: Lang) -> &'static str {
        match self {
            Self::Counted => say::sheet_in(lang),
            Self::Lowest => say::sheet_lowest(lang),
            Self::Highest => say::sheet_highest(lang),
            Self::Outside => say::sheet_outside(lang),
        }
    }
}

/// Builds the arithmetic of these cases of a result, each folded.
pub(crate) fn explain_cases<'a>(
    lang: Lang,
    result: &ResultDocument,
    shown: impl Iterator<Item = &'a ResultCase>,
    marks: &HashMap<CaseId, CaseMark>,
) -> AnyView {
    let cases = shown
        .map(|case| {
            let sample = marks.get(&case.id).is_some_and(|mark| mark.sample);
            explain_case(lang, result, case, sample)
        })
        .collect_view();
    view! { <div class="explains">{cases}</div> }.into_any()
}

fn explain_case(lang: Lang, result: &ResultDocument, case: &ResultCase, sample: bool) -> AnyView {
    let id = format!("case-{}", case.id);
    let rank = say::rank_count(lang, case.rank);
    let title =
        rules::name_with_sample(lang, lang.choose_text(&case.title.ko, &case.title.en), sample);
    let total = numbers::points_with_unit(lang, &case.total);
    let rows = case_arithmetic_rows(lang, result, case);
    let sheets = sheets_table(lang, result, case);
    view! {
        <details class="explain" id=id>
            <summary>
                <span class="explain-rank">{rank}</span>
                <span class="explain-title">{title}</span>
                <span class="explain-total">{total}</span>
            </summary>
            <div class="explain-body"><Facts rows/>{sheets}</div>
        </details>
    }
    .into_any()
}

fn case_arithmetic_rows(
    lang: Lang,
    result: &ResultDocument,
    case: &ResultCase,
) -> Vec<(String, String)> {
    let mut rows = vec![(say::organisation(lang).to_owned(), case.organisation.clone())];
    for given in &case.polls {
        let Some(poll) = result.rulebook.find_poll(&given.slug) else { continue };
        let name = match result.polls.len() {
            1 => say::poll_points(lang).to_owned(),
            _ => say::poll_points_of(lang, polls::poll_title(lang, poll)),
        };
        rows.push((name, poll_line(lang, result, poll, given)));
    }
    let tie =
        case.tie_rule.map(|rule| (say::tie(lang), rules::tie_rule_words(lang, rule).to_owned()));
    let tier = tiers::award_with_medal(lang, &result.rulebook, case.tier)
        .map(|(_, tier)| (say::tier(lang), tier));
    let more = [
        (say::judge_points(lang), judge_line(lang, result, case)),
        (say::total(lang), total_line(lang, result, case)),
        (say::exact(lang), say::exact_line(lang, &case.total)),
    ];
    let more = more.into_iter().chain(tie).chain(tier);
    rows.extend(more.map(|(name, value)| (name.to_owned(), value)));
    rows
}

/// Writes the weighted sum of a case: its polls, then the panel.
fn total_line(lang: Lang, result: &ResultDocument, case: &ResultCase) -> String {
    let rules = &result.rulebook;
    let polls = case
        .polls
        .iter()
        .filter_map(|given| Some((&given.points, &rules.find_poll(&given.slug)?.weight)));
    let parts: Vec<_> = polls.chain([(&case.judge_points, &rules.panel.weight)]).collect();
    // The line shows `≈` if any number on it is rounded.
    let exact = parts.iter().all(|(points, weight)| {
        let hundredfold = (*weight).clone() * Fraction::from_whole(100);
        numbers::equals_sign(points) == "=" && numbers::equals_sign(&hundredfold) == "="
    });
    let is = if exact { numbers::equals_sign(&case.total) } else { "≈" };
    let part = |(points, weight): (&Fraction, &Fraction)| {
        say::total_part(lang, points.to_decimal_text(2), numbers::percent_text(weight))
    };
    let parts: Vec<String> = parts.into_iter().map(part).collect();
    say::total_sum(lang, is, parts.join(" + "), case.total.to_decimal_text(2))
}

/// Explains how the votes of one poll became points.
fn poll_line(lang: Lang, result: &ResultDocument, poll: &PollRules, given: &PollPoints) -> String {
    let of_poll = |case: &ResultCase| {
        case.polls.iter().find(|other| other.slug == given.slug).map(|other| other.votes)
    };
    let votes = result.cases.iter().filter_map(of_poll);
    let (is, points) = (numbers::equals_sign(&given.points), given.points.to_decimal_text(2));
    let basis = poll.basis;
    let base = match basis {
        PointsBasis::ShareOfTop => votes.max().unwrap_or_default(),
        PointsBasis::ShareOfBallots => {
            let counted = result.polls.iter().find(|other| other.slug == given.slug);
            counted.map_or(0, |poll| poll.ballots)
        }
        PointsBasis::ShareOfPicks => votes.sum(),
    };
    if base == 0 {
        return say::poll_nobody(lang).to_owned();
    }
    let (base, votes) = (numbers::group_thousands(base), numbers::group_thousands(given.votes));
    match basis {
        PointsBasis::ShareOfTop => say::poll_top(lang, base, is, points, votes),
        PointsBasis::ShareOfBallots => say::poll_ballots(lang, base, is, points, votes),
        PointsBasis::ShareOfPicks => say::poll_picks(lang, base, is, points, votes),
    }
}

fn judge_line(lang: Lang, result: &ResultDocument, case: &ResultCase) -> String {
    let kept: Vec<String> = case
        .sheets
        .iter()
        .zip(sheet_outcomes(result.rulebook.panel.method, case))
        .filter(|(_, outcome)| *outcome == SheetOutcome::Counted)
        .map(|(sheet, _)| sheet_total(sheet).to_string())
        .collect();
    let (is, points) =
        (numbers::equals_sign(&case.judge_points), case.judge_points.to_decimal_text(2));
    let (n, sum) = (kept.len(), kept.join(" + "));
    match result.rulebook.max_sheet_points() {
        100 => say::judge_line(lang, is, n, points, sum),
        max => say::judge_line_scaled(lang, is, max, n, points, sum),
    }
}

/// Returns how each sheet was counted, in the order of the document, which is sorted by total.
fn sheet_outcomes(method: PanelMethod, case: &ResultCase) -> Vec<SheetOutcome> {
    let count = case.sheets.len();
    (0..count)
        .map(|place| match (method, case.dropped) {
            // The middle one, or the middle two of an even number.
            (PanelMethod::Median, _) if place == count / 2 || place == (count - 1) / 2 => {
                SheetOutcome::Counted
            }
            (PanelMethod::Median, _) => SheetOutcome::Outside,
            (_, Some(dropped)) if place == dropped.lowest => SheetOutcome::Lowest,
            (_, Some(dropped)) if place == dropped.highest => SheetOutcome::Highest,
            _ => SheetOutcome::Counted,
        })
        .collect()
}

fn sheet_total(sheet: &[u32]) -> u64 {
    sheet.iter().copied().map(u64::from).sum()
}

fn sheets_table(lang: Lang, result: &ResultDocument, case: &ResultCase) -> AnyView {
    let panel = &result.rulebook.panel;
    let names: Vec<String> =
        panel.rubric.iter().map(|criterion| polls::in_language(lang, &criterion.name)).collect();
    let heads = names
        .iter()
        .map(|name| view! { <th scope="col" class="number">{name.clone()}</th> })
        .collect_view();
    let rows = (1..)
        .zip(case.sheets.iter().zip(sheet_outcomes(panel.method, case)))
        .map(|(number, (sheet, outcome))| sheet_row(lang, &names, number, sheet, outcome))
        .collect_view();
    view! {
        <TableBox caption=say::sheets(lang, case.sheets.len()) about=polls::in_language(lang, &case.title)>
            <thead>
                <tr>
                    <th scope="col">{say::sheet(lang)}</th>
                    {heads}
                    <th scope="col" class="number">{say::total(lang)}</th>
                    <th scope="col">{say::counted(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

fn sheet_row(
    lang: Lang,
    names: &[String],
    number: usize,
    sheet: &[u32],
    outcome: SheetOutcome,
) -> AnyView {
    let cells = names
        .iter()
        .zip(sheet)
        .map(|(name, score)| {
            let score = struck_score(outcome, score.to_string());
            view! { <td class="number" data-label=name.clone()>{score}</td> }
        })
        .collect_view();
    let total = struck_score(outcome, sheet_total(sheet).to_string());
    view! {
        <tr>
            <th scope="row" data-label=say::sheet(lang)>{say::sheet_number(lang, number)}</th>
            {cells}
            <td class="number" data-label=say::total(lang)>{total}</td>
            <td data-label=say::counted(lang)>{outcome.outcome_word(lang)}</td>
        </tr>
    }
    .into_any()
}

/// Strikes out a score that was not counted. The last column says the same in words.
fn struck_score(outcome: SheetOutcome, score: String) -> AnyView {
    match outcome {
        SheetOutcome::Counted => view! { <span>{score}</span> }.into_any(),
        _ => view! { <s>{score}</s> }.into_any(),
    }
}
