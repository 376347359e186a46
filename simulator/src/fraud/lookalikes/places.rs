//! Look-alikes that share a place or a machine: B1, B3, B5, B7.

use domain::fraud::NetworkClass;

use crate::fraud::draw::{draw_between, draw_lognormal};
use crate::fraud::people::Office;
use crate::fraud::stage::{CLOSING, HOUR, MINUTE, Stage};

/// B1: two welfare centres. Sixty seniors, one after the other, on one PC that is no registered
/// kiosk; staff helps them. The phone is in the senior's hand, so the code comes back after 20 to 26
/// seconds.
pub(super) fn help_seniors(stage: &mut Stage) {
    for _ in 0..2 {
        let (device, network) = (stage.fresh_key(), stage.fresh_key());
        let slow = draw_between(&mut stage.chance, 20, 26);
        let mut at = stage.draw_start(4 * HOUR.unsigned_abs());
        for _ in 0..60 {
            let mut trace = stage.draw_person(at.min(CLOSING));
            let (number, entry) = (stage.draw_phone(), stage.draw_entry());
            stage.use_phone(&mut trace, number);
            trace.device = Some(device);
            (trace.network, trace.network_class) = (Some(network), NetworkClass::Broadband);
            trace.page_seconds = stage.draw_human_seconds(70, 500);
            trace.code_seconds = stage.draw_code_seconds(slow, 500);
            stage.cast_ballot(trace, entry);
            at += draw_lognormal(&mut stage.chance, 150_000, 500).cast_signed();
        }
    }
}

/// B3: an organisation mails its staff: 500 people, one address, ten minutes, one case.
pub(super) fn mail_staff(stage: &mut Stage) {
    let (office, entry) = (Office::draw_office(stage), stage.draw_entry());
    let start = stage.draw_start(HOUR.unsigned_abs());
    for at in 0..500 {
        let moment = start + stage.chance.draw_below(10 * MINUTE.unsigned_abs()).cast_signed();
        let mut trace = stage.draw_person(moment);
        office.employ_person(stage, &mut trace, at);
        trace.page_seconds = stage.draw_human_seconds(40, 700);
        stage.cast_ballot(trace, entry);
    }
}

/// B5: a school lab: 30 machines, eight classes in turn, one address. Half of the schools keep the
/// cookies between classes. Pupils are quick.
pub(super) fn visit_lab(stage: &mut Stage) {
    let network = stage.fresh_key();
    let machines: Vec<_> = (0..30).map(|_| stage.fresh_key()).collect();
    let keeps = stage.chance.draw_per_mille(500);
    let start = stage.draw_start(8 * HOUR.unsigned_abs());
    for class in 0..8 {
        for machine in &machines {
            let within = stage.chance.draw_below(35 * MINUTE.unsigned_abs()).cast_signed();
            let mut trace = stage.draw_person(start + class * 50 * MINUTE + within);
            let (number, entry) = (stage.draw_phone(), stage.draw_entry());
            stage.use_phone(&mut trace, number);
            trace.device = if keeps { Some(*machine) } else { trace.device };
            (trace.network, trace.network_class) = (Some(network), NetworkClass::Broadband);
            trace.page_seconds = stage.draw_human_seconds(35, 600);
            trace.code_seconds = stage.draw_code_seconds(9, 500);
            stage.cast_ballot(trace, entry);
        }
    }
}

/// B7: 150 families of two to seven on one tablet. From the second on they know the pages.
pub(super) fn share_tablets(stage: &mut Stage) {
    for _ in 0..150 {
        let (device, mut home) = (stage.fresh_key(), stage.draw_person(0));
        stage.draw_line(&mut home);
        let mut at = stage.draw_moment();
        for member in 0..draw_between(&mut stage.chance, 2, 7) {
            let mut trace = stage.draw_person(at.min(CLOSING));
            let entry = stage.draw_entry();
            trace.device = Some(device);
            (trace.network, trace.network_class) = (home.network, home.network_class);
            if member > 0 {
                trace.page_seconds = stage.draw_human_seconds(30, 600);
            }
            stage.cast_ballot(trace, entry);
            at += draw_lognormal(&mut stage.chance, 180_000, 700).cast_signed();
        }
    }
}
