//! What observers have signed of the result: who, on the record's page; their words as a file; and
//! the form behind an observer's link that takes one in.

use axum::extract::{Path, Query};
use backend::editions::Edition;
use backend::record::Observer;
use domain::record::observed::{KEY_BYTES, write_observed};
use leptos::prelude::*;
use phrases::{Lang, record as say};

use super::files::{A_MOMENT, TEXT, file};
use super::page::{Asked, Came, page_with};
use crate::AppError;
use crate::context::{Cx, go};
use crate::fields::Fields;
use crate::page::{Answer, field_error};
use crate::turns::Turn;
use crate::ui::{AreaField, Section, Submit, TableBox, TextField, Weight};
use crate::when;

/// GET /record/{edition}/observed: each observer's key and note; not there while nobody has signed.
pub(crate) async fn words(cx: Cx, Path(slug): Path<String>) -> Answer {
    let edition = cx.backend().public_edition(&slug).await?;
    let observers = cx.backend().observed(&edition).await?;
    if observers.is_empty() {
        return Err(AppError::NotFound);
    }
    let text = write_observed(observers.iter().map(|observer| &observer.signed));
    Ok(file(TEXT, A_MOMENT, text))
}

/// POST /record/{edition}?observer=…: takes in what an observer has signed.
pub(crate) async fn sign(
    cx: Cx,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    fields: Fields,
) -> Answer {
    let _place = cx.site().turns.take(Turn::Read).await?;
    let edition = cx.backend().public_edition(&slug).await?;
    let (key, note) = (fields.text("key"), fields.text("note"));
    match cx.backend().observe(&edition, &asked.observer, key, note).await {
        Ok(()) => {
            cx.site().rendered.forget();
            // A link that works is of letters that an address may have.
            Ok(go(&format!("/record/{slug}?observer={}&done=observed", asked.observer)))
        }
        Err(error) => {
            let error = AppError::from(error);
            let (key, note) = (key.to_owned(), note.to_owned());
            let asked = Asked { done: String::new(), ..asked };
            let came = Came { error: Some(error.clone()), key, note, asked };
            cx.again(page_with(&cx, edition, came).await?, &error)
        }
    }
}

/// Who has signed the result; nothing where nobody has.
pub(super) fn list(lang: Lang, observers: &[Observer]) -> Option<AnyView> {
    if observers.is_empty() {
        return None;
    }
    let rows = observers
        .iter()
        .map(|observer| {
            let key = observer.signed.key();
            let (name, id) = (key.name().to_owned(), format!("{:08x}", key.id()));
            view! {
                <tr>
                    <th scope="row">{observer.name.clone()}</th>
                    <td data-label=say::observed_key(lang)><code>{name}</code></td>
                    <td data-label=say::observed_id(lang)><code>{id}</code></td>
                    <td data-label=say::observed_at(lang)>
                        {when::minute(lang, observer.signed_at)}
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

/// The form for whoever came by an observer's link, once there is a result to sign. It posts to the
/// address of its page, which carries the link.
pub(super) fn form(lang: Lang, edition: &Edition, came: &Came) -> Option<AnyView> {
    if came.asked.observer.is_empty() || edition.results_public().is_err() {
        return None;
    }
    let error = came.error.as_ref();
    let command = format!("hanpyo-audit observe {} --seed observer.seed", edition.slug);
    let (key, note) = (came.key.clone(), came.note.clone());
    let (key_error, note_error) =
        (field_error(lang, error, "key"), field_error(lang, error, "note"));
    Some(
        view! {
            <Section title=say::sign(lang) id="sign" lead=say::sign_lead(lang)>
                <p>{say::sign_how(lang)}</p>
                <p><code>{command}</code></p>
                <form method="post" class="form">
                    <TextField lang name="key" label=say::sign_key(lang)
                        hint=say::sign_key_hint(lang) required=true autocomplete="off" value=key
                        max=KEY_BYTES error=key_error/>
                    <AreaField lang name="note" label=say::sign_note(lang)
                        hint=say::sign_note_hint(lang) required=true value=note
                        error=note_error/>
                    <div class="actions">
                        <Submit label=say::sign_send(lang) weight=Weight::Secondary/>
                    </div>
                </form>
            </Section>
        }
        .into_any(),
    )
}
