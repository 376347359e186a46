//! The page behind the link of a message with a code: it opens the vote in any browser. Opening the page
//! uses nothing up, because mail scanners open links; the button does.

use axum::extract::Path;
use axum::response::Response;
use backend::voting::VoterDeclaration;
use domain::rulebook::VoterIdentity;
use domain::schedule::VotingOpen;
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::AppError;
use crate::ui::{AuthPanel, ButtonLink, Notice, Submit, Tone};
use crate::voting::booth::{Booth, pick_gallery_path};
use crate::voting::closed::find_open_booth;
use crate::voting::cookies::{start_voter_session, voter_token};
use crate::voting::form_errors::vote_form_errors;
use crate::voting::identify::consent::{consent_section, statements_section};
use crate::voting::identify::contact::{contact_consent_items, read_voter_declaration};
use crate::voting::picks::load_picked_cases;
use crate::web::answer::PageResult;
use crate::web::fields::FormFields;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// What a link leads to.
enum LinkTarget {
    /// A poll that is open.
    Open(Booth, VotingOpen),
    /// An answer that says why it leads nowhere.
    Closed(Response),
}

/// GET /code/{token}
pub(crate) async fn show_code_link(cx: RequestContext, Path(link): Path<String>) -> PageResult {
    match find_link_target(&cx, &link, StatusCode::OK).await? {
        LinkTarget::Open(booth, _) => {
            Ok(cx.render_page(code_link_page(&cx, &booth, &FormFields::default(), None).await?))
        }
        LinkTarget::Closed(answer) => Ok(answer),
    }
}

/// POST /code/{token}: opens the session of the voter in this browser.
pub(crate) async fn use_code_link(
    cx: RequestContext,
    Path(link): Path<String>,
    typed: FormFields,
) -> PageResult {
    let (booth, open) = match find_link_target(&cx, &link, StatusCode::CONFLICT).await? {
        LinkTarget::Open(booth, open) => (booth, open),
        LinkTarget::Closed(answer) => return Ok(answer),
    };
    let declaration: VoterDeclaration = read_voter_declaration(&typed, "");
    let (of, held) = ((&*booth.edition, &booth.poll), (link.as_str(), voter_token(&cx)));
    match cx.backend().redeem_code_link(open, of, &declaration, held).await {
        Ok(token) => {
            lead_to_cases_without_picks(&cx, &booth, start_voter_session(&booth, &token)).await
        }
        Err(error) => {
            let error = AppError::from(error);
            let page = code_link_page(&cx, &booth, &typed, Some(&error)).await?;
            cx.show_again(page, &error)
        }
    }
}

/// Leads to the cases if nothing is picked in this browser yet, else to the check.
async fn lead_to_cases_without_picks(
    cx: &RequestContext,
    booth: &Booth,
    mut response: Response,
) -> PageResult {
    let cases = format!("{}&verified=yes", pick_gallery_path(booth));
    if load_picked_cases(cx, &booth.edition, &booth.poll).await?.is_empty()
        && let Ok(cases) = HeaderValue::from_str(&cases)
    {
        response.headers_mut().insert(header::LOCATION, cases);
    }
    Ok(response)
}

async fn find_link_target(
    cx: &RequestContext,
    link: &str,
    status: StatusCode,
) -> Result<LinkTarget, AppError> {
    match cx.backend().code_link_poll(link).await {
        Ok(names) => Ok(match find_open_booth(cx, Path(names), status).await? {
            Ok((booth, open)) => LinkTarget::Open(booth, open),
            Err(closed) => LinkTarget::Closed(closed),
        }),
        Err(backend::Error::Refused(_)) => {
            Ok(LinkTarget::Closed(cx.render_page(link_over_page(cx.lang()))))
        }
        Err(error) => Err(error.into()),
    }
}

fn link_over_page(lang: Lang) -> Page {
    Page::titled(words::link_title(lang), move || {
        view! {
            <AuthPanel title=words::link_title(lang) lead="">
                <Notice lang tone=Tone::Warning><p>{words::link_over(lang)}</p></Notice>
                <div class="actions"><ButtonLink label=words::link_to_start(lang) href="/"/></div>
            </AuthPanel>
        }
    })
    .with_status(StatusCode::GONE)
}

/// Builds the page that asks for the consent and the statements again: somebody else may have asked
/// for the message.
async fn code_link_page(
    cx: &RequestContext,
    booth: &Booth,
    typed: &FormFields,
    error: Option<&AppError>,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let mobile = booth.poll.rules.identity == VoterIdentity::Mobile;
    let consent = consent_section(lang, typed, error, &contact_consent_items(lang, mobile));
    let statements = statements_section(cx, booth, typed, error).await?;
    let errors = vote_form_errors(lang, error);
    let title = lang.choose_text(&booth.edition.title.ko, &booth.edition.title.en);
    let lead = words::link_lead(lang, title);
    let page = Page::titled(words::link_title(lang), move || {
        view! {
            <AuthPanel title=words::link_title(lang) lead>
                {errors}
                <form method="post" class="form">
                    {consent}
                    {statements}
                    <div class="actions"><Submit label=words::link_here(lang)/></div>
                </form>
            </AuthPanel>
        }
    });
    Ok(page.for_edition(&booth.edition))
}
