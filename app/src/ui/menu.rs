//! Links of the header and the panel that holds them on a phone, with the look of the page.

use leptos::prelude::*;
use phrases::Lang;

/// A link of the header, the footer or a row of chips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    /// What the link says.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is marked as the current page or choice.
    pub current: bool,
    /// Whether it changes something, such as signing out, and so is a form with POST.
    pub post: bool,
}

impl NavLink {
    /// Makes a link to a page.
    pub fn link_to(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), current: false, post: false }
    }

    /// Makes a button that posts to `action`.
    pub fn post_to(label: impl Into<String>, action: impl Into<String>) -> Self {
        Self { post: true, ..Self::link_to(label, action) }
    }

    /// Marks the link as the current page or choice, if `current` is true.
    #[must_use]
    pub fn with_current(self, current: bool) -> Self {
        Self { current, ..self }
    }
}

/// Renders one link of a menu, as a list item.
pub(super) fn render_menu_item(link: NavLink) -> AnyView {
    let NavLink { label, href, current, post } = link;
    if post {
        view! {
            <li>
                <form method="post" action=href>
                    <button class="nav-link" type="submit">{label}</button>
                </form>
            </li>
        }
        .into_any()
    } else {
        let current = current.then_some("page");
        view! { <li><a class="nav-link" href=href aria-current=current>{label}</a></li> }.into_any()
    }
}

/// Renders links in a row. A link that changes something becomes a button; the current one is
/// marked.
pub(super) fn render_choices(links: Vec<NavLink>) -> Vec<AnyView> {
    links.into_iter().map(render_choice).collect()
}

/// Renders one link of a row.
fn render_choice(link: NavLink) -> AnyView {
    let NavLink { label, href, current, post } = link;
    if post {
        let pressed = if current { "true" } else { "false" };
        view! {
            <form method="post" action=href>
                <button type="submit" aria-pressed=pressed>{label}</button>
            </form>
        }
        .into_any()
    } else {
        let current = current.then_some("true");
        view! { <a href=href aria-current=current>{label}</a> }.into_any()
    }
}

/// The panel behind the menu button: links on a phone, and colours and text size everywhere.
#[component]
pub fn Menu(
    /// Language of the shared words.
    lang: Lang,
    /// The links for which the header of a phone has no room.
    links: Vec<NavLink>,
    /// Light, dark, contrast.
    themes: Vec<NavLink>,
    /// Steps of text size.
    sizes: Vec<NavLink>,
) -> impl IntoView {
    view! {
        <details class="menu">
            <summary>
                <svg viewBox="0 0 24 24" fill="none" stroke-width="2.2" stroke-linecap="round" aria-hidden="true">
                    <path d="M4 7h16M4 12h16M4 17h10"></path>
                </svg>
                <span class="menu-word-phone">{phrases::ui::menu(lang)}</span>
                <span class="menu-word-wide">{phrases::ui::look(lang)}</span>
            </summary>
            <div class="menu-panel">
                <nav class="menu-nav" aria-label=phrases::ui::menu(lang)>
                    <ul class="menu-list">{links.into_iter().map(render_menu_item).collect_view()}</ul>
                </nav>
                <div class="look" role="group" aria-label=phrases::ui::theme(lang)>
                    <p class="look-title" aria-hidden="true">{phrases::ui::theme(lang)}</p>
                    <div class="look-row">{render_choices(themes)}</div>
                </div>
                <div class="look" role="group" aria-label=phrases::ui::text_size(lang)>
                    <p class="look-title" aria-hidden="true">{phrases::ui::text_size(lang)}</p>
                    <div class="look-row">{render_choices(sizes)}</div>
                </div>
            </div>
        </details>
    }
}
