//! Everything of this crate that a browser gets: the islands, and the server functions they call.
//!
//! An island makes better what already works without it. `hydrate` builds the bundle with the
//! countdown alone; `desk` adds the forms of organisations and judges (decision 0008).

pub(crate) mod countdown;

#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod draft_form;
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod save_draft;
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod save_sheet;
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod sheet_form;
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod sheet_state;
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod sheet_versions;

#[cfg(feature = "desk")]
mod sheet_browser;
#[cfg(feature = "desk")]
mod sheet_fields;
