//! The fields of a case's form, each with its error.

use backend::cases::{Case, CaseDraft, SubmissionForm};
use backend::editions::{District, TracksAndDistricts};
use domain::limits;
use domain::refusal::{CaseRefusal, Refusal};
use domain::text::{FieldProblem, tidy_block, tidy_line};
use leptos::prelude::*;
use phrases::{Lang, cases as words};

use crate::AppError;
use crate::cases::edit::fill::FilledDraft;
use crate::ui::{ButtonWeight, Field, FileField, Submit, TextField};
use crate::web::form_errors::field_error_sentence;
use crate::words::cases::case_field_label;
use crate::words::{cases, errors};

/// The typed content of a form that is shown again.
pub(crate) struct TypedDraft {
    pub(crate) draft: CaseDraft,
    /// What goes with it when it is sent in.
    pub(crate) submission: SubmissionForm,
    /// Why the organisation objects to a rejection.
    pub(crate) objection: String,
    /// The version that the next save sends.
    pub(crate) version: i32,
    /// What was just taken from a document.
    pub(crate) filled: Option<FilledDraft>,
}

impl TypedDraft {
    pub(crate) fn from_case(case: &Case) -> Self {
        let place = case.neighbourhood.map(|id| id.0).or(case.district.map(|id| id.0));
        let draft = CaseDraft {
            title: case.title.clone(),
            title_en: case.title_en.clone(),
            summary: case.summary.clone(),
            body: case.body.clone(),
            track: case.track.to_string(),
            place: place.map(|id| id.to_string()).unwrap_or_default(),
            alt: case.picture.as_ref().map(|picture| picture.alt.clone()).unwrap_or_default(),
            film: case.film.clone(),
        };
        let personal_reason = case.personal_reason.clone().unwrap_or_default();
        let submission = SubmissionForm { personal_reason, ..SubmissionForm::default() };
        let objection = String::new();
        Self { draft, submission, objection, version: case.version, filled: None }
    }

    /// Whether the texts are those of a stored case, as they are made plain when they are stored.
    pub(crate) fn is_stored_in(&self, case: &Case) -> bool {
        let (typed, stored) = (&self.draft, Self::from_case(case).draft);
        tidy_line(&typed.title) == stored.title
            && tidy_line(&typed.title_en) == stored.title_en
            && tidy_line(&typed.summary) == stored.summary
            && tidy_block(&typed.body) == stored.body
            && tidy_line(&typed.film) == stored.film
    }
}

pub(crate) fn picture_error(lang: Lang, error: Option<&AppError>) -> Option<String> {
    match error {
        Some(
            error @ (AppError::Refused(
                Refusal::Case(CaseRefusal::PictureTooLarge)
                | Refusal::Case(CaseRefusal::NotAPicture),
            )
            | AppError::TooLarge),
        ) => Some(errors::error_sentence(lang, error)),
        _ => None,
    }
}

/// Returns the error of one field. A required field that is empty has one, too.
pub(super) fn case_field_error(lang: Lang, error: Option<&AppError>, name: &str) -> Option<String> {
    match error {
        Some(AppError::Refused(Refusal::Case(CaseRefusal::Incomplete(missing))))
            if missing.iter().any(|missing| missing == name) =>
        {
            Some(words::missing_field(lang, case_field_label(lang, name)))
        }
        error => field_error_sentence(lang, error, name),
    }
}

pub(super) fn film_error(lang: Lang, error: Option<&AppError>) -> Option<String> {
    match error.and_then(|error| error.field_problem("film")) {
        Some(FieldProblem::Malformed) => Some(words::film_wrong(lang).to_owned()),
        _ => field_error_sentence(lang, error, "film"),
    }
}

/// Offers districts and neighbourhoods in one list, so that the two always match.
pub(super) fn place_field(
    lang: Lang,
    places: &TracksAndDistricts,
    chosen: &str,
    error: Option<String>,
) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let described = if error.is_some() { "hint-place error-place" } else { "hint-place" };
    let groups = places
        .districts
        .iter()
        .map(|district| district_options(lang, district, chosen))
        .collect_view();
    view! {
        <Field lang name="place" label=words::place(lang) hint=words::place_hint(lang)
            required=true error>
            <select class="input" id="field-place" name="place" required=true
                aria-describedby=described aria-invalid=invalid>
                <option value="">{words::place_none(lang)}</option>
                {groups}
            </select>
        </Field>
    }
    .into_any()
}

fn district_options(lang: Lang, district: &District, chosen: &str) -> impl IntoView + use<> {
    let name = lang.choose_text(&district.name.ko, &district.name.en).to_owned();
    let whole = (district.id.to_string(), words::whole_district(lang, &name), None);
    let parts = district
        .neighbourhoods
        .iter()
        .map(|place| (place.id.to_string(), place.name.clone(), cases::korean_mark(lang)));
    let options = std::iter::once(whole)
        .chain(parts)
        .map(|(value, name, mark)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected lang=mark>{name}</option> }
        })
        .collect_view();
    view! { <optgroup label=name>{options}</optgroup> }
}

/// Shows the stored picture, its text, and the field for another picture.
pub(super) fn picture_fields(
    lang: Lang,
    case: &Case,
    alt: String,
    error: Option<&AppError>,
) -> AnyView {
    let now = case.picture.as_ref().map(|picture| {
        let (src, text) = (format!("/pictures/{}", picture.id), picture.alt.clone());
        view! {
            <figure class="stack">
                <img src=src alt=text lang=cases::korean_mark(lang) width="480" loading="lazy"/>
                <figcaption class="cluster">
                    <span class="muted small">{words::picture_now(lang)}</span>
                    <Submit label=words::remove_picture(lang) weight=ButtonWeight::Quiet name="act"
                        value="remove_picture"/>
                </figcaption>
            </figure>
        }
    });
    let label = if now.is_some() { words::picture_replace(lang) } else { words::picture(lang) };
    view! {
        {now}
        <FileField lang name="picture" label hint=words::picture_hint(lang)
            max_bytes=domain::limits::PICTURE_BYTES accept="image/jpeg,image/png,image/webp" error=picture_error(lang, error)/>
        <TextField lang name="alt" label=words::alt(lang) hint=words::alt_hint(lang) value=alt
            max=limits::PICTURE_ALT_CHARS error=field_error_sentence(lang, error, "alt")/>
    }
    .into_any()
}
