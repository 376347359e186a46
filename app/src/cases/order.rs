//! The visitor's own order of the gallery.

use backend::cases::OrderSeed;

use crate::web::request::Cx;

/// The cookie that keeps a visitor's order of the gallery.
pub(crate) const SEED_COOKIE: &str = "seed";

/// The visitor's seed, and whether it is new and has to be kept.
pub(crate) fn seed(cx: &Cx) -> (OrderSeed, bool) {
    match cx.cookie(SEED_COOKIE).and_then(OrderSeed::parse_hex) {
        Some(seed) => (seed, false),
        None => (OrderSeed::from_random_bytes(), true),
    }
}
