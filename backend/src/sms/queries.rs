//! SQL of the text messages, of their budget, and of the breaker.

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Budget;
use crate::Result;

/// Queues a sealed message, which is worth sending for so many minutes.
pub(super) async fn insert(
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

/// Sets the price of a message aside from an edition's budget; false where it does not suffice.
pub(super) async fn pay_from_edition(
    connection: &mut PgConnection,
    edition: EditionId,
    budget: Budget,
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
        budget.an_edition,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets the price of a message aside from this hour's budget; false where it does not suffice.
pub(super) async fn pay_from_hour(connection: &mut PgConnection, budget: Budget) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into sms_hour (began, spent)
        select date_trunc('hour', now()), $1::bigint where $1 <= $2::bigint
        on conflict (began) do update set spent = sms_hour.spent + $1
            where sms_hour.spent + $1 <= $2
        ",
        budget.price,
        budget.an_hour,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the gateway may be asked: it works, or its rest is over and a message may try it.
pub(super) async fn gateway_is_up(connection: &mut PgConnection) -> Result<bool> {
    let up = sqlx::query_scalar!(
        r#"select coalesce(rests_until <= now(), true) as "up!" from sms_gateway"#,
    )
    .fetch_one(connection)
    .await?;
    Ok(up)
}

/// A message whose turn it is.
pub(super) struct Waiting {
    pub(super) id: Uuid,
    pub(super) edition: EditionId,
    pub(super) sealed: Vec<u8>,
    pub(super) tries: i32,
}

/// Takes the next message and puts its next try off: 20 seconds, then twice as long each time.
/// While the gateway rests none is taken; after the rest one, which begins another rest before it
/// knows, so that no second one follows.
pub(super) async fn claim(connection: &mut PgConnection) -> Result<Option<Waiting>> {
    let text = sqlx::query_as!(
        Waiting,
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

/// Forgets a message that is out, and counts it.
pub(super) async fn sent(connection: &mut PgConnection, id: Uuid) -> Result<()> {
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

/// Forgets a message that the gateway will not take, and gives its price back.
pub(super) async fn drop_one(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!(
        "
        with gone as (delete from sms where id = $1 returning edition_id, price)
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

/// Forgets messages that nobody waits for any more, and gives their price back.
pub(super) async fn drop_old(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        with gone as (
            delete from sms
            where expires_at <= now() or (tries >= 4 and next_try_at <= now())
            returning edition_id, price
        ), total as (
            select edition_id, count(*) as number, sum(price)::bigint as price
            from gone group by edition_id
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

/// Sets the price of another try aside: the last one may have been delivered, and cost.
pub(super) async fn pay_again(connection: &mut PgConnection, id: Uuid) -> Result<()> {
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

/// Notes that the gateway works.
pub(super) async fn gateway_works(connection: &mut PgConnection) -> Result<()> {
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

/// Notes that the gateway failed. After so many in a row, or after a message that tried it, it is
/// left alone: half a minute, then twice as long each time, up to eight minutes.
pub(super) async fn gateway_failed(connection: &mut PgConnection, most: i32) -> Result<()> {
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

/// Deletes the accounts of past hours.
pub(super) async fn forget_hours(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from sms_hour where began < now() - interval '1 day'")
        .execute(connection)
        .await?;
    Ok(())
}

/// The numbers of an edition.
pub(super) struct Status {
    pub(super) sent: i64,
    pub(super) failed: i64,
    pub(super) spent: i64,
    pub(super) waiting: i64,
    pub(super) spent_this_hour: i64,
    pub(super) rests_until: Option<DateTime<Utc>>,
}

/// What became of an edition's messages.
pub(super) async fn status(connection: &mut PgConnection, edition: EditionId) -> Result<Status> {
    let status = sqlx::query_as!(
        Status,
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
