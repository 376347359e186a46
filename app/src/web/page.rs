//! A page before it is rendered: title, content and what its frame needs to know.
//!
//! A handler loads everything that the page shows, so the status is right before the first byte and
//! nothing needs a script to come into place.

use backend::editions::Edition;
use http::StatusCode;
use leptos::prelude::*;

use crate::ui::Crumbs;
use crate::web::assets::Bundle;

type View = Box<dyn FnOnce() -> AnyView + Send>;

/// A page about to be rendered.
pub struct Page {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) crumbs: Crumbs,
    pub(crate) edition: Option<Edition>,
    pub(crate) status: StatusCode,
    pub(crate) islands: Option<Bundle>,
    pub(crate) view: View,
}

impl Page {
    /// A page with its title; the view is built when the page is rendered.
    pub fn new<V: IntoView + 'static>(
        title: impl Into<String>,
        view: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            description: String::new(),
            crumbs: Vec::new(),
            edition: None,
            status: StatusCode::OK,
            islands: None,
            view: Box::new(move || view().into_any()),
        }
    }

    /// One sentence for search engines and shared links.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The way back up: labels and paths; the page itself comes last, without a path.
    #[must_use]
    pub fn crumbs(mut self, crumbs: Crumbs) -> Self {
        self.crumbs = crumbs;
        self
    }

    /// The edition the page belongs to: its links, and the ribbon of a rehearsal.
    #[must_use]
    pub fn of(mut self, edition: &Edition) -> Self {
        self.edition = Some(edition.clone());
        self
    }

    /// Something before the page's own content: what has just been done.
    #[must_use]
    pub fn led_by<V: IntoView + 'static>(
        mut self,
        first: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        let own = self.view;
        self.view = Box::new(move || (first().into_any(), own()).into_any());
        self
    }

    /// Something after the page's own content, inside its main part: a bar that sticks to its end.
    #[must_use]
    pub fn followed_by<V: IntoView + 'static>(
        mut self,
        more: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        let first = self.view;
        self.view = Box::new(move || (first(), more().into_any()).into_any());
        self
    }

    /// A status other than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The page has islands for everybody: send the small bundle.
    #[must_use]
    pub fn with_islands(mut self) -> Self {
        self.islands = Some(Bundle::Public);
        self
    }

    /// The page has a form that is worked on for long: send the bundle that holds those too.
    #[must_use]
    pub fn with_desk(mut self) -> Self {
        self.islands = Some(Bundle::Desk);
        self
    }

    /// The page is one of the voter's: picking, casting, the receipt and its check.
    #[must_use]
    pub fn with_voter(mut self) -> Self {
        self.islands = Some(Bundle::Voter);
        self
    }
}
