//! Uploads of documents in pieces, by the tus protocol 1.0 (<https://tus.io/protocols/resumable-upload>), with its extensions
//! *creation* and *termination*. A page's script speaks it through the project's own client.
//!
//! An upload that is done answers as any other; its bytes cannot be read by this protocol.

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use backend::Error;
use backend::cases::UploadStep;
use backend::editions::Edition;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::{CaseId, UploadId};
use domain::limits;
use domain::refusal::Refusal;
use domain::schedule::SubmissionsOpen;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::AppError;
use crate::web::answer::PageResult;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::errors;

/// Largest piece, in bytes. It is in memory while it arrives.
pub(crate) const PIECE_BYTES: usize = 2 * 1024 * 1024;

const VERSION: &str = "1.0.0";
const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const PIECE_TYPE: &str = "application/offset+octet-stream";

/// Makes an answer with the version of the protocol. No cache keeps it.
fn tus_answer(status: StatusCode) -> Response {
    let headers = [
        (TUS_RESUMABLE, HeaderValue::from_static(VERSION)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers).into_response()
}

/// Answers with the sentence of an error (RFC 9457), which the script shows beside the document. A piece that does not follow the last
/// one is 409, so that the client asks how far the upload has come. A call that has closed is 403, which no client tries again.
fn tus_error(cx: &RequestContext, error: &AppError) -> Response {
    let status = match error {
        AppError::Refused(Refusal::Stale) => StatusCode::CONFLICT,
        AppError::Phase(_) => StatusCode::FORBIDDEN,
        other => other.http_status(),
    };
    let mut response = tus_answer(status);
    let detail = errors::error_sentence(cx.lang(), error);
    let problem = serde_json::json!({ "status": status.as_u16(), "detail": detail });
    *response.body_mut() = problem.to_string().into();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn header_number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Returns the answer to a client that does not speak this version.
fn refuse_other_version(headers: &HeaderMap) -> Option<Response> {
    if headers.get(&TUS_RESUMABLE).is_some_and(|version| version == VERSION) {
        return None;
    }
    let mut response = tus_answer(StatusCode::PRECONDITION_FAILED);
    response.headers_mut().insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    Some(response)
}

/// Returns the value of a key of `Upload-Metadata`: pairs of a key and a text in Base64.
fn metadata_value(headers: &HeaderMap, key: &str) -> Option<String> {
    let pairs = headers.get(&UPLOAD_METADATA)?.to_str().ok()?;
    let value = pairs.split(',').find_map(|pair| {
        let (name, value) = pair.trim().split_once(' ')?;
        (name == key).then_some(value)
    })?;
    String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
}

async fn find_call(
    cx: &RequestContext,
    case: CaseId,
) -> Result<(Edition, SubmissionsOpen), AppError> {
    let case = cx.backend().own_case(&cx.require_member()?, case).await?;
    let edition = cx.backend().find_edition(&case.edition_slug).await?;
    let open = case.submissions_open(&edition).map_err(Error::from)?;
    Ok((edition, open))
}

/// OPTIONS /organisation/cases/{case}/uploads
pub(crate) async fn tell_tus_abilities() -> Response {
    let mut response = tus_answer(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    headers.insert(TUS_EXTENSION, HeaderValue::from_static("creation,termination"));
    headers.insert(TUS_MAX_SIZE, HeaderValue::from(limits::FILE_BYTES));
    response
}

/// POST /organisation/cases/{case}/uploads
pub(crate) async fn begin_upload(
    cx: RequestContext,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> PageResult {
    if let Some(response) = refuse_other_version(&headers) {
        return Ok(response);
    }
    let Some(length) = header_number(&headers, &UPLOAD_LENGTH) else {
        return Ok(tus_error(&cx, &AppError::BadRequest));
    };
    let name = metadata_value(&headers, "filename").unwrap_or_default();
    let begun = async {
        let case = paths::parse_path_key(&id)?;
        let (_, open) = find_call(&cx, case).await?;
        let member = cx.require_member()?;
        Ok::<_, AppError>(cx.backend().begin_upload(&member, open, case, &name, length).await?)
    };
    match begun.await {
        Ok(upload) => {
            let mut response = tus_answer(StatusCode::CREATED);
            let address = format!("/organisation/uploads/{upload}");
            let address = HeaderValue::from_str(&address).map_err(|_| AppError::BadRequest)?;
            response.headers_mut().insert(header::LOCATION, address);
            Ok(response)
        }
        Err(error) => Ok(tus_error(&cx, &error)),
    }
}

/// HEAD /organisation/uploads/{upload}
pub(crate) async fn tell_upload(
    cx: RequestContext,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> PageResult {
    if let Some(response) = refuse_other_version(&headers) {
        return Ok(response);
    }
    let upload =
        cx.backend().find_upload(&cx.require_member()?, paths::parse_path_key(&id)?).await?;
    let mut response = tus_answer(StatusCode::OK);
    response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(upload.received));
    response.headers_mut().insert(UPLOAD_LENGTH, HeaderValue::from(upload.length));
    Ok(response)
}

/// PATCH /organisation/uploads/{upload}
pub(crate) async fn append_upload(
    cx: RequestContext,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> PageResult {
    if let Some(response) = refuse_other_version(&headers) {
        return Ok(response);
    }
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != PIECE_TYPE) {
        return Ok(tus_answer(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let Some(from) = header_number(&headers, &UPLOAD_OFFSET) else {
        return Ok(tus_error(&cx, &AppError::BadRequest));
    };
    let length = bytes.len() as u64;
    let appended = async {
        let id: UploadId = paths::parse_path_key(&id)?;
        let member = cx.require_member()?;
        let upload = cx.backend().find_upload(&member, id).await?;
        let (edition, open) = find_call(&cx, upload.case).await?;
        Ok::<_, AppError>(
            cx.backend().append_upload(&member, open, &edition, id, from, bytes).await?,
        )
    };
    match appended.await {
        Ok(step) => {
            let received = match step {
                UploadStep::Received(received) => received,
                UploadStep::Complete(_) => from + length,
            };
            let mut response = tus_answer(StatusCode::NO_CONTENT);
            response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(received));
            Ok(response)
        }
        Err(error) => Ok(tus_error(&cx, &error)),
    }
}

/// DELETE /organisation/uploads/{upload}
pub(crate) async fn cancel_upload(
    cx: RequestContext,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> PageResult {
    if let Some(response) = refuse_other_version(&headers) {
        return Ok(response);
    }
    cx.backend().cancel_upload(&cx.require_member()?, paths::parse_path_key(&id)?).await?;
    Ok(tus_answer(StatusCode::NO_CONTENT))
}
