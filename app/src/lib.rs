//! What people see: pages (server only), islands, and the server functions that islands call.
//!
//! In the browser this crate is only `islands`, `words::time_left` and `domain`. Pages, forms and
//! routes exist only under the feature `ssr`, so the program that a phone downloads holds no page.
//!
//! The floors of this crate, from the lowest. A module uses only its own floor and those below:
//!
//! 1. `error`: the only error that crosses the wire
//! 2. `words`: domain values in both languages · `ui`: the parts of pages
//! 3. `web`: request, page, frame, answers, fields; knows no feature
//! 4. `islands`: the code that a browser downloads · `staff`: the frame of `/admin`
//! 5. one module for each feature: `accounts` … `voting`
//! 6. `layer`: the middleware around every page · [`routes`]: every URL in one table; begin there ·
//!    `router`: the guard of each row

// A release nests the types of a page's parts deeper than the usual 128.
#![recursion_limit = "256"]

mod error;
mod islands;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod words;

pub use error::{AppError, FieldFault};

#[cfg(feature = "ssr")]
mod accounts;
#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
mod awards;
#[cfg(feature = "ssr")]
mod cases;
#[cfg(feature = "ssr")]
mod demonstration;
#[cfg(feature = "ssr")]
mod editions;
#[cfg(feature = "ssr")]
mod fraud;
#[cfg(feature = "ssr")]
mod judging;
#[cfg(feature = "ssr")]
mod layer;
#[cfg(feature = "ssr")]
mod record;
#[cfg(feature = "ssr")]
pub mod router;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod staff;
#[cfg(feature = "ssr")]
mod ui;
#[cfg(feature = "ssr")]
mod voting;
#[cfg(feature = "ssr")]
pub mod web;

/// Starts the islands on the page. The script in the page's head calls it once.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
