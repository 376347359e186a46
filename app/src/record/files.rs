//! The files of a record in the layout of C2SP tlog-tiles, and some files beside them. Every reader
//! gets the same answer: no session is read, and pages of other sites may fetch the files.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use domain::ids::{BallotId, EditionId};
use domain::record::observed::write_observed;
use domain::record::tile::{Bundle, Tile, TilePath};
use http::header;
use uuid::Uuid;

use crate::AppError;
use crate::web::answer::Answer;
use crate::web::request::Cx;

const TEXT: &str = "text/plain; charset=utf-8";

const BYTES: &str = "application/octet-stream";

const JSON: &str = "application/json";

/// Answers with a file of this media type. The table of routes says how long it may be cached.
fn file(kind: &'static str, body: impl Into<axum::body::Body>) -> Response {
    let about = [(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (about, body.into()).into_response()
}

async fn sealed(cx: &Cx, slug: &str) -> Result<EditionId, AppError> {
    Ok(cx.backend().sealed_edition(slug).await?)
}

/// GET /record/{edition}/checkpoint: the newest checkpoint, a signed note.
pub(crate) async fn checkpoint(cx: Cx, Path(slug): Path<String>) -> Answer {
    let edition = sealed(&cx, &slug).await?;
    let record = cx.backend().edition_record(edition).await?;
    let checkpoint = record.and_then(|record| record.checkpoint).ok_or(AppError::NotFound)?;
    Ok(file(TEXT, checkpoint))
}

/// GET /record/{edition}/key: the public key that checks the log's signatures.
pub(crate) async fn key(cx: Cx, Path(slug): Path<String>) -> Answer {
    let key = cx.backend().record_key(sealed(&cx, &slug).await?).await?;
    Ok(file(TEXT, format!("{key}\n")))
}

/// GET /record/{edition}/rulebook.json: the sealed rules, byte for byte.
pub(crate) async fn rulebook(cx: Cx, Path(slug): Path<String>) -> Answer {
    let rulebook = cx.backend().sealed_rulebook(sealed(&cx, &slug).await?).await?;
    Ok(file(JSON, rulebook))
}

/// GET /record/{edition}/tile/{path}: a tile of hashes, or a bundle of entries.
pub(crate) async fn tile(cx: Cx, Path((slug, path)): Path<(String, String)>) -> Answer {
    let path: TilePath = path.parse().map_err(|_| AppError::NotFound)?;
    let edition = sealed(&cx, &slug).await?;
    let bytes = match path {
        TilePath::Tile(tile) => tile_bytes(&cx, edition, tile).await?,
        TilePath::Bundle(bundle) => {
            let lines = cx.backend().record_lines(edition, bundle).await?;
            Bundle::encode(&lines).map_err(|error| AppError::incident(&error))?
        }
    };
    Ok(file(BYTES, bytes))
}

async fn tile_bytes(cx: &Cx, edition: EditionId, tile: Tile) -> Result<Vec<u8>, AppError> {
    Ok(cx.backend().record_tile(edition, tile).await?)
}

/// GET /record/{edition}/entries/{path}: the same entries as plain lines.
pub(crate) async fn entries(cx: Cx, Path((slug, path)): Path<(String, String)>) -> Answer {
    let bundle: Bundle = path.parse().map_err(|_| AppError::NotFound)?;
    let lines = cx.backend().record_lines(sealed(&cx, &slug).await?, bundle).await?;
    Ok(file(TEXT, Bundle::to_lines(&lines)))
}

/// GET /record/{edition}/proof/{ballot}: the line of a ballot and the proof that it is in the
/// record. Not found while the ballot waits to be recorded.
pub(crate) async fn proof(cx: Cx, Path((slug, ballot)): Path<(String, String)>) -> Answer {
    let ballot = ballot_id(&ballot).ok_or(AppError::NotFound)?;
    let edition = sealed(&cx, &slug).await?;
    let proof = cx.backend().ballot_proof(edition, ballot).await?.ok_or(AppError::NotFound)?;
    Ok(file(TEXT, proof.to_string()))
}

/// GET /record/{edition}/status/{ballot}: the status of a ballot in the log, as one line.
pub(crate) async fn status(cx: Cx, Path((slug, ballot)): Path<(String, String)>) -> Answer {
    let ballot = ballot_id(&ballot).ok_or(AppError::NotFound)?;
    let edition = cx.backend().find_public_edition(&slug).await?;
    let fate = cx.backend().ballot_status(&edition, ballot).await?.ok_or(AppError::NotFound)?;
    Ok(file(TEXT, format!("{fate}\n")))
}

/// Parses a ballot's number as the record writes it: 32 lower-case hexadecimal digits.
fn ballot_id(text: &str) -> Option<BallotId> {
    let id = Uuid::try_parse(text).ok()?;
    (id.simple().to_string() == text).then_some(BallotId(id))
}

/// GET /record/{edition}/observed: each observer's key and note. Not found while nobody has signed.
pub(crate) async fn words(cx: Cx, Path(slug): Path<String>) -> Answer {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let observers = cx.backend().observer_statements(&edition).await?;
    if observers.is_empty() {
        return Err(AppError::NotFound);
    }
    let text = write_observed(observers.iter().map(|observer| &observer.signed));
    Ok(file(TEXT, text))
}

#[cfg(test)]
mod tests {
    use super::ballot_id;

    #[test]
    fn a_ballot_has_one_spelling() {
        let id = "0123456789abcdef0123456789abcdef";
        assert!(ballot_id(id).is_some());
        for other in ["", "0", &id.to_uppercase(), "01234567-89ab-cdef-0123-456789abcdef"] {
            assert!(ballot_id(other).is_none(), "{other}");
        }
    }
}
