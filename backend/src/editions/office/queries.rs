//! SQL of the office and its notices.

use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Office, PublicNotice};
use crate::Result;

/// Returns whom people can ask about an edition.
pub(super) async fn find_office(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<Office>> {
    let office = sqlx::query_as!(
        Office,
        "
        select
            department, telephone, email, hours, privacy_officer, privacy_contact, processors,
            privacy_more, help_more, terms_more
        from edition_office
        where edition_id = $1
        ",
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(office)
}

/// Stores whom people can ask about an edition.
pub(super) async fn put_office(
    connection: &mut PgConnection,
    edition: EditionId,
    office: &Office,
) -> Result<()> {
    sqlx::query!(
        "
        insert into edition_office (
            edition_id, department, telephone, email, hours, privacy_officer, privacy_contact,
            processors, privacy_more, help_more, terms_more
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (edition_id) do update
        set department = excluded.department,
            telephone = excluded.telephone,
            email = excluded.email,
            hours = excluded.hours,
            privacy_officer = excluded.privacy_officer,
            privacy_contact = excluded.privacy_contact,
            processors = excluded.processors,
            privacy_more = excluded.privacy_more,
            help_more = excluded.help_more,
            terms_more = excluded.terms_more,
            changed_at = now()
        ",
        edition.0,
        office.department,
        office.telephone,
        office.email,
        office.hours,
        office.privacy_officer,
        office.privacy_contact,
        office.processors,
        office.privacy_more,
        office.help_more,
        office.terms_more,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns the notices of an edition, the newest first.
pub(super) async fn read_notices(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<PublicNotice>> {
    let notices = sqlx::query_as!(
        PublicNotice,
        "
        select id, title, body, published_at
        from notice
        where edition_id = $1
        order by published_at desc, id
        limit 200
        ",
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(notices)
}

/// Stores a notice.
pub(super) async fn insert_notice(
    connection: &mut PgConnection,
    edition: EditionId,
    title: &str,
    body: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into notice (id, edition_id, title, body) values ($1, $2, $3, $4)",
        Uuid::new_v4(),
        edition.0,
        title,
        body,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes a notice and returns its title.
pub(super) async fn delete_notice(
    connection: &mut PgConnection,
    edition: EditionId,
    notice: Uuid,
) -> Result<Option<String>> {
    let title = sqlx::query_scalar!(
        "delete from notice where id = $1 and edition_id = $2 returning title",
        notice,
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(title)
}
