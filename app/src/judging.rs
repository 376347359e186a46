//! Judging: the panels of a judge, the cases, the sheet for each, and the chair's board.
//!
//! The sheet is a plain form that works without a script. The island around it keeps what is typed
//! on the device, sends it as it grows, and asks where two versions meet.

#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod api;
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod both;
#[cfg(feature = "desk")]
mod browser;
#[cfg(feature = "desk")]
mod fields;
#[cfg(any(feature = "ssr", feature = "desk"))]
pub(crate) mod sheet_form;

#[cfg(feature = "ssr")]
pub(crate) mod board;
#[cfg(feature = "ssr")]
mod draft;
#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod sheet_page;
