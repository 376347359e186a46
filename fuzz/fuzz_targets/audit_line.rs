//! Lines of the log as the auditor's own reader reads them: it accepts the same texts as the
//! record's own reader and finds the same values.

#![no_main]

use auditor::line::Line;
use domain::record::entry::{Entry, Verdict};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let entry = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<Entry>().ok());
    let reasons = match &entry {
        Some(Entry::Hold { reasons, .. }) => reasons.to_string(),
        _ => String::new(),
    };
    assert_eq!(Line::parse(bytes), entry.as_ref().map(|entry| told(entry, &reasons)));
});

/// Returns what the auditor must have read, according to the record's own reader.
fn told<'a>(entry: &'a Entry, reasons: &'a str) -> Line<'a> {
    match entry {
        Entry::Rulebook { edition, sha256 } => {
            Line::Rulebook { edition: edition.as_str(), hash: *sha256.as_bytes() }
        }
        Entry::Open { poll, at } => {
            Line::Open { poll: poll.as_str(), at: at.instant().timestamp() }
        }
        Entry::Ballot { poll, ballot, voter, commitment, minute } => Line::Ballot {
            poll: poll.as_str(),
            id: ballot.0.as_u128(),
            voter: *voter.as_bytes(),
            commitment: *commitment.as_bytes(),
            minute: minute.instant().timestamp() / 60,
        },
        Entry::Hold { poll, ballot, .. } => {
            Line::Hold { poll: poll.as_str(), id: ballot.0.as_u128(), reasons }
        }
        Entry::Ruling { poll, ballot, verdict, reason, reviewers: [one, other] } => Line::Ruling {
            poll: poll.as_str(),
            id: ballot.0.as_u128(),
            count: *verdict == Verdict::Count,
            reason: reason.as_str(),
            reviewers: [one.as_str(), other.as_str()],
        },
        Entry::Close { poll, at, received } => {
            Line::Close { poll: poll.as_str(), at: at.instant().timestamp(), received: *received }
        }
        Entry::Sheet { edition, sheet, .. } => {
            Line::Sheet { edition: edition.as_str(), id: sheet.0.as_u128() }
        }
        Entry::Result { edition, sha256 } => {
            Line::Result { edition: edition.as_str(), hash: *sha256.as_bytes() }
        }
        Entry::Erase { edition, at } => {
            Line::Erase { edition: edition.as_str(), at: at.instant().timestamp() }
        }
    }
}
