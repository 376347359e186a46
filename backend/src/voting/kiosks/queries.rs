//! SQL of the shared machines.

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Kiosk, KioskMode};
use crate::Result;

/// A machine about to be opened.
pub(super) struct NewKioskRow<'a> {
    pub(super) id: Uuid,
    pub(super) edition: EditionId,
    pub(super) place: &'a str,
    pub(super) start: &'a [u8],
    pub(super) until: DateTime<Utc>,
}

/// Stores a machine with its start link.
pub(super) async fn insert_kiosk(
    connection: &mut PgConnection,
    new: &NewKioskRow<'_>,
    minutes: i32,
) -> Result<()> {
    sqlx::query!(
        "
        insert into kiosk (id, edition_id, place, start_hash, start_until, expires_at)
        values ($1, $2, $3, $4, now() + make_interval(mins => $5), $6)
        ",
        new.id,
        new.edition.0,
        new.place,
        new.start,
        minutes,
        new.until,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Uses a start link up, in one statement, so that it makes only one kiosk. Returns the time at
/// which the kiosk ends.
pub(super) async fn use_start_link(
    connection: &mut PgConnection,
    start: &[u8],
    device: &[u8],
) -> Result<Option<DateTime<Utc>>> {
    let until = sqlx::query_scalar!(
        "
        update kiosk set start_hash = null, start_until = null, device_hash = $2
        where start_hash = $1 and start_until > now() and expires_at > now() and ended_at is null
        returning expires_at
        ",
        start,
        device,
    )
    .fetch_optional(connection)
    .await?;
    Ok(until)
}

/// Checks whether a start link can be used.
pub(super) async fn can_use_start_link(
    connection: &mut PgConnection,
    start: &[u8],
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"
        select exists (
            select from kiosk
            where start_hash = $1
                and start_until > now()
                and expires_at > now()
                and ended_at is null
        ) as "found!"
        "#,
        start,
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// Returns the edition that a machine is open for. `None` once it has ended.
pub(super) async fn find_kiosk_mode(
    connection: &mut PgConnection,
    device: &[u8],
) -> Result<Option<KioskMode>> {
    let mode = sqlx::query_as!(
        KioskMode,
        r#"
        select edition.id as "edition: EditionId", edition.slug
        from kiosk
        join edition on edition.id = kiosk.edition_id
        where kiosk.device_hash = $1 and kiosk.expires_at > now() and kiosk.ended_at is null
        "#,
        device,
    )
    .fetch_optional(connection)
    .await?;
    Ok(mode)
}

/// The machines of an edition, the newest first, at most 200.
pub(super) async fn list_kiosks(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<Kiosk>> {
    let kiosks = sqlx::query_as!(
        Kiosk,
        r#"
        select
            id,
            place,
            device_hash is not null as "started!",
            expires_at,
            (
                ended_at is not null
                or expires_at <= now()
                or (device_hash is null and start_until <= now())
            ) as "over!"
        from kiosk
        where edition_id = $1
        order by created_at desc
        limit 200
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(kiosks)
}

/// Ends a machine and returns its place. `None` if staff ended it before.
pub(super) async fn mark_kiosk_ended(
    connection: &mut PgConnection,
    edition: EditionId,
    id: Uuid,
) -> Result<Option<String>> {
    let place = sqlx::query_scalar!(
        "
        update kiosk set ended_at = now(), device_hash = null, start_hash = null
        where id = $2 and edition_id = $1 and ended_at is null
        returning place
        ",
        edition.0,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(place)
}

/// Deletes machines 30 days after their hour.
pub(super) async fn delete_old_kiosks(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from kiosk where expires_at < now() - interval '30 days'")
        .execute(connection)
        .await?;
    Ok(())
}
