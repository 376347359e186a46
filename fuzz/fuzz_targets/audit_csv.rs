//! Tables of ballots as `hanpyo-audit recount` reads them. It accepts every table that the record
//! publishes. It counts accepted tables like a very simple reader, and again the same after the
//! record's own writer has written them.

#![no_main]

use std::collections::BTreeMap;

use auditor::finding::AuditError;
use auditor::recount::{PollCount, count_rows};
use auditor::rules::Poll;
use domain::ballot::Picks;
use domain::ids::CaseId;
use domain::limits::MAX_PICKS;
use domain::record::cvr::{read_cvr_table, write_cvr_table};
use domain::rulebook::PicksRule;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let published = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| read_cvr_table(text).collect::<Result<Vec<Picks>, _>>().ok());
    let count = match count_rows(bytes, "table", &poll(None)) {
        Ok((count, _)) => count,
        Err(stop) => {
            assert!(published.is_none(), "{stop}");
            return assert_place(&stop, bytes);
        }
    };
    let ballots = plainly(bytes);
    assert_eq!(count, counted(&ballots));
    assert!(published.is_none_or(|published| published == ballots));
    let written = write_cvr_table(ballots.clone());
    assert!(read_cvr_table(&written).all(|ballot| ballot.is_ok()));
    let again = count_rows(written.as_bytes(), "table", &poll(None)).map(|(count, _)| count);
    assert_eq!(again.ok(), Some(count));
    // With fewer cases on the paper, a ballot is refused only if it names another case.
    let Some(first) = ballots.first() else { return };
    let paper: Vec<u128> = first.as_slice().iter().map(|case| case.0.as_u128()).collect();
    let fits = ballots.iter().all(|picks| picks.as_slice().iter().all(|case| on(&paper, *case)));
    assert_eq!(count_rows(bytes, "table", &poll(Some(paper))).is_ok(), fits);
});

/// Makes the most permissive rules; `paper` is sorted.
fn poll(paper: Option<Vec<u128>>) -> Poll {
    Poll {
        slug: "fuzz".to_owned(),
        least: 1,
        most: MAX_PICKS.into(),
        may_change: false,
        openings_public: false,
        opens: None,
        closes: None,
        paper,
    }
}

fn on(paper: &[u128], case: CaseId) -> bool {
    paper.contains(&case.0.as_u128())
}

/// Checks that a refusal names a line of the table.
fn assert_place(stop: &AuditError, bytes: &[u8]) {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').count().max(1);
    let AuditError::Wrong(finding) = stop else { panic!("bytes can be read: {stop}") };
    let line = finding.line.and_then(|line| usize::try_from(line).ok());
    assert!(line.is_some_and(|line| (1..=lines).contains(&line)), "{stop}");
}

/// Reads the ballots of an accepted table, in its order.
fn plainly(bytes: &[u8]) -> Vec<Picks> {
    let text = std::str::from_utf8(bytes).expect("what was taken is ASCII, but for a mark");
    let rows = text.split_terminator('\n').map(|row| row.strip_suffix('\r').unwrap_or(row));
    let picks = |row: &str| {
        let (_, picks) = row.split_once(',').expect("a comma");
        let ids: Result<Vec<CaseId>, _> = picks.split(';').map(str::parse).collect();
        let ids = ids.expect("ids of cases");
        Picks::from_case_ids(&ids, PicksRule::AtMost(MAX_PICKS)).expect("a valid ballot")
    };
    rows.skip(1).map(picks).collect()
}

fn counted(ballots: &[Picks]) -> PollCount {
    let mut votes = BTreeMap::new();
    for case in ballots.iter().flat_map(Picks::as_slice) {
        *votes.entry(case.0.as_u128()).or_insert(0) += 1;
    }
    PollCount { ballots: ballots.len() as u64, votes }
}
