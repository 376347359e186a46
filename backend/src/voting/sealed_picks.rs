//! Sealed picks. Their key is derived from the edition's key, so neither the database nor its
//! backup can reveal a choice or count one before the close.

use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId, PollId};
use domain::record::receipt::{BallotKey, commit_to_picks};
use domain::record::tree::Hash;
use domain::rulebook::PicksRule;
use uuid::Uuid;

use crate::keys::{self, EditionKey};
use crate::{Error, Result};

/// The length of a case's id, in bytes.
const ID_BYTES: usize = 16;

/// The stored form of a choice.
#[derive(Clone)]
pub(super) struct SealedPicks {
    pub(super) commitment: Hash,
    pub(super) sealed: Vec<u8>,
}

/// Derives the key of one ballot. It is derived each time and never stored.
pub(super) fn derive_ballot_key(edition: &EditionKey, poll: PollId, ballot: BallotId) -> BallotKey {
    BallotKey::from_random_bytes(
        edition.compute_mac("ballot", &[poll.0.as_bytes(), ballot.0.as_bytes()]),
    )
}

/// Seals the picks of a ballot. All ballots of a poll have the same length, so the length reveals
/// nothing.
pub(super) fn seal_picks(
    edition: &EditionKey,
    (poll, ballot): (PollId, BallotId),
    picks: &Picks,
    rule: PicksRule,
) -> Result<SealedPicks> {
    let mut plain = Vec::with_capacity(usize::from(rule.max_picks()) * ID_BYTES);
    for case in picks.as_slice() {
        plain.extend_from_slice(case.0.as_bytes());
    }
    plain.resize(usize::from(rule.max_picks()) * ID_BYTES, 0);
    let commitment = commit_to_picks(&derive_ballot_key(edition, poll, ballot), picks);
    let sealed =
        keys::seal_bytes(derive_picks_key(edition, poll, ballot), commitment.as_bytes(), &plain)?;
    Ok(SealedPicks { commitment, sealed })
}

/// Opens the picks of a ballot.
///
/// # Errors
/// [`Error::Internal`] if the picks were changed or sealed for another ballot.
pub(super) fn open_picks(
    edition: &EditionKey,
    (poll, ballot): (PollId, BallotId),
    sealed: &SealedPicks,
    rule: PicksRule,
) -> Result<Picks> {
    let key = derive_picks_key(edition, poll, ballot);
    let plain = keys::open_sealed_bytes(key, sealed.commitment.as_bytes(), &sealed.sealed)
        .ok_or(Error::Internal("a ballot was changed in the database"))?;
    let ids: Vec<CaseId> = plain
        .chunks_exact(ID_BYTES)
        .filter_map(|bytes| Uuid::from_slice(bytes).ok())
        .filter(|id| !id.is_nil())
        .map(CaseId)
        .collect();
    Picks::from_case_ids(&ids, rule)
        .map_err(|_| Error::Internal("a sealed ballot breaks the rules"))
}

/// Derives the key that seals the picks of one ballot. It seals nothing else.
fn derive_picks_key(edition: &EditionKey, poll: PollId, ballot: BallotId) -> [u8; 32] {
    edition.compute_mac("sealed picks", &[poll.0.as_bytes(), ballot.0.as_bytes()])
}
