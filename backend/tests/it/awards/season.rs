//! A season of four cases, five ballots and a few sheets, small enough to count by hand.

use backend::Backend;
use backend::awards::{AnnouncementForm, ReleaseTime};
use backend::editions::Edition;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{SEASON, published, stand_at, vote};

/// The quorum of [`small_season`]: the case with the fewest sheets has two.
const QUORUM: &str = "\"quorum\": 2";

/// Returns the season in deliberation. 가, 나, 다 and 라 take part. 마 was withdrawn before the vote,
/// because a sealed ballot paper loses no case.
pub(crate) async fn small_season(backend: &Backend, pool: &PgPool) -> Edition {
    let file = SEASON.replacen("\"quorum\": 4", QUORUM, 1);
    assert_ne!(file, SEASON);
    let edition = published(backend, file, Phase::Voting).await;
    let [a, b, c, d, gone] = five_cases(pool).await;
    sqlx::query("update cases set state = 'withdrawn' where id = $1")
        .bind(gone)
        .execute(pool)
        .await
        .unwrap();
    for picks in [vec![a, b, c], vec![a, b], vec![a], vec![b, c], vec![a]] {
        vote(backend, pool, &edition, &picks).await;
    }
    let edition = stand_at(backend, Phase::Deliberation).await;
    let judges = judges(pool, 6).await;
    let totals: [(Uuid, &[u32]); 4] = [
        (a, &[80, 70, 90, 60]),
        (b, &[85, 95, 85, 80]),
        (c, &[88, 95, 89, 80, 91]),
        (d, &[100, 100]),
    ];
    for (case, totals) in totals {
        for (judge, total) in judges.iter().zip(totals) {
            sheet(pool, &edition, *judge, case, *total).await;
        }
    }
    // The sixth judge declared a conflict after signing and never finished the last sheet.
    sheet(pool, &edition, judges[5], c, 0).await;
    sqlx::query(
        "insert into recusal (judge_id, case_id, edition_id, reason) values ($1, $2, $3, '자문')",
    )
    .bind(judges[5])
    .bind(c)
    .bind(edition.id.0)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into sheet (id, edition_id, judge_id, case_id, scores)
        values ($1, $2, $3, $4, array[1, null, 1, 1, 1])",
    )
    .bind(Uuid::new_v4())
    .bind(edition.id.0)
    .bind(judges[5])
    .bind(d)
    .execute(pool)
    .await
    .unwrap();
    edition
}

async fn five_cases(pool: &PgPool) -> [Uuid; 5] {
    sqlx::query("delete from cases where id not in (select id from cases order by title limit 5)")
        .execute(pool)
        .await
        .unwrap();
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select id from cases order by title").fetch_all(pool).await.unwrap();
    for (id, title) in ids.iter().zip(["가", "나", "다", "라", "마"]) {
        sqlx::query("update cases set title = $2, title_en = '' where id = $1")
            .bind(id)
            .bind(title)
            .execute(pool)
            .await
            .unwrap();
    }
    ids.try_into().unwrap()
}

/// Creates accounts of judges, with which nobody signs in.
pub(crate) async fn judges(pool: &PgPool, number: u32) -> Vec<Uuid> {
    let mut judges = Vec::new();
    for index in 0..number {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into account (id, email, name, role, password_hash)
            values ($1, $2, '심사위원', 'judge', '')",
        )
        .bind(id)
        .bind(format!("judge-{index}@agency.example"))
        .execute(pool)
        .await
        .unwrap();
        judges.push(id);
    }
    judges
}

/// Stores a signed sheet with this many points in total.
pub(crate) async fn sheet(pool: &PgPool, edition: &Edition, judge: Uuid, case: Uuid, total: u32) {
    let mut left = total;
    let mut scores = Vec::new();
    for criterion in &edition.rulebook.panel.rubric {
        let score = left.min(criterion.max);
        left -= score;
        scores.push(i32::try_from(score).unwrap());
    }
    assert_eq!(left, 0, "{total} is more than the rubric holds");
    sqlx::query(
        "insert into sheet (id, edition_id, judge_id, case_id, scores, signed_at)
        values ($1, $2, $3, $4, $5, now())",
    )
    .bind(Uuid::new_v4())
    .bind(edition.id.0)
    .bind(judge)
    .bind(case)
    .bind(scores)
    .execute(pool)
    .await
    .unwrap();
}

/// Returns a valid announcement.
pub(crate) fn announcement() -> AnnouncementForm {
    AnnouncementForm {
        when: ReleaseTime::Now,
        minutes: "위원회는 순위를 그대로 의결하였다.\r\n끝.".to_owned(),
        confirm: "발표".to_owned(),
        without_judges: true,
    }
}
