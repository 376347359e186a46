//! Builds the router of all pages: the guard of each row, the queues, the page cache, and the layer
//! that adds the context.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use backend::accounts::Role;
use http::{HeaderValue, StatusCode, header};

use crate::routes::{Access, Caching, Route, RouteRules, SERVER_FUNCTIONS, table};
use crate::web::answer;
use crate::web::request::Cx;
use crate::web::state::Site;
use crate::{AppError, layer};

/// Largest answer to an island, in bytes. It is a version and a time, or an error with both
/// versions of a sheet.
const LARGEST_ANSWER: usize = 256 * 1024;

/// Builds the router of all pages, with the guard of each row and the context layer.
pub fn pages(site: &Site) -> Router<Site> {
    let mut router = Router::new();
    for Route { path, methods, rules } in table() {
        let guard =
            from_fn(move |cx: Cx, request: Request, next: Next| guard(rules, cx, request, next));
        let methods = methods.route_layer(guard);
        router = router.route(
            path,
            match rules.body_limit {
                Some(bytes) => methods.layer(DefaultBodyLimit::max(bytes)),
                None => methods,
            },
        );
    }
    router
        .route(SERVER_FUNCTIONS, post(server_function))
        .method_not_allowed_fallback(|| async { AppError::Method })
        .fallback(|| async { AppError::NotFound })
        .layer(from_fn_with_state(site.clone(), layer::layer))
}

/// Answers a server function that an island calls.
async fn server_function(cx: Cx, request: Request) -> Response {
    let answer = leptos_axum::handle_server_fns_with_context(
        move || leptos::context::provide_context(cx.clone()),
        request,
    );
    let (mut parts, body) = answer.await.into_response().into_parts();
    // Leptos 0.8 answers every error with 500. Set the status that belongs to the error in the
    // body.
    let bytes = to_bytes(body, LARGEST_ANSWER).await.unwrap_or_default();
    if parts.status == StatusCode::INTERNAL_SERVER_ERROR
        && let Ok(error) = serde_json::from_slice::<AppError>(&bytes)
    {
        parts.status = error.status();
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Runs the handler if the row's access rule admits the visitor; else answers with an error.
async fn guard(rules: RouteRules, cx: Cx, request: Request, next: Next) -> Response {
    let mut response = match admit(rules.access, &cx) {
        Ok(()) if rules.access == Access::Public => public(rules, &cx, request, next).await,
        Ok(()) => {
            let changes = !request.method().is_safe();
            let response = next.run(request).await;
            if changes {
                cx.site().rendered.forget();
            }
            response
        }
        // A page redirects to the sign-in, which leads back. A form posted after the session ended
        // gets an error page.
        Err(AppError::SignIn) if request.method().is_safe() => {
            answer::go(&format!("/sign-in?next={}", request.uri().path()))
        }
        Err(error) => error.into_response(),
    };
    if let Caching::Public(value) = rules.caching
        && (response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED)
    {
        let headers = response.headers_mut();
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Answers a public URL: after a wait in the row's queue, or from the page cache.
async fn public(rules: RouteRules, cx: &Cx, request: Request, next: Next) -> Response {
    let site = cx.site();
    let queue = rules.queue.filter(|_| request.method().is_safe());
    let make = async |request| {
        let _place = match queue {
            Some(queue) => Some(site.turns.take(queue).await?),
            None => None,
        };
        Ok(next.run(request).await)
    };
    let answer = match rules.caching {
        Caching::PageCache => site.rendered.answer(request, make).await,
        _ => make(request).await,
    };
    answer.unwrap_or_else(|error: AppError| error.into_response())
}

fn admit(access: Access, cx: &Cx) -> Result<(), AppError> {
    let role = |wanted: Role| match cx.signed_in()?.role() {
        role if role == wanted => Ok(()),
        _ => Err(AppError::Forbidden),
    };
    match access {
        Access::Public => Ok(()),
        Access::SignedIn => cx.signed_in().map(drop),
        Access::Member => role(Role::Member),
        Access::Judge => role(Role::Judge),
        Access::Administrator => role(Role::Administrator),
        Access::Demonstration if cx.demonstration() => Ok(()),
        Access::Demonstration => Err(AppError::NotFound),
    }
}
