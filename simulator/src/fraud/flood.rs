//! A14: somebody asks for codes and casts no ballots: to spend the contest's money, or to lock one
//! person out. A small model of the limits in `backend/src/voting/code_limits.rs` and of the links
//! that bring a victim in (docs/channels.md). It is a model: the limits themselves have their tests
//! in the backend.

use std::collections::HashMap;

use crate::random::SeededRandom;

/// The limits of the program: codes for a network in an hour, codes in an hour, where the part
/// begins that is kept for networks whose codes come back, and what that means.
const OF_A_NETWORK: u64 = 3_000;
const IN_ALL: u64 = 20_000;
const KEPT_FROM: u64 = IN_ALL - IN_ALL / 2;
const ON_THEIR_WAY: u64 = 5;
const ONE_COMES_BACK_IN: u64 = 3;
/// Codes for a contact in a day, and of these from one network.
const OF_A_CONTACT: u64 = 5;
const OF_A_CONTACT_FROM_A_NETWORK: u64 = 3;
/// The first text message of a day to one number that has a link. Every mail has one.
const FIRST_LINKED_TEXT: u64 = 3;
/// Voters who ask for a code in the hour, and the share of them who type it, in thousandths.
const VOTERS: u64 = 2_000;
const TYPED_PER_MILLE: u64 = 920;

/// The figures of a flood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FloodResult {
    /// Networks that the attacker has.
    pub networks: u64,
    /// Codes that the attacker asked for.
    pub asked: u64,
    /// Codes that were sent to the attacker's targets.
    pub sent: u64,
    /// Voters who asked.
    pub voters: u64,
    /// Voters who were sent a code.
    pub served: u64,
    /// Codes that came back, of all that were sent.
    pub typed: u64,
}

/// What is left to a person for whom an attacker asks codes all day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockoutResult {
    /// Networks that the attacker has.
    pub networks: u64,
    /// True for a phone number, false for a mail address.
    pub by_text: bool,
    /// Codes that the attacker's requests sent to the person.
    pub sent: u64,
    /// Messages among them with a link that opens the vote.
    pub links: u64,
    /// Codes that are left for the person's own requests from an own network.
    pub left: u64,
}

impl LockoutResult {
    /// True if the person can vote all the same: by a link, or by a code of the own browser.
    #[must_use]
    pub fn lets_in(&self) -> bool {
        self.links > 0 || self.left > 0
    }
}

/// Plays a day in which an attacker with this many networks asks `asked` codes for one contact.
#[must_use]
pub fn lock_contact(networks: u64, asked: u64, by_text: bool) -> LockoutResult {
    let possible = networks.saturating_mul(OF_A_CONTACT_FROM_A_NETWORK);
    let sent = asked.min(possible).min(OF_A_CONTACT);
    let first = if by_text { FIRST_LINKED_TEXT } else { 1 };
    let links = (sent + 1).saturating_sub(first);
    let left = (OF_A_CONTACT - sent).min(OF_A_CONTACT_FROM_A_NETWORK);
    LockoutResult { networks, by_text, sent, links, left }
}

/// Plays an hour in which an attacker with this many networks asks for this many codes, each to
/// another contact, and voters ask evenly among them from networks of their own.
#[must_use]
pub fn flood_codes(seed: u64, networks: u64, asked: u64) -> FloodResult {
    let mut chance = SeededRandom::for_stream(seed, networks);
    let mut result = FloodResult { networks, asked, ..FloodResult::default() };
    // What each network asked for, and what came back.
    let (mut used, mut all) = (HashMap::<u64, (u64, u64)>::new(), 0);
    let total = VOTERS + asked;
    for _ in 0..total {
        let is_voter = chance.draw_below(total) < VOTERS;
        let network = if is_voter {
            networks + chance.draw_below(VOTERS)
        } else {
            chance.draw_below(networks.max(1))
        };
        result.voters += u64::from(is_voter);
        let (own, back) = used.entry(network).or_default();
        *own += 1;
        // Both the counter of the network and that of all go up only for what is sent.
        let silent = *own > ON_THEIR_WAY + *back * ONE_COMES_BACK_IN;
        let refused = *own > OF_A_NETWORK || all >= IN_ALL || (all >= KEPT_FROM && silent);
        if refused {
            *own -= 1;
            continue;
        }
        all += 1;
        if is_voter {
            result.served += 1;
            let typed = u64::from(chance.draw_per_mille(TYPED_PER_MILLE));
            (result.typed, *back) = (result.typed + typed, *back + typed);
        } else {
            result.sent += 1;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_stays_within_the_budget() {
        for (networks, asked) in [(1, 100_000), (50, 100_000), (1_000, 100_000), (5_000, 500_000)] {
            let result = flood_codes(1, networks, asked);
            assert!(result.sent + result.served <= IN_ALL, "{result:?}");
        }
    }

    #[test]
    fn nobody_locks_a_person_out() {
        for by_text in [false, true] {
            for (networks, asked) in (0..9).flat_map(|n| (0..12).map(move |asked| (n, asked))) {
                let result = lock_contact(networks, asked, by_text);
                assert!(result.lets_in() && result.sent <= OF_A_CONTACT, "{result:?}");
            }
        }
        let result = lock_contact(2, 100, true);
        assert_eq!((result.sent, result.links, result.left), (5, 3, 0));
    }

    #[test]
    fn one_network_takes_nothing_from_others() {
        let result = flood_codes(1, 1, 100_000);
        assert_eq!(result.sent, OF_A_NETWORK);
        assert!(result.served > VOTERS * 9 / 10, "{result:?}");
    }
}
