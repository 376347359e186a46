//! The picture of a group: when its ballots came, how they share browsers and networks, and how long
//! the steps took.

use backend::fraud::{FraudEvidence, LatencyKind, LatencyRow, Quartiles, Shares};
use leptos::prelude::*;
use phrases::{Lang, fraud as say};

use crate::ui::{Bar, Bars, Facts, Section, TableBox};
use crate::words::{fraud as words, numbers, times};

/// Builds the picture, or says why there is none.
pub(crate) fn picture_section(lang: Lang, evidence: &FraudEvidence) -> AnyView {
    let content = if !evidence.group.held {
        view! { <p class="muted">{say::picture_none(lang)}</p> }.into_any()
    } else if evidence.times.is_empty() && evidence.devices == Shares::default() {
        let why =
            if evidence.group.exact { say::picture_gone(lang) } else { say::picture_few(lang) };
        view! { <p class="muted">{why}</p> }.into_any()
    } else {
        view! {
            {shares_facts(lang, evidence)}
            {times_bars(lang, evidence)}
            {latency_table(lang, &evidence.latencies)}
        }
        .into_any()
    };
    view! { <Section title=say::picture(lang) id="picture">{content}</Section> }.into_any()
}

fn shares_facts(lang: Lang, evidence: &FraudEvidence) -> AnyView {
    let text = |shares: &Shares| {
        let largest = shares.largest.iter().map(|count| numbers::group_length(*count));
        let largest = largest.collect::<Vec<_>>().join(", ");
        let largest = if largest.is_empty() { "–".to_owned() } else { largest };
        let number = numbers::group_length;
        say::shares_text(
            lang,
            number(shares.different),
            largest,
            number(shares.others),
            number(shares.unknown),
        )
    };
    let classes = evidence.classes.iter().map(|(class, count)| {
        format!("{} {}", words::network_name(lang, *class), numbers::group_length(*count))
    });
    let rows = vec![
        (say::devices(lang).to_owned(), text(&evidence.devices)),
        (say::networks(lang).to_owned(), text(&evidence.networks)),
        (say::classes(lang).to_owned(), classes.collect::<Vec<_>>().join(", ")),
    ];
    view! { <Facts rows/> }.into_any()
}

fn times_bars(lang: Lang, evidence: &FraudEvidence) -> Option<AnyView> {
    if evidence.times.is_empty() {
        return None;
    }
    let rows: Vec<Bar> = evidence
        .times
        .iter()
        .map(|slice| {
            let ballots = u64::try_from(slice.ballots).unwrap_or(u64::MAX);
            let label = times::format_minute(lang, slice.from);
            Bar::with_label(label, ballots, numbers::group_thousands(ballots))
        })
        .collect();
    Some(
        view! {
            <Bars lang caption=say::times(lang) head_label=say::from(lang)
                head_value=say::ballots(lang) rows/>
        }
        .into_any(),
    )
}

fn latency_table(lang: Lang, latencies: &[LatencyRow]) -> AnyView {
    let text = |quartiles: Option<Quartiles>| {
        quartiles.map_or("–".to_owned(), |quartiles| {
            say::quartiles(lang, quartiles.lower, quartiles.middle, quartiles.upper)
        })
    };
    let row = |row: &LatencyRow| {
        let step = match row.kind {
            LatencyKind::Page => say::step_page(lang),
            LatencyKind::Code => say::step_code(lang),
            LatencyKind::Check => say::step_check(lang),
        };
        view! {
            <tr>
                <th scope="row">{step}</th>
                <td data-label=say::of_group(lang)>{text(row.group)}</td>
                <td data-label=say::of_everybody(lang)>{text(row.everybody)}</td>
            </tr>
        }
    };
    let rows = latencies.iter().map(row).collect_view();
    view! {
        <p>{say::latencies_lead(lang)}</p>
        <TableBox caption=say::latencies(lang)>
            <thead>
                <tr>
                    <th scope="col">{say::step(lang)}</th>
                    <th scope="col">{say::of_group(lang)}</th>
                    <th scope="col">{say::of_everybody(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}
