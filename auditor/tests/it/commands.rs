//! The built program: what it prints and the code it ends with.

use std::process::{Command, Output};

use auditor::sample::{Plan, build_sample_record};

use crate::support::{Folder, signer, small, write};

pub(crate) fn audit(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hanpyo-audit")).args(args).output().unwrap()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_clean_record_ends_with_0_and_says_what_was_not_checked() {
    let folder = Folder::new();
    write(&small(), &folder);
    let output = audit(&["verify", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    assert!(text.ends_with("CLEAN: nothing that was checked is wrong\n"), "{text}");
    assert!(
        text.contains("received 280 = counted 276 + held 2 + excluded 2 + replaced 0"),
        "{text}"
    );
    assert!(text.contains("NOT checked  whether the key is the organiser's"), "{text}");
}

#[test]
fn a_wrong_record_ends_with_1_and_names_file_and_line() {
    let folder = Folder::new();
    let mut sample = small();
    sample.entries[2].replace_range(10..11, "X");
    write(&sample, &folder);
    let output = audit(&["verify", folder.path().to_str().unwrap(), "--json"]);
    assert_eq!(code(&output), 1);
    let report: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "line-form");
    assert_eq!((&finding["file"], &finding["line"]), (&"tile/entries/000".into(), &3.into()));
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    let folder = Folder::new();
    for args in [
        vec!["verify", "/no/such/folder"],
        vec!["verify", folder.path().to_str().unwrap()],
        vec!["verify"],
        vec!["no-such-command"],
        vec![],
        vec!["fetch", "ftp://vote.example/record/x", "/tmp"],
        vec!["recount", "/no/such.csv", "/no/such.json"],
        vec!["receipt", "/no/such.txt", "--key", "a+b"],
        vec!["witness", "x", "--seed", "/no/such", "--state", "/no/such"],
    ] {
        assert_eq!(code(&audit(&args)), 2, "{args:?}");
    }
}

#[test]
fn help_names_the_exit_codes_and_the_form_of_the_table() {
    assert!(out(&audit(&["--help"])).contains("Exit codes: 0"));
    assert!(out(&audit(&["recount", "--help"])).contains("ballot,picks"));
    assert_eq!(code(&audit(&["--help"])), 0);
}

/// Writes a rulebook and its ballots as plain files, and returns the arguments to count them.
fn plain(folder: &Folder, table: &str) -> Output {
    let sample = build_sample_record(&Plan { cases: 9, ..Plan::one_poll(280) });
    folder.put("rulebook.json", &sample.rulebook);
    folder.put("result.json", &sample.result);
    folder.put("ballots.csv", table);
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let result = path("result.json");
    audit(&["recount", &path("ballots.csv"), &path("rulebook.json"), "--result", &result])
}

#[test]
fn a_recount_of_the_published_ballots_gives_the_published_result() {
    let (folder, sample) = (Folder::new(), small());
    let output = plain(&folder, &sample.cvr["public"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    assert!(text.ends_with("the result says the same\n"), "{text}");
    let votes: u64 =
        text.lines().filter_map(|line| line.split(',').nth(1)?.parse::<u64>().ok()).sum();
    let picks: usize = sample.cvr["public"].lines().skip(1).map(|row| row.split(';').count()).sum();
    assert_eq!(votes, picks as u64);
}

#[test]
fn a_recount_takes_picks_and_rows_in_any_order_and_windows_lines() {
    let (folder, sample) = (Folder::new(), small());
    let mut rows: Vec<String> = sample.cvr["public"].lines().map(str::to_owned).collect();
    rows[1..].reverse();
    for row in &mut rows[1..] {
        let (number, picks) = row.split_once(',').unwrap();
        let picks: Vec<&str> = picks.split(';').rev().collect();
        *row = format!("{number},{}", picks.join(";"));
    }
    let output = plain(&folder, &format!("\u{feff}{}\r\n", rows.join("\r\n")));
    assert_eq!(code(&output), 0, "{}", err(&output));
}

#[test]
fn a_recount_refuses_what_is_no_valid_ballot_with_its_line() {
    let (folder, sample) = (Folder::new(), small());
    let case = |row: usize| {
        let row = sample.cvr["public"].lines().nth(row).unwrap();
        row.split([',', ';']).nth(1).unwrap().to_owned()
    };
    let (one, unknown) = (case(1), "ffffffff-ffff-4fff-8fff-ffffffffffff");
    let mut papers: Vec<String> = sample.cvr["public"].lines().skip(1).map(str::to_owned).collect();
    papers =
        papers.iter().flat_map(|row| row.split([',', ';']).skip(1)).map(str::to_owned).collect();
    papers.sort();
    papers.dedup();
    let four = papers[..4].join(";");
    for (row, rule) in [
        (format!("1,{one}"), "ballot-twice"),
        (format!("2,{unknown}"), "picks"),
        (format!("2,{four}"), "picks"),
        (format!("2,{one};{one}"), "picks"),
        ("2,".to_owned(), "picks"),
        ("2".to_owned(), "picks"),
        (format!("two,{one}"), "ballot-number"),
        (format!("2,{}", one.to_uppercase()), "picks"),
    ] {
        let output = plain(&folder, &format!("ballot,picks\n1,{one}\n{row}\n"));
        assert_eq!(code(&output), 1, "{row}");
        let text = err(&output);
        assert!(text.contains("ballots.csv:3: ") && text.contains(&format!("[{rule}]")), "{text}");
    }
    // What is no table of ballots is not called a wrong one.
    for other in ["ballot;picks\n", "", "PK\u{3}\u{4}"] {
        assert_eq!(code(&plain(&folder, other)), 2, "{other}");
    }
    // A spreadsheet's quotes, its byte order mark and empty lines change nothing.
    let table = format!("ballot,picks\n1,{one}\n");
    let saved = format!("\u{feff}\"ballot\",\"picks\"\r\n\"1\",\"{one}\"\r\n\r\n");
    assert_eq!(err(&plain(&folder, &saved)), err(&plain(&folder, &table)));
    let other = plain(&folder, &format!("ballot,picks\n1,{one}\n"));
    assert!(err(&other).contains("[result-votes]"), "{}", err(&other));
}

#[test]
fn a_receipt_is_checked_offline() {
    use domain::record::receipt::{EntryWithProof, Receipt, ReceiptFile};
    use domain::record::tree::{compute_tree_root, leaf_hash, make_inclusion_proof};
    use domain::record::{entry::LogEntry, note::Note, proof::RecordProof};

    let (folder, sample) = (Folder::new(), small());
    write(&sample, &folder);
    let entry: LogEntry = sample.entries[5].parse().unwrap();
    let LogEntry::Ballot { poll, ballot, commitment, .. } = entry.clone() else { panic!() };
    let (edition, accepted) =
        (sample.edition.parse().unwrap(), "2024-11-28T01:02:03Z".parse().unwrap());
    let note = Receipt { edition, poll, ballot, commitment, accepted, recorded_by: accepted }
        .sign(&signer(7))
        .unwrap();
    let leaves: Vec<_> = sample.entries.iter().map(|line| leaf_hash(line.as_bytes())).collect();
    let node = |node: domain::record::tree::Node| {
        let from = usize::try_from(node.index << node.level).unwrap();
        let range = from..from + (1 << node.level);
        Ok::<_, ()>(compute_tree_root(&leaves[range]))
    };
    let path = make_inclusion_proof(5, leaves.len() as u64, node).unwrap().unwrap();
    let checkpoint: Note =
        std::fs::read_to_string(folder.join("checkpoint")).unwrap().parse().unwrap();
    let proof = RecordProof { extra: None, index: 5, path, checkpoint };
    let file = ReceiptFile { note: note.clone(), included: Some(EntryWithProof { entry, proof }) };
    folder.put("receipt.txt", file.to_string());
    let opening = sample.openings["public"]
        .lines()
        .find(|row| row.starts_with(&ballot.0.simple().to_string()));
    folder.put("opening.txt", format!("opening/v1 {}\n", opening.unwrap().replace(',', " ")));
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let run = |key: &str| {
        audit(&["receipt", &path("receipt.txt"), "--key", key, "--opening", &path("opening.txt")])
    };
    let output = run(&path("key"));
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("entry 5 of"), "{}", out(&output));
    assert!(out(&output).contains("picks of the opening"), "{}", out(&output));
    assert_eq!(code(&run(&signer(8).verifier_key().to_string())), 1);
    // As an editor saves it: a byte order mark, its own line ends, an empty line more.
    for saved in [
        format!("\u{feff}{file}"),
        file.to_string().replace('\n', "\r\n"),
        format!("{}\n\n", file.to_string().trim_end()),
    ] {
        folder.put("receipt.txt", saved);
        let output = run(&path("key"));
        assert_eq!(code(&output), 0, "{}", err(&output));
    }
    folder.put("receipt.txt", file.to_string().replace("index 5", "index 6"));
    assert_eq!(code(&run(&path("key"))), 1);
    folder.put("receipt.txt", "no receipt\n");
    assert_eq!(code(&run(&path("key"))), 2);
}

#[test]
fn a_signed_note_is_checked_and_its_text_is_printed() {
    use domain::record::note::Note;

    let folder = Folder::new();
    let text = "hanpyo submission/v1\nnumber 7\n";
    let note = Note::with_signature(text, signer(7).sign_note_text(text)).unwrap();
    let path = folder.join("receipt.txt").to_str().unwrap().to_owned();
    let run = |key: u8| {
        let key = signer(key).verifier_key().to_string();
        audit(&["note", &path, "--key", &key])
    };
    // As it was downloaded, and as an editor saves it.
    for saved in [note.to_string(), note.to_string().replace('\n', "\r\n")] {
        folder.put("receipt.txt", saved);
        let output = run(7);
        assert_eq!(code(&output), 0, "{}", err(&output));
        assert!(out(&output).ends_with(text), "{}", out(&output));
    }
    assert_eq!(code(&run(8)), 1, "another key");
    folder.put("receipt.txt", note.to_string().replace("number 7", "number 8"));
    assert_eq!(code(&run(7)), 1, "another text");
    folder.put("receipt.txt", "no note\n");
    assert_eq!(code(&run(7)), 2);
}
