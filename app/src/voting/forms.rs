//! What the last forms of the vote do: the check and the receipt.

use backend::voting::{Ballot, Cast};
use domain::ids::CaseId;
use http::StatusCode;

use super::pages::{
    CHALLENGE_COOKIE, CONTACT_COOKIE, Names, VOTER_COOKIE, booth, check_page, path,
};
use super::picks;
use super::receipts::closed;
use crate::AppError;
use crate::context::{Cx, go, set_cookie};
use crate::fields::Fields;
use crate::page::Answer;

/// POST /editions/{edition}/vote/{poll}/check
pub(crate) async fn check(cx: Cx, names: Names, fields: Fields) -> Answer {
    let booth = booth(&cx, names).await?;
    let token = cx.cookie(VOTER_COOKIE).unwrap_or_default();
    let Some(voter) = cx.backend().voter(&booth.poll, token).await? else {
        // The page of the first step says that the two hours are over; the picks are kept.
        return Ok(go(&path(&booth, "")));
    };
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
