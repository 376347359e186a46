//! SQL of reading a record.

use domain::ids::{BallotId, EditionId};
use sqlx::PgConnection;

use crate::Result;
use crate::record::count_from_i64;

/// Returns the published edition with this short name, if it has a record.
pub(super) async fn find_sealed_edition(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<Option<EditionId>> {
    let edition = sqlx::query_scalar!(
        r#"
        select edition.id as "id: EditionId"
        from edition
        join record on record.edition_id = edition.id
        where edition.slug = $1 and edition.published_at is not null
        "#,
        slug,
    )
    .fetch_optional(connection)
    .await?;
    Ok(edition)
}

/// Returns the number of lines that the newest checkpoint covers.
pub(in crate::record) async fn read_signed_size(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<u64>> {
    let size =
        sqlx::query_scalar!("select signed_size from record where edition_id = $1", edition.0)
            .fetch_optional(connection)
            .await?;
    size.map(count_from_i64).transpose()
}

/// Returns `number` lines, the first one at index `first`.
pub(super) async fn read_lines(
    connection: &mut PgConnection,
    edition: EditionId,
    first: i64,
    number: i64,
) -> Result<Vec<String>> {
    let lines = sqlx::query_scalar!(
        "
        select line from entry
        where edition_id = $1 and index >= $2 and index < $2 + $3
        order by index
        ",
        edition.0,
        first,
        number,
    )
    .fetch_all(connection)
    .await?;
    Ok(lines)
}

/// A line that a checkpoint covers, and that checkpoint.
pub(super) struct SignedLine {
    pub(super) index: u64,
    pub(super) line: String,
    pub(super) size: u64,
    pub(super) checkpoint: String,
}

/// Returns the line of a ballot, if a checkpoint covers it.
pub(super) async fn find_ballot_line(
    connection: &mut PgConnection,
    edition: EditionId,
    ballot: BallotId,
) -> Result<Option<SignedLine>> {
    let row = sqlx::query!(
        r#"
        select entry.index, entry.line, record.signed_size, record.checkpoint as "checkpoint!"
        from entry
        join record on record.edition_id = entry.edition_id
        where entry.edition_id = $1
            and entry.ballot_id = $2
            and entry.index < record.signed_size
        "#,
        edition.0,
        ballot.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let (index, size) = (count_from_i64(row.index)?, count_from_i64(row.signed_size)?);
        Ok(SignedLine { index, line: row.line, size, checkpoint: row.checkpoint })
    })
    .transpose()
}
