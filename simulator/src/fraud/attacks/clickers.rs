//! A5: paid clickers abroad with real phones.

use domain::fraud::NetworkClass;

use crate::fraud::draw::{draw_between, draw_exponential};
use crate::fraud::stage::{CLOSING, HOUR, Stage};

/// People abroad, each with three to eight prepaid cards and a phone or two, four to an address.
/// They do not read the pages. In one season out of seven they are careful: a browser and a Korean
/// line for each vote, and they take their time. Then nothing is left to see.
pub(super) fn pay_clickers(stage: &mut Stage, votes: u64, entry: u64) {
    let careful = stage.chance.draw_below(7) == 0;
    let start = stage.draw_start(8 * HOUR.unsigned_abs());
    let (mut left, mut at_address, mut house) = (votes, 0, (None, NetworkClass::Foreign));
    while left > 0 {
        if at_address == 0 {
            let class = match stage.chance.draw_below(20) {
                0..3 => NetworkClass::Unknown,
                3..5 => NetworkClass::Relay,
                _ => NetworkClass::Foreign,
            };
            (house, at_address) = ((Some(stage.fresh_key()), class), 4);
        }
        at_address -= 1;
        let cards = draw_between(&mut stage.chance, 3, 8).min(left);
        left -= cards;
        let (device, clears) = (stage.fresh_key(), stage.chance.draw_per_mille(250));
        let mut at = start + stage.chance.draw_below(7 * HOUR.unsigned_abs()).cast_signed();
        for _ in 0..cards {
            let mut trace = stage.draw_person(at.min(CLOSING));
            let number = stage.draw_phone();
            stage.use_phone(&mut trace, number);
            if !careful {
                (trace.network, trace.network_class) = house;
                trace.device = if clears { trace.device } else { Some(device) };
                trace.page_seconds = stage.draw_human_seconds(11, 400);
                trace.code_seconds = stage.draw_code_seconds(10, 500);
            }
            stage.cast_ballot(trace, entry);
            at += draw_exponential(&mut stage.chance, 90_000).cast_signed() + 20_000;
        }
    }
}
