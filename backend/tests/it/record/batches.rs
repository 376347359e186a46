//! Which lines of ballots wait for others: the view in the database decides as the rules do.

use chrono::TimeDelta;
use domain::rulebook::RecordRules;
use sqlx::PgPool;
use uuid::Uuid;

use super::{ballots, lines, opened};
use crate::support::count;

/// Sets how the lines of every edition are let out.
async fn set_rules(pool: &PgPool, rules: RecordRules) {
    let sql = "update record
        set release_ballots = $1, release_minutes = $2, release_fewest = $3";
    sqlx::query(sql)
        .bind(i32::try_from(rules.ballots).unwrap())
        .bind(i32::try_from(rules.minutes).unwrap())
        .bind(i32::try_from(rules.fewest).unwrap())
        .execute(pool)
        .await
        .unwrap();
}

/// Lets the lines of this many voters wait for this poll, and no others. The first of them has
/// waited for `minutes`, the others for no time.
async fn let_wait(pool: &PgPool, poll: Uuid, voters: u32, minutes: u32) {
    sqlx::query("delete from waiting").execute(pool).await.unwrap();
    let sql = "
        insert into waiting (edition_id, rank, ballot_id, poll_id, line, waits_since)
        select
            poll.edition_id,
            2,
            ballot.id,
            poll.id,
            'ballot/v1 citizens ' || encode(uuid_send(ballot.id), 'hex')
                || ' ' || lpad(to_hex(ballot.number), 64, '0')
                || ' ' || repeat('c', 64) || ' 2024-11-28',
            clock_timestamp() - make_interval(mins => case ballot.number when 1 then $3 else 0 end)
        from poll
        cross join (
            select number, gen_random_uuid() as id from generate_series(1, $2) as number
        ) as ballot
        where poll.id = $1
        order by ballot.number";
    sqlx::query(sql)
        .bind(poll)
        .bind(i32::try_from(voters).unwrap())
        .bind(i32::try_from(minutes).unwrap())
        .execute(pool)
        .await
        .unwrap();
}

/// Closes the poll in the database alone, or opens it again.
async fn set_closed(pool: &PgPool, poll: Uuid, closed: bool) {
    let sql = "update poll set closed_at = case when $2 then now() end where id = $1";
    sqlx::query(sql).bind(poll).bind(closed).execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_view_lets_lines_out_exactly_when_the_rules_do(pool: PgPool) {
    let (_, edition) = opened(&pool).await;
    let poll = edition.polls[0].id.0;
    let hour = RecordRules { ballots: 3, minutes: 60, fewest: 2 };
    let mut released = 0;
    for rules in [RecordRules::default(), RecordRules::AT_ONCE, hour] {
        set_rules(&pool, rules).await;
        // Ten minutes before and after the hour, so that no slow machine changes the answer.
        for (voters, minutes, closed) in [0, 1, 2, 3, 19, 20, 49, 50, 60]
            .into_iter()
            .flat_map(|voters| [0, 50, 70].map(|minutes| (voters, minutes)))
            .flat_map(|(voters, minutes)| [false, true].map(|it| (voters, minutes, it)))
        {
            let_wait(&pool, poll, voters, minutes).await;
            set_closed(&pool, poll, closed).await;
            // Without voters there is no oldest line.
            let wait = TimeDelta::minutes(if voters == 0 { 0 } else { i64::from(minutes) });
            let expected = rules.lets_out(voters, wait, closed);
            let decided = count(&pool, "releasable_poll").await == 1;
            assert_eq!(decided, expected, "{rules:?} {voters} {minutes} {closed}");
            released += u32::from(decided);
        }
    }
    // 162 cases, among them both answers many times.
    assert!((40..140).contains(&released), "{released}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn lines_come_into_the_record_together_or_not_at_all(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let poll = edition.polls[0].id.0;
    set_rules(&pool, RecordRules::default()).await;
    for (voters, minutes, appended) in [(49, 0, 0), (19, 70, 0), (20, 70, 20), (50, 0, 70)] {
        let_wait(&pool, poll, voters, minutes).await;
        backend.sequence_records().await.unwrap();
        let found = ballots(&lines(&backend, &edition).await).len();
        assert_eq!(found, appended, "{voters} voters, {minutes} minutes");
    }
}
