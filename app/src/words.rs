//! Domain values as text in both languages. No module here knows a page.

pub(crate) mod time_left;

#[cfg(feature = "ssr")]
pub(crate) mod audit_actions;
#[cfg(feature = "ssr")]
pub(crate) mod cases;
#[cfg(feature = "ssr")]
pub(crate) mod editions;
#[cfg(feature = "ssr")]
pub(crate) mod errors;
#[cfg(feature = "ssr")]
pub(crate) mod field_problems;
#[cfg(feature = "ssr")]
pub(crate) mod fraud;
#[cfg(feature = "ssr")]
pub(crate) mod lists;
#[cfg(feature = "ssr")]
pub(crate) mod numbers;
#[cfg(feature = "ssr")]
pub(crate) mod polls;
#[cfg(feature = "ssr")]
pub(crate) mod refusals;
#[cfg(feature = "ssr")]
pub(crate) mod roles;
#[cfg(feature = "ssr")]
pub(crate) mod rules;
#[cfg(feature = "ssr")]
pub(crate) mod season_problems;
#[cfg(feature = "ssr")]
pub(crate) mod times;
#[cfg(feature = "ssr")]
pub(crate) mod windows;
