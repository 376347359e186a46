//! The gallery: which cases the public sees, and from which phase on.

use super::{Call, found};
use crate::support::{backend, season_in, stand_at};
use backend::Error;
use backend::cases::{CaseDraft, GalleryFilter, OrderSeed, ScreeningDecision};
use domain::ids::CaseId;
use domain::schedule::{Phase, PhaseError};
use sqlx::PgPool;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_gallery_opens_with_the_vote_and_shows_accepted_cases_alone(pool: PgPool) {
    let call = Call::open(pool).await;
    let (accepted, version) = call.submitted().await;
    let (waiting, _) = call.submitted().await;
    call.decide(accepted, version, ScreeningDecision::Accept).await.unwrap();
    let screening = stand_at(&call.backend, Phase::Screening).await;
    assert!(matches!(screening.gallery_public(), Err(PhaseError::NotYet { .. })));
    let edition = stand_at(&call.backend, Phase::Voting).await;
    let shown = found(&call.backend, &edition, "", OrderSeed::from_random_bytes()).await;
    assert_eq!(shown.len(), 25, "the 24 of the season file and this one");
    assert!(shown.contains(&accepted) && !shown.contains(&waiting));
    let public = edition.gallery_public().unwrap();
    let hidden = call.backend.public_case(public, &edition, waiting).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
    let public = edition.gallery_public().unwrap();
    assert!(call.backend.public_case(public, &edition, accepted).await.is_ok());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_pages_of_the_gallery_hold_every_case_once_in_an_order_that_stays(pool: PgPool) {
    let backend = backend(pool);
    let edition = season_in(&backend, Phase::Voting).await;
    let seed = OrderSeed::from_random_bytes();
    let mut shown = found(&backend, &edition, "", seed).await;
    assert_eq!(shown, found(&backend, &edition, "", seed).await);
    let public = edition.gallery_public().unwrap();
    let beside = backend.adjacent_cases(public, &edition, shown[11], seed).await.unwrap();
    assert_eq!(beside.previous.map(|case| case.id), Some(shown[10]));
    assert_eq!(beside.next.map(|case| case.id), Some(shown[12]), "across the edge of a page");
    let public = edition.gallery_public().unwrap();
    let filter = GalleryFilter::default();
    let last = backend.gallery_page(public, &edition, &filter, seed, usize::MAX).await.unwrap();
    assert_eq!((last.page, last.pages, last.total), (2, 2, 24));
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), 24);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn filters_keep_matching_cases_and_a_search_is_plain_text(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let draft = CaseDraft { title: "100% 나눔_장터".to_owned(), ..call.whole().await };
    let version = call.save(case, 1, &draft).await.unwrap();
    let version = call.submit(case, version).await.unwrap();
    call.decide(case, version, ScreeningDecision::Accept).await.unwrap();
    let edition = stand_at(&call.backend, Phase::Voting).await;
    let seed = OrderSeed::from_random_bytes();
    for search in ["100%", "나눔_", "%", "_", "ALLEY fridge", "fridge  ALLEY", "100%나눔"] {
        assert_eq!(found(&call.backend, &edition, search, seed).await, [case], "{search}");
    }
    for search in ["1%0", "_나_", "\\", "' or 1=1 --"] {
        assert!(found(&call.backend, &edition, search, seed).await.is_empty(), "{search}");
    }
    assert_eq!(found(&call.backend, &edition, "\0", seed).await.len(), 25, "nothing to look for");
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    let filter = GalleryFilter { neighbourhood: stored.neighbourhood, ..GalleryFilter::default() };
    let public = edition.gallery_public().unwrap();
    let here = call.backend.gallery_page(public, &edition, &filter, seed, 1).await.unwrap();
    assert!(here.cards.iter().all(|card| card.neighbourhood == stored.neighbourhood));
    assert!(here.cards.iter().any(|card| card.id == case));
}

/// Saves, submits and accepts a case with these texts, and returns its key.
async fn accepted_with(call: &Call, title: &str, summary: &str, body: &str) -> CaseId {
    let case = call.begin().await;
    let whole = call.whole().await;
    let draft = CaseDraft {
        title: title.to_owned(),
        title_en: String::new(),
        summary: summary.to_owned(),
        body: body.to_owned(),
        ..whole
    };
    let version = call.save(case, 1, &draft).await.unwrap();
    let version = call.submit(case, version).await.unwrap();
    call.decide(case, version, ScreeningDecision::Accept).await.unwrap();
    case
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_search_finds_compounds_typos_and_other_keyboards_and_ranks_titles_first(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    // Only these three are looked for.
    sqlx::query("update cases set state = 'rejected', reason = 'old'")
        .execute(&pool)
        .await
        .unwrap();
    let bakery =
        accepted_with(&call, "골목 빵집의 아침", "이웃이 굽습니다.", "무지개다리 옆에서 굽는다.")
            .await;
    let bridge = accepted_with(&call, "무지개다리 이야기", "빵은 없습니다.", "긴 이야기.").await;
    let rainbow =
        accepted_with(&call, "우산 나눔", "무지개 다리를 놓은 사람들.", "비 오는 날.").await;
    let edition = stand_at(&call.backend, Phase::Voting).await;
    let seed = OrderSeed::from_random_bytes();
    let search = async |words: &str| found(&call.backend, &edition, words, seed).await;
    // The title first, then the summary, then the story, whatever the blanks are.
    for words in ["무지개다리", "무지개 다리", "다리 무지개", "anwlroekfl"] {
        let order = search(words).await;
        assert_eq!(order, [bridge, rainbow, bakery], "{words}");
    }
    for (words, only) in [
        ("빵집", bakery),
        ("빵지", bakery),
        ("Qkdwlq", bakery),
        ("무지개다리를", rainbow),
        ("우산나눔", rainbow),
        ("우산 나눈", rainbow),
        ("\u{110B}\u{116E}\u{1109}\u{1161}\u{11AB}", rainbow),
    ] {
        assert_eq!(search(words).await, [only], "{words}");
    }
    assert!(search("도서관").await.is_empty());
    assert_eq!(search(" - ").await.len(), 3, "nothing to look for");
    // A case that an older version has stored is found after the next start.
    sqlx::query("update cases set head_keys = null where id = $1")
        .bind(bakery.0)
        .execute(&pool)
        .await
        .unwrap();
    assert!(search("빵집").await.is_empty());
    assert!(call.backend.fill_search_keys().await.unwrap() > 0);
    assert_eq!(search("빵집").await, [bakery]);
}
