//! Photographs of an edition: the page on which staff add and remove them, their bytes, and the
//! section of the result that shows them.

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::response::IntoResponse as _;
use backend::awards::Photograph;
use backend::cases::UploadedPicture;
use backend::editions::Edition;
use domain::refusal::{CaseRefusal, Refusal};
use http::header;
use leptos::prelude::*;
use phrases::{Lang, photographs as say};

use crate::AppError;
use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{ButtonWeight, Empty, FileField, PageHead, Section, Submit, TextField};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::{cases, errors};

/// Largest body of the form, in bytes: as for the picture of a case.
pub(crate) const PHOTOGRAPH_FORM_BYTES: usize = domain::limits::PICTURE_BYTES + 2 * 1024 * 1024;

/// GET /photographs/{photograph}
pub(crate) async fn photograph_file(cx: RequestContext, Path(id): Path<String>) -> PageResult {
    let found = cx.backend().visible_photograph(paths::parse_path_key(&id)?, cx.visitor()).await?;
    // An hour: a photograph that was removed should be gone from caches, too.
    let keep = if found.public { "public, max-age=3600" } else { "private, no-store" };
    let headers = [
        (header::CONTENT_TYPE, found.media_type.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, keep),
    ];
    Ok((headers, Bytes::from_owner(found.bytes)).into_response())
}

/// GET /admin/{edition}/photographs
pub(crate) async fn show_photographs(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    Ok(cx.render_page(photographs_page(&cx, &edition, "", None, &query.done).await?))
}

/// POST /admin/{edition}/photographs
pub(crate) async fn submit_photographs(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let (admin, backend) = (cx.require_admin()?, cx.backend());
    let edition = backend.find_edition(&slug).await?;
    if fields.field_text("act") == "remove" {
        let id = fields.field_text("photograph").parse().map_err(|_| AppError::BadRequest)?;
        backend.remove_photograph(&admin, &edition, id).await?;
        return Ok(redirect_to(&format!("/admin/{slug}/photographs?done=removed")));
    }
    let caption = fields.field_text("caption");
    let file = fields.uploaded_file().unwrap_or_default().to_vec();
    let new = UploadedPicture { file, alt: caption.to_owned() };
    match backend.add_photograph(&admin, &edition, new).await {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/photographs?done=added"))),
        Err(error) => {
            let error = AppError::from(error);
            let page = photographs_page(&cx, &edition, caption, Some(error.clone()), "").await?;
            cx.show_again(page, &error)
        }
    }
}

async fn photographs_page(
    cx: &RequestContext,
    edition: &Edition,
    caption: &str,
    error: Option<AppError>,
    done: &str,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let photographs = cx.backend().photographs(edition).await?;
    let done = match done {
        "added" => Some(say::added(lang)),
        "removed" => Some(say::removed(lang)),
        _ => None,
    };
    let shown_now = edition.results_public().is_ok();
    let lead = if shown_now { say::lead_public(lang) } else { say::lead_waiting(lang) };
    let (of, caption) = (edition.clone(), caption.to_owned());
    let page = Page::titled(say::name(lang), move || {
        let list = if photographs.is_empty() {
            view! { <Empty title=say::none(lang)><p>{say::none_text(lang)}</p></Empty> }.into_any()
        } else {
            photograph_list(lang, &photographs, true)
        };
        view! {
            <PageHead title=say::name(lang) lead/>
            {edition_tabs(lang, &of, "/photographs")}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, error.as_ref())}
            {add_form(lang, caption, error.as_ref())}
            <Section title=say::shown(lang)>{list}</Section>
        }
    });
    Ok(page.for_edition(edition).with_crumbs(staff_crumbs(lang, edition, say::name(lang))))
}

fn add_form(lang: Lang, caption: String, error: Option<&AppError>) -> AnyView {
    let file_error = match error {
        Some(
            wrong @ (AppError::Refused(Refusal::Case(
                CaseRefusal::NotAPicture | CaseRefusal::PictureTooLarge,
            ))
            | AppError::TooLarge),
        ) => Some(errors::error_sentence(lang, wrong)),
        _ => None,
    };
    view! {
        <form method="post" class="form" enctype="multipart/form-data">
            <FileField lang name="file" label=say::file(lang) required=true hint=say::file_hint(lang)
                max_bytes=domain::limits::PICTURE_BYTES accept="image/jpeg,image/png,image/webp" error=file_error/>
            <TextField lang name="caption" label=say::caption(lang) hint=say::caption_hint(lang)
                required=true value=caption max=domain::limits::PICTURE_ALT_CHARS
                error=field_error_sentence(lang, error, "caption")/>
            <div class="actions"><Submit label=say::add(lang) name="act" value="add"/></div>
        </form>
    }
    .into_any()
}

/// Renders the photographs with their captions; for staff with a button that removes each.
fn photograph_list(lang: Lang, photographs: &[Photograph], for_staff: bool) -> AnyView {
    let item = |photograph: &Photograph| {
        let Photograph { id, caption, width, height } = photograph.clone();
        let remove = for_staff.then(|| {
            let label = say::remove_named(lang, &caption);
            view! {
                <form method="post">
                    <input type="hidden" name="photograph" value=id.to_string()/>
                    <button class="button" type="submit" data-weight=ButtonWeight::Quiet.data_weight()
                        name="act" value="remove" aria-label=label>{say::remove(lang)}</button>
                </form>
            }
        });
        let mark = cases::korean_mark(lang);
        view! {
            <li>
                <figure>
                    <a href=format!("/photographs/{id}")>
                        <img src=format!("/photographs/{id}") alt=caption.clone() lang=mark
                            width=width.to_string() height=height.to_string() loading="lazy"/>
                    </a>
                    <figcaption lang=mark>{caption}</figcaption>
                </figure>
                {remove}
            </li>
        }
    };
    let items = photographs.iter().map(item).collect_view();
    view! { <ul class="photographs">{items}</ul> }.into_any()
}

/// Builds the section of the result. `None` without photographs.
pub(crate) fn photographs_section(lang: Lang, photographs: &[Photograph]) -> Option<AnyView> {
    (!photographs.is_empty()).then(|| {
        let list = photograph_list(lang, photographs, false);
        view! { <Section title=say::name(lang) id="photographs">{list}</Section> }.into_any()
    })
}
