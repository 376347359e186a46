//! A forgotten password: the form that asks for a link, and the form for the new password.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use phrases::{Lang, accounts as words};

use crate::AppError;
use crate::ui::{AuthPanel, Notice, Submit, TextField, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::cookies::{DEVICE_COOKIE, YEAR_SECONDS, set_cookie};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// GET /forgot
pub(crate) async fn show_forgot_password(cx: RequestContext) -> PageResult {
    Ok(cx.render_page(forgot_password_page(&cx, "", None)))
}

/// Builds the form that asks for a reset link.
pub(crate) fn forgot_password_page(
    cx: &RequestContext,
    email: &str,
    error: Option<AppError>,
) -> Page {
    let (lang, email) = (cx.lang(), email.to_owned());
    Page::titled(words::forgot(lang), move || {
        view! {
            <AuthPanel title=words::forgot(lang) lead=words::forgot_lead(lang)>
                {render_form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <TextField lang name="email" kind="email" label=words::email(lang)
                        autocomplete="username" required=true value=email
                        error=field_error_sentence(lang, error.as_ref(), "email")/>
                    <div class="actions"><Submit label=words::send_link(lang)/></div>
                </form>
            </AuthPanel>
        }
    })
}

/// Answers a reset request. The answer is the same whether the account exists or not.
pub(crate) fn reset_link_sent_page(cx: &RequestContext) -> Response {
    let lang = cx.lang();
    cx.render_page(Page::titled(words::forgot(lang), move || {
        view! {
            <AuthPanel title=words::sent_title(lang)>
                <Notice lang tone=Tone::Info><p>{words::sent(lang)}</p></Notice>
            </AuthPanel>
        }
    }))
}

/// GET /reset/{token}
pub(crate) async fn show_password_reset(
    cx: RequestContext,
    Path(token): Path<String>,
) -> PageResult {
    cx.backend().check_reset_link(&token).await?;
    Ok(cx.render_page(password_reset_page(&cx, None)))
}

/// Builds the form for a new password.
pub(crate) fn password_reset_page(cx: &RequestContext, error: Option<AppError>) -> Page {
    let lang = cx.lang();
    Page::titled(words::reset(lang), move || {
        view! {
            <AuthPanel title=words::reset(lang) lead=words::reset_lead(lang)>
                {render_form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    {new_password_field(lang, "password", error.as_ref())}
                    <div class="actions"><Submit label=words::save_password(lang)/></div>
                </form>
            </AuthPanel>
        }
    })
}

pub(crate) fn new_password_field(
    lang: Lang,
    name: &'static str,
    error: Option<&AppError>,
) -> impl IntoView + use<> {
    view! {
        <TextField lang name kind="password" label=words::new_password(lang)
            hint=words::password_hint(lang) autocomplete="new-password" required=true
            error=field_error_sentence(lang, error, name)/>
    }
}

/// POST /forgot
pub(crate) async fn submit_forgot_password(cx: RequestContext, fields: FormFields) -> PageResult {
    let email = fields.field_text("email");
    match cx.backend().send_reset_link(email, cx.client_network(), cx.lang()).await {
        Ok(()) => Ok(reset_link_sent_page(&cx)),
        Err(error) => {
            let error = AppError::from(error);
            cx.show_again(forgot_password_page(&cx, email, Some(error.clone())), &error)
        }
    }
}

/// POST /reset/{token}
pub(crate) async fn submit_password_reset(
    cx: RequestContext,
    Path(token): Path<String>,
    fields: FormFields,
) -> PageResult {
    match cx.backend().reset_password(&token, fields.field_text("password")).await {
        Ok(device) => {
            let mut response = redirect_to("/sign-in");
            set_cookie(&mut response, DEVICE_COOKIE, &device, YEAR_SECONDS);
            Ok(response)
        }
        Err(error) => {
            let error = AppError::from(error);
            cx.show_again(password_reset_page(&cx, Some(error.clone())), &error)
        }
    }
}
