//! A3: a farm of phones.

use domain::fraud::NetworkClass;

use super::Automation;
use crate::fraud::draw::{draw_between, draw_exponential};
use crate::fraud::stage::{CLOSING, Stage};

/// Racks of modems with numbers in a row (four in five of each run work). A program reads the texts.
/// It has one to four lines and clears its cookies.
pub(super) fn run_phone_farm(stage: &mut Stage, votes: u64, entry: u64) {
    let automation = Automation::draw_automation(stage);
    let lines: Vec<_> =
        (0..draw_between(&mut stage.chance, 1, 4)).map(|_| stage.fresh_key()).collect();
    let class = match stage.chance.draw_below(3) {
        0 => NetworkClass::Carrier,
        1 => NetworkClass::Broadband,
        _ => NetworkClass::Unknown,
    };
    let gap = draw_between(&mut stage.chance, 4, 20) * 1000;
    let mut at = stage.draw_start(votes * gap);
    let (mut number, mut run) = (stage.draw_phone(), 0);
    for _ in 0..votes {
        if run == 0 {
            (number, run) = (stage.draw_phone(), draw_between(&mut stage.chance, 50, 500));
        }
        (number, run) = (number + 1 + u64::from(stage.chance.draw_per_mille(200)), run - 1);
        let mut trace = stage.draw_person(at.min(CLOSING));
        stage.use_phone(&mut trace, number);
        let line = lines[stage.chance.draw_index(lines.len())];
        (trace.network, trace.network_class) = (Some(line), class);
        automation.automate_ballot(stage, &mut trace, 2);
        stage.cast_ballot(trace, entry);
        at += draw_exponential(&mut stage.chance, gap).cast_signed();
    }
}
