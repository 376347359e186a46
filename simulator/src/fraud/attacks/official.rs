//! A11: an official relays codes (Seoul 2021).

use domain::fraud::NetworkClass;

use crate::fraud::draw::draw_lognormal;
use crate::fraud::stage::{CLOSING, Stage};

/// An official calls residents, has the code read out, and votes for them at the office computer,
/// about a hundred for each official. One in thirty clears the cookies after each vote.
pub(super) fn relay_codes(stage: &mut Stage, votes: u64, entry: u64) {
    let mut left = votes;
    while left > 0 {
        let own = left.min(100);
        left -= own;
        let (device, network) = (stage.fresh_key(), stage.fresh_key());
        let clears = stage.chance.draw_below(30) == 0;
        let mut at = stage.draw_start(own * 150_000);
        for _ in 0..own {
            let mut trace = stage.draw_person(at.min(CLOSING));
            let number = stage.draw_phone();
            stage.use_phone(&mut trace, number);
            trace.device = if clears { trace.device } else { Some(device) };
            (trace.network, trace.network_class) = (Some(network), NetworkClass::Broadband);
            trace.page_seconds = stage.draw_human_seconds(40, 500);
            trace.code_seconds = stage.draw_code_seconds(45, 350);
            stage.cast_ballot(trace, entry);
            at += draw_lognormal(&mut stage.chance, 130_000, 500).cast_signed();
        }
    }
}
