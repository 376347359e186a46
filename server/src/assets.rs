//! The built site inside the binary: files with hashed names, compressed in advance with Brotli and
//! gzip.

use std::collections::HashMap;

use app::web::assets::Assets;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use rust_embed::RustEmbed;

/// The files that `./dev` has built; see `tools/`.
#[derive(RustEmbed)]
#[folder = "../target/site"]
struct SiteFiles;

/// Returns the plain file names with their hashed names, and the fonts for printed sheets.
pub(crate) fn load_assets() -> Assets {
    let names: HashMap<String, String> = SiteFiles::get("manifest.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default();
    let font = |weight: &str| Some(SiteFiles::get(&format!("press/pretendard-{weight}.otf"))?.data);
    let fonts = font("regular").zip(font("bold"));
    let fonts = fonts.map(|(regular, bold)| app::web::assets::SheetFonts { regular, bold });
    Assets::from_manifest(names).with_fonts(fonts)
}

/// GET /assets/{path}: serves a file whose name contains the hash of its content, so it never
/// changes.
pub(crate) async fn serve_hashed_file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    file_response(&path, &headers, "public, max-age=31536000, immutable")
}

/// Serves a file at the root whose name is fixed by convention, e.g. robots.txt.
pub(crate) async fn serve_fixed_file(uri: Uri, headers: HeaderMap) -> Response {
    file_response(uri.path().trim_start_matches('/'), &headers, "public, max-age=3600")
}

fn file_response(path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    // Compressed files are only served under the plain name. The fonts for printed sheets cannot be
    // downloaded.
    if path.starts_with("press/")
        || path.ends_with(".br")
        || path.ends_with(".gz")
        || path == "manifest.json"
    {
        return StatusCode::NOT_FOUND.into_response();
    }
    let accepts = |coding: &str| {
        let offered = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        offered.is_some_and(|list| {
            list.split(',')
                .any(|item| item.split(';').next().is_some_and(|name| name.trim() == coding))
        })
    };
    let twin = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(coding))
        .find_map(|(coding, ending)| Some((coding, SiteFiles::get(&format!("{path}.{ending}"))?)));
    let (coding, file) = match twin {
        Some((coding, file)) => (Some(coding), Some(file)),
        None => (None, SiteFiles::get(path)),
    };
    let Some(file) = file else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = file.data.into_owned().into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest" | "json") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
