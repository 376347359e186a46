//! Starts of the binary that are refused before anything else happens, and the unit that starts it.

use std::path::Path;
use std::process::Command;

use uuid::Uuid;

/// Runs `hanpyo serve` behind a line of shell, in this working directory, without the variables of
/// the test. Returns what it says.
fn refuse_start(before: &str, working: &Path, arguments: &[&str]) -> String {
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("{before} exec \"$0\" serve --listen 127.0.0.1:0 \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_hanpyo"))
        .args(arguments)
        .env_clear()
        .current_dir(working)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said
}

/// Refuses a start with a data folder of its own, and checks that the start has made nothing.
fn refuse_start_in_new_folder(before: &str, arguments: &[&str]) -> String {
    let folder = std::env::temp_dir().join(format!("hanpyo-start-{}", Uuid::new_v4()));
    let mut all = vec!["--data-dir", folder.to_str().unwrap()];
    all.extend(arguments);
    let said = refuse_start(before, &std::env::temp_dir(), &all);
    assert!(!folder.exists(), "{said}");
    said
}

/// Runs `hanpyo check --result` on this document and returns the exit code.
fn check_result(document: &str) -> Option<i32> {
    let file = std::env::temp_dir().join(format!("hanpyo-result-{}.json", Uuid::new_v4()));
    std::fs::write(&file, document).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hanpyo"))
        .args(["check", "--result", file.to_str().unwrap()])
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    output.status.code()
}

#[test]
fn a_result_is_right_wrong_or_not_for_this_version() {
    let example = include_str!("../../../docs/tally-example.json");
    let changed = |from: &str, to: &str| {
        assert!(example.contains(from), "{from}");
        example.replacen(from, to, 1)
    };
    for (document, code) in [
        (example.to_owned(), 0),
        (format!("\u{feff}{}", example.replace('\n', "\r\n")), 0),
        (changed("\"rank\": 1", "\"rank\": 2"), 1),
        (changed("hanpyo-result/v1", "hanpyo-result/v2"), 2),
        (changed("\"rulebook\": {", "\"later\": 1, \"rulebook\": {"), 2),
        ("no result".to_owned(), 2),
    ] {
        assert_eq!(check_result(&document), Some(code), "{document}");
    }
}

#[test]
fn too_few_open_files_are_refused_in_plain_words() {
    let said = refuse_start_in_new_folder("ulimit -n 200;", &[]);
    assert!(said.contains("may open only 200 files"), "{said}");
    assert!(said.contains("LimitNOFILE"), "{said}");
}

#[test]
fn a_demonstration_at_a_public_address_is_refused() {
    let public = ["--demo", "--public-url", "https://vote.example.kr"];
    let said = refuse_start_in_new_folder("", &public);
    assert!(said.contains("a demonstration has known passwords"), "{said}");
    let said = refuse_start_in_new_folder("", &["--demo", "--drill"]);
    assert!(said.contains("a drill is no demonstration"), "{said}");
}

#[test]
fn a_service_without_a_working_directory_needs_a_whole_path() {
    let said = refuse_start("", Path::new("/"), &[]);
    assert!(said.contains("relative to the working directory"), "{said}");
}

#[test]
fn a_user_that_does_not_exist_is_refused() {
    let said = refuse_start_in_new_folder("", &["--run-as", "no-such-user-of-hanpyo"]);
    assert!(said.contains("there is no user no-such-user-of-hanpyo"), "{said}");
}

#[test]
fn systemd_accepts_the_unit() {
    let unit = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hanpyo.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    // The program is not installed on this machine.
    let here = unit.replace("ExecStart=/usr/local/bin/hanpyo serve", "ExecStart=/bin/true");
    assert_ne!(here, unit);
    let folder = std::env::temp_dir().join(format!("hanpyo-unit-{}", Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("hanpyo.service");
    std::fs::write(&file, here).unwrap();
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&file).output();
    std::fs::remove_dir_all(&folder).unwrap();
    match verified {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            // Other units of the machine may have faults of their own.
            let ours: Vec<&str> =
                said.lines().filter(|line| line.contains("hanpyo.service")).collect();
            assert!(ours.is_empty(), "{}", ours.join("\n"));
        }
        Err(_) => eprintln!("skipped: this machine has no systemd-analyze"),
    }
}
