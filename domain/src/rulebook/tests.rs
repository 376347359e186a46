//! Exact numbers, and rules that can decide a contest.

use proptest::prelude::*;

use super::*;

const RULES: &str = r#"{
    "polls": [{"picks": {"at_most": 3}, "identity": "email", "weight": "3/10", "basis": "share_of_top"}],
    "panel": {"weight": "7/10", "method": "trimmed_mean", "judges": 7,
        "rubric": [{"name": {"ko": "필요성", "en": "Need"}, "max": 100}]},
    "awards": [{"tier": {"ko": "대상", "en": "Grand prize"}, "count": 2}]
}"#;

/// Makes valid rules, for the tests of the other modules.
pub(crate) fn rules() -> Rulebook {
    serde_json::from_str(RULES).unwrap()
}

#[test]
fn a_fraction_is_read_exactly_or_not_at_all() {
    let check = |text: &str, expected: Option<&str>| {
        let shown = Fraction::parse_fraction(text).ok().map(|fraction| fraction.to_string());
        assert_eq!(shown.as_deref(), expected, "{text:?}");
    };
    check("30/100", Some("3/10"));
    check("0.3", Some("3/10"));
    check("1", Some("1"));
    check("007.50", Some("15/2"));
    for refused in ["", "-1", "+1", "1/0", "1/", "/2", ".5", "5.", "1e3", "1_000", "1/2/3", "½"] {
        check(refused, None);
    }
    check(&"1".repeat(500), None);
}

#[test]
fn display_rounds_a_half_up() {
    let check = |text: &str, places: u32, shown: &str| {
        assert_eq!(
            Fraction::parse_fraction(text).unwrap().to_decimal_text(places),
            shown,
            "{text}"
        );
    };
    check("71.375", 2, "71.38");
    check("71.3749", 2, "71.37");
    check("68/7", 2, "9.71");
    check("253/3", 2, "84.33");
    check("0.004", 2, "0.00");
    check("0.005", 2, "0.01");
    check("99.995", 2, "100.00");
    check("1/2", 0, "1");
    assert_eq!(Fraction::parse_fraction("3/10").unwrap().to_percent_text(0), "30");
}

#[test]
fn equal_means_of_different_denominators_are_equal() {
    let third = Fraction::parse_fraction("51.1").unwrap().divide_by(3).unwrap();
    let sixth = Fraction::parse_fraction("102.2").unwrap().divide_by(6).unwrap();
    assert_eq!(third, sixth);
    assert_eq!(third.to_decimal_text(3), "17.033");
}

#[test]
fn a_rulebook_is_the_same_after_a_journey_through_json() {
    let text = serde_json::to_string(&rules()).unwrap();
    assert_eq!(serde_json::from_str::<Rulebook>(&text).unwrap(), rules());
    assert!(text.contains(r#""picks":{"at_most":3}"#), "{text}");
}

#[test]
fn a_poll_by_email_is_heavy_above_five_percent_and_no_other_poll_is() {
    let mut poll = rules().polls.remove(0);
    for (weight, heavy) in [("30/100", true), ("501/10000", true), ("5/100", false), ("0", false)] {
        poll.weight = Fraction::parse_fraction(weight).unwrap();
        assert_eq!(poll.is_heavy_email_poll(), heavy, "{weight}");
    }
    poll.weight = Fraction::one();
    for identity in [VoterIdentity::Mobile, VoterIdentity::Roll, VoterIdentity::Oidc] {
        poll.identity = identity;
        assert!(!poll.is_heavy_email_poll(), "{identity:?}");
    }
}

#[test]
fn rules_that_cannot_decide_are_refused_with_their_place() {
    let check = |change: fn(&mut Rulebook), pointer: &str| {
        let mut rules = rules();
        change(&mut rules);
        let problems = rules.check_rules().unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].json_pointers().iter().any(|found| found == pointer), "{problems:?}");
    };
    assert_eq!(rules().check_rules(), Ok(()));
    check(|rules| rules.polls[0].picks = PicksRule::AtMost(0), "/polls/0/picks");
    check(|rules| rules.polls[0].picks = PicksRule::AtMost(21), "/polls/0/picks");
    check(|rules| rules.polls[0].weight = Fraction::zero(), "/panel/weight");
    check(|rules| rules.panel.rubric.clear(), "/panel/rubric");
    check(|rules| rules.panel.rubric[0].max = 0, "/panel/rubric/0/max");
    check(|rules| rules.panel.judges = 0, "/panel/judges");
    check(|rules| rules.panel.quorum = 0, "/panel/quorum");
    check(|rules| rules.panel.quorum = rules.panel.judges + 1, "/panel/quorum");
    check(|rules| rules.awards.clear(), "/awards");
    check(|rules| rules.awards[0].count = 0, "/awards/0/count");
}

#[test]
fn rules_without_a_quorum_ask_for_one_sheet_and_the_usual_one_is_a_majority() {
    assert_eq!(rules().panel.quorum, 1);
    assert!(serde_json::to_string(&rules()).unwrap().contains(r#""judges":7,"quorum":1}"#));
    for (judges, quorum) in [(1, 1), (2, 2), (3, 2), (6, 4), (7, 4)] {
        assert_eq!(PanelRules::usual_quorum(judges), quorum, "{judges}");
    }
}

/// Makes two polls about one track each and one about all cases, with weights 1/10 and 2/10; the
/// panel has 7/10.
pub(crate) fn three_polls() -> Rulebook {
    let mut rules = rules();
    let named = |slug: &str, cases: BallotPaper, weight: &str| PollRules {
        slug: slug.to_owned(),
        title: Some(Bilingual::new(slug, slug)),
        cases,
        weight: Fraction::parse_fraction(weight).unwrap(),
        ..rules.polls[0].clone()
    };
    rules.polls = vec![
        named("service", BallotPaper::Track("service".to_owned()), "1/10"),
        named("places", BallotPaper::Track("neighbourhood".to_owned()), "1/10"),
        named("seats", BallotPaper::All, "2/10"),
    ];
    rules
}

fn pointers(problems: &Result<(), Vec<RulebookProblem>>) -> Vec<String> {
    let problems = problems.as_ref().err();
    problems.into_iter().flatten().flat_map(RulebookProblem::json_pointers).collect()
}

#[test]
fn what_is_wrong_with_one_of_several_polls_is_told_at_its_place() {
    let check = |change: fn(&mut PollRules), pointer: &str| {
        let mut rules = three_polls();
        change(&mut rules.polls[1]);
        assert_eq!(pointers(&rules.check_rules()), [pointer]);
    };
    assert_eq!(three_polls().check_rules(), Ok(()));
    check(|poll| poll.slug = "Not a slug".to_owned(), "/polls/1/slug");
    check(|poll| poll.slug = "service".to_owned(), "/polls/1/slug");
    check(|poll| poll.title = None, "/polls/1/title");
    check(|poll| poll.picks = PicksRule::Exactly(0), "/polls/1/picks");
    check(|poll| poll.channels = vec![Channel::EmailCode, Channel::SeatQr], "/polls/1/channels/1");
    check(|poll| poll.channels = vec![Channel::Kiosk], "/polls/1/channels");
    check(|poll| poll.eligibility.min_age = 100, "/polls/1/eligibility/min_age");
    check(|poll| poll.window = Some(window(5, 5)), "/polls/1/window");
    let mut many = three_polls();
    many.polls = vec![many.polls[2].clone(); 9];
    assert!(pointers(&many.check_rules()).contains(&"/polls".to_owned()));
    many.polls.clear();
    assert_eq!(pointers(&many.check_rules()), ["/polls"]);
}

fn window(opens: i64, closes: i64) -> crate::schedule::Window {
    let hour = |hours| crate::schedule::Instant::UNIX_EPOCH + chrono::TimeDelta::hours(hours);
    crate::schedule::Window { opens: hour(opens), closes: hour(closes) }
}

#[test]
fn the_weights_of_every_track_sum_to_one_with_the_panel() {
    let tracks = ["service", "neighbourhood"];
    assert_eq!(three_polls().check_for_edition(&tracks, None), Ok(()));
    let mut uneven = three_polls();
    uneven.polls[1].weight = Fraction::parse_fraction("3/20").unwrap();
    let weights = ["/polls/1/weight", "/polls/2/weight", "/panel/weight"];
    assert_eq!(pointers(&uneven.check_rules()), weights);
    let third = three_polls().check_for_edition(&["service", "neighbourhood", "schools"], None);
    let track = Some("schools".to_owned());
    let sum = "9/10".to_owned();
    assert_eq!(third, Err(vec![RulebookProblem::WeightsSum { track, polls: vec![2], sum }]));
}

#[test]
fn a_list_is_weighed_case_by_case_and_not_before() {
    let mut rules = three_polls();
    rules.polls[0].cases = BallotPaper::List;
    assert_eq!(rules.check_for_edition(&["service", "neighbourhood"], None), Ok(()));
}

#[test]
fn a_poll_is_about_a_track_that_is_there_and_inside_the_time_of_voting() {
    let mut rules = three_polls();
    rules.polls[1].window = Some(window(0, 4));
    let tracks = ["service", "neighbourhood"];
    assert_eq!(rules.check_for_edition(&tracks, Some(window(0, 4))), Ok(()));
    for voting in [window(1, 4), window(0, 3)] {
        assert_eq!(pointers(&rules.check_for_edition(&tracks, Some(voting))), ["/polls/1/window"]);
    }
    let found = pointers(&rules.check_for_edition(&["service"], None));
    assert_eq!(found, ["/polls/1/cases/track"]);
}

#[test]
fn a_poll_without_channels_is_proven_the_usual_way() {
    let mut poll = rules().polls.remove(0);
    assert_eq!(poll.proof_channels().collect::<Vec<_>>(), [Channel::EmailCode]);
    poll.channels = vec![Channel::Kiosk, Channel::EmailCode];
    assert_eq!(poll.proof_channels().collect::<Vec<_>>(), [Channel::EmailCode]);
    assert!(poll.has_kiosk());
}

#[test]
fn lines_wait_for_enough_voters_or_for_the_hour_and_the_fewest_or_for_the_close() {
    let usual = RecordRules::default();
    let lets_out = |voters, minutes, closed| {
        usual.lets_out(voters, chrono::TimeDelta::minutes(minutes), closed)
    };
    assert!(lets_out(50, 0, false) && !lets_out(49, 0, false));
    assert!(lets_out(20, 60, false) && !lets_out(20, 59, false));
    assert!(!lets_out(19, 6_000, false), "fewer than the fewest wait on");
    assert!(lets_out(1, 0, true) && !lets_out(0, 6_000, true), "the close lets out what is there");
    assert!(RecordRules::AT_ONCE.lets_out(1, chrono::TimeDelta::zero(), false));
}

proptest! {
    #[test]
    fn weights_that_do_not_sum_to_one_are_refused(poll in 0u64..=200, panel in 0u64..=200) {
        let mut rules = rules();
        rules.polls[0].weight = Fraction::from_ratio(poll, 100).unwrap();
        rules.panel.weight = Fraction::from_ratio(panel, 100).unwrap();
        prop_assert_eq!(rules.check_rules().is_ok(), poll + panel == 100);
    }

    #[test]
    fn a_fraction_is_the_same_after_a_journey_through_text(n in any::<u64>(), d in 1u64..) {
        let fraction = Fraction::from_ratio(n, d).unwrap();
        prop_assert_eq!(Fraction::parse_fraction(&fraction.to_string()), Ok(fraction));
    }
}
