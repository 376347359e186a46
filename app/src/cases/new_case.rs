//! The form that begins a case: title and track.

use axum::extract::Query;
use backend::Error;
use backend::cases::OwnCase;
use backend::editions::{Edition, TracksAndDistricts};
use leptos::prelude::*;
use phrases::{Lang, cases as words, news};
use serde::Deserialize;

use crate::AppError;
use crate::cases::organisation::organisation_crumbs;
use crate::ui::{Choice, PageHead, SelectField, Submit, TextField};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{cases, editions};

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
    let own = cx.backend().own_cases(&cx.require_member()?).await?;
    Ok(cx.render_page(new_case_page(&cx, &edition, (&places, &own), ("", "", ""), None)))
}

/// Builds the form that begins a case: title and track.
pub(crate) fn new_case_page(
    cx: &RequestContext,
    edition: &Edition,
    (places, own): (&TracksAndDistricts, &[OwnCase]),
    (title, track, from): (&str, &str, &str),
    error: Option<AppError>,
) -> Page {
    let (lang, title) = (cx.lang(), title.to_owned());
    let options = track_choices(lang, places, track);
    let copies = copy_field(lang, own, from);
    let name = editions::edition_title(lang, edition);
    let page = Page::titled(words::new(lang), move || {
        view! {
            <PageHead title=words::new(lang) eyebrow=name lead=words::new_lead(lang)>""</PageHead>
            {render_form_errors(lang, error.as_ref())}
            <form method="post" class="form">
                <SelectField lang name="track" label=words::track(lang) required=true options
                    error=field_error_sentence(lang, error.as_ref(), "track")/>
                {copies}
                <TextField lang name="title" label=words::title(lang) hint=words::title_hint(lang)
                    value=title max=domain::limits::CASE_TITLE_CHARS
                    error=field_error_sentence(lang, error.as_ref(), "title")/>
                <div class="actions"><Submit label=words::begin(lang)/></div>
            </form>
        }
    });
    page.for_edition(edition).with_crumbs(organisation_crumbs(lang, words::new(lang)))
}

/// Offers the texts of the organisation's other cases, the newest edition first.
fn copy_field(lang: Lang, own: &[OwnCase], from: &str) -> Option<AnyView> {
    if own.is_empty() {
        return None;
    }
    let none = Choice::with_value("", news::copy_none(lang), from.is_empty());
    let cases = own.iter().map(|case| {
        let (id, title) = (case.id.to_string(), cases::title_with_mark(lang, &case.title, "").0);
        let here = id == from;
        Choice::with_value(id, format!("{title} ({})", case.edition_slug), here)
    });
    let options: Vec<_> = std::iter::once(none).chain(cases).collect();
    let field = view! {
        <SelectField lang name="from" label=news::copy_last(lang) hint=news::copy_hint(lang) options/>
    };
    Some(field.into_any())
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
    let from = fields.field_text("from");
    let begun = match from.parse() {
        Ok(older) => {
            let typed = (title, track);
            cx.backend().begin_case_from(&member, open, &edition, typed, older).await
        }
        Err(_) => cx.backend().begin_case(&member, open, &edition, title, track).await,
    };
    match begun {
        Ok(case) => Ok(redirect_to(&format!("/organisation/cases/{case}"))),
        Err(error) => {
            let error = AppError::from(error);
            let places = cx.backend().tracks_and_districts(edition.id).await?;
            let own = cx.backend().own_cases(&member).await?;
            let (typed, shown) = ((title, track, from), Some(error.clone()));
            cx.show_again(new_case_page(&cx, &edition, (&places, &own), typed, shown), &error)
        }
    }
}
