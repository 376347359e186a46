//! The season files that come with the program: to start from, and to download.

use axum::response::{IntoResponse as _, Response};
use http::header;

use crate::web::answer::PageResult;
use crate::web::request::RequestContext;

/// The season of 2024, as an example.
pub(crate) const EXAMPLE_SEASON: &str = include_str!("../../../data/daejeon-2024.json");

/// A template of a season, to fill in.
pub(crate) const TEMPLATE_SEASON: &str = include_str!("../../../data/template.json");

/// GET /admin/editions/example.json
pub(crate) async fn example_season_file(cx: RequestContext) -> PageResult {
    cx.require_admin()?;
    Ok(json_download("daejeon-2024.json", EXAMPLE_SEASON))
}

/// GET /admin/editions/template.json
pub(crate) async fn template_season_file(cx: RequestContext) -> PageResult {
    cx.require_admin()?;
    Ok(json_download("season.json", TEMPLATE_SEASON))
}

fn json_download(name: &str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}
