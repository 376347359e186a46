//! A poll with its edition, which every page of the vote needs, and the paths of these pages.

use std::sync::Arc;

use axum::extract::Path;
use backend::editions::{Edition, Poll};
use phrases::Lang;

use crate::AppError;
use crate::web::request::RequestContext;
use crate::words::polls;

/// The poll and the edition of a page of the vote. All waiting ballots share one edition.
pub(crate) struct Booth {
    pub(crate) edition: Arc<Edition>,
    pub(crate) poll: Poll,
}

/// The names of an edition and of its poll in the path of a URL.
pub(crate) type PollPath = Path<(String, String)>;

/// Finds the poll of a page of the vote, open or not. A poll that does not take place on this
/// shared machine is not found.
pub(crate) async fn find_booth(
    cx: &RequestContext,
    Path((edition, poll)): PollPath,
) -> Result<Booth, AppError> {
    let edition = cx.backend().find_public_edition(&edition).await?;
    let poll = edition.find_poll(&poll)?.clone();
    if !is_poll_on_this_machine(cx, &poll) {
        return Err(AppError::NotFound);
    }
    Ok(Booth { edition: edition.into(), poll })
}

/// Whether a voter can vote in this poll on this machine. A shared machine takes part only if the
/// rules of the poll list the kiosk channel.
pub(crate) fn is_poll_on_this_machine(cx: &RequestContext, poll: &Poll) -> bool {
    !cx.is_kiosk() || poll.rules.has_kiosk()
}

/// Returns the path of a page of the vote. `end` is `""`, `/code`, `/check` or `/receipt`.
pub(crate) fn vote_path(booth: &Booth, end: &str) -> String {
    format!("/editions/{}/vote/{}{end}", booth.edition.slug, booth.poll.slug())
}

/// Returns the path of the gallery with the pick buttons of this poll.
pub(crate) fn pick_gallery_path(Booth { edition, poll }: &Booth) -> String {
    format!("/editions/{}/cases?poll={}", edition.slug, poll.slug())
}

/// Whether a vote in this poll may be changed now: its rules allow it and it is open.
pub(crate) fn can_change_vote(Booth { edition, poll }: &Booth) -> bool {
    poll.rules.may_change && edition.poll_open(poll).is_ok()
}

/// Returns the name of a poll, or `None` if it is the only poll of its edition.
pub(crate) fn distinct_poll_name(lang: Lang, edition: &Edition, poll: &Poll) -> Option<String> {
    (edition.polls.len() > 1).then(|| polls::poll_title(lang, &poll.rules))
}
