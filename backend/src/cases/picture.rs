//! Pictures: one for each case. An upload is decoded, turned upright, shrunk and encoded again, so
//! no byte of the uploaded file and no camera metadata is ever sent out.

pub(super) mod queries;
mod shrink;

use std::sync::{Arc, PoisonError};

use domain::ids::{CaseId, PictureId};
use domain::limits;
use domain::refusal::CaseRefusal;
use domain::schedule::SubmissionsOpen;
use domain::text::parse_draft_line;
use serde_json::json;
use uuid::Uuid;

use super::CaseState;
use super::write::lock_case_version;
use crate::accounts::{Member, SignedIn};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::work_queue::WorkQueue;
use crate::{Backend, Error, Refusal, Result};

use shrink::ShrunkPicture;

/// The queue of all uploads. Two are decoded at the same time, because each may take a quarter of a
/// gigabyte of memory. Six more wait, each with a file of up to 10 MB. A picture takes a second or
/// so.
static UPLOADS: WorkQueue = WorkQueue::with_places(2, 8);
/// A picture as it was uploaded.
#[derive(Clone, Debug)]
pub struct UploadedPicture {
    /// The file.
    pub file: Vec<u8>,
    /// What it shows.
    pub alt: String,
}

/// A picture as it is sent out.
#[derive(Clone, Debug)]
pub struct PictureFile {
    /// Its media type.
    pub media_type: String,
    /// The bytes of the file. All who read it at the same time share them.
    pub bytes: Arc<[u8]>,
    /// Whether it is public. Then every cache may keep it.
    pub public: bool,
}

impl Backend {
    /// Stores the picture of a case and replaces an older one.
    ///
    /// # Errors
    /// [`CaseRefusal::PictureTooLarge`]; [`CaseRefusal::NotAPicture`]; [`Error::NotFound`];
    /// [`Refusal::Stale`]; [`Refusal::WrongState`]; [`Error::Busy`] if too many pictures wait.
    pub async fn put_picture(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
        new: UploadedPicture,
    ) -> Result<PictureId> {
        let UploadedPicture { file, alt } = new;
        let alt = parse_draft_line(&alt, limits::PICTURE_ALT_CHARS)
            .map_err(|problem| Error::invalid_field("alt", problem))?;
        // Check before the expensive decoding, and again in the transaction.
        let found = self.own_case(member, case).await?;
        if !found.state.can_be_written() {
            return Err(Error::Refused(Refusal::WrongState));
        }
        let shrunk = shrink_upload(file).await?;
        let (member, edition) = (*member, edition.clone());
        let id = PictureId(Uuid::new_v4());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let may = CaseState::can_be_written;
                lock_case_version(connection, &member, &edition, case, version, may).await?;
                queries::replace_picture(connection, id, case, &shrunk, &alt).await?;
                let act = NewAuditEvent {
                    actor: Some(member.account_id()),
                    edition: Some(edition.id),
                    action: AuditAction::CasePicturePut,
                    subject: &case.to_string(),
                    detail: json!({ "bytes": shrunk.bytes.len() }),
                };
                audit::record_event(connection, act).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Removes the picture of a case.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::Stale`]; [`Refusal::WrongState`].
    pub async fn remove_picture(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
    ) -> Result<()> {
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let may = CaseState::can_be_written;
                lock_case_version(connection, &member, &edition, case, version, may).await?;
                queries::delete_picture(connection, case).await?;
                let act = NewAuditEvent {
                    actor: Some(member.account_id()),
                    edition: Some(edition.id),
                    action: AuditAction::CasePictureRemoved,
                    subject: &case.to_string(),
                    detail: json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Returns a picture if the asker may see its case.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a picture that the asker may not see.
    pub async fn visible_picture(
        &self,
        id: PictureId,
        asker: Option<&SignedIn>,
    ) -> Result<PictureFile> {
        let case = queries::case_of_picture(&mut *self.acquire_connection().await?, id).await?;
        let access = self.case_access(case.ok_or(Error::NotFound)?, asker).await?;
        if !(access.public || access.is_insider) {
            return Err(Error::NotFound);
        }
        let file = queries::picture_bytes(&mut *self.acquire_connection().await?, id).await?;
        let (media_type, bytes) = file.ok_or(Error::NotFound)?;
        let mut read = self.read_pictures.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = read.share_value(id, bytes.into());
        Ok(PictureFile { media_type, bytes, public: access.public })
    }
}

/// Stores a picture of the demonstration for each of these cases, in the form in which uploads are stored.
pub(crate) async fn store_sample_picture(
    backend: &Backend,
    cases: &[CaseId],
    picture: UploadedPicture,
) -> Result<()> {
    let shrunk = shrink_upload(picture.file).await?;
    for case in cases {
        let id = PictureId(Uuid::new_v4());
        let mut connection = backend.acquire_connection().await?;
        queries::replace_picture(&mut connection, id, *case, &shrunk, &picture.alt).await?;
    }
    Ok(())
}

/// Decodes an upload, turns it upright, shrinks it and encodes it anew.
///
/// # Errors
/// [`CaseRefusal::PictureTooLarge`]; [`CaseRefusal::NotAPicture`]; [`Error::Busy`] if too many wait.
pub(crate) async fn shrink_upload(file: Vec<u8>) -> Result<ShrunkPicture> {
    if file.len() > limits::PICTURE_BYTES {
        return Err(Error::Refused(Refusal::Case(CaseRefusal::PictureTooLarge)));
    }
    let turn = UPLOADS.wait_for_turn().await?;
    // The task holds the permit, not the request. An aborted request must not free it early.
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        shrink::shrink_to_jpeg(&file)
    })
    .await
    .map_err(|_| Error::Refused(Refusal::Case(CaseRefusal::NotAPicture)))?
    .map_err(Error::Refused)
}
