//! Setting an edition up in steps, and changing the settings of one. What is typed is kept as a draft, and
//! the last page makes the edition of it, with the checks of a season file.

pub(crate) mod check;
mod form;
mod labels;
mod parts;
pub(crate) mod settings;
pub(crate) mod start;
pub(crate) mod step;

use backend::editions::EditionDraft;
use domain::season::{DraftProblem, DraftStep, SeasonDraft};
use leptos::prelude::*;
use phrases::{Lang, setup as say};

use crate::ui::{Chips, Crumbs, NavLink};

/// The name of the last page in addresses.
const CHECK: &str = "check";

/// Returns the steps of a draft: all for a new edition; for one that exists those without pages of their
/// own.
fn steps_of_draft(draft: &EditionDraft) -> Vec<DraftStep> {
    let own = |step: &DraftStep| !matches!(step, DraftStep::Schedule | DraftStep::Polls);
    let steps = DraftStep::ALL.into_iter();
    if draft.edition.is_some() { steps.filter(own).collect() } else { steps.collect() }
}

fn step_name(lang: Lang, step: DraftStep) -> &'static str {
    match step {
        DraftStep::Basics => say::basics(lang),
        DraftStep::Schedule => say::schedule(lang),
        DraftStep::Places => say::places(lang),
        DraftStep::Polls => say::polls(lang),
        DraftStep::Judging => say::judging(lang),
        DraftStep::Awards => say::awards(lang),
    }
}

fn draft_path(draft: &EditionDraft, page: &str) -> String {
    format!("/admin/editions/drafts/{}/{page}", draft.id)
}

/// Links to the steps. Each says how much is left to mend in it.
fn step_links(lang: Lang, draft: &EditionDraft, problems: &[DraftProblem], here: &str) -> AnyView {
    let mut items: Vec<NavLink> = steps_of_draft(draft)
        .into_iter()
        .zip(1..)
        .map(|(step, number)| {
            let name = step_name(lang, step);
            let left = problems.iter().filter(|problem| problem.step() == step).count();
            let label = if left == 0 {
                format!("{number}. {name}")
            } else {
                format!("{number}. {name} · {}", say::to_mend(lang, left))
            };
            let page = step.address_name();
            let href = format!("{}?checked=yes", draft_path(draft, page));
            NavLink::link_to(label, href).with_current(page == here)
        })
        .collect();
    let last = NavLink::link_to(say::check(lang), draft_path(draft, CHECK));
    items.push(last.with_current(here == CHECK));
    view! { <Chips label=say::steps(lang) items/> }.into_any()
}

/// Names a problem's field, and says what is wrong.
fn labelled_problem(lang: Lang, season: &SeasonDraft, problem: &DraftProblem) -> String {
    let label = labels::field_label(lang, &problem.field);
    let sentence = labels::problem_sentence(lang, season, problem);
    format!("{label}: {sentence}")
}

/// Returns the name of the edition as it is typed, for the line above a page's title.
fn draft_title(lang: Lang, draft: &EditionDraft) -> String {
    let title = draft.season.field_text(match lang {
        Lang::Ko => "title.ko",
        Lang::En => "title.en",
    });
    if title.is_empty() { say::draft_untitled(lang).to_owned() } else { title.to_owned() }
}

/// The title of the pages of a draft, and their breadcrumb.
fn draft_crumbs(lang: Lang, draft: &EditionDraft, here: &str) -> (&'static str, Crumbs) {
    let top = (phrases::admin::administration(lang).to_owned(), Some("/admin".to_owned()));
    let (title, above) = match &draft.edition {
        None => (say::page_new(lang), Some("/admin/editions/new".to_owned())),
        Some(slug) => (say::page_settings(lang), Some(format!("/admin/{slug}/setup"))),
    };
    (title, vec![top, (title.to_owned(), above), (here.to_owned(), None)])
}
