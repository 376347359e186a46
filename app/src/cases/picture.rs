//! The bytes of a picture.

use axum::extract::Path;
use axum::response::IntoResponse as _;
use http::header;

use crate::web::answer::Answer;
use crate::web::paths;
use crate::web::request::Cx;

/// A year: a changed picture has another address.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What not everybody may see stays in the asker's own browser, and not for long.
const FOR_A_WHILE: &str = "private, max-age=600";

/// GET /pictures/{picture}
pub(crate) async fn file(cx: Cx, Path(id): Path<String>) -> Answer {
    let picture = cx.backend().visible_picture(paths::key(&id)?, cx.visitor()).await?;
    let keep = if picture.public { FOR_EVER } else { FOR_A_WHILE };
    let headers = [
        (header::CONTENT_TYPE, picture.media_type.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, keep),
    ];
    Ok((headers, picture.bytes).into_response())
}
