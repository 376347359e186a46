//! What all handlers share: the use cases, the built files, the queues and the page cache.

use std::sync::Arc;

use backend::Backend;

use crate::web::assets::Assets;
use crate::web::limits::Turns;
use crate::web::page_cache::Rendered;
use crate::web::route::RouteMap;

/// What the handlers share. The router clones it several times for each request: one count.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

/// What [`Site`] holds.
pub struct Shared {
    /// The use cases.
    pub backend: Backend,
    /// The names of the built files.
    pub assets: Assets,
    /// What is true of each URL.
    pub(crate) routes: RouteMap,
    /// Who comes first when there is too much to do.
    pub(crate) turns: Turns,
    /// Public pages of the last second.
    pub(crate) rendered: Rendered,
}

impl Site {
    /// The state of a site with these use cases, built files and routes.
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
