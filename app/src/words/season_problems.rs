//! The problems of a season file as sentences: what is wrong and how to correct it.

use domain::limits;
use domain::rulebook::RulebookProblem;
use domain::schedule::WindowProblem;
use domain::season::SeasonProblem;
use phrases::{Lang, season as words};

use crate::words::field_problems;

/// Returns the sentence of a wrong value in a season file.
pub(crate) fn season_problem_sentence(lang: Lang, problem: &SeasonProblem) -> String {
    match problem {
        SeasonProblem::Syntax { detail } => words::syntax(lang, detail),
        SeasonProblem::NotText => words::not_text(lang).to_owned(),
        SeasonProblem::TooLarge { max } => words::too_large(lang, max / (1024 * 1024)),
        SeasonProblem::TooDeep { max } => words::too_deep(lang, max),
        SeasonProblem::Length { max } => words::length(lang, max),
        SeasonProblem::TimeZone => words::time_zone(lang).to_owned(),
        SeasonProblem::BadInstant => words::bad_instant(lang).to_owned(),
        SeasonProblem::PollOrPolls => words::poll_or_polls(lang).to_owned(),
        SeasonProblem::BadFraction => words::bad_fraction(lang).to_owned(),
        SeasonProblem::Window(problem) => windows_problem_sentence(lang, *problem).to_owned(),
        SeasonProblem::Rule(problem) => rulebook_problem_sentence(lang, problem),
        SeasonProblem::Text(problem) => field_problems::field_sentence(lang, *problem),
        SeasonProblem::SlugTaken => phrases::errors::slug_taken(lang).to_owned(),
        SeasonProblem::DuplicateSlug { slug } => words::duplicate_slug(lang, slug),
        SeasonProblem::DuplicateNeighbourhood { name } => {
            words::duplicate_neighbourhood(lang, name)
        }
        SeasonProblem::DuplicateName { name } => words::duplicate_name(lang, name),
        SeasonProblem::UnknownTrack { name } => words::unknown_track(lang, name),
        SeasonProblem::UnknownDistrict { name } => words::unknown_district(lang, name),
        SeasonProblem::UnknownNeighbourhood { name } => words::unknown_neighbourhood(lang, name),
    }
}

/// Returns the sentence of windows that do not fit together.
pub(crate) fn windows_problem_sentence(lang: Lang, problem: WindowProblem) -> &'static str {
    match problem {
        WindowProblem::CallEmpty => words::call_empty(lang),
        WindowProblem::VotingEmpty => words::voting_empty(lang),
        WindowProblem::JudgingEmpty => words::judging_empty(lang),
        WindowProblem::VotingBeforeCallCloses => words::voting_before_call_closes(lang),
        WindowProblem::JudgingBeforeVoting => words::judging_before_voting(lang),
        WindowProblem::AnnouncedBeforeVotingCloses => words::announced_before_voting_closes(lang),
        WindowProblem::AnnouncedBeforeJudgingCloses => words::announced_before_judging_closes(lang),
    }
}

/// Returns the sentence of a rulebook that cannot decide a contest.
pub(crate) fn rulebook_problem_sentence(lang: Lang, problem: &RulebookProblem) -> String {
    let finest = limits::WEIGHT_DENOMINATOR;
    match problem {
        RulebookProblem::WeightsSum { track: None, sum, .. } => words::weights_sum(lang, sum),
        RulebookProblem::WeightsSum { track: Some(track), sum, .. } => {
            words::weights_sum_track(lang, sum, track)
        }
        RulebookProblem::PollWeightTooFine { .. } => words::poll_weight_too_fine(lang, finest),
        RulebookProblem::PanelWeightTooFine => words::panel_weight_too_fine(lang, finest),
        RulebookProblem::Picks { max, .. } => words::picks(lang, max),
        RulebookProblem::Polls { max } => words::polls(lang, max),
        RulebookProblem::PollSlug { .. } => words::poll_slug(lang).to_owned(),
        RulebookProblem::PollSlugTwice { .. } => words::poll_slug_twice(lang).to_owned(),
        RulebookProblem::PollTitle { .. } => words::poll_title(lang).to_owned(),
        RulebookProblem::PollTrack { track, .. } => words::unknown_track(lang, track),
        RulebookProblem::ChannelUnfit { .. } => words::channel_unfit(lang).to_owned(),
        RulebookProblem::NoProof { .. } => words::no_proof(lang).to_owned(),
        RulebookProblem::MinAge { max, .. } => words::min_age(lang, max),
        RulebookProblem::PollWindowEmpty { .. } => words::poll_window_empty(lang).to_owned(),
        RulebookProblem::PollWindowOutside { .. } => words::poll_window_outside(lang).to_owned(),
        RulebookProblem::Rubric { max } => words::rubric(lang, max),
        RulebookProblem::Points { criterion, max } => words::points(lang, max, criterion + 1),
        RulebookProblem::Judges { max } => words::judges(lang, max),
        RulebookProblem::Record { ballots, minutes } => words::record(lang, ballots, minutes),
        RulebookProblem::Quorum { max } => words::quorum(lang, max),
        RulebookProblem::Tiers { max } => words::tiers(lang, max),
        RulebookProblem::TierCount { tier, max } => words::tier_count(lang, max, tier + 1),
    }
}

#[cfg(test)]
mod tests {
    use domain::rulebook::RulebookProblem as Rule;
    use domain::schedule::WindowProblem as Window;
    use domain::season::SeasonProblem as Problem;
    use domain::text::FieldProblem;
    use phrases::Lang;

    /// One problem of each kind. The compiler cannot list variants, but `season()` matches without
    /// `_`, so a new variant breaks the build there.
    fn all() -> Vec<Problem> {
        let name = || "달나라".to_owned();
        let mut all = vec![
            Problem::Syntax { detail: "expected `,`".to_owned() },
            Problem::TooLarge { max: 2 * 1024 * 1024 },
            Problem::TooDeep { max: 16 },
            Problem::Length { max: 50 },
            Problem::TimeZone,
            Problem::BadInstant,
            Problem::BadFraction,
            Problem::PollOrPolls,
            Problem::Text(FieldProblem::Missing),
            Problem::Text(FieldProblem::TooLong { max: 80, over: 3 }),
            Problem::DuplicateSlug { slug: name() },
            Problem::DuplicateNeighbourhood { name: name() },
            Problem::DuplicateName { name: name() },
            Problem::UnknownTrack { name: name() },
            Problem::UnknownDistrict { name: name() },
            Problem::UnknownNeighbourhood { name: name() },
        ];
        let windows = [
            Window::CallEmpty,
            Window::VotingEmpty,
            Window::JudgingEmpty,
            Window::VotingBeforeCallCloses,
            Window::JudgingBeforeVoting,
            Window::AnnouncedBeforeVotingCloses,
            Window::AnnouncedBeforeJudgingCloses,
        ];
        all.extend(windows.map(Problem::Window));
        let rules = [
            Rule::WeightsSum { track: None, polls: vec![0], sum: "11/10".to_owned() },
            Rule::WeightsSum { track: Some(name()), polls: vec![0], sum: "9/10".to_owned() },
            Rule::Polls { max: 8 },
            Rule::PollSlug { poll: 0 },
            Rule::PollSlugTwice { poll: 1 },
            Rule::PollTitle { poll: 0 },
            Rule::ChannelUnfit { poll: 0, channel: 0 },
            Rule::NoProof { poll: 0 },
            Rule::MinAge { poll: 0, max: 99 },
            Rule::PollWindowEmpty { poll: 0 },
            Rule::PollWindowOutside { poll: 0 },
            Rule::PollWeightTooFine { poll: 0 },
            Rule::PanelWeightTooFine,
            Rule::Picks { poll: 0, max: 20 },
            Rule::Rubric { max: 30 },
            Rule::Points { criterion: 1, max: 1000 },
            Rule::Judges { max: 200 },
            Rule::Quorum { max: 7 },
            Rule::Tiers { max: 20 },
            Rule::TierCount { tier: 2, max: 5000 },
        ];
        all.extend(rules.map(Problem::Rule));
        all
    }

    #[test]
    fn every_problem_has_a_sentence_of_its_own_in_both_languages() {
        for lang in [Lang::Ko, Lang::En] {
            let sentences: Vec<String> =
                all().iter().map(|problem| super::season_problem_sentence(lang, problem)).collect();
            let distinct: std::collections::BTreeSet<&String> = sentences.iter().collect();
            assert_eq!(distinct.len(), sentences.len());
            for sentence in &sentences {
                let korean =
                    sentence.chars().any(|c| ('가'..='힣').contains(&c) && lang == Lang::Ko);
                assert!(korean || lang == Lang::En, "{sentence}");
                assert!(sentence.ends_with(['.', ')']), "{sentence}");
            }
        }
    }

    #[test]
    fn a_sentence_names_what_was_written_and_counts_from_one() {
        let place = Problem::UnknownNeighbourhood { name: "달나라동".to_owned() };
        assert!(super::season_problem_sentence(Lang::Ko, &place).contains("달나라동"));
        let sum = Rule::WeightsSum { track: None, polls: vec![0], sum: "11/10".to_owned() };
        let sum = Problem::Rule(sum);
        assert!(super::season_problem_sentence(Lang::En, &sum).contains("11/10"));
        let points = Problem::Rule(Rule::Points { criterion: 1, max: 1000 });
        assert_eq!(
            super::season_problem_sentence(Lang::En, &points),
            "Criterion 2 must have 1 to 1000 points."
        );
        let large = Problem::TooLarge { max: domain::limits::SEASON_BYTES };
        assert!(super::season_problem_sentence(Lang::Ko, &large).contains("2 MB"));
    }
}
