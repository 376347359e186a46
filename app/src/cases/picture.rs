//! The bytes of a picture.

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use http::header;

use crate::web::answer::PageResult;
use crate::web::paths;
use crate::web::request::RequestContext;

/// One year, because a changed picture has another address.
const CACHE_PUBLIC_PICTURE: &str = "public, max-age=31536000, immutable";

/// A picture that is not public may be kept for 600 seconds, only by the reader's own browser.
const CACHE_PRIVATE_PICTURE: &str = "private, max-age=600";

/// GET /pictures/{picture}
pub(crate) async fn picture_file(cx: RequestContext, Path(id): Path<String>) -> PageResult {
    let picture = cx.backend().visible_picture(paths::parse_path_key(&id)?, cx.visitor()).await?;
    let keep = if picture.public { CACHE_PUBLIC_PICTURE } else { CACHE_PRIVATE_PICTURE };
    let headers = [
        (header::CONTENT_TYPE, picture.media_type.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, keep),
    ];
    Ok((headers, Bytes::from_owner(picture.bytes)).into_response())
}
