//! `/verify`: takes a file, a pasted text or the link of a QR code, and checks it in the browser.

use std::cell::Cell;
use std::rc::Rc;

use domain::record::key::VerifierKey;
use domain::record::receipt::{Receipt, ReceiptFile, tidy_receipt_text};
use phrases::{Lang, verify as words};
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Element, File, HtmlInputElement, HtmlTextAreaElement};

use super::{
    add_listener, document, fetch_site_text, find_element, language_of, mark_performance_time,
    promise_text, record_keys, set_visible, store, window, write_element_text,
};
use crate::link;
use crate::report::{self, Mood, group_ballot_number, report_on_receipt};

struct VerifyPage {
    lang: Lang,
    keys: Vec<VerifierKey>,
    site: String,
    /// The number of the newest check. Answers that belong to an older check are ignored.
    newest: Rc<Cell<u32>>,
}

pub(super) fn start_verify_page(place: &Element) {
    let site = place.get_attribute("data-site").unwrap_or_default();
    let newest = Rc::default();
    let page =
        Rc::new(VerifyPage { lang: language_of(place), keys: record_keys(place), site, newest });
    let Some(form) = find_element("#verify-form") else { return };
    let act = Rc::clone(&page);
    add_listener(&form, "submit", move |event| {
        event.prevent_default();
        act.check_receipt_text();
    });
    let act = Rc::clone(&page);
    add_listener(&form, "change", move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.and_then(|input| input.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            Rc::clone(&act).read_chosen_file(file);
        }
    });
    accept_dropped_files(&page, &form);
    let act = Rc::clone(&page);
    add_listener(&window(), "hashchange", move |_| act.follow_link());
    page.list_kept_receipts();
    if let Some(forget) = find_element("#verify-forget") {
        let lang = page.lang;
        add_listener(&forget, "click", move |_| {
            store::forget_everything();
            set_visible("#verify-list", false);
            set_visible("#verify-forget", false);
            write_element_text("#verify-kept-text", words::forgotten(lang));
        });
    }
    page.follow_link();
    page.watch_connection();
    register_worker();
}

/// Largest file that is read, in bytes: many times a receipt, which is a page of text.
const LARGEST_FILE: i32 = 256 * 1024;

/// Lets the form take a file that is dropped on it.
fn accept_dropped_files(page: &Rc<VerifyPage>, form: &Element) {
    let mark = |over: bool| {
        let _ = find_element("#verify-form")
            .map(|form| form.toggle_attribute_with_force("data-over", over));
    };
    add_listener(form, "dragover", move |event| {
        event.prevent_default();
        mark(true);
    });
    add_listener(form, "dragleave", move |_| mark(false));
    let page = Rc::clone(page);
    add_listener(form, "drop", move |event| {
        event.prevent_default();
        mark(false);
        let files = event.dyn_into::<DragEvent>().ok().and_then(|drop| drop.data_transfer());
        if let Some(file) = files.and_then(|data| data.files()).and_then(|files| files.get(0)) {
            Rc::clone(&page).read_chosen_file(file);
        }
    });
}

/// Keeps this page for times without a server: see `public/verify-sw.js`.
fn register_worker() {
    let navigator = window().navigator();
    // Without TLS there are no workers, and the property is missing.
    if js_sys::Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or_default() {
        let options = web_sys::RegistrationOptions::new();
        // On every other page nothing may come between a voter and the server.
        options.set_scope("/verify");
        let _ = navigator.service_worker().register_with_options("/verify-sw.js", &options);
    }
}

fn receipt_text_area() -> Option<HtmlTextAreaElement> {
    find_element("#field-receipt")?.dyn_into().ok()
}

fn fill_text_area(text: &str) {
    if let Some(area) = receipt_text_area() {
        area.set_value(text);
    }
}

impl VerifyPage {
    /// Reads a chosen file into the form and checks it.
    fn read_chosen_file(self: Rc<Self>, file: File) {
        wasm_bindgen_futures::spawn_local(async move {
            // A photograph or a film in the text field would stop the browser.
            let Ok(start) = file.slice_with_i32_and_i32(0, LARGEST_FILE + 1) else { return };
            let text = promise_text(start.text()).await.unwrap_or_default();
            if i32::try_from(text.len()).is_ok_and(|length| length <= LARGEST_FILE) {
                fill_text_area(&text);
                return self.check_receipt_text();
            }
            self.newest.set(self.newest.get() + 1);
            fill_text_area("");
            self.show_message(words::file_too_large(self.lang));
        });
    }

    /// Checks the receipt after the `#` of a QR code's link.
    fn follow_link(&self) {
        let location = window().location();
        let hash = location.hash().unwrap_or_default();
        if let Some(note) = link::decode_receipt(hash.trim_start_matches('#'), &self.site) {
            fill_text_area(&note);
            self.check_receipt_text();
        }
    }

    /// Checks the text in the form.
    fn check_receipt_text(&self) {
        self.newest.set(self.newest.get() + 1);
        let text = receipt_text_area().map(|area| area.value()).unwrap_or_default();
        let mut keys = self.keys.clone();
        let typed =
            find_element("#field-key").and_then(|key| key.dyn_into::<HtmlInputElement>().ok());
        let typed = typed.map(|input| input.value()).unwrap_or_default();
        match typed.trim().parse() {
            Ok(key) => keys.push(key),
            Err(_) if typed.trim().is_empty() => {}
            Err(_) => return self.show_message(words::key_malformed(self.lang)),
        }
        if text.trim().is_empty() {
            return self.show_message(words::empty(self.lang));
        }
        mark_performance_time("verify-begins");
        let found = report_on_receipt(self.lang, &text, &keys, |receipt| {
            store::find_opening(receipt.ballot)
        });
        mark_performance_time("verify-ends");
        let Some(result) = find_element("#verify-result") else { return };
        result.set_inner_html(&found.to_html(self.lang));
        set_visible(
            "#verify-where",
            matches!(found.mood, Mood::Recorded | Mood::Accepted | Mood::Wrong),
        );
        let asked = found.receipt.filter(|_| self.can_ask(&text));
        let place = match asked {
            Some(_) => words::on_device_asked(self.lang),
            None => words::on_device(self.lang),
        };
        write_element_text("#verify-where", place);
        result.scroll_into_view();
        if let Some(receipt) = asked {
            let whole = found.mood == Mood::Recorded;
            let question = RecordQuestion {
                lang: self.lang,
                receipt,
                lacking: (!whole).then_some((text, keys)),
                check: self.newest.get(),
                newest: Rc::clone(&self.newest),
            };
            wasm_bindgen_futures::spawn_local(question.ask_record_site());
        }
    }

    /// Returns whether the site can be asked. One of its own records must have signed the receipt,
    /// and the browser must be online.
    fn can_ask(&self, text: &str) -> bool {
        let Ok(file) = tidy_receipt_text(text).parse::<ReceiptFile>() else { return false };
        let ours =
            |key: &VerifierKey| file.note.signatures().iter().any(|one| key.is_claimed_by(one));
        self.keys.iter().any(ours) && window().navigator().on_line()
    }

    fn show_message(&self, text: &str) {
        set_visible("#verify-where", false);
        write_element_text("#verify-result", text);
    }

    /// Lists the receipts that this browser has kept, each as a button that checks it.
    fn list_kept_receipts(self: &Rc<Self>) {
        let files = store::read_kept_receipts();
        let Some(list) = find_element("#verify-list").filter(|_| !files.is_empty()) else { return };
        for file in files {
            let Ok(receipt) = signed_note_text(&file).parse::<Receipt>() else { continue };
            let (Ok(line), Ok(button)) =
                (document().create_element("li"), document().create_element("button"))
            else {
                continue;
            };
            for (name, value) in
                [("type", "button"), ("class", "button"), ("data-weight", "secondary")]
            {
                let _ = button.set_attribute(name, value);
            }
            button.set_text_content(Some(&group_ballot_number(&receipt)));
            let page = Rc::clone(self);
            add_listener(&button, "click", move |_| {
                fill_text_area(&file);
                page.check_receipt_text();
            });
            let _ = line.append_child(&button);
            let _ = list.append_child(&line);
        }
        set_visible("#verify-kept", true);
    }

    fn watch_connection(&self) {
        let now = || set_visible("#verify-offline", !window().navigator().on_line());
        now();
        for kind in ["online", "offline"] {
            add_listener(&window(), kind, move |_| now());
        }
    }
}

/// Returns the text above a note's signatures.
fn signed_note_text(file: &str) -> String {
    format!("{}\n", file.split("\n\n").next().unwrap_or_default())
}

/// What the site is asked about a receipt: proof and status of its number, and nothing else.
struct RecordQuestion {
    lang: Lang,
    receipt: Receipt,
    /// The receipt's text and the keys that check it, if it lacks the proof.
    lacking: Option<(String, Vec<VerifierKey>)>,
    /// The number of the check that asks.
    check: u32,
    newest: Rc<Cell<u32>>,
}

impl RecordQuestion {
    /// Asks for the missing proof and for what became of the ballot. What was checked before does
    /// not depend on the answers.
    async fn ask_record_site(self) {
        let mut answered = false;
        if let Some((note, keys)) = &self.lacking {
            let proof = fetch_site_text(&self.record_address("proof")).await;
            if self.is_outdated() {
                return;
            }
            answered = proof.is_some();
            if let Some((200, proof)) = proof {
                self.show_proof(note, keys, &proof);
            }
        }
        let status = fetch_site_text(&self.record_address("status")).await;
        if self.is_outdated() {
            return;
        }
        if !answered && status.is_none() {
            write_element_text("#verify-where", words::on_device_unanswered(self.lang));
        }
        if let Some((200, status)) = status
            && let Some(point) = report::describe_ballot_status(self.lang, &status)
            && let Some(points) = find_element("#verify-result .verdict-points")
        {
            let _ = points.insert_adjacent_html("beforeend", &point.to_html(self.lang));
        }
    }

    fn record_address(&self, what: &str) -> String {
        let Receipt { edition, ballot, .. } = &self.receipt;
        format!("/record/{edition}/{what}/{}", ballot.0.simple())
    }

    /// Returns whether a newer check has begun.
    fn is_outdated(&self) -> bool {
        self.newest.get() != self.check
    }

    fn show_proof(&self, note: &str, keys: &[VerifierKey], proof: &str) {
        let file = format!("{}-----\n{}\n", tidy_receipt_text(note), proof.trim_end());
        // What is no proof is no answer of the record: the page of a proxy, for example.
        if !file.parse::<ReceiptFile>().is_ok_and(|file| file.included.is_some()) {
            return;
        }
        let found = report_on_receipt(self.lang, &file, keys, |receipt| {
            store::find_opening(receipt.ballot)
        });
        if let Some(result) = find_element("#verify-result") {
            result.set_inner_html(&found.to_html(self.lang));
            fill_text_area(&file);
        }
    }
}
