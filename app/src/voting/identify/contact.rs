//! The form that asks for an email address or a mobile number.

use backend::voting::VoterDeclaration;
use domain::rulebook::VoterIdentity;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::AppError;
use crate::ui::{Section, Submit, TextField};
use crate::voting::booth::{Booth, vote_path};
use crate::voting::form_errors::vote_field_error;
use crate::voting::identify::consent::{ConsentItem, consent_section, statements_section};
use crate::voting::send_code::contact_for_poll;
use crate::voting::signals::{seconds_since_shown, signal_fields};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

pub(crate) fn read_voter_declaration(typed: &FormFields, contact: &str) -> VoterDeclaration {
    VoterDeclaration {
        contact: typed.field_text(contact).to_owned(),
        consent: typed.has_field("consent"),
        of_age: typed.has_field("of_age"),
        of_district: typed.has_field("of_district"),
        page_seconds: seconds_since_shown(typed),
        ..VoterDeclaration::default()
    }
}

/// Builds the form with the email address or mobile number, the consent and the statements.
pub(crate) async fn contact_form(
    cx: &RequestContext,
    booth: &Booth,
    typed: &FormFields,
    error: Option<&AppError>,
) -> Result<AnyView, AppError> {
    let (lang, action) = (cx.lang(), vote_path(booth, ""));
    let mobile = booth.poll.rules.identity == VoterIdentity::Mobile;
    let (title, lead) = if mobile {
        (words::who_title_mobile(lang), words::who_lead_mobile(lang))
    } else {
        (words::who_title_email(lang), words::who_lead(lang))
    };
    let field = contact_field(cx, booth, typed, error);
    let consent = consent_section(lang, typed, error, &contact_consent_items(lang, mobile));
    let statements = statements_section(cx, booth, typed, error).await?;
    Ok(view! {
        <Section title lead>
            <form method="post" action=action class="form">
                {signal_fields()}
                {field}
                {consent}
                {statements}
                <div class="actions"><Submit label=words::send_code(lang)/></div>
            </form>
        </Section>
    }
    .into_any())
}

fn contact_field(
    cx: &RequestContext,
    booth: &Booth,
    typed: &FormFields,
    error: Option<&AppError>,
) -> AnyView {
    let lang = cx.lang();
    let value = |name| match error {
        Some(_) => typed.field_text(name).to_owned(),
        None => contact_for_poll(cx, booth).unwrap_or_default(),
    };
    // No autofill on a shared machine, because its browser would offer one voter's input to the
    // next.
    let filled = |kind: &'static str| if cx.is_kiosk() { "off" } else { kind };
    if booth.poll.rules.identity == VoterIdentity::Mobile {
        let fault = vote_field_error(lang, error, "mobile");
        return view! {
            <TextField lang name="mobile" kind="tel" label=words::mobile(lang)
                hint=words::mobile_hint(lang) autocomplete=filled("tel") inputmode="tel"
                required=true value=value("mobile") error=fault/>
        }
        .into_any();
    }
    let fault = vote_field_error(lang, error, "email");
    view! {
        <TextField lang name="email" kind="email" label=words::email(lang)
            hint=words::email_hint(lang) autocomplete=filled("email") inputmode="email"
            required=true value=value("email") error=fault/>
    }
    .into_any()
}

/// Returns the items of the consent: the email address or mobile number, its pseudonym, of an address
/// that its domain is counted, and what the fraud checks look at.
pub(crate) fn contact_consent_items(lang: Lang, mobile: bool) -> Vec<ConsentItem> {
    let contact = if mobile {
        [words::item_mobile(lang), words::purpose_contact(lang), words::period_mobile(lang)]
    } else {
        [words::item_email(lang), words::purpose_contact(lang), words::period_email(lang)]
    };
    let cipher = if mobile { words::item_cipher_mobile(lang) } else { words::item_pseudonym(lang) };
    let pseudonym = [cipher, words::purpose_pseudonym(lang), words::period_pseudonym(lang)];
    let domain =
        [words::item_domain(lang), words::purpose_domain(lang), words::period_domain(lang)];
    let traced = if mobile { words::item_trace_mobile(lang) } else { words::item_trace(lang) };
    let trace = [traced, words::purpose_trace(lang), words::period_trace(lang)];
    let items = [contact, pseudonym].into_iter().chain((!mobile).then_some(domain)).chain([trace]);
    items.map(|item| item.map(str::to_owned)).collect()
}
