//! The rules of a poll in words, the same for voters and for administrators.

use domain::rulebook::{Basis, Channel, Identity, Openings, Paper, PicksRule, PollRules};
use domain::text::Bilingual;
use phrases::{Lang, polls as words};

use crate::words::times;

/// Names and values as a list of facts shows them.
pub(crate) type Rows = Vec<(String, String)>;

/// The name of a poll; the only one of an edition may have none.
pub(crate) fn title(lang: Lang, rules: &PollRules) -> String {
    match &rules.title {
        Some(title) => of(lang, title),
        None => words::the_vote(lang).to_owned(),
    }
}

/// How votes become points.
pub(crate) fn basis(lang: Lang, basis: Basis) -> &'static str {
    match basis {
        Basis::ShareOfTop => phrases::rules::basis_top(lang),
        Basis::ShareOfBallots => phrases::rules::basis_ballots(lang),
        Basis::ShareOfPicks => phrases::rules::basis_picks(lang),
    }
}

/// The text in the reader's language.
pub(crate) fn of(lang: Lang, text: &Bilingual) -> String {
    lang.choose_text(&text.ko, &text.en).to_owned()
}

/// Which cases; `track` gives a track's name by its short name.
pub(crate) fn cases(lang: Lang, paper: &Paper, track: impl Fn(&str) -> String) -> String {
    match paper {
        Paper::All => words::cases_all(lang).to_owned(),
        Paper::Track(slug) => words::cases_track(lang, track(slug)),
        Paper::List => words::cases_list(lang).to_owned(),
    }
}

/// Who may vote, by what they are known.
pub(crate) fn who(lang: Lang, identity: Identity) -> &'static str {
    match identity {
        Identity::Email => words::who_email(lang),
        Identity::Mobile => words::who_mobile(lang),
        Identity::Roll => words::who_roll(lang),
        Identity::Oidc => words::who_oidc(lang),
    }
}

/// A way to prove an identity.
pub(crate) fn way(lang: Lang, channel: Channel) -> &'static str {
    match channel {
        Channel::EmailCode => words::way_email(lang),
        Channel::SmsCode => words::way_sms(lang),
        Channel::PrintedCode => words::way_printed(lang),
        Channel::SeatQr => words::way_seat(lang),
        Channel::Oidc => words::way_oidc(lang),
        Channel::Kiosk => words::way_kiosk(lang),
    }
}

/// How many cases a ballot names.
pub(crate) fn picks(lang: Lang, picks: PicksRule) -> String {
    match picks {
        PicksRule::AtMost(1) | PicksRule::Exactly(1) => words::picks_one(lang).to_owned(),
        PicksRule::AtMost(max) => words::picks_up_to(lang, max),
        PicksRule::Exactly(count) => words::picks_exactly(lang, count),
    }
}

/// What a voter states; `None` where nothing is asked.
pub(crate) fn stated(lang: Lang, rules: &PollRules) -> Option<String> {
    let eligibility = rules.eligibility;
    let age = (eligibility.min_age > 0).then(|| words::stated_age(lang, eligibility.min_age));
    let district = eligibility.district.then(|| words::stated_district(lang).to_owned());
    let both: Vec<String> = age.into_iter().chain(district).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// What a voter wants to know of a poll.
pub(crate) fn voter_rows(lang: Lang, rules: &PollRules) -> Rows {
    let ways = rules.proofs().map(|channel| way(lang, channel));
    let kiosk = rules.has_kiosk().then(|| way(lang, Channel::Kiosk));
    let ways = ways.chain(kiosk).collect::<Vec<_>>().join(" · ");
    let afterwards = if rules.may_change {
        words::afterwards_change(lang)
    } else {
        words::afterwards_final(lang)
    };
    let mut rows = vec![(words::who(lang), who(lang, rules.identity).to_owned())];
    rows.extend(stated(lang, rules).map(|stated| (words::stated(lang), stated)));
    rows.push((words::ways(lang), ways));
    rows.push((words::picks(lang), picks(lang, rules.picks)));
    rows.push((words::afterwards(lang), afterwards.to_owned()));
    owned(rows)
}

/// When a poll is open, for one with a window of its own.
pub(crate) fn own_window(lang: Lang, rules: &PollRules) -> Option<(String, String)> {
    let window = rules.window?;
    Some((words::window(lang).to_owned(), times::window(lang, window)))
}

/// Who gets the openings.
pub(crate) fn openings(lang: Lang, openings: Openings) -> &'static str {
    match openings {
        Openings::Public => words::openings_public(lang),
        Openings::Observers => words::openings_observers(lang),
    }
}

/// The same rows with names of their own.
pub(crate) fn owned(rows: Vec<(&str, String)>) -> Rows {
    rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// How many cases a ballot names, as a sentence.
pub(crate) fn rule(lang: Lang, picks: PicksRule) -> String {
    match picks {
        PicksRule::AtMost(max) => phrases::voting::rule_at_most(lang, max),
        PicksRule::Exactly(max) => phrases::voting::rule_exactly(lang, max),
    }
}
