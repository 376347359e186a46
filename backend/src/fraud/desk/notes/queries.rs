//! SQL of notes about groups.

use domain::ids::AccountId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::GroupNote;
use crate::Result;

/// Stores a note.
pub(super) async fn insert_note(
    connection: &mut PgConnection,
    group: Uuid,
    writer: AccountId,
    message: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into fraud_note (id, group_id, written_by, message) values ($1, $2, $3, $4)",
        Uuid::new_v4(),
        group,
        writer.0,
        message,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns the notes about a group, the newest first.
pub(super) async fn read_notes(
    connection: &mut PgConnection,
    group: Uuid,
) -> Result<Vec<GroupNote>> {
    let notes = sqlx::query_as!(
        GroupNote,
        r#"
        select
            fraud_note.message,
            coalesce(account.name, '') as "writer!",
            fraud_note.written_at
        from fraud_note
        left join account on account.id = fraud_note.written_by
        where fraud_note.group_id = $1
        order by fraud_note.written_at desc
        limit 100
        "#,
        group,
    )
    .fetch_all(connection)
    .await?;
    Ok(notes)
}
