//! The receipt of a case that was sent in: its number, its time, and the signed file.

use axum::extract::Path;
use axum::response::IntoResponse as _;
use backend::cases::{Case, format_receipt_number};
use backend::editions::Edition;
use http::header;
use leptos::prelude::*;
use phrases::{Lang, news as words};

use crate::AppError;
use crate::ui::{ButtonLink, ButtonWeight, Section};
use crate::web::answer::PageResult;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::times;

/// GET /organisation/cases/{case}/receipt
pub(crate) async fn receipt_file(cx: RequestContext, Path(id): Path<String>) -> PageResult {
    let member = cx.require_member()?;
    let case = cx.backend().own_case(&member, paths::parse_path_key(&id)?).await?;
    let edition = cx.backend().find_edition(&case.edition_slug).await?;
    let note = cx.backend().case_receipt(&member, case.id).await?;
    let number = case.receipt_number.map(|number| format_receipt_number(&edition, number));
    let name = format!("attachment; filename=\"receipt-{}.txt\"", number.unwrap_or_default());
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, note).into_response())
}

/// Shows number and time of the last sending, with the file. `None` for a case that was never sent in.
pub(crate) fn receipt_section(
    cx: &RequestContext,
    edition: &Edition,
    case: &Case,
) -> Result<Option<AnyView>, AppError> {
    let (Some(number), Some(at)) = (case.receipt_number, case.submitted_at) else {
        return Ok(None);
    };
    let key = cx.backend().receipt_key(edition)?.to_string();
    Ok(Some(receipt_view(cx.lang(), &format_receipt_number(edition, number), at, case, key)))
}

fn receipt_view(
    lang: Lang,
    number: &str,
    at: domain::schedule::Instant,
    case: &Case,
    key: String,
) -> AnyView {
    let href = format!("/organisation/cases/{}/receipt", case.id);
    let number = number.to_owned();
    view! {
        <Section title=words::receipt(lang) lead=words::receipt_text(lang) id="receipt">
            <dl class="facts">
                <div><dt>{words::receipt_number(lang)}</dt><dd>{number}</dd></div>
                <div><dt>{words::receipt_when(lang)}</dt><dd>{times::format_minute(lang, at)}</dd></div>
                <div><dt>{words::receipt_key(lang)}</dt><dd><code>{key}</code></dd></div>
            </dl>
            <div class="actions">
                <ButtonLink label=words::receipt_download(lang) href weight=ButtonWeight::Secondary/>
            </div>
        </Section>
    }
    .into_any()
}
