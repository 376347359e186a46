//! The check page: sends the ballot and tries again until there is an answer. A ballot without an
//! answer is unknown, never failed. Every attempt has the same key, so that it is the same ballot.

use std::cell::Cell;
use std::rc::Rc;

use phrases::{Lang, voting as words};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, Headers, HtmlFormElement, HtmlInputElement, RequestInit, Response, Storage,
};

use super::{
    add_listener, find_element, language_of, move_focus, reload_when_restored, set_visible,
    sleep_milliseconds, window, write_element_text,
};

/// Pauses between attempts, in seconds; the last one is repeated.
const PAUSES: [i32; 6] = [1, 2, 4, 8, 12, 15];
/// After this many attempts the page says how to go on without waiting.
const LONG: usize = 4;
/// The storage key under which the key of a sent ballot is kept until there is an answer.
const KEY: &str = "hanpyo.key.";

struct BallotSender {
    lang: Lang,
    form: HtmlFormElement,
    sending: Cell<bool>,
}

/// The outcome of an attempt.
enum SendOutcome {
    /// This ballot or an earlier one is in; go on to this address.
    Done(String),
    /// A clear answer; the server's own page explains it best.
    Answered,
    /// Unknown; try again, after this many seconds if the server named them.
    Unknown(Option<i32>),
}

pub(super) fn start_ballot_sender(place: &Element) {
    let Ok(form) = place.clone().dyn_into::<HtmlFormElement>() else { return };
    let caster =
        Rc::new(BallotSender { lang: language_of(place), form, sending: Cell::new(false) });
    caster.restore_ballot_key();
    caster.note_script();
    // A restored page would still say that it is sending. A reloaded page knows whether the ballot
    // is in.
    reload_when_restored();
    add_listener(place, "submit", move |event| {
        event.prevent_default();
        if !caster.sending.replace(true) {
            let caster = Rc::clone(&caster);
            wasm_bindgen_futures::spawn_local(async move { caster.send_ballot().await });
        }
    });
    if let Some(again) = find_element("#cast-again") {
        // A page load with the same key: it works when nothing else does.
        add_listener(&again, "click", |_| {
            if let Some(form) = find_element("#cast-form").and_then(|form| form.dyn_into().ok()) {
                let form: HtmlFormElement = form;
                let _ = form.submit();
            }
        });
    }
}

fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

impl BallotSender {
    /// Writes the body that the form would post. Its values are ids, which need no escaping.
    fn encode_form_body(&self) -> String {
        let Ok(inputs) = self.form.query_selector_all("input[name]") else { return String::new() };
        let input = |at| inputs.item(at)?.dyn_into::<HtmlInputElement>().ok();
        let pairs: Vec<String> = (0..inputs.length())
            .filter_map(input)
            .map(|input| format!("{}={}", input.name(), input.value()))
            .collect();
        pairs.join("&")
    }

    /// Says in the form that the script ran, for the fraud checks.
    fn note_script(&self) {
        let field = self.form.query_selector("input[name='script']").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            field.set_value("yes");
        }
    }

    fn ballot_key_input(&self) -> Option<HtmlInputElement> {
        self.form.query_selector("input[name='key']").ok().flatten()?.dyn_into().ok()
    }

    /// Returns the picks in the form, without the ballot's key.
    fn picks_in_form(&self) -> String {
        let body = self.encode_form_body();
        let picks = body.split('&').filter(|pair| pair.starts_with("case="));
        picks.collect::<Vec<_>>().join("&")
    }

    fn ballot_storage_key(&self) -> String {
        format!("{KEY}{}", window().location().pathname().unwrap_or_default())
    }

    /// Restores the key of a ballot that was sent before without an answer, if the picks are the
    /// same. Other picks are another ballot.
    fn restore_ballot_key(&self) {
        let kept = tab_storage()
            .and_then(|storage| storage.get_item(&self.ballot_storage_key()).ok().flatten());
        if let Some((key, picks)) = kept.as_deref().and_then(|kept| kept.split_once(' '))
            && picks == self.picks_in_form()
            && let Some(input) = self.ballot_key_input()
        {
            input.set_value(key);
        }
    }

    fn remember_ballot_key(&self) {
        let key = self.ballot_key_input().map(|input| input.value()).unwrap_or_default();
        if let Some(storage) = tab_storage() {
            let _ = storage
                .set_item(&self.ballot_storage_key(), &format!("{key} {}", self.picks_in_form()));
        }
    }

    fn forget_ballot_key(&self) {
        if let Some(storage) = tab_storage() {
            let _ = storage.remove_item(&self.ballot_storage_key());
        }
    }

    async fn send_ballot(&self) {
        self.remember_ballot_key();
        let _ = self.form.set_attribute("data-sending", "yes");
        set_visible("#casting", true);
        // The pressed button is hidden now. Without this the keyboard focus would start at the top
        // again.
        move_focus("#casting");
        for try_number in 0_usize.. {
            match self.post_ballot_form().await {
                SendOutcome::Done(address) => {
                    self.forget_ballot_key();
                    let _ = window().location().assign(&address);
                    return;
                }
                SendOutcome::Answered => {
                    let _ = self.form.submit();
                    return;
                }
                SendOutcome::Unknown(wait) => self.pause_before_retry(try_number, wait).await,
            }
        }
    }

    /// Says what the page waits for, and waits before the next attempt.
    async fn pause_before_retry(&self, tries: usize, wait: Option<i32>) {
        let text = if wait.is_some() {
            words::casting_busy(self.lang)
        } else if window().navigator().on_line() {
            words::casting_checking(self.lang)
        } else {
            words::casting_offline(self.lang)
        };
        write_element_text("#casting-text", text);
        set_visible("#casting-long", tries + 1 >= LONG);
        let usual = PAUSES.get(tries).or(PAUSES.last()).copied().unwrap_or(1);
        // Not all browsers at the same instant: half of them wait 400 ms more, by chance.
        let chance = js_sys::Math::random() < 0.5;
        let seconds = wait.unwrap_or(usual).clamp(1, 60);
        sleep_milliseconds(seconds * 1000 + if chance { 400 } else { 0 }).await;
    }

    async fn post_ballot_form(&self) -> SendOutcome {
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(&self.encode_form_body()));
        if let Ok(headers) = Headers::new() {
            let _ = headers.set("Content-Type", "application/x-www-form-urlencoded");
            init.set_headers(&headers);
        }
        let address = window().location().pathname().unwrap_or_default();
        let asked = window().fetch_with_str_and_init(&address, &init);
        match JsFuture::from(asked).await.and_then(|answer| answer.dyn_into::<Response>()) {
            Ok(answer) => outcome_of_response(&answer),
            Err(_) => SendOutcome::Unknown(None),
        }
    }
}

fn outcome_of_response(answer: &Response) -> SendOutcome {
    match answer.status() {
        200 if answer.redirected() => SendOutcome::Done(answer.url()),
        500.. => {
            let wait = answer.headers().get("Retry-After").ok().flatten();
            SendOutcome::Unknown(wait.and_then(|seconds| seconds.parse().ok()))
        }
        _ => SendOutcome::Answered,
    }
}
