//! What a reader sees, for every kind of receipt.

use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId};
use domain::record::checkpoint::Checkpoint;
use domain::record::entry::LogEntry;
use domain::record::key::{Signer, VerifierKey};
use domain::record::proof::RecordProof;
use domain::record::receipt::{BallotKey, EntryWithProof, Opening, Receipt};
use domain::record::tree::{Hash, leaf_hash};
use domain::rulebook::PicksRule;
use phrases::Lang;
use uuid::Uuid;

use super::{Mood, describe_ballot_status, report_on_receipt};

const LOG: &str = "vote.example/record/daejeon-2024";

fn signer(name: &str) -> Signer {
    Signer::from_seed(name, &[7; 32]).unwrap()
}

fn opening() -> Opening {
    let picks = [CaseId(Uuid::from_u128(2)), CaseId(Uuid::from_u128(1))];
    let picks = Picks::from_case_ids(&picks, PicksRule::AtMost(3)).unwrap();
    Opening {
        ballot: BallotId(Uuid::from_u128(9)),
        key: BallotKey::from_random_bytes([3; 32]),
        picks,
    }
}

fn receipt() -> Receipt {
    Receipt {
        edition: "daejeon-2024".parse().unwrap(),
        poll: "citizens".parse().unwrap(),
        ballot: opening().ballot,
        commitment: opening().compute_commitment(),
        accepted: "2024-11-28T01:02:03Z".parse().unwrap(),
        recorded_by: "2024-12-01T15:10:00Z".parse().unwrap(),
    }
}

fn note() -> String {
    receipt().sign(&signer(LOG)).unwrap().to_string()
}

fn file() -> String {
    let Receipt { poll, ballot, commitment, .. } = receipt();
    let day = "2024-11-28".parse().unwrap();
    let entry =
        LogEntry::Ballot { poll, ballot, voter: Hash::sha256_of(b"voter"), commitment, day };
    let root = leaf_hash(entry.to_string().as_bytes());
    let checkpoint = Checkpoint { origin: LOG.to_owned(), size: 1, root };
    let checkpoint = checkpoint.sign(&signer(LOG)).unwrap();
    let proof = RecordProof { extra: None, index: 0, path: Vec::new(), checkpoint };
    format!("{}-----\n{}", note(), EntryWithProof { entry, proof })
}

fn keys() -> [VerifierKey; 1] {
    [signer(LOG).verifier_key().clone()]
}

fn mood(text: &str) -> Mood {
    report_on_receipt(Lang::Ko, text, &keys(), |_| None).mood
}

#[test]
fn a_whole_file_is_in_the_record_and_a_bare_note_is_signed() {
    assert_eq!(mood(&file()), Mood::Recorded);
    assert_eq!(mood(&note()), Mood::Accepted);
}

#[test]
fn a_receipt_may_be_pasted_with_other_line_ends_and_blanks_around_it() {
    let pasted = format!("\u{feff}\r\n  {}  ", file().replace('\n', "\r\n"));
    assert_eq!(mood(&pasted), Mood::Recorded);
    assert_eq!(mood(note().trim()), Mood::Accepted);
}

#[test]
fn a_changed_letter_is_never_in_the_record() {
    let file = file();
    let at_signs = file.char_indices().filter(|(_, sign)| sign.is_ascii_alphanumeric());
    for (at, sign) in at_signs.collect::<Vec<_>>() {
        let other = if sign == '1' { "2" } else { "1" };
        let changed = format!("{}{other}{}", &file[..at], &file[at + 1..]);
        assert_ne!(mood(&changed), Mood::Recorded, "{changed}");
    }
}

#[test]
fn a_receipt_of_an_unknown_log_asks_for_its_key() {
    let stranger = signer("other.example/record/daejeon-2024");
    let text = receipt().sign(&stranger).unwrap().to_string();
    assert_eq!(mood(&text), Mood::NoKey);
    let known = [stranger.verifier_key().clone()];
    assert_eq!(report_on_receipt(Lang::En, &text, &known, |_| None).mood, Mood::Accepted);
}

#[test]
fn the_name_of_the_log_with_another_key_is_a_forgery() {
    let forger = Signer::from_seed(LOG, &[8; 32]).unwrap();
    assert_eq!(mood(&receipt().sign(&forger).unwrap().to_string()), Mood::Wrong);
}

#[test]
fn the_opening_of_this_browser_is_compared_with_the_record() {
    let with = |opening| report_on_receipt(Lang::En, &file(), &keys(), |_| Some(opening));
    let found = with(opening());
    assert_eq!(found.mood, Mood::Recorded);
    assert_eq!(found.points.last().map(|point| point.fits), Some(Some(true)));
    let lie = Opening { key: BallotKey::from_random_bytes([4; 32]), ..opening() };
    assert_eq!(with(lie).mood, Mood::Wrong);
}

#[test]
fn no_report_tells_a_choice() {
    let html = report_on_receipt(Lang::En, &file(), &keys(), |_| Some(opening())).to_html(Lang::En);
    for case in opening().picks.as_slice() {
        assert!(!html.contains(&case.to_string()));
    }
    assert!(html.contains("2024-11-28 10:02:03"), "{html}");
}

#[test]
fn whatever_a_file_says_cannot_become_html() {
    let name = "<img/src=x>/record/daejeon-2024";
    let text = receipt().sign(&signer(name)).unwrap().to_string();
    let found = report_on_receipt(Lang::Ko, &text, &keys(), |_| None);
    assert_eq!(found.mood, Mood::NoKey);
    let html = found.to_html(Lang::Ko);
    assert!(html.contains("&lt;img/src=x&gt;") && !html.contains("<img"), "{html}");
}

#[test]
fn what_the_site_says_of_a_ballot_is_put_into_words_or_left_out() {
    let fits = |status| describe_ballot_status(Lang::Ko, status).map(|point| point.fits);
    assert_eq!(fits("counted\n"), Some(Some(true)));
    assert_eq!(fits("excluded bought-votes"), Some(None));
    assert_eq!(fits("held many-from-one-network"), Some(None));
    assert_eq!(fits("<html>"), None);
}
