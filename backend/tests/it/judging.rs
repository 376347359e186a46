//! Judging: saving and signing sheets, versions that never overwrite each other, and cases that a
//! recused judge no longer sees.

mod board;
mod feedback;
mod late;

use backend::accounts::{Admin, Judge, Role};
use backend::editions::{Edition, NewEdition};
use backend::judging::{JudgeProgress, SheetSaveOutcome, SheetState};
use backend::{Backend, Error, Refusal};
use domain::ids::CaseId;
use domain::refusal::JudgingRefusal;
use domain::schedule::{Phase, PhaseError};
use domain::sheet::{ScoreForm, SheetProblem};
use domain::text::FieldProblem;
use sqlx::PgPool;

use crate::support::{
    SEASON, account, backend, count, keep_tries, newest_mail, season_in, stand_at,
};

/// Returns a backend whose season is in its judging phase, with one judge on the panel.
async fn panel(pool: &PgPool) -> (Backend, Edition, Judge) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Judging).await;
    let judge = seated(&backend, &edition, "first@panel.example").await;
    (backend, edition, judge)
}

async fn seated(backend: &Backend, edition: &Edition, email: &str) -> Judge {
    account(backend, edition, Role::Judge, email, "").await.require_judge().unwrap()
}

async fn first_case(backend: &Backend, edition: &Edition, judge: &Judge) -> CaseId {
    backend.judging_desk(judge, edition).await.unwrap().cases[0].id
}

fn form(scores: [Option<u32>; 5]) -> ScoreForm {
    ScoreForm {
        scores: scores.to_vec(),
        comment: "좋은 사례입니다".to_owned(),
        note: String::new(),
    }
}

fn full() -> ScoreForm {
    form([Some(18), Some(0), Some(27), Some(15), Some(11)])
}

async fn save(
    backend: &Backend,
    edition: &Edition,
    judge: &Judge,
    case: CaseId,
    version: i32,
    form: &ScoreForm,
) -> Result<SheetSaveOutcome, Error> {
    let open = edition.judging_open().unwrap();
    backend.save_sheet(judge, open, edition, case, version, form).await
}

async fn sign(
    backend: &Backend,
    edition: &Edition,
    judge: &Judge,
    case: CaseId,
    version: i32,
) -> Result<(), Error> {
    let open = edition.judging_open().unwrap();
    backend.sign_sheet(judge, open, edition, case, version).await.map(drop)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_sheet_is_saved_with_gaps_and_taken_up_again(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    let begun = form([Some(0), None, Some(30), None, None]);
    let saved = save(&backend, &edition, &judge, case, 0, &begun).await.unwrap();
    assert!(matches!(saved, SheetSaveOutcome::Saved { version: 1, .. }));
    let (_, stored) = backend.case_with_own_sheet(&judge, &edition, case).await.unwrap();
    assert_eq!((stored.version, stored.form), (1, begun), "an empty score is not zero");
    let state = |desk: backend::judging::JudgingDesk| desk.cases[0].state;
    assert_eq!(
        state(backend.judging_desk(&judge, &edition).await.unwrap()),
        SheetState::InProgress
    );
    let saved = save(&backend, &edition, &judge, case, 1, &full()).await.unwrap();
    assert!(matches!(saved, SheetSaveOutcome::Saved { version: 2, .. }));
    assert_eq!(state(backend.judging_desk(&judge, &edition).await.unwrap()), SheetState::Complete);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_stale_version_stores_nothing_and_shows_what_is_there(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
    let late = form([Some(1), None, None, None, None]);
    for version in [0, 7, -1] {
        match save(&backend, &edition, &judge, case, version, &late).await.unwrap() {
            SheetSaveOutcome::Stale(stored) => {
                assert_eq!((stored.version, stored.form), (1, full()))
            }
            saved => panic!("{version}: {saved:?}"),
        }
    }
    assert_eq!(backend.case_with_own_sheet(&judge, &edition, case).await.unwrap().1.version, 1);
    assert!(matches!(
        sign(&backend, &edition, &judge, case, 0).await,
        Err(Error::Refused(Refusal::Stale))
    ));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_later_version_of_a_sheet_that_is_gone_is_not_taken_for_a_first_one(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    let saved = save(&backend, &edition, &judge, case, 3, &full()).await.unwrap();
    assert!(matches!(saved, SheetSaveOutcome::Stale(stored) if stored.version == 0));
    assert_eq!(count(&pool, "sheet").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn exactly_one_of_several_parallel_saves_wins(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    for version in [0, 1] {
        let saves = (0..8_u32).map(|need| {
            let (backend, edition) = (backend.clone(), edition.clone());
            tokio::spawn(async move {
                let form = form([Some(need), None, None, None, None]);
                save(&backend, &edition, &judge, case, version, &form).await.unwrap()
            })
        });
        let mut won = 0;
        for save in saves.collect::<Vec<_>>() {
            won += usize::from(matches!(save.await.unwrap(), SheetSaveOutcome::Saved { .. }));
        }
        assert_eq!(won, 1, "from version {version}");
    }
    assert_eq!(count(&pool, "sheet where version = 2").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn scores_keep_to_the_rubric_and_texts_to_their_length(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    let above = form([Some(21), None, None, None, None]);
    assert!(matches!(
        save(&backend, &edition, &judge, case, 0, &above).await,
        Err(Error::Refused(Refusal::Judging(JudgingRefusal::Sheet(SheetProblem::Above {
            criterion: 0,
            max: 20
        }))))
    ));
    let long = ScoreForm { scores: vec![Some(1); 6], ..ScoreForm::default() };
    assert!(matches!(
        save(&backend, &edition, &judge, case, 0, &long).await,
        Err(Error::Refused(Refusal::Judging(JudgingRefusal::Sheet(SheetProblem::WrongLength))))
    ));
    assert_eq!(count(&pool, "sheet").await, 0);
    // A text that is too long is kept, and stops only the signing.
    let wordy = ScoreForm { note: "가".repeat(2001), ..full() };
    save(&backend, &edition, &judge, case, 0, &wordy).await.unwrap();
    match sign(&backend, &edition, &judge, case, 1).await {
        Err(Error::Invalid(faults)) => assert_eq!(faults[0].field, "note"),
        other => panic!("{other:?}"),
    }
    assert_eq!(count(&pool, "sheet where signed_at is not null").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_incomplete_sheet_cannot_be_signed_and_a_signed_one_cannot_be_changed(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    match sign(&backend, &edition, &judge, case, 0).await {
        Err(Error::Refused(Refusal::Judging(JudgingRefusal::SheetIncomplete(missing)))) => {
            assert_eq!(missing.len(), 5)
        }
        other => panic!("{other:?}"),
    }
    let gap = form([Some(0), None, Some(0), Some(0), None]);
    save(&backend, &edition, &judge, case, 0, &gap).await.unwrap();
    match sign(&backend, &edition, &judge, case, 1).await {
        Err(Error::Refused(Refusal::Judging(JudgingRefusal::SheetIncomplete(missing)))) => {
            assert_eq!(missing, [1, 4])
        }
        other => panic!("{other:?}"),
    }
    save(&backend, &edition, &judge, case, 1, &full()).await.unwrap();
    sign(&backend, &edition, &judge, case, 2).await.unwrap();
    for version in [0, 2, 3] {
        let changed = save(&backend, &edition, &judge, case, version, &gap).await;
        assert!(
            matches!(changed, Err(Error::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned)))),
            "{version}"
        );
    }
    let again = sign(&backend, &edition, &judge, case, 2).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned)))));
    assert_eq!(backend.case_with_own_sheet(&judge, &edition, case).await.unwrap().1.form, full());
    assert_eq!(count(&pool, "audit_event where action = 'sheet.signed'").await, 1);
    assert_eq!(
        count(&pool, "audit_event where action like 'sheet.%' and detail::text like '%27%'").await,
        0,
        "no scores"
    );
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_recused_judge_reaches_the_case_on_no_path(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
    let open = edition.judging_open().unwrap();
    match backend.recuse_judge(&judge, open, &edition, case, "  ").await {
        Err(Error::Invalid(faults)) => assert_eq!(faults[0].problem, FieldProblem::Missing),
        other => panic!("{other:?}"),
    }
    backend.recuse_judge(&judge, open, &edition, case, "제가 일하는 기관입니다").await.unwrap();
    let desk = backend.judging_desk(&judge, &edition).await.unwrap();
    assert_eq!((desk.cases.len(), desk.stepped_back), (23, 1));
    assert!(desk.cases.iter().all(|known| known.id != case));
    assert!(matches!(
        backend.case_with_own_sheet(&judge, &edition, case).await,
        Err(Error::NotFound)
    ));
    for version in [0, 1] {
        let saved = save(&backend, &edition, &judge, case, version, &full()).await;
        assert!(matches!(saved, Err(Error::NotFound)));
    }
    assert!(matches!(sign(&backend, &edition, &judge, case, 1).await, Err(Error::NotFound)));
    let again = backend.recuse_judge(&judge, open, &edition, case, "다시").await;
    assert!(matches!(again, Err(Error::NotFound)));
    assert_eq!(backend.judge_panels(&judge).await.unwrap()[0].assigned, 23);
    assert_eq!(count(&pool, "sheet").await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'judge.recused'").await, 1);
    let colleague = seated(&backend, &edition, "second@panel.example").await;
    assert!(
        backend.case_with_own_sheet(&colleague, &edition, case).await.is_ok(),
        "others still score it"
    );
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_cannot_step_back_from_a_signed_case(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
    sign(&backend, &edition, &judge, case, 1).await.unwrap();
    let open = edition.judging_open().unwrap();
    let recused = backend.recuse_judge(&judge, open, &edition, case, "뒤늦게").await;
    assert!(matches!(
        recused,
        Err(Error::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned)))
    ));
    assert_eq!(count(&pool, "sheet where signed_at is not null").await, 1);
    assert_eq!(count(&pool, "recusal").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_of_another_edition_finds_nothing_here(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let file = SEASON.replace("daejeon-2024", "daejeon-2025");
    let new = NewEdition { file, rehearsal: true };
    backend.create_edition(&Admin::local_operator(), &new).await.unwrap();
    let other = backend.find_edition("daejeon-2025").await.unwrap();
    backend.publish_edition(&Admin::local_operator(), &other).await.unwrap();
    let stranger = seated(&backend, &other, "stranger@panel.example").await;
    let case = first_case(&backend, &edition, &judge).await;
    assert!(matches!(backend.judging_desk(&stranger, &edition).await, Err(Error::NotFound)));
    assert!(matches!(
        backend.case_with_own_sheet(&stranger, &edition, case).await,
        Err(Error::NotFound)
    ));
    let saved = save(&backend, &edition, &stranger, case, 0, &full()).await;
    assert!(matches!(saved, Err(Error::NotFound)));
    assert!(matches!(sign(&backend, &edition, &stranger, case, 0).await, Err(Error::NotFound)));
    let open = edition.judging_open().unwrap();
    let recused = backend.recuse_judge(&stranger, open, &edition, case, "이유").await;
    assert!(matches!(recused, Err(Error::NotFound)));
    // The judge is right, but the case is asked for under another edition.
    let foreign = backend.save_sheet(&stranger, open, &other, case, 0, &full()).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    assert_eq!(backend.judge_panels(&stranger).await.unwrap().len(), 1);
    assert_eq!(count(&pool, "sheet").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_reads_the_own_sheet_only(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
    let colleague = seated(&backend, &edition, "second@panel.example").await;
    let (_, stored) = backend.case_with_own_sheet(&colleague, &edition, case).await.unwrap();
    assert_eq!((stored.version, stored.form.scores), (0, vec![None; 5]));
    let saved = save(&backend, &edition, &colleague, case, 0, &full()).await.unwrap();
    assert!(
        matches!(saved, SheetSaveOutcome::Saved { version: 1, .. }),
        "each has a sheet of their own"
    );
    assert_eq!(count(&pool, "sheet").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn there_is_no_judging_outside_its_window(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    let early = stand_at(&backend, Phase::Voting).await;
    assert!(matches!(early.judging_open(), Err(PhaseError::NotYet { .. })));
    let refused = |error| matches!(error, Error::Phase(PhaseError::NotYet { .. }));
    assert!(refused(backend.judging_desk(&judge, &early).await.unwrap_err()));
    assert!(refused(backend.case_with_own_sheet(&judge, &early, case).await.unwrap_err()));
    let late = stand_at(&backend, Phase::Deliberation).await;
    assert!(matches!(late.judging_open(), Err(PhaseError::Over { .. })));
    assert_eq!(
        backend.judging_desk(&judge, &late).await.unwrap().cases.len(),
        24,
        "reading goes on"
    );
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn only_accepted_cases_are_scored(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let case = first_case(&backend, &edition, &judge).await;
    sqlx::query("update cases set state = 'withdrawn' where id = $1")
        .bind(case.0)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(backend.judging_desk(&judge, &edition).await.unwrap().cases.len(), 23);
    let saved = save(&backend, &edition, &judge, case, 0, &full()).await;
    assert!(matches!(saved, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn exactly_one_of_a_simultaneous_signature_and_recusal_is_stored(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let open = edition.judging_open().unwrap();
    let cases = backend.judging_desk(&judge, &edition).await.unwrap().cases;
    for case in cases.iter().take(6).map(|case| case.id) {
        save(&backend, &edition, &judge, case, 0, &full()).await.unwrap();
        let (signed, recused) = tokio::join!(
            backend.sign_sheet(&judge, open, &edition, case, 1),
            backend.recuse_judge(&judge, open, &edition, case, "가족입니다"),
        );
        assert_ne!(signed.is_ok(), recused.is_ok(), "{signed:?} {recused:?}");
    }
    assert_eq!(count(&pool, "sheet join recusal using (judge_id, case_id)").await, 0);
    assert_eq!(count(&pool, "sheet where signed_at is null").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_but_a_judge_can_ask_for_a_sheet_at_all(pool: PgPool) {
    let (backend, edition, _judge) = panel(&pool).await;
    for (role, email) in
        [(Role::Administrator, "admin@city.example"), (Role::Member, "m@a.example")]
    {
        let account = account(&backend, &edition, role, email, "대덕구청").await;
        assert!(matches!(account.require_judge(), Err(Error::Forbidden)));
    }
}
