//! The tables of a closed poll: the cast votes without names, and the openings.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use backend::Error;
use backend::editions::Edition;
use backend::record::{PublishedTable, TableContent};
use domain::ids::PollId;
use futures_util::{Stream, stream};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::record as say;

use crate::AppError;
use crate::record::observers::ObserverQuery;
use crate::ui::{ButtonLink, ButtonWeight, PageHead};
use crate::web::answer::PageResult;
use crate::web::limits::{Queue, body_with_place};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::web::state::AppState;

const CSV: &str = "text/csv; charset=utf-8";

/// GET /record/{edition}/cvr/{poll}.csv
pub(crate) async fn cast_votes_file(
    cx: RequestContext,
    Path((slug, file)): Path<(String, String)>,
    Query(asked): Query<ObserverQuery>,
) -> PageResult {
    published_table_file(&cx, &slug, &file, PublishedTable::CastVotes, &asked).await
}

/// GET /record/{edition}/openings/{poll}.csv
pub(crate) async fn openings_file(
    cx: RequestContext,
    Path((slug, file)): Path<(String, String)>,
    Query(asked): Query<ObserverQuery>,
) -> PageResult {
    published_table_file(&cx, &slug, &file, PublishedTable::Openings, &asked).await
}

async fn published_table_file(
    cx: &RequestContext,
    slug: &str,
    file: &str,
    table: PublishedTable,
    asked: &ObserverQuery,
) -> PageResult {
    let edition = cx.backend().find_public_edition(slug).await?;
    let poll = edition.find_poll(file.strip_suffix(".csv").ok_or(AppError::NotFound)?)?;
    let observer = Some(asked.observer.as_str()).filter(|token| !token.is_empty());
    // While this request waits for a place as a download, others copy the record.
    cx.release_place();
    // Held until the reader has everything. It is asked for first, because it may be refused.
    let place = cx.app_state().limits.wait_for_place(Queue::Download).await?;
    cx.hold_place(Queue::Export).await?;
    let body = match cx.backend().published_table(&edition, poll, table, observer).await {
        Ok(TableContent::Stored { parts }) => {
            let site = cx.app_state().clone();
            body_with_place(place, stored_table_parts(site, poll.id, table, parts))
        }
        Ok(TableContent::Made(rows)) => {
            body_with_place(place, stream::iter(rows.map(Ok::<_, std::convert::Infallible>)))
        }
        Err(Error::Forbidden) => return Ok(not_published_response(cx, &edition)),
        Err(error) => return Err(error.into()),
    };
    let about = [(header::CONTENT_TYPE, CSV), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    let mut response = (about, body).into_response();
    if observer.is_some() {
        // No cache may keep what an observer reads before the public.
        let private = HeaderValue::from_static("private, no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, private);
    }
    Ok(response)
}

/// Streams the stored parts in order. Reads a part only after the part before it was sent on, and in
/// the queue of parts, so that fast readers take no connections from others.
fn stored_table_parts(
    site: AppState,
    poll: PollId,
    table: PublishedTable,
    parts: i32,
) -> impl Stream<Item = Result<Vec<u8>, Error>> + Send + 'static {
    stream::try_unfold(0, move |part| {
        let site = site.clone();
        async move {
            if part == parts {
                return Ok::<_, Error>(None);
            }
            // The queue never closes.
            let _place = site.limits.wait_for_turn(Queue::Part).await.ok();
            let bytes = site.backend.published_table_part(poll, table, part).await?;
            Ok(Some((bytes, part + 1)))
        }
    })
}

/// Answers why the table cannot be read yet, and who may read it.
fn not_published_response(cx: &RequestContext, edition: &Edition) -> Response {
    let lang = cx.lang();
    let href = format!("/record/{}", edition.slug);
    let page = Page::titled(say::not_yet_title(lang), move || {
        view! {
            <PageHead title=say::not_yet_title(lang) lead=say::not_yet(lang)/>
            <div class="actions">
                <ButtonLink label=say::name(lang) href weight=ButtonWeight::Secondary/>
            </div>
        }
    });
    cx.render_page(page.for_edition(edition).with_status(StatusCode::FORBIDDEN))
}
