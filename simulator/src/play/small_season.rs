//! A small season for a run over HTTP, drawn by the generator of the detector's seasons.

use crate::fraud::attacks::ATTACKS;
use crate::fraud::lookalikes::LOOKALIKES;
use crate::fraud::people::let_people_vote;
use crate::fraud::scenario::{AttackSize, HONEST};
use crate::fraud::season::rank_entries;
use crate::fraud::stage::{Stage, arrival_order};

/// The attacks that are played, by the beginning of their names. The others leave nothing to post:
/// A10 writes rows, A1 and A13 are refused; or they need more ballots than a small season has.
const PLAYED_ATTACKS: [&str; 5] = ["A1 aliases", "A2 ", "A3 ", "A4 ", "A11 "];
/// The least ballots of an attack. The detector weighs no smaller group than four.
const LEAST_OF_ATTACK: u64 = 4;
/// The least ballots of a look-alike.
const LEAST_OF_LOOKALIKE: usize = 2;

/// Draws a season with about this many ballots: two fifths of them are attacks, a fifth look-alikes,
/// and the others people. A look-alike is cut off after its first ballots, because each has at least
/// a hundred. The ballots are in the order of their times.
#[must_use]
pub fn draw_small_season(seed: u64, ballots: u64) -> Stage {
    let mut stage = Stage::from_seed(seed);
    let of_attack = (ballots * 2 / 25).max(LEAST_OF_ATTACK);
    let of_lookalike = usize::try_from(ballots / 45).unwrap_or(0).max(LEAST_OF_LOOKALIKE);
    let lookalikes = u64::try_from(LOOKALIKES.len() * of_lookalike).unwrap_or(0);
    let attackers = of_attack * u64::try_from(PLAYED_ATTACKS.len()).unwrap_or(0);
    let_people_vote(&mut stage, ballots.saturating_sub(attackers + lookalikes));
    for lookalike in &LOOKALIKES {
        stage.label = (lookalike.scenario, None);
        let before = stage.ballots.len();
        (lookalike.play)(&mut stage);
        stage.ballots.truncate(before + of_lookalike);
    }
    let standings = rank_entries(&stage, |_| true);
    for attack in ATTACKS.iter().filter(|attack| is_played(attack.scenario.0)) {
        let entry = standings[1 + stage.chance.draw_index(6)].0;
        stage.label = (attack.scenario, Some(AttackSize::Votes(of_attack)));
        (attack.play)(&mut stage, of_attack, entry);
    }
    stage.label = (HONEST, None);
    stage.ballots.sort_by_key(arrival_order);
    stage
}

fn is_played(name: &str) -> bool {
    PLAYED_ATTACKS.iter().any(|played| name.starts_with(played))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{PLAYED_ATTACKS, draw_small_season};

    #[test]
    fn a_small_season_has_people_all_lookalikes_and_the_played_attacks() {
        let stage = draw_small_season(7, 200);
        let names: BTreeSet<&str> = stage.ballots.iter().map(|ballot| ballot.label.0.0).collect();
        assert_eq!(names.len(), 1 + 9 + PLAYED_ATTACKS.len(), "{names:?}");
        assert!((190..=200).contains(&stage.ballots.len()), "{}", stage.ballots.len());
        let of_attacks = stage.ballots.iter().filter(|it| it.label.0.is_attack()).count();
        assert_eq!(of_attacks, 80);
        assert!(stage.ballots.is_sorted_by_key(|ballot| ballot.trace.cast_at));
    }

    #[test]
    fn a_seed_is_a_small_season() {
        let traces = |seed| {
            let stage = draw_small_season(seed, 90);
            stage.ballots.into_iter().map(|ballot| ballot.trace).collect::<Vec<_>>()
        };
        assert_eq!(traces(3), traces(3));
        assert_ne!(traces(3), traces(4));
    }
}
