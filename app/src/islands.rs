//! The code that a browser downloads: the islands, and the server functions that they call.
//!
//! An island improves a page that also works without a script. `hydrate` builds the bundle with
//! only the countdown. `desk` adds the forms of organisations and judges (decision 0008).

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
pub(crate) mod words_in_place;

/// The time after which a save without an answer counts as one without a connection.
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) const SAVE_PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);
