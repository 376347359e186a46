//! The part of the appeal's page in which voters prove themselves again.

use backend::editions::Edition;
use backend::fraud::{HeldBallot, SecondContact, SecondProof, SecondWay};
use leptos::prelude::*;
use phrases::{Lang, fraud as say};

use super::AppealAttempt;
use crate::AppError;
use crate::ui::{ButtonWeight, Checkbox, CodeField, Notice, Section, Submit, TextField, Tone};
use crate::web::fields::FormFields;
use crate::web::form_errors::field_error_sentence;
use crate::web::request::RequestContext;

/// What was typed to prove oneself again.
#[derive(Default)]
pub(super) struct ProofAttempt {
    way: String,
    contact: String,
    consent: bool,
    code: String,
}

impl ProofAttempt {
    /// Reads it from the form.
    pub(super) fn from_form(fields: &FormFields) -> Self {
        let text = |name: &str| fields.field_text(name).to_owned();
        Self {
            way: text("way"),
            contact: text(contact_field(&text("way"))),
            consent: fields.field_text(&consent_field(&text("way"))) == "yes",
            code: text("code"),
        }
    }
}

/// The field of a contact: each kind has its own keyboard on a telephone.
fn contact_field(way: &str) -> &'static str {
    match SecondWay::from_name(way) {
        Some(SecondWay::Email) => "email",
        _ => "mobile",
    }
}

/// The box under a contact. A page may have two.
fn consent_field(way: &str) -> String {
    format!("consent-{way}")
}

/// Sends a code to the contact in the form.
pub(super) async fn send_code(
    cx: &RequestContext,
    edition: &Edition,
    (receipt, typed): (&str, &ProofAttempt),
) -> Result<(), AppError> {
    let way = SecondWay::from_name(&typed.way).ok_or(AppError::BadRequest)?;
    let asked = SecondContact { receipt, way, contact: &typed.contact, consent: typed.consent };
    let from = (cx.client_network(), cx.lang());
    Ok(cx.backend().send_second_code(edition, asked, from).await?)
}

/// Checks the code in the form.
pub(super) async fn check_code(
    cx: &RequestContext,
    edition: &Edition,
    (receipt, typed): (&str, &ProofAttempt),
) -> Result<(), AppError> {
    let network = cx.client_network();
    Ok(cx.backend().prove_again(edition, (receipt, &typed.code), network).await?)
}

/// Builds the section; `None` for a ballot that needs no proof.
pub(super) fn proof_section(
    lang: Lang,
    held: &HeldBallot,
    attempt: &AppealAttempt,
) -> Option<AnyView> {
    if let Some(SecondProof { way, proven: true, .. }) = held.proof {
        let done = match way {
            SecondWay::Email => say::again_proven_email(lang),
            SecondWay::Mobile => say::again_proven_mobile(lang),
        };
        let view = view! {
            <Section title=say::again_title(lang) id="again">
                <Notice lang tone=Tone::Success><p>{done}</p></Notice>
            </Section>
        };
        return Some(view.into_any());
    }
    if !super::accepts_appeal(held) {
        return None;
    }
    let waits = held.proof.filter(|proof| proof.waits);
    let code = waits.map(|proof| code_form(lang, proof, attempt));
    let contact = contact_form(lang, held, attempt, waits.is_some());
    Some(
        view! {
            <Section title=say::again_title(lang) lead=say::again_lead(lang) id="again">
                {code}
                {contact}
            </Section>
        }
        .into_any(),
    )
}

fn code_form(lang: Lang, proof: SecondProof, attempt: &AppealAttempt) -> AnyView {
    let error = field_error_sentence(lang, attempt.error.as_ref(), "code");
    let sent = match proof.way {
        SecondWay::Email => say::again_sent_email(lang),
        SecondWay::Mobile => say::again_sent_mobile(lang),
    };
    let value = attempt.proof.code.clone();
    view! {
        <Notice lang tone=Tone::Info><p>{sent}</p></Notice>
        <form method="post" class="form">
            <input type="hidden" name="receipt" value=attempt.receipt.clone()/>
            <CodeField lang name="code" label=say::again_code(lang) hint=say::again_code_hint(lang)
                value error/>
            <div class="actions">
                <Submit label=say::again_check(lang) name="act" value="prove"/>
            </div>
        </form>
    }
    .into_any()
}

/// Asks for a contact. While a code waits it is folded away.
fn contact_form(lang: Lang, held: &HeldBallot, attempt: &AppealAttempt, waits: bool) -> AnyView {
    let typed = &attempt.proof;
    let chosen = held.ways.iter().find(|way| way.way_name() == typed.way);
    let chosen = chosen.or(held.ways.first()).copied();
    let forms = held
        .ways
        .iter()
        .map(|way| way_form(lang, *way, chosen == Some(*way), attempt))
        .collect_view();
    if !waits {
        return forms.into_any();
    }
    view! {
        <details class="more">
            <summary>{say::again_other(lang)}</summary>
            {forms}
        </details>
    }
    .into_any()
}

fn way_form(lang: Lang, way: SecondWay, typed: bool, attempt: &AppealAttempt) -> AnyView {
    let (name, label, hint, kind, autocomplete) = match way {
        SecondWay::Email => {
            ("email", say::again_email(lang), say::again_email_hint(lang), "email", "email")
        }
        SecondWay::Mobile => {
            ("mobile", say::again_mobile(lang), say::again_mobile_hint(lang), "tel", "tel")
        }
    };
    let error = field_error_sentence(lang, attempt.error.as_ref(), name);
    let value = if typed { attempt.proof.contact.clone() } else { String::new() };
    let checked = typed && attempt.proof.consent;
    view! {
        <form method="post" class="form">
            <input type="hidden" name="receipt" value=attempt.receipt.clone()/>
            <input type="hidden" name="way" value=way.way_name()/>
            <TextField lang name label hint kind autocomplete required=true value error/>
            <Checkbox lang name=consent_field(way.way_name()) label=say::again_consent(lang) checked required=true/>
            <div class="actions">
                <Submit label=say::again_send(lang) weight=ButtonWeight::Secondary name="act"
                    value="code"/>
            </div>
        </form>
    }
    .into_any()
}
