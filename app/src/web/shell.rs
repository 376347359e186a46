//! The frame of every page: head, header, ribbon, breadcrumb, footer.

use backend::accounts::Role;
use backend::editions::Edition;
use domain::schedule::Phase;
use leptos::attr::custom::CustomAttribute as _;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
use phrases::{Lang, shell as words};

use crate::ui::{
    Breadcrumb, ButtonLink, ButtonWeight, Masthead, NavLink, Ribbon, SiteFooter, SiteHeader,
    SkipLink,
};
use crate::web::look::Look;
use crate::web::page::Page;
use crate::web::paths::{KIOSK_START, escape_query_value, home_path};
use crate::web::request::RequestContext;
use crate::web::route::IdleLimit;
use crate::web::shared_machine;
use crate::web::tour::tour_nav;
use crate::words::times;

/// Renders the whole HTML document.
pub(crate) fn render_document(cx: &RequestContext, page: Page) -> impl IntoView + use<> {
    let lang = cx.lang();
    let Look { theme, size } = cx.look();
    let theme = (!theme.is_empty()).then_some(theme);
    let head = render_head(cx, &page);
    let body = render_body(cx, page);
    view! {
        <html lang=lang.language_tag() data-theme=theme data-size=size.to_string()>{head}{body}</html>
    }
}

fn render_head(cx: &RequestContext, page: &Page) -> AnyView {
    let lang = cx.lang();
    let context = match &page.edition {
        Some(edition) => lang.choose_text(&edition.title.ko, &edition.title.en).to_owned(),
        None => phrases::ui::brand(lang).to_owned(),
    };
    let title = format!("{} · {context}", page.title);
    let about = words::promise(lang).to_owned();
    let description = if page.description.is_empty() { about } else { page.description.clone() };
    let fonts = cx.assets().file_url("fonts.css");
    let options = page.bundle.map(|bundle| cx.assets().leptos_options(bundle));
    let alternates = [Lang::Ko, Lang::En].map(|other| {
        let href = format!("{}{}", cx.backend().settings().public_url, cx.path_in_language(other));
        view! { <link rel="alternate" hreflang=other.language_tag() href=href/> }
    });
    view! {
        <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{title.clone()}</title>
            <meta name="description" content=description.clone()/>
            {open_graph_tag("og:description", description)}
            {open_graph_tag("og:title", title)}
            {open_graph_tag("og:locale", lang.choose_text("ko_KR", "en_GB").to_owned())}
            <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
            <link rel="manifest" href="/site.webmanifest"/>
            <link rel="stylesheet" href=cx.assets().file_url("hanpyo.css")/>
            {alternates}
            <script src="/page.js" defer=true data-href=fonts.clone()
                data-sending=phrases::ui::sending(lang) data-offline=phrases::ui::offline(lang)></script>
            <noscript><link rel="stylesheet" href=fonts/></noscript>
            {options.map(|options| view! { <HydrationScripts options islands=true/> })}
            {render_idle_return(cx)}
        </head>
    }
    .into_any()
}

/// Renders the script and the refresh that return a shared machine to its start page when nobody
/// touches it.
fn render_idle_return(cx: &RequestContext) -> Option<AnyView> {
    if !cx.is_kiosk() || cx.is_kiosk_start() {
        return None;
    }
    let (seconds, warning) =
        (shared_machine::idle_seconds(cx).to_string(), shared_machine::WARNING_SECONDS.to_string());
    let refresh = format!("{seconds}; url={}", KIOSK_START);
    let view = view! {
        <script src="/kiosk.js" defer=true data-seconds=seconds data-warning=warning></script>
        <noscript><meta http-equiv="refresh" content=refresh/></noscript>
    };
    Some(view.into_any())
}

/// Renders the ribbon of a shared machine, with a link for a voter who has finished. A receipt
/// returns by a header of its response, so its ribbon also offers to load the page again for more
/// time.
fn render_kiosk_ribbon(cx: &RequestContext) -> Option<AnyView> {
    use phrases::kiosk as words;
    let lang = cx.lang();
    if !cx.is_kiosk() || cx.is_kiosk_start() {
        return None;
    }
    let sentence = if cx.route_rules().idle == IdleLimit::Receipt {
        words::shared_receipt(lang, shared_machine::RECEIPT_SECONDS)
    } else if cx.route_rules().idle == IdleLimit::Code {
        words::shared_code(lang, shared_machine::CODE_MINUTES)
    } else {
        words::shared(lang, shared_machine::IDLE_SECONDS)
    };
    let stay = (cx.route_rules().idle == IdleLimit::Receipt).then(|| {
        let href = cx.path_and_query();
        view! { " "<ButtonLink label=words::stay(lang) href weight=ButtonWeight::Secondary/> }
    });
    let view = view! {
        <div class="no-print"><Ribbon lang>
            {sentence}{stay}" "<a href=KIOSK_START>{words::finish(lang)}</a>
        </Ribbon></div>
    };
    Some(view.into_any())
}

/// Renders the dialog that asks whether somebody is still there. `public/kiosk.js` opens it before
/// the page returns to the start.
fn render_idle_dialog(cx: &RequestContext) -> Option<AnyView> {
    use phrases::kiosk as words;
    let lang = cx.lang();
    if !cx.is_kiosk() || cx.is_kiosk_start() || cx.route_rules().idle == IdleLimit::Receipt {
        return None;
    }
    let view = view! {
        <dialog class="dialog" id="kiosk-warning" aria-labelledby="kiosk-warning-title">
            <h2 id="kiosk-warning-title">{words::still_there_title(lang)}</h2>
            <p>{words::still_there(lang, shared_machine::WARNING_SECONDS)}</p>
            <div class="dialog-foot">
                <button class="button" type="button">{words::go_on(lang)}</button>
            </div>
        </dialog>
    };
    Some(view.into_any())
}

/// Renders one property of the preview of a shared link (Open Graph). `view!` does not know RDFa's
/// attribute `property`.
fn open_graph_tag(property: &'static str, content: String) -> impl IntoView {
    leptos::html::meta().content(content).attr("property", property)
}

fn render_body(cx: &RequestContext, page: Page) -> AnyView {
    let lang = cx.lang();
    let ribbon = page.edition.as_ref().filter(|edition| edition.rehearsal).map(|edition| {
        let now = times::format_minute(lang, edition.now);
        view! { <Ribbon lang>{words::rehearsal(lang, now)}</Ribbon> }
    });
    let preview = page.edition.as_ref().filter(|_| cx.shows_preview()).map(|edition| {
        let (href, label) = (format!("/admin/{}", edition.slug), words::preview_back(lang));
        view! { <Ribbon lang>{words::preview(lang)}" "<a href=href>{label}</a></Ribbon> }
    });
    let tour = page.edition.as_ref().and_then(|edition| render_tour(cx, edition));
    let drill =
        cx.backend().is_drill().then(|| view! { <Ribbon lang>{words::drill(lang)}</Ribbon> });
    let mut crumbs = page.crumbs;
    // A shared machine shows no link to a page that it may not open.
    crumbs
        .retain(|(_, href)| href.as_deref().is_none_or(|href| shared_machine::can_open(cx, href)));
    let crumbs = (!crumbs.is_empty()).then(|| view! { <Breadcrumb lang items=crumbs/> });
    let official = cx.backend().settings().official.then(|| view! { <Masthead lang/> });
    let header = render_header(cx, page.edition.as_ref());
    let footer = render_footer(cx, page.edition.as_ref());
    let content = (page.view)();
    view! {
        <body>
            <SkipLink lang/>
            {official}
            {header}
            {drill}
            {ribbon}
            {preview}
            {tour}
            {render_kiosk_ribbon(cx)}
            {crumbs}
            <main id="main" class="page" tabindex="-1">{content}</main>
            {footer}
            {render_idle_dialog(cx)}
        </body>
    }
    .into_any()
}

/// Renders the tour of a demonstration, on the first page and the result of its editions: on the others it
/// would push what people came for off the first screen.
fn render_tour(cx: &RequestContext, edition: &Edition) -> Option<AnyView> {
    let demonstration = cx.backend().demonstration_slug()?;
    let phase = cx.backend().demonstrated_phase(&edition.slug)?;
    let own = format!("/editions/{}", edition.slug);
    let path = cx.path();
    let shown = path == "/" || path == own || path == format!("{own}/results");
    (shown && !cx.is_kiosk()).then(|| tour_nav(cx.lang(), demonstration, phase))
}

fn render_header(cx: &RequestContext, edition: Option<&Edition>) -> AnyView {
    let lang = cx.lang();
    let back = cx.path_and_query();
    let languages = [Lang::Ko, Lang::En].map(|other| {
        NavLink::link_to(words::own_name(other), cx.path_in_language(other))
            .with_current(other == lang)
    });
    let names = [
        words::theme_system(lang),
        words::theme_light(lang),
        words::theme_dark(lang),
        words::theme_contrast(lang),
    ];
    // The start page of a shared machine resets the look, so it offers no choice of look.
    let looks = !(cx.is_kiosk() && cx.is_kiosk_start());
    let themes = Look::THEMES.into_iter().zip(names).filter(|_| looks).map(|(theme, name)| {
        NavLink::post_to(name, format!("/look?theme={theme}&back={}", escape_query_value(&back)))
            .with_current(cx.look().theme == theme)
    });
    let sizes = (1..=5_u8).filter(|_| looks).map(|size| {
        NavLink::post_to(
            words::size(lang, size),
            format!("/look?size={size}&back={}", escape_query_value(&back)),
        )
        .with_current(cx.look().size == size)
    });
    let home = if cx.is_kiosk() { KIOSK_START } else { "/" };
    view! {
        <SiteHeader lang home nav=allowed_links(cx, edition) account=account_links(cx)
            languages=languages.into() themes=themes.collect() sizes=sizes.collect()/>
    }
    .into_any()
}

/// Returns the main links that can be followed now and on this machine.
fn allowed_links(cx: &RequestContext, edition: Option<&Edition>) -> Vec<NavLink> {
    let mut links = edition_links(cx, edition);
    links.retain(|link| shared_machine::can_open(cx, &link.href));
    links
}

fn edition_links(cx: &RequestContext, edition: Option<&Edition>) -> Vec<NavLink> {
    let lang = cx.lang();
    let Some(edition) = edition.filter(|edition| edition.schedule.published) else {
        return vec![
            NavLink::link_to(words::editions(lang), "/editions")
                .with_current(cx.path() == "/editions"),
        ];
    };
    let base = format!("/editions/{}", edition.slug);
    let mut links = vec![("", words::about(lang))];
    if edition.gallery_public().is_ok() {
        links.push(("/cases", words::cases(lang)));
    }
    if edition.current_phase() == Phase::Voting {
        links.push(("/vote", words::vote(lang)));
    }
    if edition.results_public().is_ok() {
        links.push(("/results", words::results(lang)));
    }
    links.push(("/rules", words::rules(lang)));
    links
        .into_iter()
        .map(|(end, label)| {
            let href = format!("{base}{end}");
            let here = cx.path() == href;
            NavLink::link_to(label, href).with_current(here)
        })
        .collect()
}

fn account_links(cx: &RequestContext) -> Vec<NavLink> {
    let lang = cx.lang();
    if cx.is_kiosk() {
        return Vec::new();
    }
    let Some(visitor) = cx.visitor() else {
        return vec![
            NavLink::link_to(words::sign_in(lang), "/sign-in")
                .with_current(cx.path() == "/sign-in"),
        ];
    };
    let home = home_path(visitor);
    let label = match visitor.role() {
        Role::Administrator => words::administration(lang),
        Role::Judge => words::judging(lang),
        Role::Member => words::organisation(lang),
    };
    vec![
        NavLink::link_to(label, home).with_current(cx.path() == home),
        NavLink::link_to(visitor.person_name(), "/account").with_current(cx.path() == "/account"),
        NavLink::post_to(words::sign_out(lang), "/sign-out"),
    ]
}

fn render_footer(cx: &RequestContext, edition: Option<&Edition>) -> AnyView {
    let lang = cx.lang();
    let mut links = Vec::new();
    if let Some(edition) = edition.filter(|edition| edition.schedule.published) {
        let base = format!("/editions/{}", edition.slug);
        let about = [
            ("/privacy", phrases::office::privacy(lang)),
            ("/contact", phrases::office::contact(lang)),
            ("/help", phrases::office::help(lang)),
            ("/notices", phrases::office::notices(lang)),
            ("/terms", phrases::office::terms(lang)),
            ("/accessibility", phrases::office::accessibility(lang)),
        ];
        links.extend(
            about.into_iter().map(|(end, label)| NavLink::link_to(label, format!("{base}{end}"))),
        );
        links.retain(|link| shared_machine::can_open(cx, &link.href));
    }
    if !cx.is_kiosk() {
        links.push(NavLink::link_to(words::editions(lang), "/editions"));
        links.push(NavLink::link_to(phrases::verify::title(lang), "/verify"));
    }
    if cx.is_demonstration() && !cx.is_kiosk() {
        links.push(NavLink::link_to(words::outbox(lang), "/outbox"));
        links.push(NavLink::link_to(words::parts(lang), "/parts"));
    }
    let note = if cx.is_demonstration() { words::demonstration(lang) } else { "" };
    view! {
        <SiteFooter lang links>
            <p>{words::promise(lang)}</p>
            <p>{note}</p>
        </SiteFooter>
    }
    .into_any()
}
