//! The people of a season who are in no scenario: single voters, and the staff of organisations.

use domain::fraud::{BallotTrace, MailDomainKind, NetworkClass, TraceKey};

use super::draw::draw_between;
use super::stage::Stage;

/// An organisation as the server sees it.
pub struct Office {
    /// Its address.
    pub network: TraceKey,
    /// The class of that address.
    pub class: NetworkClass,
    /// Its mail domain.
    pub domain: TraceKey,
    /// The first of its phone numbers, if it bought them in blocks.
    pub numbers: Option<u64>,
    /// Its browsers are old: they send no `Sec-Fetch-*`.
    pub old_browsers: bool,
}

impl Office {
    /// Draws an office. Some leave through a data centre, some have old browsers, some bought their
    /// phones in blocks.
    pub fn draw_office(stage: &mut Stage) -> Self {
        let hosted = stage.chance.draw_per_mille(60);
        let first = stage.draw_phone() / 100 * 100;
        Self {
            network: stage.fresh_key(),
            class: if hosted { NetworkClass::Hosting } else { NetworkClass::Broadband },
            domain: stage.fresh_key(),
            numbers: stage.chance.draw_per_mille(300).then_some(first),
            old_browsers: stage.chance.draw_per_mille(60),
        }
    }

    /// Turns a person into a member of staff at work.
    pub fn employ_person(&self, stage: &mut Stage, trace: &mut BallotTrace, at: u64) {
        match self.numbers {
            Some(first) if at.is_multiple_of(2) => stage.use_phone(trace, first + at / 2),
            _ => stage.use_mail(trace, self.domain, MailDomainKind::Other),
        }
        if stage.chance.draw_per_mille(750) {
            (trace.network, trace.network_class) = (Some(self.network), self.class);
        }
        trace.fetch_headers &= !self.old_browsers;
    }
}

/// Single voters and organisations of Zipf sizes: about `voters` ballots.
pub fn let_people_vote(stage: &mut Stage, voters: u64) {
    for _ in 0..voters * 4 / 5 {
        let at = stage.draw_moment();
        let trace = stage.draw_person(at);
        let entry = stage.draw_entry();
        stage.cast_ballot(trace, entry);
    }
    let (mut left, mut rank) = (voters / 5, 1);
    while left > 0 {
        let staff = (1_000 / rank).max(5).min(left);
        let (office, entry) = (Office::draw_office(stage), stage.draw_entry());
        for at in 0..staff {
            let moment = stage.draw_moment();
            let mut trace = stage.draw_person(moment);
            office.employ_person(stage, &mut trace, at);
            let own =
                if draw_between(&mut stage.chance, 0, 2) == 0 { stage.draw_entry() } else { entry };
            stage.cast_ballot(trace, own);
        }
        (left, rank) = (left - staff, rank + 1);
    }
}
