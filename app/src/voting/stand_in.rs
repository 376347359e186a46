//! Stands in for the record until the record is merged: signs receipts and proves each ballot in a
//! log that holds nothing else. This file goes then, and its callers ask the backend.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use backend::editions::{Edition, Poll};
use backend::voting::Receipt as Received;
use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId};
use domain::record::checkpoint::Checkpoint;
use domain::record::entry::Entry;
use domain::record::key::Signer;
use domain::record::proof::Proof;
use domain::record::receipt::{BallotKey, Included, Opening, Receipt};
use domain::record::tree::{Hash, leaf_hash};
use domain::record::words::{Minute, Second};

use crate::AppError;
use crate::context::Cx;

type Kept = HashMap<BallotId, (Received, Picks)>;

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// Remembers a ballot that was cast.
pub(super) fn remember(poll: &Poll, received: Received, picks: &[CaseId]) {
    if let Ok(picks) = Picks::parse(picks, poll.rules.picks) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(received.ballot, (received, picks));
    }
}

fn kept(ballot: BallotId) -> Option<(Received, Picks)> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&ballot).cloned()
}

fn signer(cx: &Cx, edition: &str) -> Option<Signer> {
    let site = super::verify::site(cx);
    Signer::new(&format!("{site}/record/{edition}"), &[42; 32]).ok()
}

fn key(ballot: BallotId) -> BallotKey {
    BallotKey::new(*Hash::of(ballot.0.as_bytes()).as_bytes())
}

/// As `Backend::receipt_note`.
pub(super) fn note(cx: &Cx, edition: &Edition, poll: &Poll, received: &Received) -> Option<String> {
    let receipt = Receipt {
        edition: edition.slug.parse().ok()?,
        poll: poll.slug().parse().ok()?,
        ballot: received.ballot,
        commitment: opening(received.ballot)?.commitment(),
        accepted: Second::of(received.admitted_at),
    };
    receipt.sign(&signer(cx, &edition.slug)?).ok().map(|note| note.to_string())
}

/// As `Backend::opening`.
pub(super) fn opening(ballot: BallotId) -> Option<Opening> {
    let (_, picks) = kept(ballot)?;
    Some(Opening { ballot, key: key(ballot), picks })
}

/// As `Backend::proof`, in one text.
pub(super) fn proof(cx: &Cx, edition: &Edition, poll: &Poll, ballot: BallotId) -> Option<String> {
    let (received, _) = kept(ballot)?;
    if (edition.now - received.admitted_at).num_seconds() < 3 {
        return None;
    }
    let entry = Entry::Ballot {
        poll: poll.slug().parse().ok()?,
        ballot,
        voter: Hash::of(b"voter"),
        commitment: opening(ballot)?.commitment(),
        minute: Minute::of(received.admitted_at),
    };
    let signer = signer(cx, &edition.slug)?;
    let root = leaf_hash(entry.to_string().as_bytes());
    let checkpoint = Checkpoint { origin: signer.verifier().name().to_owned(), size: 1, root };
    let checkpoint = checkpoint.sign(&signer).ok()?;
    let proof = Proof { extra: None, index: 0, path: Vec::new(), checkpoint };
    Some(Included { entry, proof }.to_string())
}

/// As `Backend::record_keys`: the keys of the records of this site.
pub(super) async fn keys(cx: &Cx) -> Result<Vec<String>, AppError> {
    let editions = cx.backend().public_editions().await?;
    let signers = editions.iter().filter_map(|edition| signer(cx, &edition.slug));
    Ok(signers.map(|signer| signer.verifier().to_string()).collect())
}

/// GET /record/{edition}/proof/{ballot}
pub(crate) async fn proof_file(
    cx: Cx,
    axum::extract::Path((edition, ballot)): axum::extract::Path<(String, String)>,
) -> crate::page::Answer {
    let edition = cx.backend().public_edition(&edition).await?;
    let ballot = BallotId(ballot.parse().map_err(|_| AppError::NotFound)?);
    let text = edition.polls.iter().find_map(|poll| proof(&cx, &edition, poll, ballot));
    Ok(axum::response::IntoResponse::into_response(text.ok_or(AppError::NotFound)?))
}
