//! Cases: the gallery for everybody, the desk of an organisation, the screening by staff.

#[cfg(any(feature = "ssr", feature = "desk"))]
#[expect(unreachable_pub, reason = "the macros of Leptos make what they generate `pub`")]
pub(crate) mod api;
#[cfg(any(feature = "ssr", feature = "desk"))]
#[expect(unreachable_pub, reason = "the macros of Leptos make what they generate `pub`")]
pub(crate) mod draft_form;

#[cfg(feature = "ssr")]
pub(crate) mod case;
#[cfg(feature = "ssr")]
pub(crate) mod editing;
#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod gallery;
#[cfg(feature = "ssr")]
pub(crate) mod organisation;
#[cfg(feature = "ssr")]
pub(crate) mod picture;
#[cfg(feature = "ssr")]
mod say;
#[cfg(feature = "ssr")]
pub(crate) mod screening;
