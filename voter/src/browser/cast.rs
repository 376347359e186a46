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

use super::{focus, lang, listen, one, reload_when_restored, rest, show, window, write};

/// Pauses between attempts, in seconds; the last one is repeated.
const PAUSES: [i32; 6] = [1, 2, 4, 8, 12, 15];
/// After this many attempts the page says how to go on without waiting.
const LONG: usize = 4;
/// The storage key under which the key of a sent ballot is kept until there is an answer.
const KEY: &str = "hanpyo.key.";

struct Caster {
    lang: Lang,
    form: HtmlFormElement,
    sending: Cell<bool>,
}

/// The outcome of an attempt.
enum Outcome {
    /// This ballot or an earlier one is in; go on to this address.
    Done(String),
    /// A clear answer; the server's own page explains it best.
    Answered,
    /// Unknown; try again, after this many seconds if the server named them.
    Unknown(Option<i32>),
}

pub(super) fn wake(place: &Element) {
    let Ok(form) = place.clone().dyn_into::<HtmlFormElement>() else { return };
    let caster = Rc::new(Caster { lang: lang(place), form, sending: Cell::new(false) });
    caster.recall();
    // A restored page would still say that it is sending. A reloaded page knows whether the ballot
    // is in.
    reload_when_restored();
    listen(place, "submit", move |event| {
        event.prevent_default();
        if !caster.sending.replace(true) {
            let caster = Rc::clone(&caster);
            wasm_bindgen_futures::spawn_local(async move { caster.send().await });
        }
    });
    if let Some(again) = one("#cast-again") {
        // A page load with the same key: it works when nothing else does.
        listen(&again, "click", |_| {
            if let Some(form) = one("#cast-form").and_then(|form| form.dyn_into().ok()) {
                let form: HtmlFormElement = form;
                let _ = form.submit();
            }
        });
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

impl Caster {
    /// Writes the body that the form would post. Its values are ids, which need no escaping.
    fn body(&self) -> String {
        let Ok(inputs) = self.form.query_selector_all("input[name]") else { return String::new() };
        let input = |at| inputs.item(at)?.dyn_into::<HtmlInputElement>().ok();
        let pairs: Vec<String> = (0..inputs.length())
            .filter_map(input)
            .map(|input| format!("{}={}", input.name(), input.value()))
            .collect();
        pairs.join("&")
    }

    fn key(&self) -> Option<HtmlInputElement> {
        self.form.query_selector("input[name='key']").ok().flatten()?.dyn_into().ok()
    }

    /// Returns the picks in the form, without the ballot's key.
    fn picks(&self) -> String {
        let body = self.body();
        let picks = body.split('&').filter(|pair| pair.starts_with("case="));
        picks.collect::<Vec<_>>().join("&")
    }

    fn place(&self) -> String {
        format!("{KEY}{}", window().location().pathname().unwrap_or_default())
    }

    /// Restores the key of a ballot that was sent before without an answer, if the picks are the
    /// same. Other picks are another ballot.
    fn recall(&self) {
        let kept = storage().and_then(|storage| storage.get_item(&self.place()).ok().flatten());
        if let Some((key, picks)) = kept.as_deref().and_then(|kept| kept.split_once(' '))
            && picks == self.picks()
            && let Some(input) = self.key()
        {
            input.set_value(key);
        }
    }

    fn remember(&self) {
        let key = self.key().map(|input| input.value()).unwrap_or_default();
        if let Some(storage) = storage() {
            let _ = storage.set_item(&self.place(), &format!("{key} {}", self.picks()));
        }
    }

    fn forget(&self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.place());
        }
    }

    async fn send(&self) {
        self.remember();
        let _ = self.form.set_attribute("data-sending", "yes");
        show("#casting", true);
        // The pressed button is hidden now. Without this the keyboard focus would start at the top
        // again.
        focus("#casting");
        for try_number in 0_usize.. {
            match self.post().await {
                Outcome::Done(address) => {
                    self.forget();
                    let _ = window().location().assign(&address);
                    return;
                }
                Outcome::Answered => {
                    let _ = self.form.submit();
                    return;
                }
                Outcome::Unknown(wait) => self.pause(try_number, wait).await,
            }
        }
    }

    /// Says what the page waits for, and waits before the next attempt.
    async fn pause(&self, tries: usize, wait: Option<i32>) {
        let text = if wait.is_some() {
            words::casting_busy(self.lang)
        } else if window().navigator().on_line() {
            words::casting_checking(self.lang)
        } else {
            words::casting_offline(self.lang)
        };
        write("#casting-text", text);
        show("#casting-long", tries + 1 >= LONG);
        let usual = PAUSES.get(tries).or(PAUSES.last()).copied().unwrap_or(1);
        // Not all browsers at the same instant: half of them wait 400 ms more, by chance.
        let chance = js_sys::Math::random() < 0.5;
        let seconds = wait.unwrap_or(usual).clamp(1, 60);
        rest(seconds * 1000 + if chance { 400 } else { 0 }).await;
    }

    async fn post(&self) -> Outcome {
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(&self.body()));
        if let Ok(headers) = Headers::new() {
            let _ = headers.set("Content-Type", "application/x-www-form-urlencoded");
            init.set_headers(&headers);
        }
        let address = window().location().pathname().unwrap_or_default();
        let asked = window().fetch_with_str_and_init(&address, &init);
        match JsFuture::from(asked).await.and_then(|answer| answer.dyn_into::<Response>()) {
            Ok(answer) => outcome(&answer),
            Err(_) => Outcome::Unknown(None),
        }
    }
}

fn outcome(answer: &Response) -> Outcome {
    match answer.status() {
        200 if answer.redirected() => Outcome::Done(answer.url()),
        500.. => {
            let wait = answer.headers().get("Retry-After").ok().flatten();
            Outcome::Unknown(wait.and_then(|seconds| seconds.parse().ok()))
        }
        _ => Outcome::Answered,
    }
}
