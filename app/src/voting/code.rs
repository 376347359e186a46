//! The page that takes the code of a message, and sends another code if none came.

use axum::extract::Query;
use backend::voting::{CODE_MINUTES, EnteredCode, MAIL_CODE_MINUTES, VoterDeclaration};
use domain::refusal::{Refusal, VotingRefusal};
use domain::rulebook::VoterIdentity;
use domain::schedule::VotingOpen;
use http::StatusCode;
use leptos::prelude::*;
use phrases::voting as words;
use serde::Deserialize;

use crate::AppError;
use crate::ui::{AuthPanel, ButtonLink, ButtonWeight, CodeField, Notice, Submit, Tone};
use crate::voting::booth::{Booth, PollPath, vote_path};
use crate::voting::closed::find_open_booth;
use crate::voting::cookies::{CodeRequest, code_request, start_voter_session, voter_token};
use crate::voting::form_errors::{vote_field_error, vote_form_errors};
use crate::voting::send_code::{contact_for_poll, send_code_and_redirect};
use crate::voting::steps::{VoteStep, vote_steps_section};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::limits::Queue;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// The query of the code page: whether another code has just been sent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct CodeFormQuery {
    #[serde(default)]
    sent: String,
}

/// GET /editions/{edition}/vote/{poll}/code
pub(crate) async fn show_code_form(
    cx: RequestContext,
    names: PollPath,
    Query(query): Query<CodeFormQuery>,
) -> PageResult {
    match find_open_booth(&cx, names, StatusCode::OK).await? {
        Ok((booth, _)) if matches!(code_request(&cx, &booth), CodeRequest::Here(_)) => {
            let again = query.sent == "again";
            Ok(cx.render_page(code_form_page(&cx, &booth, "", again, None)))
        }
        Ok((booth, _)) => Ok(redirect_to(&vote_path(&booth, ""))),
        Err(closed) => Ok(closed),
    }
}

/// POST /editions/{edition}/vote/{poll}/code
pub(crate) async fn submit_code(
    cx: RequestContext,
    names: PollPath,
    fields: FormFields,
) -> PageResult {
    let again = fields.field_text("act") == "resend";
    if again {
        // The row's queue is that of codes that are compared.
        cx.hold_place(Queue::Send).await?;
    }
    let (booth, open) = match find_open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    // A code is valid only in its own poll, and another code may be sent only for the poll in which
    // the voter gave consent.
    if code_request(&cx, &booth) == CodeRequest::Elsewhere {
        return Ok(redirect_to(&vote_path(&booth, "")));
    }
    let typed = fields.field_text("code");
    let answer = if again {
        resend_code(&cx, &booth, open).await
    } else {
        verify_typed_code(&cx, &booth, open, typed).await
    };
    match answer {
        // Typed once more after going back, or after an answer that was lost: the code has led in.
        Err(AppError::Refused(Refusal::Voting(VotingRefusal::CodeOver)))
            if cx.backend().verified_browser(&booth.poll, voter_token(&cx)).await?.is_some() =>
        {
            Ok(redirect_to(&vote_path(&booth, "/check")))
        }
        Err(error) => {
            cx.show_again(code_form_page(&cx, &booth, typed, false, Some(error.clone())), &error)
        }
        done => done,
    }
}

/// Returns the contact that the code of this poll was sent to.
fn code_recipient(cx: &RequestContext, booth: &Booth) -> Option<String> {
    match code_request(cx, booth) {
        CodeRequest::Here(_) => contact_for_poll(cx, booth),
        CodeRequest::Nowhere | CodeRequest::Elsewhere => None,
    }
}

/// Sends another code to the same contact. The voter has already given consent and statements for
/// it in this poll.
async fn resend_code(cx: &RequestContext, booth: &Booth, open: VotingOpen) -> PageResult {
    let Some(contact) = code_recipient(cx, booth) else {
        return Ok(redirect_to(&vote_path(booth, "")));
    };
    let form = VoterDeclaration {
        contact,
        consent: true,
        of_age: true,
        of_district: true,
        page_seconds: None,
        ..VoterDeclaration::default()
    };
    send_code_and_redirect(cx, booth, open, &form, "/code?sent=again").await
}

async fn verify_typed_code(
    cx: &RequestContext,
    booth: &Booth,
    open: VotingOpen,
    typed: &str,
) -> PageResult {
    let browser = match code_request(cx, booth) {
        CodeRequest::Here(browser) => browser,
        CodeRequest::Nowhere | CodeRequest::Elsewhere => "",
    };
    let (held, network) = (voter_token(cx), cx.client_network());
    let back = EnteredCode { browser, code: typed, held, network };
    let token = cx.backend().verify_code(open, &booth.edition, &booth.poll, back).await?;
    Ok(start_voter_session(booth, &token))
}

/// Builds the page with the code field and the help for a code that did not come.
fn code_form_page(
    cx: &RequestContext,
    booth: &Booth,
    typed: &str,
    again: bool,
    error: Option<AppError>,
) -> Page {
    let (lang, value, contact) = (cx.lang(), typed.to_owned(), code_recipient(cx, booth));
    let mobile = booth.poll.rules.identity == VoterIdentity::Mobile;
    let (back, steps) = (vote_path(booth, ""), vote_steps_section(lang, booth, VoteStep::Code));
    // The path has no query, so that the answer to a wrong code does not repeat that one was sent.
    let (action, other) = (vote_path(booth, "/code"), vote_path(booth, "/code"));
    let lead = match &contact {
        Some(number) if mobile => words::code_lead_mobile(lang, CODE_MINUTES, number),
        Some(email) => words::code_lead(lang, email, MAIL_CODE_MINUTES),
        None => words::code_lead_plain(lang, if mobile { CODE_MINUTES } else { MAIL_CODE_MINUTES }),
    };
    let (none_came, change) = if mobile {
        (words::no_text_lead(lang), words::change_mobile(lang))
    } else {
        (words::no_mail_lead(lang), words::change_email(lang))
    };
    // Some browsers fill in the code of a text message. A shared machine gets no message, and its
    // browser would offer one voter's input to the next.
    let own = !cx.is_kiosk();
    let fills = (mobile && own).then(|| view! { <script src="/otp.js" defer=true></script> });
    let autocomplete = if own { "one-time-code" } else { "off" };
    let resend = contact.is_some().then(|| {
        view! {
            <Submit label=words::resend(lang) weight=ButtonWeight::Secondary name="act" value="resend"/>
        }
    });
    let resent = again.then(|| {
        view! { <Notice lang tone=Tone::Success><p>{words::resent(lang)}</p></Notice> }
    });
    let page = Page::titled(words::code_title(lang), move || {
        let code_error = vote_field_error(lang, error.as_ref(), "code");
        // The error says how many tries are left.
        let hint = if error.is_some() { "" } else { words::code_hint(lang) };
        view! {
            {steps}
            <AuthPanel title=words::code_title(lang) lead>
                {resent}
                {vote_form_errors(lang, error.as_ref())}
                <form method="post" action=action class="form">
                    <CodeField lang name="code" label=words::code(lang) hint
                        value error=code_error autocomplete/>
                    <div class="actions"><Submit label=words::confirm_code(lang)/></div>
                </form>
                <h2>{words::no_mail(lang)}</h2>
                <p>{none_came}</p>
                <form method="post" action=other class="actions">
                    {resend}
                    <ButtonLink label=change href=back weight=ButtonWeight::Quiet/>
                </form>
            </AuthPanel>
            {fills}
        }
    });
    page.for_edition(&booth.edition)
}
