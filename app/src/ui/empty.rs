//! Nothing here yet, and the page that says what went wrong.

use leptos::prelude::*;
use phrases::Lang;

/// A list with nothing in it: why, and what to do.
#[component]
pub fn Empty(
    /// What is not here.
    #[prop(into)]
    title: String,
    /// Why, and what to do.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <svg viewBox="0 0 72 72" aria-hidden="true">
                <circle class="art-ring" cx="36" cy="36" r="33"></circle>
                <rect class="art-paper" x="25" y="13" width="22" height="30" rx="3"></rect>
                <path class="art-slot" d="M14 38h44v16a4 4 0 0 1-4 4H18a4 4 0 0 1-4-4z"></path>
            </svg>
            <h2>{title}</h2>
            <div class="empty-body">{children()}</div>
        </div>
    }
}

/// What went wrong, what to do, and a number for whoever asks for help.
#[component]
pub fn ErrorPage(
    /// Language of the shared words.
    lang: Lang,
    /// The status, for people who know such numbers.
    #[prop(into)]
    code: String,
    /// What happened.
    #[prop(into)]
    title: String,
    /// The number of the incident; empty where nothing broke.
    #[prop(optional, into)]
    incident: String,
    /// What to do.
    children: Children,
) -> impl IntoView {
    let incident = super::given(incident).map(|number| {
        view! { <p class="error-incident">{phrases::ui::error_number(lang)}" "<code>{number}</code></p> }
    });
    view! {
        <div class="error-page">
            <p class="error-code" aria-hidden="true">{code}</p>
            <h1>{title}</h1>
            {children()}
            {incident}
        </div>
    }
}
