//! Signing in, invitations, forgotten passwords, one's own account.

#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod pages;
