//! Polls: the cases on each ballot paper, the changes before the rules are sealed, and the count
//! of several polls.

use backend::accounts::Admin;
use backend::audit::AuditAction;
use backend::editions::{Edition, PollChange};
use backend::{Backend, Error, Refusal};
use domain::ids::{CaseId, PollId};
use domain::refusal::{EditionRefusal, VotingRefusal};
use domain::rulebook::{BallotPaper, Fraction, PicksRule, PollRules, RulebookProblem};
use domain::schedule::Phase;
use domain::text::Bilingual;
use sqlx::PgPool;
use uuid::Uuid;

use crate::awards::season::{judges, sheet};
use crate::support::{SEASON, SLUG, backend, count, published, season_in, stand_at, vote_in};

/// Returns the season of 2024 with a poll for each track and one about all cases.
pub(crate) async fn three_polls(backend: &Backend, phase: Phase) -> Edition {
    let start = SEASON.find("\"poll\":").unwrap();
    let end = start + SEASON[start..].find("\"panel\":").unwrap();
    let poll = |slug: &str, cases: &str, picks: &str, weight: &str| {
        format!(
            r#"{{"slug": "{slug}", "title": {{"ko": "{slug}", "en": "{slug}"}}, "cases": {cases},
            "picks": {picks}, "identity": "email", "weight": "{weight}",
            "basis": "share_of_ballots"}}"#
        )
    };
    let polls = [
        poll("services", r#"{"track": "service"}"#, r#"{"at_most": 2}"#, "1/10"),
        poll("places", r#"{"track": "neighbourhood"}"#, r#"{"at_most": 2}"#, "1/10"),
        poll("seats", r#""all""#, r#"{"exactly": 2}"#, "2/10"),
    ];
    let file = format!("{}\"polls\": [{}], {}", &SEASON[..start], polls.join(","), &SEASON[end..]);
    // One judge scores in these tests.
    let file = file.replacen("\"quorum\": 4", "\"quorum\": 1", 1);
    published(backend, file, phase).await
}

/// Keeps two cases of each track and renames them: 가 and 나 are services, 다 and 라 neighbourhoods.
async fn four_cases(pool: &PgPool) -> [CaseId; 4] {
    let mut kept = Vec::new();
    for (track, titles) in [("service", ["가", "나"]), ("neighbourhood", ["다", "라"])] {
        let ids: Vec<Uuid> = sqlx::query_scalar(
            "select cases.id from cases join track on track.id = track_id
            where slug = $1 order by cases.id limit 2",
        )
        .bind(track)
        .fetch_all(pool)
        .await
        .unwrap();
        for (id, title) in ids.iter().zip(titles) {
            let named = "update cases set title = $2 where id = $1";
            sqlx::query(named).bind(id).bind(title).execute(pool).await.unwrap();
            kept.push(CaseId(*id));
        }
    }
    let others: Vec<Uuid> = kept.iter().map(|case| case.0).collect();
    let gone = "delete from cases where id <> all ($1)";
    sqlx::query(gone).bind(others).execute(pool).await.unwrap();
    kept.try_into().unwrap()
}

/// Marks the rules as sealed, as the record does it.
async fn seal(pool: &PgPool, edition: &Edition) -> Edition {
    sqlx::query("insert into record (edition_id, origin, rulebook) values ($1, 'here', '')")
        .bind(edition.id.0)
        .execute(pool)
        .await
        .unwrap();
    Edition { sealed: true, ..edition.clone() }
}

/// Adds a second poll, about a list of cases.
pub(crate) fn guests(weight: &str) -> PollRules {
    PollRules {
        slug: "guests".to_owned(),
        title: Some(Bilingual::new("손님", "Guests")),
        cases: BallotPaper::List,
        picks: PicksRule::Exactly(1),
        identity: domain::rulebook::VoterIdentity::Roll,
        fold_aliases: false,
        channels: vec![domain::rulebook::Channel::PrintedCode],
        eligibility: domain::rulebook::Eligibility { min_age: 0, district: false },
        window: None,
        weight: Fraction::parse_fraction(weight).unwrap(),
        basis: domain::rulebook::PointsBasis::ShareOfTop,
        may_change: true,
        openings: domain::rulebook::OpeningsAccess::Public,
    }
}

fn all() -> PollRules {
    PollRules {
        slug: "citizens".to_owned(),
        title: Some(Bilingual::new("시민", "Citizens")),
        cases: BallotPaper::All,
        ..guests("20/100")
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn each_poll_has_the_cases_of_its_own_paper(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = three_polls(&backend, Phase::Voting).await;
    let [a, b, c, d] = four_cases(&pool).await;
    let papers =
        backend.ballot_papers(edition.id, edition.gallery_public().unwrap()).await.unwrap();
    let paper = |slug: &str| papers[&edition.find_poll(slug).unwrap().id].clone();
    let sorted = |mut cases: Vec<CaseId>| {
        cases.sort_unstable();
        cases
    };
    assert_eq!(paper("services"), sorted(vec![a, b]));
    assert_eq!(paper("places"), sorted(vec![c, d]));
    assert_eq!(paper("seats"), sorted(vec![a, b, c, d]));
    let withdrawn = "update cases set state = 'withdrawn' where title = '라'";
    sqlx::query(withdrawn).execute(&pool).await.unwrap();
    let papers =
        backend.ballot_papers(edition.id, edition.gallery_public().unwrap()).await.unwrap();
    assert_eq!(papers[&edition.find_poll("places").unwrap().id], [c]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn several_polls_come_out_as_computed_by_hand(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = three_polls(&backend, Phase::Voting).await;
    let [a, b, c, d] = four_cases(&pool).await;
    let ballots: [(&str, &[&[CaseId]]); 3] = [
        ("services", &[&[a], &[a, b], &[a], &[b]]),
        ("places", &[&[c, d], &[d]]),
        ("seats", &[&[a, d], &[a, c], &[b, d], &[b, d], &[b, d]]),
    ];
    for (slug, picks) in ballots {
        for picks in picks {
            let picks: Vec<Uuid> = picks.iter().map(|case| case.0).collect();
            vote_in(&backend, &pool, (&edition, edition.find_poll(slug).unwrap()), &picks).await;
        }
    }
    let edition = stand_at(&backend, Phase::Deliberation).await;
    let judge = judges(&pool, 1).await[0];
    for (case, total) in [(a, 90), (b, 80), (c, 70), (d, 60)] {
        sheet(&pool, &edition, judge, case.0, total).await;
    }
    let open = edition.deliberation_open().unwrap();
    let result = backend.compute_standings(&Admin::local_operator(), open, &edition).await.unwrap();
    let counted: Vec<_> =
        result.polls.iter().map(|poll| (poll.slug.as_str(), poll.ballots)).collect();
    assert_eq!(counted, [("services", 4), ("places", 2), ("seats", 5)]);
    let rows: Vec<_> = result
        .cases
        .iter()
        .map(|case| {
            let votes = case.polls.iter().map(|poll| (poll.slug.as_str(), poll.votes));
            (case.title.ko.as_str(), votes.collect::<Vec<_>>(), case.total.to_string())
        })
        .collect();
    let expected = [
        // 3/4 × 10 + 2/5 × 20 + 90 × 7/10
        ("가", vec![("services", 3), ("seats", 2)], "157/2".to_owned()),
        // 2/4 × 10 + 3/5 × 20 + 80 × 7/10
        ("나", vec![("services", 2), ("seats", 3)], "73".to_owned()),
        // 2/2 × 10 + 4/5 × 20 + 60 × 7/10
        ("라", vec![("places", 2), ("seats", 4)], "68".to_owned()),
        // 1/2 × 10 + 1/5 × 20 + 70 × 7/10
        ("다", vec![("places", 1), ("seats", 1)], "58".to_owned()),
    ];
    assert_eq!(rows, expected);
    assert_eq!(result.check_by_recomputing(), Ok(()));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_is_added_changed_and_removed_and_the_trail_says_so(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let edition = season_in(&backend, Phase::Screening).await;
    let list: Vec<CaseId> = backend
        .listed_cases(&admin, edition.id)
        .await
        .unwrap()
        .into_iter()
        .take(2)
        .map(|case| case.id)
        .collect();
    let change = PollChange { rules: guests("10/100"), listed: list.clone() };
    backend.save_poll(&admin, &edition, None, change.clone()).await.unwrap();
    let stale = backend.save_poll(&admin, &edition, None, change).await;
    assert!(matches!(stale, Err(Error::Refused(Refusal::Stale))), "{stale:?}");
    let edition = backend.find_edition(SLUG).await.unwrap();
    let poll = edition.find_poll("guests").unwrap();
    assert_eq!((poll.rules.clone(), edition.polls.len()), (guests("10/100"), 2));
    let listed = backend.listed_cases(&admin, edition.id).await.unwrap();
    let on_list: Vec<CaseId> =
        listed.iter().filter(|case| case.polls.contains(&poll.id)).map(|case| case.id).collect();
    assert_eq!(on_list, list);
    let mut renamed = guests("30/100");
    renamed.slug = "seats".to_owned();
    renamed.cases = BallotPaper::Track("service".to_owned());
    let change = PollChange { rules: renamed.clone(), listed: list };
    backend.save_poll(&admin, &edition, Some("guests"), change).await.unwrap();
    assert_eq!(count(&pool, "poll_case").await, 0, "a track needs no list");
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert_eq!(edition.find_poll("seats").unwrap().rules, renamed);
    backend.remove_poll(&admin, &edition, "seats").await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert_eq!((edition.polls.len(), edition.rulebook.polls.len()), (1, 1));
    let last = backend.remove_poll(&admin, &edition, "citizens").await;
    let none = Refusal::Edition(EditionRefusal::Rules(RulebookProblem::Polls { max: 8 }));
    assert!(matches!(last, Err(Error::Refused(refusal)) if refusal == none));
    for action in [AuditAction::PollAdded, AuditAction::PollChanged, AuditAction::PollRemoved] {
        let trail = backend.audit_trail_page(&admin, Some(edition.id), Some(action), 1);
        assert_eq!(trail.await.unwrap().total, 1, "{action:?}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_faulty_poll_is_refused(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let edition = season_in(&backend, Phase::Screening).await;
    let save = async |rules: PollRules, listed: Vec<CaseId>| {
        backend.save_poll(&admin, &edition, None, PollChange { rules, listed }).await.unwrap_err()
    };
    let elsewhere = PollRules { cases: BallotPaper::Track("schools".to_owned()), ..guests("1/10") };
    let track = "schools".to_owned();
    let unknown =
        Refusal::Edition(EditionRefusal::Rules(RulebookProblem::PollTrack { poll: 1, track }));
    assert!(matches!(save(elsewhere, vec![]).await, Error::Refused(found) if found == unknown));
    let twice = PollRules { slug: "citizens".to_owned(), ..guests("1/10") };
    let same = Refusal::Edition(EditionRefusal::Rules(RulebookProblem::PollSlugTwice { poll: 1 }));
    assert!(matches!(save(twice, vec![]).await, Error::Refused(found) if found == same));
    let foreign = save(guests("1/10"), vec![CaseId(Uuid::new_v4())]).await;
    assert!(
        matches!(foreign, Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase))),
        "{foreign:?}"
    );
    assert_eq!(count(&pool, "poll").await, 1);
    assert_eq!(backend.find_edition(SLUG).await.unwrap().rulebook, edition.rulebook);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn rules_are_sealed_only_when_every_case_weighs_one(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let edition = season_in(&backend, Phase::Screening).await;
    assert_eq!(backend.sealing_refusal(&admin, &edition).await.unwrap(), None);
    let add = PollChange { rules: guests("10/100"), listed: Vec::new() };
    backend.save_poll(&admin, &edition, None, add).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let refusal = backend.sealing_refusal(&admin, &edition).await.unwrap();
    let untitled = Refusal::Edition(EditionRefusal::Rules(RulebookProblem::PollTitle { poll: 0 }));
    assert_eq!(refusal, Some(untitled), "now that there are two");
    let change = PollChange { rules: all(), listed: Vec::new() };
    backend.save_poll(&admin, &edition, Some("citizens"), change).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let refusal = backend.sealing_refusal(&admin, &edition).await.unwrap();
    assert_eq!(
        refusal,
        Some(Refusal::Edition(EditionRefusal::PaperTooShort { poll: "guests".to_owned() }))
    );
    let cases = backend.listed_cases(&admin, edition.id).await.unwrap();
    let every: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    for (listed, refusal) in [
        (every[1..].to_vec(), Some(Refusal::Edition(EditionRefusal::PollWeights { cases: 1 }))),
        (every, None),
    ] {
        let edition = backend.find_edition(SLUG).await.unwrap();
        let change = PollChange { rules: guests("10/100"), listed };
        backend.save_poll(&admin, &edition, Some("guests"), change).await.unwrap();
        let edition = backend.find_edition(SLUG).await.unwrap();
        assert_eq!(backend.sealing_refusal(&admin, &edition).await.unwrap(), refusal);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_paper_that_leaves_one_possible_ballot_keeps_the_vote_from_opening(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    season_in(&backend, Phase::Screening).await;
    let keep = async |cases: i64| {
        let sql = "update cases set state = case
            when id in (select id from cases order by id limit $1) then 'accepted'
            else 'withdrawn' end";
        sqlx::query(sql).bind(cases).execute(&pool).await.unwrap();
        backend.find_edition(SLUG).await.unwrap()
    };
    let without_choice =
        Refusal::Edition(EditionRefusal::PaperWithoutChoice { poll: "citizens".to_owned() });
    // Up to three of one case.
    let edition = keep(1).await;
    let refusal = backend.sealing_refusal(&admin, &edition).await.unwrap();
    assert_eq!(refusal, Some(without_choice.clone()));
    let sealed = backend.seal_rulebook(&admin, &edition).await;
    assert!(matches!(sealed, Err(Error::Refused(found)) if found == without_choice));
    let edition = stand_at(&backend, Phase::Voting).await;
    let opened = backend.open_poll(&edition, &edition.polls[0]).await;
    assert!(matches!(opened, Err(Error::Refused(found)) if found == without_choice));
    assert!(!backend.find_edition(SLUG).await.unwrap().sealed);
    stand_at(&backend, Phase::Screening).await;
    let edition = keep(2).await;
    assert_eq!(backend.sealing_refusal(&admin, &edition).await.unwrap(), None);
    // Exactly three of three cases, and of four.
    sqlx::query(
        r#"update edition set rulebook = jsonb_set(rulebook, '{polls,0,picks}', '{"exactly": 3}')"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    for (cases, refusal) in [(3, Some(without_choice)), (4, None)] {
        let edition = keep(cases).await;
        assert_eq!(backend.sealing_refusal(&admin, &edition).await.unwrap(), refusal);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_changes_rules_that_are_sealed(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let unsealed = season_in(&backend, Phase::Screening).await;
    let edition = seal(&pool, &unsealed).await;
    assert!(backend.find_edition(SLUG).await.unwrap().sealed);
    let change = PollChange { rules: all(), listed: Vec::new() };
    // A page that was opened before the rules were sealed is refused too.
    for edition in [&edition, &unsealed] {
        let saved = backend.save_poll(&admin, edition, Some("citizens"), change.clone()).await;
        assert!(
            matches!(saved, Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed)))),
            "{saved:?}"
        );
        let removed = backend.remove_poll(&admin, edition, "citizens").await;
        assert!(
            matches!(removed, Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed)))),
            "{removed:?}"
        );
    }
    let mut windows = edition.schedule.windows;
    windows.voting.closes -= chrono::Duration::hours(1);
    let moved = backend.move_windows(&admin, &edition, windows).await;
    assert!(
        matches!(moved, Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed)))),
        "{moved:?}"
    );
    let mut windows = edition.schedule.windows;
    windows.judging.closes += chrono::Duration::hours(1);
    backend.move_windows(&admin, &edition, windows).await.expect("the judging is no vote");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_time_of_voting_keeps_room_for_every_poll(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let edition = season_in(&backend, Phase::Screening).await;
    let voting = edition.schedule.windows.voting;
    let rules = PollRules { window: Some(voting), ..all() };
    let change = PollChange { rules, listed: Vec::new() };
    backend.save_poll(&admin, &edition, Some("citizens"), change).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert_eq!(edition.polls[0].window, voting);
    let mut windows = edition.schedule.windows;
    windows.voting.closes -= chrono::Duration::hours(1);
    let moved = backend.move_windows(&admin, &edition, windows).await;
    assert!(
        matches!(moved, Err(Error::Refused(Refusal::Edition(EditionRefusal::PollOutside)))),
        "{moved:?}"
    );
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_new_proof_in_a_browser_ends_what_was_proven_there_in_other_polls(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = three_polls(&backend, Phase::Voting).await;
    let [one, two, _] = &edition.polls[..] else { panic!("three polls") };
    let prove = async |held: &str, poll: PollId, key: u8| {
        backend.open_voter_session(held, poll, vec![key; 32]).await.unwrap()
    };
    let is_in =
        async |poll, token: &str| backend.verified_browser(poll, token).await.unwrap().is_some();
    let first = prove("", one.id, 1).await;
    let both = prove(&first, two.id, 2).await;
    assert!(is_in(two, &both).await, "who was proven now");
    assert!(!is_in(one, &both).await, "nobody knows whether it is the person of before");
    assert!(!is_in(one, &first).await, "the old secret is over");
    let again = prove(&both, two.id, 2).await;
    assert!(is_in(two, &again).await && !is_in(two, &both).await, "the same person again");
    let other = prove(&again, two.id, 3).await;
    assert!(is_in(two, &other).await && !is_in(two, &again).await, "somebody else");
    assert_eq!(count(&pool, "voter_session").await, 1);
}
