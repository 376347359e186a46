//! Results as bars, with the same numbers in a table.

use leptos::prelude::*;
use phrases::Lang;

use super::tone::Medal;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// The length of the bar. All bars use the same unit.
    pub value: u64,
    /// The number as people read it.
    pub text: String,
    /// The award it won, if any.
    pub medal: Medal,
}

impl Bar {
    /// Makes a bar from its name, its length and its number as text.
    pub fn with_label(label: impl Into<String>, value: u64, text: impl Into<String>) -> Self {
        Self { label: label.into(), value, text: text.into(), medal: Medal::None }
    }

    /// Gives the bar the colour of a medal.
    #[must_use]
    pub fn with_medal(self, medal: Medal) -> Self {
        Self { medal, ..self }
    }
}

/// Returns the length of a bar in thousandths of the whole width. A value above zero gets at least 4,
/// so that it stays visible.
fn bar_width(value: u64, longest: u64) -> u64 {
    if value == 0 || longest == 0 {
        return 0;
    }
    let thousandths = u128::from(value) * 1000 / u128::from(longest);
    u64::try_from(thousandths).unwrap_or(1000).clamp(4, 1000)
}

/// A bar chart, and below it the same numbers as a table.
#[component]
pub fn Bars(
    /// Language of the shared words.
    lang: Lang,
    /// What the bars show.
    #[prop(into)]
    caption: String,
    /// The head of the table's first column.
    #[prop(into)]
    head_label: String,
    /// The head of the table's second column.
    #[prop(into)]
    head_value: String,
    /// The bars, longest first or in another meaningful order.
    rows: Vec<Bar>,
    /// The value of a bar over the whole width; the longest bar if there is no greatest value.
    #[prop(optional)]
    full: Option<u64>,
) -> impl IntoView {
    let longest = rows.iter().map(|row| row.value).max().unwrap_or_default();
    let longest = full.map_or(longest, |full| full.max(longest));
    let table = rows
        .iter()
        .map(|row| {
            let (label, text) = (row.label.clone(), row.text.clone());
            view! { <tr><th scope="row">{label}</th><td class="number">{text}</td></tr> }
        })
        .collect_view();
    let picture = rows
        .into_iter()
        .map(|row| {
            let width = bar_width(row.value, longest).to_string();
            view! {
                <div class="bars-row" data-medal=row.medal.data_medal()>
                    <span class="bars-label">{row.label}</span>
                    <svg viewBox="0 0 1000 28" preserveAspectRatio="none">
                        <rect class="bar-ground" width="1000" height="28"></rect>
                        <rect class="bar-value" width=width height="28"></rect>
                    </svg>
                    <span class="bars-value">{row.text}</span>
                </div>
            }
        })
        .collect_view();
    view! {
        <figure class="bars">
            <figcaption>{caption.clone()}</figcaption>
            <div class="bars-picture" aria-hidden="true">{picture}</div>
            <details>
                <summary>{phrases::ui::as_table(lang)}</summary>
                <table class="table" data-narrow="keep">
                    <caption class="visually-hidden">{caption}</caption>
                    <thead>
                        <tr><th scope="col">{head_label}</th><th scope="col" class="number">{head_value}</th></tr>
                    </thead>
                    <tbody>{table}</tbody>
                </table>
            </details>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::bar_width;

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_longest() {
        assert_eq!(bar_width(50, 100), 500);
        assert_eq!(bar_width(u64::MAX, u64::MAX), 1000);
        assert_eq!(bar_width(1, 1_000_000), 4, "one vote can be seen");
        assert_eq!(bar_width(0, 0), 0);
    }
}
