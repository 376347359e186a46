//! Every URL of Hanpyo in one table: its path, who may open it, and what answers.
//!
//! Whoever is not named in the second column is turned away before the handler runs; the use case
//! behind it asks for the proof once more. A test walks this table with every role.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use backend::accounts::Role;
use http::StatusCode;

use crate::AppError;
use crate::accounts;
use crate::awards;
use crate::cases;
use crate::context::{self, Cx, Site};
use crate::editions::{self, admin};
use crate::judging;
use crate::voting;

/// Who may open a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Members of organisations.
    Member,
    /// Judges.
    Judge,
    /// Administrators.
    Administrator,
    /// Anybody, but only in a demonstration; elsewhere it does not exist.
    Demonstration,
}

/// A row of the table.
pub struct Route {
    /// The path, in axum's form.
    pub path: &'static str,
    /// Who may open it.
    pub access: Access,
    /// What answers, by method.
    pub methods: MethodRouter<Site>,
}

fn route(path: &'static str, access: Access, methods: MethodRouter<Site>) -> Route {
    Route { path, access, methods }
}

/// The table.
#[must_use]
pub fn table() -> Vec<Route> {
    use Access::{Administrator, Demonstration, Judge, Member, Public, SignedIn};
    vec![
        route("/look", Public, post(context::change_look)),
        route("/sign-in", Public, get(accounts::pages::sign_in).post(accounts::forms::sign_in)),
        route("/sign-out", SignedIn, post(accounts::forms::sign_out)),
        route("/forgot", Public, get(accounts::pages::forgot).post(accounts::forms::forgot)),
        route("/reset/{token}", Public, get(accounts::pages::reset).post(accounts::forms::reset)),
        route(
            "/invitations/{token}",
            Public,
            get(accounts::pages::invitation).post(accounts::forms::accept_invitation),
        ),
        route(
            "/editions/{edition}/picks",
            Public,
            get(voting::picks::show).post(voting::picks::toggle),
        ),
        route("/editions/{edition}/vote", Public, get(voting::pages::who).post(voting::forms::who)),
        route(
            "/editions/{edition}/vote/code",
            Public,
            get(voting::pages::code).post(voting::forms::code),
        ),
        route(
            "/editions/{edition}/vote/check",
            Public,
            get(voting::pages::check).post(voting::forms::check),
        ),
        route(
            "/editions/{edition}/vote/receipt",
            Public,
            get(voting::receipts::receipt).post(voting::forms::leave),
        ),
        route("/editions/{edition}/vote/receipt/file", Public, get(voting::receipts::file)),
        route("/editions/{edition}/cases", Public, get(cases::gallery::page)),
        route("/editions/{edition}/cases/{case}", Public, get(cases::case::page)),
        route("/pictures/{picture}", Public, get(cases::picture::file)),
        route("/organisation", Member, get(cases::organisation::page)),
        route(
            "/organisation/cases/new",
            Member,
            get(cases::organisation::new).post(cases::forms::new),
        ),
        route(
            "/organisation/cases/{case}",
            Member,
            get(cases::editing::page)
                .post(cases::forms::case)
                .layer(DefaultBodyLimit::max(cases::forms::BODY_BYTES)),
        ),
        route("/admin/{edition}/screening", Administrator, get(cases::screening::page)),
        route(
            "/admin/{edition}/screening/{case}",
            Administrator,
            get(cases::screening::case).post(cases::screening::decide),
        ),
        route("/account", SignedIn, get(accounts::pages::account).post(accounts::forms::account)),
        route(
            "/admin/{edition}/standings",
            Administrator,
            get(awards::pages::standings).post(awards::forms::standings),
        ),
        route("/editions/{edition}/results", Public, get(awards::pages::results)),
        route("/editions/{edition}/result.json", Public, get(awards::pages::document)),
        route("/editions/{edition}/rules", Public, get(awards::pages::rules)),
        route("/judging", Judge, get(judging::pages::panels)),
        route("/judging/{edition}", Judge, get(judging::pages::desk)),
        route(
            "/judging/{edition}/{case}",
            Judge,
            get(judging::sheet_page::sheet).post(judging::forms::sheet),
        ),
        route(
            "/admin/{edition}/progress",
            Administrator,
            get(judging::board::progress).post(judging::forms::remind),
        ),
        route("/", Public, get(editions::pages::start)),
        route("/editions", Public, get(editions::pages::list)),
        route("/editions/{edition}", Public, get(editions::pages::landing)),
        route("/parts", Demonstration, get(editions::demonstration::parts)),
        route("/outbox", Demonstration, get(editions::demonstration::outbox)),
        route("/admin", Administrator, get(admin::overview::all)),
        route(
            "/admin/editions/new",
            Administrator,
            get(admin::new::new).post(editions::forms::create),
        ),
        route("/admin/editions/example.json", Administrator, get(admin::new::example)),
        route("/admin/editions/template.json", Administrator, get(admin::new::template)),
        route(
            "/admin/{edition}",
            Administrator,
            get(admin::overview::dashboard).post(editions::forms::publish),
        ),
        route(
            "/admin/{edition}/windows",
            Administrator,
            get(admin::windows::windows).post(editions::forms::move_windows),
        ),
        route(
            "/admin/{edition}/clock",
            Administrator,
            get(admin::clock::clock).post(editions::forms::move_clock),
        ),
        route(
            "/admin/{edition}/people",
            Administrator,
            get(admin::people::people).post(editions::forms::invite),
        ),
        route("/admin/{edition}/audit", Administrator, get(admin::trail::audit)),
    ]
}

/// The pages, with the guard of each row and the context around them all.
pub fn pages(site: &Site) -> Router<Site> {
    let mut router = Router::new();
    for Route { path, access, methods } in table() {
        let guard =
            from_fn(move |cx: Cx, request: Request, next: Next| guard(access, cx, request, next));
        router = router.route(path, methods.route_layer(guard));
    }
    router
        .route("/api/{*function}", post(server_function))
        .method_not_allowed_fallback(|| async { AppError::BadRequest })
        .fallback(|| async { AppError::NotFound })
        .layer(from_fn_with_state(site.clone(), context::layer))
}

/// The functions that islands call. Each asks for its proof itself, through `server_cx`.
async fn server_function(cx: Cx, request: Request) -> Response {
    let answer = leptos_axum::handle_server_fns_with_context(
        move || leptos::context::provide_context(cx.clone()),
        request,
    );
    let (mut parts, body) = answer.await.into_response().into_parts();
    // Leptos 0.8 answers every error with 500; the status should say what the body says.
    let bytes = to_bytes(body, LARGEST_ANSWER).await.unwrap_or_default();
    if parts.status == StatusCode::INTERNAL_SERVER_ERROR
        && let Ok(error) = serde_json::from_slice::<AppError>(&bytes)
    {
        parts.status = error.status();
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// An answer to an island is a version and a time, or an error with both versions of a sheet.
const LARGEST_ANSWER: usize = 256 * 1024;

async fn guard(access: Access, cx: Cx, request: Request, next: Next) -> Response {
    match admit(access, &cx) {
        Ok(()) => next.run(request).await,
        // A page leads to the sign-in and back; a form that comes too late says why it was lost.
        Err(AppError::SignIn) if request.method().is_safe() => {
            let path = request.uri().path();
            context::go(&format!("/sign-in?next={path}"))
        }
        Err(error) => error.into_response(),
    }
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
