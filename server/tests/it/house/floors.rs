//! The floors inside `app`, circles of files, and types of one name.

use std::collections::{BTreeMap, BTreeSet};

use super::{SOURCES, code, files};

/// The floors of `app`, lowest first. A file uses its own module, and modules of lower floors.
const FLOORS: [&[&str]; 7] = [
    &["error"],
    &["words", "ui"],
    &["web"],
    &["islands", "staff"],
    &[
        "accounts",
        "audit",
        "awards",
        "cases",
        "demonstration",
        "editions",
        "fraud",
        "judging",
        "record",
        "voting",
    ],
    &["layer", "routes"],
    &["router"],
];
/// Rooms that show a part of another room.
const SHOWN_PARTS: [(&str, &str); 5] = [
    // The gallery and the page of a case show its award.
    ("cases", "awards"),
    // The landing page shows the winners.
    ("editions", "awards"),
    // The gallery and the page of a case show the basket.
    ("cases", "voting"),
    // The page of the windows shows when they were moved, and by whom.
    ("editions", "audit"),
    // A judge's sheet shows the documents of its case.
    ("judging", "cases"),
];

/// A file of `app` as a module path: `voting/picks.rs` is `voting::picks`.
fn module_of(file: &str) -> String {
    let inner = file.trim_start_matches("app/src/").trim_end_matches(".rs");
    inner.replace('/', "::")
}

/// The paths that begin with `crate::` or `super::` in a text, with braces opened.
fn paths_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in text.match_indices(start) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|sign| sign.is_alphanumeric() || sign == '_' || sign == ':') {
                continue;
            }
            open_braces("", &text[at..], &mut found);
        }
    }
    found
}

/// Reads one path, or the tree of a `use`, from the beginning of a text; returns what it has read.
fn open_braces(prefix: &str, text: &str, found: &mut Vec<String>) -> usize {
    let end = text
        .find(|sign: char| !(sign.is_alphanumeric() || sign == '_' || sign == ':'))
        .unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    if !text[end..].starts_with('{') || !path.ends_with("::") {
        found.push(path);
        return end;
    }
    let mut at = end + 1;
    while let Some(next) = text[at..].find(|sign: char| !sign.is_whitespace() && sign != ',') {
        at += next;
        if text[at..].starts_with('}') {
            return at + 1;
        }
        let read = open_braces(&path, &text[at..], found);
        // `as name` and `*` name nothing else.
        at += read + text[at + read..].find([',', '}']).unwrap_or(0);
    }
    at
}

/// The path from the root of the crate, for a path in the file of a module.
fn absolute(module: &str, path: &str) -> String {
    if let Some(path) = path.strip_prefix("crate::") {
        return path.to_owned();
    }
    let (mut module, mut path) = (module, path);
    while let Some(rest) = path.strip_prefix("super::") {
        path = rest;
        module = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    }
    if module.is_empty() { path.to_owned() } else { format!("{module}::{path}") }
}

/// Which module of `app` uses which: the arrows from file to file.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let files = files("app/src");
    let modules: BTreeSet<String> = files.iter().map(|(name, _)| module_of(name)).collect();
    let mut arrows = BTreeMap::new();
    for (name, text) in &files {
        let module = module_of(name);
        let lines: Vec<&str> = code(text).map(|(_, line)| line).collect();
        let used = paths_in(&lines.join("\n")).into_iter().filter_map(|path| {
            let mut path = absolute(&module, &path);
            while !modules.contains(&path) {
                path = path.rsplit_once("::")?.0.to_owned();
            }
            (path != module).then_some(path)
        });
        arrows.insert(module.clone(), used.collect());
    }
    arrows
}

fn top(module: &str) -> &str {
    module.split("::").next().unwrap()
}

#[test]
fn the_floors_of_app_know_only_lower_floors() {
    let floor = |module: &str| FLOORS.iter().position(|floor| floor.contains(&top(module)));
    let mut wrong = Vec::new();
    for (from, used) in arrows() {
        if from == "lib" {
            continue;
        }
        let Some(own) = floor(&from) else {
            panic!("say in FLOORS on which floor app/src/{} is", top(&from));
        };
        for to in used.iter().filter(|to| *to != "lib" && top(to) != top(&from)) {
            let shown = SHOWN_PARTS.contains(&(top(&from), top(to)));
            if !shown && floor(to).is_none_or(|other| other >= own) {
                wrong.push(format!("{from} uses {to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "move what is used one floor down:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_of_app_use_each_other_in_a_circle() {
    let arrows = arrows();
    let mut circles = BTreeSet::new();
    for start in arrows.keys() {
        let mut open: Vec<&String> = arrows[start].iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(module) = open.pop() {
            if seen.insert(module) {
                open.extend(arrows.get(module).into_iter().flatten());
            }
        }
        if seen.contains(start) {
            circles.insert(start.clone());
        }
    }
    assert!(circles.is_empty(), "these files are in a circle: {circles:#?}");
}

#[test]
fn no_crate_has_two_public_types_of_one_name() {
    let mut twice = Vec::new();
    for folder in SOURCES {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (file, text) in files(folder) {
            for (_, line) in code(&text) {
                let Some(rest) = line.trim_start().strip_prefix("pub") else { continue };
                let rest =
                    rest.strip_prefix("(crate)").or(rest.strip_prefix("(super)")).unwrap_or(rest);
                let mut words = rest.split_whitespace();
                if !matches!(words.next(), Some("struct" | "enum" | "trait" | "type")) {
                    continue;
                }
                let name: String = words
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .take_while(|sign| sign.is_alphanumeric() || *sign == '_')
                    .collect();
                places.entry(name).or_default().push(file.clone());
            }
        }
        twice.extend(places.into_iter().filter(|(_, files)| files.len() > 1));
    }
    assert!(twice.is_empty(), "give each a name of its own: {twice:#?}");
}

/// The reader of paths must be able to find something.
#[test]
fn paths_are_read_with_their_braces() {
    let text = "use crate::web::{answer::{A, b as c}, page};\nfn f() { super::g::h() } my_crate::x";
    let mut paths = paths_in(text);
    paths.sort();
    assert_eq!(
        paths,
        ["crate::web::answer::A", "crate::web::answer::b", "crate::web::page", "super::g::h"]
    );
    assert_eq!(absolute("voting::receipt::leave", "super::x"), "voting::receipt::x");
}
