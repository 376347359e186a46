//! SQL of requests for an account.

use domain::ids::EditionId;
use domain::text::{Email, OrganisationName, PersonName};
use phrases::Lang;
use sqlx::PgConnection;
use uuid::Uuid;

use super::JoinRequest;
use crate::Result;

/// Most open requests on one page. The others follow when these are decided.
const SHOWN_REQUESTS: i64 = 100;

/// A request about to be stored.
pub(super) struct NewJoinRequest {
    pub(super) id: Uuid,
    pub(super) edition: EditionId,
    pub(super) organisation: OrganisationName,
    pub(super) person: PersonName,
    pub(super) email: Email,
    pub(super) note: String,
    pub(super) lang: Lang,
}

/// Stores a request, unless the address has an account or an open request. Returns whether it has an
/// account. It is one statement in any case, so its time tells nothing.
pub(super) async fn insert_join_request(
    connection: &mut PgConnection,
    new: &NewJoinRequest,
) -> Result<bool> {
    let known = sqlx::query_scalar!(
        r#"
        with added as (
            insert into join_request
                (id, edition_id, organisation_name, person_name, email, note, lang)
            select $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text
            where not exists (select from account where account.email = $5)
            on conflict (edition_id, email) where decided_at is null do update
            set organisation_name = excluded.organisation_name,
                person_name = excluded.person_name,
                note = excluded.note,
                lang = excluded.lang
        )
        select exists (select from account where account.email = $5) as "known!"
        "#,
        new.id,
        new.edition.0,
        new.organisation.as_str(),
        new.person.as_str(),
        new.email.as_str(),
        new.note,
        new.lang.language_tag(),
    )
    .fetch_one(connection)
    .await?;
    Ok(known)
}

/// Returns the open requests of an edition, oldest first.
pub(super) async fn open_join_requests(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<JoinRequest>> {
    let rows = sqlx::query_as!(
        JoinRequest,
        r#"
        select
            id,
            organisation_name as "organisation",
            person_name as "person",
            email,
            note,
            created_at
        from join_request
        where edition_id = $1 and decided_at is null
        order by created_at, id
        limit $2
        "#,
        edition.0,
        SHOWN_REQUESTS,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Returns the names of all organisations.
pub(super) async fn organisation_names(connection: &mut PgConnection) -> Result<Vec<String>> {
    let names = sqlx::query_scalar!("select name from organisation order by name")
        .fetch_all(connection)
        .await?;
    Ok(names)
}

/// A request that was decided.
pub(super) struct DecidedRequest {
    pub(super) organisation: String,
    pub(super) email: String,
    pub(super) lang: String,
}

/// Decides an open request. Returns `None` if it is not open.
pub(super) async fn decide_join_request(
    connection: &mut PgConnection,
    edition: EditionId,
    request: Uuid,
    decision: &str,
) -> Result<Option<DecidedRequest>> {
    let row = sqlx::query_as!(
        DecidedRequest,
        r#"
        update join_request set decision = $3, decided_at = now()
        where id = $1 and edition_id = $2 and decided_at is null
        returning organisation_name as "organisation", email, lang
        "#,
        request,
        edition.0,
        decision,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

/// Deletes requests 30 days after their decision, and open ones 30 days after the call's close by the
/// edition's clock. A rehearsal's clock may run ahead, so these are kept for 30 real days at least.
pub(super) async fn delete_old_join_requests(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        delete from join_request using edition
        where edition.id = join_request.edition_id
            and (
                join_request.decided_at < now() - interval '30 days'
                or (
                    join_request.created_at < now() - interval '30 days'
                    and edition.call_closes < now()
                        + make_interval(secs => edition.clock_offset_seconds) - interval '30 days'
                )
            )
        ",
    )
    .execute(connection)
    .await?;
    Ok(())
}
