//! What the forms of the vote do.

use axum::extract::Path;
use backend::voting::{Ballot, Cast, Voter, WhoIAm};
use domain::ids::CaseId;
use domain::schedule::VotingOpen;
use http::StatusCode;

use super::pages::{
    Booth, CHALLENGE_COOKIE, CONTACT_COOKIE, Names, VOTER_COOKIE, booth, check_page, code_page,
    contact, contact_cookie, open_booth, path, who_page,
};
use super::picks;
use super::receipts::closed;
use crate::AppError;
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
    set_cookie(&mut response, VOTER_COOKIE, &token, VOTER_SECONDS);
    set_cookie(&mut response, CHALLENGE_COOKIE, "", 0);
    set_cookie(&mut response, CONTACT_COOKIE, "", 0);
    Ok(response)
}

/// POST /editions/{edition}/vote/{poll}/check
pub(crate) async fn check(cx: Cx, names: Names, fields: Fields) -> Answer {
    let Path((edition, poll)) = names;
    let edition = cx.backend().edition_to_vote_in(&edition).await?;
    let booth = Booth { poll: edition.poll(&poll)?.clone(), edition: (*edition).clone() };
    let voter = Voter::with(&booth.poll, cx.cookie(VOTER_COOKIE).unwrap_or_default());
    let ballot = read(&fields)?;
    // No look at the phase before: a retry after the close gets its receipt, and whatever else
    // comes too late is told so by the statement itself.
    match cx.backend().cast(&voter, &booth.edition, &ballot).await.map_err(AppError::from) {
        Ok(Cast::Accepted(_)) => {
            let mut response = go(&path(&booth, "/receipt"));
            picks::empty(&mut response);
            Ok(response)
        }
        Ok(Cast::AlreadyVoted(_)) => Ok(go(&path(&booth, "/receipt?again=yes"))),
        // The page of the first step says that the two hours are over; the picks are kept.
        Err(AppError::Forbidden) => Ok(go(&path(&booth, ""))),
        Err(AppError::Phase(phase)) => Ok(closed(&cx, &booth.edition, phase, StatusCode::CONFLICT)),
        Err(error) => {
            let entries = cx.backend().entries(booth.edition.id, &ballot.picks).await?;
            let key = ballot.idempotency_key.to_string();
            let page = check_page(&cx, &booth, &entries, key, Some(error.clone()));
            cx.again(page, &error)
        }
    }
}

/// The ballot as the check page sends it. More ids than any rulebook allows are no form of ours.
fn read(fields: &Fields) -> Result<Ballot, AppError> {
    let idempotency_key = fields.text("key").parse().map_err(|_| AppError::BadRequest)?;
    let picks = fields.all("case").map(|id| id.parse::<CaseId>().map_err(|_| AppError::BadRequest));
    let picks = picks.collect::<Result<Vec<_>, _>>()?;
    if picks.len() > 2 * usize::from(domain::limits::MAX_PICKS) {
        return Err(AppError::BadRequest);
    }
    Ok(Ballot { idempotency_key, picks })
}

/// POST /editions/{edition}/vote/{poll}/receipt: the next person at this machine sees nothing of the last.
pub(crate) async fn leave(cx: Cx, names: Names) -> Answer {
    let booth = booth(&cx, names).await?;
    if let Some(token) = cx.cookie(VOTER_COOKIE) {
        cx.backend().leave_vote(token).await?;
    }
    let mut response = go(&format!("/editions/{}", booth.edition.slug));
    for cookie in [VOTER_COOKIE, CHALLENGE_COOKIE, CONTACT_COOKIE] {
        set_cookie(&mut response, cookie, "", 0);
    }
    picks::empty(&mut response);
    Ok(response)
}
