//! The typed form of a poll, filled from the rules or from what a browser has sent.

use backend::editions::{ListedCase, Poll};
use domain::rulebook::{
    BallotPaper, Eligibility, OpeningsAccess, PicksRule, PointsBasis, PollRules, VoterIdentity,
};
use domain::schedule::format_local_minute;
use domain::text::Bilingual;
use serde::Serialize;

use crate::editions::polls::page_data::PollsPageData;
use crate::web::fields::FormFields;

/// The typed form. Its values are texts, so that an invalid value is shown again unchanged.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypedPoll {
    pub(crate) slug: String,
    pub(crate) title_ko: String,
    pub(crate) title_en: String,
    /// `all`, `list`, or `track:` with the short name of a track.
    pub(crate) cases: String,
    pub(crate) listed: Vec<String>,
    pub(crate) picks_rule: String,
    pub(crate) picks: String,
    pub(crate) identity: String,
    pub(crate) fold_aliases: bool,
    pub(crate) channels: Vec<String>,
    pub(crate) min_age: String,
    pub(crate) district: bool,
    pub(crate) opens: String,
    pub(crate) closes: String,
    pub(crate) weight: String,
    pub(crate) basis: String,
    pub(crate) may_change: bool,
    pub(crate) openings: String,
    /// The rules that the form was filled from. They show whether somebody else changed the rules.
    pub(crate) shown: String,
}

/// Returns the word of a value in the season file. The form sends the same word.
pub(crate) fn serialized_word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Writes the rules of an edition's polls in one line.
pub(crate) fn encode_shown_rules(desk: &PollsPageData) -> String {
    serde_json::to_string(&desk.edition.rulebook.polls).unwrap_or_default()
}

impl TypedPoll {
    /// Fills the form from a poll, or from the usual values for a new poll.
    pub(crate) fn from_poll(desk: &PollsPageData, poll: Option<&Poll>) -> Self {
        let shown = encode_shown_rules(desk);
        let Some(poll) = poll else {
            return Self {
                cases: "all".to_owned(),
                picks_rule: "at_most".to_owned(),
                picks: "3".to_owned(),
                identity: serialized_word(VoterIdentity::Mobile),
                fold_aliases: true,
                min_age: Eligibility::default().min_age.to_string(),
                basis: serialized_word(PointsBasis::ShareOfTop),
                openings: serialized_word(OpeningsAccess::default()),
                shown,
                ..Self::default()
            };
        };
        let rules = &poll.rules;
        let on_list = |case: &&ListedCase| case.polls.contains(&poll.id);
        let title = rules.title.clone().unwrap_or_else(|| Bilingual::new("", ""));
        Self {
            title_ko: title.ko,
            title_en: title.en,
            listed: desk.cases.iter().filter(on_list).map(|case| case.id.to_string()).collect(),
            shown,
            ..Self::from_rules(rules)
        }
    }

    fn from_rules(rules: &PollRules) -> Self {
        let (picks_rule, picks) = match rules.picks {
            PicksRule::AtMost(picks) => ("at_most", picks),
            PicksRule::Exactly(picks) => ("exactly", picks),
        };
        let cases = match &rules.cases {
            BallotPaper::All => "all".to_owned(),
            BallotPaper::List => "list".to_owned(),
            BallotPaper::Track(track) => format!("track:{track}"),
        };
        let end = |instant: Option<_>| instant.map(format_local_minute).unwrap_or_default();
        Self {
            slug: rules.slug.clone(),
            cases,
            picks_rule: picks_rule.to_owned(),
            picks: picks.to_string(),
            identity: serialized_word(rules.identity),
            // Ticked in a poll that is not by e-mail, for the case that it becomes one.
            fold_aliases: rules.fold_aliases || rules.identity != VoterIdentity::Email,
            channels: rules.channels.iter().map(serialized_word).collect(),
            min_age: rules.eligibility.min_age.to_string(),
            district: rules.eligibility.district,
            opens: end(rules.window.map(|window| window.opens)),
            closes: end(rules.window.map(|window| window.closes)),
            weight: rules.weight.to_string(),
            basis: serialized_word(rules.basis),
            may_change: rules.may_change,
            openings: serialized_word(rules.openings),
            ..Self::default()
        }
    }

    /// Reads a sent form.
    pub(crate) fn from_fields(fields: &FormFields) -> Self {
        let text = |name: &str| fields.field_text(name).trim().to_owned();
        let all = |name: &str| fields.all_texts(name).map(str::to_owned).collect();
        Self {
            slug: text("slug"),
            title_ko: text("title_ko"),
            title_en: text("title_en"),
            cases: text("cases"),
            listed: all("listed"),
            picks_rule: text("picks_rule"),
            picks: text("picks"),
            identity: text("identity"),
            fold_aliases: fields.has_field("fold_aliases"),
            channels: all("channels"),
            min_age: text("min_age"),
            district: fields.has_field("district"),
            opens: text("opens"),
            closes: text("closes"),
            weight: text("weight"),
            basis: text("basis"),
            may_change: fields.has_field("may_change"),
            openings: text("openings"),
            shown: fields.field_text("shown").to_owned(),
        }
    }
}
