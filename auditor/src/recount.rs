//! Counts ballots from two plain files: a table of ballots and a rulebook. Needs no log.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io::BufRead;
use std::path::Path;

use crate::bytes::{format_case_id, parse_number};
use crate::exact::Exact;
use crate::finding::{AuditError, Finding};
use crate::folder::DOCUMENT_BYTES;
use crate::picks::Tally;
use crate::rows::{Rows, open_file_part};
use crate::rules::{Poll, Rules, parse_result};
use crate::verify::published::{CVR_HEAD, compare_votes};

/// Ballot numbers below this take one bit each; larger numbers go into a set.
const DENSE: u64 = 1 << 24;

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollCount {
    /// Valid ballots.
    pub ballots: u64,
    /// Votes of each case. Includes every case on the paper if the rulebook lists them.
    pub votes: BTreeMap<u128, u64>,
}

/// The ballot numbers seen so far.
#[derive(Default)]
struct SeenNumbers {
    dense: Vec<u64>,
    sparse: HashSet<u64>,
}

impl SeenNumbers {
    /// Adds a number and returns whether it is new.
    fn insert_number(&mut self, number: u64) -> bool {
        let Ok(place) = usize::try_from(number / 64) else { return self.sparse.insert(number) };
        if number >= DENSE {
            return self.sparse.insert(number);
        }
        if place >= self.dense.len() {
            self.dense.resize(place + 1, 0);
        }
        let new = self.dense[place] & (1 << (number % 64)) == 0;
        self.dense[place] |= 1 << (number % 64);
        new
    }
}

/// Counts a table `ballot,picks`. The picks of a row may be in any order.
///
/// # Errors
/// [`AuditError::Wrong`] with the first row that is not a valid ballot.
pub fn count_table(ballots: &Path, poll: &Poll) -> Result<(PollCount, Tally), AuditError> {
    let name = ballots.display().to_string();
    count_rows(open_file_part(ballots, &name, 0, u64::MAX)?, &name, poll)
}

/// Counts a table from any reader; findings call it `name`.
///
/// # Errors
/// The errors of [`count_table`].
pub fn count_rows(
    table: impl BufRead,
    name: &str,
    poll: &Poll,
) -> Result<(PollCount, Tally), AuditError> {
    let mut rows = Rows::open_lenient(table, name, CVR_HEAD)?;
    let (mut tally, mut seen, mut count) = (Tally::default(), SeenNumbers::default(), 0_u64);
    while let Some((line, row)) = rows.next()? {
        let wrong = |rule, what: String| {
            AuditError::from(Finding::about_whole_file(rule, name, what).at_line(line))
        };
        let comma = row.iter().position(|&byte| byte == b',').unwrap_or(row.len());
        let Some(ballot) = parse_number(&row[..comma]) else {
            return Err(wrong("ballot-number", "no ballot number at its start".to_owned()));
        };
        if !seen.insert_number(ballot) {
            return Err(wrong("ballot-twice", format!("ballot {ballot} was there before")));
        }
        let picks = row.get(comma + 1..).unwrap_or_default();
        tally.count_ballot(picks, poll, false).map_err(|what| wrong("picks", what))?;
        count += 1;
    }
    let mut votes: BTreeMap<u128, u64> =
        poll.paper.iter().flatten().map(|case| (*case, 0)).collect();
    votes.extend(tally.votes_by_case());
    Ok((PollCount { ballots: count, votes }, tally))
}

/// Counts a table, and compares it with a result document if one is named. Returns the text to
/// print.
///
/// # Errors
/// The errors of [`count_table`]; [`AuditError::Input`] if a file cannot be read or the poll must be named.
pub fn run_recount_command(
    ballots: &Path,
    rulebook: &Path,
    poll: Option<&str>,
    result: Option<&Path>,
) -> Result<String, AuditError> {
    let rules = Rules::parse_rulebook(&read_document(rulebook)?)
        .map_err(|why| AuditError::unreadable_input(rulebook.display(), why))?;
    let poll = match (poll, rules.polls.as_slice()) {
        (Some(slug), _) => rules.find_poll(slug),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let missing =
        || AuditError::unreadable_input("--poll", "the rulebook has not one poll of this name");
    let poll = poll.ok_or_else(missing)?;
    let (count, tally) = count_table(ballots, poll)?;
    let mut text = format_votes(&count);
    if let Some(path) = result {
        let wrong = |why| {
            AuditError::from(Finding::about_whole_file(
                "result-form",
                path.display().to_string(),
                why,
            ))
        };
        let said = parse_result(&read_document(path)?, &rules)
            .map_err(|why| AuditError::unreadable_input(path.display(), why))?;
        let said = said.get(&poll.slug);
        let said = said.ok_or_else(|| wrong(format!("says nothing about poll {}", poll.slug)))?;
        compare_votes(said, count.ballots, &tally, &poll.slug)?;
        text.push_str("the result says the same\n");
    }
    Ok(text)
}

fn read_document(path: &Path) -> Result<Vec<u8>, AuditError> {
    let read = || {
        let length = fs::metadata(path)?.len();
        if length > DOCUMENT_BYTES {
            return Err(std::io::Error::other(format!("larger than {DOCUMENT_BYTES} bytes")));
        }
        fs::read(path)
    };
    read().map_err(|error| AuditError::unreadable_input(path.display(), error))
}

/// Writes the votes of each case as CSV, most votes first, with its exact shares: of the most
/// votes, of the ballots, and of all votes.
fn format_votes(count: &PollCount) -> String {
    let top = count.votes.values().copied().max().unwrap_or(0);
    let all: u128 = count.votes.values().map(|votes| u128::from(*votes)).sum();
    let mut rows: Vec<(u128, u64)> =
        count.votes.iter().map(|(case, votes)| (*case, *votes)).collect();
    rows.sort_by_key(|(case, votes)| (std::cmp::Reverse(*votes), *case));
    let mut text = format!("ballots {}\nvotes {all}\n", count.ballots);
    text.push_str("case,votes,share_of_top,share_of_ballots,share_of_picks\n");
    for (case, votes) in rows {
        let share = |whole: u128| {
            Exact::divide_numbers(votes.into(), whole).unwrap_or_else(|| Exact::from_number(0))
        };
        let (top, ballots, picks) = (share(top.into()), share(count.ballots.into()), share(all));
        let _ = writeln!(text, "{},{votes},{top},{ballots},{picks}", format_case_id(case));
    }
    text
}
