//! Doubles and near-doubles of a case among all cases that were sent in, of this and of earlier years.

mod queries;

use domain::ids::CaseId;
use domain::likeness::StorySketch;

use super::Case;
use crate::accounts::Admin;
use crate::editions::Edition;
use crate::{Backend, Result};

/// From this share of common pieces on a case is shown, in percent. Two stories about the same project, written anew, have
/// less; a story with a new half has a third.
const LEAST_LIKENESS: usize = 25;

/// Most cases that are shown.
const MOST_SHOWN: usize = 10;

/// A case whose story is much like another.
#[derive(Clone, Debug)]
pub struct SimilarCase {
    /// Its key.
    pub id: CaseId,
    /// The short name of its edition.
    pub edition_slug: String,
    /// Whether it is of the same edition.
    pub same_edition: bool,
    /// Its title.
    pub title: String,
    /// The name of its organisation.
    pub organisation_name: String,
    /// What share of the pieces of both stories is in both, in percent.
    pub likeness: usize,
}

impl Backend {
    /// Returns the cases whose stories are much like this one's, the nearest first.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn similar_cases(
        &self,
        _admin: &Admin,
        edition: &Edition,
        case: &Case,
    ) -> Result<Vec<SimilarCase>> {
        let mut connection = self.acquire_connection().await?;
        let own = StorySketch::from_story(&case.body);
        let mut near: Vec<(usize, CaseId)> = queries::select_sketches(&mut connection)
            .await?
            .into_iter()
            .filter(|other| other.id != case.id)
            .map(|other| {
                (own.estimate_likeness(&StorySketch::from_numbers(other.sketch)), other.id)
            })
            .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
            .collect();
        near.sort_unstable_by(|one, other| other.cmp(one));
        near.truncate(MOST_SHOWN);
        let ids: Vec<CaseId> = near.iter().map(|(_, id)| *id).collect();
        let heads = queries::select_heads(&mut connection, &ids).await?;
        let similar = near.into_iter().filter_map(|(likeness, id)| {
            let head = heads.iter().find(|head| head.id == id)?;
            Some(SimilarCase {
                id,
                edition_slug: head.edition_slug.clone(),
                same_edition: head.edition == edition.id,
                title: head.title.clone(),
                organisation_name: head.organisation_name.clone(),
                likeness,
            })
        });
        Ok(similar.collect())
    }
}
