//! SQL of the mails about a result.

use domain::ids::{CaseId, EditionId};
use sqlx::PgConnection;

use crate::Result;

/// Somebody who is told of a result.
pub(super) struct Recipient {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) lang_tag: String,
}

/// Returns the short names of editions whose result is released and was not told, with or without
/// rehearsals.
pub(super) async fn untold_editions(
    connection: &mut PgConnection,
    rehearsals: bool,
) -> Result<Vec<String>> {
    let slugs = sqlx::query_scalar!(
        "
        select edition.slug
        from edition
        join result on result.edition_id = edition.id
        where edition.published_at is not null
            and edition.released_at <= now() + make_interval(secs => clock_offset_seconds)
            and (not edition.rehearsal or $1)
            and not exists (
                select from result_mailing
                where result_mailing.edition_id = edition.id
                    and result_mailing.sha256 = result.sha256
            )
        ",
        rehearsals,
    )
    .fetch_all(connection)
    .await?;
    Ok(slugs)
}

/// Notes that a result is told by so many mails. Returns false if it was told before.
pub(super) async fn insert_mailing(
    connection: &mut PgConnection,
    (edition, sha256): (EditionId, &[u8]),
    mails: usize,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into result_mailing (edition_id, sha256, mails) values ($1, $2, $3)
        on conflict on constraint result_mailing_once do nothing
        ",
        edition.0,
        sha256,
        i32::try_from(mails).unwrap_or(i32::MAX),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns the members of the organisations with an accepted case, with that case.
pub(super) async fn members_of_cases(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<(CaseId, Recipient)>> {
    let rows = sqlx::query!(
        r#"
        select cases.id as "id: CaseId", account.email, account.name, account.lang
        from cases
        join account on account.organisation_id = cases.organisation_id
            and account.closed_at is null
        where cases.edition_id = $1 and cases.state = 'accepted'
        order by account.created_at, account.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    let rows = rows
        .into_iter()
        .map(|row| (row.id, Recipient { email: row.email, name: row.name, lang_tag: row.lang }));
    Ok(rows.collect())
}

/// Returns the judges who have signed a sheet. Those who have signed nothing have nothing to be thanked for.
pub(super) async fn judges_who_signed(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<Recipient>> {
    let judges = sqlx::query_as!(
        Recipient,
        r#"
        select account.email, account.name, account.lang as "lang_tag"
        from panel_member
        join account on account.id = panel_member.judge_id and account.closed_at is null
        where panel_member.edition_id = $1
            and exists (
                select from sheet
                join cases on cases.id = sheet.case_id
                where sheet.judge_id = panel_member.judge_id
                    and cases.edition_id = panel_member.edition_id
                    and sheet.signed_at is not null
            )
        order by account.created_at, account.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(judges)
}
