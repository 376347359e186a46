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

use crate::context::{self, Cx, Site};
use crate::turns::Turn;
use crate::{AppError, awards, cases, editions, judging, record, voting};

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

/// The table, by who may open what.
#[must_use]
pub fn table() -> Vec<Route> {
    let groups =
        [everybody(), checkers(), voters(), accounts(), organisations(), judges(), staff(), show()];
    groups.into_iter().flatten().collect()
}

/// Reading is for everybody.
fn everybody() -> Vec<Route> {
    let row = |path, methods| route(path, Access::Public, methods);
    vec![
        row("/", get(editions::pages::start)),
        row("/look", post(context::change_look)),
        row("/editions", get(editions::pages::list)),
        row("/editions/{edition}", get(editions::pages::landing)),
        row("/editions/{edition}/cases", get(cases::gallery::page)),
        row("/editions/{edition}/cases/{case}", get(cases::case::page)),
        row("/editions/{edition}/rules", get(awards::pages::rules)),
        row("/editions/{edition}/results", get(awards::pages::results)),
        row("/editions/{edition}/result.json", get(awards::pages::document)),
        row("/pictures/{picture}", get(cases::picture::file)),
    ]
}

/// The public record, for people and for programs; nothing in it depends on who is signed in.
fn checkers() -> Vec<Route> {
    use record::{files, observed, page, tables};
    let row = |path, methods| route(path, Access::Public, methods);
    vec![
        row("/record/{edition}", get(page::page).post(observed::sign)),
        row("/record/{edition}/observed", get(observed::words)),
        row("/record/{edition}/checkpoint", get(files::checkpoint)),
        row("/record/{edition}/key", get(files::key)),
        row("/record/{edition}/tile/{*path}", get(files::tile)),
        row("/record/{edition}/entries/{*path}", get(files::entries)),
        row("/record/{edition}/rulebook.json", get(files::rulebook)),
        row("/record/{edition}/result.json", get(awards::pages::document)),
        row("/record/{edition}/cvr/{file}", get(tables::cast_votes)),
        row("/record/{edition}/openings/{file}", get(tables::openings)),
        row("/record/{edition}/proof/{ballot}", get(files::proof)),
        row("/record/{edition}/status/{ballot}", get(files::status)),
    ]
}

/// Voting needs no account: each step asks for its own cookie.
fn voters() -> Vec<Route> {
    use voting::{check, chooser, code, forms, kiosk, picks, receipts, verify, who};
    let row = |path, methods| route(path, Access::Public, methods);
    vec![
        row("/editions/{edition}/picks", get(picks::show).post(picks::toggle)),
        row("/vote/oidc", get(voting::oidc::back)),
        row("/editions/{edition}/vote", get(chooser::page)),
        row("/editions/{edition}/vote/{poll}", get(who::page).post(who::submit)),
        row("/editions/{edition}/vote/{poll}/code", get(code::page).post(code::submit)),
        row("/editions/{edition}/vote/{poll}/check", get(check::page).post(check::cast)),
        row("/editions/{edition}/vote/{poll}/receipt", get(receipts::receipt).post(forms::leave)),
        row("/editions/{edition}/vote/{poll}/receipt/file", get(receipts::file)),
        row("/kiosk", get(kiosk::start)),
        row("/kiosk/start/{token}", get(kiosk::invitation).post(kiosk::accept)),
        row("/verify", get(verify::page).post(verify::check)),
    ]
}

fn accounts() -> Vec<Route> {
    use crate::accounts::{forms, pages};
    let open = |path, methods| route(path, Access::Public, methods);
    let own = |path, methods| route(path, Access::SignedIn, methods);
    vec![
        open("/sign-in", get(pages::sign_in).post(forms::sign_in)),
        open("/forgot", get(pages::forgot).post(forms::forgot)),
        open("/reset/{token}", get(pages::reset).post(forms::reset)),
        open("/invitations/{token}", get(pages::invitation).post(forms::accept_invitation)),
        own("/sign-out", post(forms::sign_out)),
        own("/account", get(pages::account).post(forms::account)),
    ]
}

fn organisations() -> Vec<Route> {
    use cases::{editing, forms, organisation};
    let row = |path, methods| route(path, Access::Member, methods);
    let with_picture = DefaultBodyLimit::max(forms::BODY_BYTES);
    vec![
        row("/organisation", get(organisation::page)),
        row("/organisation/cases/new", get(organisation::new).post(forms::new)),
        row("/organisation/cases/{case}", get(editing::page).post(forms::case).layer(with_picture)),
    ]
}

fn judges() -> Vec<Route> {
    use judging::{forms, pages, sheet_page};
    let row = |path, methods| route(path, Access::Judge, methods);
    vec![
        row("/judging", get(pages::panels)),
        row("/judging/{edition}", get(pages::desk)),
        row("/judging/{edition}/{case}", get(sheet_page::sheet).post(forms::sheet)),
    ]
}

fn staff() -> Vec<Route> {
    use cases::screening;
    use editions::{admin, forms, poll_forms};
    use voting::kiosk_desk;
    let row = |path, methods| route(path, Access::Administrator, methods);
    // Half as much again for the form around it.
    let with_roll = DefaultBodyLimit::max(domain::limits::ROLL_BYTES * 3 / 2);
    let with_season = DefaultBodyLimit::max(2 * domain::limits::SEASON_BYTES);
    vec![
        row("/admin", get(admin::overview::all)),
        row("/admin/editions/new", get(admin::new::new).post(forms::create).layer(with_season)),
        row("/admin/editions/example.json", get(admin::new::example)),
        row("/admin/editions/template.json", get(admin::new::template)),
        row("/admin/{edition}", get(admin::overview::dashboard).post(forms::steer)),
        row("/admin/{edition}/windows", get(admin::windows::windows).post(forms::move_windows)),
        row("/admin/{edition}/polls", get(admin::polls::polls)),
        row("/admin/{edition}/add-poll", get(admin::polls::add).post(poll_forms::add)),
        row("/admin/{edition}/polls/{poll}", get(admin::polls::poll).post(poll_forms::change)),
        row("/admin/{edition}/clock", get(admin::clock::clock).post(forms::move_clock)),
        row("/admin/{edition}/people", get(admin::people::people).post(forms::invite)),
        row("/admin/{edition}/record", get(record::admin::page).post(record::forms::act)),
        row(
            "/admin/{edition}/polls/{poll}/roll",
            get(admin::roll::page).post(admin::roll_forms::submit).layer(with_roll),
        ),
        row("/admin/{edition}/audit", get(admin::trail::audit)),
        row("/admin/{edition}/kiosk", get(kiosk_desk::page).post(kiosk_desk::act)),
        row("/admin/{edition}/screening", get(screening::page)),
        row("/admin/{edition}/screening/{case}", get(screening::case).post(screening::decide)),
        row(
            "/admin/{edition}/progress",
            get(judging::board::progress).post(judging::forms::remind),
        ),
        row(
            "/admin/{edition}/standings",
            get(awards::pages::standings).post(awards::forms::standings),
        ),
    ]
}

/// Only in a demonstration.
fn show() -> Vec<Route> {
    let row = |path, methods| route(path, Access::Demonstration, methods);
    vec![
        row("/parts", get(editions::demonstration::parts)),
        row("/outbox", get(editions::demonstration::outbox)),
    ]
}

/// The pages, with the guard of each row and the context around them all.
pub fn pages(site: &Site) -> Router<Site> {
    let mut router = Router::new();
    for Route { path, access, methods } in table() {
        let guard = from_fn(move |cx: Cx, request: Request, next: Next| {
            guard((path, access), cx, request, next)
        });
        router = router.route(path, methods.route_layer(guard));
    }
    router
        .route("/api/{*function}", post(server_function))
        .method_not_allowed_fallback(|| async { AppError::Method })
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

async fn guard(row: (&str, Access), cx: Cx, request: Request, next: Next) -> Response {
    let (path, access) = row;
    match admit(access, &cx) {
        Ok(()) if access == Access::Public => public(path, &cx, request, next).await,
        Ok(()) => {
            let changes = !request.method().is_safe();
            let response = next.run(request).await;
            if changes {
                cx.site().rendered.forget();
            }
            response
        }
        // A page leads to the sign-in and back; a form that comes too late says why it was lost.
        Err(AppError::SignIn) if request.method().is_safe() => {
            let path = request.uri().path();
            context::go(&format!("/sign-in?next={path}"))
        }
        Err(error) => error.into_response(),
    }
}

/// What anybody may open: in its turn, and where it is the same for everybody, from the cache.
async fn public(path: &str, cx: &Cx, request: Request, next: Next) -> Response {
    let site = cx.site();
    let turn = Turn::of(path, request.method());
    let make = async |request| {
        let _place = match turn {
            Some(turn) => Some(site.turns.take(turn).await?),
            None => None,
        };
        Ok(next.run(request).await)
    };
    let answer = match path {
        "/"
        | "/editions"
        | "/editions/{edition}"
        | "/editions/{edition}/cases/{case}"
        | "/editions/{edition}/rules"
        | "/editions/{edition}/results"
        | "/record/{edition}" => site.rendered.answer(request, make).await,
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
