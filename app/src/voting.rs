//! The citizen's way: picks, who you are, the code, the check, the receipt.

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub(crate) mod basket_cookie;
#[cfg(feature = "ssr")]
pub(crate) mod code;
#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
mod oidc;
#[cfg(feature = "ssr")]
pub(crate) mod pages;
pub(crate) mod pick_button;
#[cfg(feature = "ssr")]
pub(crate) mod picks;
#[cfg(feature = "ssr")]
pub(crate) mod receipts;
#[cfg(feature = "ssr")]
pub(crate) mod roll;
#[cfg(feature = "ssr")]
pub(crate) mod who;
