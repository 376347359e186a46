//! The voter's browser: picking, casting, the receipt and its check.
//!
//! With the feature `browser` this crate is a program of its own that makes the voter's pages
//! better, from the basket to `/verify`. It holds no Leptos, so that all of it together is smaller
//! than an island would be: see `docs/decisions/0008-two-bundles.md`. What server and browser must
//! say and write in the same way stands here too: [`basket_cookie`], [`report`] (a receipt is
//! checked with `domain::record` and put into words), and [`link`] (a receipt inside a QR code).

pub mod basket_cookie;
#[cfg(feature = "browser")]
mod browser;
pub mod link;
pub mod report;

/// Wakes the page. Called once by the script in the page's head.
#[cfg(feature = "browser")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    browser::wake();
}
