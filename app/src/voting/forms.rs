//! What the forms of the vote do.

use backend::voting::WhoIAm;
use domain::schedule::VotingOpen;
use http::StatusCode;

use super::pages::{
    Booth, CHALLENGE_COOKIE, CONTACT_COOKIE, Names, VOTER_COOKIES, booth, code_page, contact,
    contact_cookie, open_booth, path, voter_cookie, who_page,
};
use super::picks;
use crate::context::{Cx, go, set_cookie};
use crate::fields::Fields;
use crate::page::Answer;

/// A code lives five minutes; the page that takes it, and can ask for another, a little longer.
const CHALLENGE_SECONDS: u32 = 30 * 60;
/// The database ends the session after two hours. The cookie stays a little longer, so that whoever
/// comes late is told why they are asked again.
const VOTER_SECONDS: u32 = 6 * 3600;

/// POST /editions/{edition}/vote/{poll}
pub(crate) async fn who(cx: Cx, names: Names, fields: Fields) -> Answer {
    let (booth, open) = match open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let form = WhoIAm {
        email: fields.text("email").to_owned(),
        consent: fields.has("consent"),
        of_age: fields.has("of_age"),
    };
    match send(&cx, &booth, open, &form).await {
        Err(error) => {
            let page = who_page(&cx, &booth, form, Some(error.clone())).await?;
            cx.again(page, &error)
        }
        sent => sent,
    }
}

async fn send(cx: &Cx, booth: &Booth, open: VotingOpen, form: &WhoIAm) -> Answer {
    let browser = cx
        .backend()
        .send_code(open, &booth.edition, &booth.poll, form, cx.network(), cx.lang())
        .await?;
    let mut response = go(&path(booth, "/code"));
    set_cookie(&mut response, CHALLENGE_COOKIE, &browser, CHALLENGE_SECONDS);
    set_cookie(&mut response, CONTACT_COOKIE, &contact_cookie(&form.email), CHALLENGE_SECONDS);
    Ok(response)
}

/// POST /editions/{edition}/vote/{poll}/code
pub(crate) async fn code(cx: Cx, names: Names, fields: Fields) -> Answer {
    let (booth, open) = match open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let typed = fields.text("code");
    let answer = if fields.text("act") == "resend" {
        resend(&cx, &booth, open).await
    } else {
        verify(&cx, &booth, open, typed).await
    };
    match answer {
        Err(error) => cx.again(code_page(&cx, &booth, typed, Some(error.clone())), &error),
        done => done,
    }
}

/// Another code to the same address: consent and age were given for it before.
async fn resend(cx: &Cx, booth: &Booth, open: VotingOpen) -> Answer {
    let Some(email) = contact(cx) else { return Ok(go(&path(booth, ""))) };
    send(cx, booth, open, &WhoIAm { email, consent: true, of_age: true }).await
}

async fn verify(cx: &Cx, booth: &Booth, open: VotingOpen, typed: &str) -> Answer {
    let browser = cx.cookie(CHALLENGE_COOKIE).unwrap_or_default();
    let token = cx.backend().verify_code(open, &booth.poll, browser, typed).await?;
    let mut response = go(&path(booth, "/check"));
    set_cookie(&mut response, &voter_cookie(&booth.poll), &token, VOTER_SECONDS);
    set_cookie(&mut response, CHALLENGE_COOKIE, "", 0);
    set_cookie(&mut response, CONTACT_COOKIE, "", 0);
    Ok(response)
}

/// POST /editions/{edition}/vote/{poll}/receipt: the next person at this machine sees nothing of the last.
pub(crate) async fn leave(cx: Cx, names: Names) -> Answer {
    let booth = booth(&cx, names).await?;
    let mut response = go(&format!("/editions/{}", booth.edition.slug));
    for name in cx.cookies_named(VOTER_COOKIES) {
        cx.backend().leave_vote(cx.cookie(name).unwrap_or_default()).await?;
        set_cookie(&mut response, name, "", 0);
    }
    for name in [CHALLENGE_COOKIE, CONTACT_COOKIE] {
        set_cookie(&mut response, name, "", 0);
    }
    picks::empty_all(&cx, &mut response);
    // What the receipt's page has kept in this browser goes too, also where no script runs.
    let storage = http::HeaderValue::from_static("\"storage\"");
    response.headers_mut().insert("clear-site-data", storage);
    Ok(response)
}
