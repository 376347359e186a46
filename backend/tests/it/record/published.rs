//! What is published about a closed poll, for whom, and from when.

use backend::accounts::Admin;
use backend::editions::Edition;
use backend::record::{PublishedTable, TableContent};
use backend::{Backend, Error};
use domain::record::cvr::{read_cvr_table, read_openings_table};
use domain::record::entry::LogEntry;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use super::lines;
use crate::awards::season::{judges, sheet};
use crate::support::{SLUG, backend, count, poll_with, published, season_in, stand_at, vote};

/// Publishes the season, casts this many ballots, and closes the poll.
pub(super) async fn voted(backend: &Backend, pool: &PgPool, ballots: usize) {
    let edition = season_in(backend, Phase::Voting).await;
    all_vote(backend, pool, &edition, ballots).await;
}

/// Casts the ballots of this many voters and closes the poll.
async fn all_vote(backend: &Backend, pool: &PgPool, edition: &Edition, ballots: usize) {
    let cases: Vec<Uuid> = sqlx::query_scalar(
        "select id from cases where edition_id = $1 and state = 'accepted' order by id limit 3",
    )
    .bind(edition.id.0)
    .fetch_all(pool)
    .await
    .unwrap();
    for ballot in 0..ballots {
        vote(backend, pool, edition, &cases[..1 + ballot % 3]).await;
    }
    let edition = stand_at(backend, Phase::Deliberation).await;
    backend.close_due_polls(&edition).await.unwrap();
    backend.sequence_records().await.unwrap();
}

/// Stores a signed sheet for every accepted case, so that the judging can no longer be extended.
pub(crate) async fn sign_every_case(backend: &Backend, pool: &PgPool) {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let accepted = "select id from cases where edition_id = $1 and state = 'accepted'";
    let cases: Vec<Uuid> =
        sqlx::query_scalar(accepted).bind(edition.id.0).fetch_all(pool).await.unwrap();
    let judge = judges(pool, 1).await[0];
    for case in cases {
        sheet(pool, &edition, judge, case, 80).await;
    }
}

/// Releases a result. Its content does not matter here.
pub(crate) async fn release(backend: &Backend, pool: &PgPool) {
    let now = backend.find_edition(SLUG).await.unwrap().now;
    let release = "update edition set released_at = $1";
    sqlx::query(release).bind(now).execute(pool).await.unwrap();
}

/// Returns the whole text of a published table.
pub(crate) async fn text(
    backend: &Backend,
    table: PublishedTable,
    observer: Option<&str>,
) -> backend::Result<String> {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let poll = &edition.polls[0];
    match backend.published_table(&edition, poll, table, observer).await? {
        TableContent::Made(rows) => Ok(String::from_utf8(rows.flatten().collect()).unwrap()),
        TableContent::Stored { parts } => {
            let mut text = Vec::new();
            for part in 0..parts {
                text.extend(backend.published_table_part(poll.id, table, part).await?);
            }
            Ok(String::from_utf8(text).unwrap())
        }
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_votes_are_for_observers_after_the_close_and_for_everybody_with_the_result(
    pool: PgPool,
) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let early = season_in(&backend, Phase::Screening).await;
    let link = backend.make_observer_link(&admin, &early, " 시민단체 ", 10).await.unwrap();
    sqlx::query("delete from edition").execute(&pool).await.unwrap();
    voted(&backend, &pool, 7).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let foreign = text(&backend, PublishedTable::CastVotes, Some(&link)).await;
    assert!(matches!(foreign, Err(Error::Forbidden)), "the link of a deleted edition");
    let link = backend.make_observer_link(&admin, &edition, "시민단체", 10).await.unwrap();
    for observer in [None, Some("no-such-link")] {
        for table in [PublishedTable::CastVotes, PublishedTable::Openings] {
            let refused = text(&backend, table, observer).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{table:?}: {refused:?}");
        }
    }
    sign_every_case(&backend, &pool).await;
    let seen = text(&backend, PublishedTable::CastVotes, Some(&link)).await.unwrap();
    let votes: Vec<_> = read_cvr_table(&seen).collect::<Result<_, _>>().unwrap();
    assert_eq!(votes.len(), 7);
    let mut sizes: Vec<usize> = votes.iter().map(|picks| picks.as_slice().len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 1, 1, 2, 2, 3, 3]);
    release(&backend, &pool).await;
    assert_eq!(text(&backend, PublishedTable::CastVotes, None).await.unwrap(), seen);
    let links = backend.observer_links(&admin, edition.id).await.unwrap();
    assert_eq!(links[0].name, "시민단체");
    backend.end_observer_link(&admin, &edition, links[0].id).await.unwrap();
    assert!(text(&backend, PublishedTable::Openings, Some(&link)).await.is_err(), "it was ended");
    assert!(backend.end_observer_link(&admin, &edition, links[0].id).await.is_err());
    assert_eq!(count(&pool, "audit_event where action like 'record.observer%'").await, 3);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_reads_votes_before_the_poll_is_closed(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season_in(&backend, Phase::Voting).await;
    let link = backend.make_observer_link(&admin, &edition, "press", 10).await.unwrap();
    // The window has ended, and the record has not closed the poll yet.
    stand_at(&backend, Phase::Deliberation).await;
    for table in [PublishedTable::CastVotes, PublishedTable::Openings] {
        let refused = text(&backend, table, Some(&link)).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{table:?}: {refused:?}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_openings_are_those_of_the_record_and_stay_with_the_observers(pool: PgPool) {
    let backend = backend(pool.clone());
    voted(&backend, &pool, 5).await;
    release(&backend, &pool).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let refused = text(&backend, PublishedTable::Openings, None).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "the rules keep them: {refused:?}");
    let admin = Admin::local_operator();
    let link = backend.make_observer_link(&admin, &edition, "press", 10).await.unwrap();
    let table = text(&backend, PublishedTable::Openings, Some(&link)).await.unwrap();
    let openings: Vec<_> = read_openings_table(&table).collect::<Result<_, _>>().unwrap();
    assert_eq!(openings.len(), 5);
    let lines = lines(&backend, &edition).await;
    for opening in &openings {
        let is_committed = |line: &String| {
            matches!(line.parse().unwrap(), LogEntry::Ballot { ballot, commitment, .. }
                if ballot == opening.ballot && commitment == opening.compute_commitment())
        };
        assert_eq!(lines.iter().filter(|line| is_committed(line)).count(), 1);
    }
    assert_eq!(count(&pool, "published where kind = 'openings'").await, 0, "not at rest");
    let mut votes: Vec<_> = openings.into_iter().map(|opening| opening.picks).collect();
    votes.sort_unstable();
    let published = text(&backend, PublishedTable::CastVotes, None).await.unwrap();
    assert_eq!(read_cvr_table(&published).collect::<Result<Vec<_>, _>>().unwrap(), votes);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn openings_that_the_rules_make_public_are_everybodys_with_the_result_and_not_before(
    pool: PgPool,
) {
    let backend = backend(pool.clone());
    let file = poll_with("\"openings\": \"public\"");
    let edition = published(&backend, file, Phase::Voting).await;
    let link =
        backend.make_observer_link(&Admin::local_operator(), &edition, "press", 10).await.unwrap();
    let is_refused = async |observer: Option<&str>| {
        let read = text(&backend, PublishedTable::Openings, observer).await;
        assert!(matches!(read, Err(Error::Forbidden)), "{observer:?}: {read:?}");
    };
    for observer in [None, Some(link.as_str())] {
        is_refused(observer).await;
    }
    all_vote(&backend, &pool, &edition, 4).await;
    for observer in [None, Some("no-such-link")] {
        is_refused(observer).await;
    }
    is_refused(Some(link.as_str())).await;
    sign_every_case(&backend, &pool).await;
    let seen = text(&backend, PublishedTable::Openings, Some(&link)).await.unwrap();
    is_refused(None).await;
    release(&backend, &pool).await;
    let public = text(&backend, PublishedTable::Openings, None).await.unwrap();
    assert_eq!(public, seen, "what an observer has checked is what everybody gets");
    let openings: Vec<_> = read_openings_table(&public).collect::<Result<_, _>>().unwrap();
    assert_eq!(openings.len(), 4);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_balance_is_published_after_the_close_and_not_before(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    backend.open_and_close_polls().await.unwrap();
    backend.sequence_records().await.unwrap();
    let told = backend.published_balance(&edition).await.unwrap();
    assert!(told[0].opened.is_some() && told[0].balance.is_none(), "{told:?}");
    sqlx::query("delete from edition").execute(&pool).await.unwrap();
    sqlx::query("delete from waiting").execute(&pool).await.unwrap();
    voted(&backend, &pool, 4).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let balance = backend.published_balance(&edition).await.unwrap()[0].balance.unwrap();
    assert_eq!((balance.received, balance.counted), (4, 4));
    assert_eq!((balance.held, balance.excluded, balance.replaced), (0, 0, 0));
}
