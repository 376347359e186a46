//! A question that interrupts, and a short message that something worked.

use leptos::prelude::*;
use phrases::Lang;

use super::tone::Tone;

/// A question before an act that cannot be undone.
///
/// A button with `popovertarget="{id}"` opens it, so it needs no JavaScript. The child is the form
/// that carries out the act. The dialog adds the button that closes it.
#[component]
pub fn Dialog(
    /// Language of the close button.
    lang: Lang,
    /// The id that `popovertarget` names.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    title: String,
    /// What will happen, and the form that does it.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let (dialog, labelled_by) = (id.clone(), heading.clone());
    view! {
        <dialog class="dialog" id=dialog popover="auto" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            <div class="dialog-body">{children()}</div>
            <div class="dialog-foot">
                <button class="button" type="button" data-weight="quiet" popovertarget=id
                    popovertargetaction="hide">{phrases::ui::close(lang)}</button>
            </div>
        </dialog>
    }
}

/// A short message after something worked. `here` keeps it in the flow of the page.
#[component]
pub fn Toast(
    /// Language of the close button.
    lang: Lang,
    /// Whether it is good news.
    tone: Tone,
    /// Whether it is in the flow of the page and not above it.
    #[prop(optional)]
    here: bool,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let place = here.then_some("here");
    view! {
        <dialog class="toast" open=true data-tone=tone.data_tone() data-place=place aria-label=tone.spoken_word(lang)>
            <p role="status">{children()}</p>
            <form method="dialog">
                <button class="toast-close" type="submit">{phrases::ui::close(lang)}</button>
            </form>
        </dialog>
    }
}
