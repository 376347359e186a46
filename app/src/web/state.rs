//! The state that all handlers share: the use cases, the built files, the queues and the page
//! cache.

use std::sync::Arc;

use backend::Backend;

use crate::web::assets::Assets;
use crate::web::limits::Turns;
use crate::web::page_cache::Rendered;
use crate::web::route::RouteMap;

/// The state that the handlers share. The router clones it several times for each request, so a
/// clone only increases a counter.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

/// The content of [`Site`].
pub struct Shared {
    /// The use cases.
    pub backend: Backend,
    /// The names of the built files.
    pub assets: Assets,
    /// The rules of each URL.
    pub(crate) routes: RouteMap,
    /// The queues of each kind of request.
    pub(crate) turns: Turns,
    /// The public pages of the last second.
    pub(crate) rendered: Rendered,
}

impl Site {
    /// Makes the state from the use cases, the built files and the routes.
    #[must_use]
    pub fn new(backend: Backend, assets: Assets, routes: RouteMap) -> Self {
        let turns = Turns::new(backend.max_connections());
        let rendered = Rendered::default();
        Self(Arc::new(Shared { backend, assets, routes, turns, rendered }))
    }
}

impl std::ops::Deref for Site {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
