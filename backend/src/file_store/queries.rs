//! SQL of stored objects.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// Notes an object before it is written.
pub(super) async fn insert_object(connection: &mut PgConnection, key: Uuid) -> Result<()> {
    sqlx::query!("insert into stored_object (key) values ($1)", key).execute(connection).await?;
    Ok(())
}

/// Deletes uploads that began a day ago.
pub(super) async fn delete_old_uploads(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from upload where begun_at < now() - interval '1 day'")
        .execute(connection)
        .await?;
    Ok(())
}

/// Returns at most 1,000 objects that were written an hour ago and that nothing refers to.
pub(super) async fn unused_objects(connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    let keys = sqlx::query_scalar!(
        "
        select key from stored_object
        where made_at < now() - interval '1 hour'
        and not exists (select from case_file where case_file.object = stored_object.key)
        and not exists (select from upload_part where upload_part.object = stored_object.key)
        limit 1000
        "
    )
    .fetch_all(connection)
    .await?;
    Ok(keys)
}

/// Forgets an object that was deleted.
pub(super) async fn delete_object_row(connection: &mut PgConnection, key: Uuid) -> Result<()> {
    sqlx::query!("delete from stored_object where key = $1", key).execute(connection).await?;
    Ok(())
}
