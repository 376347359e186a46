//! SQL of the text messages, of their budget, and of the gateway's circuit breaker.

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::TextBudget;
use crate::Result;

/// Queues an encrypted message, which expires after `minutes`.
pub(super) async fn insert_text(
    connection: &mut PgConnection,
    (edition, id): (EditionId, Uuid),
    sealed: &[u8],
    price: i64,
    minutes: i32,
) -> Result<()> {
    sqlx::query!(
        "
        insert into sms (id, edition_id, sealed, price, expires_at)
        values ($1, $2, $3, $4, now() + make_interval(mins => $5))
        ",
        id,
        edition.0,
        sealed,
        price,
        minutes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the price of a message from an edition's budget. Returns false if too little is left.
pub(super) async fn pay_from_edition(
    connection: &mut PgConnection,
    edition: EditionId,
    budget: TextBudget,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into sms_account (edition_id, spent)
        select $1, $2::bigint where $2 <= $3::bigint
        on conflict (edition_id) do update set spent = sms_account.spent + $2
            where sms_account.spent + $2 <= $3
        ",
        edition.0,
        budget.price,
        budget.per_edition,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the price of a message from this hour's budget. Returns false if too little is left.
pub(super) async fn pay_from_hour(
    connection: &mut PgConnection,
    budget: TextBudget,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into sms_hour (began, spent)
        select date_trunc('hour', now()), $1::bigint where $1 <= $2::bigint
        on conflict (began) do update set spent = sms_hour.spent + $1
            where sms_hour.spent + $1 <= $2
        ",
        budget.price,
        budget.per_hour,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the gateway may be called: it works, or its rest is over and a message may try it.
pub(super) async fn is_gateway_available(connection: &mut PgConnection) -> Result<bool> {
    let up = sqlx::query_scalar!(
        r#"select coalesce(rests_until <= now(), true) as "up!" from sms_gateway"#,
    )
    .fetch_one(connection)
    .await?;
    Ok(up)
}

/// A message that was claimed for sending.
pub(super) struct ClaimedText {
    pub(super) id: Uuid,
    pub(super) edition: EditionId,
    pub(super) sealed: Vec<u8>,
    pub(super) tries: i32,
}

/// Claims the next message and delays its next try: 20 seconds, then twice as long each time.
/// While the gateway rests, no message is claimed. After the rest, one message is claimed as a
/// trial and a new rest begins, so that no second message follows before the result is known.
pub(super) async fn claim_next_text(connection: &mut PgConnection) -> Result<Option<ClaimedText>> {
    let text = sqlx::query_as!(
        ClaimedText,
        r#"
        with next as (
            select id from sms
            where next_try_at <= now() and expires_at > now() and tries < 4
            order by next_try_at
            limit 1
            for update skip locked
        ), probe as (
            update sms_gateway set rests_until = now() + interval '30 seconds'
            where rests_until <= now() and exists (select from next)
            returning only_row
        )
        update sms
        set tries = tries + 1, next_try_at = now() + interval '20 seconds' * power(2, tries)
        where id = (select id from next)
            and (
                (select rests_until is null from sms_gateway)
                or exists (select from probe)
            )
        returning id, edition_id as "edition: EditionId", sealed, tries
        "#,
    )
    .fetch_optional(connection)
    .await?;
    Ok(text)
}

/// Deletes a sent message and counts it.
pub(super) async fn delete_sent_text(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!(
        "
        with gone as (delete from sms where id = $1 returning edition_id)
        update sms_account set sent = sent + 1
        from gone where sms_account.edition_id = gone.edition_id
        ",
        id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes a message that the gateway refuses, counts it as failed and gives its price back.
pub(super) async fn drop_refused_text(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!(
        "
        with gone as (delete from sms where id = $1 returning edition_id, price), hour as (
            update sms_hour set spent = greatest(sms_hour.spent - gone.price, 0)
            from gone where sms_hour.began = date_trunc('hour', now())
        )
        update sms_account
        set failed = failed + 1, spent = greatest(sms_account.spent - gone.price, 0)
        from gone where sms_account.edition_id = gone.edition_id
        ",
        id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes expired messages and those without tries left, counts them as failed and gives their
/// price back.
pub(super) async fn drop_expired_texts(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        with gone as (
            delete from sms
            where expires_at <= now() or (tries >= 4 and next_try_at <= now())
            returning edition_id, price
        ), total as (
            select edition_id, count(*) as number, sum(price)::bigint as price
            from gone group by edition_id
        ), hour as (
            update sms_hour set spent = greatest(sms_hour.spent - (select sum(price) from gone)::bigint, 0)
            where sms_hour.began = date_trunc('hour', now()) and exists (select from gone)
        )
        update sms_account
        set failed = failed + total.number, spent = greatest(sms_account.spent - total.price, 0)
        from total where sms_account.edition_id = total.edition_id
        ",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the price of another try, because the last one may have been delivered and charged.
pub(super) async fn pay_for_retry(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!(
        "
        with text as (select edition_id, price from sms where id = $1), paid as (
            update sms_account set spent = sms_account.spent + text.price
            from text where sms_account.edition_id = text.edition_id
            returning text.price
        )
        insert into sms_hour (began, spent) select date_trunc('hour', now()), price from paid
        on conflict (began) do update set spent = sms_hour.spent + excluded.spent
        ",
        id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that the gateway works.
pub(super) async fn record_gateway_success(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        update sms_gateway set failures = 0, trips = 0, rests_until = null
        where failures > 0 or rests_until is not null
        ",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that the gateway failed. After `most` failures in a row, or after a failed trial, it
/// rests: 30 seconds, then twice as long each time, up to 8 minutes.
pub(super) async fn record_gateway_failure(connection: &mut PgConnection, most: i32) -> Result<()> {
    sqlx::query!(
        "
        update sms_gateway set
            failures = failures + 1,
            trips = case when failures + 1 >= $1 then trips + 1 else trips end,
            rests_until = case
                when failures + 1 >= $1 then now() + interval '30 seconds' * power(2, least(trips, 4))
            end
        ",
        most,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the spending of hours that began more than a day ago.
pub(super) async fn delete_old_hours(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from sms_hour where began < now() - interval '1 day'")
        .execute(connection)
        .await?;
    Ok(())
}

/// The numbers of an edition.
pub(super) struct TextCounts {
    pub(super) sent: i64,
    pub(super) failed: i64,
    pub(super) spent: i64,
    pub(super) waiting: i64,
    pub(super) spent_this_hour: i64,
    pub(super) rests_until: Option<DateTime<Utc>>,
}

/// Returns the numbers of an edition's messages.
pub(super) async fn text_counts(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<TextCounts> {
    let status = sqlx::query_as!(
        TextCounts,
        r#"
        select
            coalesce(account.sent, 0) as "sent!",
            coalesce(account.failed, 0) as "failed!",
            coalesce(account.spent, 0) as "spent!",
            (select count(*) from sms where edition_id = $1) as "waiting!",
            coalesce(
                (select spent from sms_hour where began = date_trunc('hour', now())), 0
            ) as "spent_this_hour!",
            case when rests_until > now() then rests_until end as rests_until
        from sms_gateway
        left join sms_account as account on account.edition_id = $1
        "#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(status)
}
