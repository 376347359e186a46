//! A report as HTML. Everything that comes from a file is escaped, because anybody may have written
//! it.

use phrases::{Lang, verify as words};

use super::{Mood, ReceiptReport, ReportPoint};

impl Mood {
    /// Returns the word that the page has as `data-mood`.
    #[must_use]
    pub const fn mood_word(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Accepted => "accepted",
            Self::Wrong => "wrong",
            Self::NoKey => "no-key",
            Self::Unreadable => "unreadable",
        }
    }

    const fn verdict_icon_path(self) -> &'static str {
        match self {
            Self::Recorded | Self::Accepted => "M4 12.5l5.5 5.5L20 7",
            Self::Wrong => "M6 6l12 12M18 6L6 18",
            Self::NoKey | Self::Unreadable => "M12 5v9M12 18v.2",
        }
    }
}

impl ReportPoint {
    /// Writes the point as a line of a list.
    #[must_use]
    pub fn to_html(&self, lang: Lang) -> String {
        let (state, word) = match self.fits {
            Some(true) => ("yes", words::yes(lang)),
            Some(false) => ("no", words::no(lang)),
            None => ("open", words::open(lang)),
        };
        let text = escape_html(&self.text);
        format!(
            "<li data-state=\"{state}\"><span class=\"visually-hidden\">{word}: </span>{text}</li>"
        )
    }
}

impl ReceiptReport {
    /// Writes the report for its place on the page.
    #[must_use]
    pub fn to_html(&self, lang: Lang) -> String {
        let Self { mood, title, text, points, facts, .. } = self;
        let points: String = points.iter().map(|point| point.to_html(lang)).collect();
        let facts: String = facts
            .iter()
            .map(|(name, value)| {
                format!("<div><dt>{name}</dt><dd>{}</dd></div>", escape_html(value))
            })
            .collect();
        let list = |tag: &str, class: &str, inside: String| match inside.as_str() {
            "" => String::new(),
            inside => format!("<{tag} class=\"{class}\">{inside}</{tag}>"),
        };
        format!(
            "<div class=\"verdict\" data-mood=\"{}\"><svg class=\"verdict-sign\" viewBox=\"0 0 24 \
             24\" aria-hidden=\"true\"><path d=\"{}\"></path></svg><h2 class=\"verdict-title\">{title}\
             </h2><p class=\"verdict-text\">{}</p>{}{}</div>",
            mood.mood_word(),
            mood.verdict_icon_path(),
            escape_html(text),
            list("ul", "verdict-points", points),
            list("dl", "facts verdict-facts", facts),
        )
    }
}

/// The text without anything that could become HTML.
fn escape_html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
