//! The submitted cases as a table, for staff: a workbook or CSV.

use axum::response::IntoResponse as _;
use backend::cases::{Case, format_receipt_number};
use backend::editions::{Edition, TracksAndDistricts};
use backend::text_files::{write_csv_file, write_workbook};
use domain::text::count_letters;
use http::header;
use phrases::{Lang, cases as labels, screening as words};

use crate::AppError;
use crate::cases::screening::screening_state_label;
use crate::web::answer::PageResult;
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;
use crate::words::{cases, times};

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Answers a form with the table. There is no address for it, because each download is noted in the trail.
pub(crate) async fn download_cases(
    cx: &RequestContext,
    slug: &str,
    fields: &FormFields,
) -> PageResult {
    match fields.field_text("act") {
        "xlsx" => {
            let rows = export_rows(cx, slug).await?;
            let written = tokio::task::spawn_blocking(move || write_workbook(&rows)).await;
            let written = written.map_err(|error| AppError::log_incident(&error))?;
            let bytes = written.map_err(|error| AppError::log_incident(&error))?;
            Ok((download_headers(slug, "xlsx", WORKBOOK), bytes).into_response())
        }
        "csv" => {
            let text = write_csv_file(&export_rows(cx, slug).await?);
            Ok((download_headers(slug, "csv", "text/csv; charset=utf-8"), text).into_response())
        }
        _ => Err(AppError::BadRequest),
    }
}

type DownloadHeaders = [(header::HeaderName, String); 3];

fn download_headers(slug: &str, end: &str, kind: &str) -> DownloadHeaders {
    [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"cases-{slug}.{end}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ]
}

async fn export_rows(cx: &RequestContext, slug: &str) -> Result<Vec<Vec<String>>, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let edition = cx.backend().find_edition(slug).await?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let found = cx.backend().export_cases(&admin, &edition).await?;
    let row = |case: &Case| case_row(cx, lang, (&edition, &places), case);
    Ok(std::iter::once(heading_row(lang)).chain(found.iter().map(row)).collect())
}

fn heading_row(lang: Lang) -> Vec<String> {
    let heads = [
        words::number(lang),
        words::case(lang),
        labels::title_en(lang),
        words::organisation(lang),
        words::track(lang),
        labels::place(lang),
        words::state(lang),
        words::submitted(lang),
        words::late_mark(lang),
        words::decided(lang),
        words::reason(lang),
        labels::summary(lang),
        labels::body(lang),
        words::letters(lang),
        labels::personal_reason(lang),
        words::address(lang),
    ];
    heads.map(str::to_owned).into()
}

fn case_row(
    cx: &RequestContext,
    lang: Lang,
    (edition, places): (&Edition, &TracksAndDistricts),
    case: &Case,
) -> Vec<String> {
    let minute = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map(|at| times::format_minute(lang, at)).unwrap_or_default()
    };
    let (_, state) = screening_state_label(lang, case.state);
    let site = &cx.backend().settings().public_url;
    let number = case.receipt_number.map(|number| format_receipt_number(edition, number));
    let late = if case.late { words::late_mark(lang).to_owned() } else { String::new() };
    vec![
        number.unwrap_or_default(),
        case.title.clone(),
        case.title_en.clone(),
        case.organisation_name.clone(),
        cases::track_name(lang, places, case.track).0,
        cases::place_line(lang, places, case.district, case.neighbourhood),
        state.to_owned(),
        minute(case.submitted_at),
        late,
        minute(case.screened_at),
        case.reason.clone().unwrap_or_default(),
        case.summary.clone(),
        case.body.clone(),
        count_letters(&case.body).to_string(),
        case.personal_reason.clone().unwrap_or_default(),
        format!("{site}/admin/{}/screening/{}", edition.slug, case.id),
    ]
}
