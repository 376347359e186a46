//! A page before it is rendered: title, content, and the facts that its frame needs.
//!
//! A handler loads everything that the page shows. So the status is right before the first byte,
//! and the page is complete without a script.

use backend::editions::Edition;
use http::StatusCode;
use leptos::prelude::*;

use crate::ui::Crumbs;
use crate::web::assets::Bundle;

type ViewBuilder = Box<dyn FnOnce() -> AnyView + Send>;

/// A page before it is rendered.
pub struct Page {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) crumbs: Crumbs,
    pub(crate) edition: Option<Edition>,
    pub(crate) status: StatusCode,
    pub(crate) bundle: Option<Bundle>,
    pub(crate) view: ViewBuilder,
}

impl Page {
    /// Makes a page with a title. The view is built when the page is rendered.
    pub fn titled<V: IntoView + 'static>(
        title: impl Into<String>,
        view: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            description: String::new(),
            crumbs: Vec::new(),
            edition: None,
            status: StatusCode::OK,
            bundle: None,
            view: Box::new(move || view().into_any()),
        }
    }

    /// Sets the one-sentence description for search engines and shared links.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets the breadcrumb: labels and paths. The page itself comes last, without a path.
    #[must_use]
    pub fn with_crumbs(mut self, crumbs: Crumbs) -> Self {
        self.crumbs = crumbs;
        self
    }

    /// Sets the edition of the page. The frame shows its links, and a ribbon if it is a rehearsal.
    #[must_use]
    pub fn for_edition(mut self, edition: &Edition) -> Self {
        self.edition = Some(edition.clone());
        self
    }

    /// Puts a view before the page's own content, e.g. the notice of what was just done.
    #[must_use]
    pub fn with_view_before<V: IntoView + 'static>(
        mut self,
        first: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        let own = self.view;
        self.view = Box::new(move || (first().into_any(), own()).into_any());
        self
    }

    /// Puts a view after the page's own content, inside `main`, e.g. a bar that sticks to the end.
    #[must_use]
    pub fn with_view_after<V: IntoView + 'static>(
        mut self,
        more: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        let first = self.view;
        self.view = Box::new(move || (first(), more().into_any()).into_any());
        self
    }

    /// Sets a status other than 200.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Loads the small bundle, which holds the countdown.
    #[must_use]
    pub fn with_countdown_bundle(mut self) -> Self {
        self.bundle = Some(Bundle::Public);
        self
    }

    /// Loads the bundle that also holds the forms of organisations and judges.
    #[must_use]
    pub fn with_desk_bundle(mut self) -> Self {
        self.bundle = Some(Bundle::Desk);
        self
    }

    /// Loads the voter's bundle: picking, casting, the receipt and its check.
    #[must_use]
    pub fn with_voter_bundle(mut self) -> Self {
        self.bundle = Some(Bundle::Voter);
        self
    }
}
