//! Renders a view as HTML.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;

/// Renders a view as HTML in which only the islands are marked for the browser.
pub(crate) fn render_view<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| {
        if let Some(context) = Owner::current_shared_context() {
            context.set_is_hydrating(false);
        }
        view().into_view().to_html()
    })
}
