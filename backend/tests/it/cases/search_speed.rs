//! How fast the search is over ten thousand cases. It prints and decides nothing: see docs/performance.md.

use std::time::{Duration, Instant};

use backend::cases::{GalleryFilter, OrderSeed};
use domain::schedule::Phase;
use sqlx::PgPool;

use crate::support::{backend, season_in};

/// Ten thousand cases of words that the season has, each with another title, organisation's words and story.
const CASES: &str = "
    insert into cases (id, edition_id, organisation_id, track_id, district_id, title, summary, body,
        state, submitted_at, screened_at)
    select gen_random_uuid(), edition_id, organisation_id, track_id, district_id,
        place || ' ' || what || ' ' || number, 'How ' || place || ' does it: ' || summary,
        (select string_agg(coalesce(other.body, other.summary), ' ')
            from (select body, summary from cases order by md5(id::text || number) limit 1) as other),
        'accepted', now(), now()
    from generate_series(1, 10000) as number
    cross join lateral (
        select * from cases where sample order by md5(id::text || number) limit 1
    ) as one
    cross join lateral (
        select neighbourhood.name as place from neighbourhood order by md5(id::text || number) limit 1
    ) as place
    cross join lateral (select split_part(one.title, ' ', 1 + number % 3) as what) as what";

#[sqlx::test(migrator = "backend::MIGRATIONS")]
#[ignore = "a measurement, named in docs/performance.md"]
async fn a_search_over_ten_thousand_cases_is_timed(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let titles: Vec<String> = sqlx::query_scalar("select title from cases order by title")
        .fetch_all(&pool)
        .await
        .unwrap();
    sqlx::query(CASES).execute(&pool).await.unwrap();
    assert_eq!(backend.fill_search_keys().await.unwrap(), 10_000);
    sqlx::query("vacuum analyze cases").execute(&pool).await.unwrap();
    // Each word of the titles, its beginning, its keys with one wrong, and pairs of words.
    let words: Vec<&str> = titles.iter().flat_map(|title| title.split_whitespace()).collect();
    let mut searches: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    searches.extend(words.iter().map(|word| word.chars().take(2).collect()));
    searches.extend(words.windows(2).map(|pair| pair.concat()));
    searches.extend(words.iter().map(|word| {
        let keys = domain::search::keyboard_keys(word);
        format!("{}q{}", &keys[..1], keys.get(2..).unwrap_or_default())
    }));
    let seed = OrderSeed::from_random_bytes();
    let (mut times, mut empty) = (Vec::<Duration>::new(), 0);
    for search in searches.iter().chain(&searches) {
        let filter = GalleryFilter { search: search.clone(), ..GalleryFilter::default() };
        let public = edition.gallery_public().unwrap();
        let begun = Instant::now();
        let found = backend.gallery_page(public, &edition, &filter, seed, 1).await.unwrap();
        times.push(begun.elapsed());
        empty += usize::from(found.total == 0);
    }
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "{} searches, {empty} without a case: p50 {:?}, p95 {:?}, p99 {:?}, max {:?}",
        times.len(),
        at(50),
        at(95),
        at(99),
        at(100)
    );
}
