//! What came out of a run, by scenario, and the promises that were broken.

use std::collections::BTreeMap;

use crate::fraud::scenario::Scenario;

/// Most broken promises that are printed one by one.
const MOST_LINES: usize = 20;

/// The figures of a scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScenarioCounts {
    /// Ballots of the season.
    pub ballots: u64,
    /// Ballots that the server acknowledged.
    pub acknowledged: u64,
    /// Ballots whose stored trace is what was played.
    pub fitting: u64,
    /// Ballots that the server holds.
    pub held: u64,
    /// Ballots that the detector holds of the season as it was drawn.
    pub held_in_season: u64,
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct PlayReport {
    /// By scenario.
    pub rows: BTreeMap<Scenario, ScenarioCounts>,
    /// What was promised and not kept.
    pub broken: Vec<String>,
    /// What is worth a line and breaks no promise.
    pub notes: Vec<String>,
}

impl PlayReport {
    /// Returns the figures of a scenario.
    pub fn counts_of(&mut self, scenario: Scenario) -> &mut ScenarioCounts {
        self.rows.entry(scenario).or_default()
    }

    /// Returns the sums of all scenarios of attacks, or of all others.
    #[must_use]
    pub fn sum_counts(&self, attacks: bool) -> ScenarioCounts {
        let rows = self.rows.iter().filter(|row| row.0.is_attack() == attacks);
        rows.fold(ScenarioCounts::default(), |sum, (_, row)| ScenarioCounts {
            ballots: sum.ballots + row.ballots,
            acknowledged: sum.acknowledged + row.acknowledged,
            fitting: sum.fitting + row.fitting,
            held: sum.held + row.held,
            held_in_season: sum.held_in_season + row.held_in_season,
        })
    }

    /// Formats the table, the notes and the broken promises.
    #[must_use]
    pub fn format_lines(&self) -> Vec<String> {
        let mut lines = vec![
            "| scenario | ballots | acknowledged | trace as played | held | held in the season as drawn |"
                .to_owned(),
            "|---|---|---|---|---|---|".to_owned(),
        ];
        let sums =
            [("all attacks", self.sum_counts(true)), ("all honest people", self.sum_counts(false))];
        let rows = self.rows.iter().map(|(scenario, row)| (scenario.0, *row));
        lines.extend(rows.chain(sums).map(|(name, row)| {
            let ScenarioCounts { ballots, acknowledged, fitting, held, held_in_season } = row;
            format!(
                "| {name} | {ballots} | {acknowledged} | {fitting} | {held} | {held_in_season} |"
            )
        }));
        lines.push(String::new());
        lines.extend(self.notes.iter().cloned());
        lines.extend(self.broken.iter().take(MOST_LINES).map(|what| format!("BROKEN: {what}")));
        lines.push(match self.broken.len() {
            0 => "play: every promise was kept".to_owned(),
            count => format!("play: FAILED, {count} broken"),
        });
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::{PlayReport, ScenarioCounts};
    use crate::fraud::scenario::{HONEST, Scenario};

    #[test]
    fn attacks_and_people_are_summed_apart() {
        let mut report = PlayReport::default();
        let counts = |ballots, held| ScenarioCounts { ballots, held, ..ScenarioCounts::default() };
        *report.counts_of(Scenario("A2 x")) = counts(10, 9);
        *report.counts_of(Scenario("A3 y")) = counts(5, 5);
        *report.counts_of(HONEST) = counts(100, 1);
        assert_eq!(report.sum_counts(true), counts(15, 14));
        assert_eq!(report.sum_counts(false), counts(100, 1));
        assert!(report.format_lines().last().unwrap().ends_with("every promise was kept"));
        report.broken.push("a trace that lies".to_owned());
        let lines = report.format_lines();
        assert!(lines.contains(&"BROKEN: a trace that lies".to_owned()));
        assert!(lines.last().unwrap().ends_with("FAILED, 1 broken"));
    }
}
