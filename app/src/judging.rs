//! Judging: the panels of a judge, the cases, the sheet for each, and the chair's board.
//!
//! The sheet is a plain form that works without a script. The island around it keeps what is typed
//! on the device, sends it as it grows, and asks where two versions meet.

pub(crate) mod api;
pub(crate) mod both;
#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod fields;
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
