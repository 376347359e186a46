//! The rulebook of a season file: polls, panel and awards, each value with its path.

use super::SeasonProblem;
use super::check::{SeasonChecker, collect_checked};
use super::form::{PicksForm, PollForm, SeasonForm};
use crate::limits;
use crate::rulebook::{
    Channel, Criterion, Eligibility, Fraction, PanelRules, PicksRule, PollRules, Rulebook,
    RulebookProblem, Tier, VoterIdentity,
};
use crate::schedule::Window;

impl SeasonChecker {
    /// Checks the rules of a form; `voting` is the edition's window, if it can be read.
    pub(super) fn check_rulebook(
        &mut self,
        form: &SeasonForm,
        voting: Option<Window>,
    ) -> Option<Rulebook> {
        let polls = self.check_polls(form);
        let panel_weight = self.check_fraction("/panel/weight", &form.panel.weight);
        let rubric = self.check_rubric(&form.panel.rubric);
        let awards = self.check_awards(&form.awards);
        let polls = polls?;
        // A sum is meaningless if one of its weights cannot be read.
        let readable = panel_weight.is_some() && polls.iter().all(|(_, readable)| *readable);
        let rules = Rulebook {
            polls: polls.into_iter().map(|(poll, _)| poll).collect(),
            panel: PanelRules {
                weight: panel_weight.unwrap_or_else(Fraction::zero),
                method: form.panel.method,
                rubric: rubric.clone().unwrap_or_else(|| form.panel.rubric.clone()),
                judges: form.panel.judges,
                quorum: form
                    .panel
                    .quorum
                    .unwrap_or_else(|| PanelRules::usual_quorum(form.panel.judges)),
            },
            awards: awards?,
            record: form.record,
            ranks: form.ranks,
        };
        let tracks: Vec<&str> = form.tracks.iter().map(|track| track.slug.as_str()).collect();
        let problems = rules.check_for_edition(&tracks, voting).err().unwrap_or_default();
        for problem in problems {
            if !readable && matches!(problem, RulebookProblem::WeightsSum { .. }) {
                continue;
            }
            for path in problem.json_pointers() {
                // A file with `poll` has only one poll.
                let path = match form.poll {
                    Some(_) => path.replacen("/polls/0/", "/poll/", 1),
                    None => path,
                };
                self.note_problem(path, SeasonProblem::Rule(problem.clone()));
            }
        }
        (readable && rubric.is_some()).then_some(rules)
    }

    /// Checks each poll, and returns it with whether its weight could be read.
    fn check_polls(&mut self, form: &SeasonForm) -> Option<Vec<(PollRules, bool)>> {
        let polls: Vec<(String, &PollForm)> = match (&form.poll, &form.polls) {
            (Some(poll), None) => vec![("/poll".to_owned(), poll)],
            (None, Some(polls)) => {
                let path = |index| format!("/polls/{index}");
                polls.iter().enumerate().map(|(index, poll)| (path(index), poll)).collect()
            }
            (Some(_), Some(_)) | (None, None) => {
                let path = if form.poll.is_some() { "/poll" } else { "" };
                self.note_problem(path, SeasonProblem::PollOrPolls);
                return None;
            }
        };
        collect_checked(polls.into_iter().map(|(path, poll)| self.check_poll(&path, poll)))
    }

    fn check_poll(&mut self, path: &str, form: &PollForm) -> Option<(PollRules, bool)> {
        let title = form.title.as_ref();
        let title = title
            .map(|title| self.check_bilingual(&format!("{path}/title"), title, limits::NAME_CHARS));
        let window = form.window.as_ref();
        let window = window.map(|window| self.check_window(&format!("{path}/window"), window));
        let weight = self.check_fraction(&format!("{path}/weight"), &form.weight);
        let readable = weight.is_some();
        let rules = PollRules {
            slug: form.slug.clone(),
            title: none_if_invalid(title)?,
            cases: form.cases.clone(),
            picks: to_picks_rule(form.picks),
            identity: form.identity,
            fold_aliases: folds_aliases(form),
            channels: channels_or_usual(form),
            eligibility: Eligibility {
                min_age: narrow_to_u8(form.eligibility.min_age),
                district: form.eligibility.district,
            },
            window: none_if_invalid(window)?,
            weight: weight.unwrap_or_else(Fraction::zero),
            basis: form.basis,
            may_change: form.may_change,
            openings: form.openings,
        };
        Some((rules, readable))
    }

    fn check_fraction(&mut self, path: &str, text: &str) -> Option<Fraction> {
        Fraction::parse_fraction(text)
            .map_err(|_| self.note_problem(path, SeasonProblem::BadFraction))
            .ok()
    }

    fn check_rubric(&mut self, rubric: &[Criterion]) -> Option<Vec<Criterion>> {
        let mut criterion = |(index, criterion): (usize, &Criterion)| {
            let path = format!("/panel/rubric/{index}");
            let name = format!("{path}/name");
            let name = self.check_bilingual(&name, &criterion.name, limits::NAME_CHARS);
            let path = format!("{path}/description");
            let description = criterion.description.as_ref();
            let description = description
                .map(|text| self.check_bilingual(&path, text, limits::CRITERION_TEXT_CHARS));
            Some(Criterion {
                name: name?,
                description: none_if_invalid(description)?,
                max: criterion.max,
            })
        };
        collect_checked(rubric.iter().enumerate().map(&mut criterion))
    }

    fn check_awards(&mut self, awards: &[Tier]) -> Option<Vec<Tier>> {
        let mut tier = |(index, award): (usize, &Tier)| {
            let path = format!("/awards/{index}/tier");
            let tier = self.check_bilingual(&path, &award.tier, limits::NAME_CHARS)?;
            Some(Tier { tier, count: award.count })
        };
        collect_checked(awards.iter().enumerate().map(&mut tier))
    }
}

/// Returns `Some(None)` for an absent value, and `None` for a value that is not valid.
fn none_if_invalid<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(found) => Some(found),
        None => Some(None),
    }
}

/// Narrows a number. A number that is too large for the type is too large for the rules as well.
fn narrow_to_u8(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn to_picks_rule(form: PicksForm) -> PicksRule {
    match form {
        PicksForm::AtMost(picks) => PicksRule::AtMost(narrow_to_u8(picks)),
        PicksForm::Exactly(picks) => PicksRule::Exactly(narrow_to_u8(picks)),
    }
}

/// Checks whether spellings of one mailbox are one voter: yes if the file does not say otherwise. In
/// a poll that is not by e-mail there is nothing to fold.
fn folds_aliases(form: &PollForm) -> bool {
    form.identity == VoterIdentity::Email && form.fold_aliases.unwrap_or(true)
}

/// Returns the channels of a poll, or the usual one if none is named.
fn channels_or_usual(form: &PollForm) -> Vec<Channel> {
    if form.channels.is_empty() {
        vec![form.identity.usual_channel()]
    } else {
        form.channels.clone()
    }
}
