//! POST of the receipt page: the voter leaves this machine or hands it to the next voter.

use domain::roll::RollCode;

use crate::voting::booth::{Booth, PollPath, find_booth, vote_path};
use crate::voting::cookies::{
    CHALLENGE_COOKIE, CONTACT_COOKIE, VOTER_COOKIE, clear_browser_data, voter_token,
};
use crate::voting::picks;
use crate::voting::voter_status::NEXT_QUERY;
use crate::web::answer::{PageResult, redirect_to};
use crate::web::cookies::set_cookie;
use crate::web::fields::FormFields;
use crate::web::paths::KIOSK_START;
use crate::web::request::RequestContext;

/// POST /editions/{edition}/vote/{poll}/receipt: ends the session and clears the browser, so that
/// the next person at this machine sees nothing of the last voter.
pub(crate) async fn leave_vote(
    cx: RequestContext,
    names: PollPath,
    fields: FormFields,
) -> PageResult {
    let booth = find_booth(&cx, names).await?;
    let mut response = match fields.field_text("act") {
        // On a shared machine the next voter begins at the page that forgets the last one.
        _ if cx.is_kiosk() => redirect_to(KIOSK_START),
        "next" => redirect_to(&next_voter_path(&booth, &fields)),
        _ => redirect_to(&format!("/editions/{}", booth.edition.slug)),
    };
    cx.backend().end_voter_sessions(voter_token(&cx)).await?;
    for name in [VOTER_COOKIE, CHALLENGE_COOKIE, CONTACT_COOKIE] {
        set_cookie(&mut response, name, "", 0);
    }
    picks::empty_all_baskets(&cx, &mut response);
    clear_browser_data(&mut response);
    Ok(response)
}

/// Returns the path at which the next voter begins. The code of a scanned slip is added after the
/// `#`.
fn next_voter_path(booth: &Booth, fields: &FormFields) -> String {
    match RollCode::parse_typed_code(fields.field_text("code")) {
        Ok(code) => {
            vote_path(booth, &format!("{NEXT_QUERY}#code={}", code.groups_of_four().concat()))
        }
        Err(_) => vote_path(booth, NEXT_QUERY),
    }
}
