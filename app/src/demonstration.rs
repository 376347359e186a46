//! What only a demonstration has.

pub(crate) mod outbox;
pub(crate) mod parts;
