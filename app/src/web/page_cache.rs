//! A cache of public pages: each is rendered at most once a second for all visitors without a
//! cookie.
//!
//! In a rush most readers come for the first time, by the same link. The page of a browser without
//! cookies depends only on its path and its language. While one request makes a page, the others
//! wait for it. If the page cannot be kept, none of them waits any longer: each makes its own.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode, header};
use phrases::Lang;
use tokio::sync::watch;

use crate::AppError;
use crate::web::limits::QUEUE_WAIT;

/// The greatest age of a cached page. The countdown on it runs in the reader's browser.
const MAX_PAGE_AGE: Duration = Duration::from_secs(1);

/// Most pages in the cache: 16 MB if each has the largest size.
const MAX_PAGES: usize = 64;

/// How long a path is remembered whose page cannot be kept. Its readers do not wait for each other.
const PERSONAL_PAGE_AGE: Duration = Duration::from_secs(60);

/// Largest page, in bytes. A larger one is not kept.
const MAX_PAGE_BYTES: usize = 256 * 1024;

/// Headers cached with the page.
const CACHED_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::CACHE_CONTROL, header::VARY];

/// The path, and the tag of the reader's language.
type PageKey = (String, &'static str);

/// A cached page and the time at which its rendering began.
#[derive(Clone)]
struct CachedPage {
    made: Instant,
    headers: HeaderMap,
    body: axum::body::Bytes,
}

/// What the request that made a page tells those that wait for it.
#[derive(Clone)]
enum Outcome {
    /// The page, which is the same for all of them.
    Kept(CachedPage),
    /// The page cannot be kept, so each makes its own.
    Personal,
}

/// `None` while the page is being made. The channel closes without an outcome if that failed.
type OutcomeReceiver = watch::Receiver<Option<Outcome>>;

/// At most [`MAX_PAGES`] values. A new one takes the place of the one that was not used for the
/// longest time.
struct RecentlyUsed<T> {
    uses: u64,
    values: HashMap<PageKey, (u64, T)>,
}

impl<T> Default for RecentlyUsed<T> {
    fn default() -> Self {
        Self { uses: 0, values: HashMap::new() }
    }
}

impl<T: Clone> RecentlyUsed<T> {
    fn find_value(&mut self, key: &PageKey) -> Option<T> {
        self.uses += 1;
        let (used, value) = self.values.get_mut(key)?;
        *used = self.uses;
        Some(value.clone())
    }

    fn insert_value(&mut self, key: PageKey, value: T) {
        if self.values.len() >= MAX_PAGES && !self.values.contains_key(&key) {
            let oldest = self.values.iter().min_by_key(|(_, (used, _))| *used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.values.remove(&oldest);
            }
        }
        self.uses += 1;
        self.values.insert(key, (self.uses, value));
    }
}

/// The content of the cache.
#[derive(Default)]
struct CachedPages {
    kept: RecentlyUsed<CachedPage>,
    /// The pages that exist but cannot be kept, and when that was found.
    personal: RecentlyUsed<Instant>,
    /// The pages that a request is making now, each with a number.
    being_made: HashMap<PageKey, (u64, OutcomeReceiver)>,
    makers: u64,
}

/// The pages of the last second.
pub(crate) struct PageCache {
    fresh: Duration,
    pages: Mutex<CachedPages>,
}

impl Default for PageCache {
    fn default() -> Self {
        Self { fresh: MAX_PAGE_AGE, pages: Mutex::default() }
    }
}

/// What the cache knows about a page.
enum Lookup<'a> {
    Kept(CachedPage),
    Personal,
    /// Another request makes it.
    BeingMade(OutcomeReceiver),
    /// This request makes it.
    Absent(PageMaker<'a>),
}

impl PageCache {
    /// Answers from the cache or by `make`. Stores the answer of `make` if it is 200 and sets no
    /// cookie.
    ///
    /// # Errors
    /// Returns [`AppError::Busy`] if other requests make this page for longer than `QUEUE_WAIT`, and
    /// the errors of `make`.
    pub(crate) async fn answer_with_cache<F>(
        &self,
        lang: Lang,
        request: Request,
        make: impl FnOnce(Request) -> F,
    ) -> Result<Response, AppError>
    where
        F: Future<Output = Result<Response, AppError>>,
    {
        let Some(key) = cache_key(lang, &request) else { return make(request).await };
        let deadline = tokio::time::Instant::now() + QUEUE_WAIT;
        loop {
            let outcome = match self.find_page(&key) {
                Lookup::Kept(page) => return Ok(page.to_response()),
                Lookup::Personal => return make(request).await,
                Lookup::Absent(maker) => return maker.answer_and_share(request, make).await,
                Lookup::BeingMade(outcome) => outcome,
            };
            match wait_for_outcome(outcome, deadline).await? {
                Some(Outcome::Kept(page)) if page.made.elapsed() < self.fresh => {
                    return Ok(page.to_response());
                }
                Some(Outcome::Personal) => return make(request).await,
                // The other request failed, or took so long that its page is old. Look again.
                Some(Outcome::Kept(_)) | None => {}
            }
        }
    }

    /// Removes all pages, because a change was made that they may show. A page that is being made
    /// now is not kept.
    pub(crate) fn clear_pages(&self) {
        let mut pages = self.lock_pages();
        pages.kept = RecentlyUsed::default();
        pages.personal = RecentlyUsed::default();
        pages.being_made.clear();
    }

    fn lock_pages(&self) -> MutexGuard<'_, CachedPages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for a page. If it is [`Lookup::Absent`], the others wait for this request.
    fn find_page(&self, key: &PageKey) -> Lookup<'_> {
        let mut pages = self.lock_pages();
        if let Some(page) = pages.kept.find_value(key)
            && page.made.elapsed() < self.fresh
        {
            return Lookup::Kept(page);
        }
        if let Some(found) = pages.personal.find_value(key)
            && found.elapsed() < PERSONAL_PAGE_AGE
        {
            return Lookup::Personal;
        }
        if let Some((_, outcome)) = pages.being_made.get(key) {
            return Lookup::BeingMade(outcome.clone());
        }
        let (sender, receiver) = watch::channel(None);
        pages.makers += 1;
        let number = pages.makers;
        pages.being_made.insert(key.clone(), (number, receiver));
        Lookup::Absent(PageMaker { cache: self, key: key.clone(), number, sender })
    }
}

/// Returns the key of this request's page, or `None` if the page may be for this reader only: the
/// request has a cookie or a query, or is not a GET.
fn cache_key(lang: Lang, request: &Request) -> Option<PageKey> {
    // A query may hold an observer's secret, and the number of possible queries is unlimited.
    let plain = request.uri().query().is_none() && request.method() == http::Method::GET;
    if request.headers().contains_key(header::COOKIE) || !plain {
        return None;
    }
    let path = request.uri().path();
    is_usual_spelling(path).then(|| (path.to_owned(), lang.language_tag()))
}

/// Whether the path has only letters that our links have. One page answers to many spellings
/// (`%64` for `d`, capital letters in an identifier), and these must not take the places of others.
fn is_usual_spelling(path: &str) -> bool {
    path.bytes().all(|byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'/' | b'-')
    })
}

/// Waits until a page is made. Returns `None` if the request that made it has no outcome to share.
async fn wait_for_outcome(
    mut outcome: OutcomeReceiver,
    deadline: tokio::time::Instant,
) -> Result<Option<Outcome>, AppError> {
    let made = tokio::time::timeout_at(deadline, outcome.wait_for(Option::is_some)).await;
    let made = made.map_err(|_| AppError::Busy)?;
    Ok(made.ok().and_then(|made| made.clone()))
}

/// The one request that makes a page, while others may wait for it. When this value is dropped, also
/// because the reader has gone, nobody waits for it any more.
struct PageMaker<'a> {
    cache: &'a PageCache,
    key: PageKey,
    number: u64,
    sender: watch::Sender<Option<Outcome>>,
}

impl PageMaker<'_> {
    /// Makes the page and shares it, if it can be kept.
    async fn answer_and_share<F>(
        self,
        request: Request,
        make: impl FnOnce(Request) -> F,
    ) -> Result<Response, AppError>
    where
        F: Future<Output = Result<Response, AppError>>,
    {
        let made = Instant::now();
        let response = make(request).await?;
        if !can_be_kept(&response) {
            self.share_outcome(Outcome::Personal, response.status() == StatusCode::OK);
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, MAX_PAGE_BYTES).await.map_err(|_| AppError::Busy)?;
        let kept = |name: &HeaderName| Some((name.clone(), parts.headers.get(name)?.clone()));
        let page = CachedPage {
            made,
            headers: CACHED_HEADERS.iter().filter_map(kept).collect(),
            body: body.clone(),
        };
        self.share_outcome(Outcome::Kept(page), true);
        Ok(Response::from_parts(parts, Body::from(body)))
    }

    /// Gives the outcome to those that wait. It is also remembered if the page `exists`: made-up
    /// paths must not take the places of pages.
    fn share_outcome(self, outcome: Outcome, exists: bool) {
        if exists {
            let mut pages = self.cache.lock_pages();
            // Not if the cache was cleared since the page was begun.
            if pages.being_made.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
                match &outcome {
                    Outcome::Kept(page) => pages.kept.insert_value(self.key.clone(), page.clone()),
                    Outcome::Personal => {
                        pages.personal.insert_value(self.key.clone(), Instant::now());
                    }
                }
            }
        }
        self.sender.send_replace(Some(outcome));
    }
}

impl Drop for PageMaker<'_> {
    fn drop(&mut self) {
        let mut pages = self.cache.lock_pages();
        if pages.being_made.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            pages.being_made.remove(&self.key);
        }
    }
}

/// Whether a page is the same for all readers, and small enough.
fn can_be_kept(response: &Response) -> bool {
    let small = response.body().size_hint().upper();
    let small = small.and_then(|bytes| usize::try_from(bytes).ok());
    response.status() == StatusCode::OK
        && !response.headers().contains_key(header::SET_COOKIE)
        && small.is_some_and(|bytes| bytes <= MAX_PAGE_BYTES)
}

impl CachedPage {
    fn to_response(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        response.headers_mut().extend(self.headers.clone());
        response
    }
}

#[cfg(test)]
mod tests;
