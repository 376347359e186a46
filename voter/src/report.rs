//! Checks a receipt and says what the outcome is. The words come from the catalogue. The server and
//! the browser put the same HTML into the page.

use domain::record::check::{ReceiptFault, ReceiptFindings, RecordedBallot, verify_receipt_file};
use domain::record::key::VerifierKey;
use domain::record::receipt::{Opening, Receipt, ReceiptFile, tidy_receipt_text};
use domain::record::words::UtcSecond;
use phrases::{Lang, verify as words};

mod html;

/// The outcome in one word; the page has it as `data-mood`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Signed, and proven to be in the record.
    Recorded,
    /// Signed; there is no proof yet.
    Accepted,
    /// Something in it does not fit.
    Wrong,
    /// The key of this log is not known.
    NoKey,
    /// Not a receipt.
    Unreadable,
}

/// The outcome of a check, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptReport {
    /// The outcome in one word.
    pub mood: Mood,
    /// The outcome in one sentence.
    pub title: &'static str,
    /// What it means and what to do.
    pub text: String,
    /// What was checked, point by point; empty if nothing could be checked.
    pub points: Vec<ReportPoint>,
    /// Name and value: which vote, which number, when.
    pub facts: Vec<(&'static str, String)>,
    /// The receipt, if its signature is good.
    pub receipt: Option<Receipt>,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPoint {
    /// Whether it fits; `None` if there was nothing to check.
    pub fits: Option<bool>,
    /// What was checked, in words.
    pub text: String,
}

/// Checks the text of a receipt or a receipt file with the known keys. `opening` returns what this
/// browser knows about the ballot.
#[must_use]
pub fn report_on_receipt(
    lang: Lang,
    text: &str,
    keys: &[VerifierKey],
    opening: impl FnOnce(&Receipt) -> Option<Opening>,
) -> ReceiptReport {
    let text = tidy_receipt_text(text);
    let Ok(file) = text.parse::<ReceiptFile>() else { return unreadable_report(lang) };
    let signed =
        |key: &&VerifierKey| file.note.signatures().iter().any(|one| key.is_claimed_by(one));
    let named = |key: &&VerifierKey| {
        file.note.signatures().iter().any(|signature| signature.signer_name() == key.key_name())
    };
    let key = keys.iter().find(signed).or_else(|| keys.iter().find(named));
    let Some(key) = key else {
        let name =
            file.note.signatures().first().map(|signature| signature.signer_name().to_owned());
        return unknown_key_report(lang, &name.unwrap_or_default());
    };
    match verify_receipt_file(&text, key, None) {
        Ok(findings) => {
            let picks = opening(&findings.accepted).map(|opening| {
                verify_receipt_file(&text, key, Some(&opening))
                    .is_ok_and(|findings| findings.picks_match)
            });
            checked_report(lang, findings, picks)
        }
        Err(ReceiptFault::Unreadable(_)) => unreadable_report(lang),
        Err(fault) => wrong_report(lang, fault),
    }
}

fn unreadable_report(lang: Lang) -> ReceiptReport {
    ReceiptReport {
        mood: Mood::Unreadable,
        title: words::unreadable_title(lang),
        text: words::unreadable(lang).to_owned(),
        points: Vec::new(),
        facts: Vec::new(),
        receipt: None,
    }
}

fn unknown_key_report(lang: Lang, log: &str) -> ReceiptReport {
    ReceiptReport {
        mood: Mood::NoKey,
        title: words::no_key_title(lang),
        text: words::no_key(lang, log),
        points: Vec::new(),
        facts: Vec::new(),
        receipt: None,
    }
}

fn wrong_report(lang: Lang, fault: ReceiptFault) -> ReceiptReport {
    let text = match fault {
        ReceiptFault::Unreadable(_) | ReceiptFault::Receipt(_) => words::fault_receipt(lang),
        ReceiptFault::Edition => words::fault_edition(lang),
        ReceiptFault::Line => words::fault_line(lang),
        ReceiptFault::Checkpoint(_) => words::fault_checkpoint(lang),
        ReceiptFault::Absent => words::fault_absent(lang),
        ReceiptFault::Opening | ReceiptFault::Picks => words::point_picks_wrong(lang),
    };
    let signed = !matches!(fault, ReceiptFault::Unreadable(_) | ReceiptFault::Receipt(_));
    let mut points =
        vec![ReportPoint { fits: Some(signed), text: words::point_signed(lang).to_owned() }];
    if signed {
        points
            .push(ReportPoint { fits: Some(false), text: words::point_recorded(lang).to_owned() });
    }
    ReceiptReport {
        mood: Mood::Wrong,
        title: words::wrong_title(lang),
        text: text.to_owned(),
        points,
        facts: Vec::new(),
        receipt: None,
    }
}

fn checked_report(lang: Lang, findings: ReceiptFindings, picks: Option<bool>) -> ReceiptReport {
    let ReceiptFindings { accepted, recorded, .. } = findings;
    let mut points =
        vec![ReportPoint { fits: Some(true), text: words::point_signed(lang).to_owned() }];
    points.push(match recorded {
        Some(_) => ReportPoint { fits: Some(true), text: words::point_recorded(lang).to_owned() },
        None => ReportPoint { fits: None, text: words::point_waiting(lang).to_owned() },
    });
    if let Some(fits) = picks {
        let text = if fits { words::point_picks(lang) } else { words::point_picks_wrong(lang) };
        points.push(ReportPoint { fits: Some(fits), text: text.to_owned() });
    }
    let (mood, title, text) = match (picks, recorded) {
        (Some(false), _) => {
            (Mood::Wrong, words::wrong_title(lang), words::point_picks_wrong(lang).to_owned())
        }
        (_, Some(_)) => {
            (Mood::Recorded, words::recorded_title(lang), words::recorded(lang).to_owned())
        }
        (_, None) => {
            let by = korean_minute(&accepted.recorded_by.to_string());
            (Mood::Accepted, words::accepted_title(lang), words::accepted(lang, by))
        }
    };
    let facts = receipt_facts(lang, &accepted, recorded);
    ReceiptReport { mood, title, text, points, facts, receipt: Some(accepted) }
}

fn receipt_facts(
    lang: Lang,
    receipt: &Receipt,
    recorded: Option<RecordedBallot>,
) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (words::fact_number(lang), group_ballot_number(receipt)),
        (words::fact_vote(lang), format!("{} / {}", receipt.edition, receipt.poll)),
        (
            words::fact_accepted(lang),
            words::korean_time(lang, to_korean_time(&receipt.accepted.to_string())),
        ),
    ];
    if let Some(RecordedBallot { index, size, root, .. }) = recorded {
        facts.push((words::fact_line(lang), words::fact_line_text(lang, index + 1, size)));
        facts.push((words::fact_root(lang), root.to_base64()));
    }
    facts
}

/// Writes a ballot's number in groups of four digits, as people read numbers out.
#[must_use]
pub fn group_ballot_number(receipt: &Receipt) -> String {
    let digits = receipt.ballot.0.simple().to_string().to_uppercase();
    let groups: Vec<&str> = (0..8).filter_map(|at| digits.get(at * 4..at * 4 + 4)).collect();
    groups.join(" ")
}

/// Writes an instant like `2024-11-28T01:02:03Z` in Korean time, digits only. Korean time is always
/// nine hours later.
fn to_korean_time(instant: &str) -> String {
    let Ok(second) = instant.parse::<UtcSecond>() else { return instant.to_owned() };
    let later =
        UtcSecond::from_instant(second.first_instant() + chrono::Duration::hours(9)).to_string();
    later.replace('T', " ").trim_end_matches('Z').to_owned()
}

/// Writes day and minute of an instant like `2024-11-28T01:02:03Z` in Korean time: `2024-11-28
/// 10:02`.
#[must_use]
pub fn korean_minute(instant: &str) -> String {
    to_korean_time(instant).get(..16).unwrap_or_default().to_owned()
}

/// Says in words what the server reports about a ballot in the record; `None` for an unknown
/// status. `status` is a line like `counted`, `held <reasons>`, `excluded <reason>`.
#[must_use]
pub fn describe_ballot_status(lang: Lang, status: &str) -> Option<ReportPoint> {
    let (fits, text) = match status.split_whitespace().next()? {
        "counted" => (Some(true), words::status_counted(lang)),
        "received" => (Some(true), words::status_received(lang)),
        // The reasons stay in the record: here they would teach how to pass the checks.
        "held" => (None, words::status_held(lang)),
        "excluded" => (None, words::status_excluded(lang)),
        "replaced" => (None, words::status_replaced(lang)),
        _ => return None,
    };
    Some(ReportPoint { fits, text: text.to_owned() })
}

#[cfg(test)]
mod tests;
