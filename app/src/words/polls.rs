//! The rules of a poll as text, the same for voters and for administrators.

use domain::rulebook::{
    BallotPaper, Channel, OpeningsAccess, PicksRule, PointsBasis, PollRules, VoterIdentity,
};
use domain::text::Bilingual;
use phrases::{Lang, polls as words};

use crate::words::times;

/// Names and values for a list of facts.
pub(crate) type FactRows = Vec<(String, String)>;

/// Returns the title of a poll. The only poll of an edition may have no title; it is *the vote*.
pub(crate) fn poll_title(lang: Lang, rules: &PollRules) -> String {
    match &rules.title {
        Some(title) => in_language(lang, title),
        None => words::the_vote(lang).to_owned(),
    }
}

/// Returns how votes become points.
pub(crate) fn basis_words(lang: Lang, basis: PointsBasis) -> &'static str {
    match basis {
        PointsBasis::ShareOfTop => phrases::rules::basis_top(lang),
        PointsBasis::ShareOfBallots => phrases::rules::basis_ballots(lang),
        PointsBasis::ShareOfPicks => phrases::rules::basis_picks(lang),
    }
}

/// Returns a text in the reader's language.
pub(crate) fn in_language(lang: Lang, text: &Bilingual) -> String {
    lang.choose_text(&text.ko, &text.en).to_owned()
}

/// Returns which cases are on the ballot paper. `track` returns a track's name for its short name.
pub(crate) fn paper_words(
    lang: Lang,
    paper: &BallotPaper,
    track: impl Fn(&str) -> String,
) -> String {
    match paper {
        BallotPaper::All => words::cases_all(lang).to_owned(),
        BallotPaper::Track(slug) => words::cases_track(lang, track(slug)),
        BallotPaper::List => words::cases_list(lang).to_owned(),
    }
}

/// Returns who may vote, by the kind of identity.
pub(crate) fn identity_words(lang: Lang, identity: VoterIdentity) -> &'static str {
    match identity {
        VoterIdentity::Email => words::who_email(lang),
        VoterIdentity::Mobile => words::who_mobile(lang),
        VoterIdentity::Roll => words::who_roll(lang),
        VoterIdentity::Oidc => words::who_oidc(lang),
    }
}

/// Returns the name of a way to prove an identity.
pub(crate) fn channel_words(lang: Lang, channel: Channel) -> &'static str {
    match channel {
        Channel::EmailCode => words::way_email(lang),
        Channel::SmsCode => words::way_sms(lang),
        Channel::PrintedCode => words::way_printed(lang),
        Channel::SeatQr => words::way_seat(lang),
        Channel::Oidc => words::way_oidc(lang),
        Channel::Kiosk => words::way_kiosk(lang),
    }
}

/// Returns how many cases a ballot names, in a few words.
pub(crate) fn picks_words(lang: Lang, picks: PicksRule) -> String {
    match picks {
        PicksRule::AtMost(1) | PicksRule::Exactly(1) => words::picks_one(lang).to_owned(),
        PicksRule::AtMost(max) => words::picks_up_to(lang, max),
        PicksRule::Exactly(count) => words::picks_exactly(lang, count),
    }
}

/// Returns what a voter must state, or `None` if the poll asks for no statement.
pub(crate) fn stated_words(lang: Lang, rules: &PollRules) -> Option<String> {
    let eligibility = rules.eligibility;
    let age = (eligibility.min_age > 0).then(|| words::stated_age(lang, eligibility.min_age));
    let district = eligibility.district.then(|| words::stated_district(lang).to_owned());
    let both: Vec<String> = age.into_iter().chain(district).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// Returns whether the spellings of a mailbox are one voter. `None` in a poll that is not by e-mail.
fn mailbox_words(lang: Lang, rules: &PollRules) -> Option<String> {
    let sentence =
        if rules.fold_aliases { words::mailbox_folded(lang) } else { words::mailbox_open(lang) };
    (rules.identity == VoterIdentity::Email).then(|| sentence.to_owned())
}

/// Returns the facts about a poll that a voter needs.
pub(crate) fn voter_rows(lang: Lang, rules: &PollRules) -> FactRows {
    let ways = rules.proof_channels().map(|channel| channel_words(lang, channel));
    let kiosk = rules.has_kiosk().then(|| channel_words(lang, Channel::Kiosk));
    let ways = ways.chain(kiosk).collect::<Vec<_>>().join(" · ");
    let afterwards = if rules.may_change {
        words::afterwards_change(lang)
    } else {
        words::afterwards_final(lang)
    };
    let mut rows = vec![(words::who(lang), identity_words(lang, rules.identity).to_owned())];
    rows.extend(mailbox_words(lang, rules).map(|mailbox| (words::mailbox(lang), mailbox)));
    rows.extend(stated_words(lang, rules).map(|stated| (words::stated(lang), stated)));
    rows.push((words::ways(lang), ways));
    rows.push((words::picks(lang), picks_words(lang, rules.picks)));
    rows.push((words::afterwards(lang), afterwards.to_owned()));
    to_owned_rows(rows)
}

/// Returns when a poll is open, or `None` if it has no window of its own.
pub(crate) fn own_window_row(lang: Lang, rules: &PollRules) -> Option<(String, String)> {
    let window = rules.window?;
    Some((words::window(lang).to_owned(), times::format_window(lang, window)))
}

/// Returns who gets the openings.
pub(crate) fn openings_words(lang: Lang, openings: OpeningsAccess) -> &'static str {
    match openings {
        OpeningsAccess::Public => words::openings_public(lang),
        OpeningsAccess::Observers => words::openings_observers(lang),
    }
}

/// Turns rows with borrowed names into [`FactRows`].
pub(crate) fn to_owned_rows(rows: Vec<(&str, String)>) -> FactRows {
    rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Returns how many cases a ballot names, as a sentence.
pub(crate) fn picks_sentence(lang: Lang, picks: PicksRule) -> String {
    match picks {
        PicksRule::AtMost(max) => phrases::voting::rule_at_most(lang, max),
        PicksRule::Exactly(max) => phrases::voting::rule_exactly(lang, max),
    }
}
