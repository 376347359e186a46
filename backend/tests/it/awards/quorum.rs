//! The quorum: below it nothing is announced, unless two people give a reason, which is published
//! and holds only for what they saw.

use backend::accounts::{Admin, Role};
use backend::audit::AuditAction;
use backend::awards::AnnouncementForm;
use backend::editions::Edition;
use backend::{Backend, Error, Refusal};
use chrono::{DateTime, Utc};
use domain::ids::CaseId;
use domain::refusal::AwardsRefusal;
use domain::result::SheetCount;
use domain::schedule::Phase;
use domain::text::FieldProblem;
use sqlx::PgPool;
use uuid::Uuid;

use super::season::{announcement, judges, sheet};
use crate::support::{SLUG, account, backend, count, season_in, stand_at};

const REASON: &str = "다섯 심사위원이 마지막 날 병으로 서명하지 못했다.";

/// A season in deliberation with two cases and seven judges on the panel. The rules ask for four
/// sheets.
struct ThinSeason {
    edition: Edition,
    judges: Vec<Uuid>,
    cases: Vec<Uuid>,
}

/// Each of the two cases has as many signed sheets as is given here.
async fn thin_season(backend: &Backend, pool: &PgPool, sheets: [usize; 2]) -> ThinSeason {
    season_in(backend, Phase::Voting).await;
    let two = "delete from cases where id not in (select id from cases order by title limit 2)";
    sqlx::query(two).execute(pool).await.unwrap();
    let by_id = "select id from cases order by id";
    let cases: Vec<Uuid> = sqlx::query_scalar(by_id).fetch_all(pool).await.unwrap();
    let judges = judges(pool, 7).await;
    let edition = stand_at(backend, Phase::Deliberation).await;
    let seat = "insert into panel_member (edition_id, judge_id) select $1, unnest($2::uuid[])";
    sqlx::query(seat).bind(edition.id.0).bind(&judges).execute(pool).await.unwrap();
    for (case, sheets) in cases.iter().zip(sheets) {
        for judge in &judges[..sheets] {
            sheet(pool, &edition, *judge, *case, 80).await;
        }
    }
    ThinSeason { edition, judges, cases }
}

async fn admin(backend: &Backend, edition: &Edition, email: &str) -> Admin {
    account(backend, edition, Role::Administrator, email, "").await.require_admin().unwrap()
}

async fn announce(backend: &Backend, admin: &Admin) -> backend::Result<()> {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let open = edition.deliberation_open().unwrap();
    backend.announce_result(admin, open, &edition, &announcement()).await.map(drop)
}

async fn give(backend: &Backend, admin: &Admin, reason: &str) -> backend::Result<()> {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let open = edition.deliberation_open().unwrap();
    backend.give_quorum_reason(admin, open, &edition, reason).await
}

async fn given_at(backend: &Backend) -> DateTime<Utc> {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let state = backend.quorum_state(&Admin::local_operator(), &edition).await.unwrap();
    state.reason.unwrap().given_at
}

async fn confirm(
    backend: &Backend,
    admin: &Admin,
    given_at: DateTime<Utc>,
    word: &str,
) -> backend::Result<()> {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let open = edition.deliberation_open().unwrap();
    backend.confirm_quorum_reason(admin, open, &edition, given_at, word).await
}

fn is_below<T>(answer: &backend::Result<T>, number: usize) -> bool {
    matches!(
        answer,
        Err(Error::Refused(Refusal::Awards(AwardsRefusal::BelowQuorum { quorum: 4, cases })))
            if cases.len() == number
    )
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn seven_judges_and_one_sheet_a_case_announce_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let season = thin_season(&backend, &pool, [1, 1]).await;
    let one = admin(&backend, &season.edition, "one@city.example").await;
    let answer = announce(&backend, &one).await;
    assert!(is_below(&answer, 2), "{answer:?}");
    give(&backend, &one, REASON).await.unwrap();
    let answer = announce(&backend, &one).await;
    assert!(is_below(&answer, 2), "one person is not enough: {answer:?}");
    let own = confirm(&backend, &one, given_at(&backend).await, "동의").await;
    let second = Refusal::Awards(AwardsRefusal::SecondPersonNeeded);
    assert!(matches!(own, Err(Error::Refused(refusal)) if refusal == second));
    assert_eq!(count(&pool, "result").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_reason_of_two_people_is_in_the_document_and_in_the_trail(pool: PgPool) {
    let backend = backend(pool.clone());
    let season = thin_season(&backend, &pool, [1, 4]).await;
    let one = admin(&backend, &season.edition, "one@city.example").await;
    let other = admin(&backend, &season.edition, "other@city.example").await;
    sqlx::query("update account set name = '김철수' where email like 'other@%'")
        .execute(&pool)
        .await
        .unwrap();
    give(&backend, &one, REASON).await.unwrap();
    let shown = given_at(&backend).await;
    let without_word = confirm(&backend, &other, shown, "발표").await;
    assert!(matches!(without_word, Err(Error::Refused(Refusal::NotConfirmed))));
    confirm(&backend, &other, shown, " Agree ").await.unwrap();
    let again = confirm(&backend, &other, shown, "동의").await;
    assert!(matches!(again, Err(Error::Refused(Refusal::WrongState))));
    announce(&backend, &one).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let public = edition.results_public().unwrap();
    let document = backend.published_result(public, &edition).await.unwrap().document;
    let exception = document.quorum_exception.clone().unwrap();
    let names = (exception.given_by.as_str(), exception.confirmed_by.as_str());
    assert_eq!((exception.reason.as_str(), names), (REASON, ("홍길동", "김철수")));
    assert_eq!(exception.cases, [SheetCount { case: CaseId(season.cases[0]), sheets: 1 }]);
    assert_eq!(document.check_by_recomputing(), Ok(()));
    let trail = async |action| {
        let page = backend.audit_trail_page(&one, Some(edition.id), Some(action), 1).await.unwrap();
        assert_eq!(page.total, 1);
        page.events.into_iter().next().unwrap()
    };
    let given = trail(AuditAction::QuorumReasonGiven).await;
    assert_eq!(given.actor.as_deref(), Some("홍길동"));
    assert_eq!(given.detail["reason"], REASON);
    let confirmed = trail(AuditAction::QuorumReasonConfirmed).await;
    assert_eq!(confirmed.actor.as_deref(), Some("김철수"));
    assert_eq!(confirmed.detail["given_by"], "홍길동");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_reason_is_void_once_the_sheets_are_others(pool: PgPool) {
    let backend = backend(pool.clone());
    let ThinSeason { edition, judges, cases } = thin_season(&backend, &pool, [1, 4]).await;
    let one = admin(&backend, &edition, "one@city.example").await;
    let other = admin(&backend, &edition, "other@city.example").await;
    give(&backend, &one, REASON).await.unwrap();
    let shown = given_at(&backend).await;
    sheet(&pool, &edition, judges[1], cases[0], 70).await;
    let stale = confirm(&backend, &other, shown, "동의").await;
    assert!(matches!(stale, Err(Error::Refused(Refusal::Stale))), "another number of sheets");
    give(&backend, &one, REASON).await.unwrap();
    let stale = confirm(&backend, &other, shown, "동의").await;
    assert!(matches!(stale, Err(Error::Refused(Refusal::Stale))), "another reason than was shown");
    confirm(&backend, &other, given_at(&backend).await, "동의").await.unwrap();
    // A judge steps back from the other case, which has three sheets left.
    sqlx::query(
        "insert into recusal (judge_id, case_id, edition_id, reason) values ($1, $2, $3, '조카')",
    )
    .bind(judges[0])
    .bind(cases[1])
    .bind(edition.id.0)
    .execute(&pool)
    .await
    .unwrap();
    let state = backend.quorum_state(&one, &edition).await.unwrap();
    let sheets: Vec<u32> = state.below.iter().map(|case| case.sheets).collect();
    assert_eq!(sheets, [2, 3]);
    assert!(state.reason.as_ref().unwrap().is_void && !state.is_excused());
    let answer = announce(&backend, &one).await;
    assert!(is_below(&answer, 2), "{answer:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_operator_at_the_machine_is_one_person(pool: PgPool) {
    let backend = backend(pool.clone());
    let season = thin_season(&backend, &pool, [1, 4]).await;
    let operator = Admin::local_operator();
    give(&backend, &operator, REASON).await.unwrap();
    let shown = given_at(&backend).await;
    let own = confirm(&backend, &operator, shown, "동의").await;
    let second = Refusal::Awards(AwardsRefusal::SecondPersonNeeded);
    assert!(matches!(own, Err(Error::Refused(refusal)) if refusal == second));
    let one = admin(&backend, &season.edition, "one@city.example").await;
    confirm(&backend, &one, shown, "동의").await.unwrap();
    announce(&backend, &one).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_reason_is_a_sentence_and_is_asked_for_only_below_the_quorum(pool: PgPool) {
    let backend = backend(pool.clone());
    let ThinSeason { edition, judges, cases } = thin_season(&backend, &pool, [3, 4]).await;
    let one = admin(&backend, &edition, "one@city.example").await;
    let short = give(&backend, &one, "시간 부족").await;
    let expected = FieldProblem::TooShort { min: 10 };
    assert!(matches!(short, Err(Error::Invalid(faults)) if faults[0].problem == expected));
    sheet(&pool, &edition, judges[6], cases[0], 90).await;
    let needless = give(&backend, &one, REASON).await;
    assert!(matches!(needless, Err(Error::Refused(Refusal::WrongState))));
    announce(&backend, &one).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let public = edition.results_public().unwrap();
    let document = backend.published_result(public, &edition).await.unwrap().document;
    assert_eq!(document.quorum_exception, None);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_who_has_not_signed_is_named_before_the_announcement(pool: PgPool) {
    let backend = backend(pool.clone());
    // Four sheets for each case are enough for the rules; three judges have signed nothing.
    let thin = thin_season(&backend, &pool, [4, 4]).await;
    backend.close_due_polls(&thin.edition).await.unwrap();
    let admin = Admin::local_operator();
    // A judge who has left and whose account is closed is missing all the same.
    backend.close_account(&admin, domain::ids::AccountId(thin.judges[6])).await.unwrap();
    let announce = async |without_judges: bool| {
        let edition = backend.find_edition(SLUG).await.unwrap();
        let open = edition.deliberation_open().unwrap();
        let form = AnnouncementForm { without_judges, ..announcement() };
        backend.announce_result(&admin, open, &edition, &form).await
    };
    match announce(false).await {
        Err(Error::Refused(Refusal::Awards(AwardsRefusal::JudgesMissing { judges }))) => {
            assert_eq!(judges.len(), 3, "{judges:?}");
        }
        other => panic!("{other:?}"),
    }
    announce(true).await.unwrap();
}
