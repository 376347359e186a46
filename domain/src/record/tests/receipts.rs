//! What a receipt file proves, and that every change in it is noticed.

use super::sample;
use crate::record::check::{ReceiptFault, ReceiptFindings, RecordedBallot, verify_receipt_file};
use crate::record::checkpoint::{Checkpoint, CheckpointError};
use crate::record::cvr::{
    CsvError, CsvProblem, read_cvr_table, read_openings_table, write_cvr_table,
    write_openings_table,
};
use crate::record::entry::LogEntryError;
use crate::record::key::{Signer, VerifierKey};
use crate::record::note::{Note, NoteError};
use crate::record::receipt::{
    EntryWithProof, Opening, Receipt, ReceiptError, ReceiptFile, canonical_picks, commit_to_picks,
};
use crate::record::tree::Hash;

fn key() -> VerifierKey {
    sample::signer().verifier_key().clone()
}

#[test]
fn a_good_file_is_accepted_recorded_and_of_the_picks_of_its_opening() {
    let (file, opening) = (sample::file(5).to_string(), sample::opening(5));
    let Checkpoint { size, root, .. } = sample::checkpoint();
    let day = "2024-11-28".parse().unwrap();
    let recorded = Some(RecordedBallot { index: 5, size, root, day });
    let accepted = sample::receipt(5);
    let findings = ReceiptFindings { accepted, recorded, picks_match: true };
    assert_eq!(verify_receipt_file(&file, &key(), Some(&opening)), Ok(findings.clone()));
    let findings = ReceiptFindings { picks_match: false, ..findings };
    assert_eq!(verify_receipt_file(&file, &key(), None), Ok(findings.clone()));
    let waiting = ReceiptFile { included: None, ..sample::file(5) }.to_string();
    let findings = ReceiptFindings { recorded: None, ..findings };
    assert_eq!(verify_receipt_file(&waiting, &key(), None), Ok(findings));
}

#[test]
fn a_file_with_any_bit_changed_is_refused() {
    for flipped in sample::flips(&sample::file(5).to_string()) {
        let found = verify_receipt_file(&flipped, &key(), None);
        assert!(found.is_err(), "{flipped}\n{found:?}");
    }
}

#[test]
fn a_file_that_is_cut_off_is_refused_or_waits_for_its_proof() {
    let file = sample::file(5).to_string();
    let note = sample::file(5).note.to_string();
    for (end, _) in file.char_indices() {
        let found = verify_receipt_file(&file[..end], &key(), None);
        assert_eq!(found.is_ok(), end == note.len(), "{end}");
    }
}

#[test]
fn each_wrong_thing_is_named() {
    let check = |file: &ReceiptFile, number, expected| {
        let opening = sample::opening(number);
        assert_eq!(verify_receipt_file(&file.to_string(), &key(), Some(&opening)), Err(expected));
    };
    let good = || sample::file(5);
    let signed = |receipt: Receipt| receipt.sign(&sample::signer()).unwrap();
    let other = Signer::from_seed("vote.example/record/daejeon-2024", &[8; 32]).unwrap();
    let of_other = sample::receipt(5).sign(&other).unwrap();
    check(&ReceiptFile { note: of_other, ..good() }, 5, ReceiptFault::Receipt(NoteError::Unsigned));
    let text = sample::checkpoint_note();
    let format = ReceiptFault::Unreadable(ReceiptError::Format);
    check(&ReceiptFile { note: text, ..good() }, 5, format);
    let edition = Receipt { edition: "busan-2024".parse().unwrap(), ..sample::receipt(5) };
    check(&ReceiptFile { note: signed(edition), ..good() }, 5, ReceiptFault::Edition);
    let poll = Receipt { poll: "staff".parse().unwrap(), ..sample::receipt(5) };
    check(&ReceiptFile { note: signed(poll), ..good() }, 5, ReceiptFault::Line);
    check(&ReceiptFile { included: Some(sample::included(6)), ..good() }, 5, ReceiptFault::Line);

    let mut file = good();
    let proof = &mut file.included.as_mut().unwrap().proof;
    proof.index = 4;
    check(&file, 5, ReceiptFault::Absent);
    let mut file = good();
    file.included.as_mut().unwrap().proof.checkpoint = sample::checkpoint().sign(&other).unwrap();
    check(&file, 5, ReceiptFault::Checkpoint(CheckpointError::Note(NoteError::Unsigned)));
    let mut file = good();
    let root = Hash::sha256_of(b"another tree");
    let fork = Checkpoint { root, ..sample::checkpoint() }.sign(&sample::signer()).unwrap();
    file.included.as_mut().unwrap().proof.checkpoint = fork;
    check(&file, 5, ReceiptFault::Absent);

    check(&good(), 6, ReceiptFault::Opening);
    let opening = Opening { picks: sample::picks(&[5, 1_001]), ..sample::opening(5) };
    let found =
        crate::record::check::verify_receipt_file(&good().to_string(), &key(), Some(&opening));
    assert_eq!(found, Err(ReceiptFault::Picks));
}

#[test]
fn a_line_that_is_no_ballot_is_not_taken_for_one() {
    let mut file = sample::file(5);
    let open = "open/v1 citizens 2024-11-28T01:02:03Z";
    file.included.as_mut().unwrap().entry = open.parse().unwrap();
    assert_eq!(verify_receipt_file(&file.to_string(), &key(), None), Err(ReceiptFault::Line));
    let broken = sample::file(5).to_string().replace("\nballot/v1 ", "\nballot/v2 ");
    let found = verify_receipt_file(&broken, &key(), None);
    assert_eq!(found, Err(ReceiptFault::Unreadable(ReceiptError::Entry(LogEntryError::Kind))));
}

#[test]
fn a_receipt_file_and_its_parts_print_as_they_were_read() {
    let file = sample::file(5);
    assert_eq!(file.to_string().parse(), Ok(file.clone()));
    assert_eq!(file.note.signed_text().parse(), Ok(sample::receipt(5)));
    let included = file.included.unwrap();
    assert_eq!(included.to_string().parse::<EntryWithProof>(), Ok(included));
    let opening = sample::opening(5);
    assert_eq!(opening.to_string().parse(), Ok(opening));
    for text in ["", "hanpyo.receipt/v1\n", "-----\n", "\n-----\n\n-----\n"] {
        assert!(text.parse::<ReceiptFile>().is_err(), "{text:?}");
        assert!(text.parse::<Receipt>().is_err(), "{text:?}");
    }
}

#[test]
fn a_receipt_with_a_bit_changed_is_refused_or_another_receipt() {
    let text = sample::receipt(5).to_string();
    for flipped in sample::flips(&text) {
        if let Ok(receipt) = flipped.parse::<Receipt>() {
            assert_eq!(receipt.to_string(), flipped);
        }
    }
    for wrong in [format!("{text}\n"), format!("{text}more x\n"), text.trim_end().to_owned()] {
        assert_eq!(wrong.parse::<Receipt>(), Err(ReceiptError::Format), "{wrong:?}");
    }
}

#[test]
fn an_opening_has_one_spelling() {
    let text = sample::opening(5).to_string();
    let picks = canonical_picks(&sample::opening(5).picks);
    let (one, other) = picks.split_once(';').unwrap();
    for (from, to) in [
        ("opening/v1", "opening/v2"),
        (picks.as_str(), ""),
        (&picks, &picks.replace("3e8", "3E8")),
        (&picks, &format!("{other};{one}")),
        (&picks, &format!("{one};{one}")),
        (&picks, &format!("{picks};")),
        (&picks, &format!("{picks} ")),
        (&picks, &format!("{{{one}}}")),
        (&picks, &one.replace('-', "")),
        ("05050505", "0505050"),
        (" fa", " FA"),
        (" fa", "  fa"),
    ] {
        assert!(text.contains(from), "{from}");
        let wrong = text.replacen(from, to, 1);
        assert_eq!(wrong.parse::<Opening>(), Err(ReceiptError::Opening), "{wrong}");
    }
}

/// Computed with Python's hmac over the same bytes.
#[test]
fn a_commitment_is_hmac_sha256_of_the_canonical_picks() {
    let opening = sample::opening(5);
    let picks = "00000000-0000-0000-0000-000000000005;00000000-0000-0000-0000-0000000003e8";
    assert_eq!(canonical_picks(&opening.picks), picks);
    let expected = "7a99ecb5b991c70df08315cb98e8216ef0ca990aa0067d86a79bd04bc37236b1";
    assert_eq!(commit_to_picks(&opening.key, &opening.picks).to_string(), expected);
}

#[test]
fn cast_vote_records_are_sorted_and_name_no_ballot() {
    let ballots = vec![sample::picks(&[2]), sample::picks(&[1, 3]), sample::picks(&[1])];
    let table = write_cvr_table(ballots);
    let id = |number: u32| format!("00000000-0000-0000-0000-{number:012x}");
    let rows = format!("1,{}\n2,{};{}\n3,{}\n", id(1), id(1), id(3), id(2));
    assert_eq!(table, format!("ballot,picks\n{rows}"));
    let read: Result<Vec<_>, _> = read_cvr_table(&table).collect();
    assert_eq!(write_cvr_table(read.unwrap()), table);
    assert_eq!(read_cvr_table(&write_cvr_table(Vec::new())).count(), 0);
}

#[test]
fn a_wrong_row_is_named_by_its_line() {
    let rows = [[2, 3], [1, 3]].map(|numbers| sample::picks(&numbers));
    let table = write_cvr_table(rows.to_vec());
    let check = |table: &str, line, problem| {
        let last = read_cvr_table(table).last().unwrap();
        assert_eq!(last, Err(CsvError { line, problem }), "{table}");
    };
    check("", 1, CsvProblem::Header);
    check(&table.replace("ballot,picks", "ballot, picks"), 1, CsvProblem::Header);
    check(&table.replace('\n', "\r\n"), 1, CsvProblem::Header);
    check(&table.replace("\n2,", "\n3,"), 3, CsvProblem::Number);
    check(&table.replace("\n2,", "\n02,"), 3, CsvProblem::Number);
    check(&table.replace("\n2,", "\n2;"), 3, CsvProblem::Fields);
    check(&table.replace("\n1,", "\n1,,"), 2, CsvProblem::Fields);
    check(&table.replace("\n2,", "\n\n2,"), 3, CsvProblem::Fields);
    check(&table.replace("001;", "009;"), 2, CsvProblem::Fields);
    check(&table.replace("001;", "00f;").replace("003\n2", "0ff\n2"), 3, CsvProblem::Order);
    check(table.trim_end(), 3, CsvProblem::Unended);
    check(&format!("{table}\n"), 4, CsvProblem::Fields);
}

#[test]
fn openings_are_sorted_by_ballot_and_each_ballot_stands_once() {
    let openings: Vec<Opening> = [3, 1, 2].map(sample::opening).to_vec();
    let table = write_openings_table(openings);
    assert!(table.starts_with("ballot,key,picks\n01010101"));
    let read: Result<Vec<_>, _> = read_openings_table(&table).collect();
    assert_eq!(read.unwrap(), [1, 2, 3].map(sample::opening));
    let twice = write_openings_table([1, 1].map(sample::opening).to_vec());
    let order = CsvError { line: 3, problem: CsvProblem::Order };
    assert_eq!(read_openings_table(&twice).last().unwrap(), Err(order));
    for (number, flipped) in sample::flips(&table).enumerate() {
        if let Ok(read) = read_openings_table(&flipped).collect::<Result<Vec<_>, _>>() {
            assert_eq!(write_openings_table(read), flipped, "{number}");
        }
    }
}

#[test]
fn a_receipt_note_is_no_checkpoint_and_the_other_way_round() {
    let receipt: Note = sample::receipt(5).sign(&sample::signer()).unwrap();
    assert_eq!(Checkpoint::from_signed_note(&receipt, &key()), Err(CheckpointError::Format));
    let file = sample::checkpoint_note().to_string();
    assert_eq!(
        verify_receipt_file(&file, &key(), None),
        Err(ReceiptFault::Unreadable(ReceiptError::Format))
    );
}
