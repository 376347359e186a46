//! A1: one person has one contact and makes many accounts of it (KOVO 2023).

use domain::fraud::{MailDomainKind, NetworkClass};

use crate::fraud::draw::draw_between;
use crate::fraud::stage::{SECOND, Stage};

/// One contact again and again. The voter's key is unique, so every attempt after the first is
/// refused; the first is the person's own vote and belongs to nobody's attack.
pub(super) fn repeat_contact(stage: &mut Stage, votes: u64, _: u64) {
    let mut at = stage.draw_start(votes * 20_000);
    for _ in 0..votes {
        stage.refuse_attempt(at, "contact-used");
        at += draw_between(&mut stage.chance, 5, 30).cast_signed() * SECOND;
    }
}

/// The contest does not fold aliases, so `name+1@`, `name+2@` … are contacts of their own. The person
/// has one browser, which some clear each time, and a line at home; a few votes go over the phone.
pub(super) fn use_aliases(stage: &mut Stage, votes: u64, entry: u64) {
    let (contact, device, network) = (stage.fresh_key(), stage.fresh_key(), stage.fresh_key());
    let (domain, clears) = (stage.fresh_key(), stage.chance.draw_per_mille(300));
    let mut at = stage.draw_start(votes * 60_000);
    for _ in 0..votes {
        let mut trace = stage.draw_person(at);
        stage.use_mail(&mut trace, domain, MailDomainKind::Large);
        trace.folded_contact = Some(contact);
        if !clears {
            trace.device = Some(device);
        }
        if !stage.chance.draw_per_mille(100) {
            (trace.network, trace.network_class) = (Some(network), NetworkClass::Broadband);
        }
        trace.page_seconds = stage.draw_human_seconds(15, 500);
        trace.code_seconds = stage.draw_code_seconds(9, 500);
        stage.cast_ballot(trace, entry);
        at += draw_between(&mut stage.chance, 25, 90).cast_signed() * SECOND;
    }
}
