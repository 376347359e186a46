//! SQL of the trail.

use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Act, AuditEvent};
use crate::Result;

/// Writes one act.
pub(super) async fn insert(connection: &mut PgConnection, act: &Act<'_>) -> Result<()> {
    sqlx::query!(
        "
        insert into audit_event (id, edition_id, actor_id, action, subject, detail)
        values ($1, $2, $3, $4, $5, $6)
        ",
        Uuid::new_v4(),
        act.edition.map(|id| id.0),
        act.actor.map(|id| id.0),
        act.action,
        act.subject,
        act.detail,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest acts of an edition.
pub(super) async fn newest(
    connection: &mut PgConnection,
    edition: EditionId,
    limit: i64,
) -> Result<Vec<AuditEvent>> {
    let events = sqlx::query_as!(
        AuditEvent,
        r#"
        select
            audit_event.at,
            account.name as "actor?",
            audit_event.action,
            audit_event.subject,
            audit_event.detail
        from audit_event
        left join account on account.id = audit_event.actor_id
        where audit_event.edition_id = $1
        order by audit_event.at desc, audit_event.id
        limit $2
        "#,
        edition.0,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(events)
}
