//! SQL of the audit trail.

use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{AuditAction, AuditEvent, NewAuditEvent};
use crate::Result;

/// Writes one act.
pub(super) async fn insert_event(
    connection: &mut PgConnection,
    act: &NewAuditEvent<'_>,
) -> Result<()> {
    sqlx::query!(
        "
        insert into audit_event (id, edition_id, actor_id, action, subject, detail)
        values ($1, $2, $3, $4, $5, $6)
        ",
        Uuid::new_v4(),
        act.edition.map(|id| id.0),
        act.actor.map(|id| id.0),
        act.action.stored_name(),
        act.subject,
        act.detail,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts the acts of an edition, or of no edition, of one kind or of all kinds.
pub(super) async fn count_events(
    connection: &mut PgConnection,
    edition: Option<EditionId>,
    action: Option<AuditAction>,
) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from audit_event
        where (edition_id = $1 or ($1::uuid is null and edition_id is null))
            and (action = $2 or $2 is null)
        "#,
        edition.map(|id| id.0),
        action.map(AuditAction::stored_name),
    )
    .fetch_one(connection)
    .await?;
    Ok(count)
}

/// Returns a page of the acts of an edition, or of no edition, newest first, after the first `skip`
/// ones.
pub(super) async fn newest_events(
    connection: &mut PgConnection,
    edition: Option<EditionId>,
    action: Option<AuditAction>,
    skip: i64,
) -> Result<Vec<AuditEvent>> {
    let limit = i64::try_from(super::EVENTS_PER_PAGE).unwrap_or(i64::MAX);
    let events = sqlx::query!(
        r#"
        select
            audit_event.at,
            account.name as "actor?",
            audit_event.action,
            audit_event.subject,
            case when audit_event.subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
                coalesce(
                    (select name from account where id = audit_event.subject::uuid),
                    (select name from organisation where id = audit_event.subject::uuid),
                    -- As it was sent in: what is being written is for its organisation alone.
                    (
                        select
                            case
                                when state in ('submitted', 'accepted', 'rejected') then title
                                else (
                                    select case_version.title from case_version
                                    where case_id = cases.id and sent
                                    order by case_version.version desc
                                    limit 1
                                )
                            end
                        from cases
                        where id = audit_event.subject::uuid
                    )
                )
            end as "subject_name?",
            audit_event.detail
        from audit_event
        left join account on account.id = audit_event.actor_id
        where (audit_event.edition_id = $1 or ($1::uuid is null and audit_event.edition_id is null))
            and (audit_event.action = $2 or $2 is null)
        order by audit_event.at desc, audit_event.id
        limit $3 offset $4
        "#,
        edition.map(|id| id.0),
        action.map(AuditAction::stored_name),
        limit,
        skip,
    )
    .fetch_all(connection)
    .await?;
    Ok(events
        .into_iter()
        .map(|row| AuditEvent {
            at: row.at,
            actor: row.actor,
            action: AuditAction::from_stored_name(&row.action),
            action_name: row.action,
            subject: row.subject,
            subject_name: row.subject_name,
            detail: row.detail,
        })
        .collect())
}
