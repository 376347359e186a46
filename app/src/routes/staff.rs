//! The rows of administrators.

use axum::routing::{get, post};
use domain::limits::{CASES, DISTRICTS, ROLL_BYTES, SEASON_BYTES};

use super::row::{Route, new_route};
use crate::web::route::{Access, MAX_FIELDS};
use crate::{audit, awards, cases, editions, fraud, judging, record, voting};

/// Most fields of a poll's form: it may list every case of its edition.
const POLL_FIELDS: usize = CASES + MAX_FIELDS;
/// Fields of a step of a draft: each district has four.
const DRAFT_FIELDS: usize = 4 * DISTRICTS + MAX_FIELDS;

/// The rows of setting an edition up, by a file or in steps.
pub(super) fn setup_routes() -> Vec<Route> {
    use editions::{create, season_files, setup};
    let row = |path, methods| new_route(Access::Administrator, path, methods);
    vec![
        row("/admin/editions/new", get(create::show_new_edition).post(create::create_edition))
            .with_body_limit(2 * SEASON_BYTES),
        row("/admin/editions/drafts", post(setup::start::begin_draft)),
        row(
            "/admin/editions/drafts/{draft}/check",
            get(setup::check::show_check).post(setup::check::use_draft),
        ),
        row("/admin/editions/drafts/{draft}/season.json", get(setup::check::draft_season_file)),
        row(
            "/admin/editions/drafts/{draft}/{step}",
            get(setup::step::show_step).post(setup::step::submit_step),
        )
        .with_body_limit(2 * SEASON_BYTES)
        .with_field_limit(DRAFT_FIELDS),
        row("/admin/editions/example.json", get(season_files::example_season_file)),
        row("/admin/editions/template.json", get(season_files::template_season_file)),
        row(
            "/admin/{edition}/setup",
            get(setup::settings::show_settings).post(setup::settings::open_settings),
        ),
    ]
}

pub(super) fn staff_routes() -> Vec<Route> {
    use awards::{photographs, quorum, standings};
    use cases::{files, late, recommend, screening};
    use editions::{clock, office, overview, people, polls, windows};
    use judging::progress;
    let row = |path, methods| new_route(Access::Administrator, path, methods);
    vec![
        row("/admin", get(overview::show_all_editions)),
        row("/admin/{edition}", get(overview::show_dashboard).post(overview::publish_or_archive)),
        row("/admin/{edition}/windows", get(windows::show_windows).post(windows::move_windows)),
        row("/admin/{edition}/polls", get(polls::list::show_polls)),
        row(
            "/admin/{edition}/add-poll",
            get(polls::page::show_new_poll).post(polls::form::add_poll),
        )
        .with_field_limit(POLL_FIELDS),
        row(
            "/admin/{edition}/polls/{poll}",
            get(polls::page::show_poll).post(polls::form::change_or_remove_poll),
        )
        .with_field_limit(POLL_FIELDS),
        row("/admin/{edition}/clock", get(clock::show_clock).post(clock::move_clock)),
        row(
            "/admin/{edition}/office",
            get(office::desk::show_office_desk).post(office::desk::submit_office_desk),
        ),
        row("/admin/{edition}/people", get(people::show_people).post(people::submit_people))
            .with_body_limit(people::PEOPLE_FORM_BYTES),
        row("/admin/audit/system", get(audit::trail::show_system_trail)),
        row("/admin/{edition}/audit", get(audit::trail::show_audit_trail)),
        row(
            "/admin/{edition}/screening",
            get(screening::bulk::show_screening).post(screening::bulk::submit_screening),
        )
        .with_field_limit(CASES + MAX_FIELDS),
        row("/admin/{edition}/recommendations", get(recommend::show_recommendations)),
        row("/admin/{edition}/screening/late", get(late::show_late).post(late::submit_late)),
        row("/admin/{edition}/screening/{case}/files", post(files::download::decide_shown_files)),
        row(
            "/admin/{edition}/screening/{case}",
            get(screening::page::show_screening_case).post(screening::page::decide_case),
        ),
        row(
            "/admin/{edition}/progress",
            get(progress::show_progress).post(progress::remind_judges),
        ),
        row(
            "/admin/{edition}/standings",
            get(standings::page::show_standings).post(standings::form::announce_or_withdraw),
        ),
        row(
            "/admin/{edition}/photographs",
            get(photographs::show_photographs).post(photographs::submit_photographs),
        )
        .with_body_limit(photographs::PHOTOGRAPH_FORM_BYTES),
        row(
            "/admin/{edition}/quorum",
            get(quorum::show_quorum).post(quorum::give_or_confirm_reason),
        ),
    ]
}

pub(super) fn voting_staff_routes() -> Vec<Route> {
    use record::desk;
    use voting::{kiosk_desk, roll_desk};
    let row = |path, methods| new_route(Access::Administrator, path, methods);
    vec![
        row(
            "/admin/{edition}/record",
            get(desk::page::show_record_desk).post(desk::form::submit_record_desk),
        ),
        row(
            "/admin/{edition}/kiosk",
            get(kiosk_desk::show_kiosk_desk).post(kiosk_desk::submit_kiosk_desk),
        ),
        row("/admin/{edition}/fraud", get(fraud::board::show_fraud_board)),
        row(
            "/admin/{edition}/fraud/{group}",
            get(fraud::evidence::show_fraud_group).post(fraud::evidence::rule_on_group),
        ),
        row(
            "/admin/{edition}/polls/{poll}/roll",
            get(roll_desk::page::show_roll_desk).post(roll_desk::form::submit_roll_desk),
        )
        // 1.5 times the list's limit, because the form around the list needs room too.
        .with_body_limit(ROLL_BYTES * 3 / 2),
    ]
}
