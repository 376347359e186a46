//! The headings of a page and of its sections.

use leptos::prelude::*;

use super::mark::Mark;

/// Renders a line of a heading, unless its text is empty.
fn optional_paragraph(class: &'static str, text: String) -> Option<AnyView> {
    (!text.is_empty()).then(|| view! { <p class=class>{text}</p> }.into_any())
}

/// The head of a page: its `h1`, a line above, a sentence below, and buttons at the side.
#[component]
pub fn PageHead(
    /// The `h1`.
    #[prop(into)]
    title: String,
    /// A short line above it.
    #[prop(optional, into)]
    eyebrow: String,
    /// One sentence below it.
    #[prop(optional, into)]
    lead: String,
    /// Buttons of the page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <div class="page-head-words">
                {optional_paragraph("eyebrow", eyebrow)}
                <h1>{title}</h1>
                {optional_paragraph("lead", lead)}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}

/// A section with its `h2`; `wide` gives it a tinted band over the whole width.
#[component]
pub fn Section(
    /// The `h2`.
    #[prop(into)]
    title: String,
    /// An anchor to link to.
    #[prop(optional, into)]
    id: String,
    /// One sentence below the title.
    #[prop(optional, into)]
    lead: String,
    /// A tinted band over the whole width.
    #[prop(optional)]
    wide: bool,
    /// What the section holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" id=super::non_empty_text(id) data-wide=super::yes_or_none(wide)>
            <div class="section-head">
                <h2>{title}</h2>
                {optional_paragraph("lead", lead)}
            </div>
            {children()}
        </section>
    }
}

/// One question on its own: signing in, and each step of a vote.
#[component]
pub fn AuthPanel(
    /// The `h1`.
    #[prop(into)]
    title: String,
    /// What to do here, in one or two sentences.
    #[prop(optional, into)]
    lead: String,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="auth">
            <div class="auth-head">
                <Mark/>
                <h1>{title}</h1>
                {optional_paragraph("lead", lead)}
            </div>
            {children()}
        </div>
    }
}
