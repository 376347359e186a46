//! A notice, and the list of a form's errors.

use leptos::prelude::*;
use phrases::Lang;

use super::tone::Tone;

/// Returns the path of a tone's sign.
fn tone_sign_path(tone: Tone) -> &'static str {
    match tone {
        Tone::Success => "M4 12.5l5.5 5.5L20 7",
        Tone::Warning | Tone::Sample => "M12 3.5 22 20.5H2zM12 10v4.5M12 17.4v.2",
        Tone::Danger => "M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM9 9l6 6M15 9l-6 6",
        Tone::Award => "M12 3l2.7 5.7 6.2.8-4.6 4.3 1.2 6.2-5.5-3-5.5 3 1.2-6.2L3.1 9.5l6.2-.8z",
        Tone::Plain | Tone::Info => {
            "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zM12 11v5.5M12 7.5v.2"
        }
    }
}

/// A notice. Its sign, its word and its colour say the same.
#[component]
pub fn Notice(
    /// Language of the tone's word.
    lang: Lang,
    /// How serious it is.
    tone: Tone,
    /// The point, in a few words.
    #[prop(optional, into)]
    title: String,
    /// The rest: what happened, what to do.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Danger { "alert" } else { "note" };
    view! {
        <div class="notice" data-tone=tone.data_tone() role=role>
            <svg class="notice-sign" viewBox="0 0 24 24" aria-hidden="true"><path d=tone_sign_path(tone)></path></svg>
            <div class="notice-body">
                <p class="visually-hidden">{tone.spoken_word(lang)}</p>
                {(!title.is_empty()).then(|| view! { <p class="notice-title">{title}</p> })}
                {children()}
            </div>
        </div>
    }
}

/// The errors of a form. Each line is a link to its field. Empty if there is no error.
///
/// It takes the focus when the page opens. So a screen reader begins at the list, and the next Tab
/// leads to the first faulty field.
#[component]
pub fn ErrorSummary(
    /// Language of the title.
    lang: Lang,
    /// The field's name and what is wrong with it.
    items: Vec<(String, String)>,
    /// Whether it is only an example and does not take the focus.
    #[prop(optional)]
    still: bool,
) -> impl IntoView {
    if items.is_empty() {
        return ().into_any();
    }
    let title = phrases::ui::errors_title(lang, items.len());
    let items = items
        .into_iter()
        .map(|(name, message)| view! { <li><a href=format!("#field-{name}")>{message}</a></li> })
        .collect_view();
    let takes_focus = !still;
    view! {
        <div class="error-summary" id="errors" role="alert" tabindex="-1" autofocus=takes_focus>
            <h2>{title}</h2>
            <ul class="error-list">{items}</ul>
        </div>
    }
    .into_any()
}
