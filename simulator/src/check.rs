//! The checker: compares what was promised with what is stored. It counts both sides itself.

use std::collections::HashMap;

use uuid::Uuid;

use crate::journal::{Journal, KeyHistory, voters_by_key};
use crate::season::{BallotRequest, PreparedSeason};
use crate::target::Outcome;

/// A ballot as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBallot {
    /// The voter's pseudonym.
    pub voter_key: Vec<u8>,
    /// The ballot's number.
    pub id: Uuid,
    /// The idempotency key.
    pub key: Uuid,
    /// The picks, if they are known. They are `None` for the program, which seals them.
    pub picks: Option<Vec<Uuid>>,
}

/// The promises that are checked. Each variant says how one was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// An acknowledged ballot is not stored.
    AcknowledgedButNotStored,
    /// A stored ballot was never posted.
    StoredButNotAsked,
    /// The stored picks differ from the posted picks.
    OtherPicks,
    /// A voter has more than one ballot.
    SecondBallotOfOneVoter,
    /// Two keys of one voter were both acknowledged.
    TwoAcknowledged,
    /// One answer acknowledged a key, and another answer said that the voter's ballot has a
    /// different key.
    AcknowledgedAndDenied,
    /// An answer said that the voter's ballot has a different key, but there is no such ballot, or
    /// the stored ballot has this key.
    AnotherThatIsNot,
    /// Every answer said that nothing was stored, but the ballot is stored.
    DeniedButStored,
    /// A verified voter was called unverified, or valid picks were called invalid.
    WronglyRefused,
    /// A ballot was admitted outside the poll's window.
    OutsideTheWindow,
    /// Posted before the close and not acknowledged.
    TimelyRefused,
    /// Posted after the close and acknowledged.
    LateAcknowledged,
    /// Acknowledged, but not in the record.
    NotInTheRecord,
    /// The record itself is wrong.
    Record,
    /// The program ended by itself, or acknowledged nothing for too long.
    Crash,
}

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which promise.
    pub rule: Rule,
    /// Details: the voter, the ballot or the error.
    pub what: String,
}

impl Violation {
    /// Returns a violation of `rule`.
    #[must_use]
    pub fn broken_rule(rule: Rule, what: impl Into<String>) -> Self {
        Self { rule, what: what.into() }
    }
}

/// Compares the journal with the stored ballots. Checks each stored ballot and each key.
#[must_use]
pub fn find_violations(
    season: &PreparedSeason,
    journal: &Journal,
    stored: &[StoredBallot],
) -> Vec<Violation> {
    let histories = journal.key_histories();
    let (mut ballots, mut violations) = check_voters(season, &histories, stored);
    for (ask, history) in &histories {
        let found = ballots.entry(ask.voter).or_default();
        violations.extend(check_key(season, *ask, history, found));
    }
    violations.extend(find_double_acknowledgements(&histories));
    violations.sort_by(|a, b| (a.rule, &a.what).cmp(&(b.rule, &b.what)));
    violations
}

/// Groups the stored ballots by voter, and finds the violations that do not depend on the answers.
fn check_voters<'a>(
    season: &PreparedSeason,
    histories: &HashMap<BallotRequest, KeyHistory>,
    stored: &'a [StoredBallot],
) -> (HashMap<u64, Vec<&'a StoredBallot>>, Vec<Violation>) {
    let numbers = voters_by_key(season, histories);
    let mut ballots: HashMap<u64, Vec<&StoredBallot>> = HashMap::new();
    let mut violations = Vec::new();
    for ballot in stored {
        let voter = <[u8; 32]>::try_from(ballot.voter_key.as_slice()).ok();
        let Some(&voter) = voter.and_then(|key| numbers.get(&key)) else {
            violations.push(Violation::broken_rule(Rule::StoredButNotAsked, ballot.id.to_string()));
            continue;
        };
        let tabs = (0..=u8::MAX).map(|tab| BallotRequest { voter, tab });
        let asked = tabs.take_while(|ask| histories.contains_key(ask) || ask.tab == 0);
        match asked.map(|ask| season.requested_ballot(ask)).find(|asked| asked.key == ballot.key) {
            None => violations.push(Violation::broken_rule(
                Rule::StoredButNotAsked,
                describe_ballot(voter, ballot),
            )),
            Some(asked) if ballot.picks.as_ref().is_some_and(|picks| *picks != asked.picks) => {
                violations
                    .push(Violation::broken_rule(Rule::OtherPicks, describe_ballot(voter, ballot)));
            }
            Some(_) => {}
        }
        ballots.entry(voter).or_default().push(ballot);
    }
    for (voter, found) in ballots.iter().filter(|(_, found)| found.len() > 1) {
        let what = format!("voter {voter}: {} ballots", found.len());
        violations.push(Violation::broken_rule(Rule::SecondBallotOfOneVoter, what));
    }
    (ballots, violations)
}

/// Finds the violations in the answers to one key.
fn check_key(
    season: &PreparedSeason,
    ask: BallotRequest,
    history: &KeyHistory,
    stored: &[&StoredBallot],
) -> Vec<Violation> {
    let key = season.requested_ballot(ask).key;
    let mine = stored.iter().any(|ballot| ballot.key == key);
    let other = stored.iter().any(|ballot| ballot.key != key);
    let times = |outcome| history.outcome_count(outcome) > 0;
    let broken = [
        (Rule::AcknowledgedButNotStored, times(Outcome::Acknowledged) && !mine),
        (Rule::AcknowledgedAndDenied, times(Outcome::Acknowledged) && times(Outcome::Another)),
        (Rule::AnotherThatIsNot, times(Outcome::Another) && (mine || !other)),
        (Rule::DeniedButStored, history.was_always_denied() && mine),
        (Rule::WronglyRefused, times(Outcome::Invalid) || times(Outcome::Unverified)),
    ];
    let what = || format!("voter {}, tab {}, key {key}", ask.voter, ask.tab);
    broken
        .into_iter()
        .filter(|(_, broken)| *broken)
        .map(|(rule, _)| Violation::broken_rule(rule, what()))
        .collect()
}

fn find_double_acknowledgements(histories: &HashMap<BallotRequest, KeyHistory>) -> Vec<Violation> {
    let mut acknowledged: HashMap<u64, u32> = HashMap::new();
    for (ask, _) in
        histories.iter().filter(|(_, history)| history.outcome_count(Outcome::Acknowledged) > 0)
    {
        *acknowledged.entry(ask.voter).or_default() += 1;
    }
    let twice = acknowledged.into_iter().filter(|(_, keys)| *keys > 1);
    twice
        .map(|(voter, _)| Violation::broken_rule(Rule::TwoAcknowledged, format!("voter {voter}")))
        .collect()
}

fn describe_ballot(voter: u64, ballot: &StoredBallot) -> String {
    format!("voter {voter}, ballot {}, key {}", ballot.id, ballot.key)
}

/// Returns the stored ballots whose key was acknowledged. They must be in the record.
#[must_use]
pub fn acknowledged_ballots<'a>(
    season: &PreparedSeason,
    journal: &Journal,
    stored: &'a [StoredBallot],
) -> Vec<&'a StoredBallot> {
    let histories = journal.key_histories();
    let keys: std::collections::HashSet<Uuid> = histories
        .iter()
        .filter(|(_, history)| history.outcome_count(Outcome::Acknowledged) > 0)
        .map(|(ask, _)| season.requested_ballot(*ask).key)
        .collect();
    stored.iter().filter(|ballot| keys.contains(&ballot.key)).collect()
}

/// Formats the violations as lines: each rule with its count and its first five violations.
#[must_use]
pub fn format_violations(violations: &[Violation]) -> Vec<String> {
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
