//! The steps of a vote. Each page asks one question.

use domain::rulebook::VoterIdentity;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::ui::Steps;
use crate::voting::booth::Booth;

/// A step of the vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VoteStep {
    /// Picking cases.
    Pick,
    /// Saying who the voter is. The code of a slip is the whole proof.
    Who,
    /// Typing the code from the message.
    Code,
    /// Checking the ballot before it is cast.
    Check,
    /// The receipt.
    Receipt,
}

impl VoteStep {
    /// Returns the steps in order, by how the poll identifies its voters. Polls by email or mobile
    /// number have a step for the code. In polls by roll the slip comes before the picks.
    const fn steps_by_identity(identity: VoterIdentity) -> &'static [Self] {
        match identity {
            VoterIdentity::Email | VoterIdentity::Mobile => {
                &[Self::Pick, Self::Who, Self::Code, Self::Check, Self::Receipt]
            }
            VoterIdentity::Oidc => &[Self::Pick, Self::Who, Self::Check, Self::Receipt],
            VoterIdentity::Roll => &[Self::Who, Self::Pick, Self::Check, Self::Receipt],
        }
    }

    const fn step_name(self, lang: Lang) -> &'static str {
        match self {
            Self::Pick => words::step_pick(lang),
            Self::Who => words::step_who(lang),
            Self::Code => words::step_code(lang),
            Self::Check => words::step_check(lang),
            Self::Receipt => words::step_receipt(lang),
        }
    }
}

/// Builds the list of the steps of this poll, with `open` as the current one.
pub(crate) fn vote_steps_section(lang: Lang, booth: &Booth, open: VoteStep) -> AnyView {
    let steps = VoteStep::steps_by_identity(booth.poll.rules.identity);
    let current = steps.iter().position(|step| *step == open).unwrap_or_default();
    let items = steps.iter().map(|step| step.step_name(lang).to_owned()).collect();
    view! { <Steps lang items current/> }.into_any()
}
