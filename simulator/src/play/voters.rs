//! The voters of a run: what each ballot of the season becomes over HTTP.

use std::collections::BTreeMap;
use std::net::IpAddr;

use domain::fraud::{BallotTrace, TraceChannel, TraceKey};

use super::contacts::{ContactBook, VoterContact};
use super::networks::AddressPlan;
use super::timetable::{PlannedTurn, plan_turns, shorten_waits};
use crate::error::{Result, SimulatorError};
use crate::fraud::scenario::Scenario;
use crate::fraud::stage::Stage;

/// A voter who is played.
#[derive(Clone, Debug)]
pub struct PlayedVoter {
    /// The number of the ballot in the season.
    pub number: usize,
    /// The scenario. Only the comparison at the end looks at it.
    pub scenario: Scenario,
    /// What the server should see: the trace of the season with shortened waits.
    pub planned: BallotTrace,
    /// The number of the case.
    pub entry: u64,
    /// Where the code goes.
    pub contact: VoterContact,
    /// From where the requests come.
    pub address: IpAddr,
    /// When the voter begins, and in which window.
    pub turn: PlannedTurn,
}

impl PlayedVoter {
    /// Returns the number of the poll: 0 for codes by mail, 1 for codes by text message.
    #[must_use]
    pub const fn poll_index(&self) -> usize {
        match self.contact {
            VoterContact::Mail(_) => 0,
            VoterContact::Mobile(_) => 1,
        }
    }
}

/// Voters who share a browser: its windows, each with its voters in their order.
pub type BrowserWindows = Vec<Vec<PlayedVoter>>;

/// Sorts voters by browser and window.
#[must_use]
pub fn group_by_browser(voters: &[PlayedVoter]) -> Vec<BrowserWindows> {
    let mut windows: BTreeMap<usize, Vec<PlayedVoter>> = BTreeMap::new();
    for voter in voters {
        windows.entry(voter.turn.window).or_default().push(voter.clone());
    }
    let mut browsers: BTreeMap<std::result::Result<TraceKey, usize>, BrowserWindows> =
        BTreeMap::new();
    for (window, mut voters) in windows {
        voters.sort_by_key(|voter| voter.turn.start);
        let device = voters.first().and_then(|voter| voter.planned.device);
        browsers.entry(device.ok_or(window)).or_default().push(voters);
    }
    browsers.into_values().collect()
}

/// Plans the voters of a season, whose ballots are cast within `length` milliseconds.
///
/// # Errors
/// [`SimulatorError::Wrong`] for a ballot that nobody can be verified for.
pub fn plan_voters(stage: &Stage, length: u64) -> Result<Vec<PlayedVoter>> {
    let mut traces: Vec<BallotTrace> = stage.ballots.iter().map(|it| it.trace.clone()).collect();
    traces.iter_mut().for_each(shorten_waits);
    let turns = plan_turns(&traces, length);
    let (mut contacts, mut addresses) = (ContactBook::default(), AddressPlan::default());
    let seen = stage.ballots.iter().zip(traces).zip(turns).enumerate();
    seen.map(|(number, ((ballot, mut planned), turn))| {
        let contact = contacts.assign_contact(&mut planned).ok_or_else(|| {
            SimulatorError::condition_error(format!("no contact for ballot {number}"))
        })?;
        // The server keeps no key of a whole number.
        if planned.channel == TraceChannel::Sms {
            planned.folded_contact = None;
        }
        // Everybody comes from somewhere.
        let network = planned.network.unwrap_or(TraceKey(0));
        let (address, class) = addresses.assign_address(network, planned.network_class);
        (planned.network, planned.network_class) = (Some(network), class);
        let (scenario, entry) = (ballot.label.0, ballot.entry);
        Ok(PlayedVoter { number, scenario, planned, entry, contact, address, turn })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{group_by_browser, plan_voters};
    use crate::play::small_season::draw_small_season;

    #[test]
    fn every_voter_has_one_place_in_one_browser() {
        let voters = plan_voters(&draw_small_season(5, 200), 240_000).unwrap();
        let browsers = group_by_browser(&voters);
        let mut numbers = Vec::new();
        for windows in &browsers {
            let device = windows[0][0].planned.device;
            for window in windows {
                assert!(window.is_sorted_by_key(|voter| voter.turn.start));
                assert!(window.iter().all(|voter| voter.planned.device == device));
                numbers.extend(window.iter().map(|voter| voter.number));
            }
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (0..voters.len()).collect::<Vec<_>>());
        assert!(browsers.len() < voters.len(), "some browsers are shared");
    }
}
