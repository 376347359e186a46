//! Proving oneself again about a held ballot, by a contact of another kind.

use backend::editions::Edition;
use backend::fraud::{HeldBallot, SecondContact, SecondProof, SecondWay};
use backend::{Backend, Error, Refusal, Result};
use domain::fraud::RulingReason;
use domain::ids::BallotId;
use domain::refusal::{FraudRefusal, VotingRefusal};
use domain::rulebook::VoterIdentity;
use phrases::Lang;
use sqlx::PgPool;

use super::appeals::receipt;
use super::{administrators, attacked, held_group, proposal, rule, run, to_the_counts};
use crate::support::{count, newest_mail};

const HERE: &str = "192.0.2.7";

/// A vote by text message with held ballots, so that the second way is a mail.
async fn by_mobile(pool: &PgPool) -> (Backend, Edition, Vec<BallotId>) {
    let (backend, mut edition, forged) = attacked(pool).await;
    edition.polls[0].rules.identity = VoterIdentity::Mobile;
    (backend, edition, forged)
}

async fn ask(backend: &Backend, edition: &Edition, receipt: &str, email: &str) -> Result<()> {
    let asked = SecondContact { receipt, way: SecondWay::Email, contact: email, consent: true };
    backend.send_second_code(edition, asked, (HERE, Lang::En)).await
}

/// The code in the newest mail to an address.
async fn code_for(pool: &PgPool, email: &str) -> String {
    let text = newest_mail(pool, email).await;
    let line = text.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok());
    line.unwrap().to_owned()
}

async fn proof(backend: &Backend, edition: &Edition, receipt: &str) -> Option<SecondProof> {
    let HeldBallot { proof, .. } = backend.find_held_ballot(edition, receipt).await.unwrap();
    proof
}

fn refused_by(done: &Result<()>, why: &Refusal) {
    assert!(matches!(done, Err(Error::Refused(refusal)) if refusal == why), "{why:?}: {done:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_at_another_contact_proves_one_ballot_again(pool: PgPool) {
    let (backend, edition, forged) = by_mobile(&pool).await;
    let admins = administrators(&backend, &edition).await;
    let [one, two] = [forged[0], forged[1]];
    let (one, two) = (
        receipt(&backend, &pool, &edition, one).await,
        receipt(&backend, &pool, &edition, two).await,
    );
    assert_eq!(proof(&backend, &edition, &one).await, None);
    ask(&backend, &edition, &one, "voter@agency.example").await.unwrap();
    let waits = SecondProof { way: SecondWay::Email, waits: true, proven: false };
    assert_eq!(proof(&backend, &edition, &one).await, Some(waits));
    let code = code_for(&pool, "voter@agency.example").await;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    let left = |left| Refusal::Voting(VotingRefusal::CodeWrong { left });
    refused_by(&backend.prove_again(&edition, (&one, wrong), HERE).await, &left(4));
    // Another ballot's receipt does not open this code.
    let over = Refusal::Voting(VotingRefusal::CodeOver);
    refused_by(&backend.prove_again(&edition, (&two, &code), HERE).await, &over);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    backend.prove_again(&edition, (&one, &spaced), HERE).await.unwrap();
    backend.prove_again(&edition, (&one, &spaced), HERE).await.unwrap();
    let done = SecondProof { way: SecondWay::Email, waits: false, proven: true };
    assert_eq!(proof(&backend, &edition, &one).await, Some(done));
    let kept = "second_proof where code_hash is null and expires_at is null";
    assert_eq!(count(&pool, kept).await, 1, "no instant stays");
    refused_by(
        &ask(&backend, &edition, &one, "other@agency.example").await,
        &Refusal::Fraud(FraudRefusal::ProvenAgain),
    );
    // One mailbox stands for one ballot, in whatever spelling.
    run(&pool, "delete from contact_rest".to_owned()).await;
    ask(&backend, &edition, &two, "Voter+2@agency.example").await.unwrap();
    let code = code_for(&pool, "voter+2@agency.example").await;
    let used = Refusal::Fraud(FraudRefusal::ContactUsed);
    refused_by(&backend.prove_again(&edition, (&two, &code), HERE).await, &used);
    assert!(!proof(&backend, &edition, &two).await.unwrap().proven);
    // Both people see it beside the appeal, and nothing is decided by it.
    backend.send_appeal(&edition, &one, "I voted at the centre.").await.unwrap();
    let group = held_group(&backend, &edition).await;
    let seen = backend.open_fraud_evidence(&admins[0], &edition, group.id, "").await.unwrap();
    assert_eq!(seen.appeals[0].proven, Some(SecondWay::Email));
    assert_eq!((group.waiting, group.proven), (10, 0), "in steps of five");
    to_the_counts(&backend, &pool).await;
    assert_eq!(held_group(&backend, &edition).await.proven, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_second_proof_takes_consent_another_kind_of_contact_and_a_held_ballot(pool: PgPool) {
    let (backend, edition, forged) = by_mobile(&pool).await;
    let note = receipt(&backend, &pool, &edition, forged[0]).await;
    let email = "voter@agency.example";
    let asked = |way, contact, consent| SecondContact { receipt: &note, way, contact, consent };
    let from = (HERE, Lang::Ko);
    let silent = asked(SecondWay::Email, email, false);
    let missing = Refusal::Voting(VotingRefusal::ConsentMissing);
    refused_by(&backend.send_second_code(&edition, silent, from).await, &missing);
    for (way, contact) in [
        (SecondWay::Mobile, "010-1234-5678"),
        (SecondWay::Email, ""),
        (SecondWay::Email, "nobody"),
        (SecondWay::Email, &"a".repeat(300)),
    ] {
        let done = backend.send_second_code(&edition, asked(way, contact, true), from).await;
        assert!(matches!(done, Err(Error::Invalid(_))), "{contact}: {done:?}");
    }
    let honest =
        "select id from ballot where id not in (select ballot_id from held_ballot) limit 1";
    let honest: uuid::Uuid = sqlx::query_scalar(honest).fetch_one(&pool).await.unwrap();
    let counts = receipt(&backend, &pool, &edition, BallotId(honest)).await;
    let not_held = Refusal::Fraud(FraudRefusal::NotHeld);
    refused_by(&ask(&backend, &edition, &counts, email).await, &not_held);
    let forged_note = note.replace(&forged[0].0.simple().to_string(), &"0".repeat(32));
    let none = Refusal::Fraud(FraudRefusal::NoReceipt);
    refused_by(&ask(&backend, &edition, &forged_note, email).await, &none);
    assert_eq!(count(&pool, "second_proof").await, 0);
    assert_eq!(count(&pool, "mail").await, 0);
    assert_eq!(count(&pool, "attempt").await, 0, "nothing was counted for what was refused");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_second_code_ends_by_tries_by_time_and_by_a_ruling(pool: PgPool) {
    let (backend, edition, forged) = by_mobile(&pool).await;
    let note = receipt(&backend, &pool, &edition, forged[0]).await;
    ask(&backend, &edition, &note, "voter@agency.example").await.unwrap();
    let code = code_for(&pool, "voter@agency.example").await;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    for _ in 0..4 {
        backend.prove_again(&edition, (&note, wrong), HERE).await.unwrap_err();
    }
    let used = Refusal::Voting(VotingRefusal::CodeTriesUsed);
    refused_by(&backend.prove_again(&edition, (&note, wrong), HERE).await, &used);
    let over = Refusal::Voting(VotingRefusal::CodeOver);
    refused_by(&backend.prove_again(&edition, (&note, &code), HERE).await, &over);
    run(&pool, "delete from contact_rest".to_owned()).await;
    ask(&backend, &edition, &note, "voter@agency.example").await.unwrap();
    let code = code_for(&pool, "voter@agency.example").await;
    run(&pool, "update second_proof set expires_at = now() - interval '1 second'".to_owned()).await;
    refused_by(&backend.prove_again(&edition, (&note, &code), HERE).await, &over);
    backend.delete_old_second_codes().await.unwrap();
    assert_eq!(count(&pool, "second_proof").await, 0);
    let admins = administrators(&backend, &edition).await;
    let group = held_group(&backend, &edition).await;
    rule(&backend, &edition, &admins, proposal(&group, RulingReason::RealPeople)).await;
    run(&pool, "delete from contact_rest".to_owned()).await;
    let late = Refusal::Fraud(FraudRefusal::AppealsOver);
    refused_by(&ask(&backend, &edition, &note, "voter@agency.example").await, &late);
}
