//! Exact numbers, and rules that can decide.

use proptest::prelude::*;

use super::*;

const RULES: &str = r#"{
    "polls": [{"picks": {"at_most": 3}, "identity": "email", "weight": "3/10", "basis": "share_of_top"}],
    "panel": {"weight": "7/10", "method": "trimmed_mean", "judges": 7,
        "rubric": [{"name": {"ko": "필요성", "en": "Need"}, "max": 100}]},
    "awards": [{"tier": {"ko": "대상", "en": "Grand prize"}, "count": 2}]
}"#;

/// Rules that pass, for the tests of the other modules.
pub(crate) fn rules() -> Rulebook {
    serde_json::from_str(RULES).unwrap()
}

#[test]
fn a_fraction_is_read_exactly_or_not_at_all() {
    let check = |text: &str, expected: Option<&str>| {
        let shown = Fraction::parse(text).ok().map(|fraction| fraction.to_string());
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
        assert_eq!(Fraction::parse(text).unwrap().decimal(places), shown, "{text}");
    };
    check("71.375", 2, "71.38");
    check("71.3749", 2, "71.37");
    check("68/7", 2, "9.71");
    check("253/3", 2, "84.33");
    check("0.004", 2, "0.00");
    check("0.005", 2, "0.01");
    check("99.995", 2, "100.00");
    check("1/2", 0, "1");
    assert_eq!(Fraction::parse("3/10").unwrap().percent(0), "30");
}

#[test]
fn equal_means_of_different_denominators_are_equal() {
    let third = Fraction::parse("51.1").unwrap().over(3).unwrap();
    let sixth = Fraction::parse("102.2").unwrap().over(6).unwrap();
    assert_eq!(third, sixth);
    assert_eq!(third.decimal(3), "17.033");
}

#[test]
fn a_rulebook_is_the_same_after_a_journey_through_json() {
    let text = serde_json::to_string(&rules()).unwrap();
    assert_eq!(serde_json::from_str::<Rulebook>(&text).unwrap(), rules());
    assert!(text.contains(r#""picks":{"at_most":3}"#), "{text}");
}

#[test]
fn rules_that_cannot_decide_are_refused_with_their_place() {
    let check = |change: fn(&mut Rulebook), pointer: &str| {
        let mut rules = rules();
        change(&mut rules);
        let problems = rules.check().unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].pointers().iter().any(|found| found == pointer), "{problems:?}");
    };
    assert_eq!(rules().check(), Ok(()));
    check(|rules| rules.polls[0].picks = PicksRule::AtMost(0), "/polls/0/picks/at_most");
    check(|rules| rules.polls[0].picks = PicksRule::AtMost(21), "/polls/0/picks/at_most");
    check(|rules| rules.polls[0].weight = Fraction::zero(), "/panel/weight");
    check(|rules| rules.panel.rubric.clear(), "/panel/rubric");
    check(|rules| rules.panel.rubric[0].max = 0, "/panel/rubric/0/max");
    check(|rules| rules.panel.judges = 0, "/panel/judges");
    check(|rules| rules.awards.clear(), "/awards");
    check(|rules| rules.awards[0].count = 0, "/awards/0/count");
}

proptest! {
    #[test]
    fn weights_that_do_not_sum_to_one_are_refused(poll in 0u64..=200, panel in 0u64..=200) {
        let mut rules = rules();
        rules.polls[0].weight = Fraction::new(poll, 100).unwrap();
        rules.panel.weight = Fraction::new(panel, 100).unwrap();
        prop_assert_eq!(rules.check().is_ok(), poll + panel == 100);
    }

    #[test]
    fn a_fraction_is_the_same_after_a_journey_through_text(n in any::<u64>(), d in 1u64..) {
        let fraction = Fraction::new(n, d).unwrap();
        prop_assert_eq!(Fraction::parse(&fraction.to_string()), Ok(fraction));
    }
}
