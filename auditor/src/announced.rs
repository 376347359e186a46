//! What `result.json` says: each number as it is written, so that it can be compared letter by
//! letter with the numbers that this program computes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::bytes::{format_case_id, parse_case_id};
use crate::rules::deciding::DecidingRules;

/// The format of `result.json`.
const FORMAT: &str = "hanpyo-result/v1";

/// The published result.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnouncedResult {
    /// The rules that it says have decided.
    pub rules: DecidingRules,
    /// The polls in the order of the document: short name, ballots counted.
    pub polls: Vec<(String, u64)>,
    /// The cases in the order of the document; each is there once.
    pub cases: Vec<AnnouncedCase>,
    /// The cases below the quorum for which it gives a reason, with their sheets, in its order.
    pub excepted: Vec<(u128, u32)>,
}

/// One case of the published result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedCase {
    /// The case.
    pub id: u128,
    /// When it was sent in.
    pub submitted_at: DateTime<Utc>,
    /// What each poll gave it.
    pub polls: Vec<AnnouncedPoints>,
    /// The scores of each sheet.
    pub sheets: Vec<Vec<u32>>,
    /// The sheets that were left out.
    pub dropped: Option<LeftOut>,
    /// The judge points, a fraction.
    pub judge_points: String,
    /// The total, a fraction.
    pub total: String,
    /// The rank.
    pub rank: u64,
    /// The rule that placed it among equal totals.
    pub tie_rule: Option<String>,
    /// The place of its award in the rulebook, from 0.
    pub tier: Option<usize>,
}

/// What a poll gave a case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedPoints {
    /// The poll's short name.
    pub slug: String,
    /// The votes.
    pub votes: u64,
    /// The points, a fraction.
    pub points: String,
}

/// The two sheets that a trimmed mean leaves out, by their place, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// The first sheet of the lowest sum.
    pub lowest: usize,
    /// The last sheet of the highest sum.
    pub highest: usize,
}

#[derive(Deserialize)]
struct FormatJson {
    format: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentJson {
    #[serde(rename = "format")]
    _format: IgnoredAny,
    #[serde(rename = "edition")]
    _edition: IgnoredAny,
    rulebook: DecidingRules,
    polls: Vec<CountedJson>,
    cases: Vec<CaseJson>,
    quorum_exception: Option<ExceptionJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExceptionJson {
    #[serde(rename = "reason")]
    _reason: IgnoredAny,
    #[serde(rename = "given_by")]
    _given_by: IgnoredAny,
    #[serde(rename = "confirmed_by")]
    _confirmed_by: IgnoredAny,
    cases: Vec<ExceptedJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExceptedJson {
    case: String,
    sheets: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountedJson {
    slug: String,
    ballots: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseJson {
    id: String,
    #[serde(rename = "title")]
    _title: IgnoredAny,
    #[serde(rename = "organisation")]
    _organisation: IgnoredAny,
    #[serde(default, rename = "sample")]
    _sample: IgnoredAny,
    submitted_at: DateTime<Utc>,
    polls: Vec<AnnouncedPoints>,
    sheets: Vec<Vec<u32>>,
    dropped: Option<LeftOut>,
    judge_points: String,
    total: String,
    rank: u64,
    tie_rule: Option<String>,
    tier: Option<usize>,
}

impl AnnouncedResult {
    /// Reads `result.json`.
    ///
    /// # Errors
    /// A sentence that says what is missing or wrong. It begins with `unknown` if the document has
    /// something that this program does not know.
    pub fn parse_result_document(json: &[u8]) -> Result<Self, String> {
        let named: FormatJson = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if named.format != FORMAT {
            return Err(format!("unknown format {}: this program reads {FORMAT}", named.format));
        }
        let json: DocumentJson = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let cases: Vec<AnnouncedCase> =
            json.cases.into_iter().map(parse_announced_case).collect::<Result<_, _>>()?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = cases.iter().find(|case| !seen.insert(case.id)) {
            return Err(format!("case {} is there twice", format_case_id(twice.id)));
        }
        let polls = json.polls.into_iter().map(|poll| (poll.slug, poll.ballots)).collect();
        let excepted = json.quorum_exception.map(|exception| exception.cases).unwrap_or_default();
        let excepted = excepted.into_iter().map(|excepted| {
            let id = parse_case_id(excepted.case.as_bytes());
            Ok((id.ok_or_else(|| format!("{} is no case", excepted.case))?, excepted.sheets))
        });
        let excepted = excepted.collect::<Result<_, String>>()?;
        Ok(Self { rules: json.rulebook, polls, cases, excepted })
    }
}

fn parse_announced_case(json: CaseJson) -> Result<AnnouncedCase, String> {
    let id = parse_case_id(json.id.as_bytes()).ok_or_else(|| format!("{} is no case", json.id))?;
    Ok(AnnouncedCase {
        id,
        submitted_at: json.submitted_at,
        polls: json.polls,
        sheets: json.sheets,
        dropped: json.dropped,
        judge_points: json.judge_points,
        total: json.total,
        rank: json.rank,
        tie_rule: json.tie_rule,
        tier: json.tier,
    })
}
