//! The mail that says that a case was submitted, and how to take it back.

use phrases::news as words;
use sqlx::PgConnection;

use super::{Case, letters};
use crate::Result;
use crate::editions::Edition;
use crate::keys::Keys;
use crate::mail::{format_korean_end, format_korean_minute};

/// What the mail says.
pub(super) struct SentCase<'a> {
    pub(super) edition: &'a Edition,
    pub(super) case: &'a Case,
    /// The receipt number.
    pub(super) number: i32,
    /// The address of the case on its organisation's desk.
    pub(super) link: &'a str,
}

/// Queues the acknowledgement for each member of the organisation, inside the caller's transaction.
/// The instant is that of the edition's clock, as the case stores it.
pub(super) async fn queue_sent_letters(
    connection: &mut PgConnection,
    keys: &Keys,
    sent: &SentCase<'_>,
) -> Result<()> {
    let SentCase { edition, case, link, .. } = sent;
    let number = format_receipt_number(edition, sent.number);
    // Until then it can be taken back.
    let closes = edition.schedule.windows.call.closes;
    let until = case.open_until.map_or(closes, |open| open.max(closes));
    let about = (*edition, case.organisation);
    letters::queue_member_letters(connection, keys, about, |lang| {
        let contest = lang.choose_text(&edition.title.ko, &edition.title.en);
        let (when, until) =
            (format_korean_minute(lang, edition.now), format_korean_end(lang, until));
        let body = words::sent_body(lang, contest, link, &number, &case.title, until, when);
        (words::sent_subject(lang, &case.title), body)
    })
    .await
}

/// Writes a receipt number, e.g. `daejeon-2024-0007`.
#[must_use]
pub fn format_receipt_number(edition: &Edition, number: i32) -> String {
    format!("{}-{number:04}", edition.slug)
}
