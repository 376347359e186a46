//! The whole router: pages, server functions, files, and the layers around them.

use app::web::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum_client_ip::ClientIpSource;
use backend::Backend;
use http::StatusCode;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::map_request_body::MapRequestBodyLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::{RequestBodyDeadlineLayer, TimeoutLayer};
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

use crate::assets;
use crate::layers::{self, SecurityHeaders};

/// Builds the router with everything that answers requests, for the server and the tests.
pub fn build_router(backend: Backend, client_ip: ClientIpSource) -> Router {
    let assets = assets::load_assets();
    let over_tls = backend.settings().public_url.starts_with("https://");
    let headers = SecurityHeaders::from_assets(&assets, over_tls);
    let site = AppState::new(backend, assets, app::routes::build_route_map());
    let pages = app::router::page_router(&site);
    Router::new()
        .route("/healthz", get(check_health))
        .route("/assets/{*path}", get(assets::serve_hashed_file))
        .route("/favicon.svg", get(assets::serve_fixed_file))
        .route("/code.js", get(assets::serve_fixed_file))
        .route("/page.js", get(assets::serve_fixed_file))
        .route("/kiosk.js", get(assets::serve_fixed_file))
        .route("/otp.js", get(assets::serve_fixed_file))
        .route("/setup.js", get(assets::serve_fixed_file))
        .route("/files.js", get(assets::serve_fixed_file))
        .route("/screening.js", get(assets::serve_fixed_file))
        .route("/tus.js", get(assets::serve_fixed_file))
        .route("/robots.txt", get(assets::serve_fixed_file))
        .route("/site.webmanifest", get(assets::serve_fixed_file))
        .route("/verify-sw.js", get(assets::serve_fixed_file))
        .merge(pages)
        .with_state(site)
        .layer(
            // The first layer is the outermost. All are in one `ServiceBuilder`, because each
            // `layer` call of a router adds a box that every request is cloned into.
            ServiceBuilder::new()
                .map_request(layers::drop_strange_request_id)
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(request_span)
                        .on_request(())
                        .on_response(DefaultOnResponse::new().level(Level::INFO)),
                )
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(from_fn_with_state(headers, layers::add_security_headers))
                .layer(CatchPanicLayer::new())
                .layer(from_fn(layers::compress_response))
                .layer(CsrfLayer::new().with_rejection_response(layers::refuse_foreign_form))
                .layer(from_fn(layers::refuse_large_body))
                .layer(RequestBodyLimitLayer::new(layers::LARGEST_BODY))
                .layer(TimeoutLayer::with_status_code(
                    // It is unknown what the handler has done by then.
                    StatusCode::GATEWAY_TIMEOUT,
                    // The handler also reads the body, so the body's deadline is added.
                    layers::BODY_DEADLINE + layers::ANSWER_DEADLINE,
                ))
                .layer(RequestBodyDeadlineLayer::new(layers::BODY_DEADLINE))
                .layer(MapRequestBodyLayer::new(Body::new))
                .layer(DefaultBodyLimit::max(layers::LARGEST_FORM))
                .layer(from_fn_with_state(client_ip, layers::insert_client_network)),
        )
}

/// Makes the span of a request with method and route, without the query: links contain tokens, and
/// searches contain what people look for.
fn request_span(request: &Request) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or("");
    let route = request.extensions().get::<axum::extract::MatchedPath>();
    let route = route.map_or("", axum::extract::MatchedPath::as_str);
    tracing::info_span!("request", id, method = %request.method(), route)
}

async fn check_health(State(site): State<AppState>) -> Response {
    match site.backend.does_database_answer().await {
        true => (StatusCode::OK, "ok\n").into_response(),
        false => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}
