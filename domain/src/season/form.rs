//! The season file as it is written: right in its keys, not yet in its values. A key that is not
//! listed here is refused, because a misspelt `judgin` would otherwise be silently ignored.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::rulebook::{Basis, Criterion, Identity, Method, Tier};
use crate::text::Bilingual;

/// Fields that begin with an underscore may stand in the file and are for people.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeasonForm {
    #[serde(rename = "note")]
    _note: Option<IgnoredAny>,
    pub(super) slug: String,
    pub(super) title: Bilingual,
    pub(super) host: Bilingual,
    pub(super) time_zone: String,
    pub(super) windows: WindowsForm,
    #[serde(rename = "ceremony")]
    _ceremony: Option<IgnoredAny>,
    pub(super) tracks: Vec<TrackForm>,
    pub(super) poll: PollForm,
    pub(super) panel: PanelForm,
    #[serde(rename = "weights_note")]
    _weights_note: Option<IgnoredAny>,
    pub(super) awards: Vec<Tier>,
    #[serde(rename = "awards_note")]
    _awards_note: Option<IgnoredAny>,
    pub(super) districts: Vec<DistrictForm>,
    #[serde(rename = "hub_welfare_centres")]
    _hub_welfare_centres: Option<IgnoredAny>,
    #[serde(default)]
    pub(super) cases: Vec<CaseForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowsForm {
    pub(super) call: [String; 2],
    pub(super) voting: [String; 2],
    pub(super) judging: [String; 2],
    pub(super) announcement: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrackForm {
    pub(super) slug: String,
    pub(super) name: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PollForm {
    pub(super) picks: PicksForm,
    pub(super) identity: Identity,
    pub(super) weight: String,
    pub(super) basis: Basis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PicksForm {
    pub(super) at_most: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PanelForm {
    pub(super) weight: String,
    pub(super) method: Method,
    pub(super) rubric: Vec<Criterion>,
    pub(super) judges: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DistrictForm {
    pub(super) slug: String,
    pub(super) name: Bilingual,
    pub(super) neighbourhoods: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseForm {
    pub(super) track: String,
    pub(super) district: String,
    pub(super) neighbourhood: Option<String>,
    pub(super) organisation: String,
    pub(super) title: Bilingual,
    pub(super) summary: String,
    #[serde(default)]
    pub(super) sample: bool,
    pub(super) awarded_2024: Option<String>,
}
