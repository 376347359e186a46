//! Published worked examples, the rules for ties, and properties for any numbers.

use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::rulebook::tests::{rules, three_polls};
use crate::rulebook::{PanelMethod, PointsBasis};

fn id(number: u128) -> CaseId {
    CaseId(Uuid::from_u128(number))
}

/// Returns the number of ballots of the only poll.
fn cast(ballots: u64) -> CountByPoll {
    CountByPoll::from([("citizens".to_owned(), ballots)])
}

/// Makes a case with one score on each sheet, sent in `hour` hours after the call has opened.
fn entry(number: u128, votes: u64, scores: &[u32], hour: i64) -> CaseTally {
    CaseTally {
        case: id(number),
        votes: cast(votes),
        sheets: scores.iter().map(|&score| vec![score]).collect(),
        submitted_at: Instant::UNIX_EPOCH + TimeDelta::hours(hour),
    }
}

/// Makes rules with one criterion of 0 to `max`; `poll` and `panel` are weights in hundredths.
fn rulebook(max: u32, poll: u64, panel: u64, basis: PointsBasis, method: PanelMethod) -> Rulebook {
    let mut rules = rules();
    rules.panel.rubric[0].max = max;
    rules.polls[0].weight = Fraction::from_ratio(poll, 100).unwrap();
    rules.panel.weight = Fraction::from_ratio(panel, 100).unwrap();
    (rules.polls[0].basis, rules.panel.method) = (basis, method);
    rules
}

/// Returns the judge points of one case in a contest without a public vote.
fn check(
    method: PanelMethod,
    max: u32,
    scores: &[u32],
    points: &str,
    dropped: Option<(usize, usize)>,
) {
    let rules = rulebook(max, 0, 100, PointsBasis::ShareOfTop, method);
    let placed = rank_cases(&rules, &cast(0), &[entry(1, 0, scores, 0)]).unwrap();
    assert_eq!(placed[0].judge_points, Fraction::parse_fraction(points).unwrap(), "{scores:?}");
    assert_eq!(placed[0].total, placed[0].judge_points);
    let dropped = dropped.map(|(lowest, highest)| DroppedSheets { lowest, highest });
    assert_eq!(placed[0].dropped, dropped, "{scores:?}");
}

#[test]
fn a_trimmed_mean_drops_one_highest_and_one_lowest_even_of_equals() {
    // 9.50 10.00 9.75 9.75 9.50 9.75 10.00 9.50 9.75 in hundredths: 68.00 / 7 of 10
    let nine = [950, 1000, 975, 975, 950, 975, 1000, 950, 975];
    check(PanelMethod::TrimmedMean, 1000, &nine, "680/7", Some((0, 6)));
    assert_eq!(
        Fraction::parse_fraction("680/7").unwrap().divide_by(10).unwrap().to_decimal_text(2),
        "9.71"
    );
    check(PanelMethod::TrimmedMean, 100, &[68, 68, 68, 68, 72], "68", Some((0, 4)));
    check(PanelMethod::TrimmedMean, 100, &[65, 73, 62, 65, 65], "65", Some((2, 1)));
    check(PanelMethod::TrimmedMean, 100, &[73, 69, 69, 65, 69], "69", Some((3, 0)));
    check(PanelMethod::TrimmedMean, 100, &[75, 70, 65, 65, 75], "70", Some((2, 4)));
    check(PanelMethod::TrimmedMean, 100, &[65, 60, 60, 70, 75], "65", Some((1, 4)));
    check(PanelMethod::TrimmedMean, 100, &[50, 50, 50], "50", Some((0, 2)));
}

#[test]
fn a_trimmed_mean_of_fewer_than_three_sheets_drops_none() {
    check(PanelMethod::TrimmedMean, 100, &[60, 71], "131/2", None);
    check(PanelMethod::TrimmedMean, 100, &[60], "60", None);
}

#[test]
fn mean_and_median_are_scaled_to_a_hundred() {
    check(PanelMethod::Mean, 40, &[10, 20, 40], "175/3", None);
    check(PanelMethod::Median, 40, &[40, 10, 20], "50", None);
    check(PanelMethod::Median, 40, &[40, 10, 20, 30], "125/2", None);
}

#[test]
fn poll_points_follow_their_basis() {
    let check = |basis: PointsBasis, ballots: u64, votes: [u64; 2], points: [&str; 2]| {
        let rules = rulebook(100, 100, 0, basis, PanelMethod::Mean);
        let entries = [entry(1, votes[0], &[1], 0), entry(2, votes[1], &[1], 1)];
        let placed = rank_cases(&rules, &cast(ballots), &entries).unwrap();
        let points = points.map(|points| Fraction::parse_fraction(points).unwrap());
        assert_eq!([placed[0].total.clone(), placed[1].total.clone()], points, "{basis:?}");
    };
    check(PointsBasis::ShareOfTop, 50, [40, 10], ["100", "25"]);
    check(PointsBasis::ShareOfBallots, 50, [40, 10], ["80", "20"]);
    check(PointsBasis::ShareOfPicks, 50, [40, 20], ["200/3", "100/3"]);
    check(PointsBasis::ShareOfTop, 0, [0, 0], ["0", "0"]);
    check(PointsBasis::ShareOfBallots, 0, [0, 0], ["0", "0"]);
    check(PointsBasis::ShareOfPicks, 0, [0, 0], ["0", "0"]);
}

#[test]
fn the_published_tender_is_won_by_the_higher_technical_score() {
    // 甲 68 + 13, 丙 69 + 15, 丁 70 + 14: votes of 100 ballots are used as the price points.
    let rules = rulebook(100, 50, 50, PointsBasis::ShareOfBallots, PanelMethod::TrimmedMean);
    let entries = [
        entry(1, 13, &[68, 68, 68, 68, 72], 0),
        entry(3, 15, &[73, 69, 69, 65, 69], 0),
        entry(4, 14, &[75, 70, 65, 65, 75], 0),
        // The other ballots are for somebody else: each names a case.
        entry(9, 58, &[0], 0),
    ];
    let placed = rank_cases(&rules, &cast(100), &entries).unwrap();
    let order: Vec<_> = placed.iter().map(|row| (row.case, row.rank, row.tie_rule)).collect();
    let tie = Some(TieRule::JudgePoints);
    assert_eq!(order, [(id(4), 1, tie), (id(3), 2, tie), (id(1), 3, None), (id(9), 4, None)]);
    let doubled = |row: &Standing| row.total.clone() * Fraction::from_whole(2);
    assert_eq!(
        placed.iter().map(doubled).collect::<Vec<_>>(),
        [84, 84, 81, 58].map(Fraction::from_whole)
    );
}

#[test]
fn the_chain_of_ties_goes_on_to_votes_then_submission_then_a_shared_rank() {
    // The vote has weight 0, so that it can break ties without changing the totals.
    let rules = rulebook(100, 0, 100, PointsBasis::ShareOfTop, PanelMethod::Mean);
    let entries = [
        entry(1, 9, &[80], 0),
        entry(2, 8, &[80], 1),
        entry(3, 8, &[80], 2),
        entry(4, 8, &[80], 2),
        entry(5, 8, &[70], 0),
    ];
    let placed = rank_cases(&rules, &cast(20), &entries).unwrap();
    let order: Vec<_> = placed.iter().map(|row| (row.rank, row.tie_rule)).collect();
    let expected = [
        (1, Some(TieRule::Votes)),
        (2, Some(TieRule::EarlierSubmission)),
        (3, Some(TieRule::Shared)),
        (3, Some(TieRule::Shared)),
        (5, None),
    ];
    assert_eq!(order, expected);
}

#[test]
fn a_rank_shared_at_the_edge_enlarges_its_tier_and_takes_from_no_other() {
    let check = |scores: &[u32], counts: &[u32], expected: &[Option<usize>]| {
        let mut rules = rulebook(100, 0, 100, PointsBasis::ShareOfTop, PanelMethod::Mean);
        let tier = rules.awards[0].clone();
        rules.awards = counts.iter().map(|&count| Tier { count, ..tier.clone() }).collect();
        let entries: Vec<CaseTally> =
            (0..).zip(scores).map(|(number, &score)| entry(number, 0, &[score], 0)).collect();
        let placed = rank_cases(&rules, &cast(0), &entries).unwrap();
        assert_eq!(placed.iter().map(|row| row.tier).collect::<Vec<_>>(), expected, "{scores:?}");
    };
    check(&[9, 8, 7, 6], &[1, 2], &[Some(0), Some(1), Some(1), None]);
    check(&[9, 9, 7, 6, 5], &[1, 2], &[Some(0), Some(0), Some(1), Some(1), None]);
    check(&[9, 8, 7, 7, 7], &[1, 2], &[Some(0), Some(1), Some(1), Some(1), Some(1)]);
    check(&[9], &[2, 2], &[Some(0)]);
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    let check = |ballots: u64, entries: &[CaseTally], expected: StandingsProblem| {
        assert_eq!(rank_cases(&rules(), &cast(ballots), entries), Err(expected));
    };
    let scored = |number, votes| entry(number, votes, &[50], 0);
    check(9, &[scored(1, 8), entry(2, 1, &[], 0)], StandingsProblem::NotScored(vec![id(2)]));
    check(9, &[entry(1, 1, &[101], 0)], StandingsProblem::BadSheet(id(1)));
    check(9, &[scored(1, 1), scored(1, 1)], StandingsProblem::Twice(id(1)));
    check(9, &[scored(1, 10)], StandingsProblem::MoreVotesThanBallots(id(1)));
    // 1,274 voters with three picks each cast at most 3,822 votes; the published file said 3,835.
    let votes = |last| [scored(1, 1274), scored(2, 1274), scored(3, 1000), scored(4, last)];
    assert!(rank_cases(&rules(), &cast(1274), &votes(274)).is_ok());
    let poll = "citizens".to_owned();
    let problem = StandingsProblem::TooManyVotes { poll, votes: 3835, most: 3822 };
    check(1274, &votes(287), problem);
    // 23 ballots hold at least 23 votes, because a ballot names a case.
    let poll = "citizens".to_owned();
    let few = StandingsProblem::TooFewVotes { poll, votes: 22, least: 23 };
    check(23, &[scored(1, 12), scored(2, 10)], few);
    let nowhere = CaseTally { votes: CountByPoll::new(), ..scored(1, 0) };
    check(9, &[nowhere], StandingsProblem::Weights(id(1)));
    let elsewhere =
        CaseTally { votes: CountByPoll::from([("seats".to_owned(), 1)]), ..scored(1, 0) };
    check(9, &[elsewhere], StandingsProblem::Polls);
    let of_another = CountByPoll::from([("seats".to_owned(), 9)]);
    assert_eq!(rank_cases(&rules(), &of_another, &[]), Err(StandingsProblem::Polls));
    assert_eq!(rank_cases(&rules(), &CountByPoll::new(), &[]), Err(StandingsProblem::Polls));
}

#[test]
fn ballots_of_exactly_two_picks_hold_twice_their_number() {
    let mut rules = rules();
    rules.polls[0].picks = PicksRule::Exactly(2);
    let placed = |votes: [u64; 3]| {
        let entries = (1..).zip(votes).map(|(number, votes)| entry(number, votes, &[50], 0));
        rank_cases(&rules, &cast(5), &entries.collect::<Vec<_>>())
    };
    assert!(placed([5, 3, 2]).is_ok());
    let poll = || "citizens".to_owned();
    let few = StandingsProblem::TooFewVotes { poll: poll(), votes: 9, least: 10 };
    assert_eq!(placed([5, 3, 1]), Err(few));
    let many = StandingsProblem::TooManyVotes { poll: poll(), votes: 11, most: 10 };
    assert_eq!(placed([5, 3, 3]), Err(many));
}

/// Makes a case of the contest with a poll for each track (weight 1/10) and one for the seats
/// (2/10).
fn of_track(number: u128, track: &str, votes: u64, seats: u64, score: u32) -> CaseTally {
    let votes = [(track, votes), ("seats", seats)].map(|(poll, votes)| (poll.to_owned(), votes));
    CaseTally { votes: CountByPoll::from(votes), ..entry(number, 0, &[score], 0) }
}

#[test]
fn each_poll_measures_its_own_cases_by_its_own_ballots() {
    let ballots = [("service", 100), ("places", 4), ("seats", 40)];
    let ballots = ballots.map(|(poll, ballots)| (poll.to_owned(), ballots)).into();
    let entries = [
        of_track(1, "service", 80, 10, 90),
        of_track(2, "service", 20, 40, 80),
        of_track(3, "places", 4, 20, 70),
    ];
    let placed = rank_cases(&three_polls(), &ballots, &entries).unwrap();
    let rows: Vec<_> = placed
        .iter()
        .map(|row| {
            let points = row.polls.iter().map(|poll| (poll.slug.as_str(), poll.points.to_string()));
            (row.case, points.collect::<Vec<_>>(), row.total.to_string())
        })
        .collect();
    let points = |track, first: &str, second: &str| {
        vec![(track, first.to_owned()), ("seats", second.to_owned())]
    };
    let expected = [
        // 25/10 of its track, 100 × 2/10 of the seats, 80 × 7/10 of the panel.
        (id(2), points("service", "25", "100"), "157/2".to_owned()),
        (id(1), points("service", "100", "25"), "78".to_owned()),
        // Four ballots are the most votes of its track.
        (id(3), points("places", "100", "50"), "69".to_owned()),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_tie_is_settled_by_the_votes_of_all_polls_together() {
    let mut rules = three_polls();
    for poll in &mut rules.polls {
        poll.weight = Fraction::zero();
    }
    rules.panel.weight = Fraction::one();
    let ballots = [("service", 20), ("places", 1), ("seats", 12)];
    let ballots = ballots.map(|(poll, ballots)| (poll.to_owned(), ballots)).into();
    let entries = [
        of_track(1, "service", 9, 2, 80),
        of_track(2, "places", 1, 11, 80),
        of_track(3, "service", 12, 0, 80),
    ];
    let placed = rank_cases(&rules, &ballots, &entries).unwrap();
    let order: Vec<_> = placed.iter().map(|row| (row.case, row.rank)).collect();
    assert_eq!(order, [(id(2), 1), (id(3), 1), (id(1), 3)]);
    assert_eq!(placed[2].tie_rule, Some(TieRule::Votes));
}

/// Makes up to eight cases that are often equal, and a last one that is on all of twelve ballots.
fn contest() -> impl Strategy<Value = (Rulebook, Vec<CaseTally>)> {
    let basis = prop::sample::select(vec![
        PointsBasis::ShareOfTop,
        PointsBasis::ShareOfBallots,
        PointsBasis::ShareOfPicks,
    ]);
    let method = prop::sample::select(vec![
        PanelMethod::Mean,
        PanelMethod::Median,
        PanelMethod::TrimmedMean,
    ]);
    let case = (0u64..12, prop::collection::vec(0u32..=4, 1..6), 0i64..3);
    (0u64..=100, basis, method, prop::collection::vec(case, 1..9)).prop_map(
        |(poll, basis, method, cases)| {
            let entries = (0..)
                .zip(cases)
                .map(|(number, (votes, scores, hour))| entry(number, votes, &scores, hour))
                .chain([entry(99, 12, &[0], 0)])
                .collect();
            let mut rules = rulebook(4, poll, 100 - poll, basis, method);
            rules.polls[0].picks = crate::rulebook::PicksRule::AtMost(20);
            (rules, entries)
        },
    )
}

proptest! {
    #[test]
    fn standings_do_not_depend_on_the_order_of_entries(
        (rules, one, other) in contest().prop_flat_map(|(rules, entries)| {
            (Just(rules), Just(entries.clone()), Just(entries).prop_shuffle())
        })
    ) {
        prop_assert_eq!(rank_cases(&rules, &cast(12), &one), rank_cases(&rules, &cast(12), &other));
    }

    #[test]
    fn one_more_vote_never_lowers_a_rank(
        (rules, entries) in contest(),
        which in any::<prop::sample::Index>(),
        another_ballot in 0u64..=1,
    ) {
        let which = which.index(entries.len() - 1);
        let case = entries[which].case;
        let mut more = entries.clone();
        *more[which].votes.get_mut("citizens").unwrap() += 1;
        let rank = |ballots, entries: &[CaseTally]| {
            let placed = rank_cases(&rules, &cast(ballots), entries).unwrap();
            placed.iter().find(|row| row.case == case).unwrap().rank
        };
        prop_assert!(rank(12 + another_ballot, &more) <= rank(12, &entries));
    }

    #[test]
    fn points_lie_between_nothing_and_a_hundred((rules, entries) in contest()) {
        for row in rank_cases(&rules, &cast(12), &entries).unwrap() {
            let polls = row.polls.into_iter().map(|poll| poll.points);
            for points in polls.chain([row.judge_points, row.total]) {
                prop_assert!(points <= Fraction::from_whole(100));
            }
        }
    }
}
