//! Signing in and out.

use axum::extract::Query;
use axum::response::Response;
use backend::accounts::{SignInForm, SignedIn};
use leptos::prelude::*;
use phrases::accounts as words;
use serde::Deserialize;

use crate::AppError;
use crate::ui::{AuthPanel, Notice, Submit, TextField, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::cookies::{DEVICE_COOKIE, SESSION_COOKIE, YEAR_SECONDS, set_cookie};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::paths::home_path;
use crate::web::request::RequestContext;

/// The path to go to after signing in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SignInQuery {
    #[serde(default)]
    pub(crate) next: String,
}

/// GET /sign-in
pub(crate) async fn show_sign_in(
    cx: RequestContext,
    Query(query): Query<SignInQuery>,
) -> PageResult {
    Ok(cx.render_page(sign_in_page(&cx, "", query.next, None)))
}

/// Builds the sign-in form, empty or with the typed address.
pub(crate) fn sign_in_page(
    cx: &RequestContext,
    email: &str,
    next: String,
    error: Option<AppError>,
) -> Page {
    let (lang, email) = (cx.lang(), email.to_owned());
    let already = cx.visitor().map(|visitor| {
        let (sentence, home) = (words::already_in(lang, visitor.person_name()), home_path(visitor));
        view! {
            <Notice lang tone=Tone::Info>
                <p>{sentence}" "<a href=home>{words::already_in_home(lang)}</a></p>
            </Notice>
        }
    });
    Page::titled(words::sign_in(lang), move || {
        view! {
            <AuthPanel title=words::sign_in(lang) lead=words::sign_in_lead(lang)>
                {already}
                {render_form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <input type="hidden" name="next" value=next/>
                    <TextField lang name="email" kind="email" label=words::email(lang)
                        autocomplete="username" required=true value=email
                        error=field_error_sentence(lang, error.as_ref(), "email")/>
                    <TextField lang name="password" kind="password" label=words::password(lang)
                        autocomplete="current-password" required=true
                        error=field_error_sentence(lang, error.as_ref(), "password")/>
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
pub(crate) async fn submit_sign_in(cx: RequestContext, fields: FormFields) -> PageResult {
    let form = SignInForm {
        email: fields.field_text("email").to_owned(),
        password: fields.field_text("password").to_owned(),
    };
    let next = fields.field_text("next");
    let device = cx.cookie_value(DEVICE_COOKIE).unwrap_or_default();
    match cx.backend().sign_in_at_device(&form, cx.client_network(), device).await {
        Ok((token, account)) => Ok(signed_in_response(&cx, &token, &account, next)),
        Err(error) => {
            let error = AppError::from(error);
            let page = sign_in_page(&cx, &form.email, next.to_owned(), Some(error.clone()));
            cx.show_again(page, &error)
        }
    }
}

/// Sets the cookies of an account that has just signed in, and of this browser, which is known from
/// now on.
pub(crate) fn signed_in_response(
    cx: &RequestContext,
    token: &str,
    account: &SignedIn,
    next: &str,
) -> Response {
    let mut response = redirect_to(if next.is_empty() { home_path(account) } else { next });
    set_cookie(&mut response, SESSION_COOKIE, token, SESSION_SECONDS);
    let device = cx.backend().device_token(account);
    set_cookie(&mut response, DEVICE_COOKIE, &device, YEAR_SECONDS);
    response
}

pub(crate) fn signed_out_response() -> Response {
    let mut response = redirect_to("/");
    set_cookie(&mut response, SESSION_COOKIE, "", 0);
    response
}

/// POST /sign-out
pub(crate) async fn submit_sign_out(cx: RequestContext) -> PageResult {
    if let Some(token) = cx.cookie_value(SESSION_COOKIE) {
        cx.backend().sign_out(token).await?;
    }
    Ok(signed_out_response())
}
