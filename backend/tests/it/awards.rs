//! Awards: exact standings, one announcement, and nothing readable before its instant.

mod mailing;
mod quorum;
pub(crate) mod season;

use backend::accounts::Admin;
use backend::awards::{AnnouncementForm, ReleaseTime};
use backend::{Error, Refusal};
use chrono::Duration;
use domain::refusal::AwardsRefusal;
use domain::rulebook::Fraction;
use domain::schedule::{Phase, PhaseError};
use domain::standings::DroppedSheets;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;

use self::season::{announcement, judges, sheet, small_season};
use crate::support::{SLUG, backend, count, season_in, stand_at, until};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_small_season_comes_out_as_computed_by_hand(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = small_season(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    let result = backend.compute_standings(&Admin::local_operator(), open, &edition).await.unwrap();
    assert_eq!((result.polls.len(), result.polls[0].ballots), (1, 5));
    let rows: Vec<_> = result
        .cases
        .iter()
        .map(|case| {
            let poll = case.combined_poll_points(&result.rulebook);
            let points = [&poll, &case.judge_points, &case.total];
            (case.title.ko.as_str(), case.count_votes(), points.map(ToString::to_string), case.tier)
        })
        .collect();
    let points = |poll: &str, judges: &str, total: &str| [poll, judges, total].map(str::to_owned);
    let expected = [
        // 4 of 4 votes. (70 + 80) / 2, because 60 and 90 are dropped.
        ("가", 4, points("100", "75", "165/2"), Some(0)),
        // 3 of 4 votes. Of 80, 85, 85 and 95 the two sheets of 85 are kept.
        ("나", 3, points("75", "85", "82"), Some(0)),
        // 2 of 4 votes. (88 + 89 + 91) / 3, without the sheet of the recused judge.
        ("다", 2, points("50", "268/3", "1163/15"), Some(1)),
        // No vote. Two sheets, of which none is dropped, without the unsigned one.
        ("라", 0, points("0", "100", "70"), Some(1)),
    ];
    assert_eq!(rows, expected);
    assert_eq!(result.cases.iter().map(|case| case.rank).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(result.cases[0].dropped, Some(DroppedSheets { lowest: 0, highest: 3 }));
    assert_eq!(result.cases[3].dropped, None);
    assert_eq!(result.cases[2].total.to_decimal_text(2), "77.53");
    assert_eq!(result.cases[0].total, Fraction::parse_fraction("82.5").unwrap());
    assert_eq!(result.cases[3].title.en, "라", "Korean stands in for a missing translation");
    assert_eq!(result.check_by_recomputing(), Ok(()));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_reaches_counts_while_people_vote_or_score(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = small_season(&backend, &pool).await;
    let opens = edition.schedule.windows.judging.closes;
    let early = edition.deliberation_open().unwrap();
    for phase in [Phase::Call, Phase::Screening, Phase::Voting, Phase::Judging] {
        let now = stand_at(&backend, phase).await;
        assert!(matches!(now.deliberation_open(), Err(PhaseError::NotYet { .. })), "{phase:?}");
        // A proof or an edition that was read at another moment is refused.
        let standings = backend.compute_standings(&Admin::local_operator(), early, &edition).await;
        let refused = Error::Phase(PhaseError::NotYet { opens });
        assert_eq!(standings.unwrap_err().to_string(), refused.to_string(), "{phase:?}");
        let announced = backend
            .announce_result(&Admin::local_operator(), early, &edition, &announcement())
            .await;
        assert!(matches!(announced, Err(Error::Phase(_))), "{phase:?}");
    }
    assert_eq!(count(&pool, "result").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn cases_without_a_signed_sheet_stop_the_standings_and_are_counted(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Deliberation).await;
    let open = edition.deliberation_open().unwrap();
    let judges = judges(&pool, 2).await;
    let cases: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from cases order by title").fetch_all(&pool).await.unwrap();
    sheet(&pool, &edition, judges[0], cases[0], 80).await;
    sheet(&pool, &edition, judges[1], cases[1], 80).await;
    sqlx::query(
        "insert into recusal (judge_id, case_id, edition_id, reason) values ($1, $2, $3, '조카')",
    )
    .bind(judges[1])
    .bind(cases[1])
    .bind(edition.id.0)
    .execute(&pool)
    .await
    .unwrap();
    sheet(&pool, &edition, judges[0], cases[2], 80).await;
    sqlx::query("update sheet set signed_at = null where case_id = $1")
        .bind(cases[2])
        .execute(&pool)
        .await
        .unwrap();
    let standings = backend.compute_standings(&admin, open, &edition).await;
    assert!(matches!(
        standings,
        Err(Error::Refused(Refusal::Awards(AwardsRefusal::NotScored { cases: 23 })))
    ));
    let announced = backend.announce_result(&admin, open, &edition, &announcement()).await;
    assert!(matches!(
        announced,
        Err(Error::Refused(Refusal::Awards(AwardsRefusal::NotScored { cases: 23 })))
    ));
    let missing = backend.unscored_cases(&admin, edition.id).await.unwrap();
    assert_eq!(missing.len(), 23);
    assert!(missing.iter().all(|case| case.id.0 != cases[0]));
    sqlx::query("update cases set state = 'withdrawn'").execute(&pool).await.unwrap();
    let standings = backend.compute_standings(&admin, open, &edition).await;
    assert!(matches!(standings, Err(Error::Refused(Refusal::Awards(AwardsRefusal::NoCases)))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_of_the_sealed_paper_that_is_gone_stops_the_standings(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = small_season(&backend, &pool).await;
    // Nobody voted for this case, and no path of the program takes it back any more.
    let gone = "update cases set state = 'withdrawn' where title = '라'";
    sqlx::query(gone).execute(&pool).await.unwrap();
    let open = edition.deliberation_open().unwrap();
    let standings = backend.compute_standings(&Admin::local_operator(), open, &edition).await;
    assert!(matches!(standings, Err(Error::Internal(_))), "{standings:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_announced_result_is_stored_byte_for_byte_and_matches_its_hash(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = small_season(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    let standings = backend.compute_standings(&admin, open, &edition).await.unwrap();
    let announced = backend.announce_result(&admin, open, &edition, &announcement()).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert_eq!(edition.current_phase(), Phase::Announced);
    assert_eq!(edition.schedule.released_at, Some(announced.released_at));
    let (document, sha256): (Vec<u8>, Vec<u8>) =
        sqlx::query_as("select document, sha256 from result").fetch_one(&pool).await.unwrap();
    assert_eq!(hex::encode(Sha256::digest(&document)), announced.sha256);
    assert_eq!(hex::encode(sha256), announced.sha256);
    let public = edition.results_public().unwrap();
    let result = backend.published_result(public, &edition).await.unwrap();
    assert_eq!(result.bytes, document);
    assert_eq!(result.sha256, announced.sha256);
    assert_eq!(result.document, standings);
    assert_eq!(result.document.check_by_recomputing(), Ok(()));
    assert_eq!(result.document.canonical_bytes().unwrap(), document);
    assert_eq!(result.minutes, "위원회는 순위를 그대로 의결하였다.\n끝.");
    sqlx::query("update result set document = document || ' '").execute(&pool).await.unwrap();
    let touched = backend.published_result(public, &edition).await;
    assert!(
        matches!(touched, Err(Error::Internal(_))),
        "changed bytes are not shown as the result"
    );
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_result_is_embargoed_on_every_path_until_its_instant(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = small_season(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    let planned = edition.schedule.windows.announcement;
    let announcement = AnnouncementForm { when: ReleaseTime::AtPlanned, ..announcement() };
    let announced = backend.announce_result(&admin, open, &edition, &announcement).await.unwrap();
    assert_eq!(announced.released_at, planned);
    let embargoed = backend.find_edition(SLUG).await.unwrap();
    assert_eq!(embargoed.current_phase(), Phase::Deliberation);
    assert_eq!(embargoed.results_public().err(), Some(PhaseError::NotYet { opens: planned }));
    assert_eq!(embargoed.deliberation_open().err(), Some(PhaseError::Over { closed: planned }));
    // A proof of a later moment gives no access, because the statement reads the clock itself.
    let proof = embargoed.schedule.results_public(planned).unwrap();
    assert!(matches!(backend.published_result(proof, &embargoed).await, Err(Error::NotFound)));
    let standings = backend.compute_standings(&admin, open, &edition).await;
    assert!(matches!(standings, Err(Error::Phase(PhaseError::Over { .. }))));
    let decision = backend.result_approval(&admin, edition.id).await.unwrap().unwrap();
    assert_eq!(decision.sha256, announced.sha256, "the hash may be written down beforehand");
    let edition = stand_at(&backend, Phase::Announced).await;
    let public = edition.results_public().unwrap();
    assert_eq!(backend.published_result(public, &edition).await.unwrap().sha256, announced.sha256);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_planned_instant_that_is_over_releases_at_once(pool: PgPool) {
    let backend = backend(pool.clone());
    small_season(&backend, &pool).await;
    let edition = stand_at(&backend, Phase::Announced).await;
    assert_eq!(edition.current_phase(), Phase::Deliberation, "nothing is announced by itself");
    let open = edition.deliberation_open().unwrap();
    let announcement = AnnouncementForm { when: ReleaseTime::AtPlanned, ..announcement() };
    let announced = backend
        .announce_result(&Admin::local_operator(), open, &edition, &announcement)
        .await
        .unwrap();
    assert!(announced.released_at >= edition.now);
    assert_eq!(backend.find_edition(SLUG).await.unwrap().current_phase(), Phase::Announced);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_announcement_must_be_confirmed_and_its_minutes_readable(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = small_season(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    for word in ["", "yes", "발 표", "발표합니다", "announced"] {
        let unconfirmed = AnnouncementForm { confirm: word.to_owned(), ..announcement() };
        let answer = backend.announce_result(&admin, open, &edition, &unconfirmed).await;
        assert!(matches!(answer, Err(Error::Refused(Refusal::NotConfirmed))), "{word}");
    }
    let unreadable = AnnouncementForm { minutes: "가".repeat(10_001), ..announcement() };
    let answer = backend.announce_result(&admin, open, &edition, &unreadable).await;
    assert!(matches!(answer, Err(Error::Invalid(faults)) if faults[0].field == "minutes"));
    assert_eq!(count(&pool, "result").await, 0);
    assert_eq!(backend.find_edition(SLUG).await.unwrap().schedule.released_at, None);
    let confirmed = AnnouncementForm {
        confirm: " Announce ".to_owned(),
        minutes: String::new(),
        ..announcement()
    };
    backend.announce_result(&admin, open, &edition, &confirmed).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_result_is_announced_once(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = small_season(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    let announcement = announcement();
    let (one, other) = tokio::join!(
        backend.announce_result(&admin, open, &edition, &announcement),
        backend.announce_result(&admin, open, &edition, &announcement),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    for answer in [one, other, backend.announce_result(&admin, open, &edition, &announcement).await]
    {
        assert!(answer.is_ok() || matches!(answer, Err(Error::Refused(Refusal::WrongState))));
    }
    assert_eq!(count(&pool, "result").await, 1);
    assert_eq!(count(&pool, "audit_event where action = 'result.announced'").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_announcement_is_taken_back_only_while_nobody_can_have_read_it(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = small_season(&backend, &pool).await;
    let nothing = backend.withdraw_announcement(&admin, &edition).await;
    assert!(matches!(nothing, Err(Error::Refused(Refusal::WrongState))));
    let planned = AnnouncementForm { when: ReleaseTime::AtPlanned, ..announcement() };
    let open = edition.deliberation_open().unwrap();
    backend.announce_result(&admin, open, &edition, &planned).await.unwrap();
    let embargoed = backend.find_edition(SLUG).await.unwrap();
    let minutes = backend.withdraw_announcement(&admin, &embargoed).await.unwrap();
    assert!(minutes.starts_with("위원회는"), "the minutes are given back: {minutes}");
    assert_eq!(count(&pool, "result").await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'result.announcement_withdrawn'").await, 1);
    let edition = backend.find_edition(SLUG).await.unwrap();
    let open = edition.deliberation_open().expect("the committee sits again");
    backend.announce_result(&admin, open, &edition, &planned).await.unwrap();
    stand_at(&backend, Phase::Announced).await;
    // The page was opened during the embargo, and the button is pressed after it.
    let late = backend.withdraw_announcement(&admin, &embargoed).await;
    assert!(matches!(late, Err(Error::Refused(Refusal::WrongState))));
    assert_eq!(count(&pool, "result").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_withdrawal_that_waited_past_the_release_takes_nothing_back(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = small_season(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    let planned = AnnouncementForm { when: ReleaseTime::AtPlanned, ..announcement() };
    backend.announce_result(&admin, open, &edition, &planned).await.unwrap();
    let embargoed = backend.find_edition(SLUG).await.unwrap();
    let mut other = pool.begin().await.unwrap();
    sqlx::query("select from edition for update").execute(&mut *other).await.unwrap();
    let withdrawn =
        tokio::spawn(async move { backend.withdraw_announcement(&admin, &embargoed).await });
    until("the withdrawal waits for the edition", async || {
        let waiting = "pg_stat_activity where wait_event_type = 'Lock'
            and datname = current_database()";
        withdrawn.is_finished() || count(&pool, waiting).await > 0
    })
    .await;
    // The result comes out while the withdrawal waits.
    let soon = "update edition set released_at = clock_timestamp()
        + make_interval(secs => clock_offset_seconds) + interval '100 milliseconds'";
    sqlx::query(soon).execute(&mut *other).await.unwrap();
    sqlx::query("select pg_sleep(0.2)").execute(&mut *other).await.unwrap();
    other.commit().await.unwrap();
    let withdrawn = withdrawn.await.unwrap();
    assert!(matches!(withdrawn, Err(Error::Refused(Refusal::WrongState))), "{withdrawn:?}");
    assert_eq!(count(&pool, "result").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_windows_of_a_decided_edition_stay_as_they_were(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let before = small_season(&backend, &pool).await;
    let open = before.deliberation_open().unwrap();
    backend.announce_result(&admin, open, &before, &announcement()).await.unwrap();
    let after = backend.find_edition(SLUG).await.unwrap();
    let mut windows = after.schedule.windows;
    windows.announcement += Duration::days(1);
    // `before` was read before the decision, as on a page that was left open.
    for edition in [before, after] {
        let moved = backend.move_windows(&admin, &edition, windows).await;
        assert!(matches!(moved, Err(Error::Refused(Refusal::WrongState))));
    }
    assert_eq!(count(&pool, "audit_event where action = 'edition.windows_moved'").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_trail_records_the_announcement_and_no_count(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = small_season(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    let announced = backend.announce_result(&admin, open, &edition, &announcement()).await.unwrap();
    let trail = backend.audit_trail_page(&admin, Some(edition.id), None, 1).await.unwrap().events;
    let event = trail.iter().find(|event| event.action_name == "result.announced").unwrap();
    assert_eq!(event.subject, SLUG);
    let expected = serde_json::json!({
        "sha256": announced.sha256,
        "released_at": announced.released_at,
    });
    assert_eq!(event.detail, expected);
    for event in trail.iter().filter(|event| event.action_name.starts_with("result.")) {
        let text = event.detail.to_string();
        assert!(!text.contains("votes") && !text.contains("sheets") && !text.contains("ballots"));
    }
}
