//! What people see: pages (server only), islands, and the server functions that islands call.
//!
//! In the browser this crate is the islands and `domain`, nothing else. Pages, forms and routes
//! exist under `ssr` alone, so the program that a phone downloads holds no page.
//!
//! Start at [`routes`]: every URL in one table. A page is a function that loads what it shows and
//! returns a [`page::Page`]; a form posts to its page's own URL and either moves on or comes back
//! with what was typed and what was wrong.

mod error;

pub use error::{AppError, FieldFault};

#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod fields;
#[cfg(feature = "ssr")]
mod look;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod rendered;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod sentences;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod turns;
#[cfg(feature = "ssr")]
mod ui;
#[cfg(feature = "ssr")]
mod when;

mod accounts;
mod awards;
mod cases;
mod editions;
mod judging;
#[cfg(feature = "ssr")]
mod record;
mod voting;

/// Wakes the islands on the page. Called once by the script in the page's head.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
