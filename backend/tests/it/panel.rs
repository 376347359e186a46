//! The panel: judges join and leave before the judging, and nobody does afterwards.

use backend::accounts::{Admin, InvitationRequest, Role};
use backend::editions::Edition;
use backend::{Backend, Error, Refusal};
use domain::refusal::EditionRefusal;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;

use crate::support::{PASSWORD, account, backend, count, newest_mail, season_in, stand_at};

fn is_fixed<T>(answer: &backend::Result<T>) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::Edition(EditionRefusal::PanelFixed))))
}

async fn invite(
    backend: &Backend,
    edition: &Edition,
    role: Role,
    email: &str,
) -> backend::Result<()> {
    let invite = InvitationRequest {
        email: email.to_owned(),
        role,
        organisation: "중구 복지관".to_owned(),
        edition: edition.id,
        lang: Lang::Ko,
    };
    backend.send_invitation(&Admin::local_operator(), &invite).await
}

async fn link_token(pool: &PgPool, email: &str) -> String {
    let mail = newest_mail(pool, email).await;
    let (_, rest) = mail.split_once("/invitations/").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_leaves_and_joins_before_the_judging_and_the_trail_says_so(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Voting).await;
    let email = "invited@agency.example";
    invite(&backend, &edition, Role::Judge, email).await.unwrap();
    let token = link_token(&pool, email).await;
    let (_, judge) =
        backend.accept_invitation(&token, "심사위원", PASSWORD, Lang::Ko).await.unwrap();
    assert_eq!(count(&pool, "panel_member").await, 1);
    let by_judge = "audit_event join account on account.id = audit_event.actor_id
        where action = 'panel.judge_seated' and email = 'invited@agency.example'";
    assert_eq!(count(&pool, by_judge).await, 1, "joining by invitation is in the trail too");
    for _ in 0..2 {
        backend.unseat_judge(&admin, &edition, judge.account_id()).await.unwrap();
    }
    assert_eq!(count(&pool, "panel_member").await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'panel.judge_unseated'").await, 1);
    for _ in 0..2 {
        backend.seat_judge(&admin, &edition, judge.account_id()).await.unwrap();
    }
    assert_eq!(count(&pool, "panel_member").await, 1);
    let mail = newest_mail(&pool, email).await;
    assert!(mail.contains("/judging/") && mail.contains("심사위원"), "{mail}");
    assert_eq!(count(&pool, "mail").await, 2, "the invitation, and one for the appointment");
    let trail = backend.audit_trail_page(&admin, Some(edition.id), None, 1).await.unwrap();
    assert_eq!(trail.events[0].subject_name.as_deref(), Some("심사위원"), "not a key");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_joins_or_leaves_the_panel_once_the_judging_has_opened(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let early = season_in(&backend, Phase::Voting).await;
    set_quorum(&pool, 1).await;
    let seated = account(&backend, &early, Role::Judge, "seated@agency.example", "").await;
    let left = account(&backend, &early, Role::Judge, "left@agency.example", "").await;
    backend.unseat_judge(&admin, &early, left.account_id()).await.unwrap();
    let email = "invited@agency.example";
    invite(&backend, &early, Role::Judge, email).await.unwrap();
    let token = link_token(&pool, email).await;
    for phase in [Phase::Judging, Phase::Deliberation] {
        stand_at(&backend, phase).await;
        // `early` is a page that was opened before the judging: the statement asks the clock.
        assert!(is_fixed(&backend.seat_judge(&admin, &early, left.account_id()).await));
        assert!(is_fixed(&backend.unseat_judge(&admin, &early, seated.account_id()).await));
        let joined = backend.accept_invitation(&token, "심사위원", PASSWORD, Lang::Ko).await;
        assert!(is_fixed(&joined), "{phase:?}");
        let invitation = backend.find_invitation(&token).await.unwrap();
        assert!(backend.is_invitation_late(&invitation).await.unwrap(), "told before the form");
        let late = invite(&backend, &early, Role::Judge, "late@agency.example").await;
        assert!(is_fixed(&late), "{phase:?}");
    }
    invite(&backend, &early, Role::Member, "member@agency.example").await.unwrap();
    assert_eq!(count(&pool, "panel_member").await, 1);
    assert_eq!(count(&pool, "account where email = 'invited@agency.example'").await, 0);
    assert_eq!(count(&pool, "invitation where accepted_at is not null").await, 0);
}

/// Sets the quorum of signed sheets, behind the back of the program.
async fn set_quorum(pool: &PgPool, quorum: i32) {
    sqlx::query(
        "update edition set rulebook = jsonb_set(rulebook, '{panel,quorum}', to_jsonb($1))",
    )
    .bind(quorum)
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_panel_below_the_quorum_is_filled_up_to_it_until_counts_are_read(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Voting).await;
    let mut judges = Vec::new();
    for number in 0..3 {
        let email = format!("judge{number}@agency.example");
        let judge = account(&backend, &edition, Role::Judge, &email, "").await;
        backend.unseat_judge(&admin, &edition, judge.account_id()).await.unwrap();
        judges.push(judge.account_id());
    }
    set_quorum(&pool, 2).await;
    let edition = stand_at(&backend, Phase::Judging).await;
    assert!(edition.may_judges_join(1) && !edition.may_judges_join(2));
    backend.seat_judge(&admin, &edition, judges[0]).await.unwrap();
    assert!(is_fixed(&backend.unseat_judge(&admin, &edition, judges[0]).await));
    let read = "update edition set counts_read_at = now()";
    sqlx::query(read).execute(&pool).await.unwrap();
    assert!(is_fixed(&backend.seat_judge(&admin, &edition, judges[1]).await), "counts are read");
    sqlx::query("update edition set counts_read_at = null").execute(&pool).await.unwrap();
    backend.seat_judge(&admin, &edition, judges[1]).await.unwrap();
    assert!(is_fixed(&backend.seat_judge(&admin, &edition, judges[2]).await), "it is full");
    assert_eq!(count(&pool, "panel_member").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_with_a_sheet_stays_when_a_rehearsal_goes_back(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let judge = account(&backend, &edition, Role::Judge, "judge@agency.example", "").await;
    sqlx::query(
        "insert into sheet (id, edition_id, judge_id, case_id, scores)
        select gen_random_uuid(), edition_id, $1, id, '{1,null,1,1,1}' from cases limit 1",
    )
    .bind(judge.account_id().0)
    .execute(&pool)
    .await
    .unwrap();
    let admin = Admin::local_operator();
    let answer = backend.unseat_judge(&admin, &edition, judge.account_id()).await;
    assert!(
        matches!(answer, Err(Error::Refused(Refusal::Edition(EditionRefusal::JudgeHasSheet)))),
        "{answer:?}"
    );
    assert_eq!(count(&pool, "panel_member").await, 1);
}
