//! The built files: their hashed names, the bundles of the browser and the fonts of printed sheets.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
pub use press::Fonts as SheetFonts;

use crate::web::render::render_view;

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
        let html = render_view(move || view! { <HydrationScripts options islands=true/> });
        let script = html.split_once("<script").and_then(|(_, rest)| rest.split_once('>'));
        let script = script.and_then(|(_, rest)| rest.split_once("</script>"));
        script.map(|(text, _)| text.to_owned()).unwrap_or_default()
    }
}
