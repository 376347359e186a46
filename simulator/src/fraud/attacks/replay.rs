//! A13: races and replays.

use crate::fraud::stage::Stage;

/// The same ballot sent many times at once, from several tabs or recorded. The ballot's key is
/// unique, so all but the first are refused; the first is the person's own vote.
pub(super) fn race_requests(stage: &mut Stage, votes: u64, _: u64) {
    let at = stage.draw_moment();
    for _ in 0..votes {
        let later = stage.chance.draw_below(3_000).cast_signed();
        stage.refuse_attempt(at + later, "already-cast");
    }
}
