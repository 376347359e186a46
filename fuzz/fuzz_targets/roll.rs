//! Rolls: lists of labels as people paste them, codes as people type them, and numbered seats.
//! Everything that is printed reads back.

#![no_main]

use std::collections::BTreeSet;

use domain::limits::{ROLL_ENTRIES, SEASON_PROBLEMS};
use domain::roll::{Label, LineProblem, RollCode, parse_list, seats};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    list(text);
    code(text);
    // The numbers depend on the length, so that every text is tried with other numbers.
    let first = text.lines().next().unwrap_or_default();
    let (count, in_row) = (text.len() % 300, text.len() % 7);
    if let Ok(labels) = seats(first, count, in_row) {
        assert_eq!(labels.len(), count);
        reads_back(&labels);
    }
});

fn list(text: &str) {
    let lines = text.lines().count();
    match parse_list(text) {
        Ok(entries) => {
            assert!(entries.is_sorted_by_key(|(line, _)| *line) && entries.len() <= ROLL_ENTRIES);
            assert!(entries.iter().all(|(line, _)| (1..=lines).contains(line)));
            let labels: Vec<Label> = entries.into_iter().map(|(_, label)| label).collect();
            // Quotes around a cell are removed, quotes inside it are not.
            let quoted = |label: &Label| label.as_str().trim_matches('"') != label.as_str();
            if !labels.iter().any(quoted) {
                reads_back(&labels);
            }
        }
        Err(faults) => {
            assert!((1..=SEASON_PROBLEMS).contains(&faults.len()));
            assert!(faults.is_sorted_by_key(|fault| fault.line));
            for fault in faults {
                assert!((1..=lines).contains(&fault.line));
                if let LineProblem::Twice { first } = fault.problem {
                    assert!((1..fault.line).contains(&first));
                }
            }
        }
    }
}

/// Checks that all labels differ, that each reads back from its own text, and that a list of them,
/// one a line, reads back as the same list.
fn reads_back(labels: &[Label]) {
    assert_eq!(labels.iter().collect::<BTreeSet<_>>().len(), labels.len());
    assert!(labels.iter().all(|label| Label::parse(label.as_str()).as_ref() == Ok(label)));
    let printed: String = labels.iter().map(|label| format!("{}\n", label.as_str())).collect();
    let read: Result<Vec<Label>, _> =
        parse_list(&printed).map(|entries| entries.into_iter().map(|(_, label)| label).collect());
    assert_eq!(read.as_deref(), Ok(labels));
}

fn code(text: &str) {
    let Ok(code) = RollCode::parse(text) else { return };
    assert!(RollCode::new(*code.bits()) == code);
    let groups = code.groups();
    for typed in [groups.concat(), groups.join("-"), groups.join(" ").to_lowercase()] {
        assert!(RollCode::parse(&typed).is_ok_and(|again| again == code));
    }
}
