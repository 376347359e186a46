//! What the auditor reads from `rulebook.json` and `result.json` to know which ballots are valid and
//! what they are said to give. The rules that decide ranks are read in `deciding`. If the form of the
//! documents changes, these files must change too.

pub mod deciding;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::bytes::{format_case_id, parse_case_id, parse_slug};

/// The rules that decide which ballots are valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The edition's short name.
    pub edition: String,
    /// The polls; each name occurs once.
    pub polls: Vec<Poll>,
}

/// The rules of one poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Its short name.
    pub slug: String,
    /// The fewest picks on a ballot.
    pub least: usize,
    /// The most picks on a ballot.
    pub most: usize,
    /// Whether a later ballot of a voter replaces the earlier.
    pub may_change: bool,
    /// Whether everybody may see the openings. If not, only observers may.
    pub openings_public: bool,
    /// Seconds since 1970, if the rulebook has it.
    pub opens: Option<i64>,
    /// Seconds since 1970, if the rulebook has it.
    pub closes: Option<i64>,
    /// The cases that may be picked, sorted; `None` if the rulebook does not list them.
    pub paper: Option<Vec<u128>>,
}

/// What a published result says about one poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedPoll {
    /// Ballots counted.
    pub ballots: u64,
    /// Votes of each case.
    pub votes: BTreeMap<u128, u64>,
}

#[derive(Deserialize)]
struct RulebookJson {
    edition: EditionJson,
    polls: Vec<PollJson>,
}

/// The edition's short name, alone or inside an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum EditionJson {
    Slug(String),
    Named { slug: String },
}

impl EditionJson {
    fn into_slug(self) -> String {
        match self {
            Self::Slug(slug) | Self::Named { slug } => slug,
        }
    }
}

#[derive(Deserialize)]
struct PollJson {
    #[serde(default = "usual_slug")]
    slug: String,
    picks: PicksJson,
    #[serde(default)]
    may_change: bool,
    #[serde(default)]
    openings: OpeningsAudience,
    opens: Option<chrono::DateTime<chrono::Utc>>,
    closes: Option<chrono::DateTime<chrono::Utc>>,
    /// Another form of `opens` and `closes`.
    window: Option<(chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>)>,
    paper: Option<Vec<String>>,
}

/// Returns the name of an edition's only poll if the rulebook does not name it.
fn usual_slug() -> String {
    "citizens".to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PicksJson {
    AtMost(u8),
    Exactly(u8),
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum OpeningsAudience {
    #[default]
    Observers,
    Public,
}

#[derive(Deserialize)]
struct ResultJson {
    edition: EditionJson,
    polls: Vec<ResultPoll>,
    cases: Vec<ResultCase>,
}

#[derive(Deserialize)]
struct ResultPoll {
    slug: String,
    ballots: u64,
}

#[derive(Deserialize)]
struct ResultCase {
    id: String,
    polls: Vec<CaseVotes>,
}

#[derive(Deserialize)]
struct CaseVotes {
    slug: String,
    votes: u64,
}

impl Rules {
    /// Reads a rulebook document.
    ///
    /// # Errors
    /// A sentence that says what is missing or wrong.
    pub fn parse_rulebook(json: &[u8]) -> Result<Self, String> {
        let json: RulebookJson = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let polls = json.polls.into_iter().map(parse_poll).collect::<Result<Vec<_>, _>>()?;
        let edition = json.edition.into_slug();
        // These names become names of files.
        let names = polls.iter().map(|poll| &poll.slug).chain([&edition]);
        if let Some(name) = names.into_iter().find(|name| parse_slug(name.as_bytes()).is_none()) {
            return Err(format!("`{name}` is no short name"));
        }
        let mut slugs: Vec<&str> = polls.iter().map(|poll| poll.slug.as_str()).collect();
        slugs.sort_unstable();
        if slugs.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("two polls have the same name".to_owned());
        }
        Ok(Self { edition, polls })
    }

    /// Returns a poll by its short name.
    pub fn find_poll(&self, name: &str) -> Option<&Poll> {
        self.polls.iter().find(|poll| poll.slug == name)
    }
}

fn parse_poll(json: PollJson) -> Result<Poll, String> {
    let (least, most) = match json.picks {
        PicksJson::AtMost(most) => (1, most),
        PicksJson::Exactly(number) => (number, number),
    };
    if most == 0 {
        return Err(format!("poll {}: nothing may be picked", json.slug));
    }
    let paper = json.paper.map(|ids| parse_paper(&ids)).transpose()?;
    Ok(Poll {
        slug: json.slug,
        least: least.into(),
        most: most.into(),
        may_change: json.may_change,
        openings_public: json.openings == OpeningsAudience::Public,
        opens: json.opens.or(json.window.map(|window| window.0)).map(|at| at.timestamp()),
        closes: json.closes.or(json.window.map(|window| window.1)).map(|at| at.timestamp()),
        paper,
    })
}

fn parse_paper(ids: &[String]) -> Result<Vec<u128>, String> {
    let mut cases = Vec::with_capacity(ids.len());
    for id in ids {
        cases.push(parse_case_id(id.as_bytes()).ok_or_else(|| format!("{id} is no case's id"))?);
    }
    cases.sort_unstable();
    match cases.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("case {} is twice on a paper", format_case_id(pair[0]))),
        None => Ok(cases),
    }
}

/// Reads what a result document says about each poll.
///
/// # Errors
/// A sentence that says what is missing or wrong.
pub fn parse_result(json: &[u8], rules: &Rules) -> Result<BTreeMap<String, AnnouncedPoll>, String> {
    let json: ResultJson = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let edition = json.edition.into_slug();
    if edition != rules.edition {
        return Err(format!("it is of the edition {edition}, not {}", rules.edition));
    }
    let mut found = BTreeMap::new();
    for poll in json.polls {
        let new = AnnouncedPoll { ballots: poll.ballots, votes: BTreeMap::new() };
        if rules.find_poll(&poll.slug).is_none() || found.insert(poll.slug.clone(), new).is_some() {
            return Err(format!(
                "poll {} is not in the rulebook, or is in the result twice",
                poll.slug
            ));
        }
    }
    for case in &json.cases {
        let id =
            parse_case_id(case.id.as_bytes()).ok_or_else(|| format!("{} is no case", case.id))?;
        for CaseVotes { slug, votes } in &case.polls {
            let poll = found.get_mut(slug);
            let poll = poll.ok_or_else(|| format!("case {} has votes in {slug}", case.id))?;
            if poll.votes.insert(id, *votes).is_some() {
                return Err(format!("case {} is there twice", case.id));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
