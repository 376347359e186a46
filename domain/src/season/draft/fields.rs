//! The fields of a draft: their steps, their rows, and the field that shows a problem.

/// A step of setting an edition up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DraftStep {
    /// Names and address.
    Basics,
    /// The windows.
    Schedule,
    /// Tracks, districts and neighbourhoods.
    Places,
    /// The polls.
    Polls,
    /// Panel and criteria.
    Judging,
    /// Awards, and how lines of the record are let out.
    Awards,
}

impl DraftStep {
    /// All steps in their order.
    pub const ALL: [Self; 6] =
        [Self::Basics, Self::Schedule, Self::Places, Self::Polls, Self::Judging, Self::Awards];

    /// Returns the step's name in addresses.
    #[must_use]
    pub const fn address_name(self) -> &'static str {
        match self {
            Self::Basics => "basics",
            Self::Schedule => "schedule",
            Self::Places => "places",
            Self::Polls => "polls",
            Self::Judging => "judging",
            Self::Awards => "awards",
        }
    }

    /// Finds the step of this name.
    #[must_use]
    pub fn from_address_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.address_name() == name)
    }
}

/// Every field, with `#` for a number.
const FIELDS: [(&str, DraftStep); 52] = [
    ("title.ko", DraftStep::Basics),
    ("title.en", DraftStep::Basics),
    ("host.ko", DraftStep::Basics),
    ("host.en", DraftStep::Basics),
    ("slug", DraftStep::Basics),
    ("rehearsal", DraftStep::Basics),
    ("windows.call.#", DraftStep::Schedule),
    ("windows.voting.#", DraftStep::Schedule),
    ("windows.judging.#", DraftStep::Schedule),
    ("windows.announcement", DraftStep::Schedule),
    ("tracks.#.name.ko", DraftStep::Places),
    ("tracks.#.name.en", DraftStep::Places),
    ("tracks.#.slug", DraftStep::Places),
    ("districts.#.name.ko", DraftStep::Places),
    ("districts.#.name.en", DraftStep::Places),
    ("districts.#.slug", DraftStep::Places),
    ("districts.#.neighbourhoods", DraftStep::Places),
    ("polls.#.title.ko", DraftStep::Polls),
    ("polls.#.title.en", DraftStep::Polls),
    ("polls.#.slug", DraftStep::Polls),
    ("polls.#.cases", DraftStep::Polls),
    ("polls.#.picks.number", DraftStep::Polls),
    ("polls.#.picks.rule", DraftStep::Polls),
    ("polls.#.identity", DraftStep::Polls),
    ("polls.#.fold_aliases", DraftStep::Polls),
    ("polls.#.channels", DraftStep::Polls),
    ("polls.#.eligibility.min_age", DraftStep::Polls),
    ("polls.#.eligibility.district", DraftStep::Polls),
    ("polls.#.window.#", DraftStep::Polls),
    ("polls.#.weight", DraftStep::Polls),
    ("polls.#.basis", DraftStep::Polls),
    ("polls.#.may_change", DraftStep::Polls),
    ("polls.#.openings", DraftStep::Polls),
    ("panel.weight", DraftStep::Judging),
    ("panel.method", DraftStep::Judging),
    ("panel.judges", DraftStep::Judging),
    ("panel.quorum", DraftStep::Judging),
    ("panel.rubric.#.name.ko", DraftStep::Judging),
    ("panel.rubric.#.name.en", DraftStep::Judging),
    ("panel.rubric.#.max", DraftStep::Judging),
    ("panel.rubric.#.description.ko", DraftStep::Judging),
    ("panel.rubric.#.description.en", DraftStep::Judging),
    ("awards.#.tier.ko", DraftStep::Awards),
    ("awards.#.tier.en", DraftStep::Awards),
    ("awards.#.count", DraftStep::Awards),
    ("ranks", DraftStep::Awards),
    ("record.ballots", DraftStep::Awards),
    ("record.minutes", DraftStep::Awards),
    ("record.fewest", DraftStep::Awards),
    // Problems of a whole list or step, which no input is named after.
    ("time_zone", DraftStep::Schedule),
    ("polls", DraftStep::Polls),
    ("panel", DraftStep::Judging),
];

/// Most rows of a list: more than any list may have, so that the check tells.
const MOST_ROWS: usize = 1_000;

/// A list of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowList {
    Tracks,
    Districts,
    Polls,
    Rubric,
    Awards,
}

impl RowList {
    pub(super) const ALL: [Self; 5] =
        [Self::Tracks, Self::Districts, Self::Polls, Self::Rubric, Self::Awards];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Tracks => "tracks",
            Self::Districts => "districts",
            Self::Polls => "polls",
            Self::Rubric => "panel.rubric",
            Self::Awards => "awards",
        }
    }

    /// Whether a text in this field keeps its row. Choices and boxes do not, because a new row has some.
    pub(super) fn is_typed_field(self, name: &str) -> bool {
        let Some(rest) = name.strip_prefix(self.name()).and_then(|rest| rest.strip_prefix('.'))
        else {
            return false;
        };
        let Some((_, field)) = rest.split_once('.') else { return false };
        match self {
            Self::Polls => matches!(field, "title.ko" | "title.en" | "weight" | "picks.number"),
            _ => field != "slug",
        }
    }

    /// Returns the field that short names are made from, and the name of a row without one.
    pub(super) const fn naming(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Tracks => Some(("name.en", "track")),
            Self::Districts => Some(("name.en", "district")),
            Self::Polls => Some(("title.en", "citizens")),
            Self::Rubric | Self::Awards => None,
        }
    }
}

/// Writes a name with `#` for its numbers.
fn pattern_of(name: &str) -> String {
    let part = |part: &str| {
        let number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if number { "#".to_owned() } else { part.to_owned() }
    };
    name.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// Returns the step of a field; `None` for a name that no field has.
pub(super) fn step_of_field(name: &str) -> Option<DraftStep> {
    let pattern = pattern_of(name);
    FIELDS.iter().find(|(field, _)| *field == pattern).map(|(_, step)| *step)
}

/// Returns the row of a list that a field belongs to.
pub(super) fn row_of_field(name: &str, list: &str) -> Option<usize> {
    let rest = name.strip_prefix(list)?.strip_prefix('.')?;
    let (row, _) = rest.split_once('.')?;
    row.parse().ok().filter(|row| *row < MOST_ROWS)
}

/// Returns the same field in another row.
pub(super) fn move_row(name: &str, list: &str, row: usize) -> String {
    let rest = name.get(list.len() + 1..).unwrap_or_default();
    let field = rest.split_once('.').map_or("", |(_, field)| field);
    format!("{list}.{row}.{field}")
}

/// Returns the field that shows a problem at a JSON pointer: that value, else the nearest around it, else
/// the first inside it.
pub(super) fn field_of_pointer(pointer: &str) -> String {
    let dotted = pointer.trim_start_matches('/').replace('/', ".");
    let mut around = dotted.as_str();
    loop {
        let listed = matches!(around, "polls" | "panel" | "time_zone");
        if step_of_field(around).is_some() && !listed {
            return around.to_owned();
        }
        match around.rfind('.') {
            Some(end) => around = &around[..end],
            None => break,
        }
    }
    first_field_within(&dotted).unwrap_or(dotted)
}

/// Returns the first field inside a list or a group; its rows count from 0.
fn first_field_within(dotted: &str) -> Option<String> {
    let prefix = format!("{}.", pattern_of(dotted));
    let (field, _) = FIELDS.iter().find(|(field, _)| field.starts_with(&prefix))?;
    let rest = field.strip_prefix(&prefix)?.replace('#', "0");
    Some(format!("{dotted}.{rest}"))
}

/// Makes a short name of an English name: lower-case letters, digits and hyphens.
pub(super) fn slug_of_name(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(SLUG_CHARS);
    slug.trim_end_matches('-').to_owned()
}

/// Longest short name that is made from a name.
const SLUG_CHARS: usize = 30;
