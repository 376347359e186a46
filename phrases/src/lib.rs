//! What Hanpyo says: every sentence that people read, in Korean and in English.
//!
//! The sentences are in `text/*.json`, both languages side by side. The build script makes a
//! function of each. A program contains only the functions that its pages or islands call, so the
//! browser downloads no catalogue.

use serde::{Deserialize, Serialize};

/// A language of the interface. Korean is used if nothing is known about the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 한국어
    #[default]
    Ko,
    /// English
    En,
}

impl Lang {
    /// Returns the BCP 47 tag, as in `<html lang>`.
    #[must_use]
    pub const fn language_tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// Reads a tag such as `ko` or `en-GB`; `None` for a language that the site does not speak.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "ko" => Some(Self::Ko),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// Returns the first language of an `Accept-Language` header that the site speaks.
    ///
    /// Browsers list languages in the order of preference, so the q-values are ignored.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        header.split(',').filter_map(|part| part.split(';').next()).find_map(Self::from_tag)
    }

    /// Returns the one of two texts that is in this language.
    #[must_use]
    pub const fn choose_text<'a>(self, ko: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ko => ko,
            Self::En => en,
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_first_spoken_language_of_the_browser_is_taken() {
        assert_eq!(Lang::from_accept_language("fr-FR, en-GB;q=0.8, ko;q=0.5"), Some(Lang::En));
        assert_eq!(Lang::from_accept_language("ko-KR,ko;q=0.9,en;q=0.8"), Some(Lang::Ko));
        assert_eq!(Lang::from_accept_language("fr, de"), None);
        assert_eq!(Lang::from_accept_language("한"), None);
    }
}
