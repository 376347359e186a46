//! A2 and A12: disposable mail through proxies.

use domain::fraud::{MailDomainKind, NetworkClass, TraceKey};

use super::Automation;
use crate::fraud::draw::{draw_between, draw_exponential};
use crate::fraud::stage::{CLOSING, Stage};

/// What the attacker has: a few disposable domains, one proxy for about five votes, no cookies.
pub(super) struct ProxyKit {
    domains: Vec<TraceKey>,
    kind: MailDomainKind,
    proxies: Vec<(TraceKey, NetworkClass)>,
    automation: Automation,
}

impl ProxyKit {
    /// Draws a kit. One in five uses domains that no list knows yet.
    pub(super) fn draw_kit(stage: &mut Stage, votes: u64) -> Self {
        let domains = draw_between(&mut stage.chance, 1, 5).min(votes / 10 + 1);
        let unlisted = stage.chance.draw_per_mille(200);
        let proxies = (0..votes / 5 + 1).map(|_| {
            let class = match stage.chance.draw_below(100) {
                0..55 => NetworkClass::Hosting,
                55..70 => NetworkClass::Relay,
                70..85 => NetworkClass::Foreign,
                _ => NetworkClass::Unknown,
            };
            (stage.fresh_key(), class)
        });
        Self {
            proxies: proxies.collect(),
            domains: (0..domains).map(|_| stage.fresh_key()).collect(),
            kind: if unlisted { MailDomainKind::Other } else { MailDomainKind::Disposable },
            automation: Automation::draw_automation(stage),
        }
    }

    /// Casts one ballot.
    pub(super) fn cast_by_proxy(&self, stage: &mut Stage, at: i64, entry: u64) {
        let mut trace = stage.draw_person(at);
        let domain = self.domains[stage.chance.draw_index(self.domains.len())];
        stage.use_mail(&mut trace, domain, self.kind);
        let (network, class) = self.proxies[stage.chance.draw_index(self.proxies.len())];
        (trace.network, trace.network_class) = (Some(network), class);
        self.automation.automate_ballot(stage, &mut trace, 2);
        stage.cast_ballot(trace, entry);
    }
}

/// A program orders mailboxes at disposable domains and votes through rented proxies, a vote every
/// few seconds.
pub(super) fn mail_through_proxies(stage: &mut Stage, votes: u64, entry: u64) {
    let kit = ProxyKit::draw_kit(stage, votes);
    let gap = draw_between(&mut stage.chance, 4, 20) * 1000;
    let mut at = stage.draw_start(votes * gap);
    for _ in 0..votes {
        kit.cast_by_proxy(stage, at.min(CLOSING), entry);
        at += draw_exponential(&mut stage.chance, gap).cast_signed();
    }
}

/// A12: the same kit, bought by a rival so that the case is suspected. The detector sees no
/// picks, so it is the same to it; no case is ever disqualified by the program.
pub(super) fn frame_rival(stage: &mut Stage, votes: u64, entry: u64) {
    mail_through_proxies(stage, votes, (entry + 1) % 5);
}
