//! SQL of the panel.

use domain::ids::{AccountId, EditionId};
use sqlx::PgConnection;

use crate::Result;

/// Keeps the windows, the clock and the panel of an edition as they are until the transaction ends.
/// New rows that refer to the edition, such as ballots, do not wait.
pub(super) async fn lock_panel(connection: &mut PgConnection, edition: EditionId) -> Result<()> {
    sqlx::query!("select id from edition where id = $1 for no key update", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Whether the panel is fixed at this instant of the edition's clock. It is not the instant at which
/// the transaction began, because that may have waited for a lock. A panel of fewer than the quorum is
/// not fixed for judges who join, until somebody has read counts.
pub(super) async fn is_panel_fixed(
    connection: &mut PgConnection,
    edition: EditionId,
    joins: bool,
) -> Result<bool> {
    let fixed = sqlx::query_scalar!(
        r#"
        select exists (
            select from edition
            where id = $1
                and judging_opens
                    <= clock_timestamp() + make_interval(secs => clock_offset_seconds)
                and not (
                    $2
                    and counts_read_at is null
                    and (select count(*) from panel_member where edition_id = $1)
                        < coalesce((rulebook #>> '{panel,quorum}')::bigint, 1)
                )
        ) as "fixed!"
        "#,
        edition.0,
        joins,
    )
    .fetch_one(connection)
    .await?;
    Ok(fixed)
}

/// A judge's account, as far as a mail needs it.
pub(super) struct AppointedJudge {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) lang: String,
}

/// Finds the account of a judge. `None` for any other account.
pub(super) async fn find_judge_account(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<Option<AppointedJudge>> {
    let found = sqlx::query_as!(
        AppointedJudge,
        "select email, name, lang from account
        where id = $1 and role = 'judge' and closed_at is null",
        account.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Whether this judge has a sheet in this edition, signed or not.
pub(super) async fn has_sheet(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
) -> Result<bool> {
    let has = sqlx::query_scalar!(
        r#"
        select exists (
            select from sheet where edition_id = $1 and judge_id = $2
        ) as "has!"
        "#,
        edition.0,
        judge.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(has)
}

/// Adds a judge to the panel. Returns false if the judge is already on it.
pub(super) async fn insert_panel_member(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into panel_member (edition_id, judge_id) values ($1, $2)
        on conflict (edition_id, judge_id) do nothing
        ",
        edition.0,
        judge.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a judge from the panel. Returns false if the judge is not on it.
pub(super) async fn delete_panel_member(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
) -> Result<bool> {
    let done = sqlx::query!(
        "delete from panel_member where edition_id = $1 and judge_id = $2",
        edition.0,
        judge.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
