//! Picks at rest: sealed under a key that only the edition's key gives, so that neither the
//! database nor a backup of it can tell a choice or count one before the close.

use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId, PollId};
use domain::record::receipt::{BallotKey, commitment};
use domain::record::tree::Hash;
use domain::rulebook::PicksRule;
use uuid::Uuid;

use crate::keys::{self, EditionKey};
use crate::{Error, Result};

/// The bytes of a case's id.
const ID_BYTES: usize = 16;

/// What is stored of a choice.
#[derive(Clone)]
pub(super) struct SealedPicks {
    pub(super) commitment: Hash,
    pub(super) sealed: Vec<u8>,
}

/// The key of one ballot. It is made again whenever it is needed and stored nowhere.
pub(super) fn ballot_key(edition: &EditionKey, poll: PollId, ballot: BallotId) -> BallotKey {
    BallotKey::new(edition.mac("ballot", &[poll.0.as_bytes(), ballot.0.as_bytes()]))
}

/// Seals the picks of a ballot. All ballots of a poll have the same length, so that it tells
/// nothing.
pub(super) fn seal(
    edition: &EditionKey,
    (poll, ballot): (PollId, BallotId),
    picks: &Picks,
    rule: PicksRule,
) -> Result<SealedPicks> {
    let mut plain = Vec::with_capacity(usize::from(rule.most()) * ID_BYTES);
    for case in picks.as_slice() {
        plain.extend_from_slice(case.0.as_bytes());
    }
    plain.resize(usize::from(rule.most()) * ID_BYTES, 0);
    let commitment = commitment(&ballot_key(edition, poll, ballot), picks);
    let sealed = keys::seal(picks_key(edition, poll, ballot), commitment.as_bytes(), &plain)?;
    Ok(SealedPicks { commitment, sealed })
}

/// Opens the picks of a ballot.
///
/// # Errors
/// [`Error::Internal`] where they are not what was sealed for this ballot.
pub(super) fn open(
    edition: &EditionKey,
    (poll, ballot): (PollId, BallotId),
    sealed: &SealedPicks,
    rule: PicksRule,
) -> Result<Picks> {
    let key = picks_key(edition, poll, ballot);
    let plain = keys::open(key, sealed.commitment.as_bytes(), &sealed.sealed)
        .ok_or(Error::Internal("a ballot was changed in the database"))?;
    let ids: Vec<CaseId> = plain
        .chunks_exact(ID_BYTES)
        .filter_map(|bytes| Uuid::from_slice(bytes).ok())
        .filter(|id| !id.is_nil())
        .map(CaseId)
        .collect();
    Picks::parse(&ids, rule).map_err(|_| Error::Internal("a sealed ballot breaks the rules"))
}

/// Each ballot has a key of its own, which seals this one text.
fn picks_key(edition: &EditionKey, poll: PollId, ballot: BallotId) -> [u8; 32] {
    edition.mac("sealed picks", &[poll.0.as_bytes(), ballot.0.as_bytes()])
}
