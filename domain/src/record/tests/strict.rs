//! Lines, paths, keys and notes have one spelling: a text that differs by a byte is refused.

use super::sample::{self, LINES};
use crate::record::checkpoint::{Checkpoint, CheckpointError};
use crate::record::entry::{HoldReasons, LogEntry, LogEntryError, MAX_REASONS};
use crate::record::key::{Cosigner, KeyError, Signer, VerifierKey};
use crate::record::note::{MAX_SIGNATURES, NOTE_BYTES, Note, NoteError};
use crate::record::proof::{RecordProof, RecordProofError};
use crate::record::tile::{EntryBundle, Tile, TileError, TilePath, new_bundles, new_tiles};
use crate::record::tree::{Frontier, FrontierError, Hash, MAX_TREE_SIZE, leaf_hash};
use crate::record::words::{RecordSlug, UtcDay, UtcSecond, WordError};

#[test]
fn each_kind_of_line_prints_as_it_was_read() {
    for line in LINES {
        let entry: LogEntry = line.parse().unwrap();
        assert_eq!(entry.to_string(), line);
        assert_eq!(entry.entry_leaf_hash(), leaf_hash(line.as_bytes()));
    }
}

#[test]
fn a_line_with_one_bit_changed_is_refused_or_another_line() {
    for line in LINES {
        for flipped in sample::flips(line) {
            if let Ok(entry) = flipped.parse::<LogEntry>() {
                assert_eq!(entry.to_string(), flipped);
                assert_ne!(entry.entry_leaf_hash(), leaf_hash(line.as_bytes()));
            }
        }
    }
}

#[test]
fn a_line_with_a_word_or_a_blank_too_many_or_too_few_is_refused() {
    for line in LINES {
        let mut wrong: Vec<String> = ["\n", " ", "\r", "\r\n", " x", "\0"]
            .map(|end| format!("{line}{end}"))
            .into_iter()
            .chain([format!(" {line}"), line.to_uppercase(), line.replace(' ', "\t")])
            .collect();
        for (at, _) in line.match_indices(' ') {
            wrong.push(format!("{} {}", &line[..at], &line[at..]));
            wrong.push(line[..at].to_owned());
        }
        for wrong in wrong {
            assert!(wrong.parse::<LogEntry>().is_err(), "{wrong:?}");
        }
    }
}

#[test]
fn a_deviation_within_a_word_is_named() {
    let check = |of: &str, from: &str, to: &str, expected: LogEntryError| {
        let line = LINES.iter().find(|line| line.starts_with(of)).unwrap();
        assert!(line.contains(from), "{from}");
        assert_eq!(line.replace(from, to).parse::<LogEntry>(), Err(expected), "{of} {to:?}");
    };
    let word = LogEntryError::Word;
    check("ballot", "citizens", "Citizens", word(WordError::Slug));
    check("ballot", "citizens", "", word(WordError::Slug));
    check("ballot", "citizens", &"x".repeat(65), word(WordError::Slug));
    check("ballot", "00112233", "0011223", LogEntryError::Id);
    check("ballot", "ccddeeff", "ccddeefF", LogEntryError::Id);
    check("ballot", &"ab".repeat(32), &"Ab".repeat(32), LogEntryError::Hash);
    check("ballot", &"ab".repeat(32), &"ab".repeat(31), LogEntryError::Hash);
    check("ballot", "2024-11-28", "2024-11-28T01:02Z", word(WordError::Day));
    check("open", "01:02:03Z", "01:02Z", word(WordError::Second));
    check("open", "2024", "02024", word(WordError::Second));
    check("open", "2024-11-28T", "2024-11-28t", word(WordError::Second));
    check("open", "2024-11-28", "2024-11-31", word(WordError::Second));
    check("open", ":03Z", ":60Z", word(WordError::Second));
    check("open", "03Z", "+3Z", word(WordError::Second));
    check("hold", "burst,same", "burst,,same", word(WordError::Slug));
    check("hold", "burst,same", &["x"; MAX_REASONS + 1].join(","), LogEntryError::Reasons);
    check("ruling", "count", "counts", LogEntryError::Verdict);
    check("ruling", "R-2", "R_2", word(WordError::Reviewer));
    check("close", "1400000", "01400000", LogEntryError::Number);
    check("close", "1400000", "+1400000", LogEntryError::Number);
    check("close", "1400000", "18446744073709551616", LogEntryError::Number);
    check("sheet", "/v1", "/v2", LogEntryError::Kind);
    check("erase", "erase/v1", &" ".repeat(3_000), LogEntryError::Kind);
    assert_eq!(HoldReasons::from_codes(Vec::new()), None);
}

#[test]
fn an_instant_falls_into_its_second_and_its_day() {
    let at: crate::schedule::Instant = "2024-11-28T01:02:59.999Z".parse().unwrap();
    assert_eq!(UtcSecond::from_instant(at).to_string(), "2024-11-28T01:02:59Z");
    assert_eq!(UtcDay::from_instant(at).to_string(), "2024-11-28");
    let before: crate::schedule::Instant = "1969-12-31T23:59:59.5Z".parse().unwrap();
    assert_eq!(UtcSecond::from_instant(before).to_string(), "1969-12-31T23:59:59Z");
    assert_eq!(UtcDay::from_instant(before).to_string(), "1969-12-31");
    assert_eq!("0000-02-29".parse::<UtcDay>().unwrap().to_string(), "0000-02-29");
    for wrong in ["", "2024-11-2é", "-024-11-28", "2023-02-29", "2024-11-28T01:02Z", "2024-1-028"]
    {
        assert_eq!(wrong.parse::<UtcDay>(), Err(WordError::Day), "{wrong}");
    }
}

#[test]
fn a_path_has_one_spelling() {
    let check = |path: &str, level, index, width| {
        let tile = Tile { level, index, width };
        assert_eq!(path.parse(), Ok(TilePath::Tile(tile)));
        assert_eq!(tile.to_string(), path);
    };
    check("0/000", 0, 0, 256);
    check("1/x001/x234/067", 1, 1_234_067, 256);
    check("0/x001/x234/067.p/17", 0, 1_234_067, 17);
    check("7/x018/x446/x744/x073/x709/x551/615.p/255", 7, u64::MAX, 255);
    let bundle = EntryBundle { index: 999, width: 1 };
    assert_eq!("entries/999.p/1".parse(), Ok(TilePath::Bundle(bundle)));
    assert_eq!(TilePath::Bundle(bundle).to_string(), "entries/999.p/1");
    for wrong in [
        "",
        "0",
        "0/",
        "0/0",
        "0/00",
        "0/0000",
        "0/x000/001",
        "0/x1/234",
        "0/1/234",
        "0/x001/x234",
        "00/000",
        "8/000",
        "-1/000",
        "+1/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "0/000.p",
        "0/000.p/1/",
        "0//000",
        "/0/000",
        "0/000/",
        "0/x001/2é4",
        "0/ 00",
        "0/+00",
        "0/x018/x446/x744/x073/x709/x551/616",
        "entries/",
        "entries/1",
        "entries/000.p/256",
        "entries/0/000",
        "0/000.p/1.p/1",
        "0/xxx/000",
        "0/x00x/000",
    ] {
        assert_eq!(wrong.parse::<TilePath>(), Err(TileError::Path), "{wrong}");
    }
}

#[test]
fn trees_have_the_tiles_that_the_standard_counts_for_them() {
    let paths = |size| new_tiles(0, size).map(|tile| tile.to_string()).collect::<Vec<_>>();
    assert_eq!(paths(0), [""; 0]);
    assert_eq!(paths(256), ["0/000", "1/000.p/1"]);
    let tiles = paths(70_000);
    assert_eq!(tiles.len(), 273 + 1 + 1 + 1 + 1);
    assert_eq!(tiles[273..], ["0/273.p/112", "1/000", "1/001.p/17", "2/000.p/1"]);
    let tiles = paths(1_400_000);
    assert_eq!(tiles.len(), 5_468 + 1 + 21 + 1 + 1);
    assert_eq!(tiles[5_468], "0/x005/468.p/192");
    assert_eq!(tiles[5_490..], ["1/021.p/92", "2/000.p/21"]);
    assert_eq!(new_tiles(70_000, 70_000).count(), 0);
    assert_eq!(new_bundles(255, 257).map(|bundle| bundle.width).collect::<Vec<_>>(), [256, 1]);
    assert_eq!(new_tiles(MAX_TREE_SIZE - 1, MAX_TREE_SIZE).count(), 1);
}

#[test]
fn a_bundle_of_a_wrong_length_is_refused() {
    let entries = ["one", "", "three"];
    let (bundle, other) = (EntryBundle { index: 0, width: 3 }, EntryBundle { index: 0, width: 2 });
    let bytes = EntryBundle::encode_entries(&entries).unwrap();
    assert_eq!(bytes, b"\0\x03one\0\0\0\x05three");
    assert_eq!(bundle.decode_entries(&bytes).unwrap(), entries.map(str::as_bytes));
    assert_eq!(other.decode_entries(&bytes), Err(TileError::Length));
    for length in 0..bytes.len() {
        assert_eq!(bundle.decode_entries(&bytes[..length]), Err(TileError::Length));
    }
    assert_eq!(EntryBundle::encode_entries(&[vec![0; 65_536]]), Err(TileError::Entry));
    assert_eq!(EntryBundle::join_entry_lines(&["one", "two"]), "one\ntwo\n");
    assert_eq!(other.split_entry_lines("one\ntwo\n").unwrap(), ["one", "two"]);
    assert_eq!(other.split_entry_lines("one\n"), Err(TileError::Length));
    assert_eq!(bundle.split_entry_lines("one\ntwo\n"), Err(TileError::Length));
    for wrong in ["", "\n", "one\ntwo", "one\n\n", "\none\n"] {
        assert_eq!(other.split_entry_lines(wrong), Err(TileError::Lines), "{wrong:?}");
    }
    let tile = Tile { level: 0, index: 0, width: 2 };
    assert_eq!(tile.decode_hashes(&[7; 64]), Ok(vec![Hash::from_bytes([7; 32]); 2]));
    assert_eq!(tile.decode_hashes(&[7; 63]), Err(TileError::Length));
    assert_eq!(tile.decode_hashes(&[7; 96]), Err(TileError::Length));
}

#[test]
fn a_frontier_with_a_wrong_number_of_hashes_is_refused() {
    let mut frontier = Frontier::default();
    for leaf in 0..7_u8 {
        frontier.append_leaf(leaf_hash(&[leaf]));
    }
    let bytes = frontier.to_bytes();
    assert_eq!(Frontier::from_bytes(&bytes), Ok(frontier));
    for length in (0..bytes.len()).chain([bytes.len() + 1]) {
        let cut: Vec<u8> = bytes.iter().copied().chain([0]).take(length).collect();
        assert_eq!(Frontier::from_bytes(&cut), Err(FrontierError), "{length}");
    }
    let huge = [&[0x80; 1][..], &[0; 7 + 32]].concat();
    assert_eq!(Frontier::from_bytes(&huge), Err(FrontierError));
}

#[test]
fn a_note_with_any_bit_changed_is_refused() {
    let (note, key) = (sample::checkpoint_note(), sample::signer().verifier_key().clone());
    assert!(note.verify_signature(&key).is_ok());
    for flipped in sample::flips(&note.to_string()) {
        let verified = flipped.parse::<Note>().map(|note| note.verify_signature(&key).is_ok());
        assert_ne!(verified, Ok(true), "{flipped:?}");
    }
}

#[test]
fn a_malformed_note_is_refused_for_what_is_wrong_in_it() {
    let good = sample::checkpoint_note().to_string();
    let line = good.lines().last().unwrap();
    let check = |text: &str, expected: NoteError| {
        assert_eq!(text.parse::<Note>(), Err(expected), "{text:?}");
    };
    check("", NoteError::Format);
    check("text\n", NoteError::Format);
    check("text\n\n", NoteError::Format);
    check(good.trim_end(), NoteError::Format);
    check(&format!("{good}\n"), NoteError::Format);
    check(&good.replacen('\n', "\r\n", 1), NoteError::Control);
    check(&good.replace('/', "\t"), NoteError::Control);
    check(&format!("{good}— x y\n"), NoteError::Signature);
    check(&format!("{good}— x\n"), NoteError::Signature);
    check(&format!("{good}- {line}\n"), NoteError::Signature);
    check(&good.replace("— vote", "— vo+te"), NoteError::Signature);
    check(&good.replace("— vote", "— vo\u{a0}te"), NoteError::Signature);
    check(&good.replace("— vote", "—  vote"), NoteError::Signature);
    // The four bytes are the key's id, and no signature follows.
    check("text\n\n— x AAAAAA==\n", NoteError::Signature);
    check(
        &format!("text\n\n{}", format!("{line}\n").repeat(MAX_SIGNATURES + 1)),
        NoteError::TooMany,
    );
    check(&format!("{}{good}", "x".repeat(NOTE_BYTES)), NoteError::TooLong);
    let signature = good.parse::<Note>().unwrap().signatures()[0].clone();
    assert_eq!(Note::with_signature("no newline", signature.clone()), Err(NoteError::Format));
    assert_eq!(Note::with_signature("a\tb\n", signature), Err(NoteError::Control));
}

#[test]
fn unknown_signatures_are_carried_and_a_wrong_one_of_a_known_key_is_not() {
    let (key, mut note) = (sample::signer().verifier_key().clone(), sample::checkpoint_note());
    let post_quantum = format!("— other.example {}", "A".repeat(3_236)).parse().unwrap();
    for _ in 0..40 {
        note.add_signature(Clone::clone(&post_quantum)).unwrap();
    }
    assert!(note.to_string().parse::<Note>().unwrap().verify_signature(&key).is_ok());
    let mut full = sample::checkpoint_note();
    let small = full.signatures()[0].clone();
    for _ in 1..MAX_SIGNATURES {
        full.add_signature(small.clone()).unwrap();
    }
    assert_eq!(full.add_signature(small), Err(NoteError::TooMany));
    // The note has the right signature, and also one of the same key over another text.
    note.add_signature(sample::signer().sign_note_text("another text\n")).unwrap();
    assert_eq!(note.verify_signature(&key), Err(NoteError::Wrong));
    let stranger = Signer::from_seed("vote.example/record/citizens-2024", &[9; 32]).unwrap();
    assert_eq!(note.verify_signature(stranger.verifier_key()), Err(NoteError::Unsigned));
}

#[test]
fn a_cosignature_says_when_a_witness_saw_the_checkpoint() {
    let witness = Cosigner::from_seed("witness.example/w1", &[3; 32]).unwrap();
    let key: VerifierKey = witness.verifier_key().to_string().parse().unwrap();
    let mut note = sample::checkpoint_note();
    assert_eq!(note.verify_cosignature_time(&key), Err(NoteError::Unsigned));
    note.add_signature(witness.cosign_checkpoint(note.signed_text(), 1_732_755_723)).unwrap();
    let note: Note = note.to_string().parse().unwrap();
    assert_eq!(note.verify_cosignature_time(&key), Ok(1_732_755_723));
    // A log's own signature is not a cosignature. A cosignature with another time is not valid
    // either.
    let log = sample::signer().verifier_key().clone();
    assert_eq!(note.verify_cosignature_time(&log), Err(NoteError::Unsigned));
    let mut bytes = note.signatures()[1].bytes().to_vec();
    bytes[7] ^= 1;
    assert!(!key.verifies_signature(note.signed_text(), &bytes));
    assert!(!key.verifies_signature(note.signed_text(), &[]));
    let late = witness.cosign_checkpoint(note.signed_text(), 1 << 63);
    assert!(!key.verifies_signature(note.signed_text(), late.bytes()));
}

#[test]
fn one_key_signs_differently_as_log_and_as_witness() {
    let log = Signer::from_seed("x", &[3; 32]).unwrap();
    let witness = Cosigner::from_seed("x", &[3; 32]).unwrap();
    assert_ne!(log.verifier_key().key_id(), witness.verifier_key().key_id());
    let shown = format!("{log:?} {witness:?}");
    assert_eq!(
        shown,
        format!("Signer({}) Cosigner({})", log.verifier_key(), witness.verifier_key())
    );
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b"] {
        assert_eq!(Signer::from_seed(name, &[3; 32]).unwrap_err(), KeyError::Name, "{name:?}");
    }
}

#[test]
fn a_checkpoint_has_three_lines_and_one_spelling() {
    let text = sample::checkpoint().to_string();
    assert_eq!(text.parse::<Checkpoint>().unwrap(), sample::checkpoint());
    let root = sample::checkpoint().root.to_base64();
    for wrong in [
        String::new(),
        text.trim_end().to_owned(),
        format!("{text}extension\n"),
        format!("{text}\n"),
        format!("\n5\n{root}\n"),
        format!("x\n05\n{root}\n"),
        format!("x\n-5\n{root}\n"),
        format!("x\n9223372036854775808\n{root}\n"),
        format!("x\n5\n{}\n", &root[1..]),
        format!("x\n5\n{root}A\n"),
        format!("x\n5\n{}\n", root.replace('=', "")),
    ] {
        assert_eq!(wrong.parse::<Checkpoint>(), Err(CheckpointError::Format), "{wrong:?}");
    }
}

#[test]
fn a_checkpoint_of_another_origin_is_refused() {
    let stranger = Checkpoint { origin: "elsewhere".to_owned(), ..sample::checkpoint() };
    assert_eq!(stranger.sign(&sample::signer()), Err(CheckpointError::Origin));
    let text = stranger.to_string();
    let note = Note::with_signature(&text, sample::signer().sign_note_text(&text)).unwrap();
    let key = sample::signer().verifier_key().clone();
    assert_eq!(Checkpoint::from_signed_note(&note, &key), Err(CheckpointError::Origin));
    assert_eq!(
        Checkpoint::from_signed_note(&sample::checkpoint_note(), &key),
        Ok(sample::checkpoint())
    );
}

#[test]
fn a_proof_may_carry_extra_bytes_that_prove_nothing() {
    let included = sample::included(5);
    let (key, line) = (sample::signer().verifier_key().clone(), included.entry.to_string());
    let text = included.proof.to_string();
    assert_eq!(text.parse::<RecordProof>().unwrap(), included.proof);
    let with = text.replace("index", "extra QUJD\nindex").parse::<RecordProof>().unwrap();
    assert_eq!(with.extra.as_deref(), Some(b"ABC".as_slice()));
    assert!(with.to_string().contains("@v1\nextra QUJD\nindex 5\n"));
    assert_eq!(with.verify_entry(line.as_bytes(), &key), Ok(sample::checkpoint()));
    let hash = included.proof.path[0].to_base64();
    for (from, to) in [
        ("@v1", "@v2"),
        ("index 5", "index 05"),
        ("index 5", "index  5"),
        ("index 5", "Index 5"),
        ("index 5\n", ""),
        ("index 5", "extra A\nindex 5"),
        (hash.as_str(), &hash[1..]),
        (hash.as_str(), &format!("{hash}\n{hash}").repeat(40)),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(text.replacen(from, to, 1).parse::<RecordProof>().is_err(), "{to}");
    }
    // A blank line that comes too early makes the hashes a part of the text that the log should
    // have signed.
    let early = text.replacen("index 5\n", "index 5\n\n", 1).parse::<RecordProof>().unwrap();
    let wrong = RecordProofError::Checkpoint(CheckpointError::Note(NoteError::Wrong));
    assert_eq!(early.verify_entry(line.as_bytes(), &key), Err(wrong));
}

#[test]
fn a_slug_is_one_word_of_small_letters() {
    for right in ["a", "0", "-", "daejeon-2024", &"x".repeat(64)] {
        assert_eq!(right.parse::<RecordSlug>().unwrap().slug_text(), right);
    }
    for wrong in ["", "A", "a b", "a_b", "é", "a\n", &"x".repeat(65)] {
        assert_eq!(wrong.parse::<RecordSlug>(), Err(WordError::Slug), "{wrong:?}");
    }
}
