//! What two people decide, until somebody reads counts.

use backend::accounts::Admin;
use backend::awards::{AnnouncementForm, ReleaseTime};
use backend::fraud::{HeldState, RankChanges, RulingProposal};
use backend::{Error, Refusal};
use domain::fraud::RulingReason;
use domain::refusal::FraudRefusal;
use sqlx::PgPool;

use super::{
    a_day_later, administrators, attacked, balance, counted, held_group, proposal, rule,
    to_the_counts, write_lines,
};
use crate::record::lines;
use crate::support::{SLUG, count};

fn refused_by(done: &backend::Result<()>, why: FraudRefusal) -> bool {
    matches!(done, Err(Error::Refused(Refusal::Fraud(refusal))) if *refusal == why)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_second_person_who_has_seen_the_evidence_confirms(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let [first, second] = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    // Seen before the proposal is not enough: the evidence may have changed since.
    backend.open_fraud_evidence(&second, &edition, group.id, "").await.unwrap();
    let blind = proposal(&group, RulingReason::Program);
    let blind = backend.propose_ruling(&first, &edition, blind).await;
    assert!(refused_by(&blind, FraudRefusal::EvidenceUnseen), "{blind:?}");
    backend.open_fraud_evidence(&first, &edition, group.id, "").await.unwrap();
    backend
        .propose_ruling(&first, &edition, proposal(&group, RulingReason::Program))
        .await
        .unwrap();
    let proposed: uuid::Uuid =
        sqlx::query_scalar("select id from fraud_ruling").fetch_one(&pool).await.unwrap();
    let own = backend.confirm_ruling(&first, &edition, proposed).await;
    assert!(refused_by(&own, FraudRefusal::SecondPerson), "{own:?}");
    let blind = backend.confirm_ruling(&second, &edition, proposed).await;
    assert!(refused_by(&blind, FraudRefusal::EvidenceUnseen), "{blind:?}");
    let poll = edition.polls[0].id;
    let waits = backend.held_state(poll, forged[0]).await.unwrap();
    assert_eq!(waits, Some(HeldState::Waiting), "nothing is decided");
    backend.open_fraud_evidence(&second, &edition, group.id, "").await.unwrap();
    backend.confirm_ruling(&second, &edition, proposed).await.unwrap();
    let twice = backend.confirm_ruling(&second, &edition, proposed).await;
    assert!(refused_by(&twice, FraudRefusal::ProposalGone), "{twice:?}");
    let state = backend.held_state(poll, forged[0]).await.unwrap();
    assert_eq!(state, Some(HeldState::Excluded));
    let seen = "audit_event where action = 'fraud.evidence_opened'";
    assert_eq!(count(&pool, seen).await, 2, "the first opening of each person");
    let confirmed = "audit_event where action = 'fraud.ruling_confirmed'";
    assert_eq!(count(&pool, confirmed).await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_balance_is_right_through_hold_exclude_and_restore(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    let one =
        RulingProposal { ballot: Some(forged[3]), ..proposal(&group, RulingReason::ShownOnAppeal) };
    let edition = to_the_counts(&backend, &pool).await;
    assert_eq!(balance(&backend, &edition).await, "20 = 6 + 0 + 14");
    rule(&backend, &edition, &admins, one).await;
    // Told at once, while the log still says that it is excluded.
    let status = backend.ballot_status(&edition, forged[3]).await.unwrap();
    assert_eq!(status, Some(backend::record::BallotStatus::Counted));
    write_lines(&backend).await;
    assert_eq!(balance(&backend, &edition).await, "20 = 7 + 0 + 13");
    // A later ruling about the group keeps what was decided about one ballot.
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::TooWeak)).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::OnePerson)).await;
    write_lines(&backend).await;
    assert_eq!(balance(&backend, &edition).await, "20 = 7 + 0 + 13");
    let edition = a_day_later(&backend).await;
    assert_eq!(counted(&backend, &edition).await, 7);
    let kinds =
        |lines: Vec<String>, kind: &str| lines.iter().filter(|line| line.starts_with(kind)).count();
    let lines = lines(&backend, &edition).await;
    assert_eq!(kinds(lines.clone(), "hold/v1"), 14);
    let reviewers = lines.iter().filter(|line| line.starts_with("ruling/v1"));
    for line in reviewers {
        let names: Vec<&str> = line.rsplit(' ').take(2).collect();
        assert_ne!(names[0], names[1], "two people, without their names: {line}");
        assert!(names.iter().all(|name| name.starts_with("R-")), "{line}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nothing_is_ruled_once_somebody_has_read_counts(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    let edition = to_the_counts(&backend, &pool).await;
    assert_eq!(counted(&backend, &edition).await, 6);
    let late = proposal(&group, RulingReason::RealPeople);
    let late = backend.propose_ruling(&admins[0], &edition, late).await;
    assert!(refused_by(&late, FraudRefusal::CountsRead), "{late:?}");
    let held = count(&pool, "held_ballot").await;
    backend.check_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot").await, held);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_announcement_says_whether_doubtful_ballots_decide(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    let edition = to_the_counts(&backend, &pool).await;
    let form = AnnouncementForm {
        when: ReleaseTime::Now,
        minutes: String::new(),
        confirm: "announce".to_owned(),
        without_judges: true,
    };
    let open = edition.deliberation_open().unwrap();
    sqlx::query("update edition set rulebook = jsonb_set(rulebook, '{panel,quorum}', '1')")
        .execute(&pool)
        .await
        .unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    backend.announce_result(&Admin::local_operator(), open, &edition, &form).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let report = backend.fraud_report(&edition).await.unwrap();
    let ranks = report.ranks.unwrap();
    assert!(ranks.all_count.ranks > 0, "14 forged votes against 6: {ranks:?}");
    assert_eq!(ranks.none_counts, RankChanges::default());
    assert_eq!((report.polls[0].held_groups, report.polls[0].restored), (1, 0));
    let excluded: Vec<_> = report.polls[0].recorded.excluded.iter().collect();
    assert_eq!(excluded, [(&"program".to_owned(), &14)]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn administrators_write_notes_for_each_other(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let [first, second] = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await.id;
    for message in ["", " ", &"가".repeat(2_001)] {
        let done = backend.write_group_note(&first, &edition, group, message).await;
        assert!(matches!(done, Err(Error::Invalid(_))), "{done:?}");
    }
    backend.write_group_note(&first, &edition, group, "I call the centre.").await.unwrap();
    backend.write_group_note(&second, &edition, group, "Staff helped on a tablet.").await.unwrap();
    let unknown = backend.write_group_note(&first, &edition, uuid::Uuid::new_v4(), "?").await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
    let seen = backend.open_fraud_evidence(&first, &edition, group, "").await.unwrap();
    let notes: Vec<&str> = seen.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(notes, ["Staff helped on a tablet.", "I call the centre."]);
    assert!(seen.notes.iter().all(|note| !note.writer.is_empty()));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_accounts_on_one_browser_are_pointed_out(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let [first, second] = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    let here = RulingProposal {
        browser: "the only browser".to_owned(),
        ..proposal(&group, RulingReason::Program)
    };
    backend.open_fraud_evidence(&first, &edition, group.id, "").await.unwrap();
    backend.propose_ruling(&first, &edition, here).await.unwrap();
    for (admin, browser, shown) in [
        (&second, "the only browser", true),
        (&second, "another browser", false),
        (&second, "", false),
        (&first, "the only browser", false),
    ] {
        let evidence = backend.open_fraud_evidence(admin, &edition, group.id, browser).await;
        assert_eq!(evidence.unwrap().rulings[0].same_browser, shown, "{browser}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ruling_is_about_the_ballots_that_both_people_saw(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    let [first, second] = &admins;
    backend.open_fraud_evidence(first, &edition, group.id, "").await.unwrap();
    // More ballots are held after the first person has read, and before anybody proposes.
    super::program_votes(&backend, &pool, &edition, 5).await;
    crate::support::backend(pool.clone()).check_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot").await, 19);
    let proposal = proposal(&group, RulingReason::Program);
    backend.propose_ruling(first, &edition, proposal).await.unwrap();
    let seen = backend.open_fraud_evidence(second, &edition, group.id, "").await.unwrap();
    backend.confirm_ruling(second, &edition, seen.rulings[0].id).await.unwrap();
    let waiting = count(&pool, "held_ballot where ruling_id is null").await;
    assert_eq!(waiting, 5, "the five wait for another ruling");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ballot_of_another_group_is_refused(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let [first, _] = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    backend.open_fraud_evidence(&first, &edition, group.id, "").await.unwrap();
    let other = RulingProposal {
        ballot: Some(domain::ids::BallotId(uuid::Uuid::new_v4())),
        ..proposal(&group, RulingReason::ShownOnAppeal)
    };
    let refused = backend.propose_ruling(&first, &edition, other).await;
    assert!(refused_by(&refused, FraudRefusal::OtherGroup), "{refused:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_count_is_read_while_a_line_about_a_ballot_is_missing(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    // The ballots' own lines are not in the log yet.
    let edition = crate::support::stand_at(&backend, domain::schedule::Phase::Deliberation).await;
    crate::record::published::sign_every_case(&backend, &pool).await;
    let open = edition.deliberation_open().unwrap();
    let early = backend.compute_standings(&admins[0], open, &edition).await;
    let waits = Refusal::Awards(domain::refusal::AwardsRefusal::PollsOpen);
    assert!(matches!(&early, Err(Error::Refused(why)) if *why == waits), "{early:?}");
    assert!(!backend.find_edition(SLUG).await.unwrap().counts_read);
    write_lines(&backend).await;
    assert_eq!(counted(&backend, &edition).await, 6);
    assert_eq!(balance(&backend, &edition).await, "20 = 6 + 0 + 14");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn counts_wait_for_a_proposal_and_the_same_ruling_again_changes_nothing(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    let edition = to_the_counts(&backend, &pool).await;
    backend
        .propose_ruling(&admins[0], &edition, proposal(&group, RulingReason::RealPeople))
        .await
        .unwrap();
    let open = edition.deliberation_open().unwrap();
    let early = backend.compute_standings(&admins[0], open, &edition).await;
    let waits = domain::refusal::AwardsRefusal::FraudOpen { groups: 0, appeals: 0, proposals: 1 };
    assert!(
        matches!(&early, Err(Error::Refused(Refusal::Awards(why))) if *why == waits),
        "{early:?}"
    );
    // In its place the ruling that applies already: no new day of appeals begins.
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    let taken = "audit_event where action = 'fraud.ruling_withdrawn'";
    assert_eq!(count(&pool, taken).await, 1, "a replaced proposal is withdrawn in the trail");
    write_lines(&backend).await;
    assert_eq!(counted(&backend, &edition).await, 6);
}
