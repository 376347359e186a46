//! A8: a slow drip with camouflage.

use domain::fraud::{MailDomainKind, NetworkClass, TraceKey};

use crate::fraud::draw::draw_between;
use crate::fraud::stage::Stage;

/// A patient program that drives a real browser. Its waits are drawn evenly around a middle, its
/// lines are rented from homes and data centres, it clears its cookies, and one vote in four goes to
/// other cases. Half of them have catch-all domains of their own, a third rented numbers in blocks,
/// the others bought mailboxes at large providers, which leave nothing to gather them by.
pub(super) fn drip_slowly(stage: &mut Stage, votes: u64, entry: u64) {
    let (contacts, spread) = (stage.chance.draw_below(6), draw_between(&mut stage.chance, 15, 45));
    let groups = draw_between(&mut stage.chance, 2, 6).min(votes / 40 + 1);
    let domains: Vec<TraceKey> = (0..groups).map(|_| stage.fresh_key()).collect();
    let blocks: Vec<u64> = (0..votes / 60 + 1).map(|_| stage.draw_phone() / 100 * 100).collect();
    let (page, code) =
        (draw_between(&mut stage.chance, 25, 60), draw_between(&mut stage.chance, 8, 14));
    let around = |stage: &mut Stage, middle: u64| {
        let (low, high) = (middle * (100 - spread) / 100, middle * (100 + spread) / 100);
        u32::try_from(draw_between(&mut stage.chance, low, high)).ok()
    };
    for _ in 0..votes {
        let at = stage.draw_moment();
        let mut trace = stage.draw_person(at);
        match contacts {
            0..3 => {
                let domain = domains[stage.chance.draw_index(domains.len())];
                stage.use_mail(&mut trace, domain, MailDomainKind::Other);
            }
            3..5 => {
                let block = blocks[stage.chance.draw_index(blocks.len())];
                let number = block + stage.chance.draw_below(100);
                stage.use_phone(&mut trace, number);
            }
            _ => {
                let domain = stage.fresh_key();
                stage.use_mail(&mut trace, domain, MailDomainKind::Large);
            }
        }
        trace.network = Some(stage.fresh_key());
        trace.network_class = match stage.chance.draw_below(10) {
            0..3 => NetworkClass::Hosting,
            3..7 => NetworkClass::Broadband,
            _ => NetworkClass::Unknown,
        };
        (trace.script_ran, trace.assets_fetched) = (true, true);
        (trace.fetch_headers, trace.language_header) = (true, true);
        (trace.page_seconds, trace.code_seconds) = (around(stage, page), around(stage, code));
        let other = stage.chance.draw_per_mille(250);
        let pick = if other { stage.draw_entry() } else { entry };
        stage.cast_ballot(trace, pick);
    }
}
