//! Answers of handlers: a rendered page, a form shown again, a redirect, an error page.

use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;

use crate::AppError;
use crate::ui::ErrorPage;
use crate::web::given_answers::{ShowsSecret, add_form_key};
use crate::web::page::Page;
use crate::web::paths::KIOSK_START;
use crate::web::posted_form::KeptTexts;
use crate::web::render::render_view;
use crate::web::request::RequestContext;
use crate::web::route::Caching;
use crate::web::shared_machine;
use crate::web::shell;
use crate::words::errors;

/// The result of a handler: a response, or the error that becomes an error page.
pub(crate) type PageResult = Result<Response, AppError>;

impl RequestContext {
    /// Renders the page that answers a form with a secret, such as a link that is shown once. When it is loaded
    /// again later, the browser is led to this path instead of making another secret.
    #[must_use]
    pub(crate) fn render_secret(&self, page: Page, path: String) -> Response {
        let mut response = self.render_page(page);
        response.extensions_mut().insert(ShowsSecret(path));
        response
    }

    /// Renders a page.
    #[must_use]
    pub fn render_page(&self, page: Page) -> Response {
        let status = page.status;
        let cx = self.clone();
        let mut html = render_view(move || shell::render_document(&cx, page));
        // A page that many readers share has no key of one of them.
        if self.route_rules().caching != Caching::PageCache {
            html = add_form_key(&html);
        }
        let mut response = (status, Html(format!("<!DOCTYPE html>{html}"))).into_response();
        let headers = response.headers_mut();
        // A page depends on the visitor, the language and the look.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
        response
    }

    /// Shows the form's page again after an error, with the status of the error.
    ///
    /// # Errors
    /// Returns the error itself if the reader cannot correct it in the form.
    pub fn show_again(&self, page: Page, error: &AppError) -> PageResult {
        if !error.is_correctable() {
            return Err(error.clone());
        }
        let mut response = self.render_page(page.with_status(error.http_status()));
        if let AppError::TooMany { retry_after } = error {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
        }
        Ok(response)
    }
}

/// Marks a plain text of ours, which no layer turns into a page.
#[derive(Clone, Copy)]
pub(crate) struct PlainText;

/// Answers with a sentence as plain text: for programs that would save a page under the name of a file.
#[must_use]
pub(crate) fn plain_text_answer(status: StatusCode, sentence: &str) -> Response {
    let mut response = (status, format!("{sentence}\n")).into_response();
    response.extensions_mut().insert(PlainText);
    response
}

/// Renders the page of an error that the reader cannot correct in a form, with what was typed there.
#[must_use]
pub(crate) fn render_error_page(
    cx: &RequestContext,
    error: &AppError,
    typed: Option<KeptTexts>,
) -> Response {
    let lang = cx.lang();
    let status = error.http_status();
    let title = errors::error_title(lang, error);
    let sentence = errors::error_sentence(lang, error);
    let incident = match error {
        AppError::Internal { incident } => incident.clone(),
        _ => String::new(),
    };
    let heading = title.clone();
    let home = if cx.is_kiosk() { KIOSK_START } else { "/" };
    // An address of an edition alone that is not found is no edition, and has no contact.
    let edition = edition_in_path(cx.path());
    let unknown = *error == AppError::NotFound
        && edition.is_some_and(|slug| cx.path().trim_end_matches('/').ends_with(slug));
    let known = edition.filter(|_| !unknown);
    let about = known.filter(|_| *error == AppError::NotFound);
    let about = about.map(|slug| format!("/editions/{slug}"));
    let about = about.filter(|href| shared_machine::can_open(cx, href)).map(|href| {
        view! { <p><a href=href>{phrases::shell::to_edition(lang)}</a></p> }
    });
    let contact = known.map(|slug| format!("/editions/{slug}/contact"));
    let contact = contact.filter(|href| shared_machine::can_open(cx, href)).map(|href| {
        view! { <p><a href=href>{phrases::office::ask(lang)}</a></p> }
    });
    let typed = typed.and_then(|typed| typed.render(cx, error));
    let page = Page::titled(title, move || {
        view! {
            <ErrorPage lang code=status.as_u16().to_string() title=heading home incident>
                <p>{sentence}</p>
                {about}
                {contact}
            </ErrorPage>
            {typed}
        }
    });
    let mut response = cx.render_page(page.with_status(status));
    if *error == AppError::Busy {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(u16::from(retry_after_seconds())));
    }
    response
}

/// Returns the path without what stuck to a shared link behind its last step: a Korean particle, a bracket, a
/// full stop. `None` if nothing did. No path of ours ends in such a sign.
pub(crate) fn path_without_tail(path: &str) -> Option<String> {
    let (before, last) = path.rsplit_once('/')?;
    let ours = |sign: char| sign.is_ascii_alphanumeric() || "-._~".contains(sign);
    let kept = last.split(|sign| !ours(sign)).next().unwrap_or_default().trim_end_matches('.');
    (!kept.is_empty() && kept != last).then(|| format!("{before}/{kept}"))
}

/// Returns the short name of the edition that a public path is about.
fn edition_in_path(path: &str) -> Option<&str> {
    let mut steps = path.strip_prefix('/')?.split('/');
    let about = matches!(steps.next()?, "editions" | "record");
    steps.next().filter(|slug| about && !slug.is_empty())
}

/// Returns a random wait of 1 to 3 seconds for an overloaded server. It is random because otherwise
/// all browsers would return at the same time.
pub(crate) fn retry_after_seconds() -> u8 {
    1 + uuid::Uuid::new_v4().as_bytes()[0] % 3
}

/// Redirects the browser to a path of this site with 303, so that a reload does not post the form
/// again. Any other target becomes `/`.
#[must_use]
pub(crate) fn redirect_to(path: &str) -> Response {
    // `//host` and `https:` would leave the site.
    // Browsers remove tabs and line ends, so these could hide a second slash.
    let hidden = path.contains(|sign: char| sign == '\\' || sign.is_control());
    let ours = path.starts_with('/') && !path.starts_with("//") && !hidden;
    Redirect::to(if ours { path } else { "/" }).into_response()
}

#[cfg(test)]
mod tests {
    use super::path_without_tail;

    #[test]
    fn what_stuck_to_a_shared_link_is_cut_off() {
        for (path, kept) in [
            ("/editions/daejeon-2024%EC%97%90%EC%84%9C", "/editions/daejeon-2024"),
            ("/editions/daejeon-2024/cases)", "/editions/daejeon-2024/cases"),
            ("/editions/daejeon-2024/cases).", "/editions/daejeon-2024/cases"),
            ("/editions/daejeon-2024/results.", "/editions/daejeon-2024/results"),
            ("/editions/daejeon-2024/result.json,", "/editions/daejeon-2024/result.json"),
        ] {
            assert_eq!(path_without_tail(path).as_deref(), Some(kept), "{path}");
        }
        for path in
            ["/", "/editions/daejeon-2024", "/editions/%EC%97%90", "/editions/", "/a/result.json"]
        {
            assert_eq!(path_without_tail(path), None, "{path}");
        }
    }
}
