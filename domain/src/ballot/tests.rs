//! Which lists of picks are ballots.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::rulebook::PicksRule::{AtMost, Exactly};

fn cases(numbers: &[u128]) -> Vec<CaseId> {
    numbers.iter().map(|&number| CaseId(Uuid::from_u128(number))).collect()
}

#[test]
fn a_ballot_has_one_to_max_different_cases() {
    let check = |numbers: &[u128], expected: Result<&[u128], PicksProblem>| {
        let parsed =
            Picks::from_case_ids(&cases(numbers), AtMost(3)).map(|picks| picks.as_slice().to_vec());
        assert_eq!(parsed, expected.map(cases), "{numbers:?}");
    };
    check(&[], Err(PicksProblem::None));
    check(&[7], Ok(&[7]));
    check(&[3, 1, 2], Ok(&[1, 2, 3]));
    check(&[1, 2, 3, 4], Err(PicksProblem::TooMany { max: 3 }));
    check(&[2, 1, 2], Err(PicksProblem::Twice));
}

#[test]
fn exactly_two_are_two() {
    let parse = |numbers: &[u128]| Picks::from_case_ids(&cases(numbers), Exactly(2)).err();
    assert_eq!(parse(&[1]), Some(PicksProblem::TooFew { exactly: 2 }));
    assert_eq!(parse(&[1, 2]), None);
    assert_eq!(parse(&[1, 2, 3]), Some(PicksProblem::TooMany { max: 2 }));
    assert_eq!(parse(&[1, 1]), Some(PicksProblem::Twice));
}

proptest! {
    #[test]
    fn a_picks_list_parses_the_same_in_any_order(
        (one, other) in prop::collection::vec(0u128..12, 0..7)
            .prop_flat_map(|numbers| (Just(numbers.clone()), Just(numbers).prop_shuffle()))
    ) {
        let (one, other) = (Picks::from_case_ids(&cases(&one), AtMost(5)), Picks::from_case_ids(&cases(&other), AtMost(5)));
        prop_assert_eq!(one.as_ref().map(Picks::canonical_text), other.as_ref().map(Picks::canonical_text));
        prop_assert_eq!(one, other);
    }
}
