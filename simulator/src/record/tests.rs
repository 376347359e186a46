//! Tests that a faulty record is detected.

use domain::record::tree::{Hash, compute_tree_root, leaf_hash};
use uuid::Uuid;

use super::{RecordLog, SeenCheckpoints};
use crate::check::{Rule, StoredBallot, Violation};
use crate::queries::EntryRow;

fn stored(number: u8) -> StoredBallot {
    let id = Uuid::from_u128(u128::from(number) + 1);
    StoredBallot { voter_key: vec![number; 32], id, key: id, picks: None }
}

fn line(ballot: &StoredBallot) -> String {
    let (id, voter) = (ballot.id.simple(), hex::encode(&ballot.voter_key));
    format!("ballot/v1 citizens {id} {voter} {} 2024-11-28", "0".repeat(64))
}

fn entries(lines: Vec<String>) -> Vec<EntryRow> {
    (0..).zip(lines).map(|(index, line)| EntryRow { index, line }).collect()
}

fn ballots(count: u8) -> (Vec<StoredBallot>, Vec<String>) {
    let stored: Vec<StoredBallot> = (0..count).map(stored).collect();
    let lines = stored.iter().map(line).collect();
    (stored, lines)
}

fn close(received: u64) -> String {
    format!("close/v1 citizens 2024-12-02T00:00:00Z {received}")
}

fn of_log(entries: Vec<EntryRow>) -> Vec<Violation> {
    RecordLog::read_entries(entries).1
}

#[test]
fn a_sound_record_is_sound() {
    let (stored, mut lines) = ballots(9);
    lines.push(close(9));
    assert!(RecordLog::has_close(&lines, "citizens") && !RecordLog::has_close(&lines, "other"));
    let (log, violations) = RecordLog::read_entries(entries(lines));
    assert!(violations.is_empty(), "{violations:?}");
    let acknowledged: Vec<&StoredBallot> = stored.iter().collect();
    assert_eq!(log.compare_with_ballots("citizens", &stored, &acknowledged), []);
}

#[test]
fn a_gap_a_repetition_a_late_ballot_and_a_wrong_count_are_found() {
    let (_, lines) = ballots(5);
    let mut gap = entries(lines.clone());
    gap.remove(2);
    assert_eq!(of_log(gap).len(), 2, "two places are not theirs");
    let twice = [lines.clone(), vec![lines[1].clone()]].concat();
    assert_eq!(of_log(entries(twice)).len(), 1);
    let late = [lines[..4].to_vec(), vec![close(4), lines[4].clone()]].concat();
    assert_eq!(of_log(entries(late)).len(), 1);
    assert_eq!(of_log(entries([lines.clone(), vec![close(4)]].concat())).len(), 1);
    assert_eq!(of_log(entries(vec!["ballot/v2 nonsense".to_owned()])).len(), 1);
}

#[test]
fn a_ballot_that_is_missing_or_anothers_is_found() {
    let (stored, lines) = ballots(5);
    let acknowledged: Vec<&StoredBallot> = stored[..3].iter().collect();
    let rules = |lines: Vec<String>, stored: &[StoredBallot]| -> Vec<Rule> {
        let (log, _) = RecordLog::read_entries(entries(lines));
        log.compare_with_ballots("citizens", stored, &acknowledged)
            .iter()
            .map(|it| it.rule)
            .collect()
    };
    assert_eq!(rules(lines[1..].to_vec(), &stored), [Rule::NotInTheRecord]);
    assert_eq!(rules(lines[..4].to_vec(), &stored), [Rule::Record], "stored, not acknowledged");
    assert_eq!(rules(lines.clone(), &stored[..4]), [Rule::Record], "a ballot that nobody cast");
    let mut swapped = stored.clone();
    swapped[0].voter_key = vec![77; 32];
    assert_eq!(rules(lines, &swapped), [Rule::Record], "another voter");
}

#[test]
fn a_checkpoint_that_is_no_beginning_is_found() {
    let (_, lines) = ballots(7);
    let leaves: Vec<Hash> = lines.iter().map(|line| leaf_hash(line.as_bytes())).collect();
    let (log, _) = RecordLog::read_entries(entries(lines));
    let mut seen: SeenCheckpoints =
        (0..=7).map(|size| ((size as u64, compute_tree_root(&leaves[..size])), ())).collect();
    assert_eq!(log.find_forks(&seen), []);
    seen.insert((5, compute_tree_root(&leaves[1..6])), ());
    assert_eq!(log.find_forks(&seen).len(), 1, "a fork at size 5");
    seen.insert((8, compute_tree_root(&leaves)), ());
    assert_eq!(log.find_forks(&seen).len(), 2, "and one beyond the end");
}
