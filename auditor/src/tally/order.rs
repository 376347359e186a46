//! From points to places: the order, the ranks, the rule behind each, the awards.

use std::cmp::Ordering;

use crate::rules::deciding::Award;

use super::{CasePlace, Scored};

/// What separates two cases, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Total,
    JudgePoints,
    Votes,
    EarlierSubmission,
    Nothing,
}

impl Step {
    /// Returns the word of the result document; `None` if the totals are different.
    fn tie_rule_word(self) -> Option<&'static str> {
        match self {
            Self::Total => None,
            Self::JudgePoints => Some("judge_points"),
            Self::Votes => Some("votes"),
            Self::EarlierSubmission => Some("earlier_submission"),
            Self::Nothing => Some("shared"),
        }
    }
}

/// Returns the order of two cases, the better one first, and the step that decides it.
fn separate_cases(one: &Scored<'_>, other: &Scored<'_>) -> (Ordering, Step) {
    let steps = [
        (other.total.cmp(&one.total), Step::Total),
        (other.judge_points.cmp(&one.judge_points), Step::JudgePoints),
        (other.votes.cmp(&one.votes), Step::Votes),
        (one.input.submitted_at.cmp(&other.input.submitted_at), Step::EarlierSubmission),
    ];
    let decides = steps.into_iter().find(|(order, _)| order.is_ne());
    decides.unwrap_or((Ordering::Equal, Step::Nothing))
}

/// Puts the cases in their order and gives each its rank, its rule and its award.
pub(super) fn place_cases(mut cases: Vec<Scored<'_>>, awards: &[Award]) -> Vec<CasePlace> {
    cases.sort_by(|one, other| {
        separate_cases(one, other).0.then_with(|| one.input.id.cmp(&other.input.id))
    });
    // `steps[n]` separates case n from case n + 1.
    let steps: Vec<Step> =
        cases.windows(2).map(|pair| separate_cases(&pair[0], &pair[1]).1).collect();
    let above = std::iter::once(None).chain(steps.iter().copied().map(Some));
    let below = steps.iter().copied().map(Some).chain(std::iter::once(None));
    let (mut rank, mut awarding) = (0, Awarding { awards, tier: 0, given: 0 });
    let mut places = Vec::with_capacity(cases.len());
    for (((number, case), above), below) in (1_u64..).zip(cases).zip(above).zip(below) {
        let shared = above == Some(Step::Nothing);
        if !shared {
            rank = number;
        }
        let tier = awarding.give_award(shared);
        let tie_rule = above.max(below).and_then(Step::tie_rule_word);
        places.push(CasePlace {
            id: case.input.id,
            polls: case.polls,
            judge_points: case.judge_points,
            dropped: case.dropped,
            total: case.total,
            rank,
            tie_rule,
            tier,
        });
    }
    places
}

/// The awards while they are given, from the highest rank down.
struct Awarding<'a> {
    awards: &'a [Award],
    /// The kind of award that is being given.
    tier: usize,
    /// How many of it were given.
    given: u64,
}

impl Awarding<'_> {
    /// Returns the award of the next case. A case that shares the rank of the one before gets the
    /// same, also beyond the number of that award.
    fn give_award(&mut self, shared: bool) -> Option<usize> {
        let award = self.awards.get(self.tier)?;
        if !shared && self.given >= u64::from(award.count) {
            self.tier += 1;
            self.given = 0;
        }
        self.given += 1;
        (self.tier < self.awards.len()).then_some(self.tier)
    }
}
