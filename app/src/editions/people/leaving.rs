//! Accounts of people who leave: buttons that close one, open it again, and delete it.

use backend::accounts::Admin;
use domain::ids::AccountId;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::AppError;
use crate::ui::{Badge, Tone};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

/// Builds the buttons for an account. Only a closed one can be deleted, by a second press.
pub(super) fn leaving_form(lang: Lang, id: AccountId, name: &str, closed: bool) -> AnyView {
    let button = |act: &'static str, label: &'static str| {
        let named = format!("{label}: {name}");
        view! {
            <button class="button" data-weight="quiet" type="submit" name="act" value=act
                aria-label=named>{label}</button>
        }
    };
    let id = id.to_string();
    if !closed {
        return view! {
            <form method="post">
                <input type="hidden" name="account" value=id/>
                {button("close", words::account_close(lang))}
            </form>
        }
        .into_any();
    }
    let again = id.clone();
    view! {
        <div class="stack">
        <Badge tone=Tone::Plain label=words::account_closed(lang)/>
        <form method="post">
            <input type="hidden" name="account" value=id/>
            {button("reopen", words::account_reopen(lang))}
        </form>
        <details>
            <summary>{words::account_erase(lang)}</summary>
            <form method="post" class="stack">
                <input type="hidden" name="account" value=again/>
                <p class="muted small">{words::account_erase_sure(lang)}</p>
                {button("erase", words::account_erase(lang))}
            </form>
        </details>
        </div>
    }
    .into_any()
}

/// Closes, opens or deletes an account. Returns the word for the notice on the next page.
pub(super) async fn change_account(
    cx: &RequestContext,
    admin: &Admin,
    fields: &FormFields,
) -> Result<&'static str, AppError> {
    let account = fields.field_text("account").parse().map_err(|_| AppError::BadRequest)?;
    let account = AccountId(account);
    match fields.field_text("act") {
        "close" => {
            cx.backend().close_account(admin, account).await?;
            Ok("closed")
        }
        "reopen" => {
            cx.backend().reopen_account(admin, account).await?;
            Ok("reopened")
        }
        _ => {
            cx.backend().erase_account(admin, account).await?;
            Ok("erased")
        }
    }
}
