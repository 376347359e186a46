//! SQL of the mail queue.

use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// A mail that was claimed for sending.
pub(super) struct ClaimedMail {
    pub(super) id: Uuid,
    pub(super) edition: Option<EditionId>,
    pub(super) sealed: Vec<u8>,
    pub(super) tries: i32,
}

/// Queues an encrypted letter.
pub(super) async fn insert_mail(
    connection: &mut PgConnection,
    id: Uuid,
    edition: Option<EditionId>,
    sealed: &[u8],
    minutes: Option<i32>,
) -> Result<()> {
    sqlx::query!(
        "
        insert into mail (id, edition_id, sealed, expires_at)
        values ($1, $2, $3, now() + make_interval(mins => $4))
        ",
        id,
        edition.map(|edition| edition.0),
        sealed,
        minutes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Claims the next mail: codes and other mails to voters before those to staff and organisations, which
/// strangers can ask for in numbers. Delays its next try: 30 seconds, then twice as long each time; for a
/// mail that is soon over two minutes at the most, because a server that greylists takes it after five.
pub(super) async fn claim_next_mail(connection: &mut PgConnection) -> Result<Option<ClaimedMail>> {
    let mail = sqlx::query_as!(
        ClaimedMail,
        r#"
        update mail
        set tries = tries + 1,
            next_try_at = now() + least(
                interval '30 seconds' * power(2, least(tries, 8)),
                case when expires_at < now() + interval '1 hour' then interval '2 minutes' end
            )
        where id = (
            select id from mail
            where sent_at is null
                and refused_at is null
                and next_try_at <= now()
                and tries < 12
                and (expires_at is null or expires_at > now())
            order by (edition_id is null), next_try_at
            limit 1
            for update skip locked
        )
        returning id, edition_id as "edition: EditionId", sealed, tries
        "#,
    )
    .fetch_optional(connection)
    .await?;
    Ok(mail)
}

/// Marks a mail as sent and deletes its text and its address.
pub(super) async fn mark_mail_sent(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!("update mail set sent_at = now(), sealed = '' where id = $1", id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a mail that the other side refused for good, and deletes its text and its address.
pub(super) async fn mark_mail_refused(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!("update mail set refused_at = now(), sealed = '' where id = $1", id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes mails 7 days after they were queued, because addresses are personal data.
pub(super) async fn delete_old_mails(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        delete from mail
        where created_at < now() - interval '7 days'
            -- The text and the address of a code that is over are needed by nobody.
            or (expires_at < now() and sent_at is null and refused_at is null)
        ",
    )
    .execute(connection)
    .await?;
    Ok(())
}
