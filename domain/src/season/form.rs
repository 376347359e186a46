//! The season file as it is written: its keys are checked, its values are not yet. An unknown key
//! is refused, because a misspelt `judgin` would otherwise be ignored without a message.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::rulebook::{
    BallotPaper, Channel, Criterion, OpeningsAccess, PanelMethod, PointsBasis, RanksShown,
    RecordRules, Tier, VoterIdentity, fourteen, usual_slug,
};
use crate::text::Bilingual;

/// The whole file. Fields that begin with an underscore are notes for people and are ignored.
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
    /// The only poll, or the list of them.
    pub(super) poll: Option<PollForm>,
    pub(super) polls: Option<Vec<PollForm>>,
    pub(super) panel: PanelForm,
    #[serde(rename = "weights_note")]
    _weights_note: Option<IgnoredAny>,
    pub(super) awards: Vec<Tier>,
    /// How the lines of ballots are let out into the record.
    pub(super) record: Option<RecordRules>,
    /// Whose ranks the pages show.
    #[serde(default)]
    pub(super) ranks: RanksShown,
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
    #[serde(rename = "note")]
    _note: Option<IgnoredAny>,
    #[serde(default = "usual_slug")]
    pub(super) slug: String,
    pub(super) title: Option<Bilingual>,
    #[serde(default)]
    pub(super) cases: BallotPaper,
    pub(super) picks: PicksForm,
    pub(super) identity: VoterIdentity,
    /// If the file does not say, addresses are folded.
    pub(super) fold_aliases: Option<bool>,
    #[serde(default)]
    pub(super) channels: Vec<Channel>,
    #[serde(default)]
    pub(super) eligibility: EligibilityForm,
    pub(super) window: Option<[String; 2]>,
    pub(super) weight: String,
    pub(super) basis: PointsBasis,
    #[serde(default)]
    pub(super) may_change: bool,
    #[serde(default)]
    pub(super) openings: OpeningsAccess,
}

/// The numbers are wider than those of the rules, so that a number that is too large is reported as
/// a problem with a sentence.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PicksForm {
    AtMost(u32),
    Exactly(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EligibilityForm {
    #[serde(default = "usual_age")]
    pub(super) min_age: u32,
    #[serde(default)]
    pub(super) district: bool,
}

impl Default for EligibilityForm {
    fn default() -> Self {
        Self { min_age: usual_age(), district: false }
    }
}

fn usual_age() -> u32 {
    u32::from(fourteen())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PanelForm {
    pub(super) weight: String,
    pub(super) method: PanelMethod,
    pub(super) rubric: Vec<Criterion>,
    pub(super) judges: u32,
    /// More than half of the judges if the file names none.
    pub(super) quorum: Option<u32>,
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
    pub(super) body: Option<String>,
    #[serde(default)]
    pub(super) sample: bool,
    pub(super) awarded_2024: Option<String>,
}
