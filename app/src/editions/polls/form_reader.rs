//! Reads the form of a poll into rules. Every field is read, so that each fault is shown beside its
//! field.

use backend::editions::{Poll, PollChange};
use domain::ids::CaseId;
use domain::rulebook::{
    BallotPaper, Eligibility, Fraction, PicksRule, PollRules, RulebookProblem, VoterIdentity,
};
use domain::schedule::{Window, format_local_minute, parse_local_minute};
use domain::text::{Bilingual, FieldProblem, narrow_line, parse_whole_number};
use domain::{limits, text};
use phrases::{Lang, polls as words, season};
use serde::de::DeserializeOwned;

use crate::editions::polls::page_data::PollsPageData;
use crate::editions::polls::typed::TypedPoll;
use crate::words::{field_problems, season_problems};

type PollFaults = Vec<(&'static str, String)>;

/// Reads the typed poll. Returns every wrong input with its sentence if there are faults.
pub(crate) fn read_poll_change(
    lang: Lang,
    desk: &PollsPageData,
    poll: Option<&Poll>,
    typed: &TypedPoll,
) -> Result<PollChange, PollFaults> {
    let mut reader = PollFormReader { lang, faults: PollFaults::new() };
    let rules = reader.read_rules(typed, poll);
    let listed = typed.listed.iter().filter_map(|id| id.parse().ok().map(CaseId)).collect();
    let Some(rules) = rules.filter(|_| reader.faults.is_empty()) else {
        return Err(reader.faults);
    };
    let faults = check_poll_rules(lang, desk, poll, &rules);
    if faults.is_empty() { Ok(PollChange { rules, listed }) } else { Err(faults) }
}

/// Checks this poll together with the other polls by the rules of the contest.
pub(crate) fn check_poll_rules(
    lang: Lang,
    desk: &PollsPageData,
    poll: Option<&Poll>,
    rules: &PollRules,
) -> PollFaults {
    let mut rulebook = desk.edition.rulebook.clone();
    let old =
        poll.and_then(|poll| rulebook.polls.iter().position(|other| other.slug == poll.rules.slug));
    let place = old.unwrap_or(rulebook.polls.len());
    match rulebook.polls.get_mut(place) {
        Some(old) => *old = rules.clone(),
        None => rulebook.polls.push(rules.clone()),
    }
    let voting = desk.edition.schedule.windows.voting;
    let problems =
        rulebook.check_for_edition(&desk.track_slugs(), Some(voting)).err().unwrap_or_default();
    let of_this = problems.into_iter().filter(|problem| problem.faulty_poll() == Some(place));
    of_this
        .map(|problem| {
            (
                input_of_poll_problem(&problem),
                season_problems::rulebook_problem_sentence(lang, &problem),
            )
        })
        .collect()
}

/// Returns the input that a problem of a poll is about.
fn input_of_poll_problem(problem: &RulebookProblem) -> &'static str {
    match problem {
        RulebookProblem::PollTitle { .. } => "title_ko",
        RulebookProblem::PollTrack { .. } => "cases",
        RulebookProblem::Picks { .. } => "picks",
        RulebookProblem::ChannelUnfit { .. } | RulebookProblem::NoProof { .. } => "channels",
        RulebookProblem::MinAge { .. } => "min_age",
        RulebookProblem::PollWindowEmpty { .. } => "closes",
        RulebookProblem::PollWindowOutside { .. } => "opens",
        RulebookProblem::PollWeightTooFine { .. } => "weight",
        _ => "slug",
    }
}

/// Reads the fields and collects what is wrong with them.
struct PollFormReader {
    lang: Lang,
    faults: PollFaults,
}

impl PollFormReader {
    fn read_rules(&mut self, typed: &TypedPoll, poll: Option<&Poll>) -> Option<PollRules> {
        let title = self.read_title(typed);
        let cases = self.read_paper(&typed.cases);
        let picks = self.read_number("picks", &typed.picks);
        let picks = picks.map(|picks| match typed.picks_rule.as_str() {
            "exactly" => PicksRule::Exactly(picks),
            _ => PicksRule::AtMost(picks),
        });
        let identity = self.read_choice("identity", &typed.identity);
        let channels: Option<Vec<_>> =
            typed.channels.iter().map(|channel| self.read_choice("channels", channel)).collect();
        let min_age = self.read_number("min_age", &typed.min_age);
        let window = self.read_window(typed, poll);
        let weight = self.read_weight(&typed.weight);
        let basis = self.read_choice("basis", &typed.basis);
        let openings = self.read_choice("openings", &typed.openings);
        let identity: VoterIdentity = identity?;
        let mut channels = channels?;
        if channels.is_empty() {
            channels.push(identity.usual_channel());
        }
        Some(PollRules {
            slug: typed.slug.clone(),
            title: title?,
            cases: cases?,
            picks: picks?,
            identity,
            fold_aliases: typed.fold_aliases && identity == VoterIdentity::Email,
            channels,
            eligibility: Eligibility { min_age: min_age?, district: typed.district },
            window: window?,
            weight: weight?,
            basis: basis?,
            may_change: typed.may_change,
            openings: openings?,
        })
    }

    /// Reads the title: empty, or in both languages.
    fn read_title(&mut self, typed: &TypedPoll) -> Option<Option<Bilingual>> {
        if typed.title_ko.is_empty() && typed.title_en.is_empty() {
            return Some(None);
        }
        let ko = text::parse_text_line(&typed.title_ko, limits::NAME_CHARS);
        let en = text::parse_text_line(&typed.title_en, limits::TRANSLATED_CHARS);
        let (ko, en) = (self.accept_text("title_ko", ko), self.accept_text("title_en", en));
        Some(Some(Bilingual { ko: ko?, en: en? }))
    }

    fn read_paper(&mut self, word: &str) -> Option<BallotPaper> {
        match (word, word.strip_prefix("track:")) {
            ("all", _) => Some(BallotPaper::All),
            ("list", _) => Some(BallotPaper::List),
            (_, Some(track)) => Some(BallotPaper::Track(track.to_owned())),
            _ => self.add_fault("cases", words::choose_one(self.lang).to_owned()),
        }
    }

    /// Reads both ends of the window, or neither. An unchanged end keeps its seconds.
    fn read_window(&mut self, typed: &TypedPoll, poll: Option<&Poll>) -> Option<Option<Window>> {
        let (opens, closes) = (typed.opens.as_str(), typed.closes.as_str());
        if opens.is_empty() && closes.is_empty() {
            return Some(None);
        }
        if opens.is_empty() || closes.is_empty() {
            let missing = if opens.is_empty() { "opens" } else { "closes" };
            return self.add_fault(missing, words::window_both(self.lang).to_owned());
        }
        let old = poll.and_then(|poll| poll.rules.window);
        let mut end = |input, text: &str, old: Option<_>| {
            let kept = old.filter(|old| format_local_minute(*old) == text);
            let malformed = field_problems::field_sentence(self.lang, FieldProblem::Malformed);
            kept.or_else(|| parse_local_minute(text)).or_else(|| self.add_fault(input, malformed))
        };
        let opens = end("opens", opens, old.map(|old| old.opens));
        let closes = end("closes", closes, old.map(|old| old.closes));
        Some(Some(Window { opens: opens?, closes: closes? }))
    }

    fn read_weight(&mut self, text: &str) -> Option<Fraction> {
        let weight = Fraction::parse_fraction(&narrow_line(text)).ok();
        weight.or_else(|| self.add_fault("weight", season::bad_fraction(self.lang).to_owned()))
    }

    fn read_number(&mut self, input: &'static str, text: &str) -> Option<u8> {
        match parse_whole_number(text) {
            // A number above 255 becomes 255, which the rules refuse as well.
            Ok(Some(number)) => Some(u8::try_from(number).unwrap_or(u8::MAX)),
            Ok(None) | Err(_) => self.add_fault(input, words::not_a_number(self.lang).to_owned()),
        }
    }

    fn read_choice<T: DeserializeOwned>(&mut self, input: &'static str, word: &str) -> Option<T> {
        let value = serde_json::from_value(serde_json::Value::String(word.to_owned())).ok();
        value.or_else(|| self.add_fault(input, words::choose_one(self.lang).to_owned()))
    }

    fn accept_text(
        &mut self,
        input: &'static str,
        parsed: Result<String, FieldProblem>,
    ) -> Option<String> {
        match parsed {
            Ok(text) => Some(text),
            Err(problem) => {
                self.add_fault(input, field_problems::field_sentence(self.lang, problem))
            }
        }
    }

    fn add_fault<T>(&mut self, input: &'static str, sentence: String) -> Option<T> {
        self.faults.push((input, sentence));
        None
    }
}
