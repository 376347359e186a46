//! Signing in and out.

use axum::extract::Query;
use axum::response::Response;
use backend::accounts::{SignInForm, SignedIn};
use leptos::prelude::*;
use phrases::accounts as words;
use serde::Deserialize;

use crate::AppError;
use crate::ui::{AuthPanel, Submit, TextField};
use crate::web::answer::{Answer, go};
use crate::web::cookies::{SESSION_COOKIE, set_cookie};
use crate::web::fields::Fields;
use crate::web::form_errors::{field_error, form_errors};
use crate::web::page::Page;
use crate::web::paths::home_of;
use crate::web::request::Cx;

/// The path to go to after signing in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SignInQuery {
    #[serde(default)]
    pub(crate) next: String,
}

/// GET /sign-in
pub(crate) async fn show_sign_in(cx: Cx, Query(query): Query<SignInQuery>) -> Answer {
    Ok(cx.page(sign_in_page(&cx, "", query.next, None)))
}

/// Builds the sign-in form, empty or with the typed address.
pub(crate) fn sign_in_page(cx: &Cx, email: &str, next: String, error: Option<AppError>) -> Page {
    let (lang, email) = (cx.lang(), email.to_owned());
    Page::new(words::sign_in(lang), move || {
        view! {
            <AuthPanel title=words::sign_in(lang) lead=words::sign_in_lead(lang)>
                {form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <input type="hidden" name="next" value=next/>
                    <TextField lang name="email" kind="email" label=words::email(lang)
                        autocomplete="username" required=true value=email
                        error=field_error(lang, error.as_ref(), "email")/>
                    <TextField lang name="password" kind="password" label=words::password(lang)
                        autocomplete="current-password" required=true
                        error=field_error(lang, error.as_ref(), "password")/>
                    <div class="actions"><Submit label=words::sign_in(lang)/></div>
                </form>
                <p><a href="/forgot">{words::forgot(lang)}</a></p>
            </AuthPanel>
        }
    })
}

/// Lifetime of the session cookie in seconds: that of the longest session. The database ends idle
/// sessions sooner.
pub(crate) const SESSION_SECONDS: u32 = 7 * 24 * 3600;

/// POST /sign-in
pub(crate) async fn submit_sign_in(cx: Cx, fields: Fields) -> Answer {
    let form = SignInForm {
        email: fields.text("email").to_owned(),
        password: fields.text("password").to_owned(),
    };
    let next = fields.text("next");
    match cx.backend().sign_in(&form, cx.network()).await {
        Ok((token, account)) => Ok(signed_in_response(&token, &account, next)),
        Err(error) => {
            let error = AppError::from(error);
            let page = sign_in_page(&cx, &form.email, next.to_owned(), Some(error.clone()));
            cx.again(page, &error)
        }
    }
}

pub(crate) fn signed_in_response(token: &str, account: &SignedIn, next: &str) -> Response {
    let mut response = go(if next.is_empty() { home_of(account) } else { next });
    set_cookie(&mut response, SESSION_COOKIE, token, SESSION_SECONDS);
    response
}

pub(crate) fn signed_out_response() -> Response {
    let mut response = go("/");
    set_cookie(&mut response, SESSION_COOKIE, "", 0);
    response
}

/// POST /sign-out
pub(crate) async fn submit_sign_out(cx: Cx) -> Answer {
    if let Some(token) = cx.cookie(SESSION_COOKIE) {
        cx.backend().sign_out(token).await?;
    }
    Ok(signed_out_response())
}
