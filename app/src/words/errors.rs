//! Errors as sentences: what happened and what to do about it.

use domain::ballot::PicksProblem;
use domain::refusal::{OidcRefusal, Refusal};
use domain::roll::RollRefusal;
use domain::schedule::PhaseError;
use domain::sheet::SheetProblem;
use domain::text::FieldProblem;
use phrases::{Lang, errors as words};

use crate::AppError;
use crate::words::{season_problems, times};

/// Returns the sentence of an error.
pub(crate) fn error_sentence(lang: Lang, error: &AppError) -> String {
    match error {
        AppError::SignIn => words::sign_in(lang).to_owned(),
        AppError::Forbidden => words::forbidden(lang).to_owned(),
        AppError::NotFound => words::not_found(lang).to_owned(),
        AppError::BadRequest | AppError::Method => words::bad_request(lang).to_owned(),
        AppError::TooLarge => words::too_large(lang).to_owned(),
        AppError::Phase(phase) => self::phase_sentence(lang, *phase),
        AppError::Invalid(_) => words::invalid(lang).to_owned(),
        AppError::Refused(refusal) => self::refusal_sentence(lang, refusal),
        AppError::TooMany { retry_after } => {
            words::too_many(lang, retry_after.div_ceil(60).to_string())
        }
        AppError::Busy => words::busy(lang).to_owned(),
        AppError::Unknown => words::unknown(lang).to_owned(),
        AppError::Internal { .. } => words::internal(lang).to_owned(),
        AppError::Offline => words::offline(lang).to_owned(),
    }
}

/// Returns the heading of an error page.
pub(crate) fn error_title(lang: Lang, error: &AppError) -> String {
    let title = match error {
        AppError::SignIn => words::sign_in_title(lang),
        AppError::Forbidden => words::forbidden_title(lang),
        AppError::NotFound => words::not_found_title(lang),
        AppError::Phase(_) => words::phase_title(lang),
        AppError::Busy | AppError::TooMany { .. } => words::busy_title(lang),
        AppError::Internal { .. } | AppError::Unknown => words::internal_title(lang),
        _ => words::bad_request_title(lang),
    };
    title.to_owned()
}

/// Returns the sentence of a field's problem.
pub(crate) fn field_sentence(lang: Lang, problem: FieldProblem) -> String {
    match problem {
        FieldProblem::Missing => words::missing(lang).to_owned(),
        FieldProblem::TooShort { min } => words::too_short(lang, min),
        FieldProblem::TooLong { max } => words::too_long(lang, max),
        FieldProblem::Malformed => words::malformed(lang).to_owned(),
        FieldProblem::NotAllowed => words::not_allowed(lang).to_owned(),
        FieldProblem::Abroad => words::abroad(lang).to_owned(),
    }
}

/// Returns the sentence that says why the phase does not allow the request.
pub(crate) fn phase_sentence(lang: Lang, phase: PhaseError) -> String {
    match phase {
        PhaseError::NotYet { opens } => words::not_yet(lang, times::format_minute(lang, opens)),
        PhaseError::Over { closed } => words::over(lang, times::format_minute(lang, closed)),
        PhaseError::NotPublished => words::not_published(lang).to_owned(),
    }
}

/// Returns the sentence of a refusal.
pub(crate) fn refusal_sentence(lang: Lang, refusal: &Refusal) -> String {
    let sentence = match refusal {
        Refusal::WrongPassword => words::wrong_password(lang),
        Refusal::LinkInvalid => words::link_invalid(lang),
        Refusal::AddressTaken => words::address_taken(lang),
        Refusal::Picks(PicksProblem::None) => words::picks_none(lang),
        Refusal::Picks(PicksProblem::TooMany { max }) => return words::picks_too_many(lang, max),
        Refusal::Picks(PicksProblem::TooFew { exactly }) => {
            return words::picks_too_few(lang, exactly);
        }
        Refusal::Picks(PicksProblem::Twice) => words::picks_twice(lang),
        Refusal::PollsOpen => words::polls_open(lang),
        Refusal::ForeignCase => words::foreign_case(lang),
        Refusal::CodeWrong { left } => return words::code_wrong(lang, left),
        Refusal::CodeOver => words::code_over(lang),
        Refusal::CodeTriesUsed => words::code_tries_used(lang),
        Refusal::CodeJustSent { seconds } => return words::code_just_sent(lang, seconds),
        Refusal::CodesUsedUp => words::codes_used_up(lang),
        Refusal::CodesPaused => words::codes_paused(lang),
        Refusal::ConsentMissing => words::consent_missing(lang),
        Refusal::AgeMissing { age } => return words::age_missing(lang, age),
        Refusal::DistrictMissing => words::district_missing(lang),
        Refusal::NoKiosk => words::no_kiosk(lang),
        Refusal::TextsPaused => words::texts_paused(lang),
        Refusal::AlreadyVoted => words::already_voted(lang),
        Refusal::Stale => words::stale(lang),
        Refusal::Incomplete(_) => words::incomplete(lang),
        Refusal::TooManyCases { max } => return words::too_many_cases(lang, max),
        Refusal::PictureTooLarge => words::picture_too_large(lang),
        Refusal::NotAPicture => words::not_a_picture(lang),
        Refusal::Sheet(problem) => return sheet_sentence(lang, *problem),
        Refusal::SheetIncomplete(missing) => return words::sheet_incomplete(lang, missing.len()),
        Refusal::AlreadySigned => words::already_signed(lang),
        Refusal::WrongState => words::wrong_state(lang),
        Refusal::NotScored { cases } => return words::not_scored(lang, cases),
        Refusal::NotARehearsal => words::not_a_rehearsal(lang),
        Refusal::Windows => words::windows(lang),
        Refusal::WindowPassed => words::window_passed(lang),
        Refusal::SlugTaken => words::slug_taken(lang),
        Refusal::Sealed => words::sealed(lang),
        Refusal::PollOutside => words::poll_outside(lang),
        Refusal::Rules(problem) => {
            return season_problems::rulebook_problem_sentence(lang, problem);
        }
        Refusal::PollWeights { cases } => return words::poll_weights(lang, cases),
        Refusal::PaperTooShort { poll } => return words::paper_too_short(lang, poll),
        Refusal::NoCases => words::no_cases(lang),
        Refusal::Oidc(why) => oidc_sentence(lang, *why),
        Refusal::Roll(why) => roll_sentence(lang, *why),
        Refusal::NotSigned => words::not_signed(lang),
        Refusal::OtherResult => words::other_result(lang),
        Refusal::NotConfirmed => words::not_confirmed(lang),
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
pub(crate) fn oidc_sentence(lang: Lang, refusal: OidcRefusal) -> &'static str {
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
pub(crate) fn roll_sentence(lang: Lang, refusal: RollRefusal) -> &'static str {
    match refusal {
        RollRefusal::Unknown => phrases::roll::unknown(lang),
        RollRefusal::Used => phrases::roll::used(lang),
        RollRefusal::Void => phrases::roll::void(lang),
        RollRefusal::Foreign => phrases::roll::foreign(lang),
        RollRefusal::InUse => phrases::roll::in_use(lang),
        RollRefusal::Sealed => phrases::roll::sealed(lang),
        RollRefusal::TooLong => phrases::roll::too_long(lang),
        RollRefusal::NothingToPrint => phrases::roll::nothing_to_print(lang),
    }
}
