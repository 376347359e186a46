//! From the signals of a group to its verdict.

use std::cmp::Reverse;

use super::lens::{GroupKey, Lens};
use super::signals::{Signal, bare_requests, fast_codes, practised_pages, rushed_pages};
use super::thresholds::{
    FAMILY_CAP, FAMILY_MARK, HOLD_POINTS, LEAST_ALIASES, LEAST_BALLOTS, NETWORK_CAP,
};
use super::trace::BallotTrace;
use super::view::GroupView;
use super::{EvidenceFamily, EvidenceTerm, GroupVerdict, SuspectGroup};
use crate::ids::BallotId;
use crate::record::entry::MAX_REASONS;

/// The fewest ballots that this lens weighs.
pub(super) fn least_ballots(lens: Lens) -> usize {
    match lens {
        Lens::Unverified => 1,
        Lens::FoldedContact => LEAST_ALIASES,
        _ => LEAST_BALLOTS,
    }
}

/// The parts of a group that are weighed by themselves, so that a few machines behind the address
/// of many people are seen: the ballots with a trait, if the trait itself has reached its mark in
/// the whole group. The trait's own family is weighed in the whole group, the others in the part.
type Trait = fn(&GroupView, &BallotTrace) -> bool;
const TRAITS: [(Signal, Trait); 4] = [
    (Signal::BareRequests, |_, trace| bare_requests::is_bare(trace)),
    (Signal::RushedPages, |_, trace| rushed_pages::is_rushed(trace) == Some(true)),
    (Signal::PractisedPages, |_, trace| practised_pages::is_practised(trace) == Some(true)),
    (Signal::FastCodes, |_, trace| fast_codes::is_fast(trace) == Some(true)),
];

/// The terms of a group, with the families that reached their mark and the sum.
struct WeighedTerms {
    terms: Vec<EvidenceTerm>,
    marked: Vec<EvidenceFamily>,
    points: u32,
}

impl WeighedTerms {
    fn from_terms(terms: Vec<EvidenceTerm>) -> Self {
        let (mut marked, mut points) = (Vec::new(), 0);
        for family in EvidenceFamily::ALL {
            let own = terms.iter().filter(|term| term.signal.family() == family);
            let sum = own.fold(0_u32, |sum, term| sum.saturating_add(term.points));
            let cap = if family == EvidenceFamily::Network { NETWORK_CAP } else { FAMILY_CAP };
            points += sum.min(cap);
            if sum.min(cap) >= FAMILY_MARK {
                marked.push(family);
            }
        }
        Self { terms, marked, points }
    }

    fn is_held(&self, lens: Lens) -> bool {
        // Several spellings of one contact are strong by themselves, so that one network for all of
        // them may be the second family. Everywhere else a network is never one of the two.
        let network = lens == Lens::FoldedContact
            && self
                .terms
                .iter()
                .any(|term| term.signal == Signal::OneNetwork && term.points >= FAMILY_MARK)
            && self
                .terms
                .iter()
                .any(|term| term.signal == Signal::AliasContact && term.points >= FAMILY_CAP);
        self.marked.len() + usize::from(network) >= 2 && self.points >= HOLD_POINTS
    }
}

fn weigh_signals(view: &GroupView) -> Vec<EvidenceTerm> {
    Signal::ALL.iter().filter_map(|signal| signal.weigh_signal(view)).collect()
}

/// The ballots that show two of the families that count.
fn show_two_families(view: &GroupView, weighed: &WeighedTerms) -> Vec<BallotId> {
    let network = weighed.marked.len() < 2;
    let shows = |trace: &BallotTrace, family: EvidenceFamily| {
        weighed
            .terms
            .iter()
            .any(|term| term.signal.family() == family && term.signal.marks_ballot(view, trace))
    };
    let two = |trace: &BallotTrace| {
        let marked = weighed.marked.iter().filter(|&&family| shows(trace, family)).count();
        marked + usize::from(network && shows(trace, EvidenceFamily::Network)) >= 2
    };
    view.members.iter().filter(|trace| two(trace)).map(|trace| trace.ballot).collect()
}

/// Weighs the whole group, and its parts if the group holds more than those with a trait.
fn weigh_parts<'a>(view: &GroupView<'a>) -> Vec<(Option<GroupView<'a>>, WeighedTerms)> {
    let whole = weigh_signals(view);
    let mut found = Vec::new();
    for (signal, shows) in TRAITS {
        let strong = |term: &&EvidenceTerm| term.signal == signal && term.points >= FAMILY_MARK;
        let Some(term) = whole.iter().find(strong) else { continue };
        let part = view.keep_members(shows);
        if part.members.len() < least_ballots(view.lens) || part.members.len() == view.members.len()
        {
            continue;
        }
        let mut terms = weigh_signals(&part);
        terms.retain(|other| other.signal.family() != signal.family());
        terms.push(EvidenceTerm { of: term.count, ..term.clone() });
        found.push((Some(part), WeighedTerms::from_terms(terms)));
    }
    found.insert(0, (None, WeighedTerms::from_terms(whole)));
    found
}

/// Judges a group; `None` if no family reaches its mark.
pub(super) fn judge_group(view: &GroupView, key: GroupKey) -> Option<SuspectGroup> {
    if view.members.len() < least_ballots(view.lens) {
        return None;
    }
    let mut parts = weigh_parts(view);
    let (mut points, mut ballots, mut best) = (0, Vec::new(), None);
    for (at, (part, weighed)) in
        parts.iter().enumerate().filter(|(_, part)| part.1.is_held(view.lens))
    {
        let own = show_two_families(part.as_ref().unwrap_or(view), weighed);
        if own.len() < least_ballots(view.lens) {
            continue;
        }
        if weighed.points > points {
            (points, best) = (weighed.points, Some(at));
        }
        ballots.extend(own);
    }
    let verdict = if best.is_some() { GroupVerdict::Hold } else { GroupVerdict::Cleared };
    let weighed = parts.swap_remove(best.unwrap_or(0)).1;
    if verdict == GroupVerdict::Cleared {
        if weighed.marked.is_empty() {
            return None;
        }
        ballots = view.members.iter().map(|trace| trace.ballot).collect();
    }
    Some(make_group(key, ballots, weighed, verdict))
}

fn make_group(
    key: GroupKey,
    mut ballots: Vec<BallotId>,
    weighed: WeighedTerms,
    verdict: GroupVerdict,
) -> SuspectGroup {
    ballots.sort_unstable();
    ballots.dedup();
    let mut terms = weighed.terms;
    terms.sort_by_key(|term| (Reverse(term.points), term.signal));
    terms.truncate(MAX_REASONS);
    SuspectGroup { key, ballots, terms, points: weighed.points, verdict }
}
