//! The attacks of the design page. Each says what the attacker does and has. An attack gets the
//! stage, its number of votes and the case that it is for.

mod accounts;
mod clickers;
mod database;
mod drip;
mod exchange;
mod farm;
mod official;
mod proxies;
mod replay;
mod script;
mod surge;
mod typists;

use domain::fraud::BallotTrace;

use super::draw::{draw_between, draw_seconds};
use super::scenario::Scenario;
use super::stage::Stage;

/// An attack.
pub struct Attack {
    /// Its name in the table.
    pub scenario: Scenario,
    /// The least share to hold, in thousandths; `None`: only reported.
    pub target: Option<u64>,
    /// Plays it.
    pub play: fn(&mut Stage, u64, u64),
}

const fn list_attack(
    name: &'static str,
    target: Option<u64>,
    play: fn(&mut Stage, u64, u64),
) -> Attack {
    Attack { scenario: Scenario(name), target, play }
}

/// All attacks that cast ballots. A14 casts none: see `flood`.
pub const ATTACKS: [Attack; 14] = [
    list_attack("A1 one contact, many accounts", Some(1000), accounts::repeat_contact),
    list_attack("A1 aliases, folding off", None, accounts::use_aliases),
    list_attack("A2 disposable mail through proxies", Some(980), proxies::mail_through_proxies),
    list_attack("A3 SMS farm, sequential numbers", Some(980), farm::run_phone_farm),
    list_attack("A4 one script, 60 s cadence", Some(980), script::run_script),
    list_attack("A5 paid clickers abroad", Some(700), clickers::pay_clickers),
    list_attack("A6 purchased identities, typists", Some(950), typists::hire_typists),
    list_attack("A7 exchange group of people", None, exchange::exchange_votes),
    list_attack("A8 slow drip with camouflage", Some(700), drip::drip_slowly),
    list_attack("A9 burst in the closing surge", Some(980), surge::burst_at_close),
    list_attack("A10 writes into the database", Some(1000), database::write_rows),
    list_attack("A11 official relays codes", Some(950), official::relay_codes),
    list_attack("A12 false flag for a rival", None, proxies::frame_rival),
    list_attack("A13 races and replays", Some(1000), replay::race_requests),
];

/// How a program asks for pages.
#[derive(Clone, Copy)]
pub(super) enum Automation {
    /// A library for HTTP: no script, no files, no headers of a browser.
    Library,
    /// The same with copied headers.
    CopiedHeaders,
    /// A browser without a window, driven at a machine's pace.
    Headless,
}

impl Automation {
    /// Draws what an attacker has: half of them can only send requests.
    pub(super) fn draw_automation(stage: &mut Stage) -> Self {
        match stage.chance.draw_below(10) {
            0..4 => Self::Library,
            4..6 => Self::CopiedHeaders,
            _ => Self::Headless,
        }
    }

    /// Gives a ballot the requests of this program, and a mailbox that it reads by itself.
    pub(super) fn automate_ballot(self, stage: &mut Stage, trace: &mut BallotTrace, latency: u64) {
        let browser = matches!(self, Self::Headless);
        (trace.script_ran, trace.assets_fetched) = (browser, browser);
        trace.fetch_headers = !matches!(self, Self::Library);
        trace.language_header = !matches!(self, Self::Library) && !stage.chance.draw_per_mille(50);
        let pages = if browser { draw_between(&mut stage.chance, 2, 9) } else { 1 };
        trace.page_seconds = u32::try_from(pages).ok();
        trace.check_seconds = Some(u32::from(browser));
        let typed = draw_seconds(&mut stage.chance, latency, 350);
        // Mail and texts are late at times, for programs too.
        let late = if stage.chance.draw_per_mille(20) { 15 } else { 0 };
        trace.code_seconds = Some(typed + late);
    }
}
