//! SQL of the partners of a case.

use chrono::NaiveDate;
use domain::ids::{AccountId, CaseId, FileId, OrganisationId};
use sqlx::PgConnection;

use super::{CasePartner, PartnerRequest, PartnerState};
use crate::{Error, Result};

fn parse_partner_word(word: &str) -> Result<PartnerState> {
    PartnerState::from_word(word).ok_or(Error::Internal("a partner has an unknown state"))
}

/// Returns the partners of a case, by their names.
pub(super) async fn select_partners(
    connection: &mut PgConnection,
    case: CaseId,
) -> Result<Vec<CasePartner>> {
    let rows = sqlx::query!(
        r#"
        select organisation_id as "organisation: OrganisationId", organisation.name, state
        from case_partner
        join organisation on organisation.id = organisation_id
        where case_id = $1
        order by organisation.name, organisation.id
        "#,
        case.0,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(CasePartner {
                organisation: row.organisation,
                name: row.name,
                state: parse_partner_word(&row.state)?,
            })
        })
        .collect()
}

/// Names a partner. The caller has locked the case. Returns false if it is named already, or the case has the most partners.
pub(super) async fn insert_partner(
    connection: &mut PgConnection,
    (case, organisation): (CaseId, OrganisationId),
    by: AccountId,
    most: i64,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into case_partner (case_id, organisation_id, state, asked_by)
        select $1, $2, 'asked', $3
        where (select count(*) from case_partner where case_id = $1) < $4
            -- Each time is a mail, also if the partner was removed meanwhile.
            and (
                select count(*) from audit_event
                join cases on cases.id = $1
                where audit_event.edition_id = cases.edition_id
                    and action = 'case.partner_asked'
                    and subject = cases.id::text
            ) < 2 * $4
        on conflict do nothing
        ",
        case.0,
        organisation.0,
        by.0,
        most,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a partner. Returns false if it is none.
pub(super) async fn delete_partner(
    connection: &mut PgConnection,
    case: CaseId,
    organisation: OrganisationId,
) -> Result<bool> {
    let done = sqlx::query!(
        "delete from case_partner where case_id = $1 and organisation_id = $2",
        case.0,
        organisation.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores the answer of a partner. Returns false if it is none.
pub(super) async fn store_answer(
    connection: &mut PgConnection,
    (case, organisation): (CaseId, OrganisationId),
    state: PartnerState,
    by: AccountId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update case_partner
        set state = $3, answered_by = $4, answered_at = now()
        where case_id = $1 and organisation_id = $2
        ",
        case.0,
        organisation.0,
        state.stored_word(),
        by.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns the cases that name an organisation as a partner, the newest first.
pub(super) async fn select_requests(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<PartnerRequest>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "case: CaseId",
            edition.slug,
            organisation.name as lead_name,
            cases.title,
            cases.summary,
            agreement_title,
            agreement_on,
            case_partner.state
        from case_partner
        join cases on cases.id = case_partner.case_id
        join edition on edition.id = cases.edition_id
        join organisation on organisation.id = cases.organisation_id
        where case_partner.organisation_id = $1
        order by case_partner.asked_at desc, cases.id
        "#,
        organisation.0,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PartnerRequest {
                case: row.case,
                edition_slug: row.slug,
                lead_name: row.lead_name,
                title: row.title,
                summary: row.summary,
                agreement_title: row.agreement_title,
                agreement_on: row.agreement_on,
                state: parse_partner_word(&row.state)?,
            })
        })
        .collect()
}

/// Stores the agreement behind a case. A document of another case is none.
pub(super) async fn update_agreement(
    connection: &mut PgConnection,
    case: CaseId,
    (title, on): (&str, Option<NaiveDate>),
    file: Option<FileId>,
) -> Result<()> {
    sqlx::query!(
        "
        update cases
        set agreement_title = $2,
            agreement_on = $3,
            agreement_file = (select id from case_file where id = $4 and case_id = $1)
        where id = $1
        ",
        case.0,
        title,
        on,
        file.map(|id| id.0),
    )
    .execute(connection)
    .await?;
    Ok(())
}
