//! Does the record name voters to somebody who knows when every code was sent? A simulation: the
//! gateway's report or the mail server's log beside the record, as it grows. `docs/privacy.md` has
//! the table that it prints:
//!
//! ```sh
//! cargo test -p simulator --test naming -- --nocapture
//! ```

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attacker;
mod contest;

use std::collections::HashSet;

use attacker::{Stretch, count_kinds, find_candidates, read_stretches};
use contest::{FASTEST, SLOWEST, draw_voters, let_lines_out};
use domain::rulebook::RecordRules;
use simulator::random::SeededRandom;

/// Numbers of voters, each with the number of contests that are simulated.
const SIZES: [(usize, u64); 4] = [(300, 40), (1_274, 20), (5_000, 8), (20_000, 2)];
/// A set smaller than this is small in the table.
const SMALL: usize = 5;

/// The usual rules without their lower bound on voters.
const NO_FLOOR: RecordRules = RecordRules { ballots: 50, minutes: 60, fewest: 1 };

/// What the attacker finds out in contests of one size.
struct Findings {
    /// Number of ballots in all contests.
    ballots: usize,
    /// Number of ballots whose voter is certain.
    named: usize,
    /// Number of ballots with fewer than [`SMALL`] candidates.
    small: usize,
    /// The middle number of candidates of a ballot.
    median: usize,
    /// The smallest number of candidates of a ballot.
    smallest: usize,
}

impl Findings {
    /// What the rules must reach: fewer than 1 % are named, and a ballot usually has ten candidates
    /// or more.
    fn are_harmless(&self) -> bool {
        self.named * 100 < self.ballots && self.median >= 10
    }
}

/// Simulates contests of this size under these rules. The seeds are fixed, so each run is the same.
fn simulate(rules: RecordRules, (voters, contests): (usize, u64)) -> Findings {
    let (mut sets, mut named) = (Vec::new(), 0);
    for seed in 1..=contests {
        let voters = draw_voters(voters, seed);
        let codes: Vec<u64> = voters.iter().map(|voter| voter.code).collect();
        let stretches = read_stretches(&let_lines_out(&voters, rules));
        let candidates = find_candidates(&codes, &stretches);
        for (number, voter) in voters.iter().enumerate() {
            let at = stretches.partition_point(|stretch| stretch.last < voter.ballot);
            assert!(candidates[at].contains(&number), "who cast the ballot can have cast it");
        }
        for kind in count_kinds(&stretches, &candidates) {
            assert!(kind.candidates >= kind.lines, "{kind:?}");
            named += usize::from(kind.candidates == 1);
            sets.extend(std::iter::repeat_n(kind.candidates, kind.lines));
        }
    }
    sets.sort_unstable();
    let small = sets.partition_point(|set| *set < SMALL);
    let (ballots, median, smallest) = (sets.len(), sets[sets.len() / 2], sets[0]);
    Findings { ballots, named, small, median, smallest }
}

/// Formats a share in percent, with two decimals.
fn percent(part: usize, whole: usize) -> String {
    let hundredths = part * 10_000 / whole;
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// Formats a row of the table.
fn format_row(name: &str, voters: usize, found: &Findings) -> String {
    format!(
        "| {name} | {voters} | {} | {} | {} | {} | {} |",
        found.ballots,
        percent(found.named, found.ballots),
        percent(found.small, found.ballots),
        found.median,
        found.smallest,
    )
}

#[test]
fn the_usual_rules_name_hardly_anybody_and_others_do() {
    println!(
        "| rules | voters | ballots simulated | named for certain | fewer than {SMALL} candidates \
         | median candidates | fewest candidates |"
    );
    println!("|---|---|---|---|---|---|---|");
    let [usual, no_floor, at_once] = [
        ("50 voters, or 60 minutes and 20 voters (as usual)", RecordRules::default()),
        ("50 voters, or 60 minutes", NO_FLOOR),
        ("every line at once", RecordRules::AT_ONCE),
    ]
    .map(|(name, rules)| {
        SIZES.map(|size| {
            let found = simulate(rules, size);
            println!("{}", format_row(name, size.0, &found));
            found
        })
    });
    assert!(usual.iter().all(Findings::are_harmless));
    // Why the lower bound is there: in a small contest an hour of the night has hardly a ballot.
    assert!(!no_floor[0].are_harmless());
    // Why lines wait at all. 20,000 voters nearly hide each other without waiting.
    assert!(at_once[..3].iter().all(|found| !found.are_harmless()));
    assert!(at_once[0].named * 2 > at_once[0].ballots, "most of 300 voters were named");
}

/// Returns every pair of voter and stretch that some way to give out the ballots has, by trying
/// all ways.
fn try_all_ways(codes: &[u64], stretches: &[Stretch]) -> HashSet<(usize, usize)> {
    fn give_next(
        codes: &[u64],
        stretches: &[Stretch],
        left: &mut Vec<usize>,
        given: &mut Vec<usize>,
        found: &mut HashSet<(usize, usize)>,
    ) {
        let Some(code) = codes.get(given.len()) else {
            found.extend(given.iter().copied().enumerate());
            return;
        };
        for (at, stretch) in stretches.iter().enumerate() {
            let meets = stretch.last >= code + FASTEST && stretch.first <= code + SLOWEST;
            if meets && left[at] > 0 {
                left[at] -= 1;
                given.push(at);
                give_next(codes, stretches, left, given, found);
                given.pop();
                left[at] += 1;
            }
        }
    }
    let mut left: Vec<usize> = stretches.iter().map(|stretch| stretch.lines).collect();
    let mut found = HashSet::new();
    give_next(codes, stretches, &mut left, &mut Vec::new(), &mut found);
    found
}

#[test]
fn the_attacker_finds_exactly_the_voters_of_all_possible_ways() {
    let mut chance = SeededRandom::from_seed(3);
    for _ in 0..500 {
        let count = 1 + chance.draw_index(7);
        // Codes so close to each other that windows overlap, and stretches as long as windows.
        let mut codes: Vec<u64> = (0..count).map(|_| chance.draw_below(600_000)).collect();
        codes.sort_unstable();
        let ballots: Vec<u64> = codes
            .iter()
            .map(|code| code + FASTEST + chance.draw_below(SLOWEST - FASTEST + 1))
            .collect();
        let (mut stretches, mut first) = (Vec::new(), 0);
        while first < 1_000_000 {
            let last = first + chance.draw_below(200_000);
            let lines = ballots.iter().filter(|at| (first..=last).contains(*at)).count();
            if lines > 0 {
                stretches.push(Stretch { first, last, lines, kind: (stretches.len(), 0) });
            }
            first = last + 1;
        }
        let found = find_candidates(&codes, &stretches).into_iter().enumerate();
        let found: HashSet<(usize, usize)> =
            found.flat_map(|(at, voters)| voters.map(move |voter| (voter, at))).collect();
        assert_eq!(found, try_all_ways(&codes, &stretches), "{codes:?} {stretches:?}");
    }
}
