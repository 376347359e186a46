//! The form of a case in its six parts, with an indicator that leads to each. It is one form on one page: it works without a
//! script, and one button saves all of it.

use backend::cases::{Case, CaseFile, CasePartner, PartnerState, SubmissionForm};
use backend::editions::TracksAndDistricts;
use domain::limits;
use leptos::prelude::*;
use phrases::{Lang, cases as words, news};

use crate::AppError;
use crate::cases::edit::fields::{
    TypedDraft, case_field_error, film_error, picture_fields, place_field,
};
use crate::cases::edit::fill::document_fields;
use crate::cases::files::author_files_fields;
use crate::cases::new_case::track_choices;
use crate::cases::personal::author_section;
use crate::cases::state::partner_state_label;
use crate::ui::{
    AreaField, Badge, ButtonLink, ButtonWeight, Checkbox, SelectField, Submit, TextField,
};
use crate::words::cases::{case_field_label, korean_mark};

/// What the form shows beside the texts.
pub(crate) struct CaseParts<'a> {
    pub(crate) case: &'a Case,
    pub(crate) files: &'a [CaseFile],
    pub(crate) partners: &'a [CasePartner],
}

/// The parts, in the order of the form: the end of each anchor, its name, and whether what is stored fills it.
fn part_names(lang: Lang, parts: &CaseParts<'_>) -> [(&'static str, &'static str, bool); 6] {
    let case = parts.case;
    let answered = parts.partners.iter().all(|partner| partner.state != PartnerState::Asked);
    [
        ("basics", news::part_basics(lang), !case.title.is_empty() && case.district.is_some()),
        ("story", news::part_story(lang), !case.summary.is_empty() && !case.body.is_empty()),
        ("people", news::part_people(lang), !parts.partners.is_empty() && answered),
        ("files", news::part_files(lang), case.picture.is_some() || !parts.files.is_empty()),
        ("consent", news::part_consent(lang), false),
        ("review", news::part_review(lang), false),
    ]
}

fn parts_indicator(lang: Lang, parts: &CaseParts<'_>) -> AnyView {
    let items = part_names(lang, parts)
        .map(|(end, name, filled)| {
            let state = filled.then_some("done");
            let said = filled.then(|| {
                view! { <span class="visually-hidden">" "{phrases::ui::step_done(lang)}</span> }
            });
            view! {
                <li class="step" data-state=state>
                    <a class="step-number" href=format!("#part-{end}")>{name}{said}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="steps" data-links="" aria-label=phrases::ui::steps(lang)>
            <ol class="steps-list">{items}</ol>
        </nav>
    }
    .into_any()
}

/// Builds the form. It has `novalidate` because a draft may have gaps: only submitting requires
/// every field.
pub(crate) fn case_form(
    lang: Lang,
    places: &TracksAndDistricts,
    parts: &CaseParts<'_>,
    typed: TypedDraft,
    error: Option<&AppError>,
) -> AnyView {
    let TypedDraft { draft, submission, version, filled, .. } = typed;
    let CaseParts { case, files, .. } = *parts;
    let names = part_names(lang, parts).map(|(end, name, _)| {
        view! { <h2 class="part-name" id=format!("part-{end}")>{name}</h2> }.into_any()
    });
    let [basics, story, people, with_files, consent, review] = names;
    let own_page = format!("/organisation/cases/{}", case.id);
    let filled = filled.map(|filled| filled.filled_notice(lang, own_page));
    let document = document_fields(lang, error);
    let personal = author_section(lang, &draft, submission.personal_reason.clone(), error);
    let options = track_choices(lang, places, &draft.track);
    let place = place_field(lang, places, &draft.place, case_field_error(lang, error, "place"));
    let picture = picture_fields(lang, case, draft.alt, error);
    let files = author_files_fields(lang, case, files, error);
    view! {
        <form method="post" class="form" enctype="multipart/form-data" novalidate=true>
            <input type="hidden" name="version" value=version.to_string()/>
            // Enter in a field presses the first button, which must neither mask nor submit.
            <button class="visually-hidden" type="submit" name="act" value="save" tabindex="-1"
                aria-hidden="true"></button>
            {parts_indicator(lang, parts)}
            {filled}
            {basics}
            {document}
            <TextField lang name="title" label=words::title(lang) hint=words::title_hint(lang)
                value=draft.title required=true max=limits::CASE_TITLE_CHARS
                error=case_field_error(lang, error, "title")/>
            <TextField lang name="title_en" label=words::title_en(lang)
                hint=words::title_en_hint(lang) value=draft.title_en max=limits::TRANSLATED_CHARS
                error=case_field_error(lang, error, "title_en")/>
            <SelectField lang name="track" label=words::track(lang) required=true options
                error=case_field_error(lang, error, "track")/>
            {place}
            {story}
            <AreaField lang name="summary" label=words::summary(lang)
                hint=words::summary_hint(lang) value=draft.summary required=true rows=3
                max=limits::CASE_SUMMARY_CHARS error=case_field_error(lang, error, "summary")/>
            <AreaField lang name="body" label=words::body(lang) hint=words::body_hint(lang)
                value=draft.body required=true rows=16 max=limits::CASE_BODY_CHARS
                error=case_field_error(lang, error, "body")/>
            {people}
            {people_part(lang, parts)}
            {with_files}
            {picture}
            <TextField lang name="film" kind="url" label=words::film(lang) hint=words::film_hint(lang)
                value=draft.film max=limits::FILM_LINK_CHARS error=film_error(lang, error)/>
            {files}
            {consent}
            {personal}
            {consent_fields(lang, &submission, error)}
            {review}
            {review_part(lang, parts)}
            <div class="actions">
                <Submit label=words::save(lang) weight=ButtonWeight::Secondary name="act" value="save"/>
                <Submit label=words::submit(lang) name="act" value="submit"/>
            </div>
        </form>
    }
    .into_any()
}

/// Shows the partners, with the page where they are named.
fn people_part(lang: Lang, parts: &CaseParts<'_>) -> AnyView {
    let partners = parts
        .partners
        .iter()
        .map(|partner| {
            let (tone, label) = partner_state_label(lang, partner.state);
            view! {
                <li class="cluster">
                    <span lang=korean_mark(lang)>{partner.name.clone()}</span>
                    <Badge tone label/>
                </li>
            }
        })
        .collect_view();
    let href = format!("/organisation/cases/{}/partners", parts.case.id);
    let open = phrases::partners::open(lang);
    view! {
        <div class="stack">
            <p class="muted small">{phrases::partners::lead(lang)}</p>
            <ul class="stack">{partners}</ul>
            <p><ButtonLink label=open href weight=ButtonWeight::Secondary/></p>
        </div>
    }
    .into_any()
}

fn consent_fields(lang: Lang, submission: &SubmissionForm, error: Option<&AppError>) -> AnyView {
    let fault = |name| case_field_error(lang, error, name);
    view! {
        <Checkbox lang name="people_agree" label=news::people_agree(lang)
            hint=news::people_agree_hint(lang) checked=submission.people_agree
            error=fault("people_agree")/>
        <Checkbox lang name="has_rights" label=news::has_rights(lang)
            hint=news::has_rights_hint(lang) checked=submission.has_rights
            error=fault("has_rights")/>
    }
    .into_any()
}

/// Says what is still missing, as far as it is saved.
fn review_part(lang: Lang, parts: &CaseParts<'_>) -> AnyView {
    let missing = parts.case.missing_inputs();
    let said = if missing.is_empty() {
        view! { <p>{news::review_complete(lang)}</p> }.into_any()
    } else {
        let items = missing
            .iter()
            .map(|name| {
                let label = case_field_label(lang, name);
                view! { <li><a href=format!("#field-{name}")>{label}</a></li> }
            })
            .collect_view();
        view! { <p>{news::review_missing(lang)}</p><ul>{items}</ul> }.into_any()
    };
    let waiting = parts.partners.iter().filter(|one| one.state == PartnerState::Asked).count();
    let waiting =
        (waiting > 0).then(|| view! { <p>{phrases::partners::waiting(lang, waiting)}</p> });
    view! { <div class="stack">{said}{waiting}</div> }.into_any()
}
