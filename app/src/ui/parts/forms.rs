//! One field of each kind, with and without an error.

use leptos::prelude::*;
use phrases::Lang;
use phrases::parts as say;

use crate::ui::{
    AreaField, AuthPanel, ButtonLink, ButtonWeight, Checkbox, Choice, CodeField, ErrorSummary,
    FileField, RadioField, Section, SelectField, Submit, TextField,
};

/// Renders a long form with every kind of field.
pub(super) fn sample_long_form(lang: Lang) -> AnyView {
    let wrong = say::field_email_error(lang).to_owned();
    let summary = vec![("demo-email".to_owned(), wrong.clone())];
    let tracks = vec![
        Choice::with_value("service", say::track_service(lang), true),
        Choice::with_value("neighbourhood", say::track_neighbourhood(lang), false),
    ];
    let decisions = vec![
        Choice::with_value("accept", say::choice_accept(lang), true),
        Choice::with_value("reject", say::choice_reject(lang), false),
    ];
    view! {
        <Section title=say::section_forms(lang) id="forms">
            <ErrorSummary lang=lang items=summary still=true/>
            <form class="form" method="get">
                <TextField lang=lang name="demo-title" label=say::field_title(lang)
                    hint=say::field_title_hint(lang) value=say::case_one(lang) required=true/>
                <TextField lang=lang name="demo-email" label=say::field_email(lang) kind="email"
                    value="hanpyo" error=Some(wrong) required=true/>
                <AreaField lang=lang name="demo-body" label=say::field_body(lang) rows=4 max=10_000
                    value=say::case_summary(lang)/>
                <SelectField lang=lang name="demo-track" label=say::field_track(lang) options=tracks/>
                <RadioField lang=lang name="demo-decision" label=say::field_choice(lang)
                    required=true options=decisions/>
                <FileField lang=lang name="demo-picture" label=say::field_picture(lang)
                    hint=say::field_picture_hint(lang) accept="image/*"/>
                <Checkbox lang=lang name="demo-consent" label=say::field_consent(lang)
                    hint=say::field_consent_hint(lang) checked=true required=true/>
                <div class="actions">
                    <Submit label=say::submit(lang)/>
                    <Submit label=say::save(lang) weight=ButtonWeight::Secondary/>
                    <Submit label=say::delete(lang) weight=ButtonWeight::Danger/>
                    <ButtonLink label=say::home(lang) href="/" weight=ButtonWeight::Quiet/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// Renders one question on its own.
pub(super) fn sample_single_question(lang: Lang) -> AnyView {
    view! {
        <AuthPanel title=say::sign_in(lang) lead=say::sign_in_lead(lang)>
            <form class="form" method="get">
                <CodeField lang=lang name="demo-code" label=say::field_code(lang) value="482913"/>
                <div class="actions"><Submit label=say::sign_in(lang)/></div>
            </form>
        </AuthPanel>
    }
    .into_any()
}
