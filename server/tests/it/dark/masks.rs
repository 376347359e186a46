//! Masks for what differs in any two runs: random words, hashes, times, and the cases that the
//! first pages draw at random.

use std::collections::BTreeSet;

use chrono::Datelike as _;

/// The log line of a slow machine, which reads the database's clock once more.
const CLOCK: &str = "the database took long to say what time it is";

/// Masks random words, hashes and times in a text.
pub(crate) fn masked(text: &str) -> String {
    let word = |word: &str| {
        let long = word.len() >= 10;
        let number = word.bytes().any(|byte| byte.is_ascii_digit());
        if (long && number) || word.len() >= 40 { "#".to_owned() } else { word.to_owned() }
    };
    let mut out = String::new();
    let apart = |sign: char| !(sign.is_ascii_alphanumeric() || "+/=-_:.".contains(sign));
    for piece in text.split_inclusive(apart) {
        let end = piece.chars().last().filter(|sign| apart(*sign));
        let body = piece.trim_end_matches(apart);
        // 09:00:01 and 09:00 are times, also at the end of a sentence.
        let bare = body.trim_end_matches('.');
        let clock = bare.contains(':') && bare.bytes().all(|byte| b"0123456789:".contains(&byte));
        out.push_str(if clock { "#" } else { "" });
        if !clock {
            out.push_str(&word(body));
        }
        out.extend(end);
    }
    out
}

/// Masks what differs in a page: the first pages draw a few cases on every visit, and the
/// countdown changes.
pub(super) fn page(body: &str) -> String {
    let body = without(body, "Some of the cases", "</section>");
    // Ballots by minute: on a slow machine two runs vote in other minutes.
    let body = without(&body, "one stored ballot alone does not show who has voted.", "</figure>");
    masked(&without_today(&without(&body, "class=\"countdown-time\"", "</time>")))
}

/// Removes every part of a text between the two marks.
pub(crate) fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once(to).map_or("", |(_, after)| after));
    }
    out
}

/// The text without dates of the year in which the test runs and of the next. The season itself is of
/// 2024, so its dates stay.
pub(crate) fn without_today(text: &str) -> String {
    let year = chrono::Utc::now().year();
    let mut text = text.to_owned();
    for year in [year, year + 1] {
        text = without(&text, &format!("{year}. "), ")");
        for month in MONTHS {
            let parts: Vec<&str> = text.split(&format!(" {month} {year}")).collect();
            let Some((last, dates)) = parts.split_last() else { continue };
            let dates = dates.iter().map(|part| {
                let before = part.trim_end_matches(|sign: char| sign.is_ascii_digit());
                before.strip_suffix(' ').and_then(|part| part.get(..part.len() - 3)).unwrap_or(part)
            });
            text = dates.chain([*last]).collect::<Vec<_>>().concat();
        }
    }
    text
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns the distinct lines of a log, without durations.
pub(super) fn said(log: &str) -> BTreeSet<String> {
    let slow = "slow statement: execution time exceeded alert threshold";
    // How long something took is a field whose name ends like this; its unit may be a word apart.
    let lengths = ["duration", "elapsed", "elapsed_secs", "latency", "threshold"];
    let units = ["ns", "µs", "ms", "s"];
    // The lines of connections and their pool depend only on the speed of the machine.
    let chance = ["sqlx::pool", "sqlx_core::pool", "sqlx_postgres::connection", CLOCK];
    let lines = log.lines().filter(|line| !chance.iter().any(|chance| line.contains(chance)));
    let line = |line: &str| {
        let line = line.replace(slow, "");
        let words = line.split_whitespace();
        let words = words.filter(|word| {
            let name = word.split_once('=').map_or("", |(name, _)| name);
            !units.contains(word) && !lengths.iter().any(|length| name.ends_with(length))
        });
        // Separate the name of a field from its value, because the value may be a count.
        masked(&words.collect::<Vec<_>>().join(" ").replace('=', "= "))
    };
    lines.map(line).collect()
}

/// Checks that the comparison can fail: it sees a count that changes.
#[test]
fn a_count_that_differs_is_not_masked() {
    let shown = |votes: u32| page(&format!("<td>{votes} votes</td> at 09:00:01 of 0a1b2c3d4e5f"));
    assert_ne!(shown(9), shown(0));
    assert_eq!(masked("at 09:00:01"), masked("at 09:00:02"));
    assert_eq!(masked("It is 09:00."), masked("It is 09:01."));
    let left = |minutes: u32| {
        page(&format!("<time class=\"countdown-time\">{minutes} minutes</time><td>9</td>"))
    };
    assert_eq!(left(2), left(1));
    assert!(left(1).contains("<td>9</td>"));
}

#[test]
fn a_log_that_counts_is_not_masked() {
    let slow = "slow statement: execution time exceeded alert threshold ";
    let query = |rows: u32, slow: &str| {
        said(&format!("request{{id=\"1\"}}: sqlx::query: {slow}rows_returned={rows} elapsed=1.5ms"))
    };
    assert_ne!(query(9, ""), query(0, ""));
    assert_eq!(query(9, ""), query(9, slow));
    let body = |took: &str, rows: u32| {
        said(&format!(
            "tower_http::trace::on_eos: end of stream rows={rows} stream_duration={took}"
        ))
    };
    assert_eq!(body("0 ms", 1), body("17 ms", 1));
    assert_ne!(body("0 ms", 1), body("0 ms", 2));
}
