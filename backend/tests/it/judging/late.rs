//! Proofs that age: what began while judging was open is refused once it has closed.

use domain::schedule::{Phase, PhaseError};
use sqlx::PgPool;

use super::*;
use crate::support::until;

fn is_late<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Phase(PhaseError::Over { .. })))
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_sheet_is_neither_saved_nor_signed_with_a_proof_from_before_the_close(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let cases = backend.judging_desk(&judge, &edition).await.unwrap().cases;
    let (complete, untouched) = (cases[0].id, cases[1].id);
    save(&backend, &edition, &judge, complete, 0, &full()).await.unwrap();
    let open = edition.judging_open().unwrap();
    stand_at(&backend, Phase::Deliberation).await;
    let signed = backend.sign_sheet(&judge, open, &edition, complete, 1).await;
    assert!(is_late(&signed), "{signed:?}");
    for (case, version) in [(complete, 1), (untouched, 0)] {
        let zero = form([Some(0); 5]);
        let saved = backend.save_sheet(&judge, open, &edition, case, version, &zero).await;
        assert!(is_late(&saved), "{saved:?}");
    }
    let recused = backend.recuse_judge(&judge, open, &edition, complete, "뒤늦게").await;
    assert!(is_late(&recused), "{recused:?}");
    assert_eq!(count(&pool, "sheet where signed_at is not null").await, 0);
    assert_eq!(count(&pool, "sheet where version = 1").await, 1);
    assert_eq!(count(&pool, "waiting where line like 'sheet/v1 %'").await, 0);
    assert_eq!(count(&pool, "recusal").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_signature_that_waited_past_the_close_is_refused(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
    let mut other = pool.begin().await.unwrap();
    sqlx::query("select from edition for update").execute(&mut *other).await.unwrap();
    let signing = {
        let (backend, edition) = (backend.clone(), edition.clone());
        tokio::spawn(async move { sign(&backend, &edition, &judge, case, 1).await })
    };
    until("the signature waits for the edition", async || {
        let waiting = "pg_stat_activity where wait_event_type = 'Lock'
            and datname = current_database()";
        signing.is_finished() || count(&pool, waiting).await > 0
    })
    .await;
    // Judging closes while the signature waits.
    let soon = "update edition set judging_closes = clock_timestamp()
        + make_interval(secs => clock_offset_seconds) + interval '100 milliseconds'";
    sqlx::query(soon).execute(&mut *other).await.unwrap();
    sqlx::query("select pg_sleep(0.2)").execute(&mut *other).await.unwrap();
    other.commit().await.unwrap();
    let signed = signing.await.unwrap();
    assert!(is_late(&signed), "{signed:?}");
    assert_eq!(count(&pool, "sheet where signed_at is not null").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_sheet_by_criteria_that_have_changed_is_neither_saved_nor_signed(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
    // No page changes criteria while judges score; a request that was under way may have read older ones.
    let fewer = "update edition set rulebook = rulebook #- '{panel,rubric,4}'";
    sqlx::query(fewer).execute(&pool).await.unwrap();
    let saved = save(&backend, &edition, &judge, case, 1, &full()).await;
    assert!(matches!(saved, Err(Error::Refused(Refusal::Stale))), "{saved:?}");
    let signed = sign(&backend, &edition, &judge, case, 1).await;
    let refused = matches!(signed, Err(Error::Refused(Refusal::Judging(JudgingRefusal::Sheet(_)))));
    assert!(refused, "{signed:?}");
    assert_eq!(count(&pool, "sheet where version = 1 and signed_at is null").await, 1);
}
