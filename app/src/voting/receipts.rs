//! The end of the way: the receipt, its file, and the page for those who come before or after.

use axum::extract::Query;
use axum::response::{IntoResponse as _, Response};
use backend::editions::Edition;
use backend::voting::Receipt as Received;
use domain::ids::BallotId;
use domain::schedule::PhaseError;
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, voting as words};
use serde::Deserialize;

use super::pages::{Booth, Names, VOTER_COOKIE, booth, path, steps};
use crate::context::{Cx, go};
use crate::page::{Answer, Page};
use crate::ui::{ButtonLink, Facts, Notice, PageHead, Receipt, Submit, Tone, Weight};
use crate::{AppError, sentences, when};

/// Whether the receipt answers a second ballot.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Again {
    again: Option<String>,
}

/// A ballot's number in groups of four, as people read numbers out.
fn grouped(ballot: BallotId) -> String {
    let digits = ballot.0.simple().to_string().to_uppercase();
    let groups: Vec<&str> = (0..8).map(|group| &digits[group * 4..group * 4 + 4]).collect();
    groups.join(" ")
}

fn accepted_at(lang: Lang, received: &Received) -> String {
    let second = received.admitted_at.format("%S");
    words::receipt_when_text(lang, second, when::minute(lang, received.admitted_at))
}

fn title_of(lang: Lang, edition: &Edition) -> String {
    lang.of(&edition.title.ko, &edition.title.en).to_owned()
}

/// The receipt of whoever was verified in this browser. It is shown after the close too.
async fn received(cx: &Cx, names: Names) -> Result<(Booth, Option<Received>), AppError> {
    let booth = booth(cx, names).await?;
    let token = cx.cookie(VOTER_COOKIE).unwrap_or_default();
    let receipt = match cx.backend().voter(&booth.poll, token).await? {
        Some(voter) => cx.backend().receipt(&voter).await?,
        None => None,
    };
    Ok((booth, receipt))
}

/// GET /editions/{edition}/vote/{poll}/receipt
pub(crate) async fn receipt(cx: Cx, names: Names, Query(query): Query<Again>) -> Answer {
    let (booth, received) = received(&cx, names).await?;
    match received {
        Some(received) => Ok(cx.page(receipt_page(&cx, &booth, &received, query.again.is_some()))),
        None => Ok(go(&path(&booth, ""))),
    }
}

fn receipt_page(cx: &Cx, booth: &Booth, received: &Received, again: bool) -> Page {
    let (lang, edition) = (cx.lang(), &booth.edition);
    let code = grouped(received.ballot);
    let rows = vec![
        (words::receipt_edition(lang).to_owned(), title_of(lang, edition)),
        (words::receipt_when(lang).to_owned(), accepted_at(lang, received)),
    ];
    let file = path(booth, "/receipt/file");
    let title = if again { words::already_title(lang) } else { words::receipt_title(lang) };
    let page = Page::new(title, move || {
        let earlier = again.then(|| {
            view! {
                <Notice lang tone=Tone::Warning title=words::already_title(lang)>
                    <p>{words::already(lang)}</p>
                </Notice>
            }
        });
        view! {
            {steps(lang, 4)}
            {earlier}
            <Receipt lang title=words::receipt_title(lang) code rows>
                <p><strong>{words::receipt_close(lang)}</strong></p>
                <p class="small muted">{words::receipt_note(lang)}</p>
                <div class="actions no-print">
                    <ButtonLink label=words::receipt_file(lang) href=file
                        weight=Weight::Secondary/>
                </div>
                <p class="small muted no-print">{words::receipt_print(lang)}</p>
            </Receipt>
            <form method="post" class="form no-print">
                <p>{words::leave_hint(lang)}</p>
                <div class="actions">
                    <Submit label=words::leave(lang) weight=Weight::Secondary/>
                </div>
            </form>
        }
    });
    page.of(edition)
}

/// GET /editions/{edition}/vote/{poll}/receipt/file: the receipt as a text to keep.
pub(crate) async fn file(cx: Cx, names: Names) -> Answer {
    let (booth, received) = received(&cx, names).await?;
    let Some(received) = received else { return Ok(go(&path(&booth, ""))) };
    let lang = cx.lang();
    let code = grouped(received.ballot);
    let text = words::receipt_text(
        lang,
        code,
        title_of(lang, &booth.edition),
        accepted_at(lang, &received),
    );
    let name = format!("attachment; filename=\"hanpyo-{}.txt\"", received.ballot);
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// The page for those who come before the opening or after the close: when it is, and what else
/// there is to see.
pub(super) fn closed(
    cx: &Cx,
    edition: &Edition,
    phase: PhaseError,
    status: StatusCode,
) -> Response {
    let lang = cx.lang();
    let title = match phase {
        PhaseError::Over { .. } => words::over_title(lang),
        PhaseError::NotYet { .. } | PhaseError::NotPublished => words::not_yet_title(lang),
    };
    let windows = &edition.schedule.windows;
    let rows = vec![
        (words::window(lang).to_owned(), when::window(lang, windows.voting)),
        (words::announcement(lang).to_owned(), when::minute(lang, windows.announcement)),
    ];
    let base = format!("/editions/{}", edition.slug);
    let (label, href) = if edition.results_public().is_ok() {
        (words::see_results(lang), format!("{base}/results"))
    } else if edition.gallery_public().is_ok() {
        (words::read_cases(lang), format!("{base}/cases"))
    } else {
        (words::about(lang), base)
    };
    let lead = sentences::phase(lang, phase);
    let page = Page::new(title, move || {
        view! {
            <PageHead title lead>""</PageHead>
            <Facts rows/>
            <div class="actions"><ButtonLink label href/></div>
        }
    });
    cx.page(page.of(edition).status(status))
}

#[cfg(test)]
mod tests {
    use super::grouped;
    use domain::ids::BallotId;

    #[test]
    fn a_ballots_number_is_read_in_groups_of_four() {
        let ballot = BallotId("0a1b2c3d-4e5f-6789-abcd-ef0123456789".parse().unwrap());
        assert_eq!(grouped(ballot), "0A1B 2C3D 4E5F 6789 ABCD EF01 2345 6789");
    }
}
