//! Builds the router of all pages: the guard of each row, the queues, the page cache, and the layer
//! that adds the context.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use backend::accounts::Role;
use http::{HeaderValue, StatusCode, Uri, header};

use crate::routes::{Access, Caching, Route, RouteRules, SERVER_FUNCTIONS, route_table};
use crate::web::answer::{self, PageResult, redirect_to};
use crate::web::cookies::DEVICE_COOKIE;
use crate::web::fields::{peek_form_field, with_whole_body};
use crate::web::limits::Queue;
use crate::web::posted_form::PostedForm;
use crate::web::request::RequestContext;
use crate::web::state::AppState;
use crate::{AppError, layer};

/// Largest answer to an island, in bytes. It is a version and a time, or an error with both
/// versions of a sheet.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// Builds the router of all pages, with the guard of each row and the context layer.
pub fn page_router(site: &AppState) -> Router<AppState> {
    let mut router = Router::new();
    for Route { path, methods, rules } in route_table() {
        let guard = from_fn(move |cx: RequestContext, request: Request, next: Next| {
            guard_route(rules, cx, request, next)
        });
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
        .route(SERVER_FUNCTIONS, post(answer_server_function))
        .method_not_allowed_fallback(|| async { AppError::Method })
        .fallback(find_without_slash)
        .layer(from_fn_with_state(site.clone(), layer::add_context))
}

/// Leads an address with a slash too much to the page without it. Everything else is not found.
async fn find_without_slash(uri: Uri) -> Result<Response, AppError> {
    let path = uri.path().trim_end_matches('/');
    if path.is_empty() || path.len() == uri.path().len() || path.starts_with("//") {
        return Err(AppError::NotFound);
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(redirect_to(&format!("{path}{query}")))
}

/// Answers a server function that an island calls, after a wait in the queue of saves.
async fn answer_server_function(cx: RequestContext, request: Request) -> PageResult {
    let request = with_whole_body(request).await?;
    let queue = cx.route_rules().form_queue;
    let _place = match queue {
        Some(queue) => Some(cx.app_state().limits.wait_for_place(queue).await?),
        None => None,
    };
    let answer = leptos_axum::handle_server_fns_with_context(
        move || leptos::context::provide_context(cx.clone()),
        request,
    );
    let (mut parts, body) = answer.await.into_response().into_parts();
    // Leptos 0.8 answers every error with 500. Set the status that belongs to the error in the
    // body.
    let bytes = to_bytes(body, MAX_ANSWER_BYTES).await.unwrap_or_default();
    if parts.status == StatusCode::INTERNAL_SERVER_ERROR
        && let Ok(error) = serde_json::from_slice::<AppError>(&bytes)
    {
        parts.status = error.http_status();
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// Runs the handler if the row's access rule admits the visitor; else answers with an error.
async fn guard_route(
    rules: RouteRules,
    cx: RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let reads = request.method().is_safe();
    let mut response = match check_access(rules.access, &cx) {
        Ok(()) if reads => run_handler(rules, cx, request, next).await,
        Ok(()) => answer_form(rules, cx, request, next).await,
        // A page redirects to the sign-in, which leads back. A form posted after the session ended
        // gets an error page with what was typed.
        Err(AppError::SignIn) if reads => {
            answer::redirect_to(&format!("/sign-in?next={}", request.uri().path()))
        }
        Err(error) if reads => error.into_response(),
        Err(error) => refuse_form(&cx, request, error).await,
    };
    if let Caching::Public(value) = rules.caching
        && (response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED)
    {
        let headers = response.headers_mut();
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Answers a form: with the answer that the same form got a moment ago, or by its handler. An error
/// keeps what was typed.
async fn answer_form(
    rules: RouteRules,
    cx: RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let (request, form) = match PostedForm::receive(request, rules.access).await {
        Ok(received) => received,
        Err(error) => return error.into_response(),
    };
    let Some(form) = form else { return run_handler(rules, cx, request, next).await };
    let same = if rules.keeps_answers { form.identity().await } else { None };
    let mut response = match same {
        Some(same) => {
            let answers = cx.app_state().given_answers.clone();
            answers.answer_once(same, run_handler(rules, cx, request, next)).await
        }
        None => run_handler(rules, cx, request, next).await,
    };
    form.add_texts(&mut response).await;
    response
}

/// Answers a form of somebody whom the row does not admit: with the answer that the same form got
/// before it ended its own session, or with the error and what was typed.
async fn refuse_form(cx: &RequestContext, request: Request, error: AppError) -> Response {
    let Some(form) = PostedForm::receive_refused(request).await else {
        return error.into_response();
    };
    if let Some(same) = form.identity().await
        && let Some(answer) = cx.app_state().given_answers.find_answer(same).await
    {
        return answer;
    }
    let mut response = error.into_response();
    form.add_texts(&mut response).await;
    response
}

/// Runs the handler of a row that admits the visitor.
async fn run_handler(
    rules: RouteRules,
    cx: RequestContext,
    request: Request,
    next: Next,
) -> Response {
    if matches!(rules.access, Access::Public | Access::Demonstration) {
        return answer_public_url(rules, &cx, request, next).await;
    }
    let changes = !request.method().is_safe();
    let response = next.run(request).await;
    if changes && (response.status().is_success() || response.status().is_redirection()) {
        cx.app_state().page_cache.clear_pages();
    }
    response
}

/// Answers a public URL: after a wait in the row's queue, or from the page cache.
async fn answer_public_url(
    rules: RouteRules,
    cx: &RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let make = |request| run_in_queue(rules, cx, request, next);
    let answer = match rules.caching {
        Caching::PageCache => {
            cx.app_state().page_cache.answer_with_cache(cx.lang(), request, make).await
        }
        _ => make(request).await,
    };
    answer.unwrap_or_else(|error: AppError| error.into_response())
}

/// Runs the handler in the row's queue. The handler may free the place earlier.
async fn run_in_queue(
    rules: RouteRules,
    cx: &RequestContext,
    request: Request,
    next: Next,
) -> PageResult {
    let reads = request.method().is_safe();
    let queue = if reads { rules.queue } else { rules.form_queue };
    let Some(mut queue) = queue else { return Ok(next.run(request).await) };
    // The body comes first, because a slow connection must not hold a place.
    let mut request = if reads { request } else { with_whole_body(request).await? };
    if let (Queue::Account, Some(device)) = (queue, cx.cookie_value(DEVICE_COOKIE)) {
        let (same, typed) = peek_form_field(request, "email").await?;
        request = same;
        // Only for the account whose browser it is: another's would take the places of all.
        if cx.backend().is_known_device(&typed, device) {
            queue = Queue::Known;
        }
    }
    cx.hold_place(queue).await?;
    let response = next.run(request).await;
    cx.release_place();
    Ok(response)
}

fn check_access(access: Access, cx: &RequestContext) -> Result<(), AppError> {
    let role = |wanted: Role| match cx.require_sign_in()?.role() {
        role if role == wanted => Ok(()),
        _ => Err(AppError::Forbidden),
    };
    match access {
        Access::Public => Ok(()),
        Access::SignedIn => cx.require_sign_in().map(drop),
        Access::Member => role(Role::Member),
        Access::Judge => role(Role::Judge),
        Access::Administrator => role(Role::Administrator),
        Access::Demonstration if cx.is_demonstration() => Ok(()),
        Access::Demonstration => Err(AppError::NotFound),
    }
}
