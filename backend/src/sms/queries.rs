//! SQL of the text messages.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Text;
use crate::Result;

/// Queues a message.
pub(super) async fn insert(connection: &mut PgConnection, text: &Text) -> Result<()> {
    sqlx::query!(
        "
        insert into sms (id, edition_id, recipient, body, expires_at)
        values ($1, $2, $3, $4, now() + make_interval(mins => $5))
        ",
        Uuid::new_v4(),
        text.edition.0,
        text.to.canonical(),
        text.body,
        text.minutes,
    )
    .execute(connection)
    .await?;
    Ok(())
}
