//! The form that begins a case: title and track.

use axum::extract::Query;
use backend::Error;
use backend::editions::{Edition, TracksAndDistricts};
use leptos::prelude::*;
use phrases::{Lang, cases as words};
use serde::Deserialize;

use crate::AppError;
use crate::cases::organisation::organisation_crumbs;
use crate::ui::{Choice, PageHead, SelectField, Submit, TextField};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::editions;

/// The edition in which a case is begun.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewCaseQuery {
    pub(crate) edition: String,
}

/// GET /organisation/cases/new?edition=…
pub(crate) async fn show_new_case(
    cx: RequestContext,
    Query(query): Query<NewCaseQuery>,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&query.edition).await?;
    let late = cx.backend().own_late_admission(&cx.require_member()?, &edition).await?;
    edition.submissions_open_until(late).map_err(backend::Error::from)?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    Ok(cx.render_page(new_case_page(&cx, &edition, &places, ("", ""), None)))
}

/// Builds the form that begins a case: title and track.
pub(crate) fn new_case_page(
    cx: &RequestContext,
    edition: &Edition,
    places: &TracksAndDistricts,
    (title, track): (&str, &str),
    error: Option<AppError>,
) -> Page {
    let (lang, title) = (cx.lang(), title.to_owned());
    let options = track_choices(lang, places, track);
    let name = editions::edition_title(lang, edition);
    let page = Page::titled(words::new(lang), move || {
        view! {
            <PageHead title=words::new(lang) eyebrow=name lead=words::new_lead(lang)>""</PageHead>
            {render_form_errors(lang, error.as_ref())}
            <form method="post" class="form">
                <SelectField lang name="track" label=words::track(lang) required=true options
                    error=field_error_sentence(lang, error.as_ref(), "track")/>
                <TextField lang name="title" label=words::title(lang) hint=words::title_hint(lang)
                    value=title max=domain::limits::CASE_TITLE_CHARS
                    error=field_error_sentence(lang, error.as_ref(), "title")/>
                <div class="actions"><Submit label=words::begin(lang)/></div>
            </form>
        }
    });
    page.for_edition(edition).with_crumbs(organisation_crumbs(lang, words::new(lang)))
}

/// Returns the tracks as choices.
pub(crate) fn track_choices(lang: Lang, places: &TracksAndDistricts, chosen: &str) -> Vec<Choice> {
    let choice = |track: &backend::editions::Track| {
        let id = track.id.to_string();
        let here = id == chosen;
        Choice::with_value(id, lang.choose_text(&track.name.ko, &track.name.en), here)
    };
    places.tracks.iter().map(choice).collect()
}

/// POST /organisation/cases/new?edition=…
pub(crate) async fn submit_new_case(
    cx: RequestContext,
    Query(query): Query<NewCaseQuery>,
    fields: FormFields,
) -> PageResult {
    let member = cx.require_member()?;
    let edition = cx.backend().find_public_edition(&query.edition).await?;
    let late = cx.backend().own_late_admission(&member, &edition).await?;
    let open = edition.submissions_open_until(late).map_err(Error::from)?;
    let (title, track) = (fields.field_text("title"), fields.field_text("track"));
    match cx.backend().begin_case(&member, open, &edition, title, track).await {
        Ok(case) => Ok(redirect_to(&format!("/organisation/cases/{case}"))),
        Err(error) => {
            let error = AppError::from(error);
            let places = cx.backend().tracks_and_districts(edition.id).await?;
            cx.show_again(
                new_case_page(&cx, &edition, &places, (title, track), Some(error.clone())),
                &error,
            )
        }
    }
}
