//! The demonstration: loaded once, with an account for every role, and refused outside of it.

use backend::accounts::{Admin, Role, SignInForm};
use backend::demonstration::{DEMO_PASSWORD, DemoPhase};
use backend::{Backend, Error};
use domain::schedule::Phase;
use sqlx::PgPool;

use crate::support::{SEASON, SLUG, backend, backend_with, count, send_until};

async fn enters(backend: &Backend, email: &str) -> Option<Role> {
    let form = SignInForm { email: email.to_owned(), password: DEMO_PASSWORD.to_owned() };
    backend.sign_in(&form, "203.0.113.20").await.ok().map(|(_, account)| account.role())
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_demonstration_stands_a_day_into_the_vote_and_everybody_gets_in(pool: PgPool) {
    let backend = backend(pool.clone());
    let loaded = backend.load_demonstration(SEASON).await.unwrap();
    let edition = backend.find_public_edition(SLUG).await.unwrap();
    assert_eq!((loaded.slug.as_str(), edition.current_phase()), (SLUG, Phase::Voting));
    let voted = edition.now - edition.schedule.windows.voting.opens;
    assert_eq!(voted.num_hours(), 24);
    assert_eq!(loaded.sign_ins.len(), 9);
    for sign_in in &loaded.sign_ins {
        assert_eq!(enters(&backend, &sign_in.email).await, Some(sign_in.role));
    }
    assert_eq!(count(&pool, "panel_member").await, 7);
    let member = SignInForm {
        email: "member@hanpyo.example".to_owned(),
        password: DEMO_PASSWORD.to_owned(),
    };
    let (_, member) = backend.sign_in(&member, "203.0.113.21").await.unwrap();
    assert_eq!(member.organisation_name(), Some("동구 표본종합사회복지관"));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_second_load_changes_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let first = backend.load_demonstration(SEASON).await.unwrap();
    let hashes = "select string_agg(password_hash, ',' order by email) from account";
    let before: String = sqlx::query_scalar(hashes).fetch_one(&pool).await.unwrap();
    let acts = count(&pool, "audit_event").await;
    assert_eq!(backend.load_demonstration(SEASON).await.unwrap(), first);
    let after: String = sqlx::query_scalar(hashes).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
    assert_eq!(count(&pool, "audit_event").await, acts);
    assert_eq!(count(&pool, "edition").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_load_that_was_cut_off_is_completed(pool: PgPool) {
    let backend = backend(pool.clone());
    backend.load_demonstration(SEASON).await.unwrap();
    for broken in [
        "delete from panel_member where judge_id in (select id from account where email like 'judge3@%')",
        "delete from session",
        "delete from account where email like 'judge3@%' or email like 'member@%'",
        "update edition set published_at = null, clock_offset_seconds = 0",
    ] {
        sqlx::query(broken).execute(&pool).await.unwrap();
    }
    backend.load_demonstration(SEASON).await.unwrap();
    assert_eq!(count(&pool, "account").await, 9);
    assert_eq!(count(&pool, "panel_member").await, 7);
    assert_eq!(backend.find_public_edition(SLUG).await.unwrap().current_phase(), Phase::Voting);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_real_house_gets_no_demonstration_accounts_and_shows_no_mail(pool: PgPool) {
    let backend = backend_with(pool.clone(), false, Some(std::env::temp_dir()));
    assert!(matches!(backend.load_demonstration(SEASON).await, Err(Error::Forbidden)));
    assert_eq!(count(&pool, "account").await, 0);
    assert_eq!(count(&pool, "edition").await, 0);
    assert!(matches!(backend.demonstration_outbox().await, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_accounts_of_a_demonstration_end_with_it(pool: PgPool) {
    let demonstration = backend(pool.clone());
    let loaded = demonstration.load_demonstration(SEASON).await.unwrap();
    let admin = &loaded.sign_ins[0];
    let form = SignInForm { email: admin.email.clone(), password: DEMO_PASSWORD.to_owned() };
    let (token, _) = demonstration.sign_in(&form, "203.0.113.23").await.unwrap();
    assert!(demonstration.resume_session(&token).await.unwrap().is_some());
    let real = backend_with(pool.clone(), false, None);
    for sign_in in &loaded.sign_ins {
        assert_eq!(enters(&real, &sign_in.email).await, None, "{}", sign_in.email);
    }
    assert!(real.resume_session(&token).await.unwrap().is_none(), "an open session");
    // A demonstration on the same database cannot bring the session back.
    assert!(demonstration.resume_session(&token).await.unwrap().is_none());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_faulty_file_loads_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let file = SEASON.replacen("70/100", "60/100", 1);
    assert!(matches!(backend.load_demonstration(&file).await, Err(Error::Season(_))));
    assert_eq!(count(&pool, "edition").await + count(&pool, "account").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_mail_box_reads_korean_mails_as_their_readers_do(pool: PgPool) {
    let folder = std::env::temp_dir().join(format!("hanpyo-outbox-{}", std::process::id()));
    let mailer =
        backend::mail::Mailer::into_folder(folder.clone(), "한표 <vote@hanpyo.example>").unwrap();
    let backend = backend_with(pool.clone(), true, Some(folder.clone()));
    assert!(backend.demonstration_outbox().await.unwrap().is_empty());
    std::fs::write(folder.join("broken.eml"), [0xff, 0xfe, 0x00]).unwrap();
    std::fs::write(folder.join("other.txt"), "To: a@b.example\n\nno mail").unwrap();
    backend.load_demonstration(SEASON).await.unwrap();
    let email = "judge1@hanpyo.example";
    backend.send_reset_link(email, "203.0.113.22", phrases::Lang::Ko).await.unwrap();
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    let mails = backend.demonstration_outbox().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let mail = mails.iter().find(|mail| mail.to == email).unwrap();
    assert_eq!(mail.subject, phrases::mail::reset_subject(phrases::Lang::Ko));
    assert!(mail.body.contains("한 시간 동안 한 번만"), "{}", mail.body);
    assert!(mail.body.contains("https://vote.example/reset/"), "{}", mail.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_season_stands_in_every_phase_beside_the_demonstration(pool: PgPool) {
    let backend = backend(pool.clone());
    backend.load_demonstration(SEASON).await.unwrap();
    assert_eq!(backend.demonstrated_phase(SLUG), None, "nothing is shown before all is there");
    backend.load_demonstration_phases(SEASON, &[]).await.unwrap();
    for phase in DemoPhase::ALL {
        let edition = backend.find_public_edition(&phase.edition_slug(SLUG)).await.unwrap();
        assert_eq!(edition.current_phase(), phase.shown_phase(), "{phase:?}");
        assert!(edition.rehearsal);
        assert_eq!(backend.demonstrated_phase(&edition.slug), Some(phase));
    }
    // Beside the season the lists have three past editions, which are over, and none of the phases.
    let listed = backend.listed_editions().await.unwrap();
    let slugs: Vec<&str> = listed.iter().map(|edition| edition.slug.as_str()).collect();
    assert_eq!(slugs, [SLUG, "sample-2023", "sample-2022", "sample-2021"]);
    assert!(listed[1..].iter().all(|edition| edition.current_phase() == Phase::Archived));
    // Sixty samples in each of six, and no check holds any of them.
    assert_eq!(count(&pool, "ballot").await, 360);
    assert_eq!(count(&pool, "held_ballot").await, 0);
    assert_eq!(count(&pool, "sheet where signed_at is null").await, 0);
    let result = backend.find_public_edition(&DemoPhase::Result.edition_slug(SLUG)).await.unwrap();
    let published =
        backend.published_result(result.results_public().unwrap(), &result).await.unwrap();
    assert_eq!(published.document.polls[0].ballots, 60);
    // As in the real season, the two real cases win the grand prizes.
    let real: Vec<_> = published.document.cases.iter().take_while(|case| !case.sample).collect();
    assert_eq!(real.len(), 2);
    // The next start changes nothing, even if somebody has moved a clock meanwhile.
    let acts = count(&pool, "audit_event").await;
    backend.load_demonstration_phases(SEASON, &[]).await.unwrap();
    assert_eq!(count(&pool, "audit_event").await, acts);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_load_of_the_phases_that_was_cut_off_is_completed(pool: PgPool) {
    let backend = backend(pool.clone());
    backend.load_demonstration(SEASON).await.unwrap();
    backend.load_demonstration_phases(SEASON, &[]).await.unwrap();
    let slug = DemoPhase::Judging.edition_slug(SLUG);
    for broken in [
        "delete from audit_event where action = 'notice.published'",
        "delete from sheet where signed_at is null",
    ] {
        sqlx::query(broken).execute(&pool).await.unwrap();
    }
    let sheets = count(&pool, "sheet").await;
    backend.load_demonstration_phases(SEASON, &[]).await.unwrap();
    assert_eq!(count(&pool, "sheet").await, sheets);
    let edition = backend.find_public_edition(&slug).await.unwrap();
    assert_eq!(edition.current_phase(), Phase::Judging);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_start_after_editions_of_the_demonstration_were_removed_goes_on(pool: PgPool) {
    let backend = backend(pool.clone());
    backend.load_demonstration(SEASON).await.unwrap();
    backend.load_demonstration_phases(SEASON, &[]).await.unwrap();
    for phase in DemoPhase::ALL {
        let edition = backend.find_edition(&phase.edition_slug(SLUG)).await.unwrap();
        let slug = edition.slug.clone();
        backend.remove_edition(&Admin::local_operator(), &edition, &slug).await.unwrap();
    }
    backend.load_demonstration(SEASON).await.unwrap();
    backend.load_demonstration_phases(SEASON, &[]).await.unwrap();
    // The name of an edition that has a log is not used again. The others are new.
    for (phase, comes_back) in DemoPhase::ALL.into_iter().zip([true, true, false, false, false]) {
        let found = backend.find_edition(&phase.edition_slug(SLUG)).await;
        assert_eq!(found.is_ok(), comes_back, "{phase:?}");
    }
}
