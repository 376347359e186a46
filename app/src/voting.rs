//! The citizen's way: picks, who you are, the code, the check, the receipt.

#[cfg(feature = "ssr")]
pub(crate) mod check;
#[cfg(feature = "ssr")]
pub(crate) mod chooser;
#[cfg(feature = "ssr")]
pub(crate) mod code;
#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod kiosk;
#[cfg(feature = "ssr")]
pub(crate) mod kiosk_desk;
#[cfg(feature = "ssr")]
mod oidc;
#[cfg(feature = "ssr")]
pub(crate) mod open_polls;
#[cfg(feature = "ssr")]
pub(crate) mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod picks;
#[cfg(feature = "ssr")]
pub(crate) mod qr;
#[cfg(feature = "ssr")]
pub(crate) mod receipts;
#[cfg(feature = "ssr")]
pub(crate) mod roll;
#[cfg(feature = "ssr")]
pub(crate) mod stand_in;
#[cfg(feature = "ssr")]
pub(crate) mod verify;
#[cfg(feature = "ssr")]
pub(crate) mod who;
