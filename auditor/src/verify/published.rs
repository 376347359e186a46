//! What is published beside the log about ballots: cast-vote records, openings, and the votes in the
//! result.

use std::collections::BTreeMap;
use std::fs;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::bytes::{format_case_id, parse_hex, parse_number, parse_record_id};
use crate::finding::{AuditError, Finding};
use crate::folder::{CSV_BYTES, Folder};
use crate::picks::Tally;
use crate::rows::{Rows, middle_and_length};
use crate::rules::{AnnouncedPoll, Poll};

use super::ballots::{BallotStatus, Ballots};

/// The head line of the cast-vote records.
pub const CVR_HEAD: &str = "ballot,picks";
/// The head line of the openings.
pub const OPENINGS_HEAD: &str = "ballot,key,picks";

/// One poll whose tables are checked, with all ballots of the log.
#[derive(Clone, Copy)]
pub struct CountedPoll<'a> {
    /// Its place in the rulebook.
    pub place: u16,
    /// Its rules.
    pub poll: &'a Poll,
    /// The ballots of the log.
    pub ballots: &'a Ballots,
    /// How many of them count in this poll.
    pub count: u64,
}

fn check_file_size(folder: &Folder, file: &str) -> Result<(), AuditError> {
    let length = fs::metadata(folder.file_path(file))
        .map_err(|error| AuditError::unreadable_input(file, error))?
        .len();
    if length > CSV_BYTES {
        return Err(AuditError::unreadable_input(file, format!("larger than {CSV_BYTES} bytes")));
    }
    Ok(())
}

/// Counts the cast-vote records. They must be numbered from 1, sorted, have valid picks, and be as
/// many as the counted ballots.
///
/// # Errors
/// The first row that is wrong.
pub fn count_cast_vote_records(
    folder: &Folder,
    file: &str,
    counted: CountedPoll<'_>,
) -> Result<Tally, AuditError> {
    check_file_size(folder, file)?;
    let mut rows = Rows::open_with_head(&folder.file_path(file), file, CVR_HEAD)?;
    let (mut tally, mut count, mut last) = (Tally::default(), 0_u64, Vec::new());
    while let Some((line, row)) = rows.next()? {
        let wrong = |rule, what: String| {
            AuditError::from(Finding::about_whole_file(rule, file, what).at_line(line))
        };
        let comma = row.iter().position(|&byte| byte == b',').unwrap_or(row.len());
        let (ballot, picks) = (&row[..comma], row.get(comma + 1..).unwrap_or_default());
        count += 1;
        if parse_number(ballot) != Some(count) {
            return Err(wrong("cvr-number", format!("should be row {count}")));
        }
        if picks < last.as_slice() {
            return Err(wrong("cvr-order", "rows are sorted by their picks".to_owned()));
        }
        tally.count_ballot(picks, counted.poll, true).map_err(|what| wrong("picks", what))?;
        if last != picks {
            last.clear();
            last.extend(picks);
        }
    }
    if count != counted.count {
        let what = format!("{count} rows, but {} ballots count", counted.count);
        return Err(Finding::about_whole_file("cvr-count", file, what).into());
    }
    Ok(tally)
}

/// Checks every opening against the log, on two threads, and counts the opened picks.
///
/// # Errors
/// The first row that is wrong.
pub fn count_openings(
    folder: &Folder,
    file: &str,
    counted: CountedPoll<'_>,
) -> Result<Tally, AuditError> {
    check_file_size(folder, file)?;
    let path = folder.file_path(file);
    Rows::open_with_head(&path, file, OPENINGS_HEAD)?;
    let start = OPENINGS_HEAD.len() as u64 + 1;
    let (middle, end) = middle_and_length(&path, file)?;
    let middle = middle.clamp(start, end.max(start));
    let part = |from, to| {
        check_openings_part(Rows::open_file_range(&path, file, from, to)?, file, counted)
    };
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| part(middle, end));
        let first = part(start, middle);
        (first, second.join())
    });
    let first = first.map_err(|stop| shift_lines(stop, 1))?;
    let second = second.map_err(|_| AuditError::Input("a thread has failed".to_owned()))?;
    let second = second.map_err(|stop| shift_lines(stop, 1 + first.rows))?;
    let rows = first.rows + second.rows;
    if second.rows > 0 && first.rows > 0 && second.first <= first.last {
        let finding = Finding::about_whole_file(
            "opening-order",
            file,
            "openings are sorted by ballot, each once",
        );
        return Err(finding.at_line(2 + first.rows).into());
    }
    if rows != counted.count {
        let what = format!("{rows} openings, but {} ballots count", counted.count);
        return Err(Finding::about_whole_file("opening-count", file, what).into());
    }
    Ok(first.tally.merge_tally(second.tally))
}

/// Moves a finding of a part `lines` lines further down.
fn shift_lines(stop: AuditError, lines: u64) -> AuditError {
    match stop {
        AuditError::Wrong(finding) => {
            AuditError::Wrong(Finding { line: finding.line.map(|line| line + lines), ..finding })
        }
        other => other,
    }
}

struct OpeningsPart {
    tally: Tally,
    rows: u64,
    first: u128,
    last: u128,
}

fn check_openings_part(
    mut rows: Rows,
    file: &str,
    counted: CountedPoll<'_>,
) -> Result<OpeningsPart, AuditError> {
    let mut part = OpeningsPart { tally: Tally::default(), rows: 0, first: 0, last: 0 };
    while let Some((line, row)) = rows.next()? {
        let wrong = |(rule, what)| {
            AuditError::from(Finding::about_whole_file(rule, file, what).at_line(line))
        };
        let ballot = check_ballot_opening(row, counted, &mut part.tally).map_err(wrong)?;
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
fn check_ballot_opening(
    row: &[u8],
    counted: CountedPoll<'_>,
    tally: &mut Tally,
) -> Result<u128, (&'static str, String)> {
    let read = || {
        let (ballot, rest) = row.split_at_checked(32)?;
        let (key, picks) = rest.strip_prefix(b",")?.split_at_checked(64)?;
        Some((parse_record_id(ballot)?, parse_hex::<32>(key)?, picks.strip_prefix(b",")?))
    };
    let Some((ballot, key, picks)) = read() else {
        return Err(("opening-form", format!("not in the form {OPENINGS_HEAD}")));
    };
    let known = counted.ballots.find_ballot(ballot).filter(|known| known.poll == counted.place);
    let Some(known) = known.filter(|known| known.status == BallotStatus::Counted) else {
        return Err(("opening-ballot", format!("no ballot {ballot:032x} counts in this poll")));
    };
    if compute_commitment(&key, picks) != Some(known.commitment) {
        let what = format!("key and picks are not what ballot {ballot:032x} commits to");
        return Err(("opening-commitment", what));
    }
    tally.count_ballot(picks, counted.poll, true).map_err(|what| ("picks", what))?;
    Ok(ballot)
}

/// Computes the HMAC-SHA256 of the canonical picks with the key of the ballot.
pub fn compute_commitment(key: &[u8; 32], picks: &[u8]) -> Option<[u8; 32]> {
    let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    Some(mac.chain_update(picks).finalize().into_bytes().into())
}

/// Compares what a result says about a poll with what was counted.
///
/// # Errors
/// The first difference.
pub fn compare_votes(
    announced: &AnnouncedPoll,
    counted: u64,
    tally: &Tally,
    slug: &str,
) -> Result<(), AuditError> {
    let wrong = |what: String| {
        AuditError::from(Finding::about_whole_file("result-votes", "result.json", what))
    };
    if announced.ballots != counted {
        let said = announced.ballots;
        return Err(wrong(format!("says {said} ballots counted in {slug}, the log has {counted}")));
    }
    let here: BTreeMap<u128, u64> = tally.votes_by_case();
    for (case, said) in &announced.votes {
        let votes = here.get(case).copied().unwrap_or(0);
        if votes != *said {
            let case = format_case_id(*case);
            return Err(wrong(format!("says {said} votes for {case}, the ballots give {votes}")));
        }
    }
    match here.iter().find(|(case, _)| !announced.votes.contains_key(case)) {
        Some((case, votes)) => {
            Err(wrong(format!("does not have {}, which got {votes} votes", format_case_id(*case))))
        }
        None => Ok(()),
    }
}
