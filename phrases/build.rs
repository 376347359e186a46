//! Turns `text/*.json` into one function for each sentence, so that a misspelt key, a missing
//! translation or a forgotten argument fails the build instead of showing on a page.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=text");
    let mut files: Vec<_> = fs::read_dir("text")
        .expect("phrases/text exists")
        .map(|entry| entry.expect("phrases/text can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    let mut code = String::new();
    for file in files {
        code += &generate_module(&file);
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("catalogue.rs");
    fs::write(out, code).expect("OUT_DIR can be written");
}

/// Generates the module of one file; both have the same name.
fn generate_module(file: &Path) -> String {
    let name = file.file_stem().and_then(|stem| stem.to_str()).expect("a plain file name");
    let text = fs::read_to_string(file).expect("the catalogue can be read");
    let keys: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut code =
        format!("/// Sentences of `text/{name}.json`.\npub mod {name} {{\nuse crate::Lang;\n");
    for (key, sentence) in keys {
        code += &generate_function(&format!("{name}.{key}"), &key, &sentence);
    }
    code + "}\n"
}

/// Generates the function of one sentence. Each `{word}` in the text is an argument, in
/// alphabetical order.
fn generate_function(place: &str, key: &str, sentence: &serde_json::Value) -> String {
    let text = |language: &str| {
        sentence[language].as_str().unwrap_or_else(|| panic!("{place} has no \"{language}\""))
    };
    let (ko, en) = (text("ko"), text("en"));
    let arguments = find_arguments(ko);
    assert!(arguments == find_arguments(en), "{place}: the two languages take different arguments");
    let doc = ko.replace('\n', " ");
    let mut code = format!("/// {doc}\n#[must_use]\n");
    if arguments.is_empty() {
        writeln!(
            code,
            "pub const fn {key}(lang: Lang) -> &'static str {{ match lang {{ Lang::Ko => {ko:?}, Lang::En => {en:?} }} }}"
        )
    } else {
        let list: String =
            arguments.iter().map(|name| format!(", {name}: impl std::fmt::Display")).collect();
        writeln!(
            code,
            "pub fn {key}(lang: Lang{list}) -> String {{ match lang {{ Lang::Ko => format!({ko:?}), Lang::En => format!({en:?}) }} }}"
        )
    }
    .expect("a String takes all");
    code
}

fn find_arguments(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
