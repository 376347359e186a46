//! The voter's browser: picking, casting, the receipt and its check.
//!
//! With the feature `browser` this crate is a program of its own that improves the voter's pages,
//! from the basket to `/verify`. It contains no Leptos, so that the whole program is smaller than
//! an island would be: see `docs/decisions/0008-two-bundles.md`. Here is also what server and
//! browser must say and write in the same way: [`basket_cookie`], [`report`] (checks a receipt with
//! `domain::record` and puts the outcome into words), and [`link`] (a receipt inside a QR code).

pub mod basket_cookie;
#[cfg(feature = "browser")]
mod browser;
pub mod link;
pub mod report;

/// Starts the handlers of the page. The script in the page's head calls it once.
#[cfg(feature = "browser")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    browser::start_page_handlers();
}
