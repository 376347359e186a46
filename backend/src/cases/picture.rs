//! Pictures: one for each case. An upload is decoded, turned upright, shrunk and encoded again, so
//! no byte of the uploaded file and no camera metadata is ever sent out.

pub(super) mod queries;
mod shrink;

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::ids::{CaseId, PictureId};
use domain::limits;
use domain::refusal::CaseRefusal;
use domain::schedule::SubmissionsOpen;
use domain::text::parse_draft_line;
use serde_json::json;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use super::CaseState;
use super::write::lock_case_version;
use crate::accounts::{Member, Role, SignedIn};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

use shrink::ShrunkPicture;

/// The queue of all uploads. Two are decoded at the same time, because each may take a quarter of a
/// gigabyte of memory. Six more wait, each with a file of up to 10 MB. A picture takes a second or
/// so.
static UPLOADS: PictureQueue = PictureQueue::with_places(2, 8);
/// When an upload that found the queue full may be sent again, in seconds.
const FULL_QUEUE_PAUSE: u64 = 5;

/// A bounded queue for work that takes much memory.
struct PictureQueue {
    /// Who is worked on, and who waits.
    places: Semaphore,
    /// Who is worked on.
    turns: Semaphore,
}

/// A turn in the queue. Dropping it lets the next upload in.
struct PictureTurn {
    _turn: SemaphorePermit<'static>,
    _place: SemaphorePermit<'static>,
}

impl PictureQueue {
    const fn with_places(at_once: usize, in_all: usize) -> Self {
        Self { places: Semaphore::const_new(in_all), turns: Semaphore::const_new(at_once) }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Error::Busy`] at once if the queue is full.
    async fn wait_for_turn(&'static self) -> Result<PictureTurn> {
        let full = |_| Error::Busy { retry_after: Duration::from_secs(FULL_QUEUE_PAUSE) };
        let place = self.places.try_acquire().map_err(full)?;
        let closed = |_| Error::Internal("nobody closes the semaphore");
        let turn = self.turns.acquire().await.map_err(closed)?;
        Ok(PictureTurn { _turn: turn, _place: place })
    }
}

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

/// What decides who may see a picture before it is public.
pub(super) struct PictureAccess {
    pub(super) edition_slug: String,
    pub(super) organisation: domain::ids::OrganisationId,
    pub(super) state: CaseState,
    /// Whether the asker is on the panel and is not recused from the case.
    pub(super) on_panel: bool,
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
        let account = asker.map(SignedIn::account_id);
        let found =
            queries::find_picture_access(&mut *self.acquire_connection().await?, id, account)
                .await?;
        let found = found.ok_or(Error::NotFound)?;
        let edition = self.find_edition(&found.edition_slug).await?;
        let accepted = found.state == CaseState::Accepted;
        let public = accepted && edition.gallery_public().is_ok();
        if !public && !asker.is_some_and(|asker| can_see_picture(asker, &found)) {
            return Err(Error::NotFound);
        }
        let file = queries::picture_bytes(&mut *self.acquire_connection().await?, id).await?;
        let (media_type, bytes) = file.ok_or(Error::NotFound)?;
        let mut read = self.read_pictures.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = read.share_value(id, bytes.into());
        Ok(PictureFile { media_type, bytes, public })
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

/// Whether the asker may see a picture that is not public.
fn can_see_picture(asker: &SignedIn, picture: &PictureAccess) -> bool {
    match asker.role() {
        Role::Member => asker
            .require_member()
            .is_ok_and(|member| member.organisation_id() == picture.organisation),
        // Staff see submitted cases but no drafts.
        Role::Administrator => !picture.state.can_be_written(),
        Role::Judge => picture.on_panel && picture.state == CaseState::Accepted,
    }
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

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::PictureQueue;
    use crate::Error;

    #[tokio::test]
    async fn a_picture_is_refused_at_once_when_the_queue_is_full() {
        static QUEUE: PictureQueue = PictureQueue::with_places(1, 2);
        let first = QUEUE.wait_for_turn().await.unwrap();
        let mut second = Box::pin(QUEUE.wait_for_turn());
        let mut context = Context::from_waker(Waker::noop());
        assert!(second.as_mut().poll(&mut context).is_pending(), "it waits for its turn");
        assert!(matches!(QUEUE.wait_for_turn().await, Err(Error::Busy { .. })));
        drop(first);
        let second = second.await.unwrap();
        drop(second);
        assert!(QUEUE.wait_for_turn().await.is_ok(), "the places are free again");
    }
}
