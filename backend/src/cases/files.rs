//! Documents of a case: an organisation adds them while it writes, staff say what of them is shown, and visitors get them once
//! the case is public.
//!
//! What looks like personal data is looked for in the text of every document. A document that holds some is not shown itself,
//! only its text with the data masked; one without text is not shown at all. The staff may decide otherwise.

mod checked_text;
mod queries;
mod scan;
mod upload;

use chrono::{DateTime, Utc};
use documents::FileKind;
use domain::ids::{CaseId, FileId};
use domain::schedule::SubmissionsOpen;
use serde_json::json;

use super::access::CaseAccess;
use super::write::lock_own_case;
use crate::accounts::{Admin, Member, SignedIn};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::file_store::FileStream;
use crate::{Backend, Error, Refusal, Result};

pub use checked_text::{FoundPiece, TextBlock};
pub use documents::FileKind as DocumentKind;
pub use scan::VirusScanner;
pub use upload::{NewFile, OpenUpload, UploadStep};

/// What visitors get of a document once its case is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownAs {
    /// The document itself, and its masked text.
    File,
    /// Only its masked text.
    Text,
    /// Nothing.
    Nothing,
}

impl ShownAs {
    /// All of them, the most open one first.
    pub const ALL: [Self; 3] = [Self::File, Self::Text, Self::Nothing];

    /// Returns the word used in the database and in forms.
    #[must_use]
    pub const fn stored_word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Text => "text",
            Self::Nothing => "nothing",
        }
    }

    /// Reads the word used in the database and in forms.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shown| shown.stored_word() == word)
    }
}

/// What the virus scanner said of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanState {
    /// The server has no scanner.
    None,
    /// It has not answered yet. Until then nobody gets the document.
    Waiting,
    /// It knows nothing against it.
    Clean,
    /// It knows it as harmful. Nobody gets the document.
    Infected,
}

impl ScanState {
    const ALL: [Self; 4] = [Self::None, Self::Waiting, Self::Clean, Self::Infected];

    const fn stored_word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Clean => "clean",
            Self::Infected => "infected",
        }
    }

    /// Whether the document may be given out.
    #[must_use]
    pub const fn lets_out(self) -> bool {
        matches!(self, Self::None | Self::Clean)
    }
}

/// A document of a case, without its bytes and its text.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Its key, which is also part of its URL.
    pub id: FileId,
    /// Its case.
    pub case: CaseId,
    /// Its name, as its author's device told it.
    pub name: String,
    /// Its kind, by its content.
    pub kind: FileKind,
    /// Its length in bytes.
    pub length: u64,
    /// Whether a text could be read in it.
    pub readable: bool,
    /// What looks like personal data in it.
    pub found: Vec<FoundPiece>,
    /// Whether some of it could not be looked through.
    pub unread: bool,
    /// What visitors get of it.
    pub shown_as: ShownAs,
    /// What the virus scanner said.
    pub scan: ScanState,
    /// When it was added, by the real clock.
    pub added_at: DateTime<Utc>,
}

impl CaseFile {
    /// Whether visitors of a public case get the document itself.
    #[must_use]
    pub fn is_file_shown(&self) -> bool {
        self.scan.lets_out() && self.shown_as == ShownAs::File
    }

    /// Whether visitors of a public case get its masked text.
    #[must_use]
    pub fn is_text_shown(&self) -> bool {
        self.scan.lets_out() && self.readable && self.shown_as != ShownAs::Nothing
    }
}

/// A document as it is sent out.
pub struct FileDownload {
    /// What it is.
    pub file: CaseFile,
    /// Its bytes.
    pub bytes: FileStream,
}

/// The masked text of a document.
#[derive(Clone, Debug)]
pub struct FileText {
    /// What it is.
    pub file: CaseFile,
    /// Its text.
    pub blocks: Vec<TextBlock>,
    /// The edition of its case, by its short name, and whether the case is public.
    pub edition_slug: String,
    /// Whether the case is public.
    pub public: bool,
}

impl Backend {
    /// Returns the documents of a case, the oldest first. The caller has shown that the asker may see the case.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn case_files(&self, case: CaseId) -> Result<Vec<CaseFile>> {
        queries::files_of_case(&mut *self.acquire_connection().await?, case).await
    }

    /// Removes a document from a case that is being written.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::WrongState`].
    pub async fn remove_file(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        case: CaseId,
        file: FileId,
    ) -> Result<()> {
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let found = lock_own_case(connection, &member, &edition, case).await?;
                if !found.state.can_be_written() {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                if !queries::delete_file(connection, case, file).await? {
                    return Err(Error::NotFound);
                }
                let act = NewAuditEvent {
                    actor: Some(member.account_id()),
                    edition: Some(edition.id),
                    action: AuditAction::CaseFileRemoved,
                    subject: &case.to_string(),
                    detail: json!({ "file": file.to_string() }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Sets what visitors get of a document.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a document of a case that is being written.
    pub async fn show_file_as(
        &self,
        admin: &Admin,
        edition: &Edition,
        case: CaseId,
        file: FileId,
        shown_as: ShownAs,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::update_shown_as(connection, edition.id, case, file, shown_as).await? {
                    return Err(Error::NotFound);
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::CaseFileShown,
                    subject: &case.to_string(),
                    detail: json!({ "file": file.to_string(), "shown_as": shown_as.stored_word() }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Returns a document if the asker may have it.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a document that the asker may not have; [`Error::Busy`] if the store fails.
    pub async fn visible_file(&self, id: FileId, asker: Option<&SignedIn>) -> Result<FileDownload> {
        let (file, object, access) = self.find_file(id, asker).await?;
        let shown = access.public && file.is_file_shown();
        if !(shown || access.is_insider) {
            return Err(Error::NotFound);
        }
        let bytes = self.files.read_object(object).await?;
        Ok(FileDownload { file, bytes })
    }

    /// Returns the masked text of a document if the asker may read it.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a document that the asker may not read, and for one without text.
    pub async fn visible_file_text(
        &self,
        id: FileId,
        asker: Option<&SignedIn>,
    ) -> Result<FileText> {
        let (file, _, access) = self.find_file(id, asker).await?;
        let shown = access.public && file.is_text_shown();
        if !file.readable || !(shown || access.is_insider) {
            return Err(Error::NotFound);
        }
        let text = queries::masked_text(&mut *self.acquire_connection().await?, id).await?;
        let blocks = checked_text::parse_blocks(&text.ok_or(Error::NotFound)?);
        let CaseAccess { edition_slug, public, .. } = access;
        Ok(FileText { file, blocks, edition_slug, public })
    }

    /// Finds a document that was scanned, with the key of its object and what the asker may do with its case.
    async fn find_file(
        &self,
        id: FileId,
        asker: Option<&SignedIn>,
    ) -> Result<(CaseFile, uuid::Uuid, CaseAccess)> {
        let found = queries::find_file(&mut *self.acquire_connection().await?, id).await?;
        let (file, object) =
            found.filter(|(file, _)| file.scan.lets_out()).ok_or(Error::NotFound)?;
        let access = self.case_access(file.case, asker).await?;
        Ok((file, object, access))
    }
}

/// A case that a document is added to.
#[derive(Clone, Debug)]
pub(super) struct FileOwner {
    pub(super) member: Member,
    pub(super) edition: Edition,
    pub(super) case: CaseId,
}
