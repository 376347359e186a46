//! The browser's half. It improves what is already in the page: a pick needs no page load, a ballot
//! is sent again while the connection is down, a receipt waits for its proof, and `/verify` checks
//! in the browser instead of on the server.

mod cast;
mod keeper;
mod picks;
mod store;
mod verify_page;

use domain::record::key::VerifierKey;
use phrases::Lang;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue, UnwrapThrowExt as _};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Response, Window};

/// Starts the handlers of the parts on this page.
pub(crate) fn start_page_handlers() {
    start_page_part("#picking", picks::start_picker);
    start_page_part("#cast-form", cast::start_ballot_sender);
    start_page_part("#keeper", keeper::start_receipt_keeper);
    start_page_part("#verifier", verify_page::start_verify_page);
}

fn start_page_part(selector: &str, wake: fn(&Element)) {
    if let Some(place) = find_element(selector) {
        wake(&place);
    }
}

fn window() -> Window {
    // Every page has a window, and no worker loads this program.
    web_sys::window().expect_throw("a window")
}

fn document() -> Document {
    window().document().expect_throw("a document")
}

fn find_element(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Returns the language of the words that are written into this place.
fn language_of(place: &Element) -> Lang {
    place.get_attribute("data-lang").and_then(|tag| Lang::from_tag(&tag)).unwrap_or_default()
}

/// Reads the keys of this site's records, one on each line.
fn record_keys(place: &Element) -> Vec<VerifierKey> {
    let lines = place.get_attribute("data-keys").unwrap_or_default();
    lines.lines().filter_map(|line| line.parse().ok()).collect()
}

/// Shows or hides an element of the page.
fn set_visible(selector: &str, visible: bool) {
    if let Some(element) =
        find_element(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok())
    {
        element.set_hidden(!visible);
    }
}

/// Moves the focus, because the element that had it goes away.
fn move_focus(selector: &str) {
    if let Some(place) =
        find_element(selector).and_then(|place| place.dyn_into::<HtmlElement>().ok())
    {
        let _ = place.focus();
    }
}

fn write_element_text(selector: &str, text: &str) {
    if let Some(place) = find_element(selector) {
        place.set_text_content(Some(text));
    }
}

/// Calls `act` for every event of this kind, for as long as the page lives.
fn add_listener(target: &EventTarget, kind: &str, act: impl FnMut(Event) + 'static) {
    let act = Closure::<dyn FnMut(Event)>::new(act);
    let _ = target.add_event_listener_with_callback(kind, act.as_ref().unchecked_ref());
    act.forget();
}

/// Loads the page again when the browser restores it from its memory.
fn reload_when_restored() {
    add_listener(&window(), "pageshow", |event| {
        let kept = js_sys::Reflect::get(&event, &JsValue::from_str("persisted"));
        if kept.is_ok_and(|kept| kept.is_truthy()) {
            let _ = window().location().reload();
        }
    });
}

/// Fetches the text and the status of an address of the site; `None` if nothing answers.
async fn fetch_site_text(path: &str) -> Option<(u16, String)> {
    let answer = JsFuture::from(window().fetch_with_str(path)).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    // After the session of a shared machine has ended, the site redirects to another page. That
    // page does not answer this question.
    if answer.redirected() {
        return None;
    }
    let text = JsFuture::from(answer.text().ok()?).await.ok()?;
    Some((answer.status(), text.as_string().unwrap_or_default()))
}

/// Waits. The timers of a page in the background may take longer.
async fn sleep_milliseconds(milliseconds: i32) {
    let wait = js_sys::Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
    });
    let _ = JsFuture::from(wait).await;
}

/// Marks a time for measurements of this page.
fn mark_performance_time(name: &str) {
    if let Some(performance) = window().performance() {
        let _ = performance.mark(name);
    }
}

/// Returns the value of a promise, as text.
async fn promise_text(promise: js_sys::Promise) -> Option<String> {
    JsFuture::from(promise).await.ok().as_ref().and_then(JsValue::as_string)
}
