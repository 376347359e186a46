//! The known answers of docs/tally.md, and the server's tally on random seasons.

use chrono::TimeDelta;
use domain::ids::CaseId;
use domain::result::ResultEdition;
use domain::rulebook::{RecordRules, Rulebook, SealedPoll, SealedRulebook};
use domain::schedule::{Instant, Window};
use domain::standings::{CaseTally, Standing, TieRule, rank_cases};
use domain::text::Bilingual;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::announced::AnnouncedResult;

fn exact(text: &str) -> Exact {
    Exact::parse_exact(text).unwrap()
}

fn name(text: &str) -> Value {
    json!({ "ko": text, "en": text })
}

/// Makes a poll; `weight` is in hundredths.
fn poll(slug: &str, weight: u64, basis: &str, picks: &Value) -> Value {
    json!({
        "slug": slug, "title": name(slug), "cases": "list", "picks": picks, "identity": "email",
        "weight": format!("{weight}/100"), "basis": basis,
    })
}

/// Makes the rules of the server; `weight` is in hundredths, `rubric` has the highest scores.
fn rules(polls: &[Value], weight: u64, method: &str, rubric: &[u32], awards: &[u32]) -> Rulebook {
    let line = |max: &u32| json!({ "name": name("-"), "max": max });
    let award = |count: &u32| json!({ "tier": name("-"), "count": count });
    let rules = json!({
        "polls": polls,
        "panel": { "weight": format!("{weight}/100"), "method": method, "judges": 5,
                   "rubric": rubric.iter().map(line).collect::<Vec<_>>() },
        "awards": awards.iter().map(award).collect::<Vec<_>>(),
    });
    serde_json::from_value(rules).unwrap()
}

/// Returns what the auditor reads after the server has sealed these rules.
fn sealed(rules: &Rulebook) -> DecidingRules {
    let name = || Bilingual::new("-", "-");
    let edition = ResultEdition { slug: "random".to_owned(), title: name(), host: name() };
    let opens = Instant::UNIX_EPOCH;
    let window = Window { opens, closes: opens + TimeDelta::hours(1) };
    let polls =
        rules.polls.iter().map(|poll| SealedPoll::from_poll_rules(poll, window, Vec::new()));
    let document =
        SealedRulebook::from_sealed_polls(edition, polls.collect(), rules, RecordRules::default());
    DecidingRules::parse_sealed_rules(&document.canonical_bytes().unwrap()).unwrap()
}

fn case_input(id: u128, votes: &[(&str, u64)], scores: &[u32], hour: i64) -> CaseInput {
    CaseInput {
        id,
        votes: votes.iter().map(|(slug, votes)| ((*slug).to_owned(), *votes)).collect(),
        sheets: scores.iter().map(|score| vec![*score]).collect(),
        submitted_at: Instant::UNIX_EPOCH + TimeDelta::hours(hour),
    }
}

fn counts(ballots: &[(&str, u64)]) -> BTreeMap<String, u64> {
    ballots.iter().map(|(slug, ballots)| ((*slug).to_owned(), *ballots)).collect()
}

#[test]
fn the_worked_example_has_the_numbers_of_its_page() {
    let json = include_bytes!("../../../docs/tally-example.json");
    let said = AnnouncedResult::parse_result_document(json).unwrap();
    let cases = [
        case_input(1, &[("citizens", 9)], &[79, 80, 82, 85, 90], 1),
        case_input(2, &[("citizens", 6)], &[86, 88, 90, 91, 95], 2),
        case_input(3, &[("citizens", 7)], &[40, 45, 50, 55, 60], 3),
        case_input(4, &[("citizens", 0)], &[80, 81, 84, 85, 85], 4),
    ];
    let places = compute_places(&said.rules, &counts(&[("citizens", 10)]), &cases).unwrap();
    let rows: Vec<_> = places
        .iter()
        .map(|place| (place.id, place.judge_points.to_string(), place.total.to_string()))
        .collect();
    let row = |id, judges: &str, total: &str| (id, judges.to_owned(), total.to_owned());
    let expected = [
        row(1, "247/3", "2629/30"),
        row(2, "269/3", "2483/30"),
        row(4, "250/3", "175/3"),
        row(3, "50", "175/3"),
    ];
    assert_eq!(rows, expected);
    let points: Vec<String> =
        places.iter().map(|place| place.polls[0].points.to_string()).collect();
    assert_eq!(points, ["100", "200/3", "0", "700/9"]);
    for (said, place) in said.cases.iter().zip(&places) {
        assert_eq!((said.id, said.rank, said.tier), (place.id, place.rank, place.tier));
        assert_eq!(said.tie_rule.as_deref(), place.tie_rule);
        assert_eq!(said.dropped, place.dropped);
    }
}

#[test]
fn several_polls_have_the_numbers_of_their_page() {
    let (top, picks) = ("share_of_top", json!({ "at_most": 3 }));
    let polls = vec![
        poll("service", 10, top, &picks),
        poll("places", 10, top, &picks),
        poll("seats", 20, top, &picks),
    ];
    let rules = sealed(&rules(&polls, 70, "trimmed_mean", &[100], &[1]));
    let cases = [
        case_input(1, &[("service", 80), ("seats", 10)], &[90], 0),
        case_input(2, &[("service", 20), ("seats", 40)], &[80], 0),
        case_input(3, &[("places", 4), ("seats", 20)], &[70], 0),
    ];
    let ballots = counts(&[("service", 100), ("places", 4), ("seats", 40)]);
    let places = compute_places(&rules, &ballots, &cases).unwrap();
    let totals: Vec<_> = places.iter().map(|place| (place.id, place.total.clone())).collect();
    assert_eq!(totals, [(2, exact("157/2")), (1, exact("78")), (3, exact("69"))]);
}

#[test]
fn a_rank_shared_at_the_edge_enlarges_its_award() {
    let polls = vec![poll("citizens", 0, "share_of_top", &json!({ "at_most": 3 }))];
    let rules = sealed(&rules(&polls, 100, "mean", &[100], &[1, 2]));
    let cases: Vec<CaseInput> = (1..)
        .zip([9, 9, 7, 6, 5])
        .map(|(id, score)| case_input(id, &[("citizens", 0)], &[score], 0))
        .collect();
    let places = compute_places(&rules, &counts(&[("citizens", 0)]), &cases).unwrap();
    let rows: Vec<_> =
        places.iter().map(|place| (place.rank, place.tie_rule, place.tier)).collect();
    let shared = (1, Some("shared"), Some(0));
    assert_eq!(rows, [shared, shared, (3, None, Some(1)), (4, None, Some(1)), (5, None, None)]);
}

#[test]
fn input_that_no_contest_can_have_is_refused() {
    let polls = vec![poll("citizens", 30, "share_of_top", &json!({ "at_most": 3 }))];
    let rules = sealed(&rules(&polls, 70, "mean", &[100], &[1]));
    let check = |case: CaseInput| compute_places(&rules, &counts(&[("citizens", 9)]), &[case]);
    assert!(check(case_input(1, &[("citizens", 9)], &[100], 0)).is_ok());
    for (case, why) in [
        (case_input(1, &[("citizens", 9)], &[], 0), "no signed sheet"),
        (case_input(1, &[("citizens", 9)], &[101], 0), "rubric"),
        (case_input(1, &[("citizens", 10)], &[9], 0), "10 votes"),
        (case_input(1, &[("citizens", 9), ("seats", 1)], &[9], 0), "seats"),
        (case_input(1, &[("citizens", 8)], &[9], 0), "hold one each at least"),
    ] {
        let refused = check(case).unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
    let nowhere = case_input(1, &[], &[9], 0);
    let refused = compute_places(&rules, &counts(&[("citizens", 0)]), &[nowhere]).unwrap_err();
    assert!(refused.contains("weigh 7/10"), "{refused}");
}

/// What is drawn for one case: votes in three polls, sheets of two scores, the hour, the paper.
type Drawn = (Vec<u64>, Vec<Vec<u32>>, i64, u8);

fn drawn_case() -> impl Strategy<Value = Drawn> {
    let sheet = || (0_u32..=4, 0_u32..=2).prop_map(|(first, second)| vec![first, second]);
    let sheets = prop_oneof![
        30 => prop::collection::vec(sheet(), 1..7),
        1 => Just(Vec::new()),
    ];
    (prop::collection::vec(0_u64..=12, 3), sheets, 0_i64..3, 0_u8..30)
}

/// Returns the polls (by their place) whose paper has the case. Paper 0 is on none.
fn papers_of(shape: u8, paper: u8) -> Vec<usize> {
    match (shape, paper) {
        (_, 0) => vec![],
        (0, _) => vec![0],
        (1, _) => vec![usize::from(paper % 2), 2],
        _ => (0..3).filter(|place| (paper >> place) & 1 == 1).collect(),
    }
}

/// A season as the server has it: one poll, two tracks and the seats, or a panel that decides alone.
fn season() -> impl Strategy<Value = (Rulebook, BTreeMap<String, u64>, Vec<CaseTally>)> {
    let basis = || prop::sample::select(vec!["share_of_top", "share_of_ballots", "share_of_picks"]);
    let method = prop::sample::select(vec!["mean", "median", "trimmed_mean"]);
    let picks = prop_oneof![
        12 => Just(json!({ "at_most": 20 })),
        1 => Just(json!({ "at_most": 1 })),
        1 => Just(json!({ "exactly": 2 })),
    ];
    let scale = prop::sample::select(vec![1_u64, 7, 999_999_999_989]);
    let awards = prop::collection::vec(1_u32..4, 1..4);
    let cases = prop::collection::vec(drawn_case(), 1..9);
    let numbers = (0_u8..3, 0_u64..=50, 0_u64..=50, scale);
    (numbers, [basis(), basis(), basis()], method, picks, awards, cases).prop_map(
        |((shape, track, seats, scale), basis, method, picks, awards, cases)| {
            let weights = match shape {
                0 => vec![track + seats],
                1 => vec![track, track, seats],
                _ => vec![0, 0, 0],
            };
            let panel = if shape == 2 { 100 } else { 100 - track - seats };
            let slug = |place: usize| format!("poll-{place}");
            let polls: Vec<Value> = (0..)
                .zip(&weights)
                .zip(basis)
                .map(|((place, weight), basis)| poll(&slug(place), *weight, basis, &picks))
                .collect();
            let rules = rules(&polls, panel, method, &[4, 2], &awards);
            let tally = |(id, (votes, sheets, hour, paper)): (u128, Drawn)| CaseTally {
                case: CaseId(Uuid::from_u128(id)),
                votes: papers_of(shape, paper)
                    .into_iter()
                    .map(|place| (slug(place), votes[place] * scale))
                    .collect(),
                sheets,
                submitted_at: Instant::UNIX_EPOCH + TimeDelta::hours(hour),
            };
            let tallies: Vec<CaseTally> = (1..).zip(cases).map(tally).collect();
            // Each case is on a ballot once at most, and each ballot names a case at least.
            let ballots = |place: usize| {
                let votes = tallies.iter().filter_map(|tally| tally.votes.get(&slug(place)));
                let most = votes.clone().max().copied().unwrap_or(0);
                (slug(place), (most + votes.sum::<u64>()).div_ceil(2))
            };
            (rules, (0..weights.len()).map(ballots).collect(), tallies)
        },
    )
}

/// Writes what the server computed in the words of this program.
fn translate_standing(standing: &Standing) -> CasePlace {
    let word = |rule| match rule {
        TieRule::JudgePoints => "judge_points",
        TieRule::Votes => "votes",
        TieRule::EarlierSubmission => "earlier_submission",
        TieRule::Shared => "shared",
    };
    let share = |poll: &domain::standings::PollPoints| PollShare {
        slug: poll.slug.clone(),
        votes: poll.votes,
        points: exact(&poll.points.to_string()),
    };
    CasePlace {
        id: standing.case.0.as_u128(),
        polls: standing.polls.iter().map(share).collect(),
        judge_points: exact(&standing.judge_points.to_string()),
        dropped: standing
            .dropped
            .map(|sheets| LeftOut { lowest: sheets.lowest, highest: sheets.highest }),
        total: exact(&standing.total.to_string()),
        rank: standing.rank.into(),
        tie_rule: standing.tie_rule.map(word),
        tier: standing.tier,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn both_tallies_agree_on_random_seasons((rules, ballots, cases) in season()) {
        let inputs: Vec<CaseInput> = cases
            .iter()
            .map(|case| CaseInput {
                id: case.case.0.as_u128(),
                votes: case.votes.clone(),
                sheets: case.sheets.clone(),
                submitted_at: case.submitted_at,
            })
            .collect();
        let there = rank_cases(&rules, &ballots, &cases);
        let there = there.map(|places| places.iter().map(translate_standing).collect::<Vec<_>>());
        let here = compute_places(&sealed(&rules), &ballots, &inputs);
        prop_assert_eq!(here.is_ok(), there.is_ok(), "{:?} {:?}", here, there);
        prop_assert_eq!(here.ok(), there.ok());
    }
}
