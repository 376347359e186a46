//! The page of a receipt. It waits until the ballot is in the record, checks the proof in the
//! browser, and keeps receipt, proof and opening in this browser.

use domain::record::key::VerifierKey;
use domain::record::receipt::{Opening, ReceiptFile, tidy_receipt_text};
use phrases::{Lang, verify as words};
use web_sys::Element;

use super::{
    add_listener, fetch_site_text, find_element, language_of, mark_performance_time, record_keys,
    sleep_milliseconds, store, write_element_text,
};
use crate::report::{Mood, report_on_receipt};

/// How often the proof is asked for: in a rush it comes within seconds. In quiet times it may take
/// hours, so the page then asks more and more rarely while it is open.
const PAUSE_MS: i32 = 2_000;
const LONGEST_PAUSE_MS: i32 = 300_000;

struct ReceiptKeeper {
    lang: Lang,
    keys: Vec<VerifierKey>,
    note: String,
    proof: String,
    opening: Option<Opening>,
}

pub(super) fn start_receipt_keeper(place: &Element) {
    if let Some(leave) = find_element("#leave") {
        add_listener(&leave, "submit", |_| store::forget_everything());
    }
    let attribute = |name: &str| place.get_attribute(name).unwrap_or_default();
    let keeper = ReceiptKeeper {
        lang: language_of(place),
        keys: record_keys(place),
        note: tidy_receipt_text(&attribute("data-note")),
        proof: attribute("data-proof"),
        opening: attribute("data-opening").parse().ok(),
    };
    keeper.keep_receipt_file(&keeper.note);
    wasm_bindgen_futures::spawn_local(async move { keeper.wait_for_proof().await });
}

impl ReceiptKeeper {
    /// Keeps receipt and opening, and puts the file into the link that saves it. On a shared machine the
    /// page has no opening and no such link, and nothing is kept.
    fn keep_receipt_file(&self, file: &str) {
        if let Some(link) = find_element("#receipt-file") {
            let text = String::from(js_sys::encode_uri_component(file));
            let _ = link.set_attribute("href", &format!("data:text/plain;charset=utf-8,{text}"));
        }
        if let Some(opening) = &self.opening {
            store::keep_opening(opening);
            store::keep_receipt(opening.ballot, file);
        }
    }

    async fn wait_for_proof(&self) {
        if let Some(file) =
            self.opening.as_ref().and_then(|opening| store::find_receipt(opening.ballot))
            && file.starts_with(&self.note)
            && file.len() > self.note.len()
            && self.show_outcome(&file)
        {
            return;
        }
        let mut pause = PAUSE_MS;
        loop {
            if let Some((200, proof)) = fetch_site_text(&self.proof).await {
                let file = format!("{}-----\n{}\n", self.note, proof.trim_end());
                // What is no proof is no answer of the record: the page of a proxy, for example.
                if file.parse::<ReceiptFile>().is_ok_and(|file| file.included.is_some()) {
                    self.show_outcome(&file);
                    return;
                }
            }
            sleep_milliseconds(pause).await;
            pause = (pause + pause / 4).min(LONGEST_PAUSE_MS);
        }
    }

    /// Checks the file and shows the outcome. Returns false if the file does not fit.
    fn show_outcome(&self, file: &str) -> bool {
        mark_performance_time("verify-begins");
        let found = report_on_receipt(self.lang, file, &self.keys, |_| self.opening.clone());
        mark_performance_time("verify-ends");
        let parsed = file.parse::<ReceiptFile>().ok().and_then(|file| file.included);
        match (found.mood, parsed) {
            (Mood::Recorded, Some(_)) => {
                self.keep_receipt_file(file);
                let picks = if self.opening.is_some() { words::state_picks(self.lang) } else { "" };
                self.show_keeper_state("recorded", words::state_recorded(self.lang), picks);
                true
            }
            _ => {
                self.show_keeper_state("wrong", words::state_wrong(self.lang), "");
                false
            }
        }
    }

    fn show_keeper_state(&self, state: &str, text: &str, more: &str) {
        if let Some(place) = find_element("#keeper") {
            let _ = place.set_attribute("data-state", state);
        }
        write_element_text("#keeper-text", text);
        write_element_text("#keeper-more", more);
    }
}
