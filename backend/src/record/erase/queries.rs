//! SQL of the erase day.

use domain::ids::EditionId;
use sqlx::PgConnection;

use crate::Result;

/// Marks an edition as erased. Returns false if it was erased before.
pub(super) async fn mark_erased(connection: &mut PgConnection, edition: EditionId) -> Result<bool> {
    let done = sqlx::query!(
        "update record set erased_at = now() where edition_id = $1 and erased_at is null",
        edition.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes the sessions and codes of an edition's voters, messages that were never sent, the numbers
/// of codes by mail domain, and what the fraud checks noted and people wrote about it. The contacts themselves are stored nowhere else.
pub(super) async fn delete_contacts(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<()> {
    sqlx::query!(
        "delete from voter_session using poll where poll.id = poll_id and edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from challenge using poll where poll.id = poll_id and edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from contact_share using poll where poll.id = poll_id and edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from oidc_attempt using poll where poll.id = poll_id and edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    // What is recommended stays; whom it is about does not.
    sqlx::query!(
        "
        update recommendation set person_name = null, person_email = null, token_hash = null
        where edition_id = $1
        ",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    // Earlier texts of cases may name people.
    sqlx::query!(
        "delete from case_version using cases where cases.id = case_id and edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from sms where edition_id = $1", edition.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from mail where edition_id = $1", edition.0)
        .execute(&mut *connection)
        .await?;
    delete_notes_and_proofs(connection, edition).await?;
    delete_fraud_texts(connection, edition).await
}

/// Deletes notes of administrators about groups, and what proves held ballots again.
async fn delete_notes_and_proofs(connection: &mut PgConnection, edition: EditionId) -> Result<()> {
    sqlx::query!(
        "
        delete from fraud_note
        using fraud_group, poll
        where fraud_group.id = fraud_note.group_id
            and poll.id = fraud_group.poll_id
            and poll.edition_id = $1
        ",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from second_proof using poll where poll.id = poll_id and edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Deletes traces, and empties the texts of appeals, answers and notes, the evidence, and the hashes in
/// the names of groups. That there were some stays, because the public report counts them.
async fn delete_fraud_texts(connection: &mut PgConnection, edition: EditionId) -> Result<()> {
    sqlx::query!(
        "delete from ballot_trace using poll where poll.id = poll_id and edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        update appeal
        set message = '', answer = case when answer is null then null else '' end
        from poll
        where poll.id = appeal.poll_id and poll.edition_id = $1
        ",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        update fraud_ruling
        set note = '', proposed_on = ''
        from fraud_group, poll
        where fraud_group.id = fraud_ruling.group_id
            and poll.id = fraud_group.poll_id
            and poll.edition_id = $1
        ",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        update fraud_group set key = fraud_group.id::text
        from poll
        where poll.id = fraud_group.poll_id and poll.edition_id = $1
        ",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        update held_ballot set evidence = ''
        from poll
        where poll.id = held_ballot.poll_id and poll.edition_id = $1
        ",
        edition.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The editions whose erase day has come, by the real clock; without rehearsals.
pub(super) async fn editions_due_for_erasure(
    connection: &mut PgConnection,
    kept_days: i64,
) -> Result<Vec<String>> {
    let due = sqlx::query_scalar!(
        "
        select edition.slug
        from edition
        join record on record.edition_id = edition.id
        where record.erased_at is null
            and not edition.rehearsal
            and coalesce(edition.released_at, edition.archived_at)
                + $1::bigint * interval '1 day' <= now()
        ",
        kept_days,
    )
    .fetch_all(connection)
    .await?;
    Ok(due)
}

/// The editions that were erased.
pub(super) async fn list_erased_editions(connection: &mut PgConnection) -> Result<Vec<EditionId>> {
    let editions = sqlx::query_scalar!(
        r#"
        select edition_id as "edition_id!: EditionId" from record where erased_at is not null
        union all
        select edition_id from removed_edition
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(editions)
}
