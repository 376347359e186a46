//! The theme and the text size that a reader has chosen.

/// Theme and text size, as chosen by the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// `light`, `dark`, `contrast`, or empty to follow the system.
    pub theme: &'static str,
    /// 1 to 5; 2 is the usual.
    pub size: u8,
}

impl Look {
    /// The themes that can be chosen. The empty one follows the system.
    pub const THEMES: [&'static str; 4] = ["", "light", "dark", "contrast"];

    /// Reads the cookie's value. A part that cannot be read gets its default.
    #[must_use]
    pub fn from_cookie(text: &str) -> Self {
        let (theme, size) = text.split_once('.').unwrap_or(("", "2"));
        let theme = Self::THEMES.into_iter().find(|known| *known == theme).unwrap_or("");
        let size = size.parse().ok().filter(|size| (1..=5).contains(size)).unwrap_or(2);
        Self { theme, size }
    }

    /// Returns the cookie's value, e.g. `dark.3`.
    #[must_use]
    pub fn to_cookie(self) -> String {
        format!("{}.{}", self.theme, self.size)
    }
}
