//! `/verify`: takes a file, a pasted text or the link of a QR code, and checks it in the browser.

use std::cell::Cell;
use std::rc::Rc;

use domain::record::key::VerifierKey;
use domain::record::receipt::{Receipt, ReceiptFile};
use phrases::{Lang, verify as words};
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Element, File, HtmlInputElement, HtmlTextAreaElement};

use super::{document, get, keys, lang, listen, mark, one, show, store, text_of, window, write};
use crate::link;
use crate::report::{self, Mood, grouped, report};

struct Page {
    lang: Lang,
    keys: Vec<VerifierKey>,
    site: String,
    /// The number of the newest check. Answers that belong to an older check are ignored.
    newest: Rc<Cell<u32>>,
}

pub(super) fn wake(place: &Element) {
    let site = place.get_attribute("data-site").unwrap_or_default();
    let newest = Rc::default();
    let page = Rc::new(Page { lang: lang(place), keys: keys(place), site, newest });
    let Some(form) = one("#verify-form") else { return };
    let act = Rc::clone(&page);
    listen(&form, "submit", move |event| {
        event.prevent_default();
        act.check();
    });
    let act = Rc::clone(&page);
    listen(&form, "change", move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.and_then(|input| input.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            Rc::clone(&act).read(file);
        }
    });
    take_drops(&page, &form);
    let act = Rc::clone(&page);
    listen(&window(), "hashchange", move |_| act.follow_link());
    page.list_kept();
    if let Some(forget) = one("#verify-forget") {
        let lang = page.lang;
        listen(&forget, "click", move |_| {
            store::forget();
            show("#verify-list", false);
            show("#verify-forget", false);
            write("#verify-kept-text", words::forgotten(lang));
        });
    }
    page.follow_link();
    page.notice_connection();
    stay();
}

/// Lets the form take a file that is dropped on it.
fn take_drops(page: &Rc<Page>, form: &Element) {
    let mark = |over: bool| {
        let _ = one("#verify-form").map(|form| form.toggle_attribute_with_force("data-over", over));
    };
    listen(form, "dragover", move |event| {
        event.prevent_default();
        mark(true);
    });
    listen(form, "dragleave", move |_| mark(false));
    let page = Rc::clone(page);
    listen(form, "drop", move |event| {
        event.prevent_default();
        mark(false);
        let files = event.dyn_into::<DragEvent>().ok().and_then(|drop| drop.data_transfer());
        if let Some(file) = files.and_then(|data| data.files()).and_then(|files| files.get(0)) {
            Rc::clone(&page).read(file);
        }
    });
}

/// Keeps this page for times without a server: see `public/verify-sw.js`.
fn stay() {
    let navigator = window().navigator();
    // Without TLS there are no workers, and the property is missing.
    if js_sys::Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or_default() {
        let options = web_sys::RegistrationOptions::new();
        // On every other page nothing may come between a voter and the server.
        options.set_scope("/verify");
        let _ = navigator.service_worker().register_with_options("/verify-sw.js", &options);
    }
}

fn text_area() -> Option<HtmlTextAreaElement> {
    one("#field-receipt")?.dyn_into().ok()
}

fn put(text: &str) {
    if let Some(area) = text_area() {
        area.set_value(text);
    }
}

impl Page {
    /// Reads a chosen file into the form and checks it.
    fn read(self: Rc<Self>, file: File) {
        wasm_bindgen_futures::spawn_local(async move {
            put(&text_of(file.text()).await.unwrap_or_default());
            self.check();
        });
    }

    /// Checks the receipt after the `#` of a QR code's link.
    fn follow_link(&self) {
        let location = window().location();
        let hash = location.hash().unwrap_or_default();
        if let Some(note) = link::decode(hash.trim_start_matches('#'), &self.site) {
            put(&note);
            self.check();
        }
    }

    /// Checks the text in the form.
    fn check(&self) {
        self.newest.set(self.newest.get() + 1);
        let text = text_area().map(|area| area.value()).unwrap_or_default();
        let mut keys = self.keys.clone();
        let typed = one("#field-key").and_then(|key| key.dyn_into::<HtmlInputElement>().ok());
        let typed = typed.map(|input| input.value()).unwrap_or_default();
        match typed.trim().parse() {
            Ok(key) => keys.push(key),
            Err(_) if typed.trim().is_empty() => {}
            Err(_) => return self.say(words::key_malformed(self.lang)),
        }
        if text.trim().is_empty() {
            return self.say(words::empty(self.lang));
        }
        mark("verify-begins");
        let found = report(self.lang, &text, &keys, |receipt| store::opening(receipt.ballot));
        mark("verify-ends");
        let Some(result) = one("#verify-result") else { return };
        result.set_inner_html(&found.to_html(self.lang));
        show("#verify-where", matches!(found.mood, Mood::Recorded | Mood::Accepted | Mood::Wrong));
        let asked = found.receipt.filter(|_| self.can_ask(&text));
        let place = match asked {
            Some(_) => words::on_device_asked(self.lang),
            None => words::on_device(self.lang),
        };
        write("#verify-where", place);
        result.scroll_into_view();
        if let Some(receipt) = asked {
            let whole = found.mood == Mood::Recorded;
            let question = Question {
                lang: self.lang,
                receipt,
                lacking: (!whole).then_some((text, keys)),
                check: self.newest.get(),
                newest: Rc::clone(&self.newest),
            };
            wasm_bindgen_futures::spawn_local(question.ask());
        }
    }

    /// Returns whether the site can be asked. One of its own records must have signed the receipt,
    /// and the browser must be online.
    fn can_ask(&self, text: &str) -> bool {
        let Ok(file) = report::tidy(text).parse::<ReceiptFile>() else { return false };
        let ours = |key: &VerifierKey| file.note.signatures().iter().any(|one| key.is_of(one));
        self.keys.iter().any(ours) && window().navigator().on_line()
    }

    fn say(&self, text: &str) {
        show("#verify-where", false);
        write("#verify-result", text);
    }

    /// Lists the receipts that this browser has kept, each as a button that checks it.
    fn list_kept(self: &Rc<Self>) {
        let files = store::receipts();
        let Some(list) = one("#verify-list").filter(|_| !files.is_empty()) else { return };
        for file in files {
            let Ok(receipt) = note_of(&file).parse::<Receipt>() else { continue };
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
            button.set_text_content(Some(&grouped(&receipt)));
            let page = Rc::clone(self);
            listen(&button, "click", move |_| {
                put(&file);
                page.check();
            });
            let _ = line.append_child(&button);
            let _ = list.append_child(&line);
        }
        show("#verify-kept", true);
    }

    fn notice_connection(&self) {
        let now = || show("#verify-offline", !window().navigator().on_line());
        now();
        for kind in ["online", "offline"] {
            listen(&window(), kind, move |_| now());
        }
    }
}

/// Returns the text above a note's signatures.
fn note_of(file: &str) -> String {
    format!("{}\n", file.split("\n\n").next().unwrap_or_default())
}

/// What the site is asked about a receipt: proof and status of its number, and nothing else.
struct Question {
    lang: Lang,
    receipt: Receipt,
    /// The receipt's text and the keys that check it, if it lacks the proof.
    lacking: Option<(String, Vec<VerifierKey>)>,
    /// The number of the check that asks.
    check: u32,
    newest: Rc<Cell<u32>>,
}

impl Question {
    /// Asks for the missing proof and for what became of the ballot. What was checked before does
    /// not depend on the answers.
    async fn ask(self) {
        let mut answered = false;
        if let Some((note, keys)) = &self.lacking {
            let proof = get(&self.address("proof")).await;
            if self.is_late() {
                return;
            }
            answered = proof.is_some();
            if let Some((200, proof)) = proof {
                self.show_proof(note, keys, &proof);
            }
        }
        let status = get(&self.address("status")).await;
        if self.is_late() {
            return;
        }
        if !answered && status.is_none() {
            write("#verify-where", words::on_device_unanswered(self.lang));
        }
        if let Some((200, status)) = status
            && let Some(point) = report::standing(self.lang, &status)
            && let Some(points) = one("#verify-result .verdict-points")
        {
            let _ = points.insert_adjacent_html("beforeend", &point.to_html(self.lang));
        }
    }

    fn address(&self, what: &str) -> String {
        let Receipt { edition, ballot, .. } = &self.receipt;
        format!("/record/{edition}/{what}/{}", ballot.0.simple())
    }

    /// Returns whether a newer check has begun.
    fn is_late(&self) -> bool {
        self.newest.get() != self.check
    }

    fn show_proof(&self, note: &str, keys: &[VerifierKey], proof: &str) {
        let file = format!("{}-----\n{}\n", report::tidy(note), proof.trim_end());
        let found = report(self.lang, &file, keys, |receipt| store::opening(receipt.ballot));
        if let Some(result) = one("#verify-result") {
            result.set_inner_html(&found.to_html(self.lang));
            put(&file);
        }
    }
}
