//! A poll with its edition, as a page of the vote needs them, and the paths of these pages.

use std::sync::Arc;

use axum::extract::Path;
use backend::editions::{Edition, Poll};
use phrases::Lang;

use crate::AppError;
use crate::web::request::Cx;
use crate::words::polls;

/// A poll and its edition: where a page of the vote stands. All ballots that wait share one edition.
pub(crate) struct Booth {
    pub(crate) edition: Arc<Edition>,
    pub(crate) poll: Poll,
}

/// The names of an edition and of its poll, as they stand in the path.
pub(crate) type Names = Path<(String, String)>;

/// The poll of a page of the vote, open or not.
pub(crate) async fn booth(cx: &Cx, Path((edition, poll)): Names) -> Result<Booth, AppError> {
    let edition = cx.backend().find_public_edition(&edition).await?;
    let poll = edition.find_poll(&poll)?.clone();
    if !is_here(cx, &poll) {
        return Err(AppError::NotFound);
    }
    Ok(Booth { edition: edition.into(), poll })
}

/// Whether this machine takes part in a poll: a shared one only where the rules name it.
pub(crate) fn is_here(cx: &Cx, poll: &Poll) -> bool {
    !cx.is_kiosk() || poll.rules.has_kiosk()
}

/// The path of a page of the vote: `""`, `/code`, `/check`, `/receipt`.
pub(crate) fn path(booth: &Booth, end: &str) -> String {
    format!("/editions/{}/vote/{}{end}", booth.edition.slug, booth.poll.slug())
}

/// The gallery with the pick buttons of this poll.
pub(crate) fn cases(Booth { edition, poll }: &Booth) -> String {
    format!("/editions/{}/cases?poll={}", edition.slug, poll.slug())
}

/// Whether a vote that was cast in this poll may be changed now.
pub(crate) fn may_change(Booth { edition, poll }: &Booth) -> bool {
    poll.rules.may_change && edition.poll_open(poll).is_ok()
}

/// The name of a poll where it says more than the edition does.
pub(crate) fn name_among(lang: Lang, edition: &Edition, poll: &Poll) -> Option<String> {
    (edition.polls.len() > 1).then(|| polls::title(lang, &poll.rules))
}
