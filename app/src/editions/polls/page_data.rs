//! The data of the poll pages: the edition, its tracks and cases, and the faults of its rules.

use backend::editions::{Edition, ListedCase, Poll, TracksAndDistricts};
use domain::rulebook::{BallotPaper, RulebookProblem};
use leptos::prelude::*;
use phrases::{Lang, polls as words};

use crate::AppError;
use crate::ui::{Notice, Tone};
use crate::web::request::RequestContext;
use crate::words::{numbers, polls, season_problems, times};

/// The data that the poll pages show.
pub(crate) struct PollsPageData {
    pub(crate) edition: Edition,
    pub(crate) places: TracksAndDistricts,
    pub(crate) cases: Vec<ListedCase>,
}

impl PollsPageData {
    /// Loads the edition with its tracks and accepted cases.
    pub(crate) async fn load_polls(cx: &RequestContext, slug: &str) -> Result<Self, AppError> {
        let admin = cx.require_admin()?;
        let edition = cx.backend().find_edition(slug).await?;
        let places = cx.backend().tracks_and_districts(edition.id).await?;
        let cases = cx.backend().listed_cases(&admin, edition.id).await?;
        Ok(Self { edition, places, cases })
    }

    /// Returns the short names of the tracks.
    pub(crate) fn track_slugs(&self) -> Vec<&str> {
        self.places.tracks.iter().map(|track| track.slug.as_str()).collect()
    }

    pub(crate) fn track_name(&self, lang: Lang, slug: &str) -> String {
        let track = self.places.tracks.iter().find(|track| track.slug == slug);
        track.map_or_else(|| slug.to_owned(), |track| polls::in_language(lang, &track.name))
    }

    /// Counts the cases on the ballot paper of a poll.
    fn count_cases_on_paper(&self, poll: &Poll) -> usize {
        let is_on = |case: &&ListedCase| match &poll.rules.cases {
            BallotPaper::All => true,
            BallotPaper::Track(slug) => {
                self.places.find_track(case.track).is_some_and(|track| track.slug == *slug)
            }
            BallotPaper::List => case.polls.contains(&poll.id),
        };
        self.cases.iter().filter(is_on).count()
    }

    /// Describes every setting of a poll in words.
    pub(crate) fn poll_setting_rows(&self, lang: Lang, poll: &Poll) -> polls::FactRows {
        let rules = &poll.rules;
        let cases = polls::paper_words(lang, &rules.cases, |slug| self.track_name(lang, slug));
        let cases = words::cases_count(lang, cases, self.count_cases_on_paper(poll));
        let weight = words::weight_line(lang, &rules.weight, numbers::percent_text(&rules.weight));
        let mut rows = polls::to_owned_rows(vec![
            (words::slug(lang), rules.slug.clone()),
            (words::cases(lang), cases),
        ]);
        rows.extend(polls::voter_rows(lang, rules));
        rows.extend(polls::to_owned_rows(vec![
            (words::window(lang), times::format_window(lang, poll.window)),
            (words::weight(lang), weight),
            (words::basis(lang), polls::basis_words(lang, rules.basis).to_owned()),
            (words::openings(lang), polls::openings_words(lang, rules.openings).to_owned()),
        ]));
        rows
    }
}

/// Says whether the rules are sealed or can be sealed, or lists the faults to correct first.
pub(crate) fn rules_state_notice(
    lang: Lang,
    desk: &PollsPageData,
    refusal: Option<String>,
) -> AnyView {
    if desk.edition.sealed {
        return view! {
            <Notice lang tone=Tone::Info title=words::sealed_title(lang)>
                <p>{words::sealed_text(lang)}</p>
            </Notice>
        }
        .into_any();
    }
    let mut faults = rulebook_fault_sentences(lang, desk);
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

/// Lists the faults of the present rules, each with its poll.
fn rulebook_fault_sentences(lang: Lang, desk: &PollsPageData) -> Vec<String> {
    let rules = &desk.edition.rulebook;
    let voting = desk.edition.schedule.windows.voting;
    let problems =
        rules.check_for_edition(&desk.track_slugs(), Some(voting)).err().unwrap_or_default();
    let sentence = |problem: RulebookProblem| {
        let text = season_problems::rulebook_problem_sentence(lang, &problem);
        match problem.faulty_poll().and_then(|poll| rules.polls.get(poll)) {
            Some(poll) => words::mend_of(lang, polls::poll_title(lang, poll), text),
            None => text,
        }
    };
    problems.into_iter().map(sentence).collect()
}
