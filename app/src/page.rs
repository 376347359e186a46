//! A page: its title, its content, and the house around it.
//!
//! Pages are rendered in one go, after everything they show was loaded: the first byte already has
//! the right status, and nothing needs a script to come into place. Islands inside a page are
//! woken by the script that only pages with islands carry.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::{Html, IntoResponse as _, Response};
use backend::editions::Edition;
use http::{HeaderValue, StatusCode, header};
use hydration_context::SsrSharedContext;
use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use phrases::Lang;

use crate::AppError;
use crate::context::Cx;
pub use press::Fonts as SheetFonts;

use crate::ui::{Crumbs, ErrorPage, ErrorSummary, Notice, Tone};
use crate::{sentences, shell};

/// What a handler answers.
pub type Answer = Result<Response, AppError>;

/// The built files: their hashed names, and what Leptos needs to wake islands.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    names: HashMap<String, String>,
    fonts: Option<Arc<SheetFonts>>,
}

/// Which program a page needs. A citizen's phone downloads the small one for voting; the forms
/// that judges and organisations work on for an hour come in another, with all they need to keep
/// what is typed and send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// The countdown.
    Public,
    /// All islands.
    Desk,
    /// Basket, casting, the receipt and its check: the crate `voter`, without islands.
    Voter,
}

impl Bundle {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Public, Self::Desk, Self::Voter];

    const fn script(self) -> &'static str {
        match self {
            Self::Public => "hanpyo.js",
            Self::Desk => "desk.js",
            Self::Voter => "voter.js",
        }
    }
}

impl Assets {
    /// From the manifest of the site build: plain name to hashed name.
    #[must_use]
    pub fn new(names: HashMap<String, String>) -> Self {
        Self { names, fonts: None }
    }

    /// With the fonts of printed sheets.
    #[must_use]
    pub fn with_fonts(mut self, fonts: Option<SheetFonts>) -> Self {
        self.fonts = fonts.map(Arc::new);
        self
    }

    /// The fonts of printed sheets; none in a program that was built without the site.
    pub(crate) fn fonts(&self) -> Option<Arc<SheetFonts>> {
        self.fonts.clone()
    }

    /// What Leptos needs to wake the islands of this bundle.
    pub(crate) fn leptos(&self, bundle: Bundle) -> LeptosOptions {
        let script = self.names.get(bundle.script()).map_or(bundle.script(), String::as_str);
        let stem = script.strip_suffix(".js").unwrap_or(script).to_owned();
        LeptosOptions::builder().output_name(stem).site_pkg_dir("assets").build()
    }

    /// The URL of a built file.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("/assets/{}", self.names.get(name).map_or(name, String::as_str))
    }

    /// The text of the inline script that wakes a bundle's islands, whose hash the content security policy
    /// allows. It is the same on every page, so pages need no nonce and can be cached.
    #[must_use]
    pub fn inline_script(&self, bundle: Bundle) -> String {
        let options = self.leptos(bundle);
        let html = rendered(move || view! { <HydrationScripts options islands=true/> });
        let script = html.split_once("<script").and_then(|(_, rest)| rest.split_once('>'));
        let script = script.and_then(|(_, rest)| rest.split_once("</script>"));
        script.map(|(text, _)| text.to_owned()).unwrap_or_default()
    }
}

/// Renders a view where islands inside it are marked for the browser and nothing else is.
fn rendered<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| {
        if let Some(context) = Owner::current_shared_context() {
            context.set_is_hydrating(false);
        }
        view().into_view().to_html()
    })
}

type View = Box<dyn FnOnce() -> AnyView + Send>;

/// A page about to be rendered.
pub struct Page {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) crumbs: Crumbs,
    pub(crate) edition: Option<Edition>,
    status: StatusCode,
    pub(crate) islands: Option<Bundle>,
    pub(crate) view: View,
}

impl Page {
    /// A page with its title; the view is built when the page is rendered.
    pub fn new<V: IntoView + 'static>(
        title: impl Into<String>,
        view: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            description: String::new(),
            crumbs: Vec::new(),
            edition: None,
            status: StatusCode::OK,
            islands: None,
            view: Box::new(move || view().into_any()),
        }
    }

    /// One sentence for search engines and shared links.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The way back up: labels and paths; the page itself comes last, without a path.
    #[must_use]
    pub fn crumbs(mut self, crumbs: Crumbs) -> Self {
        self.crumbs = crumbs;
        self
    }

    /// The edition the page belongs to: its links, and the ribbon of a rehearsal.
    #[must_use]
    pub fn of(mut self, edition: &Edition) -> Self {
        self.edition = Some(edition.clone());
        self
    }

    /// Something before the page's own content: what has just been done.
    #[must_use]
    pub fn led_by<V: IntoView + 'static>(
        mut self,
        first: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        let own = self.view;
        self.view = Box::new(move || (first().into_any(), own()).into_any());
        self
    }

    /// Something after the page's own content, inside its main part: a bar that sticks to its end.
    #[must_use]
    pub fn followed_by<V: IntoView + 'static>(
        mut self,
        more: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        let first = self.view;
        self.view = Box::new(move || (first(), more().into_any()).into_any());
        self
    }

    /// A status other than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The page has islands for everybody: send the small bundle.
    #[must_use]
    pub fn with_islands(mut self) -> Self {
        self.islands = Some(Bundle::Public);
        self
    }

    /// The page has a form that is worked on for long: send the bundle that holds those too.
    #[must_use]
    pub fn with_desk(mut self) -> Self {
        self.islands = Some(Bundle::Desk);
        self
    }

    /// The page is one of the voter's: picking, casting, the receipt and its check.
    #[must_use]
    pub fn with_voter(mut self) -> Self {
        self.islands = Some(Bundle::Voter);
        self
    }
}

impl Cx {
    /// Renders a page.
    #[must_use]
    pub fn page(&self, page: Page) -> Response {
        let status = page.status;
        let cx = self.clone();
        let html = rendered(move || shell::document(&cx, page));
        let mut response = (status, Html(format!("<!DOCTYPE html>{html}"))).into_response();
        let headers = response.headers_mut();
        // What a person sees depends on who they are, their language and their look.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
        response
    }

    /// The same page once more after a form that needs another look, with the status that says so.
    ///
    /// # Errors
    /// The error itself, where filling the form differently would not help.
    pub fn again(&self, page: Page, error: &AppError) -> Answer {
        if !error.is_about_the_form() {
            return Err(error.clone());
        }
        let mut response = self.page(page.status(error.status()));
        if let AppError::TooMany { retry_after } = error {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
        }
        Ok(response)
    }
}

/// What is wrong with a form, on top of it: the faulty fields with links, or the rule that said no.
pub(crate) fn form_errors(lang: Lang, error: Option<&AppError>) -> AnyView {
    match error {
        None => ().into_any(),
        Some(AppError::Invalid(faults)) => {
            let items = faults
                .iter()
                .map(|fault| (fault.field.clone(), sentences::field(lang, fault.problem)))
                .collect();
            view! { <ErrorSummary lang items/> }.into_any()
        }
        Some(error) => {
            let sentence = sentences::error(lang, error);
            view! { <Notice lang tone=Tone::Danger><p>{sentence}</p></Notice> }.into_any()
        }
    }
}

/// The sentence under a faulty field.
pub(crate) fn field_error(lang: Lang, error: Option<&AppError>, name: &str) -> Option<String> {
    error.and_then(|error| error.of_field(name)).map(|problem| sentences::field(lang, problem))
}

/// The page for an error that no form can mend.
#[must_use]
pub fn error_page(cx: &Cx, error: &AppError) -> Response {
    let lang = cx.lang();
    let status = error.status();
    let title = sentences::error_title(lang, error);
    let sentence = sentences::error(lang, error);
    let incident = match error {
        AppError::Internal { incident } => incident.clone(),
        _ => String::new(),
    };
    let heading = title.clone();
    let page = Page::new(title, move || {
        view! {
            <ErrorPage lang code=status.as_u16().to_string() title=heading incident>
                <p>{sentence}</p>
            </ErrorPage>
        }
    });
    let mut response = cx.page(page.status(status));
    if *error == AppError::Busy {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(u16::from(come_again())));
    }
    response
}

/// Seconds to wait when there is too much to do: not the same for everybody, or all would come back
/// at once.
pub(crate) fn come_again() -> u8 {
    1 + uuid::Uuid::new_v4().as_bytes()[0] % 3
}
