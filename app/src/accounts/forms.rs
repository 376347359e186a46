//! What the forms of accounts do.

use axum::extract::Path;
use axum::response::Response;
use backend::accounts::{SignIn, SignedIn};
use phrases::accounts as words;

use super::pages;
use crate::AppError;
use crate::context::{Cx, SESSION_COOKIE, go, set_cookie};
use crate::fields::Fields;
use crate::page::Answer;
use crate::shell::home_of;

/// As long as the longest session; the database ends an idle one sooner.
const SESSION_SECONDS: u32 = 7 * 24 * 3600;

/// POST /sign-in
pub(crate) async fn sign_in(cx: Cx, fields: Fields) -> Answer {
    let form = SignIn {
        email: fields.text("email").to_owned(),
        password: fields.text("password").to_owned(),
    };
    let next = fields.text("next");
    match cx.backend().sign_in(&form, cx.network()).await {
        Ok((token, account)) => Ok(signed_in(&token, &account, next)),
        Err(error) => {
            let error = AppError::from(error);
            let page = pages::sign_in_page(&cx, &form.email, next.to_owned(), Some(error.clone()));
            cx.again(page, &error)
        }
    }
}

fn signed_in(token: &str, account: &SignedIn, next: &str) -> Response {
    let mut response = go(if next.is_empty() { home_of(account) } else { next });
    set_cookie(&mut response, SESSION_COOKIE, token, SESSION_SECONDS);
    response
}

fn signed_out() -> Response {
    let mut response = go("/");
    set_cookie(&mut response, SESSION_COOKIE, "", 0);
    response
}

/// POST /sign-out
pub(crate) async fn sign_out(cx: Cx) -> Answer {
    if let Some(token) = cx.cookie(SESSION_COOKIE) {
        cx.backend().sign_out(token).await?;
    }
    Ok(signed_out())
}

/// POST /forgot
pub(crate) async fn forgot(cx: Cx, fields: Fields) -> Answer {
    let email = fields.text("email");
    match cx.backend().forgot_password(email, cx.network(), cx.lang()).await {
        Ok(()) => Ok(pages::sent_page(&cx)),
        Err(error) => {
            let error = AppError::from(error);
            cx.again(pages::forgot_page(&cx, email, Some(error.clone())), &error)
        }
    }
}

/// POST /reset/{token}
pub(crate) async fn reset(cx: Cx, Path(token): Path<String>, fields: Fields) -> Answer {
    match cx.backend().reset_password(&token, fields.text("password")).await {
        Ok(()) => Ok(go("/sign-in")),
        Err(error) => {
            let error = AppError::from(error);
            cx.again(pages::reset_page(&cx, Some(error.clone())), &error)
        }
    }
}

/// POST /invitations/{token}
pub(crate) async fn accept_invitation(cx: Cx, Path(token): Path<String>, fields: Fields) -> Answer {
    let (name, password) = (fields.text("name"), fields.text("password"));
    match cx.backend().accept_invitation(&token, name, password, cx.lang()).await {
        Ok((session, account)) => Ok(signed_in(&session, &account, "")),
        Err(error) => {
            let error = AppError::from(error);
            let invitation = cx.backend().invitation(&token).await?;
            cx.again(pages::invitation_page(&cx, invitation, name, Some(error.clone())), &error)
        }
    }
}

/// POST /account
pub(crate) async fn account(cx: Cx, fields: Fields) -> Answer {
    let visitor = cx.signed_in()?;
    if fields.text("act") == "everywhere" {
        cx.backend().sign_out_everywhere(visitor).await?;
        return Ok(signed_out());
    }
    let (old, new) = (fields.text("old_password"), fields.text("new_password"));
    match cx.backend().change_password(visitor, old, new, cx.network()).await {
        Ok(token) => {
            let done = words::password_changed(cx.lang());
            let mut response = cx.page(pages::account_page(&cx, None, done).await?);
            set_cookie(&mut response, SESSION_COOKIE, &token, SESSION_SECONDS);
            Ok(response)
        }
        Err(error) => {
            let error = AppError::from(error);
            cx.again(pages::account_page(&cx, Some(error.clone()), "").await?, &error)
        }
    }
}
