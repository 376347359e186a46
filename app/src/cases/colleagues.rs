//! Colleagues of a member: the form that invites one, and the open invitations with their buttons.

use backend::accounts::{Member, PendingInvitation};
use domain::ids::EditionId;
use leptos::prelude::*;
use phrases::{Lang, admin, invite as words};

use crate::AppError;
use crate::ui::{ButtonWeight, Section, Submit, TextField};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::request::RequestContext;
use crate::words::times;

/// The typed address, and why the form failed.
#[derive(Default)]
pub(crate) struct ColleagueAttempt {
    /// The address.
    pub(crate) email: String,
    /// The reason of the failure.
    pub(crate) error: Option<AppError>,
}

/// Returns the sentence about what a form of this section has done.
pub(crate) fn colleague_done_sentence(lang: Lang, done: &str) -> Option<&'static str> {
    match done {
        "invited" => Some(words::colleague_done(lang)),
        "resent" => Some(words::resent_done(lang)),
        "cancelled" => Some(words::cancelled_done(lang)),
        _ => None,
    }
}

/// Builds the form that invites a colleague, and the list of open invitations.
pub(crate) fn colleagues_section(
    lang: Lang,
    pending: &[PendingInvitation],
    attempt: ColleagueAttempt,
) -> AnyView {
    let ColleagueAttempt { email, error } = attempt;
    let lead = words::colleagues_lead(lang, domain::limits::OPEN_COLLEAGUE_INVITATIONS);
    let open = (!pending.is_empty()).then(|| {
        let items: Vec<_> =
            pending.iter().map(|invitation| pending_item(lang, invitation)).collect();
        view! { <h3>{words::colleagues_pending(lang)}</h3><div class="desk">{items}</div> }
    });
    view! {
        <Section title=words::colleagues(lang) lead id="colleagues">
            {render_form_errors(lang, error.as_ref())}
            <form method="post" class="form">
                <TextField lang name="email" kind="email" label=words::colleague_email(lang)
                    autocomplete="off" required=true value=email
                    error=field_error_sentence(lang, error.as_ref(), "email")/>
                <div class="actions">
                    <Submit label=words::colleague_send(lang) weight=ButtonWeight::Secondary
                        name="act" value="invite"/>
                </div>
            </form>
            {open}
        </Section>
    }
    .into_any()
}

fn pending_item(lang: Lang, invitation: &PendingInvitation) -> AnyView {
    let until = times::format_minute(lang, invitation.expires_at);
    let until = format!("{}: {until}", admin::expires(lang));
    let (again, cancel) = (
        words::resend_named(lang, &invitation.email),
        words::cancel_named(lang, &invitation.email),
    );
    view! {
        <article class="panel">
            <p><strong>{invitation.email.clone()}</strong></p>
            <p class="muted small">{until}</p>
            <form method="post" class="cluster">
                <input type="hidden" name="invitation" value=invitation.id.to_string()/>
                <button class="button" data-weight="secondary" type="submit" name="act"
                    value="resend" aria-label=again>{words::resend(lang)}</button>
                <button class="button" data-weight="quiet" type="submit" name="act" value="cancel"
                    aria-label=cancel>{words::cancel(lang)}</button>
            </form>
        </article>
    }
    .into_any()
}

/// Carries out a form of this section. Returns the word for the notice on the next page.
pub(crate) async fn carry_out_colleague_form(
    cx: &RequestContext,
    member: &Member,
    edition: Option<EditionId>,
    fields: &FormFields,
) -> Result<&'static str, AppError> {
    let backend = cx.backend();
    let invitation = || fields.field_text("invitation").parse().map_err(|_| AppError::BadRequest);
    match fields.field_text("act") {
        "invite" => {
            let email = fields.field_text("email");
            backend.invite_colleague(member, edition, email, cx.lang()).await?;
            Ok("invited")
        }
        "resend" => {
            backend.resend_colleague_invitation(member, invitation()?).await?;
            Ok("resent")
        }
        "cancel" => {
            backend.cancel_colleague_invitation(member, invitation()?).await?;
            Ok("cancelled")
        }
        _ => Err(AppError::BadRequest),
    }
}
