//! Honest records: nothing is wrong with them, and the report says what they hold.

use auditor::sample::{Plan, PollPlan, build_sample_record};
use auditor::verify::{TrustedKeys, verify_record};
use domain::record::key::Cosigner;
use domain::record::note::Note;

use crate::support::{Folder, poll, report, signer, small, write};

#[test]
fn a_record_of_any_size_around_the_edges_of_tiles_is_clean() {
    for ballots in [1, 2, 3, 100, 230, 239, 240, 241, 242, 243, 244, 256, 257, 500, 512, 1_000] {
        let folder = Folder::new();
        write(&build_sample_record(&Plan { cases: 9, ..Plan::one_poll(ballots) }), &folder);
        let report = report(&folder);
        assert!(report.is_clean(), "{ballots}: {report}");
        assert_eq!(report.polls[0].received, ballots);
    }
}

#[test]
fn a_record_with_two_polls_changes_holds_rulings_and_an_erase_is_clean() {
    let changing = PollPlan { may_change: true, exact: true, picks: 2, ..poll("changing", 400) };
    let plan = Plan {
        polls: vec![poll("public", 300), changing],
        erased: true,
        cases: 12,
        ..Plan::one_poll(0)
    };
    let folder = Folder::new();
    write(&build_sample_record(&plan), &folder);
    let report = report(&folder);
    assert!(report.is_clean(), "{report}");
    let [public, changing] = report.polls.as_slice() else { panic!("two polls") };
    for poll in [public, changing] {
        let away =
            |reasons: &std::collections::BTreeMap<String, u64>| reasons.values().sum::<u64>();
        let sum = poll.counted + away(&poll.held) + away(&poll.excluded) + poll.replaced;
        assert_eq!(poll.received, sum, "{report}");
        assert!(away(&poll.held) > 0 && away(&poll.excluded) > 0, "{report}");
    }
    assert_eq!(changing.replaced, 40);
    assert_eq!(public.replaced, 0);
}

#[test]
fn a_record_over_three_levels_of_tiles_is_clean() {
    let folder = Folder::new();
    let checkpoint =
        write(&build_sample_record(&Plan { cases: 9, ..Plan::one_poll(66_000) }), &folder);
    assert!(checkpoint.size > 65_536);
    let report = report(&folder);
    assert!(report.is_clean(), "{report}");
}

#[test]
fn of_results_that_were_taken_back_the_last_one_counts() {
    let mut sample = small();
    let result = sample.entries.iter().position(|line| line.starts_with("result/v1")).unwrap();
    let (before, _) = sample.entries[result].rsplit_once(' ').unwrap();
    let taken_back = format!("{before} {}", "5e".repeat(32));
    sample.entries.insert(result, taken_back.clone());
    let folder = Folder::new();
    write(&sample, &folder);
    let honest = report(&folder);
    assert!(honest.is_clean(), "{honest}");
    assert!(honest.not_checked.iter().any(|line| line.contains("taken back")), "{honest}");
    sample.entries.swap(result, result + 1);
    let folder = Folder::new();
    write(&sample, &folder);
    assert_eq!(report(&folder).findings[0].rule, "result-hash");
}

#[test]
fn while_the_vote_is_open_the_rest_is_named_as_not_checked() {
    let mut sample = small();
    let close = sample.entries.iter().position(|line| line.starts_with("close/v1")).unwrap();
    sample.entries.truncate(close);
    let folder = Folder::new();
    write(&sample, &folder);
    for name in ["cvr", "openings"] {
        std::fs::remove_dir_all(folder.join(name)).unwrap();
    }
    std::fs::remove_file(folder.join("result.json")).unwrap();
    let report = report(&folder);
    assert!(report.is_clean(), "{report}");
    assert!(report.not_checked.iter().any(|what| what == "poll public is still open"));
    assert!(report.not_checked.iter().any(|what| what == "no result has been published"));
}

#[test]
fn a_checkpoint_that_was_seen_before_is_checked_against_the_log() {
    let (sample, folder, earlier) = (small(), Folder::new(), Folder::new());
    for size in [1, 2, 255, 256, 257, 280] {
        let mut before = sample.clone();
        before.entries.truncate(size);
        write(&before, &earlier);
        let note = std::fs::read(earlier.join("checkpoint")).unwrap();
        folder.put(&format!("seen/{size}"), note);
    }
    write(&sample, &folder);
    let report = report(&folder);
    assert!(report.is_clean(), "{report}");
    assert!(report.checked.iter().any(|what| what.contains("6 older checkpoints")), "{report}");
}

#[test]
fn an_empty_log_is_clean_and_says_so() {
    let mut sample = small();
    sample.entries.clear();
    let folder = Folder::new();
    write(&sample, &folder);
    let report = report(&folder);
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.size, 0);
}

#[test]
fn a_witness_that_is_asked_for_must_have_cosigned() {
    let folder = Folder::new();
    write(&small(), &folder);
    let witness = Cosigner::from_seed("witness.example/press", &[9; 32]).unwrap();
    let trust = TrustedKeys { key: None, witnesses: vec![witness.verifier_key().to_string()] };
    let before = verify_record(folder.path(), &trust).unwrap();
    assert_eq!(before.findings[0].rule, "witness");
    let note = std::fs::read_to_string(folder.join("checkpoint")).unwrap();
    let mut note: Note = note.parse().unwrap();
    let cosignature = witness.cosign_checkpoint(note.signed_text(), 1_733_000_000);
    note.add_signature(cosignature).unwrap();
    folder.put("checkpoint", note.to_string());
    let after = verify_record(folder.path(), &trust).unwrap();
    assert!(after.is_clean(), "{after}");
    assert_eq!(after.witnesses, [("witness.example/press".to_owned(), 1_733_000_000)]);
}

#[test]
fn a_key_from_outside_decides() {
    let folder = Folder::new();
    write(&small(), &folder);
    let trust = |seed| TrustedKeys {
        key: Some(signer(seed).verifier_key().to_string()),
        witnesses: vec![],
    };
    assert!(verify_record(folder.path(), &trust(7)).unwrap().is_clean());
    assert_eq!(verify_record(folder.path(), &trust(8)).unwrap().findings[0].rule, "key");
}
