//! A cache of public pages: each is rendered at most once a second for all visitors without a
//! cookie.
//!
//! In a rush most readers come for the first time, by the same link. The page of a browser without
//! cookies depends only on its path and its language.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode, header};

use crate::AppError;
use crate::web::limits::QUEUE_WAIT;

/// The greatest age of a cached page. The countdown on it runs in the reader's browser.
const MAX_PAGE_AGE: Duration = Duration::from_secs(1);

/// Most pages in the cache: 16 MB if each has the largest size.
const MAX_PAGES: usize = 64;

/// Largest page, in bytes.
const MAX_PAGE_BYTES: usize = 256 * 1024;

/// Headers cached with the page.
const CACHED_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::CACHE_CONTROL, header::VARY];

/// The path, and the value of `Accept-Language`.
type CacheKey = (String, Vec<u8>);

/// A cached page and the time at which its rendering began.
#[derive(Clone)]
struct CachedPage {
    made: Instant,
    headers: HeaderMap,
    body: axum::body::Bytes,
}

/// The slot of one page. The request that holds the lock renders the page; the others wait for it.
type CacheSlot = Arc<tokio::sync::Mutex<Option<CachedPage>>>;

/// The pages of the last second.
pub(crate) struct PageCache {
    fresh: Duration,
    places: Mutex<HashMap<CacheKey, CacheSlot>>,
}

impl Default for PageCache {
    fn default() -> Self {
        Self { fresh: MAX_PAGE_AGE, places: Mutex::default() }
    }
}

impl PageCache {
    /// Answers from the cache or by `make`. Stores the answer of `make` if it is 200 and sets no
    /// cookie.
    ///
    /// # Errors
    /// Returns [`AppError::Busy`] if another request renders this page for longer than `QUEUE_WAIT` or if
    /// the page is larger than `MAX_PAGE_BYTES`, and the errors of `make`.
    pub(crate) async fn answer_with_cache<F>(
        &self,
        request: Request,
        make: impl FnOnce(Request) -> F,
    ) -> Result<Response, AppError>
    where
        F: Future<Output = Result<Response, AppError>>,
    {
        let Some(place) = self.find_slot(&request) else { return make(request).await };
        let copy = tokio::time::timeout(QUEUE_WAIT, place.lock()).await;
        let mut copy = copy.map_err(|_| AppError::Busy)?;
        if let Some(copy) = copy.as_ref().filter(|copy| copy.made.elapsed() < self.fresh) {
            return Ok(copy.to_response());
        }
        let made = Instant::now();
        let response = make(request).await?;
        if response.status() != StatusCode::OK
            || response.headers().contains_key(header::SET_COOKIE)
        {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, MAX_PAGE_BYTES).await.map_err(|_| AppError::Busy)?;
        let kept = |name: &HeaderName| Some((name.clone(), parts.headers.get(name)?.clone()));
        *copy = Some(CachedPage {
            made,
            headers: CACHED_HEADERS.iter().filter_map(kept).collect(),
            body: body.clone(),
        });
        Ok(Response::from_parts(parts, Body::from(body)))
    }

    /// Removes all pages, because a change was made that they may show.
    pub(crate) fn clear_pages(&self) {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Returns the slot for this request's page, or `None` if the page may be for this reader only:
    /// the request has a cookie or a query, or is not a GET. Clears a full cache first.
    fn find_slot(&self, request: &Request) -> Option<CacheSlot> {
        let headers = request.headers();
        // A query may hold an observer's secret, and the number of possible queries is unlimited.
        let plain = request.uri().query().is_none() && request.method() == http::Method::GET;
        if headers.contains_key(header::COOKIE) || !plain {
            return None;
        }
        let languages = headers.get(header::ACCEPT_LANGUAGE).map(|value| value.as_bytes().to_vec());
        let key = (request.uri().path().to_owned(), languages.unwrap_or_default());
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MAX_PAGES && !places.contains_key(&key) {
            places.clear();
        }
        Some(places.entry(key).or_default().clone())
    }
}

impl CachedPage {
    fn to_response(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        response.headers_mut().extend(self.headers.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::response::IntoResponse as _;

    use super::*;

    /// A cache, and the number of pages that were rendered for it.
    struct Counted(PageCache, AtomicUsize);

    impl Counted {
        fn new(fresh: Duration) -> Self {
            Self(PageCache { fresh, places: Mutex::default() }, AtomicUsize::new(0))
        }

        async fn ask(&self, request: Request) -> (StatusCode, axum::body::Bytes) {
            let path = request.uri().path().to_owned();
            let make = async |_| {
                let number = self.1.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                let seed = [(header::SET_COOKIE, "seed=1")];
                let text = format!("{path} {number}");
                Ok(match path.as_str() {
                    "/nowhere" => (StatusCode::NOT_FOUND, text).into_response(),
                    "/own" => (seed, text).into_response(),
                    _ => text.into_response(),
                })
            };
            let response = self.0.answer_with_cache(request, make).await.unwrap();
            let (parts, body) = response.into_parts();
            (parts.status, to_bytes(body, MAX_PAGE_BYTES).await.unwrap())
        }

        async fn made_for_two(&self, one: Request, other: Request) -> usize {
            let before = self.1.load(Ordering::Relaxed);
            let (one, other) = tokio::join!(self.ask(one), self.ask(other));
            let made = self.1.load(Ordering::Relaxed) - before;
            assert_eq!(one == other, made < 2);
            made
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
        let cache = Counted::new(Duration::from_secs(3600));
        assert_eq!(cache.made_for_two(get("/"), get("/")).await, 1);
        assert_eq!(cache.made_for_two(get("/"), get("/")).await, 0, "not a second time");
        cache.0.clear_pages();
        assert_eq!(cache.made_for_two(get("/"), get("/")).await, 1, "something was done");
        let korean = || with(header::ACCEPT_LANGUAGE, "ko");
        assert_eq!(cache.made_for_two(korean(), korean()).await, 1, "in each language");
        assert_eq!(cache.made_for_two(get("/?a=1"), get("/?a=1")).await, 2, "of a query");
        let known = || with(header::COOKIE, "look=dark.2");
        assert_eq!(cache.made_for_two(known(), known()).await, 2, "or their own");
    }

    #[tokio::test]
    async fn nothing_old_and_nothing_of_one_reader_is_kept() {
        let cache = Counted::new(Duration::ZERO);
        assert_eq!(cache.made_for_two(get("/"), get("/")).await, 2);
        let cache = Counted::new(Duration::from_secs(3600));
        for path in ["/nowhere", "/own"] {
            assert_eq!(cache.made_for_two(get(path), get(path)).await, 2, "{path}");
        }
    }

    #[tokio::test]
    async fn there_are_never_too_many() {
        let cache = Counted::new(Duration::from_secs(3600));
        for number in 0..3 * MAX_PAGES {
            cache.ask(get(&format!("/{number}"))).await;
            assert!(cache.0.places.lock().unwrap().len() <= MAX_PAGES);
        }
    }
}
