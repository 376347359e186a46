//! Accounts: signing in, invitations, requests for an account, forgotten passwords, one's own account.

pub(crate) mod account;
pub(crate) mod invitation;
pub(crate) mod join;
pub(crate) mod password_reset;
pub(crate) mod sign_in;
