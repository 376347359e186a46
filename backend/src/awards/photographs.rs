//! Photographs of an edition, such as those of the ceremony. Staff add them when they like; citizens
//! see them with the result.

mod queries;

use std::sync::Arc;

use domain::limits;
use domain::refusal::AwardsRefusal;
use domain::text::parse_text_line;
use serde_json::json;
use uuid::Uuid;

use crate::accounts::{Admin, SignedIn};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::cases::{PictureFile, UploadedPicture, shrink_upload};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

/// A photograph, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photograph {
    /// Its key.
    pub id: Uuid,
    /// What it shows.
    pub caption: String,
    /// Its width in pixels.
    pub width: i32,
    /// Its height in pixels.
    pub height: i32,
}

impl Backend {
    /// Returns the photographs of an edition, in the order in which they were added. A public page
    /// may show them once the result is public.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn photographs(&self, edition: &Edition) -> Result<Vec<Photograph>> {
        queries::list_photographs(&mut *self.acquire_connection().await?, edition.id).await
    }

    /// Adds a photograph. Its caption is also what it shows, for those who do not see it.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a caption; [`AwardsRefusal::TooManyPhotographs`]; the refusals of a
    /// picture that is too large or cannot be read; [`Error::Busy`] if too many pictures wait.
    pub async fn add_photograph(
        &self,
        admin: &Admin,
        edition: &Edition,
        new: UploadedPicture,
    ) -> Result<()> {
        let caption = parse_text_line(&new.alt, limits::PICTURE_ALT_CHARS)
            .map_err(|problem| Error::invalid_field("caption", problem))?;
        let shrunk = shrink_upload(new.file).await?;
        let (actor, edition) = (admin.account_id(), edition.id);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                crate::editions::queries::lock_edition(connection, edition).await?;
                let max = limits::PHOTOGRAPHS;
                if queries::count_photographs(connection, edition).await? >= i64::from(max) {
                    let refusal = AwardsRefusal::TooManyPhotographs { max };
                    return Err(Error::Refused(Refusal::Awards(refusal)));
                }
                let photograph = Photograph {
                    id: Uuid::new_v4(),
                    caption,
                    width: i32::try_from(shrunk.width).unwrap_or(i32::MAX),
                    height: i32::try_from(shrunk.height).unwrap_or(i32::MAX),
                };
                queries::insert_photograph(connection, edition, &photograph, &shrunk.bytes).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition),
                    action: AuditAction::PhotographAdded,
                    subject: &photograph.caption,
                    detail: json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Removes a photograph, for example because somebody on it asks for it.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a photograph in this edition.
    pub async fn remove_photograph(
        &self,
        admin: &Admin,
        edition: &Edition,
        photograph: Uuid,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.id);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let caption = queries::delete_photograph(connection, edition, photograph).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition),
                    action: AuditAction::PhotographRemoved,
                    subject: &caption.ok_or(Error::NotFound)?,
                    detail: json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Returns the bytes of a photograph: to everybody once the result is public, to administrators
    /// always.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a photograph that the asker may not see.
    pub async fn visible_photograph(
        &self,
        id: Uuid,
        asker: Option<&SignedIn>,
    ) -> Result<PictureFile> {
        let found = queries::find_photograph(&mut *self.acquire_connection().await?, id).await?;
        let (slug, bytes) = found.ok_or(Error::NotFound)?;
        let public = self.find_edition(&slug).await?.results_public().is_ok();
        if !public && asker.is_none_or(|asker| asker.require_admin().is_err()) {
            return Err(Error::NotFound);
        }
        Ok(PictureFile { media_type: "image/jpeg".to_owned(), bytes: Arc::from(bytes), public })
    }
}
