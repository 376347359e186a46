//! SQL of the receipts.

use domain::ids::{CaseId, EditionId};
use sqlx::PgConnection;

use crate::Result;

/// Returns the next receipt number of an edition. Two cases at once wait for each other; one that is not sent in after all
/// leaves no gap.
pub(super) async fn take_receipt_number(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<i32> {
    let number = sqlx::query_scalar!(
        "
        insert into receipt_count (edition_id, newest) values ($1, 1)
        on conflict (edition_id) do update set newest = receipt_count.newest + 1
        returning newest
        ",
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(number)
}

/// Returns the SHA-256 of each document of a case, the oldest first.
pub(super) async fn file_digests(
    connection: &mut PgConnection,
    case: CaseId,
) -> Result<Vec<Vec<u8>>> {
    let digests = sqlx::query_scalar!(
        "select digest from case_file where case_id = $1 order by added_at, id",
        case.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(digests)
}

/// Returns the receipt of a case, if it was sent in.
pub(super) async fn find_receipt(
    connection: &mut PgConnection,
    case: CaseId,
) -> Result<Option<String>> {
    let receipt = sqlx::query_scalar!("select receipt from cases where id = $1", case.0)
        .fetch_optional(connection)
        .await?;
    Ok(receipt.flatten())
}
