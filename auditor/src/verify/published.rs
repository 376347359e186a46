//! What is published beside the log: cast-vote records, openings, the result.

use std::collections::BTreeMap;
use std::fs;

use domain::record::tree::Hash;
use domain::result::ResultDocument;
use domain::rulebook::{Rulebook, SealedRulebook};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::bytes::{case_text, hex, id, number};
use crate::finding::{Finding, Stop};
use crate::folder::{CSV_BYTES, DOCUMENT_BYTES, Folder};
use crate::picks::Tally;
use crate::rows::{Rows, halves};
use crate::rules::{Announced, Poll};

use super::ballots::{Ballots, Fate};

/// The head line of the cast-vote records.
pub const CVR_HEAD: &str = "ballot,picks";
/// The head line of the openings.
pub const OPENINGS_HEAD: &str = "ballot,key,picks";

/// One poll whose tables are checked, with all ballots of the log.
#[derive(Clone, Copy)]
pub struct Counted<'a> {
    /// Its place in the rulebook.
    pub place: u16,
    /// Its rules.
    pub poll: &'a Poll,
    /// The ballots of the log.
    pub ballots: &'a Ballots,
    /// How many of them count in this poll.
    pub count: u64,
}

fn bounded(folder: &Folder, file: &str) -> Result<(), Stop> {
    let length = fs::metadata(folder.path(file)).map_err(|error| Stop::input(file, error))?.len();
    if length > CSV_BYTES {
        return Err(Stop::input(file, format!("larger than {CSV_BYTES} bytes")));
    }
    Ok(())
}

/// Counts the cast-vote records. They must be numbered from 1, sorted, have valid picks, and be as
/// many as the counted ballots.
///
/// # Errors
/// The first row that is wrong.
pub fn cvr(folder: &Folder, file: &str, counted: Counted<'_>) -> Result<Tally, Stop> {
    bounded(folder, file)?;
    let mut rows = Rows::open(&folder.path(file), file, CVR_HEAD)?;
    let (mut tally, mut count, mut last) = (Tally::default(), 0_u64, Vec::new());
    while let Some((line, row)) = rows.next()? {
        let wrong = |rule, what: String| Stop::from(Finding::of(rule, file, what).at(line));
        let comma = row.iter().position(|&byte| byte == b',').unwrap_or(row.len());
        let (ballot, picks) = (&row[..comma], row.get(comma + 1..).unwrap_or_default());
        count += 1;
        if number(ballot) != Some(count) {
            return Err(wrong("cvr-number", format!("should be row {count}")));
        }
        if picks < last.as_slice() {
            return Err(wrong("cvr-order", "rows are sorted by their picks".to_owned()));
        }
        tally.add(picks, counted.poll, true).map_err(|what| wrong("picks", what))?;
        if last != picks {
            last.clear();
            last.extend(picks);
        }
    }
    if count != counted.count {
        let what = format!("{count} rows, but {} ballots count", counted.count);
        return Err(Finding::of("cvr-count", file, what).into());
    }
    Ok(tally)
}

/// Checks every opening against the log, on two threads, and counts the opened picks.
///
/// # Errors
/// The first row that is wrong.
pub fn openings(folder: &Folder, file: &str, counted: Counted<'_>) -> Result<Tally, Stop> {
    bounded(folder, file)?;
    let path = folder.path(file);
    Rows::open(&path, file, OPENINGS_HEAD)?;
    let start = OPENINGS_HEAD.len() as u64 + 1;
    let (middle, end) = halves(&path, file)?;
    let middle = middle.clamp(start, end.max(start));
    let part = |from, to| opened(Rows::part(&path, file, from, to)?, file, counted);
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| part(middle, end));
        let first = part(start, middle);
        (first, second.join())
    });
    let first = first.map_err(|stop| moved(stop, 1))?;
    let second = second.map_err(|_| Stop::Input("a thread has failed".to_owned()))?;
    let second = second.map_err(|stop| moved(stop, 1 + first.rows))?;
    let rows = first.rows + second.rows;
    if second.rows > 0 && first.rows > 0 && second.first <= first.last {
        let finding =
            Finding::of("opening-order", file, "openings are sorted by ballot, each once");
        return Err(finding.at(2 + first.rows).into());
    }
    if rows != counted.count {
        let what = format!("{rows} openings, but {} ballots count", counted.count);
        return Err(Finding::of("opening-count", file, what).into());
    }
    Ok(first.tally.with(second.tally))
}

/// Moves a finding of a part `lines` lines further down.
fn moved(stop: Stop, lines: u64) -> Stop {
    match stop {
        Stop::Wrong(finding) => {
            Stop::Wrong(Finding { line: finding.line.map(|line| line + lines), ..finding })
        }
        other => other,
    }
}

struct Part {
    tally: Tally,
    rows: u64,
    first: u128,
    last: u128,
}

fn opened(mut rows: Rows, file: &str, counted: Counted<'_>) -> Result<Part, Stop> {
    let mut part = Part { tally: Tally::default(), rows: 0, first: 0, last: 0 };
    while let Some((line, row)) = rows.next()? {
        let wrong = |(rule, what)| Stop::from(Finding::of(rule, file, what).at(line));
        let ballot = opening(row, counted, &mut part.tally).map_err(wrong)?;
        if part.rows == 0 {
            part.first = ballot;
        } else if ballot <= part.last {
            let what = "openings are sorted by ballot, each once".to_owned();
            return Err(wrong(("opening-order", what)));
        }
        part.last = ballot;
        part.rows += 1;
    }
    Ok(part)
}

/// Checks one opening, counts its picks, and returns its ballot.
fn opening(
    row: &[u8],
    counted: Counted<'_>,
    tally: &mut Tally,
) -> Result<u128, (&'static str, String)> {
    let read = || {
        let (ballot, rest) = row.split_at_checked(32)?;
        let (key, picks) = rest.strip_prefix(b",")?.split_at_checked(64)?;
        Some((id(ballot)?, hex::<32>(key)?, picks.strip_prefix(b",")?))
    };
    let Some((ballot, key, picks)) = read() else {
        return Err(("opening-form", format!("not in the form {OPENINGS_HEAD}")));
    };
    let known = counted.ballots.get(ballot).filter(|known| known.poll == counted.place);
    let Some(known) = known.filter(|known| known.fate == Fate::Counted) else {
        return Err(("opening-ballot", format!("no ballot {ballot:032x} counts in this poll")));
    };
    if commitment(&key, picks) != Some(known.commitment) {
        let what = format!("key and picks are not what ballot {ballot:032x} commits to");
        return Err(("opening-commitment", what));
    }
    tally.add(picks, counted.poll, true).map_err(|what| ("picks", what))?;
    Ok(ballot)
}

/// Computes the HMAC-SHA256 of the canonical picks with the key of the ballot.
pub fn commitment(key: &[u8; 32], picks: &[u8]) -> Option<[u8; 32]> {
    let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    Some(mac.chain_update(picks).finalize().into_bytes().into())
}

/// Compares what a result says about a poll with what was counted.
///
/// # Errors
/// The first difference.
pub fn votes(announced: &Announced, counted: u64, tally: &Tally, slug: &str) -> Result<(), Stop> {
    let wrong = |what: String| Stop::from(Finding::of("result-votes", "result.json", what));
    if announced.ballots != counted {
        let said = announced.ballots;
        return Err(wrong(format!("says {said} ballots counted in {slug}, the log has {counted}")));
    }
    let here: BTreeMap<u128, u64> = tally.votes();
    for (case, said) in &announced.votes {
        let votes = here.get(case).copied().unwrap_or(0);
        if votes != *said {
            let case = case_text(*case);
            return Err(wrong(format!("says {said} votes for {case}, the ballots give {votes}")));
        }
    }
    match here.iter().find(|(case, _)| !announced.votes.contains_key(case)) {
        Some((case, votes)) => {
            Err(wrong(format!("does not have {}, which got {votes} votes", case_text(*case))))
        }
        None => Ok(()),
    }
}

/// Reads the result document; `None` if it is missing. Checks that it is the one in the log, was
/// decided by the sealed rules, and follows from its own numbers.
///
/// # Errors
/// The first difference.
pub fn result(folder: &Folder, sealed: [u8; 32], rulebook: &[u8]) -> Result<Option<Vec<u8>>, Stop> {
    let Some(bytes) = folder.find("result.json", DOCUMENT_BYTES)? else { return Ok(None) };
    let wrong = |rule, what: String| Stop::from(Finding::of(rule, "result.json", what));
    if *Hash::of(&bytes).as_bytes() != sealed {
        return Err(wrong("result-hash", "not the document that the log names".to_owned()));
    }
    let document: ResultDocument = serde_json::from_slice(&bytes)
        .map_err(|why| wrong("result-form", format!("not a result document: {why}")))?;
    document.recompute().map_err(|why| wrong("result-ranks", why.to_string()))?;
    let rules = SealedRulebook::parse(rulebook)
        .map_err(|why| Finding::of("rulebook-form", "rulebook.json", why.to_string()))?;
    if deciding(document.rulebook) != deciding(rules.rulebook()) {
        let what = "decided by other rules than those that were sealed".to_owned();
        return Err(wrong("result-rules", what));
    }
    Ok(Some(bytes))
}

/// Returns the rules without windows and channels, which decide no rank. The sealed rules spell
/// them out; others may leave them to a default.
fn deciding(mut rules: Rulebook) -> Rulebook {
    for poll in &mut rules.polls {
        poll.window = None;
        poll.channels.clear();
    }
    rules
}
