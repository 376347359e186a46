//! The signatures of observers on the result, and the form that an observer's link opens.

use backend::editions::Edition;
use backend::record::ObserverStatement;
use domain::record::observed::OBSERVER_KEY_BYTES;
use leptos::prelude::*;
use phrases::{Lang, record as say};
use serde::Deserialize;

use crate::AppError;
use crate::ui::{AreaField, ButtonWeight, Section, Submit, TableBox, TextField};
use crate::web::form_errors::field_error_sentence;
use crate::words::times;

/// The query of the record page: the secret of an observer's link, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ObserverQuery {
    #[serde(default)]
    pub(crate) observer: String,
    #[serde(default)]
    pub(crate) done: String,
}

/// The query of the page and the outcome of the observer's form.
#[derive(Debug, Default)]
pub(crate) struct ObserverAttempt {
    pub(crate) query: ObserverQuery,
    /// The error of the form.
    pub(crate) error: Option<AppError>,
    /// The key that was typed.
    pub(crate) key: String,
    /// The note that was typed.
    pub(crate) note: String,
}

/// Builds the table of the observers who have signed the result. `None` if nobody has signed.
pub(crate) fn observers_table(lang: Lang, observers: &[ObserverStatement]) -> Option<AnyView> {
    if observers.is_empty() {
        return None;
    }
    let rows = observers
        .iter()
        .map(|observer| {
            let key = observer.signed.observer_key();
            let (name, id) = (key.key_name().to_owned(), format!("{:08x}", key.key_id()));
            view! {
                <tr>
                    <th scope="row">{observer.name.clone()}</th>
                    <td data-label=say::observed_key(lang)><code>{name}</code></td>
                    <td data-label=say::observed_id(lang)><code>{id}</code></td>
                    <td data-label=say::observed_at(lang)>
                        {times::format_minute(lang, observer.signed_at)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let heads = [
        say::observed_name(lang),
        say::observed_key(lang),
        say::observed_id(lang),
        say::observed_at(lang),
    ]
    .map(|head| view! { <th scope="col">{head}</th> })
    .into_iter()
    .collect_view();
    Some(
        view! {
            <Section title=say::observed(lang) id="observed" lead=say::observed_lead(lang)>
                <TableBox caption=say::observed(lang)>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </TableBox>
            </Section>
        }
        .into_any(),
    )
}

/// Builds the form for a reader who came by an observer's link. `None` without such a link, or
/// while the result is not public. The form posts to the URL of its page, which contains the
/// secret.
pub(crate) fn observer_note_form(
    lang: Lang,
    edition: &Edition,
    came: &ObserverAttempt,
) -> Option<AnyView> {
    if came.query.observer.is_empty() || edition.results_public().is_err() {
        return None;
    }
    let error = came.error.as_ref();
    let command = format!("hanpyo-audit observe {} --seed observer.seed", edition.slug);
    let (key, note) = (came.key.clone(), came.note.clone());
    let (key_error, note_error) =
        (field_error_sentence(lang, error, "key"), field_error_sentence(lang, error, "note"));
    Some(
        view! {
            <Section title=say::sign(lang) id="sign" lead=say::sign_lead(lang)>
                <p>{say::sign_how(lang)}</p>
                <p><code>{command}</code></p>
                <form method="post" class="form">
                    <TextField lang name="key" label=say::sign_key(lang)
                        hint=say::sign_key_hint(lang) required=true autocomplete="off" value=key
                        max=OBSERVER_KEY_BYTES error=key_error/>
                    <AreaField lang name="note" label=say::sign_note(lang)
                        hint=say::sign_note_hint(lang) required=true value=note
                        error=note_error/>
                    <div class="actions">
                        <Submit label=say::sign_send(lang) weight=ButtonWeight::Secondary/>
                    </div>
                </form>
            </Section>
        }
        .into_any(),
    )
}
