//! GET /editions/{edition}/result.json: the result as the document that anybody can compute again.

use std::convert::Infallible;

use axum::extract::Path;
use axum::response::IntoResponse as _;
use futures_util::stream;
use http::{HeaderMap, HeaderName, StatusCode, header};

use crate::AppError;
use crate::web::answer::PageResult;
use crate::web::limits::{Queue, body_with_place};
use crate::web::request::RequestContext;

/// Returns the name under which the document is saved.
pub(crate) fn result_file_name(slug: &str) -> String {
    format!("result-{slug}.json")
}

/// GET /editions/{edition}/result.json
pub(crate) async fn result_document_file(
    cx: RequestContext,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> PageResult {
    // While this request waits for a place as a download, others read pages. The place is held until the
    // reader has everything, and asked for before the document is read, which may be long.
    cx.release_place();
    let place = cx.app_state().limits.wait_for_place(Queue::Download).await?;
    cx.hold_place(Queue::Read).await?;
    let edition = cx.backend().find_public_edition(&slug).await?;
    let result = cx
        .backend()
        .published_result(edition.results_public().map_err(AppError::Phase)?, &edition)
        .await?;
    let tag = format!("\"{}\"", result.sha256);
    let about =
        [(header::ETAG, tag.clone()), (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned())];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known == "*" || known.split(',').any(|one| one.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let name = format!("attachment; filename=\"{}\"", result_file_name(&slug));
    let kind: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let document = stream::iter([Ok::<_, Infallible>(result.bytes)]);
    Ok((about, kind, body_with_place(place, document)).into_response())
}
