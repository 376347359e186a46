//! Look-alikes that are crowds: B2, B4, B6, B8, B9.

use domain::fraud::{MailDomainKind, NetworkClass};

use crate::fraud::draw::draw_exponential;
use crate::fraud::stage::{CLOSING, HOUR, MINUTE, Stage};

/// B2: 5,000 voters behind one address of a carrier. One season in five has no file of networks, and
/// the class is unknown.
pub(super) fn share_address(stage: &mut Stage) {
    let (network, unknown) = (stage.fresh_key(), stage.chance.draw_per_mille(200));
    for _ in 0..5_000 {
        let at = stage.draw_moment();
        let (mut trace, entry) = (stage.draw_person(at), stage.draw_entry());
        trace.network = Some(network);
        trace.network_class = if unknown { NetworkClass::Unknown } else { NetworkClass::Carrier };
        stage.cast_ballot(trace, entry);
    }
}

/// B4: 3,000 followers within an hour for one case. They decided before they came; more of them
/// use relays, live abroad or have disposable mail than others.
pub(super) fn follow_influencer(stage: &mut Stage) {
    let (start, entry) = (stage.draw_start(2 * HOUR.unsigned_abs()), stage.draw_entry());
    let (domain, relay) = (stage.fresh_key(), stage.fresh_key());
    for _ in 0..3_000 {
        let later = draw_exponential(&mut stage.chance, 20 * MINUTE.unsigned_abs());
        let mut trace = stage.draw_person((start + later.cast_signed()).min(CLOSING));
        trace.page_seconds = stage.draw_human_seconds(24, 600);
        match stage.chance.draw_below(100) {
            0..3 => (trace.network, trace.network_class) = (Some(relay), NetworkClass::Relay),
            3..8 => {
                trace.network = Some(stage.fresh_key());
                trace.network_class = NetworkClass::Foreign;
            }
            8..10 => stage.use_mail(&mut trace, domain, MailDomainKind::Disposable),
            _ => {}
        }
        stage.cast_ballot(trace, entry);
    }
}

/// B6: 1,500 people in the last minute. They hurry.
pub(super) fn come_late(stage: &mut Stage) {
    for _ in 0..1_500 {
        let at = CLOSING - stage.chance.draw_below(MINUTE.unsigned_abs()).cast_signed();
        let (mut trace, entry) = (stage.draw_person(at), stage.draw_entry());
        trace.page_seconds = stage.draw_human_seconds(18, 500);
        trace.code_seconds = stage.draw_code_seconds(9, 500);
        trace.check_seconds = stage.draw_human_seconds(2, 500);
        stage.cast_ballot(trace, entry);
    }
}

/// B8: 200 people with screen readers or without JavaScript, thirty of them in one association with
/// one address. Some use text browsers, which fetch no files.
pub(super) fn use_no_script(stage: &mut Stage) {
    let association = stage.fresh_key();
    for at in 0..200 {
        let moment = stage.draw_moment();
        let (mut trace, entry) = (stage.draw_person(moment), stage.draw_entry());
        trace.script_ran = stage.chance.draw_per_mille(300);
        trace.assets_fetched = !stage.chance.draw_per_mille(150);
        trace.fetch_headers = !stage.chance.draw_per_mille(300);
        if at < 30 {
            (trace.network, trace.network_class) = (Some(association), NetworkClass::Broadband);
        }
        trace.page_seconds = stage.draw_human_seconds(180, 700);
        trace.code_seconds = stage.draw_code_seconds(25, 500);
        stage.cast_ballot(trace, entry);
    }
}

/// B9: 500 people whose network or cookie changes on the way, who reload and come back: their
/// second ballot is refused, and some of their times are missing or odd.
pub(super) fn switch_networks(stage: &mut Stage) {
    for _ in 0..500 {
        let at = stage.draw_moment();
        let (mut trace, entry) = (stage.draw_person(at), stage.draw_entry());
        match stage.chance.draw_below(4) {
            0 => trace.device = None,
            1 => stage.draw_line(&mut trace),
            2 => trace.page_seconds = None,
            _ => (trace.page_seconds, trace.check_seconds) = (Some(0), Some(0)),
        }
        stage.cast_ballot(trace, entry);
        stage.refuse_attempt(at + 500, "already-cast");
    }
}
