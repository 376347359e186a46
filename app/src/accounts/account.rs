//! The visitor's own account: the password and the open sessions.

use backend::accounts::OpenSession;
use leptos::prelude::*;
use phrases::{Lang, accounts as words};

use crate::AppError;
use crate::accounts::password_reset::new_password_field;
use crate::accounts::sign_in::{SESSION_SECONDS, signed_out_response};
use crate::ui::{
    ButtonWeight, Facts, Notice, PageHead, Section, Submit, TableBox, TextField, Tone,
};
use crate::web::answer::PageResult;
use crate::web::cookies::{SESSION_COOKIE, set_cookie};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::roles::role_name;
use crate::words::times;

/// GET /account
pub(crate) async fn show_account(cx: RequestContext) -> PageResult {
    Ok(cx.render_page(account_page(&cx, None, "").await?))
}

/// Builds the account page: name and role, password, open sessions.
pub(crate) async fn account_page(
    cx: &RequestContext,
    error: Option<AppError>,
    done: &'static str,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let visitor = cx.require_sign_in()?;
    let token = cx.cookie_value(crate::web::cookies::SESSION_COOKIE).unwrap_or_default();
    let sessions = cx.backend().open_sessions(visitor, token).await?;
    let mut rows = vec![
        (words::name(lang).to_owned(), visitor.person_name().to_owned()),
        (words::email(lang).to_owned(), visitor.email().to_owned()),
        (words::role(lang).to_owned(), role_name(lang, visitor.role()).to_owned()),
    ];
    let organisation = visitor.organisation_name().map(str::to_owned);
    rows.extend(organisation.map(|name| (words::organisation(lang).to_owned(), name)));
    Ok(Page::titled(words::account(lang), move || {
        view! {
            <PageHead title=words::account(lang)>""</PageHead>
            {(!done.is_empty()).then(|| view! {
                <Notice lang tone=Tone::Success><p>{done}</p></Notice>
            })}
            <Facts rows/>
            <Section title=words::change_password(lang)>
                {render_form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <TextField lang name="old_password" kind="password" required=true
                        label=words::old_password(lang) autocomplete="current-password"
                        error=field_error_sentence(lang, error.as_ref(), "old_password")/>
                    {new_password_field(lang, "new_password", error.as_ref())}
                    <div class="actions">
                        <Submit label=words::save_password(lang) name="act" value="password"/>
                    </div>
                </form>
            </Section>
            {sessions_section(lang, &sessions)}
            {erase_section(lang)}
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
                    <td data-label=words::opened(lang)>{times::format_minute(lang, session.created_at)}</td>
                    <td data-label=words::last_seen(lang)>{times::format_minute(lang, session.last_seen_at)}</td>
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
                    <Submit label=words::sign_out_everywhere(lang) weight=ButtonWeight::Danger
                        name="act" value="everywhere"/>
                </div>
            </form>
        </Section>
    }
}

/// Builds the folded form by which somebody deletes the own account.
fn erase_section(lang: Lang) -> AnyView {
    view! {
        <Section title=words::erase(lang) id="erase">
            <details>
                <summary>{words::erase(lang)}</summary>
                <form method="post" class="form">
                    <p>{words::erase_lead(lang)}</p>
                    <TextField lang name="erase_password" kind="password" required=true
                        label=words::erase_password(lang) autocomplete="current-password"/>
                    <div class="actions">
                        <Submit label=words::erase_confirm(lang) weight=ButtonWeight::Danger
                            name="act" value="erase"/>
                    </div>
                </form>
            </details>
        </Section>
    }
    .into_any()
}

/// POST /account
pub(crate) async fn submit_account(cx: RequestContext, fields: FormFields) -> PageResult {
    let visitor = cx.require_sign_in()?;
    if fields.field_text("act") == "everywhere" {
        cx.backend().sign_out_everywhere(visitor).await?;
        return Ok(signed_out_response());
    }
    if fields.field_text("act") == "erase" {
        let (password, network) = (fields.field_text("erase_password"), cx.client_network());
        return match cx.backend().erase_own_account(visitor, password, network).await {
            Ok(()) => Ok(signed_out_response()),
            Err(error) => {
                let error = AppError::from(error);
                cx.show_again(account_page(&cx, Some(error.clone()), "").await?, &error)
            }
        };
    }
    let (old, new) = (fields.field_text("old_password"), fields.field_text("new_password"));
    match cx.backend().change_password(visitor, old, new, cx.client_network()).await {
        Ok(token) => {
            let done = words::password_changed(cx.lang());
            let mut response = cx.render_page(account_page(&cx, None, done).await?);
            set_cookie(&mut response, SESSION_COOKIE, &token, SESSION_SECONDS);
            Ok(response)
        }
        Err(error) => {
            let error = AppError::from(error);
            cx.show_again(account_page(&cx, Some(error.clone()), "").await?, &error)
        }
    }
}
