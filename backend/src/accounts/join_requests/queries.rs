//! SQL of requests for an account.

use domain::ids::EditionId;
use domain::text::{Email, OrganisationName, PersonName};
use phrases::Lang;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{JOIN_REQUESTS_PER_PAGE, JoinRequest, SentJoinRequest};
use crate::Result;

/// A request about to be stored.
pub(super) struct NewJoinRequest {
    pub(super) id: Uuid,
    pub(super) token_hash: Vec<u8>,
    pub(super) edition: EditionId,
    pub(super) organisation: OrganisationName,
    pub(super) person: PersonName,
    pub(super) email: Email,
    pub(super) note: String,
    pub(super) lang: Lang,
}

/// Stores a request that waits for its link, unless the address has an account. Returns whether it has
/// one. It is one statement in any case, so its time tells nothing.
pub(super) async fn insert_join_request(
    connection: &mut PgConnection,
    new: &NewJoinRequest,
) -> Result<bool> {
    let known = sqlx::query_scalar!(
        r#"
        with added as (
            insert into join_request
                (id, token_hash, edition_id, organisation_name, person_name, email, note, lang)
            select $1::uuid, $2::bytea, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::text
            where not exists (select from account where account.email = $6)
        )
        select exists (select from account where account.email = $6) as "known!"
        "#,
        new.id,
        new.token_hash,
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

/// Finds the request of a link. One that nobody has confirmed is found for a week.
pub(super) async fn find_join_request(
    connection: &mut PgConnection,
    edition: EditionId,
    token_hash: &[u8],
) -> Result<Option<SentJoinRequest>> {
    let row = sqlx::query_as!(
        SentJoinRequest,
        r#"
        select
            organisation_name as "organisation",
            person_name as "person",
            email,
            confirmed_at is not null as "confirmed!"
        from join_request
        where edition_id = $1
            and token_hash = $2
            and (confirmed_at is not null or created_at > now() - interval '7 days')
        "#,
        edition.0,
        token_hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

/// Confirms a request and deletes an older open one of the same address. The first statement locks all
/// requests of the address, so two links that are used at once follow each other.
pub(super) async fn confirm_join_request(
    connection: &mut PgConnection,
    edition: EditionId,
    token_hash: &[u8],
) -> Result<()> {
    sqlx::query!(
        "
        select from join_request
        where edition_id = $1
            and email = (select email from join_request where edition_id = $1 and token_hash = $2)
        order by id
        for update
        ",
        edition.0,
        token_hash,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        delete from join_request as older using join_request as new
        where new.edition_id = $1
            and new.token_hash = $2
            and new.confirmed_at is null
            and older.edition_id = $1
            and older.email = new.email
            and older.confirmed_at is not null
            and older.decided_at is null
        ",
        edition.0,
        token_hash,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        update join_request set confirmed_at = now()
        where edition_id = $1 and token_hash = $2 and confirmed_at is null
        ",
        edition.0,
        token_hash,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts the open requests of an edition.
pub(super) async fn count_open_join_requests(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<usize> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!" from join_request
        where edition_id = $1 and confirmed_at is not null and decided_at is null
        "#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Returns a page of the open requests of an edition, oldest first.
pub(super) async fn open_join_requests(
    connection: &mut PgConnection,
    edition: EditionId,
    skipped: usize,
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
            confirmed_at as "confirmed_at!"
        from join_request
        where edition_id = $1 and confirmed_at is not null and decided_at is null
        order by confirmed_at, id
        limit $2 offset $3
        "#,
        edition.0,
        i64::try_from(JOIN_REQUESTS_PER_PAGE).unwrap_or(i64::MAX),
        i64::try_from(skipped).unwrap_or(i64::MAX),
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
        where id = $1 and edition_id = $2 and confirmed_at is not null and decided_at is null
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

/// Deletes requests 30 days after their decision, those that nobody confirmed after a week, and open ones
/// 30 days after the call's close by the edition's clock. A rehearsal's clock may run ahead, so these are
/// kept for 30 real days at least.
pub(super) async fn delete_old_join_requests(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        delete from join_request using edition
        where edition.id = join_request.edition_id
            and (
                join_request.decided_at < now() - interval '30 days'
                or (
                    join_request.confirmed_at is null
                    and join_request.created_at < now() - interval '7 days'
                )
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
