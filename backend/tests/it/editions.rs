//! Editions: stored whole or not at all, changed with an audit event, in a phase at any instant.

mod drafts;
mod office;
mod remove;

use backend::accounts::{Admin, Role};
use backend::audit::AuditAction;
use backend::editions::{ClockMove, NewEdition};
use backend::{Error, Refusal};
use domain::refusal::EditionRefusal;
use domain::schedule::Phase;
use sqlx::PgPool;

use crate::support::{SEASON, SLUG, account, backend, count, season_in, stand_at};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_season_of_2024_is_stored_whole(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Draft).await;
    assert_eq!(edition.rulebook.polls[0].picks.max_picks(), 3);
    let places = backend.tracks_and_districts(edition.id).await.unwrap();
    assert_eq!(places.districts.len(), 5);
    assert_eq!(places.districts.iter().map(|d| d.neighbourhoods.len()).sum::<usize>(), 82);
    assert_eq!(count(&pool, "cases where state = 'accepted'").await, 24);
    assert_eq!(count(&pool, "cases where not sample").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_faulty_season_file_is_refused_with_its_line_and_leaves_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let file =
        SEASON.replace("\"판암2동\",\n   \"organisation\"", "\"달나라동\",\n   \"organisation\"");
    assert_ne!(file, SEASON);
    let line = file.lines().position(|line| line.contains("달나라동")).unwrap() + 1;
    let new = NewEdition { file, rehearsal: true };
    match backend.create_edition(&Admin::local_operator(), &new).await {
        Err(Error::Season(problems)) => assert_eq!(problems[0].line, line),
        other => panic!("{other:?}"),
    }
    assert_eq!(count(&pool, "edition").await, 0);
    assert_eq!(count(&pool, "organisation").await, 0);
    assert_eq!(count(&pool, "audit_event").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_clock_of_a_rehearsal_walks_through_every_phase(pool: PgPool) {
    let backend = backend(pool);
    season_in(&backend, Phase::Draft).await;
    for phase in [
        Phase::Draft,
        Phase::Call,
        Phase::Screening,
        Phase::Voting,
        Phase::Judging,
        Phase::Deliberation,
    ] {
        assert_eq!(stand_at(&backend, phase).await.current_phase(), phase);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_clock_of_a_real_edition_cannot_be_moved(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let new = NewEdition { file: SEASON.to_owned(), rehearsal: false };
    backend.create_edition(&admin, &new).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let moved = backend.move_clock(&admin, &edition, ClockMove::By(3600)).await;
    assert!(matches!(moved, Err(Error::Refused(Refusal::Edition(EditionRefusal::NotARehearsal)))));
    assert!(
        sqlx::query("update edition set clock_offset_seconds = 60").execute(&pool).await.is_err(),
        "the database itself refuses too"
    );
    assert_eq!(count(&pool, "audit_event where action = 'edition.clock_moved'").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn moved_windows_leave_a_trace_and_keep_their_order(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Call).await;
    let mut windows = edition.schedule.windows;
    windows.call.closes += chrono::Duration::days(1);
    backend.move_windows(&admin, &edition, windows).await.unwrap();
    assert_eq!(backend.find_edition(SLUG).await.unwrap().schedule.windows, windows);
    windows.voting.opens = windows.call.opens;
    let moved = backend.move_windows(&admin, &edition, windows).await;
    assert!(matches!(moved, Err(Error::Refused(Refusal::Edition(EditionRefusal::Windows)))));
    assert_eq!(count(&pool, "audit_event where action = 'edition.windows_moved'").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_draft_is_no_public_edition(pool: PgPool) {
    let backend = backend(pool);
    let new = NewEdition { file: SEASON.to_owned(), rehearsal: false };
    backend.create_edition(&Admin::local_operator(), &new).await.unwrap();
    assert!(matches!(backend.find_public_edition(SLUG).await, Err(Error::NotFound)));
    assert!(backend.public_editions().await.unwrap().is_empty());
    let again = backend.create_edition(&Admin::local_operator(), &new).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Edition(EditionRefusal::SlugTaken)))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_dashboard_counts_what_waits(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Judging).await;
    let work = backend.season_work(&admin, edition.id).await.unwrap();
    assert_eq!((work.accepted, work.to_screen, work.judges), (24, 0, 0));
    let judge = account(&backend, &edition, Role::Judge, "judge@agency.example", "").await;
    sqlx::query("update cases set state = 'submitted' where id in (select id from cases limit 2)")
        .execute(&pool)
        .await
        .unwrap();
    let work = backend.season_work(&admin, edition.id).await.unwrap();
    assert_eq!((work.accepted, work.to_screen), (22, 2));
    assert_eq!((work.judges, work.judges_unsigned), (1, 1));
    // A judge has finished who signed some sheets and stepped back from the other cases.
    for sql in [
        "insert into sheet (id, edition_id, judge_id, case_id, scores, signed_at)
         select gen_random_uuid(), edition_id, $1, id, '{1,1,1,1,1}', now()
         from cases where state = 'accepted' and sample",
        "insert into recusal (judge_id, case_id, edition_id, reason)
         select $1, id, edition_id, 'kin' from cases where state = 'accepted' and not sample",
    ] {
        sqlx::query(sql).bind(judge.account_id().0).execute(&pool).await.unwrap();
    }
    let work = backend.season_work(&admin, edition.id).await.unwrap();
    assert_eq!(work.judges_unsigned, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_of_last_year_is_seated_again_and_a_member_is_not(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Call).await;
    let judge = account(&backend, &edition, Role::Judge, "judge@agency.example", "").await;
    let member =
        account(&backend, &edition, Role::Member, "member@agency.example", "중구 복지관").await;
    let file = SEASON.replacen(SLUG, "daejeon-2025", 1);
    backend.create_edition(&admin, &NewEdition { file, rehearsal: true }).await.unwrap();
    let next = backend.find_edition("daejeon-2025").await.unwrap();
    // By the real clock this season is long over, and its panel with it.
    let to = ClockMove::To(next.schedule.windows.call.opens);
    backend.move_clock(&admin, &next, to).await.unwrap();
    assert!(!backend.season_people(&admin, next.id).await.unwrap().judges[0].on_panel);
    backend.seat_judge(&admin, &next, judge.account_id()).await.unwrap();
    backend.seat_judge(&admin, &next, judge.account_id()).await.unwrap();
    let people = backend.season_people(&admin, next.id).await.unwrap();
    assert!(people.judges[0].on_panel);
    assert_eq!(people.members[0].organisation, "중구 복지관");
    // Once with the account, and once in the next edition.
    assert_eq!(count(&pool, "audit_event where action = 'panel.judge_seated'").await, 2);
    let refused = backend.seat_judge(&admin, &next, member.account_id()).await;
    assert!(matches!(refused, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judging_that_runs_is_not_cut_to_less_than_an_hour(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    season_in(&backend, Phase::Draft).await;
    let edition = stand_at(&backend, Phase::Judging).await;
    let mut windows = edition.schedule.windows;
    windows.judging.closes = edition.now + chrono::Duration::minutes(1);
    let moved = backend.move_windows(&admin, &edition, windows).await;
    assert!(
        matches!(moved, Err(Error::Refused(Refusal::Edition(EditionRefusal::JudgingCutShort)))),
        "{moved:?}"
    );
    // Two hours ahead stay more than one hour ahead on a slow machine.
    windows.judging.closes = edition.now + chrono::Duration::hours(2);
    backend.move_windows(&admin, &edition, windows).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_trail_is_read_page_by_page_and_by_kind(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Call).await;
    for _ in 0..60 {
        backend.move_clock(&admin, &edition, ClockMove::By(60)).await.unwrap();
    }
    let first = backend.audit_trail_page(&admin, Some(edition.id), None, 1).await.unwrap();
    let second = backend.audit_trail_page(&admin, Some(edition.id), None, 2).await.unwrap();
    // Created, published, moved to the call, and then moved 60 times by a minute.
    assert_eq!((first.total, first.events.len(), second.events.len()), (63, 50, 13));
    assert!(first.events.iter().all(|event| event.at >= second.events[0].at));
    let kind = Some(AuditAction::EditionPublished);
    let published = backend.audit_trail_page(&admin, Some(edition.id), kind, 1).await.unwrap();
    assert_eq!((published.total, published.events[0].subject.as_str()), (1, SLUG));
    let beyond =
        backend.audit_trail_page(&admin, Some(edition.id), None, usize::MAX).await.unwrap();
    assert_eq!((beyond.number, beyond.pages, beyond.events.len()), (2, 2, 13), "the last page");
    let before = backend.audit_trail_page(&admin, Some(edition.id), None, 0).await.unwrap();
    assert_eq!((before.number, before.events.len()), (1, 50));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn sign_ins_and_passwords_are_in_a_trail_of_no_edition(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Call).await;
    account(&backend, &edition, Role::Judge, "judge@agency.example", "").await;
    let system = backend.audit_trail_page(&admin, None, None, 1).await.unwrap();
    let actions: Vec<_> = system.events.iter().map(|event| event.action).collect();
    assert_eq!(actions, [Some(AuditAction::AccountSignedIn)]);
    assert_eq!(system.total, 1);
    let of_edition = backend.audit_trail_page(&admin, Some(edition.id), None, 1).await.unwrap();
    assert!(of_edition.events.iter().all(|event| event.action != actions[0]));
    // The action of another version keeps its name.
    let other = "update audit_event set action = 'account.renamed' where edition_id is null";
    sqlx::query(other).execute(&pool).await.unwrap();
    let event = &backend.audit_trail_page(&admin, None, None, 1).await.unwrap().events[0];
    assert_eq!((event.action, event.action_name.as_str()), (None, "account.renamed"));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_public_counts_accepted_cases_only(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Screening).await;
    assert!(edition.gallery_public().is_err(), "before the vote there is no number to show");
    let edition = stand_at(&backend, Phase::Voting).await;
    sqlx::query("update cases set state = 'withdrawn' where sample").execute(&pool).await.unwrap();
    let proof = edition.gallery_public().unwrap();
    assert_eq!(backend.count_accepted_cases(edition.id, proof).await.unwrap(), 2);
}

#[test]
fn the_template_is_a_season_without_cases() {
    let template = include_str!("../../../data/template.json");
    let season = domain::season::Season::parse_season_file(template).unwrap();
    assert!(season.cases.is_empty());
    assert!(!season.districts.is_empty());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_vote_that_has_closed_is_never_opened_again(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    season_in(&backend, Phase::Draft).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    let mut longer = edition.schedule.windows;
    longer.voting.closes += chrono::Duration::hours(2);
    backend.move_windows(&admin, &edition, longer).await.expect("an open vote may be extended");
    let mut earlier = longer;
    earlier.voting.opens -= chrono::Duration::hours(1);
    earlier.call.closes -= chrono::Duration::days(1);
    let edition = stand_at(&backend, Phase::Deliberation).await;
    let mut again = longer;
    again.voting.closes = again.judging.closes;
    for windows in [again, earlier] {
        let moved = backend.move_windows(&admin, &edition, windows).await;
        assert!(
            matches!(moved, Err(Error::Refused(Refusal::Edition(EditionRefusal::WindowPassed)))),
            "{moved:?}"
        );
    }
    let mut late = longer;
    late.judging.closes += chrono::Duration::days(1);
    backend.move_windows(&admin, &edition, late).await.expect("no sheet was signed yet");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn only_an_announced_edition_is_archived_and_once(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Deliberation).await;
    assert!(matches!(backend.archive_edition(&admin, &edition).await, Err(Error::Phase(_))));
    sqlx::query("update edition set released_at = announcement").execute(&pool).await.unwrap();
    let edition = stand_at(&backend, Phase::Announced).await;
    backend.archive_edition(&admin, &edition).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert_eq!(edition.current_phase(), Phase::Archived);
    let again = backend.archive_edition(&admin, &edition).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::WrongState))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_database_belongs_to_one_key(pool: PgPool) {
    use backend::keys::{self, Keys};
    let settings = || backend::Settings {
        public_url: String::new(),
        official: false,
        demonstration: false,
        mail_folder: None,
    };
    assert!(!keys::is_key_bound(&pool).await.unwrap());
    let with = |key| backend::Backend::new(pool.clone(), Keys::from_bytes([key; 32]), settings());
    for _ in 0..2 {
        assert!(with(1).bind_master_key().await.unwrap());
    }
    assert!(keys::is_key_bound(&pool).await.unwrap());
    assert!(!with(2).bind_master_key().await.unwrap());
}
