//! The state that all handlers share: the use cases, the built files, the queues and the page
//! cache.

use std::sync::Arc;

use backend::Backend;

use crate::web::assets::Assets;
use crate::web::given_answers::GivenAnswers;
use crate::web::limits::ConcurrencyLimits;
use crate::web::page_cache::PageCache;
use crate::web::route::RouteMap;

/// The state that the handlers share. The router clones it several times for each request, so a
/// clone only increases a counter.
#[derive(Clone)]
pub struct AppState(Arc<SharedState>);

/// The content of [`AppState`].
pub struct SharedState {
    /// The use cases.
    pub backend: Backend,
    /// The names of the built files.
    pub assets: Assets,
    /// The rules of each URL.
    pub(crate) routes: RouteMap,
    /// The queues of each kind of request.
    pub(crate) limits: ConcurrencyLimits,
    /// The public pages of the last second.
    pub(crate) page_cache: PageCache,
    /// The answers to forms of the last minute.
    pub(crate) given_answers: GivenAnswers,
}

impl AppState {
    /// Makes the state from the use cases, the built files and the routes.
    #[must_use]
    pub fn new(backend: Backend, assets: Assets, routes: RouteMap) -> Self {
        let turns = ConcurrencyLimits::for_connections(backend.max_connections());
        let rendered = PageCache::default();
        Self(Arc::new(SharedState {
            backend,
            assets,
            routes,
            limits: turns,
            page_cache: rendered,
            given_answers: GivenAnswers::default(),
        }))
    }
}

impl std::ops::Deref for AppState {
    type Target = SharedState;

    fn deref(&self) -> &SharedState {
        &self.0
    }
}
