//! Checks whether rules can decide a contest, and names each problem with the place to correct.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{BallotPaper, Channel, Fraction, PollRules, RecordRules, Rulebook};
use crate::limits;
use crate::schedule::Window;
use crate::text::Slug;

/// Why a rulebook cannot decide a contest. Polls, channels, criteria and tiers are identified by
/// their place, from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum RulebookProblem {
    /// Not 1 to `max` polls.
    #[error("there must be 1 to {max} polls")]
    Polls {
        /// The highest allowed number.
        max: usize,
    },
    /// The weights of the panel and of all polls about a track do not sum to exactly 1.
    #[error("the weights sum to {sum}, not to 1")]
    WeightsSum {
        /// The track; `None` if every poll is about all cases.
        track: Option<String>,
        /// Those polls.
        polls: Vec<usize>,
        /// Their sum as a fraction.
        sum: String,
    },
    /// A poll's weight is finer than 1/[`limits::WEIGHT_DENOMINATOR`].
    #[error("the weight of poll {poll} is too fine")]
    PollWeightTooFine {
        /// Which poll.
        poll: usize,
    },
    /// The panel's weight is finer than 1/[`limits::WEIGHT_DENOMINATOR`].
    #[error("the panel's weight is too fine")]
    PanelWeightTooFine,
    /// A poll's short name is not allowed in an address.
    #[error("poll {poll} needs a short name of letters, digits and hyphens")]
    PollSlug {
        /// Which poll.
        poll: usize,
    },
    /// An earlier poll has the same short name.
    #[error("poll {poll} has the short name of another")]
    PollSlugTwice {
        /// Which poll.
        poll: usize,
    },
    /// There are several polls, and one of them has no name.
    #[error("poll {poll} needs a name, for there are others")]
    PollTitle {
        /// Which poll.
        poll: usize,
    },
    /// A poll is about a track that the edition does not have.
    #[error("poll {poll} is about a track that is not there")]
    PollTrack {
        /// Which poll.
        poll: usize,
        /// The track as written.
        track: String,
    },
    /// Not 1 to `max` picks.
    #[error("poll {poll} must have 1 to {max} picks")]
    Picks {
        /// Which poll.
        poll: usize,
        /// The highest allowed number.
        max: u8,
    },
    /// A channel does not prove the identity that this poll uses.
    #[error("channel {channel} does not prove the identity of poll {poll}")]
    ChannelUnfit {
        /// Which poll.
        poll: usize,
        /// Which channel.
        channel: usize,
    },
    /// A poll has no way to prove an identity, because a kiosk is a place and not a proof.
    #[error("poll {poll} has no way to prove an identity")]
    NoProof {
        /// Which poll.
        poll: usize,
    },
    /// An age above `max` years.
    #[error("poll {poll} may ask for an age of at most {max}")]
    MinAge {
        /// Which poll.
        poll: usize,
        /// The highest allowed number.
        max: u8,
    },
    /// A poll's own window closes before or when it opens.
    #[error("poll {poll} closes before it opens")]
    PollWindowEmpty {
        /// Which poll.
        poll: usize,
    },
    /// A poll's own window is not inside the edition's window of voting.
    #[error("poll {poll} is open outside the time of voting")]
    PollWindowOutside {
        /// Which poll.
        poll: usize,
    },
    /// Not 1 to `max` criteria.
    #[error("a rubric needs 1 to {max} criteria")]
    Rubric {
        /// The highest allowed number.
        max: usize,
    },
    /// A criterion does not have 1 to `max` points.
    #[error("criterion {criterion} needs 1 to {max} points")]
    Points {
        /// Which criterion.
        criterion: usize,
        /// The highest allowed number.
        max: u32,
    },
    /// Not 1 to `max` judges.
    #[error("a panel needs 1 to {max} judges")]
    Judges {
        /// The highest allowed number.
        max: u32,
    },
    /// The lines of ballots are let out by numbers that are too large, or that contradict each other.
    #[error(
        "lines are let out by 1 to {ballots} ballots or {minutes} minutes, fewest at most ballots"
    )]
    Record {
        /// The highest allowed number of ballots.
        ballots: u32,
        /// The highest allowed number of minutes.
        minutes: u32,
    },
    /// The quorum is not 1 to `max` sheets, one of each judge.
    #[error("a case needs 1 to {max} signed sheets")]
    Quorum {
        /// The number of judges.
        max: u32,
    },
    /// There is no tier, or more than `max`.
    #[error("there must be 1 to {max} tiers")]
    Tiers {
        /// The highest allowed number.
        max: usize,
    },
    /// A tier is not awarded 1 to `max` times.
    #[error("tier {tier} must be given 1 to {max} times")]
    TierCount {
        /// Which tier.
        tier: usize,
        /// The highest allowed number.
        max: u32,
    },
}

type RulebookProblems = Vec<RulebookProblem>;

fn record_problem(rules: RecordRules) -> Option<RulebookProblem> {
    let (ballots, minutes) = (limits::RECORD_BALLOTS, limits::RECORD_MINUTES);
    let right = (1..=ballots).contains(&rules.ballots)
        && rules.minutes <= minutes
        && (1..=rules.ballots).contains(&rules.fewest);
    (!right).then_some(RulebookProblem::Record { ballots, minutes })
}

impl Rulebook {
    /// Checks whether these rules can decide a contest. The rules alone do not have the edition's
    /// tracks, so only the tracks that a poll names are checked.
    ///
    /// # Errors
    /// Returns every [`RulebookProblem`].
    pub fn check_rules(&self) -> Result<(), RulebookProblems> {
        let named = self.polls.iter().filter_map(|poll| match &poll.cases {
            BallotPaper::Track(track) => Some(track.as_str()),
            BallotPaper::All | BallotPaper::List => None,
        });
        ok_if_no_problems(self.collect_problems(&named.collect()))
    }

    /// Checks whether these rules can decide an edition with these tracks (by their short names)
    /// and the voting window `voting`, if it is known. If a poll has a list of cases, the sums are
    /// checked case by case when the rulebook is sealed.
    ///
    /// # Errors
    /// Returns every [`RulebookProblem`].
    pub fn check_for_edition(
        &self,
        tracks: &[&str],
        voting: Option<Window>,
    ) -> Result<(), RulebookProblems> {
        let tracks = tracks.iter().copied().collect();
        let mut problems = self.collect_problems(&tracks);
        for (index, poll) in self.polls.iter().enumerate() {
            if let BallotPaper::Track(track) = &poll.cases
                && !tracks.contains(track.as_str())
            {
                problems.push(RulebookProblem::PollTrack { poll: index, track: track.clone() });
            }
            if let (Some(own), Some(voting)) = (poll.window, voting)
                && !own.is_within(voting)
            {
                problems.push(RulebookProblem::PollWindowOutside { poll: index });
            }
        }
        ok_if_no_problems(problems)
    }

    fn collect_problems(&self, tracks: &BTreeSet<&str>) -> RulebookProblems {
        let mut problems = self.weight_problems(tracks);
        if !(1..=limits::POLLS).contains(&self.polls.len()) {
            problems.push(RulebookProblem::Polls { max: limits::POLLS });
        }
        for (index, poll) in self.polls.iter().enumerate() {
            problems.extend(self.poll_name_problems(index, poll));
            problems.extend(single_poll_problems(index, poll));
        }
        problems.extend(self.panel_problems());
        problems.extend(self.award_problems());
        problems.extend(self.record.and_then(record_problem));
        problems
    }

    fn weight_problems(&self, tracks: &BTreeSet<&str>) -> RulebookProblems {
        let has =
            |wanted: fn(&BallotPaper) -> bool| self.polls.iter().any(|poll| wanted(&poll.cases));
        // Only the list has its cases, so its sums are checked case by case later.
        if self.polls.is_empty() || has(|paper| *paper == BallotPaper::List) {
            return Vec::new();
        }
        let parts: Vec<Option<&str>> = if has(|paper| matches!(paper, BallotPaper::Track(_))) {
            tracks.iter().copied().map(Some).collect()
        } else {
            vec![None]
        };
        let problem = |track: Option<&str>| {
            let covers = |(_, poll): &(usize, &PollRules)| poll.cases.covers_track(track);
            let about: Vec<_> = self.polls.iter().enumerate().filter(covers).collect();
            let sum = self.sum_weights_with_panel(about.iter().map(|(_, poll)| *poll));
            (sum != Fraction::one()).then(|| RulebookProblem::WeightsSum {
                track: track.map(str::to_owned),
                polls: about.iter().map(|(index, _)| *index).collect(),
                sum: sum.to_string(),
            })
        };
        parts.into_iter().filter_map(problem).collect()
    }

    fn poll_name_problems(&self, index: usize, poll: &PollRules) -> RulebookProblems {
        let mut problems = Vec::new();
        if Slug::parse(&poll.slug).map_or(true, |slug| slug.as_str() != poll.slug) {
            problems.push(RulebookProblem::PollSlug { poll: index });
        } else if self.polls.iter().take(index).any(|other| other.slug == poll.slug) {
            problems.push(RulebookProblem::PollSlugTwice { poll: index });
        }
        if poll.title.is_none() && self.polls.len() > 1 {
            problems.push(RulebookProblem::PollTitle { poll: index });
        }
        problems
    }

    fn panel_problems(&self) -> RulebookProblems {
        let mut problems = Vec::new();
        let panel = &self.panel;
        if panel.weight.is_finer_than(limits::WEIGHT_DENOMINATOR) {
            problems.push(RulebookProblem::PanelWeightTooFine);
        }
        if !(1..=limits::CRITERIA).contains(&panel.rubric.len()) {
            problems.push(RulebookProblem::Rubric { max: limits::CRITERIA });
        }
        for (criterion, rule) in panel.rubric.iter().enumerate() {
            if !(1..=limits::CRITERION_MAX).contains(&rule.max) {
                let max = limits::CRITERION_MAX;
                problems.push(RulebookProblem::Points { criterion, max });
            }
        }
        if !(1..=limits::JUDGES).contains(&panel.judges) {
            problems.push(RulebookProblem::Judges { max: limits::JUDGES });
        } else if !(1..=panel.judges).contains(&panel.quorum) {
            problems.push(RulebookProblem::Quorum { max: panel.judges });
        }
        problems
    }

    fn award_problems(&self) -> RulebookProblems {
        let mut problems = Vec::new();
        if !(1..=limits::TIERS).contains(&self.awards.len()) {
            problems.push(RulebookProblem::Tiers { max: limits::TIERS });
        }
        for (tier, award) in self.awards.iter().enumerate() {
            if !(1..=limits::TIER_COUNT).contains(&award.count) {
                problems.push(RulebookProblem::TierCount { tier, max: limits::TIER_COUNT });
            }
        }
        problems
    }
}

fn ok_if_no_problems(problems: RulebookProblems) -> Result<(), RulebookProblems> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Returns the problems of a poll that do not depend on other polls.
fn single_poll_problems(index: usize, poll: &PollRules) -> RulebookProblems {
    let mut problems = Vec::new();
    if poll.weight.is_finer_than(limits::WEIGHT_DENOMINATOR) {
        problems.push(RulebookProblem::PollWeightTooFine { poll: index });
    }
    if !poll.picks.is_within_limits() {
        problems.push(RulebookProblem::Picks { poll: index, max: limits::MAX_PICKS });
    }
    let unfit = |channel: &Channel| !channel.proves_identity(poll.identity);
    if let Some(channel) = poll.channels.iter().position(unfit) {
        problems.push(RulebookProblem::ChannelUnfit { poll: index, channel });
    } else if poll.proof_channels().next().is_none() {
        problems.push(RulebookProblem::NoProof { poll: index });
    }
    if poll.eligibility.min_age > limits::HIGHEST_MIN_AGE {
        problems.push(RulebookProblem::MinAge { poll: index, max: limits::HIGHEST_MIN_AGE });
    }
    if poll.window.is_some_and(|window| window.closes <= window.opens) {
        problems.push(RulebookProblem::PollWindowEmpty { poll: index });
    }
    problems
}

impl RulebookProblem {
    /// Returns the values to correct, as JSON pointers into the rulebook. They also fit the season
    /// file, because it has the same form.
    pub fn json_pointers(&self) -> Vec<String> {
        let one = |pointer: &str| vec![pointer.to_owned()];
        let of = |poll: &usize, end: &str| vec![format!("/polls/{poll}{end}")];
        match self {
            Self::Polls { .. } => one("/polls"),
            // Only a person can say which weight is wrong.
            Self::WeightsSum { polls, .. } => {
                let weights = polls.iter().map(|poll| format!("/polls/{poll}/weight"));
                weights.chain(["/panel/weight".to_owned()]).collect()
            }
            Self::PollWeightTooFine { poll } => of(poll, "/weight"),
            Self::PanelWeightTooFine => one("/panel/weight"),
            Self::PollSlug { poll } | Self::PollSlugTwice { poll } => of(poll, "/slug"),
            Self::PollTitle { poll } => of(poll, "/title"),
            Self::PollTrack { poll, .. } => of(poll, "/cases/track"),
            Self::Picks { poll, .. } => of(poll, "/picks"),
            Self::ChannelUnfit { poll, channel } => of(poll, &format!("/channels/{channel}")),
            Self::NoProof { poll } => of(poll, "/channels"),
            Self::MinAge { poll, .. } => of(poll, "/eligibility/min_age"),
            Self::PollWindowEmpty { poll } | Self::PollWindowOutside { poll } => {
                of(poll, "/window")
            }
            Self::Rubric { .. } => one("/panel/rubric"),
            Self::Points { criterion, .. } => vec![format!("/panel/rubric/{criterion}/max")],
            Self::Judges { .. } => one("/panel/judges"),
            Self::Record { .. } => one("/record"),
            Self::Quorum { .. } => one("/panel/quorum"),
            Self::Tiers { .. } => one("/awards"),
            Self::TierCount { tier, .. } => vec![format!("/awards/{tier}/count")],
        }
    }

    /// Returns the faulty poll, if there is a single one.
    pub fn faulty_poll(&self) -> Option<usize> {
        match *self {
            Self::PollWeightTooFine { poll }
            | Self::PollSlug { poll }
            | Self::PollSlugTwice { poll }
            | Self::PollTitle { poll }
            | Self::PollTrack { poll, .. }
            | Self::Picks { poll, .. }
            | Self::ChannelUnfit { poll, .. }
            | Self::NoProof { poll }
            | Self::MinAge { poll, .. }
            | Self::PollWindowEmpty { poll }
            | Self::PollWindowOutside { poll } => Some(poll),
            Self::Polls { .. }
            | Self::WeightsSum { .. }
            | Self::PanelWeightTooFine
            | Self::Rubric { .. }
            | Self::Points { .. }
            | Self::Judges { .. }
            | Self::Record { .. }
            | Self::Quorum { .. }
            | Self::Tiers { .. }
            | Self::TierCount { .. } => None,
        }
    }
}
