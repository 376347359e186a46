//! The audit trail: what was done, by whom, and what it changed.

pub(crate) mod events;
pub(crate) mod trail;
