//! The page of a receipt. It waits until the ballot is in the record, checks the proof in the
//! browser, and keeps receipt, proof and opening in this browser.

use domain::record::key::VerifierKey;
use domain::record::receipt::{Opening, ReceiptFile};
use phrases::{Lang, verify as words};
use web_sys::Element;

use super::{get, keys, lang, listen, mark, one, rest, store, write};
use crate::report::{Mood, report, tidy};

/// How often and how many times the proof is asked for. The proof takes a minute at most.
const PAUSE_MS: i32 = 2_000;
const TRIES: u32 = 60;

struct Keeper {
    lang: Lang,
    keys: Vec<VerifierKey>,
    note: String,
    proof: String,
    opening: Option<Opening>,
}

pub(super) fn wake(place: &Element) {
    if let Some(leave) = one("#leave") {
        listen(&leave, "submit", |_| store::forget());
    }
    let attribute = |name: &str| place.get_attribute(name).unwrap_or_default();
    let keeper = Keeper {
        lang: lang(place),
        keys: keys(place),
        note: tidy(&attribute("data-note")),
        proof: attribute("data-proof"),
        opening: attribute("data-opening").parse().ok(),
    };
    keeper.keep(&keeper.note);
    wasm_bindgen_futures::spawn_local(async move { keeper.wait().await });
}

impl Keeper {
    /// Keeps receipt and opening. On a shared machine the page has no opening, and nothing is kept.
    fn keep(&self, file: &str) {
        if let Some(opening) = &self.opening {
            store::keep_opening(opening);
            store::keep_receipt(opening.ballot, file);
        }
    }

    async fn wait(&self) {
        if let Some(file) = self.opening.as_ref().and_then(|opening| store::receipt(opening.ballot))
            && file.starts_with(&self.note)
            && file.len() > self.note.len()
            && self.say(&file)
        {
            return;
        }
        for _ in 0..TRIES {
            if let Some((200, proof)) = get(&self.proof).await {
                let file = format!("{}-----\n{}\n", self.note, proof.trim_end());
                self.say(&file);
                return;
            }
            rest(PAUSE_MS).await;
        }
        self.tell("late", words::state_late(self.lang), "");
    }

    /// Checks the file and shows the outcome. Returns false if the file does not fit.
    fn say(&self, file: &str) -> bool {
        mark("verify-begins");
        let found = report(self.lang, file, &self.keys, |_| self.opening.clone());
        mark("verify-ends");
        let parsed = file.parse::<ReceiptFile>().ok().and_then(|file| file.included);
        match (found.mood, parsed) {
            (Mood::Recorded, Some(_)) => {
                self.keep(file);
                let time = found.receipt.map(|receipt| receipt.accepted.to_string());
                let time = crate::report::korean_minute(&time.unwrap_or_default());
                let picks = if self.opening.is_some() { words::state_picks(self.lang) } else { "" };
                self.tell("recorded", &words::state_recorded(self.lang, time), picks);
                true
            }
            _ => {
                self.tell("wrong", words::state_wrong(self.lang), "");
                false
            }
        }
    }

    fn tell(&self, state: &str, text: &str, more: &str) {
        if let Some(place) = one("#keeper") {
            let _ = place.set_attribute("data-state", state);
        }
        write("#keeper-text", text);
        write("#keeper-more", more);
    }
}
