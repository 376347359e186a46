//! Cases: what organisations send in, what staff decide about it, and what the public reads.
//!
//! A case belongs to one organisation, and nobody else sees it until it is accepted and the vote
//! has opened. Each of the four readers has a door of its own: members ([`write`]), staff
//! ([`screening`]), everybody ([`gallery`]), and pictures ([`picture`]), which all of them look at.

mod gallery;
mod order;
mod picture;
pub(crate) mod queries;
mod screening;
mod write;

use chrono::{DateTime, Utc};
use domain::ids::{
    CaseId, DistrictId, EditionId, NeighbourhoodId, OrganisationId, PictureId, TrackId,
};

pub use gallery::{Card, Filter, GalleryPage, Neighbour, Neighbours};
pub use order::Seed;
pub use picture::{NewPicture, PictureFile};
pub use screening::{Decision, ScreeningLine};
pub use write::{Draft, OwnCase, SavedCase};

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// Being written; only its organisation knows of it.
    Draft,
    /// Sent in, waiting for the screening.
    Submitted,
    /// Takes part.
    Accepted,
    /// Does not take part; the reason is with it.
    Rejected,
    /// Taken back by its organisation.
    Withdrawn,
}

impl CaseState {
    /// The word used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word used in the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "draft" => Some(Self::Draft),
            "submitted" => Some(Self::Submitted),
            "accepted" => Some(Self::Accepted),
            "rejected" => Some(Self::Rejected),
            "withdrawn" => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether its organisation may change what it says. What was sent in is taken back first, so
    /// that staff never decide about words that change under their eyes.
    #[must_use]
    pub const fn can_be_written(self) -> bool {
        matches!(self, Self::Draft | Self::Withdrawn)
    }

    /// Whether its organisation may take it back.
    #[must_use]
    pub const fn can_be_withdrawn(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted)
    }
}

/// The picture of a case, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its key, also its address.
    pub id: PictureId,
    /// What it shows.
    pub alt: String,
}

/// A whole case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its key.
    pub id: CaseId,
    /// Its edition.
    pub edition: EditionId,
    /// The short name of its edition.
    pub edition_slug: String,
    /// Who sends it in.
    pub organisation: OrganisationId,
    /// Who sends it in, by name.
    pub organisation_name: String,
    /// The field it competes in.
    pub track: TrackId,
    /// Where it happened.
    pub district: Option<DistrictId>,
    /// Where exactly.
    pub neighbourhood: Option<NeighbourhoodId>,
    /// Its title in Korean.
    pub title: String,
    /// Its title in English, or nothing.
    pub title_en: String,
    /// What it is about.
    pub summary: String,
    /// Its story: plain text, a blank line between paragraphs.
    pub body: String,
    /// Invented for a demonstration.
    pub sample: bool,
    /// How far it has come.
    pub state: CaseState,
    /// Goes up with each save.
    pub version: i32,
    /// When it was saved last, by the real clock.
    pub saved_at: DateTime<Utc>,
    /// When it was sent in, by the edition's clock.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was decided on, by the edition's clock.
    pub screened_at: Option<DateTime<Utc>>,
    /// Why it does not take part.
    pub reason: Option<String>,
    /// Its picture.
    pub picture: Option<Picture>,
}

impl Case {
    /// What must be filled before it can be sent in, by the names of the inputs.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let gaps = [
            ("title", self.title.is_empty()),
            ("summary", self.summary.is_empty()),
            ("body", self.body.is_empty()),
            ("place", self.district.is_none()),
        ];
        gaps.into_iter().filter(|(_, gap)| *gap).map(|(name, _)| name.to_owned()).collect()
    }
}
