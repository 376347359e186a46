//! SQL of the budgets.

use sqlx::PgConnection;

use super::BudgetChange;
use crate::Result;

/// Reads what an operator has set.
pub(super) async fn read_budget(connection: &mut PgConnection) -> Result<BudgetChange> {
    let set = sqlx::query_as!(
        BudgetChange,
        "select codes_per_hour, texts_per_hour, texts_per_edition from budget",
    )
    .fetch_one(connection)
    .await?;
    Ok(set)
}

/// Stores what an operator sets; null for the numbers of the flags.
pub(super) async fn store_budget(connection: &mut PgConnection, set: BudgetChange) -> Result<()> {
    sqlx::query!(
        "update budget set codes_per_hour = $1, texts_per_hour = $2, texts_per_edition = $3",
        set.codes_per_hour,
        set.texts_per_hour,
        set.texts_per_edition,
    )
    .execute(connection)
    .await?;
    Ok(())
}
