//! Proving who you are by an entry of the organiser's roll: what the first page of the vote asks, and what it does.

use axum::response::Response;
use domain::schedule::VotingOpen;
use leptos::prelude::*;
use phrases::voting as words;

use super::pages::Booth;
use crate::AppError;
use crate::context::Cx;
use crate::fields::Fields;
use crate::ui::{Notice, Tone};

/// The question, empty or with what was typed.
pub(super) fn form(cx: &Cx, _: &Booth, _typed: &Fields, _: Option<&AppError>) -> AnyView {
    let lang = cx.lang();
    view! { <Notice lang tone=Tone::Info><p>{words::not_here_yet(lang)}</p></Notice> }.into_any()
}

/// What the form does. An error about the form brings the page back with what was typed.
pub(super) async fn submit(
    _: &Cx,
    _: &Booth,
    _: VotingOpen,
    _: &Fields,
) -> Result<Response, AppError> {
    Err(AppError::NotFound)
}
