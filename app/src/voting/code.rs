//! The code: taking it back, and what to do when none came.

use axum::response::Response;
use backend::voting::{CodeBack, WhoIAm};
use domain::rulebook::Identity;
use domain::schedule::VotingOpen;
use http::StatusCode;
use leptos::prelude::*;
use phrases::voting as words;

use super::pages::{
    Booth, CHALLENGE_COOKIE, CONTACT_COOKIE, Names, VOTER_COOKIE, errors, field_error, open_booth,
    path, steps, voter_token,
};
use super::who::{contact, contact_for, send};
use crate::AppError;
use crate::context::{Cx, go, set_cookie};
use crate::fields::Fields;
use crate::page::{Answer, Page};
use crate::ui::{AuthPanel, ButtonLink, CodeField, Submit, Weight};

/// The database ends the session after two hours. The cookie stays a little longer, so that whoever
/// comes late is told why they are asked again.
const VOTER_SECONDS: u32 = 6 * 3600;

/// GET /editions/{edition}/vote/{poll}/code
pub(crate) async fn page(cx: Cx, names: Names) -> Answer {
    match open_booth(&cx, names, StatusCode::OK).await? {
        Ok((booth, _)) if cx.cookie(CHALLENGE_COOKIE).is_some_and(|c| !c.is_empty()) => {
            Ok(cx.page(code_page(&cx, &booth, "", None)))
        }
        Ok((booth, _)) => Ok(go(&path(&booth, ""))),
        Err(closed) => Ok(closed),
    }
}

/// POST /editions/{edition}/vote/{poll}/code
pub(crate) async fn submit(cx: Cx, names: Names, fields: Fields) -> Answer {
    let (booth, open) = match open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let typed = fields.text("code");
    let answer = if fields.text("act") == "resend" {
        resend(&cx, &booth, open).await
    } else {
        verify(&cx, &booth, open, typed).await
    };
    match answer {
        Err(error) => cx.again(code_page(&cx, &booth, typed, Some(error.clone())), &error),
        done => done,
    }
}

/// Another code to the same contact: consent and statements were given for it before.
async fn resend(cx: &Cx, booth: &Booth, open: VotingOpen) -> Answer {
    let Some(contact) = contact_for(cx, booth) else { return Ok(go(&path(booth, ""))) };
    let form = WhoIAm { contact, consent: true, of_age: true, of_district: true };
    send(cx, booth, open, &form).await
}

async fn verify(cx: &Cx, booth: &Booth, open: VotingOpen, typed: &str) -> Answer {
    let contact = contact(cx).unwrap_or_default();
    let back = CodeBack {
        browser: cx.cookie(CHALLENGE_COOKIE).unwrap_or_default(),
        code: typed,
        contact: &contact,
        held: voter_token(cx),
    };
    let token = cx.backend().verify_code(open, &booth.edition, &booth.poll, back).await?;
    Ok(let_in(booth, &token))
}

/// Leads a voter who has just been proven to the check, with the session's cookie.
pub(super) fn let_in(booth: &Booth, token: &str) -> Response {
    let mut response = go(&path(booth, "/check"));
    set_cookie(&mut response, VOTER_COOKIE, token, VOTER_SECONDS);
    set_cookie(&mut response, CHALLENGE_COOKIE, "", 0);
    set_cookie(&mut response, CONTACT_COOKIE, "", 0);
    response
}

/// The code, empty or as it was typed, and what to do when none came.
fn code_page(cx: &Cx, booth: &Booth, typed: &str, error: Option<AppError>) -> Page {
    let (lang, value, contact) = (cx.lang(), typed.to_owned(), contact_for(cx, booth));
    let mobile = booth.poll.rules.identity == Identity::Mobile;
    let back = path(booth, "");
    let lead = match &contact {
        Some(number) if mobile => words::code_lead_mobile(lang, number),
        Some(email) => words::code_lead(lang, email),
        None => words::code_lead_plain(lang).to_owned(),
    };
    let (none_came, change) = if mobile {
        (words::no_text_lead(lang), words::change_mobile(lang))
    } else {
        (words::no_mail_lead(lang), words::change_email(lang))
    };
    // A text message fills its code in by itself, where the browser can. A shared machine gets no
    // message, and what its browser remembers of one voter it would offer to the next.
    let own = !cx.is_kiosk();
    let fills = (mobile && own).then(|| view! { <script src="/otp.js" defer=true></script> });
    let autocomplete = if own { "one-time-code" } else { "off" };
    let resend = contact.is_some().then(|| {
        view! {
            <Submit label=words::resend(lang) weight=Weight::Secondary name="act" value="resend"/>
        }
    });
    let page = Page::new(words::code_title(lang), move || {
        let code_error = field_error(lang, error.as_ref(), "code");
        view! {
            {steps(lang, 2)}
            <AuthPanel title=words::code_title(lang) lead>
                {errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <CodeField lang name="code" label=words::code(lang) hint=words::code_hint(lang)
                        value error=code_error autocomplete/>
                    <div class="actions"><Submit label=words::confirm_code(lang)/></div>
                </form>
                <h2>{words::no_mail(lang)}</h2>
                <p>{none_came}</p>
                <form method="post" class="actions">
                    {resend}
                    <ButtonLink label=change href=back weight=Weight::Quiet/>
                </form>
            </AuthPanel>
            {fills}
        }
    });
    page.of(&booth.edition)
}
