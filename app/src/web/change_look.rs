//! POST `/look`: stores theme and text size in a cookie.

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use crate::AppError;
use crate::web::answer::redirect_to;
use crate::web::cookies::{LOOK_COOKIE, YEAR_SECONDS, set_cookie};
use crate::web::request::RequestContext;

use crate::web::look::Look;

/// The query of the look's buttons. A missing part does not change.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LookChange {
    theme: Option<String>,
    size: Option<u8>,
    #[serde(default)]
    back: String,
}

/// Stores theme and text size in a cookie and returns to the page that asked (POST `/look`).
///
/// # Errors
/// Never fails.
pub(crate) async fn change_look(
    cx: RequestContext,
    Query(change): Query<LookChange>,
) -> Result<Response, AppError> {
    let theme = change.theme.as_deref().unwrap_or(cx.look().theme);
    let size = change.size.unwrap_or(cx.look().size);
    let look = Look::from_cookie(&format!("{theme}.{size}"));
    let mut response = redirect_to(&change.back);
    set_cookie(&mut response, LOOK_COOKIE, &look.to_cookie(), YEAR_SECONDS);
    Ok(response)
}
