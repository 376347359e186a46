//! Two attributes of parts: the tone of a message, and the medal of an award.

use phrases::Lang;

/// How serious a notice, badge or card is. Colour is never the only sign of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Something to know.
    #[default]
    Info,
    /// Something worked.
    Success,
    /// Something that needs care.
    Warning,
    /// Something went wrong, or cannot be undone.
    Danger,
    /// An honour.
    Award,
    /// Invented for the demonstration.
    Sample,
}

impl Tone {
    /// Returns the value of `data-tone` in the style sheet.
    pub fn data_tone(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
            Self::Award => "award",
            Self::Sample => "sample",
        }
    }

    /// Returns the word that a screen reader says before the text. It replaces the colour and the
    /// sign.
    pub fn spoken_word(self, lang: Lang) -> &'static str {
        match self {
            Self::Plain | Self::Info => phrases::ui::tone_info(lang),
            Self::Success => phrases::ui::tone_success(lang),
            Self::Warning => phrases::ui::tone_warning(lang),
            Self::Danger => phrases::ui::tone_danger(lang),
            Self::Award => phrases::ui::tone_award(lang),
            Self::Sample => phrases::ui::sample(lang),
        }
    }
}

/// The medal of an award, by its index in the list of tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Medal {
    /// No award.
    #[default]
    None,
    /// The fourth tier and below.
    Bronze,
    /// The third tier.
    Silver,
    /// The second tier.
    Gold,
    /// The first tier.
    Grand,
}

impl Medal {
    /// Returns the medal of the tier with this index in the rulebook's list, counted from 0.
    pub fn of_tier(index: usize) -> Self {
        match index {
            0 => Self::Grand,
            1 => Self::Gold,
            2 => Self::Silver,
            _ => Self::Bronze,
        }
    }

    /// Returns the value of `data-medal` in the style sheet, or `None` without an award.
    pub fn data_medal(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Bronze => Some("bronze"),
            Self::Silver => Some("silver"),
            Self::Gold => Some("gold"),
            Self::Grand => Some("grand"),
        }
    }
}
