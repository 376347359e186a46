//! A7: an exchange group.

use crate::fraud::stage::Stage;

/// Real people agree in a chat room to vote for each other's cases. Each votes once, with an own
/// phone, when it suits. There is nothing to find, and these are votes.
pub(super) fn exchange_votes(stage: &mut Stage, votes: u64, entry: u64) {
    for _ in 0..votes {
        let at = stage.draw_moment();
        let trace = stage.draw_person(at);
        stage.cast_ballot(trace, entry);
    }
}
