//! SQL of the mail queue.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Letter;
use crate::Result;

/// A mail whose turn it is.
pub(super) struct Waiting {
    pub(super) id: Uuid,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) tries: i32,
}

/// Queues a letter.
pub(super) async fn insert(connection: &mut PgConnection, letter: &Letter) -> Result<()> {
    sqlx::query!(
        "insert into mail (id, recipient, subject, body) values ($1, $2, $3, $4)",
        Uuid::new_v4(),
        letter.to.as_str(),
        letter.subject,
        letter.body,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the next mail and puts its next try off: half a minute, then twice as long each time.
pub(super) async fn claim(connection: &mut PgConnection) -> Result<Option<Waiting>> {
    let mail = sqlx::query_as!(
        Waiting,
        "
        update mail
        set tries = tries + 1, next_try_at = now() + interval '30 seconds' * power(2, least(tries, 8))
        where id = (
            select id from mail
            where sent_at is null and next_try_at <= now() and tries < 12
            order by next_try_at
            limit 1
            for update skip locked
        )
        returning id, recipient, subject, body, tries
        ",
    )
    .fetch_optional(connection)
    .await?;
    Ok(mail)
}

/// Notes that a mail is out, and forgets what it said and to whom.
pub(super) async fn sent(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!(
        "update mail set sent_at = now(), recipient = '', subject = '', body = '' where id = $1",
        id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes mails after a week: the address is personal, and has done its work.
pub(super) async fn forget(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from mail where created_at < now() - interval '7 days'")
        .execute(connection)
        .await?;
    Ok(())
}
