//! The picks of a ballot: whether they are valid by the rulebook, and how often each choice was
//! made. Each different choice is checked once, even if many ballots make it.

use std::collections::{BTreeMap, HashMap};

use crate::bytes::{format_case_id, parse_case_id};
use crate::rules::Poll;

/// Reads the cases of one choice. With `sorted` only the canonical text is valid: ids in ascending
/// order.
///
/// # Errors
/// A sentence that says why the choice is not valid in this poll.
pub fn parse_choice(picks: &[u8], poll: &Poll, sorted: bool) -> Result<Vec<u128>, String> {
    let mut cases = Vec::with_capacity(poll.most);
    for part in picks.split(|&byte| byte == b';') {
        let id = parse_case_id(part).ok_or("a pick is not the id of a case")?;
        if sorted && cases.last().is_some_and(|last| *last > id) {
            return Err("the picks are not in the order of their ids".to_owned());
        }
        if cases.contains(&id) {
            return Err(format!("case {} is picked twice", format_case_id(id)));
        }
        if poll.paper.as_ref().is_some_and(|paper| paper.binary_search(&id).is_err()) {
            return Err(format!("case {} is not on the paper", format_case_id(id)));
        }
        if cases.len() == poll.most {
            return Err(format!("more than {} picks", poll.most));
        }
        cases.push(id);
    }
    if cases.len() < poll.least {
        return Err(format!("{} picks where the rulebook asks for {}", cases.len(), poll.least));
    }
    Ok(cases)
}

/// How often each choice was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    choices: HashMap<Box<[u8]>, (u64, Vec<u128>)>,
}

impl Tally {
    /// Counts one ballot.
    ///
    /// # Errors
    /// The errors of [`parse_choice`].
    pub fn count_ballot(&mut self, picks: &[u8], poll: &Poll, sorted: bool) -> Result<(), String> {
        if let Some((count, _)) = self.choices.get_mut(picks) {
            *count += 1;
        } else {
            let cases = parse_choice(picks, poll, sorted)?;
            self.choices.insert(picks.into(), (1, cases));
        }
        Ok(())
    }

    /// Adds the counts of another tally.
    #[must_use]
    pub fn merge_tally(mut self, other: Self) -> Self {
        for (picks, (count, cases)) in other.choices {
            self.choices.entry(picks).or_insert((0, cases)).0 += count;
        }
        self
    }

    /// Returns the votes of every case that was picked at least once.
    pub fn votes_by_case(&self) -> BTreeMap<u128, u64> {
        let mut votes = BTreeMap::new();
        for (count, cases) in self.choices.values() {
            for case in cases {
                *votes.entry(*case).or_insert(0) += count;
            }
        }
        votes
    }

    /// Returns the first choice, in the order of its text, that the other tally has not as often.
    /// Returns both counts with it.
    pub fn first_difference(&self, other: &Self) -> Option<(String, u64, u64)> {
        let count =
            |tally: &Self, picks: &[u8]| tally.choices.get(picks).map_or(0, |found| found.0);
        let all = self.choices.keys().chain(other.choices.keys());
        all.filter(|picks| count(self, picks) != count(other, picks)).min().map(|picks| {
            let text = String::from_utf8_lossy(picks).into_owned();
            (text, count(self, picks), count(other, picks))
        })
    }
}
