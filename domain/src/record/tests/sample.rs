//! A small record: twelve lines, its checkpoint, and a voter's receipt.

use uuid::Uuid;

use crate::ballot::Picks;
use crate::ids::{BallotId, CaseId};
use crate::record::checkpoint::Checkpoint;
use crate::record::entry::LogEntry;
use crate::record::key::Signer;
use crate::record::note::Note;
use crate::record::proof::RecordProof;
use crate::record::receipt::{BallotKey, EntryWithProof, Opening, Receipt, ReceiptFile};
use crate::record::tree::{Hash, Node, compute_tree_root, make_inclusion_proof};
use crate::record::words::{UtcDay, UtcSecond};
use crate::rulebook::PicksRule;

/// One line of each kind.
pub(super) const LINES: [&str; 9] = [
    "rulebook/v1 daejeon-2024 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "open/v1 citizens 2024-11-28T01:02:03Z",
    "ballot/v1 citizens 00112233445566778899aabbccddeeff abababababababababababababababababababababababababababababababab cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd 2024-11-28",
    "hold/v1 citizens 00112233445566778899aabbccddeeff burst,same-device e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "ruling/v1 citizens 00112233445566778899aabbccddeeff count welfare-centre R-1 R-2",
    "close/v1 citizens 2024-12-05T15:00:00Z 1400000",
    "sheet/v1 daejeon-2024 ffeeddccbbaa99887766554433221100 abababababababababababababababababababababababababababababababab",
    "result/v1 daejeon-2024 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "erase/v1 daejeon-2024 2025-12-31T15:00:00Z",
];

/// Returns every text that differs from this one by one bit. Changes that are not UTF-8 are left
/// out, because the readers take only text.
pub(super) fn flips(text: &str) -> impl Iterator<Item = String> {
    (0..text.len() * 8).filter_map(|bit| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        String::from_utf8(bytes).ok()
    })
}

pub(super) fn signer() -> Signer {
    Signer::from_seed("vote.example/record/daejeon-2024", &[7; 32]).unwrap()
}

pub(super) fn picks(numbers: &[u128]) -> Picks {
    let ids: Vec<CaseId> = numbers.iter().map(|&id| CaseId(Uuid::from_u128(id))).collect();
    Picks::from_case_ids(&ids, PicksRule::AtMost(20)).unwrap()
}

pub(super) fn opening(number: u8) -> Opening {
    let ballot = BallotId(Uuid::from_bytes([number; 16]));
    let key = BallotKey::from_random_bytes([number ^ 0xff; 32]);
    Opening { ballot, key, picks: picks(&[u128::from(number), 1_000]) }
}

/// Returns the `number`-th line of the small record.
fn entry(number: u8) -> LogEntry {
    let Opening { ballot, .. } = opening(number);
    let day: UtcDay = "2024-11-28".parse().unwrap();
    LogEntry::Ballot {
        poll: "citizens".parse().unwrap(),
        ballot,
        voter: Hash::sha256_of(&[number]),
        commitment: opening(number).compute_commitment(),
        day,
    }
}

fn leaves() -> Vec<Hash> {
    (0..12).map(|number| entry(number).entry_leaf_hash()).collect()
}

pub(super) fn checkpoint() -> Checkpoint {
    let origin = signer().verifier_key().key_name().to_owned();
    Checkpoint { origin, size: 12, root: compute_tree_root(&leaves()) }
}

pub(super) fn checkpoint_note() -> Note {
    checkpoint().sign(&signer()).unwrap()
}

pub(super) fn included(number: u8) -> EntryWithProof {
    let leaves = leaves();
    let read = |node: Node| {
        let start = usize::try_from(node.index << node.level).unwrap();
        leaves.get(start..start + (1 << node.level)).map(compute_tree_root).ok_or(node)
    };
    let path = make_inclusion_proof(number.into(), 12, read).unwrap().unwrap();
    let checkpoint = checkpoint_note();
    let proof = RecordProof { extra: None, index: number.into(), path, checkpoint };
    EntryWithProof { entry: entry(number), proof }
}

pub(super) fn receipt(number: u8) -> Receipt {
    let accepted: UtcSecond = "2024-11-28T01:02:03Z".parse().unwrap();
    let opening = opening(number);
    Receipt {
        edition: "daejeon-2024".parse().unwrap(),
        poll: "citizens".parse().unwrap(),
        ballot: opening.ballot,
        commitment: opening.compute_commitment(),
        accepted,
        recorded_by: accepted,
    }
}

pub(super) fn file(number: u8) -> ReceiptFile {
    let note = receipt(number).sign(&signer()).unwrap();
    ReceiptFile { note, included: Some(included(number)) }
}
