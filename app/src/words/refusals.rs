//! Refusals as sentences, by feature: why a rule says no, and what to do about it.

use domain::ballot::PicksProblem;
use domain::refusal::{
    AccountRefusal, AwardsRefusal, CaseRefusal, EditionRefusal, FileProblem, FraudRefusal,
    JudgingRefusal, OidcRefusal, RecordRefusal, Refusal, VotingRefusal,
};
use domain::roll::RollRefusal;
use domain::sheet::SheetProblem;
use phrases::{Lang, errors as words};

use crate::words::field_problems::field_sentence;
use crate::words::{season_problems, times};

/// Returns the sentence of a refusal.
pub(crate) fn refusal_sentence(lang: Lang, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Account(refusal) => account_sentence(lang, refusal),
        Refusal::Edition(refusal) => edition_sentence(lang, refusal),
        Refusal::Case(refusal) => case_sentence(lang, refusal),
        Refusal::Voting(refusal) => voting_sentence(lang, refusal),
        Refusal::Judging(refusal) => judging_sentence(lang, refusal),
        Refusal::Awards(refusal) => awards_sentence(lang, refusal),
        Refusal::Record(refusal) => record_sentence(lang, refusal),
        Refusal::Oidc(refusal) => oidc_sentence(lang, *refusal).to_owned(),
        Refusal::Roll(refusal) => roll_sentence(lang, *refusal).to_owned(),
        Refusal::Fraud(refusal) => fraud_sentence(lang, *refusal).to_owned(),
        Refusal::Stale => words::stale(lang).to_owned(),
        Refusal::WrongState => words::wrong_state(lang).to_owned(),
        Refusal::NotConfirmed => words::not_confirmed(lang).to_owned(),
    }
}

fn account_sentence(lang: Lang, refusal: &AccountRefusal) -> String {
    let sentence = match refusal {
        AccountRefusal::WrongPassword => words::wrong_password(lang),
        AccountRefusal::WrongCurrentPassword => words::wrong_current_password(lang),
        AccountRefusal::LinkInvalid => words::link_invalid(lang),
        AccountRefusal::LastAdministrator => words::last_administrator(lang),
        AccountRefusal::AddressTaken => words::address_taken(lang),
        AccountRefusal::TooManyInvitations { max } => {
            return phrases::invite::too_many(lang, max);
        }
    };
    sentence.to_owned()
}

fn edition_sentence(lang: Lang, refusal: &EditionRefusal) -> String {
    let sentence = match refusal {
        EditionRefusal::NotARehearsal => words::not_a_rehearsal(lang),
        EditionRefusal::KeptForGood => words::kept_for_good(lang),
        EditionRefusal::Windows => words::windows(lang),
        EditionRefusal::WindowPassed => words::window_passed(lang),
        EditionRefusal::TooLateToPublish => words::too_late_to_publish(lang),
        EditionRefusal::JudgingCutShort => words::judging_cut_short(lang),
        EditionRefusal::PanelFixed => words::panel_fixed(lang),
        EditionRefusal::JudgeHasSheet => words::judge_has_sheet(lang),
        EditionRefusal::CasesUndecided => words::cases_undecided(lang),
        EditionRefusal::CallOpen => words::call_open(lang),
        EditionRefusal::SlugTaken => words::slug_taken(lang),
        EditionRefusal::PlaceInUse => words::place_in_use(lang),
        EditionRefusal::Sealed => words::sealed(lang),
        EditionRefusal::CountsRead => words::counts_read(lang),
        EditionRefusal::PollOutside => words::poll_outside(lang),
        EditionRefusal::Rules(problem) => {
            return season_problems::rulebook_problem_sentence(lang, problem);
        }
        EditionRefusal::PollWeights { cases } => {
            return words::poll_weights(lang, cases);
        }
        EditionRefusal::PaperTooShort { poll } => {
            return words::paper_too_short(lang, poll);
        }
        EditionRefusal::PaperWithoutChoice { poll } => {
            return words::paper_without_choice(lang, poll);
        }
    };
    sentence.to_owned()
}

fn fraud_sentence(lang: Lang, refusal: FraudRefusal) -> &'static str {
    match refusal {
        FraudRefusal::SecondPerson => phrases::fraud::second_person(lang),
        FraudRefusal::EvidenceUnseen => phrases::fraud::evidence_unseen(lang),
        FraudRefusal::ProposalGone => phrases::fraud::proposal_gone(lang),
        FraudRefusal::NoReason => phrases::fraud::no_reason(lang),
        FraudRefusal::OtherGroup => phrases::fraud::other_group(lang),
        FraudRefusal::CountsRead => phrases::fraud::counts_were_read(lang),
        FraudRefusal::NoReceipt => phrases::fraud::no_receipt(lang),
        FraudRefusal::NotHeld => phrases::fraud::not_held(lang),
        FraudRefusal::AppealsOver => phrases::fraud::appeal_over(lang),
        FraudRefusal::AppealChanged => phrases::fraud::appeal_changed(lang),
        FraudRefusal::ProvenAgain => phrases::fraud::again_done(lang),
        FraudRefusal::ContactUsed => phrases::fraud::again_contact_used(lang),
        FraudRefusal::Answered => phrases::fraud::answered_already(lang),
    }
}

fn case_sentence(lang: Lang, refusal: &CaseRefusal) -> String {
    let sentence = match refusal {
        CaseRefusal::Incomplete(_) => words::incomplete(lang),
        CaseRefusal::PersonalData => words::personal_data(lang),
        CaseRefusal::TooManyCases { max } => {
            return words::too_many_cases(lang, max);
        }
        CaseRefusal::PictureTooLarge => words::picture_too_large(lang),
        CaseRefusal::NotAPicture => words::not_a_picture(lang),
        CaseRefusal::Document(problem) => document_sentence(lang, *problem),
        CaseRefusal::File { name, .. } if name.is_empty() => words::file_none(lang),
        CaseRefusal::File { name, problem } => {
            return words::file_refused(lang, name, file_sentence(lang, *problem));
        }
        CaseRefusal::TooManyFiles { max } => return words::too_many_files(lang, max),
        CaseRefusal::FilesTooLarge => words::files_too_large(lang),
        CaseRefusal::LateCaseSent => words::late_case_sent(lang),
        CaseRefusal::SecondLook => words::second_look(lang),
        CaseRefusal::CorrectionOpen => words::correction_open(lang),
        CaseRefusal::PartnerNamed => words::partner_named(lang),
        CaseRefusal::TooManyRecommendations { max } => {
            return words::too_many_recommendations(lang, max);
        }
        CaseRefusal::RecommendationAnswered => words::recommendation_answered(lang),
    };
    sentence.to_owned()
}

fn document_sentence(lang: Lang, problem: FileProblem) -> &'static str {
    match problem {
        FileProblem::Empty => words::document_empty(lang),
        FileProblem::UnknownKind => words::document_unknown(lang),
        FileProblem::OldForm => words::document_old(lang),
        FileProblem::Heic => words::document_heic(lang),
        FileProblem::Macros => words::document_macros(lang),
        FileProblem::Password => words::document_password(lang),
        FileProblem::Distribution => words::document_distribution(lang),
        FileProblem::Damaged => words::document_damaged(lang),
        FileProblem::TooLarge => words::document_too_large(lang),
        FileProblem::NoText => words::document_no_text(lang),
        FileProblem::Infected => words::file_infected(lang),
    }
}

/// Says why a document is not kept with its case, where other words are needed than for reading its text.
fn file_sentence(lang: Lang, problem: FileProblem) -> &'static str {
    match problem {
        FileProblem::Empty => words::file_empty(lang),
        FileProblem::UnknownKind => words::file_unknown(lang),
        FileProblem::Heic => words::file_heic(lang),
        FileProblem::Distribution => words::file_distribution(lang),
        FileProblem::TooLarge => words::file_too_large(lang),
        other => document_sentence(lang, other),
    }
}

fn voting_sentence(lang: Lang, refusal: &VotingRefusal) -> String {
    let sentence = match refusal {
        VotingRefusal::Picks(PicksProblem::None) => words::picks_none(lang),
        VotingRefusal::Picks(PicksProblem::TooMany { max }) => {
            return words::picks_too_many(lang, max);
        }
        VotingRefusal::Picks(PicksProblem::TooFew { exactly }) => {
            return words::picks_too_few(lang, exactly);
        }
        VotingRefusal::Picks(PicksProblem::Twice) => words::picks_twice(lang),
        VotingRefusal::ForeignCase => words::foreign_case(lang),
        VotingRefusal::CodeWrong { left } => return words::code_wrong(lang, left),
        VotingRefusal::CodeOver => words::code_over(lang),
        VotingRefusal::CodeTriesUsed => words::code_tries_used(lang),
        VotingRefusal::CodeJustSent { seconds } => {
            return words::code_just_sent(lang, seconds);
        }
        VotingRefusal::CodesUsedUp => words::codes_used_up(lang),
        VotingRefusal::DomainUsedUp => words::domain_used_up(lang),
        VotingRefusal::CodesPaused => words::codes_paused(lang),
        VotingRefusal::ConsentMissing => words::consent_missing(lang),
        VotingRefusal::AgeMissing { age } => return words::age_missing(lang, age),
        VotingRefusal::DistrictMissing => words::district_missing(lang),
        VotingRefusal::NoKiosk => words::no_kiosk(lang),
        VotingRefusal::TextsPaused => words::texts_paused(lang),
        VotingRefusal::AlreadyVoted => words::already_voted(lang),
    };
    sentence.to_owned()
}

fn judging_sentence(lang: Lang, refusal: &JudgingRefusal) -> String {
    let sentence = match refusal {
        JudgingRefusal::Sheet(problem) => return sheet_sentence(lang, *problem),
        JudgingRefusal::SheetIncomplete(missing) => {
            return words::sheet_incomplete(lang, missing.len());
        }
        JudgingRefusal::AlreadySigned => words::already_signed(lang),
    };
    sentence.to_owned()
}

fn awards_sentence(lang: Lang, refusal: &AwardsRefusal) -> String {
    let sentence = match refusal {
        AwardsRefusal::TooManyPhotographs { max } => {
            return phrases::photographs::too_many(lang, max);
        }
        AwardsRefusal::Drill => words::counts_in_a_drill(lang),
        AwardsRefusal::PollsOpen => words::polls_open(lang),
        AwardsRefusal::NotScored { cases } => {
            return words::not_scored(lang, cases);
        }
        AwardsRefusal::NoCases => words::no_cases(lang),
        AwardsRefusal::BelowQuorum { quorum, cases } => {
            let titles = cases.iter().map(|title| lang.choose_text(&title.ko, &title.en));
            return words::below_quorum(lang, titles.collect::<Vec<_>>().join(", "), quorum);
        }
        AwardsRefusal::JudgesMissing { judges } => {
            return words::judges_missing(lang, judges.join(", "));
        }
        AwardsRefusal::FraudOpen { groups, appeals, proposals } => {
            return phrases::fraud::open_matters(lang, appeals, groups, proposals);
        }
        AwardsRefusal::AppealsOpen { until } => {
            return phrases::fraud::appeals_open(lang, times::format_minute(lang, *until));
        }
        AwardsRefusal::SecondPersonNeeded => words::second_person_needed(lang),
    };
    sentence.to_owned()
}

fn record_sentence(lang: Lang, refusal: &RecordRefusal) -> String {
    let sentence = match refusal {
        RecordRefusal::NotSigned => words::not_signed(lang),
        RecordRefusal::OtherResult => words::other_result(lang),
    };
    sentence.to_owned()
}

fn sheet_sentence(lang: Lang, problem: SheetProblem) -> String {
    match problem {
        SheetProblem::WrongLength => words::sheet_form(lang).to_owned(),
        SheetProblem::Above { criterion, max } => words::score_above(lang, max, criterion + 1),
        SheetProblem::Comment(problem) | SheetProblem::Note(problem) => {
            field_sentence(lang, problem)
        }
    }
}

/// Returns the sentence of a refused sign-in at a provider.
fn oidc_sentence(lang: Lang, refusal: OidcRefusal) -> &'static str {
    match refusal {
        OidcRefusal::Over => phrases::oidc::over(lang),
        OidcRefusal::Used => phrases::oidc::used(lang),
        OidcRefusal::Cancelled => phrases::oidc::cancelled(lang),
        OidcRefusal::Declined => phrases::oidc::declined(lang),
        OidcRefusal::Foreign => phrases::oidc::foreign(lang),
        OidcRefusal::Nonce => phrases::oidc::nonce(lang),
        OidcRefusal::Unproven => phrases::oidc::unproven(lang),
        OidcRefusal::Down => phrases::oidc::down(lang),
    }
}

/// Returns the sentence of a refusal by a roll or by one of its codes.
fn roll_sentence(lang: Lang, refusal: RollRefusal) -> &'static str {
    match refusal {
        RollRefusal::Unknown => phrases::roll::unknown(lang),
        RollRefusal::Used => phrases::roll::used(lang),
        RollRefusal::Void => phrases::roll::void(lang),
        RollRefusal::Foreign => phrases::roll::foreign(lang),
        RollRefusal::InUse => phrases::roll::in_use(lang),
        RollRefusal::Sealed => phrases::roll::sealed(lang),
        RollRefusal::NoReissue => phrases::roll::no_reissue(lang),
        RollRefusal::TooLong => phrases::roll::too_long(lang),
        RollRefusal::NothingToPrint => phrases::roll::nothing_to_print(lang),
    }
}
