//! The visitor's own order of the gallery.

use backend::cases::Seed;

use crate::web::request::Cx;

/// The cookie that keeps a visitor's order of the gallery.
pub(crate) const SEED_COOKIE: &str = "seed";

/// The visitor's seed, and whether it is new and has to be kept.
pub(crate) fn seed(cx: &Cx) -> (Seed, bool) {
    match cx.cookie(SEED_COOKIE).and_then(Seed::parse) {
        Some(seed) => (seed, false),
        None => (Seed::fresh(), true),
    }
}
