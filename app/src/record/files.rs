//! The files of a record in the layout of C2SP tlog-tiles, and some files beside them. Every reader
//! gets the same answer: no session is read, and pages of other sites may fetch the files.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use domain::ids::{BallotId, EditionId};
use domain::record::observed::write_statements;
use domain::record::tile::{EntryBundle, Tile, TilePath};
use http::{StatusCode, header};
use uuid::Uuid;

use crate::AppError;
use crate::web::answer::PageResult;
use crate::web::request::RequestContext;

const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

const OCTET_STREAM: &str = "application/octet-stream";

const JSON: &str = "application/json";

/// Answers with a file of this media type. The table of routes says how long it may be cached.
fn file_response(kind: &'static str, body: impl Into<axum::body::Body>) -> Response {
    let about = [(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (about, body.into()).into_response()
}

async fn sealed_edition_id(cx: &RequestContext, slug: &str) -> Result<EditionId, AppError> {
    Ok(cx.backend().sealed_edition(slug).await?)
}

/// GET /record/{edition}/checkpoint: the newest checkpoint, a signed note.
pub(crate) async fn checkpoint_file(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = sealed_edition_id(&cx, &slug).await?;
    let record = cx.backend().edition_record(edition).await?;
    let checkpoint = record.and_then(|record| record.checkpoint).ok_or(AppError::NotFound)?;
    Ok(file_response(PLAIN_TEXT, checkpoint))
}

/// GET /record/{edition}/key: the public key that checks the log's signatures.
pub(crate) async fn record_key_file(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let key = cx.backend().record_key(sealed_edition_id(&cx, &slug).await?).await?;
    Ok(file_response(PLAIN_TEXT, format!("{key}\n")))
}

/// GET /record/{edition}/rulebook.json: the sealed rules, byte for byte.
pub(crate) async fn rulebook_file(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let rulebook = cx.backend().sealed_rulebook(sealed_edition_id(&cx, &slug).await?).await?;
    Ok(file_response(JSON, rulebook))
}

/// GET /record/{edition}/tile/{path}: a tile of hashes, or a bundle of entries.
pub(crate) async fn tile_file(
    cx: RequestContext,
    Path((slug, path)): Path<(String, String)>,
) -> PageResult {
    let path: TilePath = path.parse().map_err(|_| AppError::NotFound)?;
    let edition = sealed_edition_id(&cx, &slug).await?;
    let bytes = match path {
        TilePath::Tile(tile) => load_tile_bytes(&cx, edition, tile).await?,
        TilePath::Bundle(bundle) => {
            let lines = cx.backend().record_lines(edition, bundle).await?;
            EntryBundle::encode_entries(&lines).map_err(|error| AppError::log_incident(&error))?
        }
    };
    Ok(file_response(OCTET_STREAM, bytes))
}

async fn load_tile_bytes(
    cx: &RequestContext,
    edition: EditionId,
    tile: Tile,
) -> Result<Vec<u8>, AppError> {
    Ok(cx.backend().record_tile(edition, tile).await?)
}

/// GET /record/{edition}/entries/{path}: the same entries as plain lines.
pub(crate) async fn entries_file(
    cx: RequestContext,
    Path((slug, path)): Path<(String, String)>,
) -> PageResult {
    let bundle: EntryBundle = path.parse().map_err(|_| AppError::NotFound)?;
    let lines = cx.backend().record_lines(sealed_edition_id(&cx, &slug).await?, bundle).await?;
    Ok(file_response(PLAIN_TEXT, EntryBundle::join_entry_lines(&lines)))
}

/// GET /record/{edition}/proof/{ballot}: the line of a ballot and the proof that it is in the
/// record. Empty (204) while the record has no such ballot: a ballot that waits, and one that does not
/// exist.
pub(crate) async fn ballot_proof_file(
    cx: RequestContext,
    Path((slug, ballot)): Path<(String, String)>,
) -> PageResult {
    let ballot = parse_ballot_id(&ballot).ok_or(AppError::NotFound)?;
    let edition = sealed_edition_id(&cx, &slug).await?;
    // The receipt asks until the line is there; an answer without a body is no error in its console.
    Ok(match cx.backend().ballot_proof(edition, ballot).await? {
        Some(proof) => file_response(PLAIN_TEXT, proof.to_string()),
        None => (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response(),
    })
}

/// GET /record/{edition}/status/{ballot}: the status of a ballot in the log, as one line.
pub(crate) async fn ballot_status_file(
    cx: RequestContext,
    Path((slug, ballot)): Path<(String, String)>,
) -> PageResult {
    let ballot = parse_ballot_id(&ballot).ok_or(AppError::NotFound)?;
    let edition = cx.backend().find_public_edition(&slug).await?;
    let status = cx.backend().ballot_status(&edition, ballot).await?.ok_or(AppError::NotFound)?;
    Ok(file_response(PLAIN_TEXT, format!("{status}\n")))
}

/// Parses a ballot's number as the record writes it: 32 lower-case hexadecimal digits.
fn parse_ballot_id(text: &str) -> Option<BallotId> {
    let id = Uuid::try_parse(text).ok()?;
    (id.simple().to_string() == text).then_some(BallotId(id))
}

/// GET /record/{edition}/observed: each observer's key and note. Not found while nobody has signed.
pub(crate) async fn observed_file(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let observers = cx.backend().observer_statements(&edition).await?;
    if observers.is_empty() {
        return Err(AppError::NotFound);
    }
    let text = write_statements(observers.iter().map(|observer| &observer.signed));
    Ok(file_response(PLAIN_TEXT, text))
}

#[cfg(test)]
mod tests {
    use super::parse_ballot_id;

    #[test]
    fn a_ballot_has_one_spelling() {
        let id = "0123456789abcdef0123456789abcdef";
        assert!(parse_ballot_id(id).is_some());
        for other in ["", "0", &id.to_uppercase(), "01234567-89ab-cdef-0123-456789abcdef"] {
            assert!(parse_ballot_id(other).is_none(), "{other}");
        }
    }
}
