//! SQL of the quorum: the cases below it, and the reason to announce all the same.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId, EditionId};
use domain::result::SheetCount;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::CaseBelowQuorum;
use crate::awards::queries::bilingual_or_korean;
use crate::{Error, Result};

/// Returns the accepted cases with fewer signed sheets than the quorum, by id. Sheets of recused
/// judges do not count.
pub(in crate::awards) async fn cases_below_quorum(
    connection: &mut PgConnection,
    edition: EditionId,
    quorum: u32,
) -> Result<Vec<CaseBelowQuorum>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            organisation.name as organisation,
            counted.sheets as "sheets!"
        from cases
        join organisation on organisation.id = cases.organisation_id
        cross join lateral (
            select count(*) as sheets
            from sheet
            left join recusal
                on recusal.judge_id = sheet.judge_id and recusal.case_id = sheet.case_id
            where sheet.case_id = cases.id
                and sheet.signed_at is not null
                and recusal.judge_id is null
        ) as counted
        where cases.edition_id = $1 and cases.state = 'accepted' and counted.sheets < $2
        order by cases.id
        "#,
        edition.0,
        i64::from(quorum),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let sheets = u32::try_from(row.sheets);
            Ok(CaseBelowQuorum {
                id: row.id,
                title: bilingual_or_korean(row.title, row.title_en),
                organisation: row.organisation,
                sheets: sheets.map_err(|_| Error::Internal("a number of sheets is negative"))?,
            })
        })
        .collect()
}

/// A reason as it is stored.
pub(super) struct StoredReason {
    pub(super) reason: String,
    pub(super) below: Vec<SheetCount>,
    pub(super) given_by: AccountId,
    pub(super) given_by_name: Option<String>,
    pub(super) given_at: DateTime<Utc>,
    pub(super) confirmed_by: Option<AccountId>,
    pub(super) confirmed_by_name: Option<String>,
}

/// Returns the reason of an edition, with the names of both people.
pub(super) async fn find_quorum_reason(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<StoredReason>> {
    let row = sqlx::query!(
        r#"
        select
            quorum_reason.reason,
            quorum_reason.below as "below: Json<Vec<SheetCount>>",
            quorum_reason.given_by as "given_by: AccountId",
            giver.name as "given_by_name?",
            quorum_reason.given_at,
            quorum_reason.confirmed_by as "confirmed_by: AccountId",
            confirmer.name as "confirmed_by_name?"
        from quorum_reason
        left join account as giver on giver.id = quorum_reason.given_by
        left join account as confirmer on confirmer.id = quorum_reason.confirmed_by
        where quorum_reason.edition_id = $1
        "#,
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| StoredReason {
        reason: row.reason,
        below: row.below.0,
        given_by: row.given_by,
        given_by_name: row.given_by_name,
        given_at: row.given_at,
        confirmed_by: row.confirmed_by,
        confirmed_by_name: row.confirmed_by_name,
    }))
}

/// Stores a reason that nobody has confirmed. It takes the place of an earlier one.
pub(super) async fn put_quorum_reason(
    connection: &mut PgConnection,
    edition: EditionId,
    given_by: AccountId,
    reason: &str,
    below: &[SheetCount],
) -> Result<()> {
    sqlx::query!(
        "
        insert into quorum_reason (edition_id, reason, below, given_by)
        values ($1, $2, $3, $4)
        on conflict (edition_id) do update set
            reason = excluded.reason,
            below = excluded.below,
            given_by = excluded.given_by,
            given_at = excluded.given_at,
            confirmed_by = null,
            confirmed_at = null
        ",
        edition.0,
        reason,
        Json(below) as _,
        given_by.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Confirms a reason as another person than the one who gave it. Returns false if that is not so,
/// or the reason is confirmed already.
pub(super) async fn confirm_quorum_reason(
    connection: &mut PgConnection,
    edition: EditionId,
    confirmed_by: AccountId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update quorum_reason set confirmed_by = $2, confirmed_at = clock_timestamp()
        where edition_id = $1 and confirmed_by is null and given_by <> $2
        ",
        edition.0,
        confirmed_by.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
