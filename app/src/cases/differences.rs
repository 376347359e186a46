//! What differs between two texts of a case, word by word.

use std::time::Duration;

use backend::cases::CaseDraft;
use leptos::prelude::*;
use phrases::{Lang, versions as words};
use similar::{ChangeTag, TextDiff};

use crate::words::cases::{self, case_field_label};

/// After this time the rest of a text is compared as a whole. Two stories of the greatest length take far less.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows the texts that differ, each with its name: what is new is underlined, what is gone is struck through.
pub(crate) fn draft_differences(lang: Lang, before: &CaseDraft, after: &CaseDraft) -> AnyView {
    let texts = [
        ("title", &before.title, &after.title),
        ("title_en", &before.title_en, &after.title_en),
        ("summary", &before.summary, &after.summary),
        ("body", &before.body, &after.body),
        ("film", &before.film, &after.film),
    ];
    let differing: Vec<_> = texts
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| {
            view! {
                <h3>{case_field_label(lang, name)}</h3>
                <p class="differences" lang=cases::korean_mark(lang)>
                    {text_differences(lang, before, after)}
                </p>
            }
        })
        .collect();
    if differing.is_empty() {
        return view! { <p>{words::same(lang)}</p> }.into_any();
    }
    differing.into_any()
}

/// Marks what differs between two texts. The words *added* and *removed* are for those who do not see the marks.
fn text_differences(lang: Lang, before: &str, after: &str) -> Vec<AnyView> {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_words(before, after);
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    let run = |(tag, text): (ChangeTag, String)| match tag {
        ChangeTag::Equal => text.into_any(),
        ChangeTag::Insert => {
            let said = format!("[{}] ", words::added(lang));
            view! { <ins><span class="visually-hidden">{said}</span>{text}</ins> }.into_any()
        }
        ChangeTag::Delete => {
            let said = format!("[{}] ", words::removed(lang));
            view! { <del><span class="visually-hidden">{said}</span>{text}</del> }.into_any()
        }
    };
    runs.into_iter().map(run).collect()
}
