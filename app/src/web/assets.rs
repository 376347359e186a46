//! The built files: their hashed names, the bundles of the browser and the fonts of printed sheets.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
pub use press::Fonts as SheetFonts;

use crate::web::render::render_view;

/// The built files: their hashed names, and the fonts of printed sheets.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    names: HashMap<String, String>,
    fonts: Option<Arc<SheetFonts>>,
}

/// The program that a page needs. A citizen's phone downloads the small one for voting. The forms
/// that judges and organisations work on for an hour are in another, which also stores and sends
/// what they type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// The countdown.
    Public,
    /// All islands: the countdown and the forms of judges and organisations.
    Desk,
    /// The crate `voter`, without islands: basket, casting, the receipt and its check.
    Voter,
}

impl Bundle {
    /// All bundles.
    pub const ALL: [Self; 3] = [Self::Public, Self::Desk, Self::Voter];

    const fn script_name(self) -> &'static str {
        match self {
            Self::Public => "hanpyo.js",
            Self::Desk => "desk.js",
            Self::Voter => "voter.js",
        }
    }
}

impl Assets {
    /// Makes the list from the manifest of the site build, which maps plain names to hashed names.
    #[must_use]
    pub fn from_manifest(names: HashMap<String, String>) -> Self {
        Self { names, fonts: None }
    }

    /// Adds the fonts of printed sheets.
    #[must_use]
    pub fn with_fonts(mut self, fonts: Option<SheetFonts>) -> Self {
        self.fonts = fonts.map(Arc::new);
        self
    }

    /// Returns the fonts of printed sheets, or `None` if the program was built without the site.
    pub(crate) fn sheet_fonts(&self) -> Option<Arc<SheetFonts>> {
        self.fonts.clone()
    }

    /// Returns the options with which Leptos starts the islands of this bundle.
    pub(crate) fn leptos_options(&self, bundle: Bundle) -> LeptosOptions {
        let script =
            self.names.get(bundle.script_name()).map_or(bundle.script_name(), String::as_str);
        let stem = script.strip_suffix(".js").unwrap_or(script).to_owned();
        LeptosOptions::builder().output_name(stem).site_pkg_dir("assets").build()
    }

    /// Returns the URL of a built file.
    #[must_use]
    pub fn file_url(&self, name: &str) -> String {
        format!("/assets/{}", self.names.get(name).map_or(name, String::as_str))
    }

    /// Returns the inline script that starts a bundle's islands. The content security policy allows
    /// its hash. The script is the same on every page, so pages need no nonce and can be cached.
    #[must_use]
    pub fn inline_script(&self, bundle: Bundle) -> String {
        let options = self.leptos_options(bundle);
        let html = render_view(move || view! { <HydrationScripts options islands=true/> });
        let script = html.split_once("<script").and_then(|(_, rest)| rest.split_once('>'));
        let script = script.and_then(|(_, rest)| rest.split_once("</script>"));
        script.map(|(text, _)| text.to_owned()).unwrap_or_default()
    }
}
