//! The public vote: picks, proof of the voter, ballot, receipt.

#[cfg(feature = "ssr")]
pub(crate) mod picks;
