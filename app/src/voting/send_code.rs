//! Sending a code, and the contact that it was sent to.

use axum::response::Response;
use backend::voting::VoterDeclaration;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::rulebook::VoterIdentity;
use domain::schedule::VotingOpen;
use domain::text::{Email, Mobile};

use crate::voting::booth::{Booth, vote_path};
use crate::voting::cookies::{
    CHALLENGE_COOKIE, CONTACT_COOKIE, CodeRequest, challenge_cookie_value, code_request,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::browser::browser_number;
use crate::web::cookies::set_cookie;
use crate::web::request::RequestContext;

/// Life of the cookies of a code, in seconds: 30 minutes. A code is valid for five minutes. The
/// cookies live longer, because the page can also send another code.
const CODE_COOKIE_SECONDS: u32 = 30 * 60;

/// Reads from the cookie to which contact the last code was sent.
pub(crate) fn remembered_contact(cx: &RequestContext) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cx.cookie_value(CONTACT_COOKIE)?).ok()?;
    String::from_utf8(bytes).ok()
}

/// Returns the contact of the last code if it is of the kind that this poll asks for.
pub(crate) fn contact_for_poll(cx: &RequestContext, booth: &Booth) -> Option<String> {
    remembered_contact(cx).filter(|contact| match booth.poll.rules.identity {
        VoterIdentity::Email => Email::parse(contact).is_ok(),
        VoterIdentity::Mobile => Mobile::parse(contact).is_ok(),
        VoterIdentity::Roll | VoterIdentity::Oidc => false,
    })
}

/// Sends a code and redirects to `page`, on which the voter types it.
pub(crate) async fn send_code_and_redirect(
    cx: &RequestContext,
    booth: &Booth,
    open: VotingOpen,
    form: &VoterDeclaration,
    page: &str,
) -> PageResult {
    let held = match code_request(cx, booth) {
        CodeRequest::Here(held) => held.to_owned(),
        CodeRequest::Nowhere | CodeRequest::Elsewhere => String::new(),
    };
    let form = &VoterDeclaration { browser: browser_number(cx).to_owned(), held, ..form.clone() };
    let browser = cx
        .backend()
        .send_code(open, &booth.edition, &booth.poll, form, cx.client_network(), cx.lang())
        .await?;
    let mut response: Response = redirect_to(&vote_path(booth, page));
    let contact = URL_SAFE_NO_PAD.encode(form.contact.trim());
    let challenge = challenge_cookie_value(booth, &browser);
    set_cookie(&mut response, CHALLENGE_COOKIE, &challenge, CODE_COOKIE_SECONDS);
    set_cookie(&mut response, CONTACT_COOKIE, &contact, CODE_COOKIE_SECONDS);
    Ok(response)
}
