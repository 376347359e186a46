//! Tests of the page cache: what is kept, for whom, and that nobody waits in a row.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::IntoResponse as _;
use http::header::HeaderName;
use http::{StatusCode, header};
use phrases::Lang;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{MAX_PAGE_BYTES, MAX_PAGES, Mutex, PageCache};

const HOUR: Duration = Duration::from_secs(3600);
/// The number of readers who come at once.
const CROWD: usize = 100;

/// A cache, and the number of pages that were rendered for it.
struct Counted(PageCache, AtomicUsize);

impl Counted {
    fn new(fresh: Duration) -> Self {
        Self(PageCache { fresh, pages: Mutex::default() }, AtomicUsize::new(0))
    }

    async fn ask_in(&self, lang: Lang, request: Request) -> (StatusCode, Bytes) {
        let path = request.uri().path().to_owned();
        let make = |_| async move {
            let number = self.1.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            let seed = [(header::SET_COOKIE, "seed=1")];
            let text = format!("{path} {number}");
            Ok(match path.as_str() {
                "/own" => (seed, text).into_response(),
                "/large" => "-".repeat(MAX_PAGE_BYTES + 1).into_response(),
                path if path.starts_with("/nowhere") => {
                    (StatusCode::NOT_FOUND, text).into_response()
                }
                _ => text.into_response(),
            })
        };
        let response = self.0.answer_with_cache(lang, request, make).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, to_bytes(body, usize::MAX).await.unwrap())
    }

    async fn ask(&self, request: Request) -> (StatusCode, Bytes) {
        self.ask_in(Lang::Ko, request).await
    }

    async fn made_for_two(&self, one: Request, other: Request) -> usize {
        let before = self.1.load(Ordering::Relaxed);
        tokio::join!(self.ask(one), self.ask(other));
        self.1.load(Ordering::Relaxed) - before
    }
}

fn get(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

fn with(name: HeaderName, value: &str) -> Request {
    Request::get("/").header(name, value).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn one_page_is_made_for_all_who_have_no_cookie() {
    let cache = Counted::new(HOUR);
    assert_eq!(cache.made_for_two(get("/"), get("/")).await, 1);
    assert_eq!(cache.made_for_two(get("/"), get("/")).await, 0, "not a second time");
    cache.0.clear_pages();
    assert_eq!(cache.made_for_two(get("/"), get("/")).await, 1, "something was done");
    assert_eq!(cache.made_for_two(get("/?a=1"), get("/?a=1")).await, 2, "of a query");
    let known = || with(header::COOKIE, "look=dark.2");
    assert_eq!(cache.made_for_two(known(), known()).await, 2, "or their own");
}

#[tokio::test]
async fn a_page_is_kept_for_each_language_and_not_for_each_wish() {
    let cache = Counted::new(HOUR);
    let korean = cache.ask_in(Lang::Ko, with(header::ACCEPT_LANGUAGE, "ko")).await;
    let english = cache.ask_in(Lang::En, with(header::ACCEPT_LANGUAGE, "en-GB")).await;
    assert_ne!(korean, english);
    for wish in ["en", "en-US,en;q=0.5", "fr, en", "en;q=0.1234"] {
        assert_eq!(cache.ask_in(Lang::En, with(header::ACCEPT_LANGUAGE, wish)).await, english);
    }
}

#[tokio::test]
async fn nothing_old_and_nothing_of_one_reader_is_kept() {
    let cache = Counted::new(Duration::ZERO);
    assert_eq!(cache.made_for_two(get("/"), get("/")).await, 2);
    let cache = Counted::new(HOUR);
    for path in ["/nowhere", "/own", "/large"] {
        assert_eq!(cache.made_for_two(get(path), get(path)).await, 2, "{path}");
    }
}

#[tokio::test]
async fn a_change_while_a_page_is_made_is_not_hidden_by_it() {
    let cache = Counted::new(HOUR);
    let make = async |_| {
        cache.0.clear_pages();
        Ok("before the change".into_response())
    };
    cache.0.answer_with_cache(Lang::Ko, get("/"), make).await.unwrap();
    assert_eq!(cache.made_for_two(get("/"), get("/")).await, 1, "the page is made anew");
}

#[tokio::test]
async fn made_up_paths_and_other_spellings_take_no_page_away() {
    let cache = Counted::new(HOUR);
    let before = cache.ask(get("/cases/ab")).await;
    for number in 0..3 * MAX_PAGES {
        cache.ask(get(&format!("/nowhere-{number}"))).await;
        cache.ask(get(&format!("/cases/%61b-{number}"))).await;
        cache.ask(get(&format!("/cases/aB-{number}"))).await;
    }
    assert_eq!(cache.ask(get("/cases/ab")).await, before);
}

#[tokio::test]
async fn there_are_never_too_many_and_the_oldest_goes_first() {
    let cache = Counted::new(HOUR);
    let start = cache.ask(get("/")).await;
    for number in 0..3 * MAX_PAGES {
        cache.ask(get(&format!("/{number}"))).await;
        assert!(cache.0.lock_pages().kept.values.len() <= MAX_PAGES);
        assert_eq!(cache.ask(get("/")).await, start, "it is read all the time");
    }
    assert!(cache.0.lock_pages().being_made.is_empty());
}

#[tokio::test]
async fn pages_that_cannot_be_kept_are_not_made_one_after_the_other() {
    let cache = Arc::new(PageCache::default());
    // The first page is made while all others wait for it. Theirs end when all are being made.
    let (crowd, asked) = (Arc::new(Barrier::new(CROWD - 1)), Arc::new(AtomicUsize::new(0)));
    let mut readers = JoinSet::new();
    for _ in 0..CROWD {
        let (cache, crowd, asked) = (cache.clone(), crowd.clone(), asked.clone());
        readers.spawn(async move {
            let make = move |_| async move {
                if asked.fetch_add(1, Ordering::Relaxed) == 0 {
                    tokio::task::yield_now().await;
                } else {
                    crowd.wait().await;
                }
                Ok(([(header::SET_COOKIE, "seed=1")], "a page").into_response())
            };
            cache.answer_with_cache(Lang::Ko, get("/own"), make).await.map(|page| page.status())
        });
    }
    while let Some(reader) = readers.join_next().await {
        // A reader who is turned away ends the test, because the crowd will never be complete.
        assert_eq!(reader.unwrap(), Ok(StatusCode::OK));
    }
}

#[tokio::test]
async fn a_page_that_can_be_kept_is_made_once_for_a_crowd() {
    let cache = Arc::new(Counted::new(HOUR));
    let mut readers = JoinSet::new();
    for _ in 0..CROWD {
        let cache = cache.clone();
        readers.spawn(async move { cache.ask(get("/")).await });
    }
    while let Some(reader) = readers.join_next().await {
        assert_eq!(reader.unwrap().0, StatusCode::OK);
    }
    assert_eq!(cache.1.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn nobody_waits_for_a_page_that_is_known_to_be_personal() {
    let cache = Counted::new(HOUR);
    cache.ask(get("/own")).await;
    assert!(cache.0.lock_pages().personal.find_value(&("/own".to_owned(), "ko")).is_some());
    let make = async |_| {
        // Another reader comes while this page is made, and ends first.
        cache.ask(get("/own")).await;
        Ok("mine".into_response())
    };
    cache.0.answer_with_cache(Lang::Ko, get("/own"), make).await.unwrap();
}

#[tokio::test]
async fn a_reader_who_leaves_passes_the_page_on() {
    let cache = Counted::new(HOUR);
    {
        let never = async |_| std::future::pending().await;
        let leaves = cache.0.answer_with_cache(Lang::Ko, get("/"), never);
        let waits = cache.ask(get("/"));
        tokio::pin!(leaves, waits);
        tokio::select! {
            biased;
            _ = &mut leaves => unreachable!("it is never made"),
            _ = &mut waits => unreachable!("it waits for the other"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(cache.ask(get("/")).await.0, StatusCode::OK);
    assert!(cache.0.lock_pages().being_made.is_empty());
}
