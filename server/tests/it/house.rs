//! The rules of this project that neither the compiler nor clippy checks. Each failure says what
//! to do.

mod floors;

use std::fs;
use std::path::{Path, PathBuf};

/// The source folders of the program, without tests.
const SOURCES: [&str; 10] = [
    "domain/src",
    "phrases/src",
    "press/src",
    "documents/src",
    "voter/src",
    "backend/src",
    "app/src",
    "server/src",
    "auditor/src",
    "simulator/src",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns every Rust file below a folder, with its text up to its unit tests.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            found.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    SOURCES.iter().flat_map(|folder| files(folder)).collect()
}

/// Returns the lines of a file that are code, without comments and unit tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end]
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Returns the lines of code that are `wrong`, outside the files where they are allowed.
fn offenders(may: impl Fn(&str) -> bool, wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in sources() {
        let is_test = name.ends_with("/tests.rs") || name.contains("/tests/");
        if is_test || may(&name) {
            continue;
        }
        let lines = code(&text).filter(|(_, line)| wrong(line));
        found.extend(lines.map(|(number, line)| format!("{name}:{number}: {}", line.trim())));
    }
    found
}

#[test]
fn sql_stands_only_in_files_named_queries() {
    let calls = ["sqlx::query", "query!(", "query_as!(", "query_scalar!("];
    let found = offenders(
        |name| name.ends_with("/queries.rs"),
        |line| calls.iter().any(|call| line.contains(call)),
    );
    assert!(found.is_empty(), "move the SQL into queries.rs:\n{}", found.join("\n"));
}

#[test]
fn a_transaction_is_opened_in_one_place_alone() {
    let found = offenders(|name| name == "backend/src/lib.rs", |line| line.contains(".begin()"));
    assert!(found.is_empty(), "use Backend::transact:\n{}", found.join("\n"));
}

#[test]
fn a_file_has_at_most_400_lines() {
    let tests = ["backend/tests", "server/tests", "auditor/tests", "simulator/tests"]
        .iter()
        .flat_map(|folder| files(folder));
    let long: Vec<String> = sources()
        .into_iter()
        .chain(tests)
        .filter(|(_, text)| text.lines().count() > 400)
        .map(|(name, text)| format!("{name}: {}", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "split these files:\n{}", long.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "begin these files with //!:\n{}", silent.join("\n"));
}

#[test]
fn no_documentation_has_an_example_that_nobody_runs() {
    let is_example = |line: &&str| {
        let line = line.trim_start();
        (line.starts_with("///") || line.starts_with("//!")) && line.ends_with("```")
    };
    let found: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().any(|line| is_example(&line)))
        .map(|(name, _)| name)
        .collect();
    assert!(found.is_empty(), "make a test of the examples in:\n{}", found.join("\n"));
}

#[test]
fn every_sentence_is_in_the_catalogue() {
    let hangul = |line: &str| line.chars().any(|sign| ('가'..='힣').contains(&sign));
    // Words that are looked for in what people write, and never shown, are no sentences of ours.
    let looked_for =
        ["backend/src/personal_data/patterns.rs", "backend/src/cases/from_file/labels.rs"];
    let may = |name: &str| name.starts_with("phrases/") || looked_for.contains(&name);
    let found = offenders(may, |line| hangul(line.split("//").next().unwrap_or(line)));
    assert!(found.is_empty(), "move the words into phrases/text:\n{}", found.join("\n"));
}

#[test]
fn nothing_that_decides_is_a_float() {
    let word = |line: &str, kind: &str| {
        line.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').any(|w| w == kind)
    };
    // Times in the browser are floats: performance.now() and timers. So are lengths on paper, which
    // decide nothing.
    let may = |name: &str| name.starts_with("app/") || name.starts_with("press/");
    let found = offenders(may, |line| word(line, "f64") || word(line, "f32"));
    assert!(found.is_empty(), "use an integer or a Fraction:\n{}", found.join("\n"));
}

#[test]
fn the_auditor_shares_only_the_formats_of_the_record() {
    // Its samples are written by the server's code, so that its reader is checked against it.
    let may =
        |name: &str| !name.starts_with("auditor/src/") || name.starts_with("auditor/src/sample");
    let found =
        offenders(may, |line| line.contains("domain::") && !line.contains("domain::record::"));
    assert!(found.is_empty(), "a second opinion computes by itself:\n{}", found.join("\n"));
}

#[test]
fn every_message_about_an_edition_is_marked_in_a_rehearsal() {
    // A new password, and the mail to a colleague who has an account, are about no edition.
    let apart = ["backend/src/accounts/resets.rs", "backend/src/accounts/invitations/letter.rs"];
    for (name, text) in files("backend/src") {
        let count = |what: &str| text.matches(what).count();
        let types: usize = ["-> ", "struct ", "impl "]
            .iter()
            .flat_map(|word| {
                ["Letter {", "TextMessage {"].map(|kind| count(&format!("{word}{kind}")))
            })
            .sum();
        let made = count("Letter {") + count("TextMessage {") - types;
        let about = made - usize::from(apart.contains(&name.as_str()));
        let marked = count(".marked_if_rehearsal(");
        assert_eq!(about, marked, "{name}: messages, and those that are marked");
    }
}

#[test]
fn no_view_carries_an_inline_style_or_handler() {
    let found = offenders(
        |_| false,
        |line| {
            [" style=", " onclick=", " onload=", " onchange="].iter().any(|at| line.contains(at))
        },
    );
    assert!(found.is_empty(), "the content security policy forbids these:\n{}", found.join("\n"));
}

#[test]
fn a_server_function_names_its_endpoint_and_has_at_most_ten_lines() {
    let mut count = 0;
    for (name, text) in files("app/src") {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("#[server"))
        {
            count += 1;
            assert!(line.contains("endpoint ="), "{name}:{}: name the endpoint", at + 1);
            let open = (at..).find(|&line| lines[line].ends_with('{')).unwrap();
            let close = (open..).find(|&line| lines[line] == "}").unwrap();
            assert!(close - open <= 11, "{name}:{}: at most ten lines", at + 1);
            let body = lines[open..close].join(" ");
            assert!(body.contains("server_context()"), "{name}:{}: ask who is calling", at + 1);
        }
    }
    assert!(count > 0, "this test has found no server function to look at");
}

#[test]
fn each_floor_knows_only_the_floors_below() {
    let manifest = |folder: &str| {
        let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        text.split("[dev-dependencies]").next().unwrap().to_owned()
    };
    for (floor, unknown) in [
        ("domain", vec!["backend", "app", "axum", "leptos", "tokio"]),
        ("phrases", vec!["domain", "backend", "app", "axum", "leptos"]),
        ("press", vec!["domain", "phrases", "backend", "app", "axum", "leptos", "tokio"]),
        ("voter", vec!["backend", "app", "axum", "leptos", "tokio"]),
        ("backend", vec!["voter", "app", "axum", "leptos", "tower"]),
        ("app", vec!["server", "sqlx"]),
        // The auditor must not share the backend's code for reading the record.
        ("auditor", vec!["phrases", "backend", "app", "server", "leptos", "sqlx"]),
        ("simulator", vec!["backend", "app", "server"]),
    ] {
        let text = manifest(floor);
        for name in unknown {
            let named = text
                .lines()
                .any(|line| line.split(['.', ' ', '=']).next().is_some_and(|first| first == name));
            assert!(!named, "{floor} must not depend on {name}");
        }
    }
}
