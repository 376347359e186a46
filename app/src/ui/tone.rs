//! What a part says beside its words: its tone, and the medal of a place.

use phrases::Lang;

/// How serious or how glad a notice, badge or card is. Never told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Something to know.
    #[default]
    Info,
    /// Something worked.
    Success,
    /// Something to take care of.
    Warning,
    /// Something went wrong, or cannot be taken back.
    Danger,
    /// An honour.
    Award,
    /// Invented for the demonstration.
    Sample,
}

impl Tone {
    /// The value of `data-tone` in the style sheet.
    pub fn name(self) -> &'static str {
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

    /// The word a screen reader hears before the text, where the eye sees a colour and a sign.
    pub fn word(self, lang: Lang) -> &'static str {
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

/// The medal that goes with an award's place in the list of tiers.
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
    /// The medal of the tier at this place of the rulebook's list, counted from 0.
    pub fn of_tier(index: usize) -> Self {
        match index {
            0 => Self::Grand,
            1 => Self::Gold,
            2 => Self::Silver,
            _ => Self::Bronze,
        }
    }

    /// The value of `data-medal` in the style sheet; none where there is no award.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Bronze => Some("bronze"),
            Self::Silver => Some("silver"),
            Self::Gold => Some("gold"),
            Self::Grand => Some("grand"),
        }
    }
}
