//! One case on its organisation's desk: the form while it can be written, its words afterwards.

use axum::extract::{Path, Query};
use backend::cases::{Case, CaseState, Draft};
use backend::editions::{District, Edition, Places};
use domain::limits;
use domain::refusal::Refusal;
use leptos::prelude::*;
use phrases::{Lang, cases as words};
use serde::Deserialize;

use super::case::as_public;
use super::draft_form::DraftForm;
use super::organisation::{crumbs, desk_title, tracks, way};
use super::say;
use crate::context::Cx;
use crate::page::{Answer, Page, field_error, form_errors};
use crate::ui::{
    AreaField, Badge, ErrorSummary, Field, FileField, Notice, PageHead, Section, SelectField,
    Submit, TextField, Tone, Weight,
};
use crate::{AppError, sentences, when};

/// What was just done, for the notice on top.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    done: String,
}

/// A form that comes back with what was typed.
pub(super) struct Typed {
    pub(super) draft: Draft,
    /// The version that the next save will name.
    pub(super) version: i32,
}

impl Typed {
    fn of(case: &Case) -> Self {
        let place = case.neighbourhood.map(|id| id.0).or(case.district.map(|id| id.0));
        let draft = Draft {
            title: case.title.clone(),
            title_en: case.title_en.clone(),
            summary: case.summary.clone(),
            body: case.body.clone(),
            track: case.track.to_string(),
            place: place.map(|id| id.to_string()).unwrap_or_default(),
            alt: case.picture.as_ref().map(|picture| picture.alt.clone()).unwrap_or_default(),
        };
        Self { draft, version: case.version }
    }
}

/// GET /organisation/cases/{case}
pub(crate) async fn page(cx: Cx, Path(id): Path<String>, Query(query): Query<Done>) -> Answer {
    let case = cx.backend().own_case(&cx.member()?, say::key(&id)?).await?;
    let edition = cx.backend().edition(&case.edition_slug).await?;
    let page = case_page(&cx, &edition, case, None, None, &query.done).await?;
    Ok(cx.page(page))
}

/// The page of a case, as it is stored or with what was typed.
pub(super) async fn case_page(
    cx: &Cx,
    edition: &Edition,
    case: Case,
    typed: Option<Typed>,
    error: Option<AppError>,
    done: &str,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let places = cx.backend().places(edition.id).await?;
    let comments = match edition.results_public() {
        Ok(public) => cx.backend().comments(&cx.member()?, public, case.id).await?,
        Err(_) => Vec::new(),
    };
    let open = edition.submissions_open().is_ok();
    let writable = open && case.state.can_be_written();
    let (title, head) = (desk_title(lang, &case), head(lang, edition, &case, done));
    let crumbs = crumbs(lang, title.clone());
    let page = Page::new(title, move || {
        let content = if writable {
            let typed = typed.unwrap_or_else(|| Typed::of(&case));
            view! {
                {errors(lang, &case, error.as_ref())}
                // An island is no box of its own: the column of the page needs one.
                <div>
                    <DraftForm lang case=case.id>
                        {form(lang, &places, &case, typed, error.as_ref())}
                    </DraftForm>
                </div>
            }
            .into_any()
        } else {
            view! {
                {form_errors(lang, error.as_ref())}
                {settled(lang, &case, open)}
                {feedback(lang, comments)}
                {as_public(lang, &places, &case, None)}
            }
            .into_any()
        };
        view! { {head}{content} }
    });
    let page = page.of(edition).crumbs(crumbs);
    Ok(if writable { page.with_desk() } else { page })
}

fn head(lang: Lang, edition: &Edition, case: &Case, done: &str) -> AnyView {
    let done = match done {
        "saved" => words::saved(lang),
        "submitted" => words::submitted(lang),
        "withdrawn" => words::withdrawn(lang),
        "picture_removed" => words::picture_removed(lang),
        _ => "",
    };
    let done = (!done.is_empty()).then(|| {
        view! { <Notice lang tone=Tone::Success><p>{done}</p></Notice> }
    });
    let (tone, label) = say::state(lang, case.state);
    let writable = edition.submissions_open().is_ok() && case.state.can_be_written();
    let closes = when::minute(lang, edition.schedule.windows.call.closes);
    let title = writable.then(|| {
        let lead = words::edit_lead(lang);
        let eyebrow = words::deadline(lang, closes);
        view! { <PageHead title=words::edit(lang) eyebrow lead>""</PageHead> }
    });
    view! {
        {done}
        {title}
        <div class="case-state">
            <p><Badge tone label/></p>
            {way(lang, edition, case.state)}
        </div>
    }
    .into_any()
}

/// What can still be done about a case that cannot be written: taking it back, or reading why.
fn settled(lang: Lang, case: &Case, open: bool) -> AnyView {
    let reason = case.reason.as_ref().map(|reason| {
        let reason = say::paragraphs(reason);
        view! {
            <Notice lang tone=Tone::Warning title=words::reason(lang)>
                <div lang=say::korean(lang)>{reason}</div>
            </Notice>
        }
    });
    let note = if open {
        (Tone::Info, words::withdraw_hint(lang))
    } else if case.state.can_be_written() {
        (Tone::Warning, words::never_submitted(lang))
    } else {
        (Tone::Info, words::call_over(lang))
    };
    let (tone, note) = note;
    let shown = !(open && case.state == CaseState::Rejected);
    let note = shown.then(|| view! { <Notice lang tone><p>{note}</p></Notice> });
    let version = case.version.to_string();
    let withdraw = (open && case.state.can_be_withdrawn()).then(|| {
        view! {
            <form method="post" class="form">
                <input type="hidden" name="version" value=version/>
                <div class="actions">
                    <Submit label=words::withdraw(lang) weight=Weight::Danger name="act"
                        value="withdraw"/>
                </div>
            </form>
        }
    });
    view! { {reason}{note}{withdraw} }.into_any()
}

/// What the judges wrote for the organisation.
fn feedback(lang: Lang, comments: Vec<String>) -> Option<AnyView> {
    if comments.is_empty() {
        return None;
    }
    let mark = say::korean(lang);
    let items = comments
        .into_iter()
        .map(|comment| view! { <li class="prose" lang=mark>{say::paragraphs(&comment)}</li> })
        .collect_view();
    let section = view! {
        <Section title=words::feedback(lang) lead=words::feedback_lead(lang)>
            <ul class="stack">{items}</ul>
        </Section>
    };
    Some(section.into_any())
}

/// What is wrong, in one box with links; and where somebody else was quicker, what they stored.
fn errors(lang: Lang, case: &Case, error: Option<&AppError>) -> AnyView {
    match error {
        Some(AppError::Refused(Refusal::Incomplete(missing))) => {
            let items = missing
                .iter()
                .map(|name| (name.clone(), words::missing_field(lang, label(lang, name))))
                .collect();
            view! {
                <Notice lang tone=Tone::Warning><p>{words::missing_title(lang)}</p></Notice>
                <ErrorSummary lang items/>
            }
            .into_any()
        }
        Some(error) if picture_error(lang, Some(error)).is_some() => {
            let items = vec![("picture".to_owned(), sentences::error(lang, error))];
            view! { <ErrorSummary lang items/> }.into_any()
        }
        Some(AppError::Refused(Refusal::Stale)) => {
            let (body, mark) = (say::paragraphs(&case.body), say::korean(lang));
            view! {
                {form_errors(lang, error)}
                <details class="stack" open=true>
                    <summary>{words::stale_title(lang)}</summary>
                    <p class="muted small">{words::stale_hint(lang)}</p>
                    <div class="prose" lang=mark>
                        <p><strong>{case.title.clone()}</strong></p>
                        <p>{case.summary.clone()}</p>
                        {body}
                    </div>
                </details>
            }
            .into_any()
        }
        error => form_errors(lang, error),
    }
}

fn label(lang: Lang, name: &str) -> &'static str {
    match name {
        "title" => words::title(lang),
        "summary" => words::summary(lang),
        "body" => words::body(lang),
        "track" => words::track(lang),
        _ => words::place(lang),
    }
}

fn picture_error(lang: Lang, error: Option<&AppError>) -> Option<String> {
    match error {
        Some(
            error @ (AppError::Refused(Refusal::PictureTooLarge | Refusal::NotAPicture)
            | AppError::TooLarge),
        ) => Some(sentences::error(lang, error)),
        _ => None,
    }
}

/// What is wrong with one field: its words, or that it is empty.
fn fault(lang: Lang, error: Option<&AppError>, name: &str) -> Option<String> {
    match error {
        Some(AppError::Refused(Refusal::Incomplete(missing)))
            if missing.iter().any(|missing| missing == name) =>
        {
            Some(words::missing_field(lang, label(lang, name)))
        }
        error => field_error(lang, error, name),
    }
}

/// The form. `novalidate`, because a draft may have gaps: only sending in asks for everything.
fn form(
    lang: Lang,
    places: &Places,
    case: &Case,
    typed: Typed,
    error: Option<&AppError>,
) -> AnyView {
    let Typed { draft, version } = typed;
    let options = tracks(lang, places, &draft.track);
    let place = place(lang, places, &draft.place, fault(lang, error, "place"));
    let picture = picture(lang, case, draft.alt, error);
    view! {
        <form method="post" class="form" enctype="multipart/form-data" novalidate=true>
            <input type="hidden" name="version" value=version.to_string()/>
            <TextField lang name="title" label=words::title(lang) hint=words::title_hint(lang)
                value=draft.title required=true max=limits::CASE_TITLE_CHARS
                error=fault(lang, error, "title")/>
            <TextField lang name="title_en" label=words::title_en(lang)
                hint=words::title_en_hint(lang) value=draft.title_en max=limits::TRANSLATED_CHARS
                error=fault(lang, error, "title_en")/>
            <SelectField lang name="track" label=words::track(lang) required=true options
                error=fault(lang, error, "track")/>
            {place}
            <AreaField lang name="summary" label=words::summary(lang)
                hint=words::summary_hint(lang) value=draft.summary required=true rows=3
                max=limits::CASE_SUMMARY_CHARS error=fault(lang, error, "summary")/>
            <AreaField lang name="body" label=words::body(lang) hint=words::body_hint(lang)
                value=draft.body required=true rows=16 max=limits::CASE_BODY_CHARS
                error=fault(lang, error, "body")/>
            {picture}
            <div class="actions">
                // First, so that the Enter key saves and never sends in.
                <Submit label=words::save(lang) weight=Weight::Secondary name="act" value="save"/>
                <Submit label=words::submit(lang) name="act" value="submit"/>
            </div>
        </form>
    }
    .into_any()
}

/// District or neighbourhood from one list: so the two always belong together.
fn place(lang: Lang, places: &Places, chosen: &str, error: Option<String>) -> AnyView {
    let invalid = error.is_some().then_some("true");
    let described = if error.is_some() { "hint-place error-place" } else { "hint-place" };
    let groups =
        places.districts.iter().map(|district| group(lang, district, chosen)).collect_view();
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

fn group(lang: Lang, district: &District, chosen: &str) -> impl IntoView + use<> {
    let name = lang.of(&district.name.ko, &district.name.en).to_owned();
    let whole = (district.id.to_string(), words::whole_district(lang, &name), None);
    let parts = district
        .neighbourhoods
        .iter()
        .map(|place| (place.id.to_string(), place.name.clone(), say::korean(lang)));
    let options = std::iter::once(whole)
        .chain(parts)
        .map(|(value, name, mark)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected lang=mark>{name}</option> }
        })
        .collect_view();
    view! { <optgroup label=name>{options}</optgroup> }
}

/// The picture that is there, its text, and the field for another one.
fn picture(lang: Lang, case: &Case, alt: String, error: Option<&AppError>) -> AnyView {
    let now = case.picture.as_ref().map(|picture| {
        let (src, text) = (format!("/pictures/{}", picture.id), picture.alt.clone());
        view! {
            <figure class="stack">
                <img src=src alt=text lang=say::korean(lang) width="480" loading="lazy"/>
                <figcaption class="cluster">
                    <span class="muted small">{words::picture_now(lang)}</span>
                    <Submit label=words::remove_picture(lang) weight=Weight::Quiet name="act"
                        value="remove_picture"/>
                </figcaption>
            </figure>
        }
    });
    let label = if now.is_some() { words::picture_replace(lang) } else { words::picture(lang) };
    view! {
        {now}
        <FileField lang name="picture" label hint=words::picture_hint(lang)
            accept="image/jpeg,image/png,image/webp" error=picture_error(lang, error)/>
        <TextField lang name="alt" label=words::alt(lang) hint=words::alt_hint(lang) value=alt
            max=limits::PICTURE_ALT_CHARS error=field_error(lang, error, "alt")/>
    }
    .into_any()
}
