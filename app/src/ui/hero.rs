//! The landing panel with its picture: a ballot that was just stamped.

use leptos::prelude::*;

/// The first thing a visitor sees: what the contest is and what can be done now.
#[component]
pub fn Hero(
    /// The `h1`.
    #[prop(into)]
    title: String,
    /// A short line above it.
    #[prop(optional, into)]
    eyebrow: String,
    /// One or two sentences below it.
    #[prop(optional, into)]
    lead: String,
    /// Buttons, a countdown, numbers.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="hero">
            <div class="hero-inner">
                <div class="hero-words">
                    {(!eyebrow.is_empty()).then(|| view! { <p class="eyebrow">{eyebrow}</p> })}
                    <h1>{title}</h1>
                    {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
                    <div class="hero-actions">{children()}</div>
                </div>
                <svg class="hero-art" viewBox="0 0 460 400" aria-hidden="true" inner_html=HERO_ART></svg>
            </div>
        </section>
    }
}

/// The picture, as the inner text of an SVG. Its colours are in the style sheet, so it has only
/// classes.
const HERO_ART: &str = concat!(
    r#"<path class="art-far" d="M230 20a180 180 0 0 1 180 180H230z"/>"#,
    r#"<path class="art-near" d="M50 380a180 180 0 0 1 180-180v180z"/>"#,
    r#"<path class="art-warm" d="M410 200a90 90 0 0 1-90 90v-90z"/>"#,
    r#"<circle class="art-rose" cx="95" cy="110" r="45"/>"#,
    r#"<path class="art-far" d="M320 290h90v90h-90z"/>"#,
    r#"<path class="art-warm" d="M320 380a90 90 0 0 1 90-90v90z"/>"#,
    r#"<g transform="rotate(9 230 200)"><rect class="art-back" x="140" y="62" width="190" height="270" rx="16"/></g>"#,
    r#"<g transform="rotate(-7 230 210)"><rect class="art-shadow" x="132" y="76" width="196" height="276" rx="16"/>"#,
    r#"<rect class="art-paper" x="126" y="66" width="196" height="276" rx="16"/>"#,
    r#"<rect class="art-ink" x="148" y="92" width="92" height="14" rx="7"/><rect class="art-line" x="148" y="116" width="140" height="10" rx="5"/>"#,
    r#"<rect class="art-line" x="148" y="158" width="84" height="12" rx="6"/><rect class="art-line" x="148" y="178" width="58" height="10" rx="5"/><rect class="art-box" x="254" y="150" width="46" height="46" rx="8"/>"#,
    r#"<rect class="art-line" x="148" y="220" width="72" height="12" rx="6"/><rect class="art-line" x="148" y="240" width="84" height="10" rx="5"/><rect class="art-box" x="254" y="212" width="46" height="46" rx="8"/>"#,
    r#"<rect class="art-line" x="148" y="282" width="90" height="12" rx="6"/><rect class="art-line" x="148" y="302" width="50" height="10" rx="5"/><rect class="art-box" x="254" y="274" width="46" height="46" rx="8"/>"#,
    r#"<g class="art-stamp"><circle cx="277" cy="235" r="27"/><path d="M273 222v27M273 232l12 8"/></g></g>"#,
);
