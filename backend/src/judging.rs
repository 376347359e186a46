//! Judging: the cases of a judge, the sheet for each case, its signature, and the chair's board.
//!
//! A judge reads and writes only their own sheets. A recused judge cannot see the case any more:
//! each statement here that names a judge leaves recused cases out.

mod board;
mod desk;
mod feedback;
mod queries;
mod sheets;

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, DistrictId, NeighbourhoodId, PictureId, TrackId};
use domain::sheet::ScoreForm;
use domain::text::Bilingual;

use crate::editions::Edition;

pub(crate) use board::judges_with_unsigned_sheets;
pub use board::{CaseProgress, JudgeProgress, JudgingBoard};

/// A panel that a judge is on, and the judge's progress.
#[derive(Clone, Debug)]
pub struct JudgePanel {
    /// The edition.
    pub edition: Edition,
    /// Cases to score: the accepted ones without those from which the judge is recused.
    pub assigned: i64,
    /// How many of their sheets are signed.
    pub signed: i64,
}

/// A judge's progress with one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetState {
    /// Nothing is entered.
    NotStarted,
    /// Something is entered, but a score is missing.
    InProgress,
    /// Every criterion has its score, but the signature is missing.
    Complete,
    /// Signed. Nobody can change it.
    Signed,
}

/// A case on a judge's list.
#[derive(Clone, Debug)]
pub struct AssignedCase {
    /// The case.
    pub id: CaseId,
    /// Its title; English may be empty.
    pub title: Bilingual,
    /// The name of its organisation.
    pub organisation: String,
    /// Its track.
    pub track: TrackId,
    /// Whether it was invented for the demonstration.
    pub sample: bool,
    /// The progress of the sheet.
    pub state: SheetState,
}

/// The cases of a judge in one edition.
#[derive(Clone, Debug)]
pub struct JudgingDesk {
    /// The cases to score, by track and then by the time of submission.
    pub cases: Vec<AssignedCase>,
    /// From how many cases the judge is recused.
    pub stepped_back: i64,
}

impl JudgingDesk {
    /// Counts the signed sheets.
    #[must_use]
    pub fn count_signed_sheets(&self) -> usize {
        self.cases.iter().filter(|case| case.state == SheetState::Signed).count()
    }

    /// Returns the next case without a signature after this one. The search continues at the start
    /// of the list and never returns the case itself.
    #[must_use]
    pub fn next_unsigned_case(&self, case: Option<CaseId>) -> Option<CaseId> {
        let place = case.and_then(|id| self.cases.iter().position(|known| known.id == id));
        let first = place.map_or(0, |place| place + 1);
        let (before, after) = self.cases.split_at(first.min(self.cases.len()));
        let open =
            |known: &&AssignedCase| known.state != SheetState::Signed && Some(known.id) != case;
        after.iter().chain(before).find(open).map(|known| known.id)
    }
}

/// A case as a judge reads it.
#[derive(Clone, Debug)]
pub struct CaseText {
    /// The case.
    pub id: CaseId,
    /// Its title; English may be empty.
    pub title: Bilingual,
    /// The name of its organisation.
    pub organisation: String,
    /// Its track.
    pub track: TrackId,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Its neighbourhood.
    pub neighbourhood: Option<NeighbourhoodId>,
    /// What it is about.
    pub summary: String,
    /// The story.
    pub body: String,
    /// Whether it was invented for the demonstration.
    pub sample: bool,
    /// Its picture, and what the picture shows.
    pub picture: Option<(PictureId, String)>,
}

/// A sheet as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredSheet {
    /// Increases with each save; 0 if nothing was saved yet.
    pub version: i32,
    /// When it was saved last, by the real clock.
    pub saved_at: Option<DateTime<Utc>>,
    /// When it was signed, by the edition's clock.
    pub signed_at: Option<DateTime<Utc>>,
    /// Its scores, its comment and its note.
    pub form: ScoreForm,
}

/// The result of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetSaveOutcome {
    /// It is stored.
    Saved {
        /// The version to name with the next save.
        version: i32,
        /// When it was saved, by the real clock.
        saved_at: DateTime<Utc>,
    },
    /// Another save came first. Nothing was stored. This is the stored sheet, so that the judge can
    /// choose.
    Stale(StoredSheet),
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn desk(states: &[SheetState]) -> JudgingDesk {
        let case = |(number, state): (u128, &SheetState)| AssignedCase {
            id: CaseId(Uuid::from_u128(number)),
            title: Bilingual::new("사례", ""),
            organisation: String::new(),
            track: TrackId(Uuid::nil()),
            sample: false,
            state: *state,
        };
        JudgingDesk { cases: (1..).zip(states).map(case).collect(), stepped_back: 0 }
    }

    #[test]
    fn the_next_open_case_is_found_round_the_list_and_is_never_the_same_one() {
        use SheetState::{Complete, InProgress, NotStarted, Signed};
        let id = |number| Some(CaseId(Uuid::from_u128(number)));
        let some = desk(&[Complete, Signed, NotStarted, InProgress]);
        assert_eq!(some.next_unsigned_case(None), id(1));
        assert_eq!(some.next_unsigned_case(id(1)), id(3));
        assert_eq!(
            some.next_unsigned_case(id(4)),
            id(1),
            "a complete sheet still waits for its signature"
        );
        assert_eq!(desk(&[Signed, NotStarted]).next_unsigned_case(id(2)), None);
        assert_eq!(desk(&[Signed]).next_unsigned_case(None), None);
        assert_eq!(desk(&[]).next_unsigned_case(id(1)), None);
    }
}
