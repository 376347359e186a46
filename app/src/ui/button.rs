//! Buttons, and links that look like buttons.

use leptos::prelude::*;

/// How much attention a button asks for. A page has one primary button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ButtonWeight {
    /// The main act of the page.
    #[default]
    Primary,
    /// Another useful act.
    Secondary,
    /// A minor act, shown as text.
    Quiet,
    /// An act that cannot be undone.
    Danger,
}

impl ButtonWeight {
    /// Returns the value of `data-weight` in the style sheet.
    pub fn data_weight(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// The button that sends a form. Name and value say which of several buttons was pressed.
#[component]
pub fn Submit(
    /// What it does, as a verb.
    #[prop(into)]
    label: String,
    /// How much attention it asks for.
    #[prop(default = ButtonWeight::Primary)]
    weight: ButtonWeight,
    /// The form field it sends.
    #[prop(optional, into)]
    name: String,
    /// The value it sends.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let value = super::non_empty_text(value);
    view! {
        <button class="button" type="submit" data-weight=weight.data_weight() name=super::non_empty_text(name) value=value>
            {label}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub fn ButtonLink(
    /// Where it leads, in words.
    #[prop(into)]
    label: String,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much attention it asks for.
    #[prop(default = ButtonWeight::Primary)]
    weight: ButtonWeight,
) -> impl IntoView {
    view! { <a class="button" href=href data-weight=weight.data_weight()>{label}</a> }
}
