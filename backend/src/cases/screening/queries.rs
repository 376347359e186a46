//! SQL of the screening.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId, DistrictId, EditionId, TrackId};
use sqlx::PgConnection;

use super::ScreeningLine;
use crate::Result;
use crate::cases::CaseState;
use crate::cases::queries::parse_state_word;

/// Returns the cases that were sent in: first the waiting ones, oldest first; then the decided ones,
/// newest decision first. A case that is being corrected has the title that was sent.
pub(super) async fn screening_list(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<ScreeningLine>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            case
                when state = 'returned' then coalesce(sent.title, '')
                else cases.title
            end as "title!",
            organisation.name as organisation_name,
            cases.track_id as "track: TrackId",
            cases.district_id as "district: DistrictId",
            sample,
            state,
            cases.version,
            submitted_at,
            returned_until,
            late,
            receipt_number,
            personal_reason is not null as "has_personal_data!",
            second_look is not null and state = 'submitted' as "second_look!"
        from cases
        join organisation on organisation.id = cases.organisation_id
        left join lateral (
            select title from case_version
            where case_id = cases.id and sent
            order by version desc
            limit 1
        ) as sent on true
        where edition_id = $1 and state in ('submitted', 'returned', 'accepted', 'rejected')
        order by screened_at desc nulls first, submitted_at, cases.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ScreeningLine {
                id: row.id,
                title: row.title,
                organisation_name: row.organisation_name,
                track: row.track,
                district: row.district,
                sample: row.sample,
                state: parse_state_word(&row.state)?,
                version: row.version,
                submitted_at: row.submitted_at,
                returned_until: row.returned_until,
                late: row.late,
                receipt_number: row.receipt_number,
                has_personal_data: row.has_personal_data,
                second_look: row.second_look,
            })
        })
        .collect()
}

/// A decision as it is stored.
pub(super) struct Decision<'a> {
    pub(super) state: CaseState,
    pub(super) reason: Option<&'a str>,
    pub(super) returned_until: Option<DateTime<Utc>>,
    /// By the edition's clock.
    pub(super) now: DateTime<Utc>,
    pub(super) by: AccountId,
}

/// Stores a decision. An undone decision leaves no time of screening, and a return that is undone counts as a new version:
/// the picture may have changed.
pub(super) async fn store_decision(
    connection: &mut PgConnection,
    id: CaseId,
    decision: &Decision<'_>,
) -> Result<()> {
    let waits = decision.state == CaseState::Submitted;
    sqlx::query!(
        "
        update cases
        set version = version + case when state = 'returned' and $2 = 'submitted' then 1 else 0 end,
            state = $2,
            reason = $3,
            returned_until = $4,
            screened_at = $5,
            screened_by = (select id from account where id = $6),
            -- What was added since the first of several days counts as new.
            returned_at = case when $2 = 'returned' then coalesce(returned_at, now()) end,
            written_since = written_since and $2 = 'returned'
        where id = $1
        ",
        id.0,
        decision.state.as_str(),
        decision.reason,
        decision.returned_until,
        (!waits).then_some(decision.now),
        decision.by.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether this administrator may decide about a case: not if a second look was asked for and the first was theirs, unless
/// there is no other administrator.
pub(super) async fn may_decide(
    connection: &mut PgConnection,
    case: CaseId,
    admin: AccountId,
) -> Result<bool> {
    let may = sqlx::query_scalar!(
        r#"
        select second_look is null
            or $2 is distinct from second_look_by and $2 is distinct from first_look_by
            or not exists (
                select from account
                where role = 'administrator' and id <> $2 and closed_at is null
            )
            as "may!"
        from cases
        where id = $1
        "#,
        case.0,
        admin.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(may)
}
