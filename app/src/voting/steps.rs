//! The steps of a vote, one question to a page.

use domain::rulebook::Identity;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::ui::Steps;
use crate::voting::booth::Booth;

/// A step of the vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Picking cases.
    Pick,
    /// Saying who one is; by a slip, that is the whole proof.
    Who,
    /// Typing the code that was sent.
    Code,
    /// Looking at the ballot once more.
    Check,
    /// The receipt.
    Receipt,
}

impl Step {
    /// The steps of a vote whose voters are known like this, in their order: a code is typed where
    /// one is sent, and a slip comes before the picks.
    const fn of(identity: Identity) -> &'static [Self] {
        match identity {
            Identity::Email | Identity::Mobile => {
                &[Self::Pick, Self::Who, Self::Code, Self::Check, Self::Receipt]
            }
            Identity::Oidc => &[Self::Pick, Self::Who, Self::Check, Self::Receipt],
            Identity::Roll => &[Self::Who, Self::Pick, Self::Check, Self::Receipt],
        }
    }

    const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Pick => words::step_pick(lang),
            Self::Who => words::step_who(lang),
            Self::Code => words::step_code(lang),
            Self::Check => words::step_check(lang),
            Self::Receipt => words::step_receipt(lang),
        }
    }
}

/// The steps of this poll, with one of them open.
pub(crate) fn steps(lang: Lang, booth: &Booth, open: Step) -> AnyView {
    let steps = Step::of(booth.poll.rules.identity);
    let current = steps.iter().position(|step| *step == open).unwrap_or_default();
    let items = steps.iter().map(|step| step.name(lang).to_owned()).collect();
    view! { <Steps lang items current/> }.into_any()
}
