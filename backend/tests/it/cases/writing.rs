//! Writing a case: saving drafts, submitting, and withdrawing.

use super::{ADDRESS, Call, consenting, jpeg};
use crate::support::{SLUG, backend, count, mails, season_in, stand_at, until};
use backend::accounts::Admin;
use backend::cases::{CaseDraft, CaseState, SubmissionForm, UploadedPicture};
use backend::editions::{ClockMove, Edition};
use backend::{Error, Refusal};
use domain::refusal::CaseRefusal;
use domain::schedule::{Phase, PhaseError};
use domain::text::FieldProblem;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_draft_keeps_its_gaps_and_is_seen_by_its_organisation_alone(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let track = call.whole().await.track;
    let gaps = CaseDraft { summary: "한 줄".to_owned(), track, ..CaseDraft::default() };
    assert_eq!(call.save(case, 1, &gaps).await.unwrap(), 2);
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!((stored.title.as_str(), stored.summary.as_str()), ("", "한 줄"));
    let stranger = call.stranger().await.require_member().unwrap();
    let foreign = call.backend.own_case(&stranger, case).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    assert!(call.backend.own_cases(&stranger).await.unwrap().is_empty());
    let admin = Admin::local_operator();
    let staff = call.backend.screening_case(&admin, &call.edition, case).await;
    assert!(matches!(staff, Err(Error::NotFound)));
    let list = call.backend.screening_list(&admin, &call.edition).await.unwrap();
    assert!(list.iter().all(|line| line.id != case));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_stranger_can_neither_save_nor_send_in_nor_take_back(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    let draft = call.whole().await;
    let stranger = call.stranger().await.require_member().unwrap();
    let (backend, edition) = (&call.backend, &call.edition);
    let open = || edition.submissions_open().unwrap();
    let file = UploadedPicture { file: jpeg(), alt: String::new() };
    let answers = [
        backend.save_case(&stranger, open(), edition, case, version, &draft).await.map(drop),
        backend.submit_case(&stranger, open(), edition, case, version, &consenting()).await,
        backend.withdraw_case(&stranger, open(), edition, case, version).await,
        backend.put_picture(&stranger, open(), edition, case, version, file).await.map(drop),
        backend.remove_picture(&stranger, open(), edition, case, version).await,
    ];
    for answer in answers {
        assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
    }
    assert_eq!(call.state(case).await, CaseState::Submitted);
    assert_eq!(count(&pool, "picture").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_is_sent_in_whole_or_not_at_all(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    match call.submit(case, 1).await {
        Err(Error::Refused(Refusal::Case(CaseRefusal::Incomplete(missing)))) => {
            assert_eq!(missing, ["place", "summary", "body"]);
        }
        other => panic!("{other:?}"),
    }
    // Nor without the consents.
    let (open, edition) = (call.edition.submissions_open().unwrap(), &call.edition);
    let silent = SubmissionForm::default();
    match call.backend.submit_case(&call.member, open, edition, case, 1, &silent).await {
        Err(Error::Refused(Refusal::Case(CaseRefusal::Incomplete(missing)))) => {
            assert_eq!(missing[3..], ["people_agree", "has_rights"]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(call.state(case).await, CaseState::Draft);
    let version = call.save(case, 1, &call.whole().await).await.unwrap();
    let version = call.submit(case, version).await.unwrap();
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!(stored.state, CaseState::Submitted);
    let now = call.backend.find_edition(SLUG).await.unwrap().now;
    let at = stored.submitted_at.unwrap();
    assert!((call.edition.now..now).contains(&at), "by the edition's clock, after all waits");
    assert_eq!(stored.body, "첫 문단\n\n둘째 문단");
    assert!(stored.district.is_some() && stored.neighbourhood.is_some());
    let again = call.submit(case, version).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::WrongState))));
    let saved = call.save(case, version, &call.whole().await).await;
    assert!(matches!(saved, Err(Error::Refused(Refusal::WrongState))), "take it back first");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_that_is_sent_in_is_acknowledged_by_mail_once(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let case = call.begin().await;
    call.submit(case, 1).await.unwrap_err();
    assert_eq!(mails(&pool).await.len(), 0, "an incomplete case is not acknowledged");
    let version = call.save(case, 1, &call.whole().await).await.unwrap();
    let version = call.submit(case, version).await.unwrap();
    call.submit(case, version).await.unwrap_err();
    let sent = mails(&pool).await;
    assert_eq!(sent.len(), 1);
    let (to, subject, body) = &sent[0];
    assert_eq!(
        (to.as_str(), subject.as_str()),
        (ADDRESS, "[연습] [한표] 사례를 제출했습니다: 골목 냉장고")
    );
    let local = call.edition.now.naive_utc() + chrono::TimeDelta::hours(9);
    let when = local.format("%Y. %-m. %-d. %H:%M").to_string();
    let link = format!("https://vote.example/organisation/cases/{case}");
    let until = "제출 기한(2024. 11. 24. 자정(24:00), 한국 시각)";
    for part in [when.as_str(), &link, "제출 취소하기", &call.edition.title.ko, until] {
        assert!(body.contains(part), "{part}: {body}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn cases_are_sent_in_during_the_call_alone(pool: PgPool) {
    let backend = backend(pool);
    let before = season_in(&backend, Phase::Draft).await;
    assert!(matches!(before.submissions_open(), Err(PhaseError::NotYet { .. })));
    let after = stand_at(&backend, Phase::Screening).await;
    assert!(matches!(after.submissions_open(), Err(PhaseError::Over { .. })));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_save_from_an_older_version_is_refused_and_changes_nothing(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let mut draft = call.whole().await;
    call.save(case, 1, &draft).await.unwrap();
    draft.title = "다른 창에서 쓴 제목".to_owned();
    let stale = call.save(case, 1, &draft).await;
    assert!(matches!(stale, Err(Error::Refused(Refusal::Stale))));
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!((stored.title.as_str(), stored.version), ("골목 냉장고", 2));
    let sent = call.submit(case, 1).await;
    assert!(matches!(sent, Err(Error::Refused(Refusal::Stale))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn one_of_two_simultaneous_saves_is_refused(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let draft = call.whole().await;
    let another = CaseDraft { title: "다른 제목".to_owned(), ..draft.clone() };
    let (one, other) = tokio::join!(call.save(case, 1, &draft), call.save(case, 1, &another));
    assert!(one.is_ok() != other.is_ok());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_same_words_again_are_no_conflict(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let draft = call.whole().await;
    assert_eq!(call.save(case, 1, &draft).await.unwrap(), 2);
    assert_eq!(call.save(case, 1, &draft).await.unwrap(), 2, "the button after the autosave");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn words_that_do_not_fit_are_refused_even_in_a_draft(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let hostile = CaseDraft {
        title: "가".repeat(801),
        summary: "줄\u{0}".to_owned(),
        body: "\u{202e}거꾸로".to_owned(),
        track: Uuid::new_v4().to_string(),
        place: "달나라".to_owned(),
        ..CaseDraft::default()
    };
    let Err(Error::Invalid(faults)) = call.save(case, 1, &hostile).await else {
        panic!("it was stored");
    };
    let faults: Vec<_> = faults.iter().map(|fault| (fault.field, fault.problem)).collect();
    assert_eq!(
        faults,
        [
            ("title", FieldProblem::TooLong { max: 80, over: 721 }),
            ("track", FieldProblem::NotAllowed),
            ("place", FieldProblem::Malformed),
        ]
    );
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_text_that_is_too_long_is_kept_and_stops_only_the_sending_in(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let family = "👩\u{200D}👩\u{200D}👧\u{200D}👦";
    let long = CaseDraft {
        title: "가".repeat(83),
        summary: family.repeat(200),
        body: "이야기 한 줄\n".repeat(1_250),
        ..call.whole().await
    };
    let version = call.save(case, 1, &long).await.unwrap();
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!(stored.title, long.title);
    assert_eq!(stored.summary, long.summary, "two hundred families are two hundred letters");
    assert_eq!(stored.body, long.body.trim_end(), "nothing is cut");
    let Err(Error::Invalid(faults)) = call.submit(case, version).await else {
        panic!("it was sent in");
    };
    let faults: Vec<_> = faults.iter().map(|fault| (fault.field, fault.problem)).collect();
    assert_eq!(faults, [("title", FieldProblem::TooLong { max: 80, over: 3 })]);
    let right = CaseDraft { title: "가".repeat(80), ..long };
    let version = call.save(case, version, &right).await.unwrap();
    call.submit(case, version).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_is_taken_back_and_sent_in_again(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    call.withdraw(case, version).await.unwrap();
    assert_eq!(call.state(case).await, CaseState::Withdrawn);
    let twice = call.withdraw(case, version).await;
    assert!(matches!(twice, Err(Error::Refused(Refusal::WrongState))));
    let version = call.save(case, version, &call.whole().await).await.unwrap();
    call.submit(case, version).await.unwrap();
    assert_eq!(call.state(case).await, CaseState::Submitted);
    assert_eq!(count(&pool, "audit_event where action = 'case.submitted'").await, 2);
    assert_eq!(count(&pool, "audit_event where action = 'case.withdrawn'").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_organisation_cannot_fill_the_disk_with_drafts(pool: PgPool) {
    let call = Call::open(pool).await;
    for _ in 0..domain::limits::CASES_OF_AN_ORGANISATION {
        call.begin().await;
    }
    let track = call.whole().await.track;
    let open = call.edition.submissions_open().unwrap();
    let more = call.backend.begin_case(&call.member, open, &call.edition, "더", &track).await;
    assert!(matches!(
        more,
        Err(Error::Refused(Refusal::Case(CaseRefusal::TooManyCases { max: 50 })))
    ));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_is_found_in_its_own_edition_alone(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    let other = Edition { id: domain::ids::EditionId(Uuid::new_v4()), ..call.edition.clone() };
    let open = other.submissions_open().unwrap();
    let taken = call.backend.withdraw_case(&call.member, open, &other, case, version).await;
    assert!(matches!(taken, Err(Error::NotFound)), "another edition's call opens no door here");
    let admin = Admin::local_operator();
    let read = call.backend.screening_case(&admin, &other, case).await;
    assert!(matches!(read, Err(Error::NotFound)));
    assert_eq!(call.backend.own_cases(&call.member).await.unwrap()[0].edition_slug, SLUG);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_cases_begun_at_once_do_not_pass_the_most_of_an_organisation(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    call.begin().await;
    let track = call.whole().await.track;
    // Another case of the organisation is being begun: it has counted, and is not committed yet.
    let mut other = pool.begin().await.unwrap();
    let lock = "select id from organisation where id = $1 for no key update";
    let organisation = call.member.organisation_id().0;
    sqlx::query(lock).bind(organisation).execute(&mut *other).await.unwrap();
    let (backend, edition, member) = (call.backend.clone(), call.edition.clone(), call.member);
    let second = tokio::spawn(async move {
        let open = edition.submissions_open().unwrap();
        backend.begin_case(&member, open, &edition, "두 번째", &track).await
    });
    until("the second one waits or is done", async || {
        let waiting = "pg_stat_activity where wait_event_type = 'Lock'
            and datname = current_database()";
        second.is_finished() || count(&pool, waiting).await > 0
    })
    .await;
    sqlx::query(
        "insert into cases (id, edition_id, organisation_id, track_id, title)
        select gen_random_uuid(), edition_id, organisation_id, track_id, title
        from cases, generate_series(2, $2)
        where organisation_id = $1 and state = 'draft'",
    )
    .bind(organisation)
    .bind(i32::from(domain::limits::CASES_OF_AN_ORGANISATION))
    .execute(&mut *other)
    .await
    .unwrap();
    other.commit().await.unwrap();
    let second = second.await.unwrap();
    let full = |error: &Error| {
        matches!(error, Error::Refused(Refusal::Case(CaseRefusal::TooManyCases { .. })))
    };
    assert!(second.as_ref().is_err_and(full), "{second:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_organisation_is_reminded_of_its_drafts_once_before_each_close(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let draft = call.begin().await;
    let (sent, _) = call.submitted().await;
    let closes = call.edition.schedule.windows.call.closes;
    let admin = Admin::local_operator();
    let remind_at = async |before: chrono::TimeDelta| {
        let edition = call.backend.find_edition(SLUG).await.unwrap();
        call.backend.move_clock(&admin, &edition, ClockMove::To(closes - before)).await.unwrap();
        // Two servers, and again a minute later.
        let (one, other) =
            tokio::join!(call.backend.remind_of_drafts(), call.backend.remind_of_drafts());
        one.and(other).unwrap();
        call.backend.remind_of_drafts().await.unwrap();
        let mails = mails(&pool).await;
        mails.iter().filter(|(_, subject, _)| subject.contains("아직 제출하지 않은 사례")).count()
    };
    // The call closes at midnight, so a week and a day before are told in the evening before.
    assert_eq!(remind_at(chrono::TimeDelta::days(8)).await, 0);
    assert_eq!(remind_at(chrono::TimeDelta::hours(7 * 24 + 4)).await, 1);
    assert_eq!(remind_at(chrono::TimeDelta::hours(28)).await, 2);
    assert_eq!(remind_at(chrono::TimeDelta::minutes(150)).await, 3);
    assert_eq!(remind_at(chrono::TimeDelta::minutes(30)).await, 3);
    let (to, subject, body) = mails(&pool).await.swap_remove(0);
    assert_eq!(to, ADDRESS);
    assert!(subject.starts_with("[연습] [한표] 아직 제출하지 않은 사례가 있습니다"), "{subject}");
    let title = call.backend.own_case(&call.member, draft).await.unwrap().title;
    assert!(body.contains(&format!("· {title}\n")), "{body}");
    let done = call.backend.own_case(&call.member, sent).await.unwrap();
    assert_eq!(done.state, CaseState::Submitted);
    assert_eq!(body.matches("· ").count(), 1, "what is sent in is not named: {body}");
}
