//! The polls of an edition for its administrators: all of them in words, and the page of each.

mod form;
mod typed;

use axum::extract::{Path, Query};
use backend::editions::{Edition, ListedCase, Places, Poll};
use domain::limits;
use domain::rulebook::{Paper, RulebookProblem};
use leptos::prelude::*;
use phrases::{Lang, polls as words};

use super::{Done, crumbs, done_notice, tabs};
use crate::AppError;
use crate::context::Cx;
use crate::editions::poll_words;
use crate::editions::problems;
use crate::page::{Answer, Page};
use crate::sentences;
use crate::ui::{ButtonLink, Crumbs, Facts, Notice, PageHead, Section, Submit, Tone, Weight};
use crate::when;

pub(in crate::editions) use form::Attempt;
pub(in crate::editions) use typed::Typed;

/// What the pages of polls have to show.
pub(in crate::editions) struct Desk {
    pub(in crate::editions) edition: Edition,
    pub(in crate::editions) places: Places,
    pub(in crate::editions) cases: Vec<ListedCase>,
}

impl Desk {
    /// Loads the edition with its tracks and accepted cases.
    pub(in crate::editions) async fn load(cx: &Cx, slug: &str) -> Result<Self, AppError> {
        let admin = cx.admin()?;
        let edition = cx.backend().edition(slug).await?;
        let places = cx.backend().places(edition.id).await?;
        let cases = cx.backend().listed_cases(&admin, edition.id).await?;
        Ok(Self { edition, places, cases })
    }

    /// The short names of the tracks.
    pub(in crate::editions) fn tracks(&self) -> Vec<&str> {
        self.places.tracks.iter().map(|track| track.slug.as_str()).collect()
    }

    fn track(&self, lang: Lang, slug: &str) -> String {
        let track = self.places.tracks.iter().find(|track| track.slug == slug);
        track.map_or_else(|| slug.to_owned(), |track| poll_words::of(lang, &track.name))
    }

    /// How many cases stand on the ballot paper of a poll.
    fn on_paper(&self, poll: &Poll) -> usize {
        let is_on = |case: &&ListedCase| match &poll.rules.cases {
            Paper::All => true,
            Paper::Track(slug) => {
                self.places.track(case.track).is_some_and(|track| track.slug == *slug)
            }
            Paper::List => case.polls.contains(&poll.id),
        };
        self.cases.iter().filter(is_on).count()
    }

    /// Every setting of a poll in words.
    fn rows(&self, lang: Lang, poll: &Poll) -> poll_words::Rows {
        let rules = &poll.rules;
        let cases = poll_words::cases(lang, &rules.cases, |slug| self.track(lang, slug));
        let cases = words::cases_count(lang, cases, self.on_paper(poll));
        let weight = words::weight_line(lang, &rules.weight, poll_words::percent(&rules.weight));
        let mut rows = poll_words::owned(vec![
            (words::slug(lang), rules.slug.clone()),
            (words::cases(lang), cases),
        ]);
        rows.extend(poll_words::voter_rows(lang, rules));
        rows.extend(poll_words::owned(vec![
            (words::window(lang), when::window(lang, poll.window)),
            (words::weight(lang), weight),
            (words::basis(lang), poll_words::basis(lang, rules.basis).to_owned()),
            (words::openings(lang), poll_words::openings(lang, rules.openings).to_owned()),
        ]));
        rows
    }
}

/// GET /admin/{edition}/polls
pub(crate) async fn polls(cx: Cx, Path(slug): Path<String>, Query(query): Query<Done>) -> Answer {
    let (lang, admin) = (cx.lang(), cx.admin()?);
    let desk = Desk::load(&cx, &slug).await?;
    let refusal = cx.backend().sealing_refusal(&admin, &desk.edition).await?;
    let refusal = refusal.map(|refusal| sentences::refusal(lang, &refusal));
    let done = match query.done.as_str() {
        "saved" => Some(words::saved_done(lang)),
        "removed" => Some(words::removed_done(lang)),
        _ => None,
    };
    let (of, crumbs) = (desk.edition.clone(), crumbs(lang, &desk.edition, words::page(lang)));
    let page = Page::new(words::page(lang), move || {
        let edition = &desk.edition;
        let items = edition.polls.iter().map(|poll| one(lang, &desk, poll)).collect_view();
        let room = !edition.sealed && edition.polls.len() < limits::POLLS;
        let href = format!("/admin/{}/add-poll", edition.slug);
        let add = room.then(|| view! { <ButtonLink label=words::add(lang) href/> });
        view! {
            <PageHead title=words::page(lang) lead=words::page_lead(lang)>{add}</PageHead>
            {tabs(lang, edition, "/polls")}
            {done_notice(lang, done)}
            {state(lang, &desk, refusal)}
            {items}
        }
    });
    Ok(cx.page(page.of(&of).crumbs(crumbs)))
}

/// A poll among all of them.
fn one(lang: Lang, desk: &Desk, poll: &Poll) -> AnyView {
    let title = poll_words::title(lang, &poll.rules);
    let rows = desk.rows(lang, poll);
    let change = (!desk.edition.sealed).then(|| {
        let href = format!("/admin/{}/polls/{}", desk.edition.slug, poll.slug());
        let label = words::change_of(lang, &title);
        view! {
            <div class="actions"><ButtonLink label href weight=Weight::Secondary/></div>
        }
    });
    view! { <Section title=title.clone()><Facts rows/>{change}</Section> }.into_any()
}

/// Whether the rules are sealed, can be, or what is to be mended before.
fn state(lang: Lang, desk: &Desk, refusal: Option<String>) -> AnyView {
    if desk.edition.sealed {
        return view! {
            <Notice lang tone=Tone::Info title=words::sealed_title(lang)>
                <p>{words::sealed_text(lang)}</p>
            </Notice>
        }
        .into_any();
    }
    let mut faults = faults(lang, desk);
    if faults.is_empty() {
        faults.extend(refusal);
    }
    if faults.is_empty() {
        return view! {
            <Notice lang tone=Tone::Success><p>{words::ready(lang)}</p></Notice>
        }
        .into_any();
    }
    let items = faults.into_iter().map(|fault| view! { <li>{fault}</li> }).collect_view();
    view! {
        <Notice lang tone=Tone::Warning title=words::mend_title(lang)><ul>{items}</ul></Notice>
    }
    .into_any()
}

/// What is wrong with the rules as they stand, each with the poll it is about.
fn faults(lang: Lang, desk: &Desk) -> Vec<String> {
    let rules = &desk.edition.rulebook;
    let voting = desk.edition.schedule.windows.voting;
    let problems = rules.check_in(&desk.tracks(), Some(voting)).err().unwrap_or_default();
    let sentence = |problem: RulebookProblem| {
        let text = problems::rule(lang, &problem);
        match problem.poll().and_then(|poll| rules.polls.get(poll)) {
            Some(poll) => words::mend_of(lang, poll_words::title(lang, poll), text),
            None => text,
        }
    };
    problems.into_iter().map(sentence).collect()
}

/// GET /admin/{edition}/polls/{poll}
pub(crate) async fn poll(cx: Cx, Path((slug, poll)): Path<(String, String)>) -> Answer {
    let desk = Desk::load(&cx, &slug).await?;
    let poll = desk.edition.poll(&poll)?.clone();
    if desk.edition.sealed {
        return Ok(cx.page(sealed_page(&cx, desk, &poll)));
    }
    let attempt = Attempt::new(Typed::of(&desk, Some(&poll)));
    Ok(cx.page(poll_page(&cx, desk, Some(&poll), attempt)))
}

/// GET /admin/{edition}/add-poll
pub(crate) async fn add(cx: Cx, Path(slug): Path<String>) -> Answer {
    let desk = Desk::load(&cx, &slug).await?;
    let attempt = Attempt::new(Typed::of(&desk, None));
    Ok(cx.page(poll_page(&cx, desk, None, attempt)))
}

fn poll_crumbs(lang: Lang, edition: &Edition, here: &str) -> Crumbs {
    let mut way = crumbs(lang, edition, words::page(lang));
    if let Some(polls) = way.last_mut() {
        polls.1 = Some(format!("/admin/{}/polls", edition.slug));
    }
    way.push((here.to_owned(), None));
    way
}

/// A poll that nobody changes any more.
fn sealed_page(cx: &Cx, desk: Desk, poll: &Poll) -> Page {
    let lang = cx.lang();
    let title = poll_words::title(lang, &poll.rules);
    let crumbs = poll_crumbs(lang, &desk.edition, &title);
    let (of, rows, heading) = (desk.edition.clone(), desk.rows(lang, poll), title.clone());
    let page = Page::new(title, move || {
        view! {
            <PageHead title=heading/>
            {tabs(lang, &desk.edition, "/polls")}
            {state(lang, &desk, None)}
            <Facts rows/>
        }
    });
    page.of(&of).crumbs(crumbs)
}

/// The form of a poll, or of a new one, with what was typed.
pub(in crate::editions) fn poll_page(
    cx: &Cx,
    desk: Desk,
    poll: Option<&Poll>,
    attempt: Attempt,
) -> Page {
    let lang = cx.lang();
    let (title, lead) = match poll {
        Some(poll) => (words::change_of(lang, poll_words::title(lang, &poll.rules)), ""),
        None => (words::add(lang).to_owned(), words::add_lead(lang)),
    };
    let crumbs = poll_crumbs(lang, &desk.edition, &title);
    let removable = poll.is_some() && desk.edition.polls.len() > 1;
    let (of, heading) = (desk.edition.clone(), title.clone());
    let page = Page::new(title, move || {
        let remove = removable.then(|| remove(lang));
        view! {
            <PageHead title=heading lead=lead/>
            {tabs(lang, &desk.edition, "/polls")}
            {form::view(lang, &desk, &attempt)}
            {remove}
        }
    });
    page.of(&of).crumbs(crumbs)
}

/// The button is a step away, because there is no way back.
fn remove(lang: Lang) -> AnyView {
    view! {
        <details class="stack">
            <summary>{words::remove_title(lang)}</summary>
            <form method="post" class="form">
                <p>{words::remove_text(lang)}</p>
                <div class="actions">
                    <Submit label=words::remove(lang) weight=Weight::Danger name="act"
                        value="remove"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}
