//! The form of an invitation, and the open invitations with their buttons.

use backend::accounts::{Admin, InvitationRequest, PendingInvitation, Role};
use backend::editions::Edition;
use backend::{Error, FieldError};
use domain::text::FieldProblem;
use leptos::prelude::*;
use phrases::{Lang, admin as words, invite as say};

use crate::AppError;
use crate::editions::people::table::people_table;
use crate::ui::{Choice, RadioField, Section, Submit, TextField};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::request::RequestContext;
use crate::words::roles::role_name;
use crate::words::times;

/// The typed invitation and its error.
#[derive(Default)]
pub(crate) struct InvitationAttempt {
    email: String,
    role: String,
    organisation: String,
    error: Option<AppError>,
}

impl InvitationAttempt {
    /// Keeps what was typed and why it was not sent.
    pub(super) fn failed(fields: &FormFields, error: AppError) -> Self {
        Self {
            email: fields.field_text("email").to_owned(),
            role: fields.field_text("role").to_owned(),
            organisation: fields.field_text("organisation").to_owned(),
            error: Some(error),
        }
    }
}

pub(super) fn invitation_form(lang: Lang, attempt: InvitationAttempt) -> AnyView {
    let InvitationAttempt { email, role, organisation, error } = attempt;
    let chosen = Role::from_word(&role).unwrap_or(Role::Judge);
    let options = [Role::Judge, Role::Member, Role::Administrator]
        .map(|role| Choice::with_value(role.as_str(), role_name(lang, role), role == chosen));
    view! {
        {render_form_errors(lang, error.as_ref())}
        <form method="post" class="form">
            <TextField lang name="email" kind="email" label=words::email(lang) required=true
                autocomplete="off" value=email error=field_error_sentence(lang, error.as_ref(), "email")/>
            <RadioField lang name="role" label=words::role(lang) required=true
                options=options.into() error=field_error_sentence(lang, error.as_ref(), "role")/>
            <TextField lang name="organisation" label=words::organisation(lang)
                hint=words::organisation_hint(lang) value=organisation
                error=field_error_sentence(lang, error.as_ref(), "organisation")/>
            <div class="actions">
                <Submit label=words::invite_send(lang) name="act" value="invite"/>
            </div>
        </form>
    }
    .into_any()
}

/// Lists the open invitations with a button to send each again and one to cancel it.
pub(super) fn pending_invitations_section(
    lang: Lang,
    pending: Vec<PendingInvitation>,
    error: Option<&AppError>,
) -> AnyView {
    let row = |invitation: PendingInvitation| {
        let buttons = pending_buttons(lang, &invitation);
        let role = Role::from_word(&invitation.role).map(|role| role_name(lang, role));
        let parts = [
            role.map(str::to_owned),
            invitation.organisation_name,
            invitation.invited_by.map(|name| say::by(lang, name)),
        ];
        let role = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let until = times::format_minute(lang, invitation.expires_at);
        [invitation.email.into_any(), role.into_any(), until.into_any(), buttons]
    };
    let rows = pending.into_iter().map(row).collect();
    let heads = [words::email(lang), words::role(lang), words::expires(lang), say::actions(lang)];
    let table = people_table(words::pending(lang), heads, rows, words::pending_none(lang));
    let error = render_form_errors(lang, error);
    view! {
        <Section title=words::pending(lang) lead=say::pending_lead(lang) id="pending">
            {error}{table}
        </Section>
    }
    .into_any()
}

fn pending_buttons(lang: Lang, invitation: &PendingInvitation) -> AnyView {
    let id = invitation.id.to_string();
    let (again, cancel) =
        (say::resend_named(lang, &invitation.email), say::cancel_named(lang, &invitation.email));
    view! {
        <form method="post" class="cluster">
            <input type="hidden" name="invitation" value=id/>
            <button class="button" data-weight="secondary" type="submit" name="act" value="resend"
                aria-label=again>{say::resend(lang)}</button>
            <button class="button" data-weight="quiet" type="submit" name="act" value="cancel"
                aria-label=cancel>{say::cancel(lang)}</button>
        </form>
    }
    .into_any()
}

/// Sends the typed invitation.
pub(super) async fn send_typed_invitation(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
    fields: &FormFields,
) -> Result<&'static str, AppError> {
    let missing = FieldError { field: "role", problem: FieldProblem::Missing };
    let role = Role::from_word(fields.field_text("role"));
    let role = role.ok_or_else(|| AppError::from(Error::Invalid(vec![missing])))?;
    let invite = InvitationRequest {
        email: fields.field_text("email").to_owned(),
        role,
        organisation: fields.field_text("organisation").to_owned(),
        edition: edition.id,
        lang: cx.lang(),
    };
    cx.backend().send_invitation(admin, &invite).await?;
    Ok("invited")
}

/// Sends an open invitation again, or cancels it.
pub(super) async fn resend_or_cancel(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
    fields: &FormFields,
) -> Result<&'static str, AppError> {
    let id = fields.field_text("invitation").parse().map_err(|_| AppError::BadRequest)?;
    if fields.field_text("act") == "resend" {
        cx.backend().resend_invitation(admin, edition.id, id).await?;
        return Ok("resent");
    }
    cx.backend().cancel_invitation(admin, edition.id, id).await?;
    Ok("cancelled")
}
