//! The ends of an edition on its dashboard: closing it for good, taking a rehearsal off the site, and
//! removing it.

use backend::editions::{Edition, can_be_removed};
use domain::schedule::Phase;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::ui::{ButtonWeight, Submit, TextField};

/// Builds the form that archives an edition. It is folded because archiving cannot be undone.
pub(crate) fn archive_form(lang: Lang, edition: &Edition) -> Option<AnyView> {
    (edition.current_phase() == Phase::Announced).then(|| {
        view! {
            <details class="stack">
                <summary>{words::archive_title(lang)}</summary>
                <form method="post" class="form">
                    <p>{words::archive_text(lang)}</p>
                    <div class="actions">
                        <Submit label=words::archive(lang) weight=ButtonWeight::Danger name="act"
                            value="archive"/>
                    </div>
                </form>
            </details>
        }
        .into_any()
    })
}

/// Builds the forms that take a rehearsal off the public pages and remove an edition. They are folded,
/// because a removal cannot be undone.
pub(crate) fn removal_forms(lang: Lang, edition: &Edition) -> Option<AnyView> {
    if !can_be_removed(edition) {
        return None;
    }
    let shown = edition.rehearsal && edition.schedule.published;
    let unpublish = shown.then(|| {
        view! {
            <form method="post" class="form">
                <p>{words::unpublish_text(lang)}</p>
                <div class="actions">
                    <Submit label=words::unpublish(lang) weight=ButtonWeight::Secondary name="act"
                        value="unpublish"/>
                </div>
            </form>
        }
    });
    let hint = words::remove_hint(lang, &edition.slug);
    let view = view! {
        <details class="stack" id="remove">
            <summary>{words::remove_title(lang)}</summary>
            {unpublish}
            <form method="post" class="form">
                <p>{words::remove_text(lang)}</p>
                <TextField lang name="confirm" label=words::remove_confirm(lang) hint
                    autocomplete="off" required=true/>
                <div class="actions">
                    <Submit label=words::remove(lang) weight=ButtonWeight::Danger name="act"
                        value="remove"/>
                </div>
            </form>
        </details>
    };
    Some(view.into_any())
}
