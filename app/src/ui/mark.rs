//! The sign of Hanpyo: a ballot stamp, one vote.

use leptos::prelude::*;

/// The sign of Hanpyo. It is decorative, so the name must be beside it as text.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
            <rect class="mark-field" width="48" height="48" rx="13"></rect>
            <circle class="mark-ring" cx="24" cy="24" r="13.5" stroke-width="3.6"></circle>
            <path class="mark-stroke" d="M22 17.5v13M22 22.5l6 4.2" stroke-width="4"></path>
        </svg>
    }
}
