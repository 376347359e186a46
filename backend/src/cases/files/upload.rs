//! How documents arrive: whole with a form, or in pieces that go on after a broken line (tus 1.0).
//!
//! An upload is complete in the same transaction that adds the document to its case. So a piece whose answer was lost can be
//! sent again, and nobody is told that a document has arrived which was then refused.

use bytes::Bytes;
use domain::ids::{CaseId, FileId, UploadId};
use domain::limits;
use domain::refusal::{CaseRefusal, FileProblem};
use domain::schedule::SubmissionsOpen;
use domain::text::tidy_line;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::checked_text::CheckedText;
use super::{CaseFile, FileOwner, ScanState, ShownAs, queries};
use crate::accounts::Member;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::cases::write::lock_own_case;
use crate::editions::Edition;
use crate::file_store::{FileStream, StoredObject, WriteFault};
use crate::personal_data::{find_personal_data, mask_pieces};
use crate::work_queue::WorkQueue;
use crate::{Backend, Error, Refusal, Result};

/// Documents that are put together and looked through at the same time. The others wait with their last piece in memory.
static ARRIVALS: WorkQueue = WorkQueue::with_places(2, 64);

/// The name of a document that came without one.
const UNNAMED: &str = "document";

/// A document as it was sent with a form.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its name, as the sender's device tells it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A document that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenUpload {
    /// The case that it is for.
    pub case: CaseId,
    /// Bytes of the whole document.
    pub length: u64,
    /// Bytes that have arrived.
    pub received: u64,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadStep {
    /// It was kept. So many bytes have arrived.
    Received(u64),
    /// It was the last one, and the document is in the case.
    Complete(FileId),
}

/// What is known of a document before it is added to its case.
struct CheckedFile {
    name: String,
    object: StoredObject,
    kind: documents::FileKind,
    text: CheckedText,
    scan: ScanState,
}

impl Backend {
    /// Adds a document to a case that is being written. The same document again is the one that is there.
    ///
    /// # Errors
    /// [`CaseRefusal::File`]; [`CaseRefusal::TooManyFiles`]; [`CaseRefusal::FilesTooLarge`]; [`Error::NotFound`];
    /// [`Refusal::WrongState`]; [`Error::Busy`] if too many arrive, or if the store fails.
    pub async fn add_file(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        new: NewFile,
    ) -> Result<FileId> {
        let name = tidy_file_name(&new.name);
        let length = new.bytes.len() as u64;
        self.check_room(member, case, &name, length).await?;
        let _place = ARRIVALS.wait_for_turn().await?;
        let bytes = stream::iter([Ok(Bytes::from(new.bytes))]);
        let owner = FileOwner { member: *member, edition: edition.clone(), case };
        self.take_file(owner, name, bytes.boxed(), None).await
    }

    /// Begins an upload of `length` bytes.
    ///
    /// # Errors
    /// Those of [`Backend::add_file`] that are known before.
    pub async fn begin_upload(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        case: CaseId,
        name: &str,
        length: u64,
    ) -> Result<UploadId> {
        let name = tidy_file_name(name);
        self.check_room(member, case, &name, length).await?;
        let id = UploadId(Uuid::new_v4());
        let mut connection = self.acquire_connection().await?;
        let account = member.account_id();
        queries::insert_upload(&mut connection, id, case, account, &name, length).await?;
        Ok(id)
    }

    /// Returns an upload of the member's organisation.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for an upload of others.
    pub async fn find_upload(&self, member: &Member, id: UploadId) -> Result<OpenUpload> {
        let mut connection = self.acquire_connection().await?;
        let found = queries::find_upload(&mut connection, id, member.organisation_id()).await?;
        found.map(|(upload, _)| upload).ok_or(Error::NotFound)
    }

    /// Throws away an upload, and what has arrived of it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn cancel_upload(&self, member: &Member, id: UploadId) -> Result<()> {
        self.find_upload(member, id).await?;
        queries::delete_upload(&mut *self.acquire_connection().await?, id).await
    }

    /// Takes the piece of an upload that begins at byte `from`.
    ///
    /// # Errors
    /// [`Refusal::Stale`] if another byte is the next one; those of [`Backend::add_file`] for the last piece. A document that
    /// is refused is thrown away.
    pub async fn append_upload(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        id: UploadId,
        from: u64,
        bytes: Bytes,
    ) -> Result<UploadStep> {
        let organisation = member.organisation_id();
        let found =
            queries::find_upload(&mut *self.acquire_connection().await?, id, organisation).await?;
        let (upload, name) = found.ok_or(Error::NotFound)?;
        let end = from.saturating_add(bytes.len() as u64);
        if from != upload.received || end > upload.length {
            return Err(Error::Refused(Refusal::Stale));
        }
        if bytes.is_empty() && from == upload.length {
            return Ok(UploadStep::Received(from));
        }
        if end < upload.length {
            return self.keep_piece(id, from, bytes).await;
        }
        let _place = ARRIVALS.wait_for_turn().await?;
        let parts = queries::upload_parts(&mut *self.acquire_connection().await?, id).await?;
        let store = self.files.clone();
        let earlier = stream::iter(parts)
            .then(move |part| {
                let store = store.clone();
                async move { store.read_object(part).await }
            })
            .try_flatten();
        let whole = earlier.chain(stream::iter([Ok(bytes)])).boxed();
        let owner = FileOwner { member: *member, edition: edition.clone(), case: upload.case };
        let taken = self.take_file(owner, name, whole, Some(id)).await;
        if matches!(taken, Err(Error::Refused(_))) {
            queries::delete_upload(&mut *self.acquire_connection().await?, id).await?;
        }
        taken.map(UploadStep::Complete)
    }

    async fn keep_piece(&self, id: UploadId, from: u64, bytes: Bytes) -> Result<UploadStep> {
        let length = bytes.len() as u64;
        if length == 0 {
            return Ok(UploadStep::Received(from));
        }
        let piece = stream::iter([Ok(bytes)]);
        let object = match self.store_object(piece, limits::FILE_BYTES).await {
            Ok(object) => object,
            Err(WriteFault::Failed(error)) => return Err(error),
            Err(WriteFault::TooLarge) => return Err(Error::Refused(Refusal::Stale)),
        };
        let mut connection = self.acquire_connection().await?;
        // Another request may have sent the same piece meanwhile.
        if queries::insert_part(&mut connection, id, from, length, object.key).await? {
            Ok(UploadStep::Received(from + length))
        } else {
            Err(Error::Refused(Refusal::Stale))
        }
    }

    /// Refuses a document that the case has no room for, before its bytes are sent.
    async fn check_room(
        &self,
        member: &Member,
        case: CaseId,
        name: &str,
        length: u64,
    ) -> Result<()> {
        let found = self.own_case(member, case).await?;
        if !found.state.can_be_written() {
            return Err(Error::Refused(Refusal::WrongState));
        }
        if length == 0 {
            return Err(file_refusal(name, FileProblem::Empty));
        }
        if length > limits::FILE_BYTES as u64 {
            return Err(file_refusal(name, FileProblem::TooLarge));
        }
        check_limits(&self.case_files(case).await?, length)
    }

    /// Writes a document, looks through it, and adds it to its case.
    async fn take_file(
        &self,
        owner: FileOwner,
        name: String,
        source: FileStream,
        upload: Option<UploadId>,
    ) -> Result<FileId> {
        let object = match self.store_object(source, limits::FILE_BYTES).await {
            Ok(object) => object,
            Err(WriteFault::TooLarge) => return Err(file_refusal(&name, FileProblem::TooLarge)),
            Err(WriteFault::Failed(error)) => return Err(error),
        };
        let read = self.read_file(self.files.read_object(object.key).await?).await?;
        let (kind, text) = read.map_err(|problem| file_refusal(&name, problem))?;
        let scan = self.scan_object(object.key).await?;
        if scan == ScanState::Infected {
            return Err(file_refusal(&name, FileProblem::Infected));
        }
        // A million letters take a moment.
        let text = tokio::task::spawn_blocking(move || CheckedText::from_document(text)).await;
        let text = text.map_err(|_| file_refusal(&name, FileProblem::Damaged))?;
        let file = CheckedFile { name, object, kind, text, scan };
        self.run_in_transaction(move |connection| {
            Box::pin(async move { insert_checked_file(connection, &owner, file, upload).await })
        })
        .await
    }
}

async fn insert_checked_file(
    connection: &mut PgConnection,
    owner: &FileOwner,
    file: CheckedFile,
    upload: Option<UploadId>,
) -> Result<FileId> {
    let FileOwner { member, edition, case } = owner;
    let found = lock_own_case(connection, member, edition, *case).await?;
    if !found.state.can_be_written() {
        return Err(Error::Refused(Refusal::WrongState));
    }
    let there = queries::find_same_file(connection, *case, file.object.digest).await?;
    let id = match there {
        Some(id) => id,
        None => {
            check_limits(&queries::files_of_case(connection, *case).await?, file.object.length)?;
            insert_file(connection, owner, &file).await?
        }
    };
    if let Some(upload) = upload {
        queries::complete_upload(connection, upload, id).await?;
    }
    Ok(id)
}

async fn insert_file(
    connection: &mut PgConnection,
    owner: &FileOwner,
    file: &CheckedFile,
) -> Result<FileId> {
    let id = FileId(Uuid::new_v4());
    let failed = |_| Error::Internal("a text that is no JSON");
    let row = queries::NewFileRow {
        id,
        case: owner.case,
        object: file.object,
        name: &file.name,
        kind: file.kind,
        masked_text: &serde_json::to_string(&file.text.masked).map_err(failed)?,
        found: &serde_json::to_string(&file.text.found).map_err(failed)?,
        unread: file.text.unread,
        shown_as: choose_shown_as(&file.text),
        scan: file.scan,
        added_by: owner.member.account_id(),
    };
    queries::insert_file(connection, &row).await?;
    let act = NewAuditEvent {
        actor: Some(owner.member.account_id()),
        edition: Some(owner.edition.id),
        action: AuditAction::CaseFileAdded,
        subject: &owner.case.to_string(),
        detail: json!({ "file": id.to_string(), "kind": file.kind.extension(), "bytes": file.object.length }),
    };
    audit::record_event(connection, act).await?;
    Ok(id)
}

/// What visitors get unless the staff decide otherwise.
fn choose_shown_as(text: &CheckedText) -> ShownAs {
    if text.masked.is_empty() {
        ShownAs::Nothing
    } else if text.found.is_empty() && !text.unread {
        ShownAs::File
    } else {
        ShownAs::Text
    }
}

fn check_limits(files: &[CaseFile], more: u64) -> Result<()> {
    if files.len() >= limits::FILES_OF_A_CASE {
        return Err(too_many_files());
    }
    let total: u64 = files.iter().map(|file| file.length).sum();
    if total + more > limits::FILES_BYTES as u64 {
        return Err(Error::Refused(Refusal::Case(CaseRefusal::FilesTooLarge)));
    }
    Ok(())
}

fn too_many_files() -> Error {
    let max = limits::FILES_OF_A_CASE;
    Error::Refused(Refusal::Case(CaseRefusal::TooManyFiles { max }))
}

fn file_refusal(name: &str, problem: FileProblem) -> Error {
    let name = name.to_owned();
    Error::Refused(Refusal::Case(CaseRefusal::File { name, problem }))
}

/// Makes the name of a file plain: without folders, without personal data, and short, with its ending.
fn tidy_file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = tidy_line(name);
    let name = mask_pieces(&name, &find_personal_data(&name));
    if name.chars().all(|sign| !sign.is_alphanumeric()) {
        return UNNAMED.to_owned();
    }
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= limits::FILE_NAME_CHARS {
        return name;
    }
    let end: String =
        name.rsplit_once('.').map(|(_, end)| end.chars().take(8).collect()).unwrap_or_default();
    let most = limits::FILE_NAME_CHARS - end.chars().count() - 2;
    let start: String = letters.into_iter().take(most).collect();
    format!("{start}….{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_short() {
        assert_eq!(tidy_file_name("C:\\My files\\report.pdf"), "report.pdf");
        assert_eq!(tidy_file_name("../../etc/report.pdf"), "report.pdf");
        assert_eq!(tidy_file_name("re\u{202E}port\n.pdf"), "report .pdf");
        // Taken apart, as macOS names files.
        assert_eq!(tidy_file_name("\u{1112}\u{1161}\u{11AB}.pdf"), "\u{D55C}.pdf");
        assert_eq!(tidy_file_name("kim 010-1234-5678.pdf"), "kim ***-****-****.pdf");
        assert_eq!(
            (tidy_file_name("../"), tidy_file_name(" .")),
            ("document".into(), "document".into())
        );
        let long = tidy_file_name(&format!("{}.hwpx", "\u{D55C}".repeat(300)));
        assert_eq!(long.chars().count(), limits::FILE_NAME_CHARS);
        assert!(long.ends_with("….hwpx"), "{long}");
    }
}
