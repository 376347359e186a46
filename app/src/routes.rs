//! Every URL of Hanpyo in one table. A row says who may open the URL, which handler answers, and
//! all other rules of the URL: see [`RouteRules`].
//!
//! The guard refuses a visitor whom the row does not admit, before the handler runs. The use case
//! behind the handler asks for the proof again. A test opens every row with every role.

mod row;
mod staff;

use axum::routing::{get, head, post};

use crate::web::change_look;
use crate::web::limits::Queue;
pub use crate::web::route::{Access, Caching, IdleLimit, RouteMap, RouteRules, SharedMachine};
use crate::{accounts, awards, cases, demonstration, editions, fraud, judging, record, voting};
pub use row::Route;
use row::new_route;

/// For an answer that never changes: caches may keep it for a year.
const ONE_YEAR: Caching = Caching::Public("public, max-age=31536000, immutable");
/// For a status or proof: a proxy keeps it for one second, so that many voters who wait for their
/// proofs cause one database query.
const ONE_SECOND: Caching = Caching::Public("public, max-age=1, must-revalidate");
/// For a published table, which does not change afterwards.
const ONE_HOUR: Caching = Caching::Public("public, max-age=3600");
/// For a result: caches keep it and ask each time whether it is still the same, so that no cache
/// serves a result that is no longer valid.
const REVALIDATE: Caching = Caching::Public("public, no-cache");

/// Returns the table of all URLs, grouped by who may open them.
#[must_use]
pub fn route_table() -> Vec<Route> {
    let groups = [
        public_routes(),
        record_routes(),
        voting_routes(),
        kiosk_routes(),
        account_routes(),
        organisation_routes(),
        judge_routes(),
        staff::setup_routes(),
        staff::staff_routes(),
        staff::voting_staff_routes(),
        demonstration_routes(),
    ];
    groups.into_iter().flatten().collect()
}

/// Returns the pages that everybody may read.
fn public_routes() -> Vec<Route> {
    use awards::{photographs, result_document, results, rules};
    use cases::{case, files, gallery, picture};
    use editions::office::{pages, privacy};
    use editions::{calendar, public};
    let row = |path, methods| new_route(Access::Public, path, methods);
    let own = SharedMachine::OwnEdition;
    let cache = Caching::PageCache;
    let about = |path, methods| row(path, methods).with_caching(cache).with_shared_machine(own);
    vec![
        row("/", get(public::show_start)).with_caching(cache),
        row("/look", post(change_look::change_look))
            .with_shared_machine(SharedMachine::Allowed)
            .with_form_queue(None),
        row("/editions", get(public::show_editions)).with_caching(cache),
        row("/editions/{edition}", get(public::show_landing))
            .with_caching(cache)
            .with_shared_machine(own),
        row("/editions/{edition}/cases", get(gallery::show_gallery)).with_shared_machine(own),
        row("/editions/{edition}/cases/{case}", get(case::show_case))
            .with_caching(cache)
            .with_shared_machine(own),
        row("/editions/{edition}/rules", get(rules::show_rules))
            .with_caching(cache)
            .with_shared_machine(own),
        row("/editions/{edition}/calendar.ics", get(calendar::show_calendar)),
        about("/editions/{edition}/privacy", get(privacy::show_privacy)),
        about("/editions/{edition}/contact", get(pages::show_contact)),
        about("/editions/{edition}/help", get(pages::show_help)),
        about("/editions/{edition}/terms", get(pages::show_terms)),
        about("/editions/{edition}/accessibility", get(pages::show_accessibility)),
        about("/editions/{edition}/notices", get(pages::show_notices)),
        row("/editions/{edition}/results", get(results::show_results)).with_caching(cache),
        row("/editions/{edition}/result.json", get(result_document::result_document_file))
            .with_caching(REVALIDATE),
        row("/photographs/{photograph}", get(photographs::photograph_file)),
        row("/pictures/{picture}", get(picture::picture_file))
            .with_shared_machine(SharedMachine::Allowed),
        row("/files/{file}", get(files::download::document_file)),
        row("/files/{file}/text", get(files::download::show_document_text))
            .with_shared_machine(SharedMachine::Allowed),
        row("/verify", get(voting::verify::show_verify_form).post(voting::verify::verify_receipt)),
    ]
}

/// Returns the public record, for people and for programs. No answer depends on who is signed in.
fn record_routes() -> Vec<Route> {
    use record::{files, page, tables};
    let row = |path, methods| new_route(Access::Public, path, methods).with_other_origins();
    let file = |path, methods| row(path, methods).with_caching(ONE_SECOND);
    vec![
        row("/record/{edition}", get(page::show_record).post(page::submit_observer_note))
            .with_caching(Caching::PageCache),
        file("/record/{edition}/observed", get(files::observed_file)),
        file("/record/{edition}/checkpoint", get(files::checkpoint_file)),
        file("/record/{edition}/key", get(files::record_key_file)),
        row("/record/{edition}/tile/{*path}", get(files::tile_file))
            .with_caching(ONE_YEAR)
            .in_export_queue(),
        row("/record/{edition}/entries/{*path}", get(files::entries_file))
            .with_caching(ONE_YEAR)
            .in_export_queue(),
        row("/record/{edition}/rulebook.json", get(files::rulebook_file)).with_caching(ONE_YEAR),
        row("/record/{edition}/result.json", get(awards::result_document::result_document_file))
            .with_caching(REVALIDATE),
        row("/record/{edition}/cvr/{file}", get(tables::cast_votes_file))
            .with_caching(ONE_HOUR)
            .in_export_queue(),
        row("/record/{edition}/openings/{file}", get(tables::openings_file))
            .with_caching(ONE_HOUR)
            .in_export_queue(),
        file("/record/{edition}/proof/{ballot}", get(files::ballot_proof_file))
            .with_shared_machine(SharedMachine::OwnEdition),
        file("/record/{edition}/status/{ballot}", get(files::ballot_status_file)),
        row("/record/{edition}/fraud", get(fraud::report::show_fraud_report))
            .with_caching(Caching::PageCache),
        new_route(
            Access::Public,
            "/record/{edition}/appeal",
            get(fraud::appeal::show_appeal_form).post(fraud::appeal::submit_appeal),
        )
        .with_no_store(),
    ]
}

/// Returns the steps of a vote. They need no account: each step asks for its own cookie. The
/// browser keeps no page of the vote, so that going back after *Finish on this device* shows
/// nothing.
fn voting_routes() -> Vec<Route> {
    use voting::signals;
    use voting::{cast, change_picks, chooser, code, code_link, identify, oidc_return, receipt};
    let row = |path, methods| new_route(Access::Public, path, methods);
    let own = SharedMachine::OwnEdition;
    let step = |path, methods| row(path, methods).with_no_store().with_shared_machine(own);
    vec![
        row(
            "/editions/{edition}/picks",
            get(change_picks::show_picks).post(change_picks::toggle_pick),
        )
        .with_shared_machine(own),
        row("/code/{token}", get(code_link::show_code_link).post(code_link::use_code_link))
            .in_check_queue()
            .with_no_store(),
        row("/vote/oidc", get(oidc_return::return_from_provider)),
        step("/vote/drawn.svg", get(signals::drawn_picture))
            .with_shared_machine(SharedMachine::Allowed),
        step("/editions/{edition}/vote", get(chooser::show_poll_choice)),
        step(
            "/editions/{edition}/vote/{poll}",
            get(identify::show_identify_form).post(identify::submit_identity),
        )
        .with_form_queue(Some(Queue::Send)),
        step(
            "/editions/{edition}/vote/{poll}/code",
            get(code::show_code_form).post(code::submit_code),
        )
        .with_form_queue(Some(Queue::Check))
        .with_idle_limit(IdleLimit::Code),
        step(
            "/editions/{edition}/vote/{poll}/check",
            get(cast::show_ballot_check).post(cast::cast_ballot),
        )
        // Ballots have their own queue and connections, and a key of their own.
        .with_form_queue(None)
        .without_kept_answers(),
        step(
            "/editions/{edition}/vote/{poll}/receipt",
            get(receipt::show_receipt).post(receipt::leave::leave_vote),
        )
        .with_idle_limit(IdleLimit::Receipt),
        // Not on a shared machine, because the file would stay in its downloads.
        row("/editions/{edition}/vote/{poll}/receipt/file", get(receipt::receipt_file))
            .with_no_store(),
    ]
}

fn kiosk_routes() -> Vec<Route> {
    use voting::kiosk;
    let row = |path, methods| new_route(Access::Public, path, methods);
    vec![
        row("/kiosk", get(kiosk::show_kiosk_start)).with_shared_machine(SharedMachine::Start),
        row(
            "/kiosk/start/{token}",
            get(kiosk::show_kiosk_invitation).post(kiosk::accept_kiosk_invitation),
        )
        .with_shared_machine(SharedMachine::OnlyWhenOver),
    ]
}

fn account_routes() -> Vec<Route> {
    use accounts::{account, invitation, join, password_reset as reset, sign_in};
    use cases::recommend;
    let open = |path, methods| {
        new_route(Access::Public, path, methods).with_form_queue(Some(Queue::Account))
    };
    let own = |path, methods| new_route(Access::SignedIn, path, methods);
    vec![
        open("/sign-in", get(sign_in::show_sign_in).post(sign_in::submit_sign_in)),
        open("/forgot", get(reset::show_forgot_password).post(reset::submit_forgot_password)),
        open("/reset/{token}", get(reset::show_password_reset).post(reset::submit_password_reset)),
        open(
            "/invitations/{token}",
            get(invitation::show_invitation).post(invitation::accept_invitation),
        ),
        // No password is hashed here, so these forms take no place from people who sign in.
        new_route(
            Access::Public,
            "/editions/{edition}/join",
            get(join::show_join_form).post(join::submit_join_form),
        ),
        new_route(
            Access::Public,
            "/editions/{edition}/join/{token}",
            get(join::show_join_request).post(join::confirm_join_request),
        ),
        new_route(
            Access::Public,
            "/recommendations/{token}",
            get(recommend::show_personal_link).post(recommend::answer_personal_link),
        )
        .with_no_store(),
        // Whoever has signed out already is told the same.
        new_route(Access::Public, "/sign-out", post(sign_in::submit_sign_out)),
        own("/account", get(account::show_account).post(account::submit_account)),
    ]
}

fn organisation_routes() -> Vec<Route> {
    use cases::files::tus;
    use cases::{edit, new_case, organisation, partners, receipt, recommend, versions};
    let row = |path, methods| new_route(Access::Member, path, methods);
    vec![
        row(
            "/organisation",
            get(organisation::show_organisation).post(organisation::submit_organisation),
        ),
        row(
            "/organisation/cases/new",
            get(new_case::show_new_case).post(new_case::submit_new_case),
        ),
        row(
            "/organisation/cases/{case}",
            get(edit::page::show_own_case).post(edit::form::submit_case_form),
        )
        .with_body_limit(edit::form::CASE_FORM_BYTES),
        row(
            "/organisation/cases/{case}/partners",
            get(partners::show_partners).post(partners::submit_partners),
        ),
        row(
            "/organisation/recommend",
            get(recommend::show_recommend_form).post(recommend::submit_recommendation),
        ),
        row("/organisation/cases/{case}/receipt", get(receipt::receipt_file)),
        row(
            "/organisation/cases/{case}/versions",
            get(versions::show_versions).post(versions::take_version_back),
        ),
        row(
            "/organisation/cases/{case}/uploads",
            post(tus::begin_upload).options(tus::tell_tus_abilities),
        )
        .without_kept_answers(),
        row(
            "/organisation/uploads/{upload}",
            head(tus::tell_upload).patch(tus::append_upload).delete(tus::cancel_upload),
        )
        .with_body_limit(tus::PIECE_BYTES)
        .without_kept_answers(),
    ]
}

fn judge_routes() -> Vec<Route> {
    use judging::{panels, sheet};
    let row = |path, methods| new_route(Access::Judge, path, methods);
    vec![
        row("/judging", get(panels::show_panels)),
        row("/judging/{edition}", get(panels::show_judging_desk)),
        // Not stored, so that going back shows no older version of the sheet and a shared tablet
        // keeps no scores.
        row(
            "/judging/{edition}/{case}",
            get(sheet::page::show_sheet).post(sheet::form::submit_sheet),
        )
        .with_no_store(),
    ]
}

/// Returns the pages that exist only in a demonstration.
fn demonstration_routes() -> Vec<Route> {
    use demonstration::{outbox, parts};
    let row = |path, methods| new_route(Access::Demonstration, path, methods);
    vec![row("/parts", get(parts::show_parts)), row("/outbox", get(outbox::show_outbox))]
}

/// The path of the server functions. Each of them asks for its proof itself, through `server_context`.
pub(crate) const SERVER_FUNCTIONS: &str = "/api/{*function}";

/// Builds the map from paths to rules, for the state that all handlers share.
///
/// # Panics
/// Panics if two rows have the same path. The tests build this map, so they find such a pair.
#[must_use]
pub fn build_route_map() -> RouteMap {
    let mut map = RouteMap::default();
    let islands = RouteRules {
        for_islands: true,
        form_queue: Some(Queue::Save),
        ..RouteRules::for_access(Access::Public)
    };
    let rows = route_table().into_iter().map(|route| (route.path, route.rules));
    for (path, rules) in rows.chain([(SERVER_FUNCTIONS, islands)]) {
        map.insert_route(path, rules).expect("the paths of the table differ");
    }
    map
}

#[cfg(test)]
mod tests;
