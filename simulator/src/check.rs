//! The checker: what was promised against what is stored. It trusts neither side's counting.

use std::collections::HashMap;

use uuid::Uuid;

use crate::journal::{Fate, Journal, voters};
use crate::season::{Ask, Season};
use crate::target::Outcome;

/// A ballot as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The pseudonym.
    pub voter_key: Vec<u8>,
    /// The ballot's number.
    pub id: Uuid,
    /// The idempotency key.
    pub key: Uuid,
    /// The picks, where they can be known: the program keeps them sealed.
    pub picks: Option<Vec<Uuid>>,
}

/// A promise that was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Acknowledged ⊆ stored.
    AcknowledgedButNotStored,
    /// Stored ⊆ asked.
    StoredButNotAsked,
    /// What is stored is what was asked for.
    OtherPicks,
    /// At most one ballot for each voter.
    SecondBallotOfOneVoter,
    /// Two keys of one voter were both acknowledged.
    TwoAcknowledged,
    /// A key was acknowledged, and another time told that another one is in.
    AcknowledgedAndDenied,
    /// "Another ballot of yours is in", but none is, or it is this very one.
    AnotherThatIsNot,
    /// "Nothing was stored", but it was.
    DeniedButStored,
    /// A verified voter was called unverified, or good picks bad.
    WronglyRefused,
    /// Stored outside the window.
    OutsideTheWindow,
    /// Posted before the close and not acknowledged.
    TimelyRefused,
    /// Posted after the close and acknowledged.
    LateAcknowledged,
    /// Acknowledged, but not in the record.
    NotInTheRecord,
    /// The record itself is wrong.
    Record,
    /// The program ended by itself, or did not come up again.
    Crash,
}

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which promise.
    pub rule: Rule,
    /// Whose, or what.
    pub what: String,
}

impl Violation {
    /// A broken promise.
    #[must_use]
    pub fn new(rule: Rule, what: impl Into<String>) -> Self {
        Self { rule, what: what.into() }
    }
}

/// Compares the journal with what is stored. Each stored ballot and each key is looked at.
#[must_use]
pub fn judge(season: &Season, journal: &Journal, stored: &[Stored]) -> Vec<Violation> {
    let fates = journal.fates();
    let (mut ballots, mut violations) = of_voters(season, &fates, stored);
    for (ask, fate) in &fates {
        let found = ballots.entry(ask.voter).or_default();
        violations.extend(of_key(season, *ask, fate, found));
    }
    violations.extend(two_acknowledged(&fates));
    violations.sort_by(|a, b| (a.rule, &a.what).cmp(&(b.rule, &b.what)));
    violations
}

/// What is stored, by voter, and what is wrong with it whatever was answered.
fn of_voters<'a>(
    season: &Season,
    fates: &HashMap<Ask, Fate>,
    stored: &'a [Stored],
) -> (HashMap<u64, Vec<&'a Stored>>, Vec<Violation>) {
    let numbers = voters(season, fates);
    let mut ballots: HashMap<u64, Vec<&Stored>> = HashMap::new();
    let mut violations = Vec::new();
    for ballot in stored {
        let voter = <[u8; 32]>::try_from(ballot.voter_key.as_slice()).ok();
        let Some(&voter) = voter.and_then(|key| numbers.get(&key)) else {
            violations.push(Violation::new(Rule::StoredButNotAsked, ballot.id.to_string()));
            continue;
        };
        let tabs = (0..=u8::MAX).map(|tab| Ask { voter, tab });
        let asked = tabs.take_while(|ask| fates.contains_key(ask) || ask.tab == 0);
        match asked.map(|ask| season.ballot(ask)).find(|asked| asked.key == ballot.key) {
            None => violations.push(Violation::new(Rule::StoredButNotAsked, name(voter, ballot))),
            Some(asked) if ballot.picks.as_ref().is_some_and(|picks| *picks != asked.picks) => {
                violations.push(Violation::new(Rule::OtherPicks, name(voter, ballot)));
            }
            Some(_) => {}
        }
        ballots.entry(voter).or_default().push(ballot);
    }
    for (voter, found) in ballots.iter().filter(|(_, found)| found.len() > 1) {
        let what = format!("voter {voter}: {} ballots", found.len());
        violations.push(Violation::new(Rule::SecondBallotOfOneVoter, what));
    }
    (ballots, violations)
}

/// What is wrong with the answers to one key.
fn of_key(season: &Season, ask: Ask, fate: &Fate, stored: &[&Stored]) -> Vec<Violation> {
    let key = season.ballot(ask).key;
    let mine = stored.iter().any(|ballot| ballot.key == key);
    let other = stored.iter().any(|ballot| ballot.key != key);
    let times = |outcome| fate.times(outcome) > 0;
    let broken = [
        (Rule::AcknowledgedButNotStored, times(Outcome::Acknowledged) && !mine),
        (Rule::AcknowledgedAndDenied, times(Outcome::Acknowledged) && times(Outcome::Another)),
        (Rule::AnotherThatIsNot, times(Outcome::Another) && (mine || !other)),
        (Rule::DeniedButStored, fate.was_always_denied() && mine),
        (Rule::WronglyRefused, times(Outcome::Invalid) || times(Outcome::Unverified)),
    ];
    let what = || format!("voter {}, tab {}, key {key}", ask.voter, ask.tab);
    broken
        .into_iter()
        .filter(|(_, broken)| *broken)
        .map(|(rule, _)| Violation::new(rule, what()))
        .collect()
}

fn two_acknowledged(fates: &HashMap<Ask, Fate>) -> Vec<Violation> {
    let mut acknowledged: HashMap<u64, u32> = HashMap::new();
    for (ask, _) in fates.iter().filter(|(_, fate)| fate.times(Outcome::Acknowledged) > 0) {
        *acknowledged.entry(ask.voter).or_default() += 1;
    }
    let twice = acknowledged.into_iter().filter(|(_, keys)| *keys > 1);
    twice
        .map(|(voter, _)| Violation::new(Rule::TwoAcknowledged, format!("voter {voter}")))
        .collect()
}

fn name(voter: u64, ballot: &Stored) -> String {
    format!("voter {voter}, ballot {}, key {}", ballot.id, ballot.key)
}

/// The stored ballots whose key was acknowledged: those that must be in the record.
#[must_use]
pub fn acknowledged<'a>(
    season: &Season,
    journal: &Journal,
    stored: &'a [Stored],
) -> Vec<&'a Stored> {
    let fates = journal.fates();
    let keys: std::collections::HashSet<Uuid> = fates
        .iter()
        .filter(|(_, fate)| fate.times(Outcome::Acknowledged) > 0)
        .map(|(ask, _)| season.ballot(*ask).key)
        .collect();
    stored.iter().filter(|ballot| keys.contains(&ballot.key)).collect()
}

/// The violations as lines for people: each rule with its count and its first few.
#[must_use]
pub fn listed(violations: &[Violation]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut left = violations;
    while let Some(first) = left.first() {
        let (group, rest) = left.split_at(left.partition_point(|it| it.rule == first.rule));
        lines.push(format!("VIOLATION {:?}: {}", first.rule, group.len()));
        lines.extend(group.iter().take(5).map(|it| format!("    {}", it.what)));
        left = rest;
    }
    lines
}
