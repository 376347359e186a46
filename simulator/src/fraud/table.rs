//! The tables of docs/fraud.md, in Markdown.

use super::attacks::ATTACKS;
use super::cost::DetectorCost;
use super::figures::{format_interval, format_share};
use super::flood::{FloodResult, LockoutResult};
use super::lookalikes::LOOKALIKES;
use super::scenario::{HONEST, SIZES, Scenario};
use super::tally::{RunTally, ScenarioCell};

/// Seconds within which A1 to A4 are to be flagged.
const FLAG_SECONDS: u64 = 300;

fn sum_cells(tally: &RunTally, belongs: impl Fn(Scenario) -> bool) -> ScenarioCell {
    let mut sum = ScenarioCell::default();
    tally
        .cells
        .iter()
        .filter(|(label, _)| belongs(label.0))
        .for_each(|(_, cell)| sum.merge_cell(cell));
    sum
}

fn mark_target(share: (u64, u64), target: Option<u64>) -> String {
    let Some(target) = target else { return "reported".to_owned() };
    let met = reaches_share(share.0, share.1, target);
    format!("≥ {}: {}", target / 10, met_or_missed(met))
}

fn met_or_missed(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}

/// True if at least `per_mille` of all show it. Nothing is always enough of nothing.
fn reaches_share(count: u64, of: u64, per_mille: u64) -> bool {
    u128::from(count) * 1000 >= u128::from(of) * u128::from(per_mille)
}

/// The attacks: what is held of each, by size.
#[must_use]
pub fn attack_table(tally: &RunTally) -> Vec<String> {
    let sizes: Vec<String> = SIZES.iter().map(|size| format!(" {} |", size.size_text())).collect();
    let mut lines = vec![
        format!(
            "| attack | target % | held % of all its ballots (95 %) | held or listed, % | attacks played, % of them found (95 %) |{} one vote for each address | … for each cookie |",
            sizes.concat()
        ),
        format!("|---|---|---|---|---|{}---|---|", "---|".repeat(SIZES.len())),
    ];
    for attack in &ATTACKS {
        let sum = sum_cells(tally, |scenario| scenario == attack.scenario);
        let by_size = SIZES.iter().map(|&size| {
            let cell = tally.cells.get(&(attack.scenario, Some(size)));
            cell.map_or(" – |".to_owned(), |cell| {
                format!(" {} |", format_share(cell.held, cell.ballots))
            })
        });
        lines.push(format!(
            "| {} | {} | {} | {} | {}, {} |{} {} | {} |",
            attack.scenario.0,
            mark_target((sum.held, sum.ballots), attack.target),
            format_interval(sum.held, sum.ballots),
            format_share(sum.listed, sum.ballots),
            sum.seasons,
            format_interval(sum.found, sum.seasons),
            by_size.collect::<String>(),
            format_share(sum.by_address, sum.ballots),
            format_share(sum.by_cookie, sum.ballots),
        ));
    }
    lines
}

/// The honest: what is held of each.
#[must_use]
pub fn honest_table(tally: &RunTally) -> Vec<String> {
    let mut lines = vec![
        "| honest people | target % | ballots | held by the detector, % (95 %) | one vote for each address would hold, % | … for each cookie, % |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    let mut add_row = |name: &str, sum: &ScenarioCell| {
        lines.push(format!(
            "| {name} | ≤ 0.5: {} | {} | {} | {} | {} |",
            met_or_missed(reaches_share(sum.ballots - sum.held, sum.ballots, 995)),
            sum.ballots,
            format_interval(sum.held, sum.ballots),
            format_share(sum.by_address, sum.ballots),
            format_share(sum.by_cookie, sum.ballots),
        ));
    };
    let names = LOOKALIKES.iter().map(|lookalike| lookalike.scenario).chain([HONEST]);
    for name in names {
        add_row(name.0, &sum_cells(tally, |scenario| scenario == name));
    }
    add_row("all of them", &sum_cells(tally, |scenario| !scenario.is_attack()));
    lines
}

/// The figures of whole seasons.
#[must_use]
pub fn season_lines(tally: &RunTally) -> Vec<String> {
    let attacks = sum_cells(tally, |scenario| scenario.is_attack() && !is_refused(scenario));
    let honest = sum_cells(tally, |scenario| !scenario.is_attack());
    let all_held = attacks.held + honest.held;
    let precision_of = |attack: u64, people: u64| format_share(attack, attack + people);
    let (_, quiet_all, quiet_held) = tally.quiet;
    let mut lines = vec![
        "| over all seasons | target | measured (95 %) |".to_owned(),
        "|---|---|---|".to_owned(),
        format!(
            "| precision: share of held ballots that are attacks, % | ≥ 99: {} | {} |",
            met_or_missed(reaches_share(attacks.held, all_held, 990)),
            format_interval(attacks.held, all_held)
        ),
        format!(
            "| precision of *one vote for each address*, % | | {} |",
            precision_of(attacks.by_address, honest.by_address)
        ),
        format!(
            "| precision of *one vote for each cookie*, % | | {} |",
            precision_of(attacks.by_cookie, honest.by_cookie)
        ),
        format!(
            "| seasons in which the true top three stays, % | ≥ 99: {} | {} |",
            met_or_missed(reaches_share(tally.top_kept, tally.seasons, 990)),
            format_interval(tally.top_kept, tally.seasons)
        ),
        format!(
            "| … of the {} seasons without A5 and A8, % | | {} |",
            tally.findable.0,
            format_interval(tally.findable.1, tally.findable.0)
        ),
        format!(
            "| … if nothing were held, all seasons, % | | {} |",
            format_interval(tally.top_kept_without, tally.seasons)
        ),
        format!(
            "| ballots held in {} seasons without attacks, % | ≤ 0.5: {} | {} |",
            tally.quiet.0,
            met_or_missed(reaches_share(quiet_all - quiet_held, quiet_all, 995)),
            format_interval(quiet_held, quiet_all)
        ),
    ];
    for name in ["A1 aliases", "A2", "A3", "A4"] {
        lines.push(delay_line(name, &sum_cells(tally, |scenario| scenario.0.starts_with(name))));
    }
    lines
}

/// True for the attacks that the server's rules refuse: none of their ballots exists.
fn is_refused(scenario: Scenario) -> bool {
    scenario.0.starts_with("A1 one") || scenario.0.starts_with("A13")
}

fn delay_line(name: &str, sum: &ScenarioCell) -> String {
    let mut seen: Vec<u64> = sum.delays.iter().flatten().copied().collect();
    seen.sort_unstable();
    let soon = seen.iter().filter(|&&seconds| seconds <= FLAG_SECONDS).count();
    let count = |number: usize| u64::try_from(number).unwrap_or(0);
    let middle = seen.get(seen.len() / 2).map_or("–".to_owned(), u64::to_string);
    let last = seen.last().map_or("–".to_owned(), u64::to_string);
    format!(
        "| {name}: a ballot held within five minutes of the first, % of attacks | {} | {}; middle {middle} s, longest {last} s |",
        // Of A1 the rules refuse every vote at once, unless the contest does not fold aliases.
        match name.starts_with("A1") {
            true => "reported".to_owned(),
            false => format!("100: {}", met_or_missed(soon == sum.delays.len())),
        },
        format_interval(count(soon), count(sum.delays.len()))
    )
}

/// The floods of codes.
#[must_use]
pub fn flood_table(floods: &[FloodResult]) -> Vec<String> {
    let mut lines = vec![
        "| A14: networks | codes asked for in an hour | sent to targets | voters served, % | sent in all (budget 20,000) | typed of sent, % |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(floods.iter().map(|flood| {
        let sent = flood.sent + flood.served;
        format!(
            "| {} | {} | {} | {} | {sent} | {} |",
            flood.networks,
            flood.asked,
            flood.sent,
            format_share(flood.served, flood.voters),
            format_share(flood.typed, sent),
        )
    }));
    lines
}

/// The people for whom strangers ask codes all day.
#[must_use]
pub fn lockout_table(lockouts: &[LockoutResult]) -> Vec<String> {
    let mut lines = vec![
        "| A14: codes asked for one person all day | messages sent | with a link | codes left for the person | gets in |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(lockouts.iter().map(|lockout| {
        format!(
            "| to {}, from {} networks | {} | {} | {} | {} |",
            if lockout.by_text { "a phone" } else { "a mailbox" },
            lockout.networks,
            lockout.sent,
            lockout.links,
            lockout.left,
            if lockout.lets_in() { "yes" } else { "**no**" },
        )
    }));
    lines
}

/// The costs: of the large poll, if it was measured, and of the seasons.
#[must_use]
pub fn cost_table(cost: Option<&DetectorCost>, seasons_an_hour: u64) -> Vec<String> {
    let mut lines = vec!["| cost | target | measured |".to_owned(), "|---|---|---|".to_owned()];
    lines.extend(cost.into_iter().flat_map(large_poll_lines));
    lines.push(format!(
        "| seasons an hour | ≥ 1,000: {} | {seasons_an_hour} |",
        met_or_missed(seasons_an_hour >= 1_000)
    ));
    lines
}

fn large_poll_lines(cost: &DetectorCost) -> [String; 5] {
    [
        format!(
            "| a ballot that arrives in a poll of {} ballots, its groups weighed at once | ≤ 100 µs: {} | {}.{} µs |",
            cost.ballots,
            met_or_missed(cost.arrival_nanos <= 100_000),
            cost.arrival_nanos / 1000,
            cost.arrival_nanos % 1000 / 100
        ),
        format!(
            "| feeding and analysing all of them, one thread | ≤ 10 s: {} | {}.{:03} s |",
            met_or_missed(cost.analysis_millis <= 10_000),
            cost.analysis_millis / 1000,
            cost.analysis_millis % 1000
        ),
        format!(
            "| peak memory of the process, simulator included | ≤ 1,024 MiB: {} | {} MiB |",
            met_or_missed(cost.peak_mib <= 1024),
            cost.peak_mib
        ),
        format!("| its groups that were held or cleared | | {} |", cost.groups),
        format!(
            "| its ballots of people, and how many of them are held | | {}, {} |",
            cost.honest, cost.honest_held
        ),
    ]
}
