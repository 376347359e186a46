//! Rolls: lists of labels as people paste them, codes as people type them, and numbered seats.
//! Everything that is printed reads back.

#![no_main]

use std::collections::BTreeSet;

use domain::limits::{ROLL_ENTRIES, SEASON_PROBLEMS};
use domain::roll::{RollCode, RollLabel, RollLineProblem, number_seats, parse_roll_list};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    list(text);
    code(text);
    // The numbers depend on the length, so that every text is tried with other numbers.
    let first = text.lines().next().unwrap_or_default();
    let (count, in_row) = (text.len() % 300, text.len() % 7);
    if let Ok(labels) = number_seats(first, count, in_row) {
        assert_eq!(labels.len(), count);
        reads_back(&labels);
    }
});

fn list(text: &str) {
    let lines = text.lines().count();
    match parse_roll_list(text) {
        Ok(entries) => {
            assert!(entries.is_sorted_by_key(|(line, _)| *line) && entries.len() <= ROLL_ENTRIES);
            assert!(entries.iter().all(|(line, _)| (1..=lines).contains(line)));
            let labels: Vec<RollLabel> = entries.into_iter().map(|(_, label)| label).collect();
            // Quotes around a cell are removed, quotes inside it are not.
            let quoted =
                |label: &RollLabel| label.label_text().trim_matches('"') != label.label_text();
            if !labels.iter().any(quoted) {
                reads_back(&labels);
            }
        }
        Err(faults) => {
            assert!((1..=SEASON_PROBLEMS).contains(&faults.len()));
            assert!(faults.is_sorted_by_key(|fault| fault.line));
            for fault in faults {
                assert!((1..=lines).contains(&fault.line));
                if let RollLineProblem::Twice { first } = fault.problem {
                    assert!((1..fault.line).contains(&first));
                }
            }
        }
    }
}

/// Checks that all labels differ, that each reads back from its own text, and that a list of them,
/// one a line, reads back as the same list.
fn reads_back(labels: &[RollLabel]) {
    assert_eq!(labels.iter().collect::<BTreeSet<_>>().len(), labels.len());
    assert!(
        labels
            .iter()
            .all(|label| RollLabel::parse_roll_label(label.label_text()).as_ref() == Ok(label))
    );
    let printed: String = labels.iter().map(|label| format!("{}\n", label.label_text())).collect();
    let read: Result<Vec<RollLabel>, _> = parse_roll_list(&printed)
        .map(|entries| entries.into_iter().map(|(_, label)| label).collect());
    assert_eq!(read.as_deref(), Ok(labels));
}

fn code(text: &str) {
    let Ok(code) = RollCode::parse_typed_code(text) else { return };
    assert!(RollCode::from_bits(*code.bits()) == code);
    let groups = code.groups_of_four();
    for typed in [groups.concat(), groups.join("-"), groups.join(" ").to_lowercase()] {
        assert!(RollCode::parse_typed_code(&typed).is_ok_and(|again| again == code));
    }
}
