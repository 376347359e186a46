//! SQL of the codes that came back from each mail domain.

use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ContactShare, MailShare};
use crate::voting::sessions::ProvenVoter;
use crate::{Error, Result};

/// Adds a code to its domain, in each of these polls.
pub(super) async fn add_to_share(
    connection: &mut PgConnection,
    share: &MailShare,
    proven: &[ProvenVoter],
) -> Result<()> {
    let polls: Vec<Uuid> = proven.iter().map(|voter| voter.poll.0).collect();
    // The order is fixed, so that two codes never wait for each other.
    sqlx::query!(
        "
        insert into contact_share (poll_id, domain, codes, tagged)
        select poll_id, $2::text, 1, case when $3::bool then 1 else 0 end
        from unnest($1::uuid[]) as poll_id
        order by poll_id
        on conflict (poll_id, domain) do update
        set codes = contact_share.codes + 1,
            tagged = contact_share.tagged + excluded.tagged
        ",
        &polls,
        share.domain,
        share.tagged,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts the domains of a poll with fewer codes than this together under the empty name.
pub(super) async fn gather_small_domains(
    connection: &mut PgConnection,
    poll: PollId,
    few: i64,
) -> Result<()> {
    sqlx::query!(
        "
        with small as (
            delete from contact_share
            where poll_id = $1 and codes < $2 and domain <> ''
            returning codes, tagged
        )
        insert into contact_share (poll_id, domain, codes, tagged)
        select $1, '', sum(codes)::bigint, sum(tagged)::bigint
        from small
        having count(*) > 0
        on conflict (poll_id, domain) do update
        set codes = contact_share.codes + excluded.codes,
            tagged = contact_share.tagged + excluded.tagged
        ",
        poll.0,
        few,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lists the shares of the closed polls. Domains with fewer codes than this are put together, in
/// case one came back after the close.
pub(super) async fn list_shares(
    connection: &mut PgConnection,
    edition: EditionId,
    few: i64,
) -> Result<Vec<ContactShare>> {
    let rows = sqlx::query!(
        r#"
        with shown as (
            select
                poll_id,
                case when codes < $2 then '' else domain end as domain,
                codes,
                tagged
            from contact_share
        )
        select
            poll.slug as "slug!",
            shown.domain as "domain!",
            sum(shown.codes)::bigint as "codes!",
            sum(shown.tagged)::bigint as "tagged!"
        from shown
        join poll on poll.id = shown.poll_id
        where poll.edition_id = $1 and poll.closed_at is not null
        group by poll.id, shown.domain
        order by poll.position, shown.domain = '', sum(shown.codes) desc, shown.domain
        "#,
        edition.0,
        few,
    )
    .fetch_all(connection)
    .await?;
    let count = |number: i64| {
        u64::try_from(number).map_err(|_| Error::Internal("fewer than no codes came back"))
    };
    rows.into_iter()
        .map(|row| {
            Ok(ContactShare {
                poll: row.slug,
                domain: Some(row.domain).filter(|domain| !domain.is_empty()),
                codes: count(row.codes)?,
                tagged: count(row.tagged)?,
            })
        })
        .collect()
}
