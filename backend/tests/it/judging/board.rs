//! The chair's board, which shows progress and no scores, and the reminders.

use backend::accounts::Admin;
use sqlx::PgPool;

use super::*;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_board_counts_and_the_scores_come_out_after_the_close(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let admin = Admin::local_operator();
    let colleague = seated(&backend, &edition, "second@panel.example").await;
    let cases = backend.judging_desk(&judge, &edition).await.unwrap().cases;
    save(&backend, &edition, &judge, cases[0].id, 0, &full()).await.unwrap();
    sign(&backend, &edition, &judge, cases[0].id, 1).await.unwrap();
    let begun = form([None, None, Some(3), None, None]);
    save(&backend, &edition, &judge, cases[1].id, 0, &begun).await.unwrap();
    let open = edition.judging_open().unwrap();
    backend.recuse_judge(&colleague, open, &edition, cases[1].id, "가족").await.unwrap();
    let board = backend.judging_board(&admin, edition.id).await.unwrap();
    let sums = board.judges.iter().fold((0, 0, 0, 0), |sum, judge| {
        let JudgeProgress { started, complete, signed, stepped_back, .. } = judge;
        (sum.0 + started, sum.1 + complete, sum.2 + signed, sum.3 + stepped_back)
    });
    assert_eq!(sums, (2, 1, 1, 1));
    assert_eq!((board.cases[0].signed, board.count_scoring_judges(&board.cases[0])), (1, 2));
    assert_eq!((board.cases[1].signed, board.count_scoring_judges(&board.cases[1])), (0, 1));
    assert_eq!((board.count_signed_sheets(), board.count_expected_sheets()), (1, 2 * 24 - 1));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_board_says_nothing_about_what_the_panel_thinks(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    let board = || async {
        let board = backend.judging_board(&Admin::local_operator(), edition.id).await.unwrap();
        let judges = board.judges.iter().map(|j| (j.started, j.complete, j.signed)).collect();
        let judges: Vec<(i64, i64, i64)> = judges;
        judges
    };
    save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
    let high = board().await;
    let low = form([Some(0), Some(0), Some(0), Some(0), Some(0)]);
    save(&backend, &edition, &judge, case, 1, &low).await.unwrap();
    assert_eq!(board().await, high);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn reminders_go_to_those_who_have_not_signed_and_once_an_hour(pool: PgPool) {
    let (backend, edition, _judge) = panel(&pool).await;
    let (admin, open) = (Admin::local_operator(), edition.judging_open().unwrap());
    let done = seated(&backend, &edition, "done@panel.example").await;
    for case in backend.judging_desk(&done, &edition).await.unwrap().cases {
        save(&backend, &edition, &done, case.id, 0, &full()).await.unwrap();
        sign(&backend, &edition, &done, case.id, 1).await.unwrap();
    }
    assert_eq!(backend.remind_judges(&admin, open, &edition).await.unwrap(), 1);
    keep_tries(&pool, "1 hour").await;
    let mail = newest_mail(&pool, "first@panel.example").await;
    assert!(mail.contains("/judging/daejeon-2024") && mail.contains("24"));
    let again = backend.remind_judges(&admin, open, &edition).await;
    assert!(matches!(again, Err(Error::TooMany { .. })));
    assert_eq!(count(&pool, "mail").await, 1);
    assert_eq!(count(&pool, "audit_event where action = 'judges.reminded'").await, 1);
    assert_eq!(count(&pool, "audit_event where detail::text like '%@%'").await, 0);
}
