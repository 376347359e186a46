//! Lines of the log as the auditor's own reader reads them: it accepts the same texts as the
//! record's own reader and finds the same values.

#![no_main]

use auditor::line::LogLine;
use domain::record::entry::{LogEntry, Verdict};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let entry = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<LogEntry>().ok());
    let reasons = match &entry {
        Some(LogEntry::Hold { reasons, .. }) => reasons.to_string(),
        _ => String::new(),
    };
    assert_eq!(
        LogLine::parse_log_line(bytes),
        entry.as_ref().map(|entry| expected_line(entry, &reasons))
    );
});

/// Returns what the auditor must have read, according to the record's own reader.
fn expected_line<'a>(entry: &'a LogEntry, reasons: &'a str) -> LogLine<'a> {
    match entry {
        LogEntry::Rulebook { edition, sha256 } => {
            LogLine::Rulebook { edition: edition.slug_text(), hash: *sha256.as_bytes() }
        }
        LogEntry::Open { poll, at } => {
            LogLine::Open { poll: poll.slug_text(), at: at.first_instant().timestamp() }
        }
        LogEntry::Ballot { poll, ballot, voter, commitment, minute } => LogLine::Ballot {
            poll: poll.slug_text(),
            id: ballot.0.as_u128(),
            voter: *voter.as_bytes(),
            commitment: *commitment.as_bytes(),
            minute: minute.first_instant().timestamp() / 60,
        },
        LogEntry::Hold { poll, ballot, .. } => {
            LogLine::Hold { poll: poll.slug_text(), id: ballot.0.as_u128(), reasons }
        }
        LogEntry::Ruling { poll, ballot, verdict, reason, reviewers: [one, other] } => {
            LogLine::Ruling {
                poll: poll.slug_text(),
                id: ballot.0.as_u128(),
                count: *verdict == Verdict::Count,
                reason: reason.slug_text(),
                reviewers: [one.reviewer_text(), other.reviewer_text()],
            }
        }
        LogEntry::Close { poll, at, received } => LogLine::Close {
            poll: poll.slug_text(),
            at: at.first_instant().timestamp(),
            received: *received,
        },
        LogEntry::Sheet { edition, sheet, .. } => {
            LogLine::Sheet { edition: edition.slug_text(), id: sheet.0.as_u128() }
        }
        LogEntry::Result { edition, sha256 } => {
            LogLine::Result { edition: edition.slug_text(), hash: *sha256.as_bytes() }
        }
        LogEntry::Erase { edition, at } => {
            LogLine::Erase { edition: edition.slug_text(), at: at.first_instant().timestamp() }
        }
    }
}
