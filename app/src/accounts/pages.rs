//! The pages of accounts.

use axum::extract::{Path, Query};
use axum::response::Response;
use backend::accounts::{Invitation, OpenSession, Role};
use leptos::prelude::*;
use phrases::{Lang, accounts as words};
use serde::Deserialize;

use crate::AppError;
use crate::context::Cx;
use crate::page::{Answer, Page, field_error, form_errors};
use crate::ui::{
    AuthPanel, Facts, Notice, PageHead, Section, Submit, TableBox, TextField, Tone, Weight,
};
use crate::when;

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    pub(crate) next: String,
}

/// GET /sign-in
pub(crate) async fn sign_in(cx: Cx, Query(query): Query<Next>) -> Answer {
    Ok(cx.page(sign_in_page(&cx, "", query.next, None)))
}

/// The sign-in form, empty or with what was typed.
pub(super) fn sign_in_page(cx: &Cx, email: &str, next: String, error: Option<AppError>) -> Page {
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

/// GET /forgot
pub(crate) async fn forgot(cx: Cx) -> Answer {
    Ok(cx.page(forgot_page(&cx, "", None)))
}

/// The form that asks for a reset link.
pub(super) fn forgot_page(cx: &Cx, email: &str, error: Option<AppError>) -> Page {
    let (lang, email) = (cx.lang(), email.to_owned());
    Page::new(words::forgot(lang), move || {
        view! {
            <AuthPanel title=words::forgot(lang) lead=words::forgot_lead(lang)>
                {form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <TextField lang name="email" kind="email" label=words::email(lang)
                        autocomplete="username" required=true value=email
                        error=field_error(lang, error.as_ref(), "email")/>
                    <div class="actions"><Submit label=words::send_link(lang)/></div>
                </form>
            </AuthPanel>
        }
    })
}

/// The answer to a reset request: the same whether there is such an account or not.
pub(super) fn sent_page(cx: &Cx) -> Response {
    let lang = cx.lang();
    cx.page(Page::new(words::forgot(lang), move || {
        view! {
            <AuthPanel title=words::sent_title(lang)>
                <Notice lang tone=Tone::Info><p>{words::sent(lang)}</p></Notice>
            </AuthPanel>
        }
    }))
}

/// GET /reset/{token}
pub(crate) async fn reset(cx: Cx, Path(token): Path<String>) -> Answer {
    cx.backend().reset_link(&token).await?;
    Ok(cx.page(reset_page(&cx, None)))
}

/// The form for a new password.
pub(super) fn reset_page(cx: &Cx, error: Option<AppError>) -> Page {
    let lang = cx.lang();
    Page::new(words::reset(lang), move || {
        view! {
            <AuthPanel title=words::reset(lang) lead=words::reset_lead(lang)>
                {form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    {new_password(lang, "password", error.as_ref())}
                    <div class="actions"><Submit label=words::save_password(lang)/></div>
                </form>
            </AuthPanel>
        }
    })
}

fn new_password(lang: Lang, name: &'static str, error: Option<&AppError>) -> impl IntoView + use<> {
    view! {
        <TextField lang name kind="password" label=words::new_password(lang)
            hint=words::password_hint(lang) autocomplete="new-password" required=true
            error=field_error(lang, error, name)/>
    }
}

/// GET /invitations/{token}
pub(crate) async fn invitation(cx: Cx, Path(token): Path<String>) -> Answer {
    let invitation = cx.backend().invitation(&token).await?;
    Ok(cx.page(invitation_page(&cx, invitation, "", None)))
}

/// What is offered, and the form that accepts it.
pub(super) fn invitation_page(
    cx: &Cx,
    invitation: Invitation,
    name: &str,
    error: Option<AppError>,
) -> Page {
    let (lang, name) = (cx.lang(), name.to_owned());
    let mut rows = vec![
        (words::email(lang).to_owned(), invitation.email),
        (words::role(lang).to_owned(), role_name(lang, invitation.role).to_owned()),
    ];
    rows.extend(
        invitation.organisation_name.map(|name| (words::organisation(lang).to_owned(), name)),
    );
    Page::new(words::invitation(lang), move || {
        view! {
            <AuthPanel title=words::invitation(lang) lead=words::invitation_lead(lang)>
                <Facts rows/>
                {form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <TextField lang name="name" label=words::name(lang) autocomplete="name"
                        required=true value=name error=field_error(lang, error.as_ref(), "name")/>
                    {new_password(lang, "password", error.as_ref())}
                    <div class="actions"><Submit label=words::accept(lang)/></div>
                </form>
            </AuthPanel>
        }
    })
}

/// A role in words.
pub(crate) fn role_name(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Administrator => words::administrator(lang),
        Role::Judge => words::judge(lang),
        Role::Member => words::member(lang),
    }
}

/// GET /account
pub(crate) async fn account(cx: Cx) -> Answer {
    Ok(cx.page(account_page(&cx, None, "").await?))
}

/// One's own account: who one is, the password, the open sessions.
pub(super) async fn account_page(
    cx: &Cx,
    error: Option<AppError>,
    done: &'static str,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let visitor = cx.signed_in()?;
    let token = cx.cookie(crate::context::SESSION_COOKIE).unwrap_or_default();
    let sessions = cx.backend().open_sessions(visitor, token).await?;
    let mut rows = vec![
        (words::name(lang).to_owned(), visitor.name().to_owned()),
        (words::email(lang).to_owned(), visitor.email().to_owned()),
        (words::role(lang).to_owned(), role_name(lang, visitor.role()).to_owned()),
    ];
    let organisation = visitor.organisation_name().map(str::to_owned);
    rows.extend(organisation.map(|name| (words::organisation(lang).to_owned(), name)));
    Ok(Page::new(words::account(lang), move || {
        view! {
            <PageHead title=words::account(lang)>""</PageHead>
            {(!done.is_empty()).then(|| view! {
                <Notice lang tone=Tone::Success><p>{done}</p></Notice>
            })}
            <Facts rows/>
            <Section title=words::change_password(lang)>
                {form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <TextField lang name="old_password" kind="password" required=true
                        label=words::old_password(lang) autocomplete="current-password"
                        error=field_error(lang, error.as_ref(), "old_password")/>
                    {new_password(lang, "new_password", error.as_ref())}
                    <div class="actions">
                        <Submit label=words::save_password(lang) name="act" value="password"/>
                    </div>
                </form>
            </Section>
            {sessions_section(lang, &sessions)}
        }
    }))
}

fn sessions_section(lang: Lang, sessions: &[OpenSession]) -> impl IntoView + use<> {
    let rows = sessions
        .iter()
        .map(|session| {
            let here = if session.current { words::this_browser(lang) } else { "" };
            view! {
                <tr>
                    <td data-label=words::opened(lang)>{when::minute(lang, session.created_at)}</td>
                    <td data-label=words::last_seen(lang)>{when::minute(lang, session.last_seen_at)}</td>
                    <td data-label=words::where_(lang)>{here}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Section title=words::sessions(lang) lead=words::sessions_lead(lang)>
            <TableBox caption=words::sessions(lang)>
                <thead>
                    <tr>
                        <th scope="col">{words::opened(lang)}</th>
                        <th scope="col">{words::last_seen(lang)}</th>
                        <th scope="col">{words::where_(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
            <form method="post" class="form">
                <div class="actions">
                    <Submit label=words::sign_out_everywhere(lang) weight=Weight::Danger
                        name="act" value="everywhere"/>
                </div>
            </form>
        </Section>
    }
}
