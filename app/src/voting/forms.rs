//! What the last form of the vote does: leaving this machine.

use super::pages::{
    CHALLENGE_COOKIE, CONTACT_COOKIE, Names, VOTER_COOKIE, booth, clear_browser, voter_token,
};
use super::{kiosk, picks};
use crate::context::{Cx, go, set_cookie};
use crate::page::Answer;

/// POST /editions/{edition}/vote/{poll}/receipt: the next person at this machine sees nothing of the last.
pub(crate) async fn leave(cx: Cx, names: Names) -> Answer {
    let booth = booth(&cx, names).await?;
    let mut response = match cx.is_kiosk() {
        // There the next voter begins where all of it is forgotten.
        true => go(kiosk::START),
        false => go(&format!("/editions/{}", booth.edition.slug)),
    };
    cx.backend().leave_vote(voter_token(&cx)).await?;
    for name in [VOTER_COOKIE, CHALLENGE_COOKIE, CONTACT_COOKIE] {
        set_cookie(&mut response, name, "", 0);
    }
    picks::empty_all(&cx, &mut response);
    clear_browser(&mut response);
    Ok(response)
}
