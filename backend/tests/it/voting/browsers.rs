//! The browsers of one voter: only the one that cast a ballot is shown the choice. The sessions of
//! the others end with the ballot.

use backend::Backend;
use backend::editions::{Edition, Poll};
use backend::voting::{CastOutcome, VoterToken};
use domain::ids::CaseId;
use domain::schedule::Phase;
use sqlx::PgPool;

use super::{ballot, cases};
use crate::support::{backend, count, poll_with, published, season_in};

/// Opens the session of this voter in a browser with that secret before.
async fn prove(backend: &Backend, poll: &Poll, held: &str, voter: u8) -> String {
    backend.open_voter_session(held, poll.id, vec![voter; 32]).await.unwrap()
}

/// Returns what a browser with this secret is shown of its voter's choice.
async fn opening(backend: &Backend, edition: &Edition, token: &str) -> Option<Vec<CaseId>> {
    let voter = VoterToken::with_cookie(&edition.polls[0], token);
    let opening = backend.voter_opening(edition, &voter).await.unwrap();
    opening.map(|opening| opening.picks.as_slice().to_vec())
}

async fn cast(
    backend: &Backend,
    edition: &Edition,
    token: &str,
    picks: &[CaseId],
) -> backend::Result<CastOutcome> {
    let voter = VoterToken::with_cookie(&edition.polls[0], token);
    backend.cast_ballot(&voter, edition, &ballot(picks)).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn only_the_browser_that_cast_a_ballot_is_shown_the_choice(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let poll = &edition.polls[0];
    let picks = cases(&pool, &edition, 2).await;
    // Somebody who can read the voter's mail was there first, and did nothing.
    let spy = prove(&backend, poll, "", 1).await;
    let mine = prove(&backend, poll, "", 1).await;
    let stranger = prove(&backend, poll, "", 2).await;
    let voted = cast(&backend, &edition, &mine, &picks).await.unwrap();
    let CastOutcome::Accepted(receipt) = voted else { panic!("{voted:?}") };
    assert_eq!(opening(&backend, &edition, &mine).await, Some(picks.clone()));
    assert!(backend.verified_browser(poll, &spy).await.unwrap().is_none(), "it has ended");
    assert_eq!(opening(&backend, &edition, &spy).await, None);
    let other = backend.verified_browser(poll, &stranger).await.unwrap();
    assert!(other.is_some(), "another voter stays");
    // Whoever proves the contact after the ballot sees the receipt and no choice.
    let later = prove(&backend, poll, "", 1).await;
    let voter = backend.verified_browser(poll, &later).await.unwrap().unwrap();
    assert_eq!(backend.voter_receipt(&voter).await.unwrap(), Some(receipt));
    assert_eq!(opening(&backend, &edition, &later).await, None);
    let again = cast(&backend, &edition, &later, &picks[..1]).await.unwrap();
    assert_eq!(again, CastOutcome::AlreadyVoted(receipt));
    assert_eq!(opening(&backend, &edition, &later).await, None, "a refused ballot opens nothing");
    assert_eq!(opening(&backend, &edition, &mine).await, Some(picks));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_new_proof_in_the_same_browser_still_shows_the_choice_and_no_other_voters(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let poll = &edition.polls[0];
    let picks = cases(&pool, &edition, 1).await;
    let first = prove(&backend, poll, "", 1).await;
    cast(&backend, &edition, &first, &picks).await.unwrap();
    let second = prove(&backend, poll, &first, 1).await;
    assert_eq!(opening(&backend, &edition, &second).await, Some(picks));
    assert_eq!(opening(&backend, &edition, &first).await, None, "that secret is over");
    let next = prove(&backend, poll, &second, 2).await;
    assert_eq!(opening(&backend, &edition, &next).await, None, "the next person at the machine");
    let back = prove(&backend, poll, &next, 1).await;
    assert_eq!(opening(&backend, &edition, &back).await, None, "and it does not come back");
    assert_eq!(count(&pool, "voter_session").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn who_changes_a_vote_elsewhere_signs_the_first_browser_out(pool: PgPool) {
    let backend = backend(pool.clone());
    let file = poll_with("\"may_change\": true");
    let edition = published(&backend, file, Phase::Voting).await;
    let poll = &edition.polls[0];
    let picks = cases(&pool, &edition, 2).await;
    let first = prove(&backend, poll, "", 1).await;
    cast(&backend, &edition, &first, &picks[..1]).await.unwrap();
    let second = prove(&backend, poll, "", 1).await;
    assert_eq!(opening(&backend, &edition, &second).await, None);
    cast(&backend, &edition, &second, &picks[1..]).await.unwrap();
    assert_eq!(opening(&backend, &edition, &second).await, Some(picks[1..].to_vec()));
    assert!(backend.verified_browser(poll, &first).await.unwrap().is_none());
    assert_eq!(opening(&backend, &edition, &first).await, None);
    assert_eq!(count(&pool, "ballot").await, 2);
}
