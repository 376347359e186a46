//! The message of an empty list, and the page of an error.

use leptos::prelude::*;
use phrases::Lang;

/// The message of an empty list: why it is empty, and what to do.
#[component]
pub fn Empty(
    /// What is missing.
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

/// The page of an error: what went wrong, what to do, and a number to quote to support.
#[component]
pub fn ErrorPage(
    /// Language of the shared words.
    lang: Lang,
    /// The HTTP status.
    #[prop(into)]
    code: String,
    /// What happened.
    #[prop(into)]
    title: String,
    /// Where this browser begins: the start page, or that of a kiosk.
    #[prop(into)]
    home: String,
    /// The number of the incident; empty if the server did not fail.
    #[prop(optional, into)]
    incident: String,
    /// What to do.
    children: Children,
) -> impl IntoView {
    let incident = super::non_empty_text(incident).map(|number| {
        view! { <p class="error-incident">{phrases::ui::error_number(lang)}" "<code>{number}</code></p> }
    });
    view! {
        <div class="error-page">
            <p class="error-code" aria-hidden="true">{code}</p>
            <h1>{title}</h1>
            {children()}
            {incident}
            <div class="actions">
                <a class="button" href=home>{phrases::ui::to_start(lang)}</a>
            </div>
        </div>
    }
}
