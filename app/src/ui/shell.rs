//! The frame's parts: skip link, official line, header, rehearsal ribbon, footer.

use leptos::prelude::*;
use phrases::Lang;

use super::mark::Mark;
use super::menu::{Menu, NavLink, render_choices, render_menu_item};

/// The first stop of the Tab key. It leads past the header to `#main`.
#[component]
pub fn SkipLink(
    /// Language of the link.
    lang: Lang,
) -> impl IntoView {
    view! { <a class="skip" href="#main">{phrases::ui::skip(lang)}</a> }
}

/// The line of an official government site. Only a real government site may show it.
#[component]
pub fn Masthead(
    /// Language of the line.
    lang: Lang,
) -> impl IntoView {
    view! { <div class="masthead"><p>{phrases::ui::masthead(lang)}</p></div> }
}

/// The header: brand, main links, language, and the menu with the look of the page.
#[component]
pub fn SiteHeader(
    /// Language of the shared words.
    lang: Lang,
    /// The address of the brand's link.
    #[prop(into)]
    home: String,
    /// The main links.
    nav: Vec<NavLink>,
    /// Sign in; or the visitor's own pages and sign out.
    account: Vec<NavLink>,
    /// The languages. Only the other one is shown.
    languages: Vec<NavLink>,
    /// Light, dark, contrast. If empty, there is no menu.
    themes: Vec<NavLink>,
    /// Steps of text size.
    sizes: Vec<NavLink>,
) -> impl IntoView {
    let links: Vec<NavLink> = nav.into_iter().chain(account).collect();
    let items = links.clone().into_iter().map(render_menu_item).collect_view();
    let menu = (!themes.is_empty()).then(move || {
        view! { <Menu lang=lang links=links themes=themes sizes=sizes/> }
    });
    view! {
        <header class="header">
            <div class="header-inner">
                <a class="brand" href=home><Mark/><span>{phrases::ui::brand(lang)}</span></a>
                <nav class="nav" aria-label=phrases::ui::nav_label(lang)>
                    <ul class="nav-list">{items}</ul>
                </nav>
                <div class="languages" role="group" aria-label=phrases::ui::language(lang)>
                    {render_choices(languages)}
                </div>
                {menu}
            </div>
        </header>
    }
}

/// The ribbon of a rehearsal. It says that the page does not show the real season.
#[component]
pub fn Ribbon(
    /// Language of the label.
    lang: Lang,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    view! { <aside class="ribbon" aria-label=phrases::ui::ribbon_label(lang)>{children()}</aside> }
}

/// The footer: links, then who runs the site.
#[component]
pub fn SiteFooter(
    /// Language of the shared words.
    lang: Lang,
    /// Rules, record, privacy and the like.
    links: Vec<NavLink>,
    /// Who runs the site.
    children: Children,
) -> impl IntoView {
    view! {
        <footer class="footer">
            <div class="footer-inner">
                <nav class="footer-links" aria-label=phrases::ui::footer_links(lang)>{render_choices(links)}</nav>
                <div class="footer-words">{children()}</div>
            </div>
        </footer>
    }
}
