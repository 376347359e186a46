//! SQL of the reminders.

use chrono::{DateTime, Utc};
use domain::ids::{EditionId, OrganisationId};
use sqlx::PgConnection;

use crate::Result;

/// The cases of an organisation that are not sent in.
pub(super) struct OpenDrafts {
    pub(super) organisation: OrganisationId,
    /// Their titles, the oldest first.
    pub(super) titles: Vec<String>,
}

/// Notes a reminder for each organisation with drafts that has not got it for this close, and returns those. Two
/// servers at once note each of them once.
pub(super) async fn note_reminders(
    connection: &mut PgConnection,
    edition: EditionId,
    kind: &str,
    closes: DateTime<Utc>,
) -> Result<Vec<OpenDrafts>> {
    let drafts = sqlx::query_as!(
        OpenDrafts,
        r#"
        with drafts as (
            select organisation_id, array_agg(title order by created_at) as titles
            from cases
            where edition_id = $1 and state in ('draft', 'withdrawn')
            group by organisation_id
        ),
        noted as (
            insert into call_reminder (edition_id, organisation_id, kind, closes)
            select $1, organisation_id, $2, $3 from drafts
            on conflict do nothing
            returning organisation_id
        )
        select drafts.organisation_id as "organisation: OrganisationId", titles as "titles!"
        from noted
        join drafts on drafts.organisation_id = noted.organisation_id
        "#,
        edition.0,
        kind,
        closes,
    )
    .fetch_all(connection)
    .await?;
    Ok(drafts)
}
