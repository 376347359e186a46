//! An invitation: the page that shows it, and the form that accepts it.

use axum::extract::Path;
use backend::accounts::Invitation;
use leptos::prelude::*;
use phrases::{Lang, accounts as words};

use crate::AppError;
use crate::accounts::password_reset::new_password_field;
use crate::accounts::sign_in::signed_in_response;
use crate::ui::{AuthPanel, Facts, Submit, TextField};
use crate::web::answer::PageResult;
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::roles::role_name;

/// GET /invitations/{token}
pub(crate) async fn show_invitation(cx: RequestContext, Path(token): Path<String>) -> PageResult {
    let invitation = cx.backend().find_invitation(&token).await?;
    if cx.backend().is_invitation_late(&invitation).await? {
        return Ok(cx.render_page(late_invitation_page(cx.lang())));
    }
    Ok(cx.render_page(invitation_page(&cx, invitation, "", None)))
}

/// Builds the page for a judge who comes after the judging has begun.
fn late_invitation_page(lang: Lang) -> Page {
    Page::titled(words::invitation(lang), move || {
        view! {
            <AuthPanel title=words::invitation(lang) lead=words::invitation_late(lang)>""</AuthPanel>
        }
    })
}

/// Builds the page with the offered role and the form that accepts the invitation.
pub(crate) fn invitation_page(
    cx: &RequestContext,
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
    Page::titled(words::invitation(lang), move || {
        view! {
            <AuthPanel title=words::invitation(lang) lead=words::invitation_lead(lang)>
                <Facts rows/>
                {render_form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <TextField lang name="name" label=words::name(lang) autocomplete="name"
                        required=true value=name error=field_error_sentence(lang, error.as_ref(), "name")/>
                    {new_password_field(lang, "password", error.as_ref())}
                    <div class="actions"><Submit label=words::accept(lang)/></div>
                </form>
            </AuthPanel>
        }
    })
}

/// POST /invitations/{token}
pub(crate) async fn accept_invitation(
    cx: RequestContext,
    Path(token): Path<String>,
    fields: FormFields,
) -> PageResult {
    let (name, password) = (fields.field_text("name"), fields.field_text("password"));
    match cx.backend().accept_invitation(&token, name, password, cx.lang()).await {
        Ok((session, account)) => Ok(signed_in_response(&cx, &session, &account, "")),
        Err(error) => {
            let error = AppError::from(error);
            let invitation = cx.backend().find_invitation(&token).await?;
            cx.show_again(invitation_page(&cx, invitation, name, Some(error.clone())), &error)
        }
    }
}
