//! A9: a burst inside the closing surge.

use super::proxies::ProxyKit;
use crate::fraud::stage::{CLOSING, MINUTE, Stage};

/// The kit of A2, all of it in the last twenty minutes, when most people come.
pub(super) fn burst_at_close(stage: &mut Stage, votes: u64, entry: u64) {
    let kit = ProxyKit::draw_kit(stage, votes);
    for _ in 0..votes {
        let before = stage.chance.draw_below(20 * MINUTE.unsigned_abs());
        kit.cast_by_proxy(stage, CLOSING - before.cast_signed(), entry);
    }
}
