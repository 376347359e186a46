//! What the last form of the vote does: leaving this machine, or handing it to the next voter.

use domain::roll::RollCode;

use super::pages::{
    Booth, CHALLENGE_COOKIE, CONTACT_COOKIE, Names, VOTER_COOKIE, booth, clear_browser, path,
    voter_token,
};
use super::{kiosk, picks};
use crate::context::{Cx, go, set_cookie};
use crate::fields::Fields;
use crate::page::Answer;

/// POST /editions/{edition}/vote/{poll}/receipt: the next person at this machine sees nothing of the last.
pub(crate) async fn leave(cx: Cx, names: Names, fields: Fields) -> Answer {
    let booth = booth(&cx, names).await?;
    let mut response = match fields.text("act") {
        // There the next voter begins where all of it is forgotten.
        _ if cx.is_kiosk() => go(kiosk::START),
        "next" => go(&beginning(&booth, &fields)),
        _ => go(&format!("/editions/{}", booth.edition.slug)),
    };
    cx.backend().leave_vote(voter_token(&cx)).await?;
    for name in [VOTER_COOKIE, CHALLENGE_COOKIE, CONTACT_COOKIE] {
        set_cookie(&mut response, name, "", 0);
    }
    picks::empty_all(&cx, &mut response);
    clear_browser(&mut response);
    Ok(response)
}

/// Where the next voter begins. The code of a slip that was scanned goes along as it came, behind
/// the `#`.
fn beginning(booth: &Booth, fields: &Fields) -> String {
    match RollCode::parse(fields.text("code")) {
        Ok(code) => path(booth, &format!("#code={}", code.groups().concat())),
        Err(_) => path(booth, ""),
    }
}
