//! A6: purchased identities, typed by hand (Produce X).

use domain::fraud::NetworkClass;

use crate::fraud::draw::{draw_between, draw_lognormal};
use crate::fraud::stage::{CLOSING, HOUR, Stage};

/// Up to ten people with lists, each at one computer, in working hours over days. They know the
/// pages by heart; the seller's phones pass the codes on. One in four clears the cookies; two of
/// three sit in one room behind one address, the others at home.
pub(super) fn hire_typists(stage: &mut Stage, votes: u64, entry: u64) {
    let typists = (votes / 100).clamp(1, 10);
    let room = stage.fresh_key();
    for typist in 0..typists {
        let (device, home) = (stage.fresh_key(), stage.fresh_key());
        let clears = stage.chance.draw_per_mille(250);
        let network = if stage.chance.draw_below(3) < 2 { room } else { home };
        let own = votes / typists + u64::from(typist < votes % typists);
        let hours = own * 75 / 3600 + 1;
        let mut at = stage.draw_start((hours * 5 / 2) * HOUR.unsigned_abs());
        for _ in 0..own {
            let mut trace = stage.draw_person(at.min(CLOSING));
            let number = stage.draw_phone();
            stage.use_phone(&mut trace, number);
            trace.device = if clears { trace.device } else { Some(device) };
            (trace.network, trace.network_class) = (Some(network), NetworkClass::Broadband);
            trace.page_seconds = stage.draw_human_seconds(17, 350);
            trace.code_seconds = stage.draw_code_seconds(20, 400);
            trace.check_seconds = stage.draw_human_seconds(3, 300);
            stage.cast_ballot(trace, entry);
            at += draw_lognormal(&mut stage.chance, 70_000, 300).cast_signed();
            if stage.chance.draw_per_mille(8) {
                let pause = draw_between(&mut stage.chance, 10, 90);
                at += pause.cast_signed() * 60_000;
            }
        }
    }
}
