//! An observer signs what was checked from end to end, and nothing else.

use std::process::Output;

use auditor::verify::{TrustedKeys, verify_record};
use domain::record::key::{Signer, VerifierKey};
use domain::record::note::Note;
use domain::record::observed::{ResultStatement, SignedStatement, write_statements};
use domain::record::tree::Hash;

use crate::commands::{audit, code, out};
use crate::site::serve;
use crate::support::{Folder, report, small, write};

/// Makes an observer's key in a folder, and returns its public half.
fn new_key(folder: &Folder) -> VerifierKey {
    let seed = folder.join("seed");
    let args = ["observe", "--new-key", "press.example/observer", "--seed", seed.to_str().unwrap()];
    let output = audit(&args);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(code(&audit(&args)), 2, "a key is never written over");
    out(&output).trim().parse().unwrap()
}

fn observe(own: &Folder, record: &Folder) -> Output {
    let seed = own.join("seed");
    audit(&["observe", record.path().to_str().unwrap(), "--seed", seed.to_str().unwrap()])
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Checks that nothing was signed, and why.
fn refused(own: &Folder, record: &Folder, status: i32, why: &str) {
    let output = observe(own, record);
    assert_eq!(code(&output), status, "{why}: {}", err(&output));
    assert_eq!(out(&output), "", "{why}: something is signed");
    assert!(err(&output).contains(why), "{why}: {}", err(&output));
}

/// Returns what an honest observer of the small record signs.
fn statement() -> ResultStatement {
    let sample = small();
    let index = sample.entries.iter().position(|line| line.starts_with("result/v1")).unwrap();
    let origin = "vote.example/record/sample-2024".to_owned();
    ResultStatement {
        origin,
        index: index as u64,
        result: Hash::sha256_of(sample.result.as_bytes()),
    }
}

fn signed(seed: u8) -> SignedStatement {
    let signer = Signer::from_seed(&format!("press-{seed}.example/observer"), &[seed; 32]).unwrap();
    statement().sign(&signer).unwrap()
}

#[test]
fn what_an_observer_signs_verifies_and_is_told_by_whoever_checks_the_record() {
    let (record, own) = (Folder::new(), Folder::new());
    let key = new_key(&own);
    write(&small(), &record);
    let before = report(&record);
    assert!(before.not_checked.iter().any(|what| what.starts_with("observers")), "{before}");
    let output = observe(&own, &record);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(err(&output).contains(&key.to_string()), "{}", err(&output));
    let note: Note = out(&output).parse().unwrap();
    let signed = SignedStatement::from_key_and_note(key.clone(), note).unwrap();
    assert_eq!(signed.result_statement(), &statement());
    record.put("observed", write_statements([&signed]));
    let after = report(&record);
    assert!(after.is_clean(), "{after}");
    assert_eq!(after.observers, [key.to_string()]);
    assert!(after.to_string().contains("observer press.example/observer+"), "{after}");
    let second = observe(&own, &record);
    assert_eq!(out(&second), out(&output), "others' words are no reason to refuse");
}

#[test]
fn without_something_that_speaks_of_the_result_nothing_is_signed() {
    let own = Folder::new();
    new_key(&own);
    for file in ["openings/public.csv", "cvr/public.csv", "result.json"] {
        let record = Folder::new();
        write(&small(), &record);
        std::fs::remove_file(record.join(file)).unwrap();
        assert!(report(&record).is_clean(), "{file}");
        refused(&own, &record, 2, file);
    }
    let mut sample = small();
    let result = sample.entries.iter().position(|line| line.starts_with("result/v1")).unwrap();
    sample.entries.truncate(result);
    let record = Folder::new();
    write(&sample, &record);
    std::fs::remove_file(record.join("result.json")).unwrap();
    refused(&own, &record, 2, "no result");
}

#[test]
fn of_a_record_that_is_wrong_nothing_is_signed() {
    let own = Folder::new();
    new_key(&own);
    let record = Folder::new();
    write(&small(), &record);
    let mut openings = small().openings["public"].clone();
    // The first digit of the first ballot's key, after its number and a comma.
    let digit = openings.find('\n').unwrap() + 1 + 33;
    let other = if openings[digit..].starts_with('0') { "1" } else { "0" };
    openings.replace_range(digit..=digit, other);
    record.put("openings/public.csv", openings);
    refused(&own, &record, 1, "[opening-commitment]");
    let record = Folder::new();
    write(&small(), &record);
    record.put("result.json", small().result.replacen(':', ": ", 1));
    refused(&own, &record, 1, "[result-hash]");
}

#[test]
fn a_result_that_was_taken_back_is_not_what_is_signed() {
    let mut sample = small();
    let result = sample.entries.iter().position(|line| line.starts_with("result/v1")).unwrap();
    let (before, _) = sample.entries[result].rsplit_once(' ').unwrap();
    let taken_back = format!("{before} {}", "5e".repeat(32));
    sample.entries.insert(result, taken_back);
    let (record, own) = (Folder::new(), Folder::new());
    let key = new_key(&own);
    write(&sample, &record);
    let output = observe(&own, &record);
    let signed = SignedStatement::from_key_and_note(key, out(&output).parse().unwrap()).unwrap();
    let now = ResultStatement { index: statement().index + 1, ..statement() };
    assert_eq!(signed.result_statement(), &now);
    record.put("observed", write_statements([&self::signed(1)]));
    assert_eq!(report(&record).findings[0].rule, "observed");
}

#[test]
fn a_word_that_nobody_gave_is_found() {
    let record = Folder::new();
    write(&small(), &record);
    let good = write_statements([&signed(1), &signed(2)]);
    record.put("observed", &good);
    let clean = report(&record);
    assert!(clean.is_clean(), "{clean}");
    assert_eq!(clean.observers.len(), 2);
    let signer = Signer::from_seed("press-1.example/observer", &[1; 32]).unwrap();
    let elsewhere =
        ResultStatement { origin: "vote.example/record/other".to_owned(), ..statement() };
    let another = ResultStatement { result: Hash::sha256_of(b"another"), ..statement() };
    let earlier = ResultStatement { index: statement().index - 1, ..statement() };
    let wrong = [elsewhere, another, earlier];
    let signed_wrong = wrong.map(|wrong| wrong.sign(&signer).unwrap().to_string());
    let mut foreign = signed(2).to_string();
    foreign.replace_range(..foreign.find('\n').unwrap(), &signed(1).observer_key().to_string());
    for text in signed_wrong.into_iter().chain([
        foreign,
        String::new(),
        good.trim_end().to_owned(),
        good.replace("-----\n", ""),
        good.replace("press-2", "press-3"),
    ]) {
        record.put("observed", &text);
        let report = report(&record);
        assert_eq!(report.findings.len(), 1, "{text}");
        assert_eq!((report.findings[0].rule, &*report.findings[0].file), ("observed", "observed"));
    }
}

#[test]
fn a_mirror_brings_the_words_of_observers() {
    let (site, mirror) = (Folder::new(), Folder::new());
    let address = serve(site.path());
    write(&small(), &site);
    site.put("observed", write_statements([&signed(1)]));
    let output = audit(&["fetch", &address, mirror.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let mirrored = verify_record(mirror.path(), &TrustedKeys::default()).unwrap();
    assert!(mirrored.is_clean(), "{mirrored}");
    assert_eq!(mirrored.observers, [signed(1).observer_key().to_string()]);
}

#[test]
fn only_a_key_for_observers_signs() {
    let (record, own) = (Folder::new(), Folder::new());
    write(&small(), &record);
    let seed = own.join("seed");
    let seed = seed.to_str().unwrap();
    let made = audit(&["witness", "--new-key", "press.example/witness", "--seed", seed]);
    assert_eq!(code(&made), 0);
    refused(&own, &record, 2, "hanpyo-observer/v1");
    let hangul = own.join("other");
    let args = ["observe", "--new-key", "신문", "--seed", hangul.to_str().unwrap()];
    assert_eq!(code(&audit(&args)), 2);
    assert!(!hangul.exists(), "a key that cannot be used is not kept");
}
