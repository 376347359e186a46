//! What voters write about held ballots, and the answers.

use backend::fraud::{HeldState, RulingProposal};
use backend::record::BallotStatus;
use backend::{Error, Refusal};
use domain::fraud::RulingReason;
use domain::ids::BallotId;
use domain::refusal::{AwardsRefusal, FraudRefusal};
use sqlx::PgPool;

use super::{
    a_day_later, administrators, attacked, counted, held_group, proposal, rule, to_the_counts,
    write_lines,
};

/// The receipt of a ballot, signed by the log, as the voter has it.
pub(super) async fn receipt(
    backend: &backend::Backend,
    pool: &PgPool,
    edition: &backend::editions::Edition,
    ballot: BallotId,
) -> String {
    let poll = &edition.polls[0];
    let row: (Vec<u8>, chrono::DateTime<chrono::Utc>) =
        sqlx::query_as("select commitment, admitted_at from ballot where id = $1")
            .bind(ballot.0)
            .fetch_one(pool)
            .await
            .unwrap();
    let received = backend::voting::Receipt {
        ballot,
        commitment: domain::record::tree::Hash::from_slice(&row.0).unwrap(),
        admitted_at: row.1,
    };
    backend.receipt_note(edition, poll, &received).await.unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_voter_appeals_with_the_receipt_and_is_told(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    let note = receipt(&backend, &pool, &edition, forged[0]).await;
    let found = backend.find_held_ballot(&edition, &note).await.unwrap();
    assert_eq!((found.state, found.appeal, found.open), (Some(HeldState::Waiting), None, true));
    backend.send_appeal(&edition, &note, "I was helped at the centre.").await.unwrap();
    backend.send_appeal(&edition, &note, "It was tablet number 4.").await.unwrap();
    let evidence = backend.open_fraud_evidence(&admins[1], &edition, group.id, "").await.unwrap();
    let [appeal] = evidence.appeals.try_into().unwrap();
    let shown = (appeal.id, appeal.revision);
    assert_eq!((appeal.message.as_str(), appeal.ballot), ("It was tablet number 4.", forged[0]));
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    let counts = to_the_counts(&backend, &pool).await;
    let open = counts.deliberation_open().unwrap();
    let refused = backend.compute_standings(&admins[0], open, &counts).await;
    let waits = AwardsRefusal::FraudOpen { groups: 0, appeals: 1, proposals: 0 };
    assert!(
        matches!(&refused, Err(Error::Refused(Refusal::Awards(why))) if *why == waits),
        "an appeal without an answer: {refused:?}"
    );
    let restored =
        RulingProposal { ballot: Some(forged[0]), ..proposal(&group, RulingReason::ShownOnAppeal) };
    rule(&backend, &counts, &admins, restored).await;
    backend
        .answer_appeals(&admins[0], &counts, (group.id, vec![shown]), "Thank you.")
        .await
        .unwrap();
    write_lines(&backend).await;
    let told = backend.find_held_ballot(&counts, &note).await.unwrap();
    assert!(!told.open, "a ballot that counts leaves nothing to appeal, also on the same day");
    let counts = a_day_later(&backend).await;
    let told = backend.find_held_ballot(&counts, &note).await.unwrap();
    assert_eq!(told.state, Some(HeldState::Restored));
    assert_eq!(told.appeal.unwrap().answer.as_deref(), Some("Thank you."));
    let status = backend.ballot_status(&counts, forged[0]).await.unwrap();
    assert_eq!(status, Some(BallotStatus::Counted));
    assert_eq!(counted(&backend, &counts).await, 7);
    let report = backend.fraud_report(&counts).await.unwrap();
    let poll = &report.polls[0];
    assert_eq!((poll.appeals, poll.answered, poll.granted, poll.restored), (1, 1, 1, 1));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn one_answer_answers_all_that_were_read(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    let mut notes = Vec::new();
    for ballot in &forged[..3] {
        let note = receipt(&backend, &pool, &edition, *ballot).await;
        backend.send_appeal(&edition, &note, "Copied.").await.unwrap();
        notes.push(note);
    }
    let evidence = backend.open_fraud_evidence(&admins[0], &edition, group.id, "").await.unwrap();
    let shown: Vec<_> = evidence.appeals.iter().map(|read| (read.id, read.revision)).collect();
    assert_eq!(shown.len(), 3);
    backend.send_appeal(&edition, &notes[2], "Changed meanwhile.").await.unwrap();
    let elsewhere = (uuid::Uuid::nil(), shown.clone());
    let changed = Refusal::Fraud(FraudRefusal::AppealChanged);
    let refused = backend.answer_appeals(&admins[0], &edition, elsewhere, "No.").await;
    assert!(matches!(&refused, Err(Error::Refused(why)) if *why == changed), "another group");
    let all = (group.id, shown);
    backend.answer_appeals(&admins[0], &edition, all, "To all of you.").await.unwrap();
    let mut answers = Vec::new();
    for note in &notes {
        let told = backend.find_held_ballot(&edition, note).await.unwrap();
        answers.push(told.appeal.unwrap().answer);
    }
    let to_all = Some("To all of you.".to_owned());
    assert_eq!(
        answers,
        [to_all.clone(), to_all, None],
        "a text that nobody has read has no answer"
    );
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn only_a_receipt_of_a_held_ballot_opens_an_appeal(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let honest: uuid::Uuid = sqlx::query_scalar(
        "select id from ballot where id not in (select ballot_id from held_ballot) limit 1",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let counts = receipt(&backend, &pool, &edition, BallotId(honest)).await;
    let refused = backend.send_appeal(&edition, &counts, "Why?").await;
    let not_held = Refusal::Fraud(FraudRefusal::NotHeld);
    assert!(matches!(&refused, Err(Error::Refused(why)) if *why == not_held), "{refused:?}");
    assert_eq!(backend.find_held_ballot(&edition, &counts).await.unwrap().state, None);
    let note = receipt(&backend, &pool, &edition, forged[0]).await;
    // One digit of the ballot's number is another: the signature does not fit.
    let number = forged[0].0.simple().to_string();
    let other = forged[1].0.simple().to_string();
    for text in ["", "hanpyo.receipt/v1", &note.replace(&number, &other), &"가".repeat(300)] {
        let refused = backend.send_appeal(&edition, text, "Why?").await;
        let none = Refusal::Fraud(FraudRefusal::NoReceipt);
        assert!(matches!(&refused, Err(Error::Refused(why)) if *why == none), "{refused:?}");
    }
    for message in ["", " ", &"a".repeat(2_001)] {
        let refused = backend.send_appeal(&edition, &note, message).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_answer_is_for_the_text_that_was_read_and_stays(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    let note = receipt(&backend, &pool, &edition, forged[0]).await;
    let read = async || {
        let evidence = backend.open_fraud_evidence(&admins[0], &edition, group.id, "").await;
        let appeal = evidence.unwrap().appeals.remove(0);
        (appeal.id, appeal.revision)
    };
    backend.send_appeal(&edition, &note, "First.").await.unwrap();
    let first = read().await;
    backend.send_appeal(&edition, &note, "Second.").await.unwrap();
    let changed = Refusal::Fraud(FraudRefusal::AppealChanged);
    let stale = backend
        .answer_appeals(&admins[0], &edition, (group.id, vec![first]), "To the first.")
        .await;
    assert!(matches!(&stale, Err(Error::Refused(why)) if *why == changed), "{stale:?}");
    let second = read().await;
    backend
        .answer_appeals(&admins[0], &edition, (group.id, vec![second]), "Answered.")
        .await
        .unwrap();
    let twice =
        backend.answer_appeals(&admins[1], &edition, (group.id, vec![second]), "Another.").await;
    assert!(matches!(&twice, Err(Error::Refused(why)) if *why == changed), "{twice:?}");
    let again = backend.send_appeal(&edition, &note, "Third.").await;
    let over = Refusal::Fraud(FraudRefusal::Answered);
    assert!(matches!(&again, Err(Error::Refused(why)) if *why == over), "{again:?}");
    let shown = backend.find_held_ballot(&edition, &note).await.unwrap().appeal.unwrap();
    assert_eq!((shown.message.as_str(), shown.answer.as_deref()), ("Second.", Some("Answered.")));
    // An exclusion after the answer is something new.
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    assert!(backend.find_held_ballot(&edition, &note).await.unwrap().open);
    backend.send_appeal(&edition, &note, "Against the exclusion.").await.unwrap();
    let shown = backend.find_held_ballot(&edition, &note).await.unwrap().appeal.unwrap();
    assert_eq!((shown.message.as_str(), shown.answer), ("Against the exclusion.", None));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_voter_has_a_day_to_appeal_before_counts_are_read(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    let note = receipt(&backend, &pool, &edition, forged[0]).await;
    let edition = to_the_counts(&backend, &pool).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::Program)).await;
    write_lines(&backend).await;
    assert!(backend.find_held_ballot(&edition, &note).await.unwrap().open);
    let open = edition.deliberation_open().unwrap();
    let early = backend.compute_standings(&admins[0], open, &edition).await;
    assert!(
        matches!(&early, Err(Error::Refused(Refusal::Awards(AwardsRefusal::AppealsOpen { .. })))),
        "{early:?}"
    );
    let edition = a_day_later(&backend).await;
    assert!(!backend.find_held_ballot(&edition, &note).await.unwrap().open);
    let late = backend.send_appeal(&edition, &note, "Too late.").await;
    let over = Refusal::Fraud(FraudRefusal::AppealsOver);
    assert!(matches!(&late, Err(Error::Refused(why)) if *why == over), "{late:?}");
    assert_eq!(counted(&backend, &edition).await, 6);
}
