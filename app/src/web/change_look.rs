//! POST `/look`: stores theme and text size in a cookie.

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use crate::AppError;
use crate::web::answer::go;
use crate::web::cookies::{LOOK_COOKIE, YEAR_SECONDS, set_cookie};
use crate::web::request::Cx;

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
    cx: Cx,
    Query(change): Query<LookChange>,
) -> Result<Response, AppError> {
    let theme = change.theme.as_deref().unwrap_or(cx.look().theme);
    let size = change.size.unwrap_or(cx.look().size);
    let look = Look::parse(&format!("{theme}.{size}"));
    let mut response = go(&change.back);
    set_cookie(&mut response, LOOK_COOKIE, &look.as_cookie(), YEAR_SECONDS);
    Ok(response)
}
