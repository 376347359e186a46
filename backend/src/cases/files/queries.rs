//! SQL of the documents of cases and of their uploads.

use documents::FileKind;
use domain::ids::{AccountId, CaseId, EditionId, FileId, OrganisationId, UploadId};
use domain::limits;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{CaseFile, OpenUpload, ScanState, ShownAs};
use crate::file_store::StoredObject;
use crate::{Error, Result};

/// A document that is added.
pub(super) struct NewFileRow<'a> {
    pub(super) id: FileId,
    pub(super) case: CaseId,
    pub(super) object: StoredObject,
    pub(super) name: &'a str,
    pub(super) kind: FileKind,
    /// JSON.
    pub(super) masked_text: &'a str,
    /// JSON.
    pub(super) found: &'a str,
    pub(super) unread: bool,
    pub(super) shown_as: ShownAs,
    pub(super) scan: ScanState,
    pub(super) added_by: AccountId,
}

/// A row of a document without its text.
struct FileRow {
    id: FileId,
    case_id: CaseId,
    object: Uuid,
    name: String,
    kind: String,
    length: i64,
    readable: bool,
    found: String,
    unread: bool,
    shown_as: String,
    scan: String,
    added_at: chrono::DateTime<chrono::Utc>,
}

impl FileRow {
    fn into_file(self) -> Result<(CaseFile, Uuid)> {
        let broken = || Error::Internal("a document with an unknown word");
        let file = CaseFile {
            id: self.id,
            case: self.case_id,
            name: self.name,
            kind: parse_kind(&self.kind).ok_or_else(broken)?,
            length: self.length.unsigned_abs(),
            readable: self.readable,
            unread: self.unread,
            found: serde_json::from_str(&self.found).map_err(|_| broken())?,
            shown_as: ShownAs::from_word(&self.shown_as).ok_or_else(broken)?,
            scan: parse_scan_state(&self.scan).ok_or_else(broken)?,
            added_at: self.added_at,
        };
        Ok((file, self.object))
    }
}

fn parse_kind(word: &str) -> Option<FileKind> {
    FileKind::ALL.into_iter().find(|kind| kind.extension() == word)
}

fn parse_scan_state(word: &str) -> Option<ScanState> {
    ScanState::ALL.into_iter().find(|state| state.stored_word() == word)
}

fn database_length(length: u64) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Returns the documents of a case, the oldest first.
pub(super) async fn files_of_case(
    connection: &mut PgConnection,
    case: CaseId,
) -> Result<Vec<CaseFile>> {
    let rows = sqlx::query_as!(
        FileRow,
        r#"
        select
            id as "id: FileId",
            case_id as "case_id: CaseId",
            object,
            name,
            kind,
            length,
            masked_text <> '[]' as "readable!",
            found,
            unread,
            shown_as,
            scan,
            added_at
        from case_file
        where case_id = $1
        order by added_at, id
        "#,
        case.0,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| row.into_file().map(|(file, _)| file)).collect()
}

/// Returns a document with the key of its object.
pub(super) async fn find_file(
    connection: &mut PgConnection,
    id: FileId,
) -> Result<Option<(CaseFile, Uuid)>> {
    let row = sqlx::query_as!(
        FileRow,
        r#"
        select
            id as "id: FileId",
            case_id as "case_id: CaseId",
            object,
            name,
            kind,
            length,
            masked_text <> '[]' as "readable!",
            found,
            unread,
            shown_as,
            scan,
            added_at
        from case_file
        where id = $1
        "#,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(FileRow::into_file).transpose()
}

/// Returns the masked text of a document, as JSON.
pub(super) async fn masked_text(
    connection: &mut PgConnection,
    id: FileId,
) -> Result<Option<String>> {
    let text = sqlx::query_scalar!("select masked_text from case_file where id = $1", id.0)
        .fetch_optional(connection)
        .await?;
    Ok(text)
}

/// Returns the document of a case that has these bytes.
pub(super) async fn find_same_file(
    connection: &mut PgConnection,
    case: CaseId,
    digest: [u8; 32],
) -> Result<Option<FileId>> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: FileId" from case_file where case_id = $1 and digest = $2"#,
        case.0,
        digest.as_slice(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(id)
}

/// Adds a document.
pub(super) async fn insert_file(connection: &mut PgConnection, row: &NewFileRow<'_>) -> Result<()> {
    sqlx::query!(
        "
        insert into case_file
            (id, case_id, object, name, kind, length, digest, masked_text, found, unread, shown_as, scan, added_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ",
        row.id.0,
        row.case.0,
        row.object.key,
        row.name,
        row.kind.extension(),
        database_length(row.object.length),
        row.object.digest.as_slice(),
        row.masked_text,
        row.found,
        row.unread,
        row.shown_as.stored_word(),
        row.scan.stored_word(),
        row.added_by.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes a document of a case. Returns whether it was there.
pub(super) async fn delete_file(
    connection: &mut PgConnection,
    case: CaseId,
    file: FileId,
) -> Result<bool> {
    let done = sqlx::query!("delete from case_file where id = $1 and case_id = $2", file.0, case.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores what visitors get of a document of a case that was sent in. Returns whether there is such a one.
pub(super) async fn update_shown_as(
    connection: &mut PgConnection,
    edition: EditionId,
    case: CaseId,
    file: FileId,
    shown_as: ShownAs,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update case_file set shown_as = $4
        from cases
        where case_file.id = $1 and case_file.case_id = $2
        and cases.id = case_file.case_id and cases.edition_id = $3
        and cases.state not in ('draft', 'withdrawn')
        ",
        file.0,
        case.0,
        edition.0,
        shown_as.stored_word(),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns at most 100 documents that wait for the virus scanner, each with its case, its edition and its object.
pub(super) async fn waiting_files(
    connection: &mut PgConnection,
) -> Result<Vec<(FileId, CaseId, EditionId, Uuid)>> {
    let rows = sqlx::query!(
        r#"
        select
            case_file.id as "id: FileId",
            case_file.case_id as "case_id: CaseId",
            cases.edition_id as "edition_id: EditionId",
            case_file.object
        from case_file
        join cases on cases.id = case_file.case_id
        where case_file.scan = 'waiting'
        order by case_file.added_at
        limit 100
        "#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.case_id, row.edition_id, row.object)).collect())
}

/// Stores what the virus scanner said.
pub(super) async fn update_scan_state(
    connection: &mut PgConnection,
    file: FileId,
    state: ScanState,
) -> Result<()> {
    sqlx::query!("update case_file set scan = $2 where id = $1", file.0, state.stored_word())
        .execute(connection)
        .await?;
    Ok(())
}

/// Begins an upload. The oldest ones of the case that are on their way make room for it.
pub(super) async fn insert_upload(
    connection: &mut PgConnection,
    id: UploadId,
    case: CaseId,
    account: AccountId,
    name: &str,
    length: u64,
) -> Result<()> {
    sqlx::query!(
        "
        with left_behind as (
            delete from upload where id in (
                select id from upload where case_id = $2 and file_id is null
                order by begun_at desc offset $6
            )
        )
        insert into upload (id, case_id, account_id, name, length) values ($1, $2, $3, $4, $5)
        ",
        id.0,
        case.0,
        account.0,
        name,
        database_length(length),
        limits::OPEN_UPLOADS - 1,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns an upload of an organisation, with the name of its document.
pub(super) async fn find_upload(
    connection: &mut PgConnection,
    id: UploadId,
    organisation: OrganisationId,
) -> Result<Option<(OpenUpload, String)>> {
    let row = sqlx::query!(
        r#"
        select upload.case_id as "case_id: CaseId", upload.name, upload.length, upload.received
        from upload
        join cases on cases.id = upload.case_id
        where upload.id = $1 and cases.organisation_id = $2
        "#,
        id.0,
        organisation.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let upload = OpenUpload {
            case: row.case_id,
            length: row.length.unsigned_abs(),
            received: row.received.unsigned_abs(),
        };
        (upload, row.name)
    }))
}

/// Keeps a piece that begins where the last one ended. Returns whether it does.
pub(super) async fn insert_part(
    connection: &mut PgConnection,
    id: UploadId,
    from: u64,
    length: u64,
    object: Uuid,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        with moved as (
            update upload set received = received + $3
            where id = $1 and received = $2 and received + $3 < length
            returning id
        )
        insert into upload_part (upload_id, starts_at, object)
        select id, $2, $4 from moved
        ",
        id.0,
        database_length(from),
        database_length(length),
        object,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns the objects of the pieces of an upload, in their order.
pub(super) async fn upload_parts(connection: &mut PgConnection, id: UploadId) -> Result<Vec<Uuid>> {
    let parts = sqlx::query_scalar!(
        "select object from upload_part where upload_id = $1 order by starts_at",
        id.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(parts)
}

/// Marks an upload as complete, and forgets its pieces.
pub(super) async fn complete_upload(
    connection: &mut PgConnection,
    id: UploadId,
    file: FileId,
) -> Result<()> {
    sqlx::query!(
        "
        with done as (update upload set received = length, file_id = $2 where id = $1 returning id)
        delete from upload_part where upload_id in (select id from done)
        ",
        id.0,
        file.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes an upload.
pub(super) async fn delete_upload(connection: &mut PgConnection, id: UploadId) -> Result<()> {
    sqlx::query!("delete from upload where id = $1", id.0).execute(connection).await?;
    Ok(())
}
