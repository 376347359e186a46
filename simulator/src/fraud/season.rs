//! A season from a seed: people, all look-alikes, and some attacks.

use std::collections::BTreeMap;

use super::attacks::ATTACKS;
use super::draw::draw_between;
use super::lookalikes::LOOKALIKES;
use super::people::let_people_vote;
use super::scenario::{AttackSize, HONEST, SIZES};
use super::stage::{Stage, arrival_order};

/// Attacks in a season.
const ATTACKS_AT_ONCE: u64 = 4;
/// One season in this many has no attack.
const QUIET_EVERY: u64 = 10;

/// Plays season number `at` of a run with this seed. All pairs of attack and size come in turn, so
/// that each is played equally often; the ballots are in the order of their times.
#[must_use]
pub fn play_season(seed: u64, at: u64) -> Stage {
    let mut stage = Stage::from_seed(seed.wrapping_add(at));
    let voters = draw_between(&mut stage.chance, 12_000, 30_000);
    let_people_vote(&mut stage, voters);
    for lookalike in &LOOKALIKES {
        stage.label = (lookalike.scenario, None);
        (lookalike.play)(&mut stage);
    }
    let standings = rank_entries(&stage, |_| true);
    let margin = standings[0].1 - standings[1].1;
    if at % QUIET_EVERY != QUIET_EVERY - 1 {
        let pairs = u64::try_from(ATTACKS.len() * SIZES.len()).unwrap_or(1);
        for number in 0..ATTACKS_AT_ONCE {
            // 41 has no factor in common with the number of pairs, so that a season mixes them.
            let pair = usize::try_from(((at * ATTACKS_AT_ONCE + number) * 41) % pairs).unwrap_or(0);
            let (attack, size) = (&ATTACKS[pair / SIZES.len()], SIZES[pair % SIZES.len()]);
            let rank = 1 + stage.chance.draw_index(6);
            play_attack(
                &mut stage,
                attack.play,
                (attack.scenario, size),
                (margin, standings[rank].0),
            );
        }
    }
    stage.label = (HONEST, None);
    stage.ballots.sort_by_key(arrival_order);
    stage
}

type AttackFn = fn(&mut Stage, u64, u64);

fn play_attack(
    stage: &mut Stage,
    play: AttackFn,
    (scenario, size): (super::scenario::Scenario, AttackSize),
    (margin, entry): (u64, u64),
) {
    stage.label = (scenario, Some(size));
    play(stage, size.vote_count(margin), entry);
}

/// The cases with their votes, the best first, counting the ballots that `counts`.
#[must_use]
pub fn rank_entries(stage: &Stage, counts: impl Fn(usize) -> bool) -> Vec<(u64, u64)> {
    let mut votes: BTreeMap<u64, u64> =
        (0..super::stage::ENTRIES).map(|entry| (entry, 0)).collect();
    for (at, ballot) in stage.ballots.iter().enumerate() {
        *votes.entry(ballot.entry).or_default() += u64::from(counts(at));
    }
    let mut ranked: Vec<(u64, u64)> = votes.into_iter().collect();
    ranked.sort_by_key(|&(entry, votes)| (std::cmp::Reverse(votes), entry));
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_season() {
        let season = |seed| {
            let stage = play_season(seed, 0);
            stage.ballots.into_iter().map(|ballot| ballot.trace).collect::<Vec<_>>()
        };
        assert_eq!(season(3), season(3));
        assert_ne!(season(3), season(4));
    }
}
