//! Polls that differ from their edition or from each other in their window, cases and voters.

use backend::accounts::Admin;
use backend::editions::{Poll, PollChange};
use backend::voting::{CastOutcome, VoterToken};
use backend::{Error, Refusal};
use domain::ids::CaseId;
use domain::refusal::VotingRefusal;
use domain::rulebook::PollRules;
use domain::schedule::{Phase, PhaseError, Window};
use sqlx::PgPool;

use super::{ballot, cases};
use crate::polls::{guests, three_polls};
use crate::support::{
    SLUG, backend, clock_to, count, poll_with, published, season_in, stand_at, verified,
};

/// A window of one day in the middle of the four days of the vote.
const OWN_WINDOW: &str = r#""window": ["2024-11-29T00:00:00+09:00", "2024-11-30T00:00:00+09:00"]"#;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_with_a_window_of_its_own_takes_ballots_in_it_alone(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = published(&backend, poll_with(OWN_WINDOW), Phase::Voting).await;
    let poll = &edition.polls[0];
    let Window { opens, closes } = poll.window;
    let picks = cases(&pool, &edition, 1).await;
    let [early, timely, late] =
        [verified(&pool, poll).await, verified(&pool, poll).await, verified(&pool, poll).await];
    assert!(edition.voting_open().is_ok(), "other polls could be open");
    let answer = backend.cast_ballot(&early, &edition, &ballot(&picks)).await;
    assert!(
        matches!(answer, Err(Error::Phase(PhaseError::NotYet { opens: at })) if at == opens),
        "{answer:?}"
    );
    let edition = clock_to(&backend, opens).await;
    let cast = backend.cast_ballot(&timely, &edition, &ballot(&picks)).await.unwrap();
    let CastOutcome::Accepted(receipt) = cast else { panic!("{cast:?}") };
    assert!(Window { opens, closes }.contains(receipt.admitted_at));
    let edition = clock_to(&backend, closes).await;
    assert!(edition.voting_open().is_ok(), "the vote of the edition goes on");
    let answer = backend.cast_ballot(&late, &edition, &ballot(&picks)).await;
    assert!(
        matches!(answer, Err(Error::Phase(PhaseError::Over { closed })) if closed == closes),
        "{answer:?}"
    );
    assert_eq!(count(&pool, "ballot").await, 1);
    assert_eq!(count(&pool, "waiting where rank = 2").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_about_a_list_takes_no_accepted_case_of_another_list(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let edition = season_in(&backend, Phase::Screening).await;
    let accepted = backend.listed_cases(&admin, edition.id).await.unwrap();
    let accepted: Vec<CaseId> = accepted.into_iter().map(|case| case.id).collect();
    let (mine, theirs) = accepted.split_at(accepted.len() / 2);
    // Each case is on one of the two lists, so that the weights of each case add up to one.
    for (slug, name, listed) in [(Some("citizens"), "citizens", mine), (None, "hall", theirs)] {
        let edition = backend.find_edition(SLUG).await.unwrap();
        let rules = PollRules { slug: name.to_owned(), ..guests("30/100") };
        let change = PollChange { rules, listed: listed.to_vec() };
        backend.save_poll(&admin, &edition, slug, change).await.unwrap();
    }
    let edition = stand_at(&backend, Phase::Voting).await;
    let voter = verified(&pool, edition.find_poll("citizens").unwrap()).await;
    for case in theirs {
        let answer = backend.cast_ballot(&voter, &edition, &ballot(&[*case])).await;
        assert!(
            matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase)))),
            "{answer:?}"
        );
    }
    assert_eq!(count(&pool, "ballot").await, 0);
    assert_eq!(count(&pool, "waiting where rank = 2").await, 0);
    let cast = backend.cast_ballot(&voter, &edition, &ballot(&mine[..1])).await.unwrap();
    assert!(matches!(cast, CastOutcome::Accepted(_)), "{cast:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_session_of_one_poll_casts_in_no_other(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = three_polls(&backend, Phase::Voting).await;
    let [one, other, _] = &edition.polls[..] else { panic!("three polls") };
    let papers =
        backend.ballot_papers(edition.id, edition.gallery_public().unwrap()).await.unwrap();
    let of = |poll: &Poll| ballot(&papers[&poll.id][..1]);
    let token = backend.open_voter_session("", one.id, vec![7; 32]).await.unwrap();
    let answer =
        backend.cast_ballot(&VoterToken::with_cookie(other, &token), &edition, &of(other)).await;
    assert!(matches!(answer, Err(Error::Forbidden)), "{answer:?}");
    let voter = VoterToken::with_cookie(one, &token);
    let answer = backend.cast_ballot(&voter, &edition, &of(other)).await;
    assert!(
        matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase)))),
        "{answer:?}"
    );
    assert_eq!(count(&pool, "ballot").await, 0);
    assert_eq!(count(&pool, "waiting where rank = 2").await, 0);
    let cast = backend.cast_ballot(&voter, &edition, &of(one)).await.unwrap();
    assert!(matches!(cast, CastOutcome::Accepted(_)), "{cast:?}");
}
