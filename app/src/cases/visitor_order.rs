//! The visitor's own order of the gallery.

use backend::cases::OrderSeed;

use crate::web::request::RequestContext;

/// The cookie that keeps a visitor's order of the gallery.
pub(crate) const SEED_COOKIE: &str = "seed";

/// Returns the visitor's seed; `None` before the visitor has opened the gallery.
pub(crate) fn known_seed(cx: &RequestContext) -> Option<OrderSeed> {
    cx.cookie_value(SEED_COOKIE).and_then(OrderSeed::parse_hex)
}

/// Returns the visitor's seed, and whether it is new and must be stored in the cookie.
pub(crate) fn visitor_seed(cx: &RequestContext) -> (OrderSeed, bool) {
    match known_seed(cx) {
        Some(seed) => (seed, false),
        None => (OrderSeed::from_random_bytes(), true),
    }
}
