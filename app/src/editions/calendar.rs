//! /editions/{edition}/calendar.ics: the public dates of an edition, for the calendars of offices and phones
//! (RFC 5545).

use axum::extract::Path;
use axum::response::IntoResponse as _;
use backend::editions::Edition;
use chrono::{Duration, Utc};
use domain::schedule::Instant;
use http::header;
use icalendar::{Calendar, Component as _, Event, EventLike as _};
use phrases::{Lang, editions as words};

use crate::web::answer::PageResult;
use crate::web::request::RequestContext;
use crate::words::editions;

/// GET /editions/{edition}/calendar.ics
pub(crate) async fn show_calendar(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    let site = &cx.backend().settings().public_url;
    let text = write_calendar(cx.lang(), &edition, site, Utc::now());
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{slug}.ics\"")),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// Writes call, vote and announcement. A name stays the same, so a calendar that is taken again moves its entries
/// instead of doubling them.
fn write_calendar(lang: Lang, edition: &Edition, site: &str, written: Instant) -> String {
    let windows = edition.schedule.windows;
    let planned = edition.schedule.released_at.unwrap_or(windows.announcement);
    let title = editions::edition_title(lang, edition);
    let link = format!("{site}/editions/{}", edition.slug);
    let host = site.rsplit('/').next().unwrap_or(site);
    let entries = [
        ("call", words::calendar_call(lang), windows.call.opens, windows.call.closes),
        ("vote", words::calendar_vote(lang), windows.voting.opens, windows.voting.closes),
        ("result", words::calendar_result(lang), planned, planned + Duration::minutes(30)),
    ];
    let mut calendar = Calendar::new();
    // The crate writes version and scale.
    calendar.name(&title).append_property(("METHOD", "PUBLISH"));
    for (key, what, opens, closes) in entries {
        let event = Event::new()
            .uid(&format!("{}-{key}@{host}", edition.slug))
            .timestamp(written)
            .summary(&format!("{title}: {what}"))
            .description(&link)
            .url(&link)
            .starts(opens)
            .ends(closes)
            .done();
        calendar.push(event);
    }
    calendar.done().to_string()
}
