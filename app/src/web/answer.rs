//! Answers of handlers: a rendered page, a form once more, a redirect, an error page.

use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::{HeaderValue, header};
use leptos::prelude::*;

use crate::AppError;
use crate::ui::ErrorPage;
use crate::web::page::Page;
use crate::web::render::render_view;
use crate::web::request::Cx;
use crate::web::shell;
use crate::words::errors;

/// What a handler answers.
pub(crate) type Answer = Result<Response, AppError>;

impl Cx {
    /// Renders a page.
    #[must_use]
    pub fn page(&self, page: Page) -> Response {
        let status = page.status;
        let cx = self.clone();
        let html = render_view(move || shell::document(&cx, page));
        let mut response = (status, Html(format!("<!DOCTYPE html>{html}"))).into_response();
        let headers = response.headers_mut();
        // What a person sees depends on who they are, their language and their look.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
        response
    }

    /// The same page once more after a form that needs another look, with the status that says so.
    ///
    /// # Errors
    /// The error itself, where filling the form differently would not help.
    pub fn again(&self, page: Page, error: &AppError) -> Answer {
        if !error.is_about_the_form() {
            return Err(error.clone());
        }
        let mut response = self.page(page.status(error.status()));
        if let AppError::TooMany { retry_after } = error {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
        }
        Ok(response)
    }
}

/// The page for an error that no form can mend.
#[must_use]
pub(crate) fn error_page(cx: &Cx, error: &AppError) -> Response {
    let lang = cx.lang();
    let status = error.status();
    let title = errors::error_title(lang, error);
    let sentence = errors::error(lang, error);
    let incident = match error {
        AppError::Internal { incident } => incident.clone(),
        _ => String::new(),
    };
    let heading = title.clone();
    let page = Page::new(title, move || {
        view! {
            <ErrorPage lang code=status.as_u16().to_string() title=heading incident>
                <p>{sentence}</p>
            </ErrorPage>
        }
    });
    let mut response = cx.page(page.status(status));
    if *error == AppError::Busy {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(u16::from(come_again())));
    }
    response
}

/// Seconds to wait when there is too much to do: not the same for everybody, or all would come back
/// at once.
pub(crate) fn come_again() -> u8 {
    1 + uuid::Uuid::new_v4().as_bytes()[0] % 3
}

/// Moves the browser on after a form was taken (303, so that a reload posts nothing again).
#[must_use]
pub(crate) fn go(path: &str) -> Response {
    // Only our own paths: `//host` and `https:` would leave the site.
    // Browsers drop tabs and line ends, so those could hide a second slash.
    let hidden = path.contains(|sign: char| sign == '\\' || sign.is_control());
    let ours = path.starts_with('/') && !path.starts_with("//") && !hidden;
    Redirect::to(if ours { path } else { "/" }).into_response()
}
