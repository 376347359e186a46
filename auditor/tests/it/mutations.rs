//! More than a thousand random changes of small records, of many kinds; each is found. The kinds
//! are in `tampered` (files are changed after they were signed) and `rewritten` (the organiser
//! signs what is not true).

use auditor::finding::AuditError;
use auditor::sample::{
    Plan, PollPlan, Sample, build_sample_record, derive_number, write_signed_record,
};
use auditor::verify::{TrustedKeys, verify_record};

use crate::support::{Folder, poll, signer};
use crate::{rewritten, tampered};

/// The number of changes of each kind.
const ROUNDS: u64 = 16;

/// A record that is about to be changed.
pub(crate) struct World {
    pub(crate) sample: Sample,
    pub(crate) folder: Folder,
    state: u64,
}

impl World {
    /// Returns a random number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.state = derive_number(&[self.state, 1]);
        usize::try_from(self.state % bound as u64).unwrap()
    }

    /// Writes and signs the record as it is now.
    pub(crate) fn seal(&self) {
        write_signed_record(&self.sample, &signer(7), self.folder.path()).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(name)).unwrap()
    }

    /// Returns the places of all lines that begin with `kind`.
    pub(crate) fn lines(&self, kind: &str) -> Vec<usize> {
        let lines = self.sample.entries.iter().enumerate();
        lines.filter(|(_, line)| line.starts_with(kind)).map(|(place, _)| place).collect()
    }

    /// Returns the place of one random line that begins with `kind`.
    pub(crate) fn line(&mut self, kind: &str) -> usize {
        let lines = self.lines(kind);
        lines[self.below(lines.len())]
    }

    /// Replaces a word of a line.
    pub(crate) fn replace(&mut self, line: usize, word: usize, by: &str) {
        let mut words: Vec<&str> = self.sample.entries[line].split(' ').collect();
        assert_ne!(words[word], by, "nothing changes");
        words[word] = by;
        self.sample.entries[line] = words.join(" ");
    }

    pub(crate) fn word(&self, line: usize, word: usize) -> String {
        self.sample.entries[line].split(' ').nth(word).unwrap().to_owned()
    }
}

/// A kind of change: its name, what it does, and the rules that may find it.
pub(crate) type Kind = (&'static str, fn(&mut World), &'static [&'static str]);

fn bases() -> Vec<Sample> {
    let changing = PollPlan { may_change: true, exact: true, picks: 2, ..poll("changing", 90) };
    let one = Plan { cases: 9, ..Plan::one_poll(280) };
    let two = Plan { polls: vec![poll("public", 220), changing], cases: 8, ..one.clone() };
    vec![
        build_sample_record(&one),
        build_sample_record(&two),
        build_sample_record(&Plan { erased: true, seed: 5, ..one }),
    ]
}

/// Returns the rule that a change breaks, or nothing if the change is not found.
fn found(world: &World) -> Option<String> {
    let trust = TrustedKeys { key: Some(signer(7).verifier_key().to_string()), witnesses: vec![] };
    match verify_record(world.folder.path(), &trust) {
        Ok(report) => report.findings.first().map(|finding| finding.rule.to_owned()),
        Err(AuditError::Input(_)) => Some("unreadable".to_owned()),
        Err(other) => panic!("{other}"),
    }
}

fn every_change_is_found(kinds: &[Kind], sealed_before: bool) -> u64 {
    let bases = bases();
    let mut changes = 0;
    let mut missed = Vec::new();
    for (kind, (name, change, rules)) in (0_u64..).zip(kinds) {
        for round in 0..ROUNDS {
            let base = usize::try_from(round).unwrap() % bases.len();
            let state = derive_number(&[kind, round, u64::from(sealed_before)]);
            let mut world = World { sample: bases[base].clone(), folder: Folder::new(), state };
            if sealed_before {
                world.seal();
            }
            change(&mut world);
            if !sealed_before {
                world.seal();
            }
            changes += 1;
            match found(&world) {
                Some(rule) if rules.is_empty() || rules.contains(&rule.as_str()) => {}
                other => missed.push(format!("{name}, round {round}: {other:?}")),
            }
        }
    }
    assert!(missed.is_empty(), "{} of {changes} missed:\n{}", missed.len(), missed.join("\n"));
    changes
}

#[test]
fn every_change_of_signed_files_is_found() {
    let changes = every_change_is_found(&tampered::KINDS, true);
    assert!(tampered::KINDS.len() >= 20 && changes >= 510, "{changes}");
}

#[test]
fn every_lie_that_is_signed_is_found_by_its_rule() {
    let changes = every_change_is_found(&rewritten::KINDS, false);
    assert!(rewritten::KINDS.len() >= 20 && changes >= 510, "{changes}");
}

#[test]
fn without_a_change_nothing_is_found() {
    for sample in bases() {
        let world = World { sample, folder: Folder::new(), state: 0 };
        world.seal();
        assert_eq!(found(&world), None);
    }
}
