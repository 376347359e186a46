//! A season as one file: an administrator sets an edition up from it, and the demonstration is made
//! from it. The form is that of `data/daejeon-2024.json`.
//!
//! A file is accepted as a whole or refused as a whole. All problems are reported at once, each
//! with its line.

mod check;
mod draft;
mod form;
mod lines;
mod rules;

use serde::{Deserialize, Serialize};

pub use draft::{DraftProblem, DraftStep, SeasonDraft};

use crate::limits;
use crate::rulebook::{Rulebook, RulebookProblem};
use crate::schedule::{WindowProblem, Windows};
use crate::text::{Bilingual, CaseBody, CaseSummary, FieldProblem, OrganisationName, Slug};

/// A season that can be stored as it is: every name is known, every window is in order, and the
/// weights sum to 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// The edition's short name in addresses.
    pub slug: Slug,
    /// The edition's title.
    pub title: Bilingual,
    /// Who holds the contest.
    pub host: Bilingual,
    /// The planned windows.
    pub windows: Windows,
    /// The rules.
    pub rulebook: Rulebook,
    /// The tracks, at least one.
    pub tracks: Vec<Track>,
    /// The districts, at least one.
    pub districts: Vec<District>,
    /// Cases that the edition has from the start; may be empty.
    pub cases: Vec<SeasonCase>,
}

/// A track (부문).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Its short name, unique in the edition.
    pub slug: Slug,
    /// Its name.
    pub name: Bilingual,
}

/// A district (구).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Its short name, unique in the edition.
    pub slug: Slug,
    /// Its name.
    pub name: Bilingual,
    /// The names of its neighbourhoods (동), each once.
    pub neighbourhoods: Vec<String>,
}

/// A case that comes with the season file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonCase {
    /// The slug of one of the season's tracks.
    pub track: Slug,
    /// The slug of one of the season's districts.
    pub district: Slug,
    /// A neighbourhood of that district, if the case belongs to one.
    pub neighbourhood: Option<String>,
    /// The organisation's name.
    pub organisation: OrganisationName,
    /// Its title.
    pub title: Bilingual,
    /// What it is about, in Korean.
    pub summary: CaseSummary,
    /// Its story, in Korean.
    pub body: Option<CaseBody>,
    /// Invented to fill the gallery; must be shown as 표본.
    pub sample: bool,
    /// What the real case was awarded in 2024.
    pub awarded_2024: Option<String>,
}

/// One problem of a season file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocatedProblem {
    /// The line, from 1.
    pub line: usize,
    /// A JSON pointer to the value; empty for the text as a whole.
    pub path: String,
    /// Why.
    pub reason: SeasonProblem,
}

/// Why a value of a season file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SeasonProblem {
    /// Not JSON, not of this form, or a key is missing or misspelt.
    #[error("{detail}")]
    Syntax {
        /// What the JSON reader says, in English, without the position.
        detail: String,
    },
    /// The bytes of the file are no text.
    #[error("no text in UTF-8, UTF-16 or CP949")]
    NotText,
    /// The file is longer than `max` bytes.
    #[error("longer than {max} bytes")]
    TooLarge {
        /// The greatest length in bytes.
        max: usize,
    },
    /// More than `max` brackets inside each other.
    #[error("more than {max} brackets inside each other")]
    TooDeep {
        /// The greatest depth.
        max: usize,
    },
    /// A list is empty or has more than `max` items.
    #[error("there must be 1 to {max}")]
    Length {
        /// The most.
        max: usize,
    },
    /// Another time zone than Asia/Seoul.
    #[error("the time zone must be Asia/Seoul")]
    TimeZone,
    /// Not an instant such as `2024-10-07T00:00:00+09:00`.
    #[error("not an instant such as 2024-10-07T00:00:00+09:00")]
    BadInstant,
    /// Not a fraction such as `30/100`.
    #[error("not a fraction such as 30/100")]
    BadFraction,
    /// The windows are not in order.
    #[error("{0}")]
    Window(WindowProblem),
    /// The file has both `poll` and `polls`, or neither.
    #[error("there must be either poll or polls")]
    PollOrPolls,
    /// The rules cannot decide a contest.
    #[error("{0}")]
    Rule(RulebookProblem),
    /// A text is not valid.
    #[error("{0}")]
    Text(FieldProblem),
    /// Another edition has or had this short name. Whoever stores the season finds that out.
    #[error("another edition has this short name")]
    SlugTaken,
    /// A slug is in the list twice.
    #[error("{slug} is in the list twice")]
    DuplicateSlug {
        /// The slug.
        slug: String,
    },
    /// A neighbourhood is in its district twice.
    #[error("{name} is in its district twice")]
    DuplicateNeighbourhood {
        /// Its name.
        name: String,
    },
    /// Two tracks, districts, polls, criteria or awards of one name, which no reader could tell apart.
    #[error("{name} is in its list twice")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A case of a track that the season does not have.
    #[error("there is no track {name}")]
    UnknownTrack {
        /// The slug as written.
        name: String,
    },
    /// A case of a district that the season does not have.
    #[error("there is no district {name}")]
    UnknownDistrict {
        /// The slug as written.
        name: String,
    },
    /// A case of a neighbourhood that its district does not have.
    #[error("its district has no neighbourhood {name}")]
    UnknownNeighbourhood {
        /// The name as written.
        name: String,
    },
}

impl Season {
    /// Reads a season file.
    ///
    /// # Errors
    /// Returns every [`LocatedProblem`] in the order of the lines, at most [`limits::SEASON_PROBLEMS`]. A
    /// file of the wrong form has exactly one problem: the first.
    pub fn parse_season_file(text: &str) -> Result<Self, Vec<LocatedProblem>> {
        // Notepad on Windows writes this mark at the start.
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        if text.len() > limits::SEASON_BYTES {
            let reason = SeasonProblem::TooLarge { max: limits::SEASON_BYTES };
            return Err(vec![LocatedProblem { line: 1, path: String::new(), reason }]);
        }
        if let Some(line) = lines::find_line_deeper_than(text, limits::SEASON_DEPTH) {
            let reason = SeasonProblem::TooDeep { max: limits::SEASON_DEPTH };
            return Err(vec![LocatedProblem { line, path: String::new(), reason }]);
        }
        let form: form::SeasonForm =
            serde_json::from_str(text).map_err(|error| vec![syntax_problem(&error)])?;
        check::check_season_form(&form).map_err(|found| locate_problems(text, found))
    }
}

fn syntax_problem(error: &serde_json::Error) -> LocatedProblem {
    let line = error.line().max(1);
    let position = format!(" at line {} column {}", error.line(), error.column());
    let detail = error.to_string();
    let detail = detail.strip_suffix(&position).unwrap_or(&detail).to_owned();
    LocatedProblem { line, path: String::new(), reason: SeasonProblem::Syntax { detail } }
}

fn locate_problems(text: &str, found: Vec<(String, SeasonProblem)>) -> Vec<LocatedProblem> {
    let wanted = found.iter().flat_map(|(path, _)| pointer_ancestors(path));
    let lines = lines::find_lines_of_pointers(text, wanted);
    // A missing value has no line, so use the line of the value around it.
    let line = |path: &str| pointer_ancestors(path).find_map(|path| lines.get(path).copied());
    let mut problems: Vec<LocatedProblem> = found
        .into_iter()
        .map(|(path, reason)| LocatedProblem { line: line(&path).unwrap_or(1), path, reason })
        .collect();
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(limits::SEASON_PROBLEMS);
    problems
}

/// Returns a JSON pointer and the pointers of everything around it, from the inside out.
fn pointer_ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rfind('/').map(|end| &path[..end]))
}

#[cfg(test)]
mod tests;
