//! After the rules are sealed no case leaves its ballot paper and none is sent in any more. What
//! began before the close of the call is refused after it.

use backend::accounts::Admin;
use backend::cases::{CaseDraft, CaseState, ScreeningDecision};
use backend::{Error, Refusal};
use chrono::TimeDelta;
use domain::refusal::EditionRefusal;
use domain::schedule::{Phase, PhaseError};
use sqlx::PgPool;

use super::Call;
use crate::support::{SLUG, count, stand_at};

fn is_sealed<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed))))
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_sealed_ballot_paper_loses_no_case_and_gets_none(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let admin = Admin::local_operator();
    let (accepted, version) = call.submitted().await;
    call.decide(accepted, version, ScreeningDecision::Accept).await.unwrap();
    let waiting = call.begin().await;
    let complete = call.save(waiting, 1, &call.whole().await).await.unwrap();
    let screening = stand_at(&call.backend, Phase::Screening).await;
    call.backend.seal_rulebook(&admin, &screening).await.unwrap();
    let mut windows = screening.schedule.windows;
    windows.call.closes += TimeDelta::hours(1);
    let moved = call.backend.move_windows(&admin, &screening, windows).await;
    assert!(is_sealed(&moved), "the call is not opened again: {moved:?}");
    // The proof was taken before the close of the call, and the rules were sealed since.
    let withdrawn = call.withdraw(accepted, version).await;
    assert!(is_sealed(&withdrawn), "{withdrawn:?}");
    let submitted = call.submit(waiting, complete).await;
    assert!(is_sealed(&submitted), "{submitted:?}");
    // The clock of a rehearsal goes back, and the seal stays.
    stand_at(&call.backend, Phase::Call).await;
    let withdrawn = call.withdraw(accepted, version).await;
    assert!(is_sealed(&withdrawn), "{withdrawn:?}");
    let submitted = call.submit(waiting, complete).await;
    assert!(is_sealed(&submitted), "{submitted:?}");
    let states = [call.state(accepted).await, call.state(waiting).await];
    assert_eq!(states, [CaseState::Accepted, CaseState::Draft]);
    assert_eq!(count(&pool, "audit_event where action = 'case.withdrawn'").await, 0);
    assert!(call.backend.find_edition(SLUG).await.unwrap().sealed);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_began_before_the_close_of_the_call_is_refused_after_it(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (sent, version) = call.submitted().await;
    let draft = call.begin().await;
    let whole = call.whole().await;
    let complete = call.save(draft, 1, &whole).await.unwrap();
    stand_at(&call.backend, Phase::Screening).await;
    // All of these hold the proof and the edition of a moment before the close.
    let open = call.edition.submissions_open().unwrap();
    let (backend, member) = (&call.backend, &call.member);
    let changed = CaseDraft { title: "다른 제목".to_owned(), ..whole.clone() };
    let late = [
        call.submit(draft, complete).await.map(drop),
        call.withdraw(sent, version).await,
        call.save(draft, complete, &changed).await.map(drop),
        call.put_picture(draft, complete).await.map(drop),
        backend.begin_case(member, open, &call.edition, "늦은 사례", &whole.track).await.map(drop),
    ];
    for answer in late {
        assert!(matches!(answer, Err(Error::Phase(PhaseError::Over { .. }))), "{answer:?}");
    }
    let states = [call.state(sent).await, call.state(draft).await];
    assert_eq!(states, [CaseState::Submitted, CaseState::Draft]);
    assert_eq!(count(&pool, "picture").await, 0);
}
