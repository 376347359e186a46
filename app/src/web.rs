//! The parts of every page and form: the request, the page and its frame, answers, fields, cookies,
//! limits, the page cache and the built files. No module here knows a feature.

pub(crate) mod answer;
pub mod assets;
pub(crate) mod browser;
pub(crate) mod change_look;
pub(crate) mod cookies;
pub(crate) mod fields;
pub(crate) mod form_errors;
pub(crate) mod given_answers;
pub(crate) mod limits;
pub(crate) mod look;
pub(crate) mod page;
pub(crate) mod page_cache;
pub(crate) mod paths;
pub(crate) mod posted_form;
pub(crate) mod render;
pub mod request;
pub mod route;
pub(crate) mod shared_machine;
pub(crate) mod shell;
pub mod state;
pub(crate) mod tour;
