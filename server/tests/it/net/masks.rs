//! What differs between two runs by its nature: identifiers, secrets, hashes, times, dates of today,
//! the names of built files and the cases that are drawn anew.

use crate::dark::masks::{masked, without, without_today};
use crate::support::Answer;

/// An answer as it can be compared: status, the headers that a page decides on, and its text.
pub(super) fn text_of(answer: &Answer) -> String {
    let mut text = answer.status.as_str().to_owned();
    for name in [
        "location",
        "content-type",
        "cache-control",
        "vary",
        "refresh",
        "clear-site-data",
        "access-control-allow-origin",
        "content-disposition",
    ] {
        text += &format!("\n{name}: {}", masked(answer.header(name)));
    }
    for line in answer.headers.get_all("set-cookie") {
        text += &format!("\nset-cookie: {}", masked(line.to_str().unwrap()));
    }
    if answer.header("content-type") == "application/octet-stream" {
        return format!("{text}\n{} bytes", answer.length);
    }
    format!("{text}\n{}", page(&answer.body))
}

/// A page without what differs.
fn page(body: &str) -> String {
    let body = without(body, "Some of the cases", "</section>");
    let body = without(&body, "이런 사례가 있습니다", "</section>");
    let body = without(&body, "class=\"countdown-time\"", "</time>");
    let body = without(&body, "/assets/", "\"");
    let body = without(&body, "class=\"receipt-code\"", "</strong>");
    let body = without(&body, "class=\"qr\"", "</svg>");
    masked(&without_secrets(&without_short_ids(&without_durations(&without_today(&body)))))
}

/// The text without numbers of days, hours and minutes: how long something lasts from now.
fn without_durations(text: &str) -> String {
    let mut text = text.to_owned();
    for unit in ["일", "시간", "분", "초", " day", " hour", " min", " s"] {
        let parts: Vec<&str> = text.split(unit).collect();
        let Some((last, before)) = parts.split_last() else { continue };
        let before =
            before.iter().map(|part| part.trim_end_matches(|sign: char| sign.is_ascii_digit()));
        text = before.chain([*last]).collect::<Vec<_>>().join(unit);
    }
    text.replace(" days", " day").replace(" hours", " hour").replace(" minutes", " minute")
}

/// The text without long words of base64, which may happen to hold no digit.
fn without_secrets(text: &str) -> String {
    let apart = |sign: char| !(sign.is_ascii_alphanumeric() || "+/=-_".contains(sign));
    let words = text.split_inclusive(apart).map(|piece| {
        let word = piece.trim_end_matches(apart);
        let is = |kind: fn(&u8) -> bool| word.bytes().any(|byte| kind(&byte));
        let mixed = is(u8::is_ascii_uppercase) && is(u8::is_ascii_lowercase);
        if word.len() >= 16 && mixed { &piece[word.len()..] } else { piece }
    });
    words.collect()
}

/// The text without words of eight hexadecimal digits: who holds a lease.
fn without_short_ids(text: &str) -> String {
    let apart = |sign: char| !sign.is_ascii_alphanumeric();
    let words = text.split_inclusive(apart).map(|piece| {
        let word = piece.trim_end_matches(apart);
        let is_id = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_id { &piece[8..] } else { piece }
    });
    words.collect()
}
