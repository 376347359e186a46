//! Cases: organisations submit them, staff accept or reject them, the public reads them.
//!
//! A case belongs to one organisation. Staff see it once it is submitted, and the public sees it
//! once it is accepted and the vote has opened. There is one module for members ([`write`]), one
//! for staff ([`screening`]), one for the public ([`gallery`]), and one for pictures ([`picture`]).

mod access;
mod acknowledge;
mod begin;
mod doubles;
mod files;
mod from_file;
mod gallery;
mod late;
mod letters;
mod order;
mod organisations;
mod own;
mod partners;
mod picture;
pub(crate) mod queries;
mod readers;
mod receipt;
mod recommendations;
mod remind;
mod screening;
mod second_look;
mod versions;
mod write;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{
    AccountId, CaseId, DistrictId, EditionId, FileId, NeighbourhoodId, OrganisationId, PictureId,
    TrackId,
};
use domain::schedule::{PhaseError, SubmissionsOpen};
use domain::search::CaseKeys;
use domain::text::{
    CaseBody, CaseSummary, CaseTitle, FieldProblem, FilmLink, PictureAlt, TranslatedTitle,
};
use serde_json::json;
use sqlx::PgConnection;

pub use acknowledge::format_receipt_number;
pub use doubles::SimilarCase;
pub use files::{
    CaseFile, DocumentKind, FileDownload, FileText, FoundPiece, NewFile, OpenUpload, ScanState,
    ShownAs, TextBlock, UploadStep, VirusScanner,
};
pub use from_file::{CaseTexts, find_case_texts};
pub use gallery::{AdjacentCase, AdjacentCases, GalleryCard, GalleryFilter, GalleryPage};
pub use late::LateAdmission;
pub use order::OrderSeed;
pub use organisations::NamedOrganisation;
pub use own::OwnCase;
pub use partners::{AgreementForm, CasePartner, PartnerRequest, PartnerState};
pub use picture::{PictureFile, UploadedPicture};
pub(crate) use picture::{shrink_upload, store_sample_picture};
pub use readers::DraftReaders;
pub use recommendations::{Recommendation, RecommendationForm, RecommendationState};
pub use screening::{ScreeningDecision, ScreeningLine};
pub use versions::CaseVersion;
pub use write::{CaseDraft, SavedCase, SubmissionForm};

use crate::Result;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::error::FieldFaults;
use crate::personal_data::{PersonalPiece, find_personal_data};

/// The state of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// Being written. Only its organisation can see it.
    Draft,
    /// Submitted, waiting for the screening.
    Submitted,
    /// Sent back for a correction until a day. Staff see what was sent, not what is being written.
    Returned,
    /// Takes part.
    Accepted,
    /// Does not take part. The reason is stored with it.
    Rejected,
    /// Withdrawn by its organisation.
    Withdrawn,
}

impl CaseState {
    /// Returns the word used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
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
            "returned" => Some(Self::Returned),
            "accepted" => Some(Self::Accepted),
            "rejected" => Some(Self::Rejected),
            "withdrawn" => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether its organisation may edit it. A submitted case must be withdrawn first, so that its
    /// text cannot change while staff decide about it.
    #[must_use]
    pub const fn can_be_written(self) -> bool {
        matches!(self, Self::Draft | Self::Returned | Self::Withdrawn)
    }

    /// Whether its organisation may withdraw it.
    #[must_use]
    pub const fn can_be_withdrawn(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted)
    }
}

/// The picture of a case, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its key, which is also part of its URL.
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
    /// The organisation that submits it.
    pub organisation: OrganisationId,
    /// The name of that organisation.
    pub organisation_name: String,
    /// Its track.
    pub track: TrackId,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Its neighbourhood.
    pub neighbourhood: Option<NeighbourhoodId>,
    /// Its title in Korean.
    pub title: String,
    /// Its title in English; may be empty.
    pub title_en: String,
    /// What it is about.
    pub summary: String,
    /// Its story: plain text, a blank line between paragraphs.
    pub body: String,
    /// The address of a film, as it was typed; may be empty.
    pub film: String,
    /// Whether it was invented for a demonstration.
    pub sample: bool,
    /// Its state.
    pub state: CaseState,
    /// Increases with each save.
    pub version: i32,
    /// When it was saved last, by the real clock.
    pub saved_at: DateTime<Utc>,
    /// When it was submitted, by the edition's clock.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When staff decided about it, by the edition's clock.
    pub screened_at: Option<DateTime<Utc>>,
    /// Why it does not take part, or what its organisation is to correct.
    pub reason: Option<String>,
    /// Why its organisation has left in what looks like personal data.
    pub personal_reason: Option<String>,
    /// Until when its organisation may write it after the close of the call, by the edition's clock.
    pub open_until: Option<DateTime<Utc>>,
    /// Whether it was sent in for the first time after the close of the call.
    pub late: bool,
    /// Its number among the cases that were sent in, from 1.
    pub receipt_number: Option<i32>,
    /// Why somebody wants a second look at it.
    pub second_look: Option<String>,
    /// Whether its organisation wants that look, and no colleague.
    pub second_look_of_organisation: bool,
    /// Whether its organisation has begun to write since it was sent back.
    pub written_since: bool,
    /// Whether its organisation has objected to a rejection.
    pub objected: bool,
    /// The names of the partners that have confirmed.
    pub partners: Vec<String>,
    /// The title of the agreement behind it; may be empty.
    pub agreement_title: String,
    /// The day of that agreement.
    pub agreement_on: Option<NaiveDate>,
    /// The document that is that agreement.
    pub agreement_file: Option<FileId>,
    /// The name of the organisation that recommended it.
    pub recommended_by: Option<String>,
    /// Its picture.
    pub picture: Option<Picture>,
}

impl Case {
    /// Proves that its organisation may write it now.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn submissions_open(
        &self,
        edition: &Edition,
    ) -> std::result::Result<SubmissionsOpen, PhaseError> {
        edition.submissions_open_until(self.open_until)
    }

    /// Returns the names of the inputs that must be filled before it can be submitted.
    #[must_use]
    pub fn missing_inputs(&self) -> Vec<String> {
        let gaps = [
            ("title", self.title.is_empty()),
            ("place", self.district.is_none()),
            ("summary", self.summary.is_empty()),
            ("body", self.body.is_empty()),
        ];
        gaps.into_iter().filter(|(_, gap)| *gap).map(|(name, _)| name.to_owned()).collect()
    }

    /// Returns the keys by which the gallery's search finds it.
    fn search_keys(&self) -> CaseKeys {
        let head = [&self.title, &self.title_en, &*self.organisation_name, &self.summary];
        CaseKeys::from_texts(head, &self.body)
    }

    /// Returns the personal data in its texts, each piece with the name and the text of its field.
    #[must_use]
    pub fn personal_data(&self) -> Vec<(&'static str, &str, PersonalPiece)> {
        let alt = self.picture.as_ref().map_or("", |picture| &picture.alt);
        let texts = [
            ("title", self.title.as_str()),
            ("title_en", &self.title_en),
            ("summary", &self.summary),
            ("body", &self.body),
            ("alt", alt),
        ];
        let pieces = |(name, text)| {
            find_personal_data(text).into_iter().map(move |piece| (name, text, piece))
        };
        texts.into_iter().flat_map(pieces).collect()
    }

    /// Returns the texts that are too long to be submitted. A draft keeps them as they are typed.
    ///
    /// # Errors
    /// [`Error::Invalid`] with each of them.
    pub(crate) fn check_texts(&self) -> Result<()> {
        let alt = self.picture.as_ref().map_or("", |picture| &picture.alt);
        let texts = [
            ("title", CaseTitle::parse(&self.title).err()),
            ("title_en", TranslatedTitle::parse_translated_title(&self.title_en).err()),
            ("summary", CaseSummary::parse_summary(&self.summary).err()),
            ("body", CaseBody::parse_case_body(&self.body).err()),
            ("alt", PictureAlt::parse_picture_alt(alt).err()),
        ];
        let mut faults = FieldFaults::default();
        if !self.film.is_empty() {
            faults.check_field("film", FilmLink::parse_film_link(&self.film));
        }
        for (field, problem) in texts {
            // What is missing is told first, and only some of it must be there.
            if let Some(problem @ FieldProblem::TooLong { .. }) = problem {
                faults.check_field::<()>(field, Err(problem));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.into_error()) }
    }
}

/// Notes an act about a case in the trail.
async fn record_case_event(
    connection: &mut PgConnection,
    actor: AccountId,
    case: &Case,
    action: AuditAction,
) -> Result<()> {
    let act = NewAuditEvent {
        actor: Some(actor),
        edition: Some(case.edition),
        action,
        subject: &case.id.to_string(),
        detail: json!({ "from": case.state.as_str(), "version": case.version }),
    };
    audit::record_event(connection, act).await
}
