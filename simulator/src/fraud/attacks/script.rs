//! A4: one script.

use domain::fraud::NetworkClass;

use super::Automation;
use crate::fraud::draw::draw_between;
use crate::fraud::stage::{CLOSING, LENGTH, Stage};

/// One computer with bought mailboxes at large providers and one line, at times that of a carrier
/// with many people. A vote a minute, give or take 5 %; faster if the votes would not fit.
pub(super) fn run_script(stage: &mut Stage, votes: u64, entry: u64) {
    let automation = Automation::draw_automation(stage);
    let mut line = stage.draw_person(0);
    let (network, class) = match stage.chance.draw_below(10) {
        0..2 => loop {
            stage.draw_line(&mut line);
            if line.network_class == NetworkClass::Carrier {
                break (line.network, NetworkClass::Carrier);
            }
        },
        2..6 => (Some(stage.fresh_key()), NetworkClass::Hosting),
        _ => (Some(stage.fresh_key()), NetworkClass::Broadband),
    };
    let period = 60_000.min(LENGTH.unsigned_abs() * 9 / 10 / votes.max(1));
    let mut at = stage.draw_start(votes * period * 11 / 10);
    let mailboxes = stage.fresh_key();
    for _ in 0..votes {
        let mut trace = stage.draw_person(at.min(CLOSING));
        stage.use_mail(&mut trace, mailboxes, domain::fraud::MailDomainKind::Large);
        (trace.network, trace.network_class) = (network, class);
        automation.automate_ballot(stage, &mut trace, 2);
        stage.cast_ballot(trace, entry);
        at += draw_between(&mut stage.chance, period * 19 / 20, period * 21 / 20).cast_signed();
    }
}
