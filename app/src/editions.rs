//! The season: what the public sees of it first, and what an administrator does with it.

mod countdown;

#[cfg(feature = "ssr")]
pub(crate) mod admin;
#[cfg(feature = "ssr")]
pub(crate) mod demonstration;
#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
mod landing;
#[cfg(feature = "ssr")]
pub(crate) mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod phases;
#[cfg(feature = "ssr")]
pub(crate) mod poll_forms;
#[cfg(feature = "ssr")]
pub(crate) mod poll_words;
#[cfg(feature = "ssr")]
pub(crate) mod problems;
