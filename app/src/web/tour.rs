//! The tour of a demonstration: its season in every phase, one button for each.

use backend::demonstration::{DEMO_DOMAIN, DEMO_PASSWORD, DemoPhase};
use leptos::prelude::*;
use phrases::{Lang, shell as words};

use crate::ui::{Chips, NavLink};

/// Renders the buttons of the phases, with what there is to try in the one that is shown. `demonstration` is
/// the short name of the demonstration's season.
pub(crate) fn tour_nav(lang: Lang, demonstration: &str, shown: DemoPhase) -> AnyView {
    let links = DemoPhase::ALL.map(|phase| {
        let href = format!("/editions/{}", phase.edition_slug(demonstration));
        let link = NavLink::link_to(phase_label(lang, phase), href);
        link.with_current(phase == shown)
    });
    let Hint { text, account, label, href } = phase_hint(lang, demonstration, shown);
    let account = account.map(|name| {
        let email = format!("{name}{DEMO_DOMAIN}");
        words::tour_account(lang, &email, DEMO_PASSWORD)
    });
    view! {
        <aside class="tour no-print" aria-label=words::tour(lang)>
            <Chips label=words::tour(lang) items=links.to_vec()/>
            <p>{text}" "{account}" "<a href=href>{label}</a></p>
        </aside>
    }
    .into_any()
}

const fn phase_label(lang: Lang, phase: DemoPhase) -> &'static str {
    match phase {
        DemoPhase::Call => words::tour_call(lang),
        DemoPhase::Vote => words::tour_vote(lang),
        DemoPhase::Judging => words::tour_judging(lang),
        DemoPhase::Decision => words::tour_decision(lang),
        DemoPhase::Result => words::tour_result(lang),
    }
}

/// What a visitor can try in a phase.
struct Hint {
    text: &'static str,
    /// The account to sign in with: the first part of its address.
    account: Option<&'static str>,
    label: &'static str,
    href: String,
}

fn phase_hint(lang: Lang, demonstration: &str, phase: DemoPhase) -> Hint {
    let slug = phase.edition_slug(demonstration);
    // The visitor stays in this phase: an account sees the other ones, too.
    let signed_in = |text, account, next: String| Hint {
        text,
        account: Some(account),
        label: words::sign_in(lang),
        href: format!("/sign-in?next={next}"),
    };
    match phase {
        DemoPhase::Call => {
            signed_in(words::tour_call_text(lang), "member", "/organisation".to_owned())
        }
        DemoPhase::Judging => {
            signed_in(words::tour_judging_text(lang), "judge1", format!("/judging/{slug}"))
        }
        DemoPhase::Decision => {
            signed_in(words::tour_decision_text(lang), "admin", format!("/admin/{slug}/standings"))
        }
        DemoPhase::Vote => Hint {
            text: words::tour_vote_text(lang),
            account: None,
            label: words::outbox(lang),
            href: "/outbox".to_owned(),
        },
        DemoPhase::Result => Hint {
            text: words::tour_result_text(lang),
            account: None,
            label: words::results(lang),
            href: format!("/editions/{}/results", phase.edition_slug(demonstration)),
        },
    }
}
