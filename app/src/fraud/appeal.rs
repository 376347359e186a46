//! /record/{edition}/appeal: what has become of a held ballot, and what its voter writes about it.
//! The receipt is the proof that somebody may read and write here.

mod second_proof;

use axum::extract::Path;
use backend::editions::Edition;
use backend::fraud::{HeldBallot, HeldState, SentAppeal};
use domain::limits;
use domain::record::receipt::tidy_receipt_text;
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, fraud as say};

use self::second_proof::ProofAttempt;
use crate::AppError;
use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{AreaField, ButtonWeight, Notice, PageHead, Section, Submit, Tone};
use crate::web::answer::PageResult;
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{editions, times};

/// What was posted, and what came of it.
#[derive(Default)]
struct AppealAttempt {
    receipt: String,
    message: String,
    held: Option<HeldBallot>,
    proof: ProofAttempt,
    done: Option<&'static str>,
    error: Option<AppError>,
}

/// GET /record/{edition}/appeal
pub(crate) async fn show_appeal_form(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    Ok(cx.render_page(appeal_page(&cx, &edition, AppealAttempt::default())))
}

/// POST /record/{edition}/appeal: shows the state of the receipt's ballot, or stores an appeal.
pub(crate) async fn submit_appeal(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let receipt = tidy_receipt_text(fields.field_text("receipt"));
    let message = fields.field_text("message").to_owned();
    let (lang, proof) = (cx.lang(), ProofAttempt::from_form(&fields));
    let act = fields.field_text("act");
    let typed = (receipt.as_str(), &proof);
    let (stored, done) = match act {
        "send" => {
            let sent = cx.backend().send_appeal(&edition, &receipt, &message).await;
            (sent.map_err(AppError::from), Some(say::appeal_sent(lang)))
        }
        // The section itself says that a code waits, or came back.
        "code" => (second_proof::send_code(&cx, &edition, typed).await, None),
        "prove" => (second_proof::check_code(&cx, &edition, typed).await, None),
        _ => (Ok(()), None),
    };
    let (held, unread) = match cx.backend().find_held_ballot(&edition, &receipt).await {
        Ok(held) => (Some(held), None),
        Err(error) => (None, Some(error)),
    };
    let error = stored.err().or(unread.map(AppError::from));
    let mut attempt = AppealAttempt { receipt, held, ..AppealAttempt::default() };
    let Some(error) = error else {
        attempt.done = done;
        return Ok(cx.render_page(appeal_page(&cx, &edition, attempt)));
    };
    (attempt.message, attempt.proof, attempt.error) = (message, proof, Some(error.clone()));
    cx.show_again(appeal_page(&cx, &edition, attempt), &error)
}

fn appeal_page(cx: &RequestContext, edition: &Edition, attempt: AppealAttempt) -> Page {
    let lang = cx.lang();
    let name = editions::edition_title(lang, edition);
    let crumbs = vec![
        (name.clone(), Some(format!("/editions/{}", edition.slug))),
        (phrases::record::name(lang).to_owned(), Some(format!("/record/{}", edition.slug))),
        (say::appeal_title(lang).to_owned(), None),
    ];
    let page = Page::titled(say::appeal_title(lang), move || {
        let state = attempt.held.as_ref().map(|held| state_section(lang, held));
        let can_send = attempt.held.as_ref().is_some_and(accepts_appeal);
        let message = can_send.then(|| message_form(lang, &attempt));
        let held = attempt.held.as_ref();
        let proof = held.and_then(|held| second_proof::proof_section(lang, held, &attempt));
        let look = attempt.held.is_none().then(|| receipt_form(lang, &attempt));
        view! {
            <PageHead title=say::appeal_title(lang) eyebrow=name lead=say::appeal_lead(lang)/>
            {render_done_notice(lang, attempt.done)}
            {render_form_errors(lang, attempt.error.as_ref())}
            {state}
            {proof}
            {message}
            {look}
            <p class="small muted">{say::appeal_why(lang)}</p>
        }
    });
    page.for_edition(edition).with_crumbs(crumbs).with_status(StatusCode::OK)
}

/// Whether the voter may write, or write anew.
fn accepts_appeal(held: &HeldBallot) -> bool {
    held.open && matches!(held.state, Some(HeldState::Waiting | HeldState::Excluded))
}

fn state_section(lang: Lang, held: &HeldBallot) -> AnyView {
    let (tone, title, text) = match held.state {
        None => (Tone::Success, "", say::appeal_counts(lang)),
        Some(HeldState::Waiting) => {
            (Tone::Warning, say::receipt_held(lang), say::receipt_held_text(lang))
        }
        Some(HeldState::Excluded) if held.open => {
            (Tone::Warning, say::receipt_excluded(lang), say::receipt_excluded_text(lang))
        }
        Some(HeldState::Excluded) => {
            (Tone::Warning, say::receipt_excluded(lang), say::receipt_excluded_over(lang))
        }
        Some(HeldState::Restored) => {
            (Tone::Success, say::receipt_restored(lang), say::receipt_restored_text(lang))
        }
    };
    let set_aside = matches!(held.state, Some(HeldState::Waiting | HeldState::Excluded));
    let over = (!held.open && set_aside).then(|| {
        view! { <Notice lang tone=Tone::Info><p>{say::appeal_over(lang)}</p></Notice> }
    });
    let appeal = held.appeal.as_ref().map(|appeal| sent_appeal(lang, appeal));
    view! {
        <Section title=say::appeal_state(lang) id="state">
            <Notice lang tone title><p>{text}</p></Notice>
            {over}
            {appeal}
        </Section>
    }
    .into_any()
}

fn sent_appeal(lang: Lang, appeal: &SentAppeal) -> AnyView {
    let message = render_paragraphs(&appeal.message);
    let answer = match &appeal.answer {
        Some(answer) => {
            let answer = render_paragraphs(answer);
            view! {
                <h3>{say::appeal_answer(lang)}</h3>
                <div class="prose">{answer}</div>
            }
            .into_any()
        }
        None => view! { <p class="muted">{say::appeal_waiting(lang)}</p> }.into_any(),
    };
    view! {
        <h3>{say::appeal_yours(lang)}</h3>
        <p class="small muted">{times::format_day(lang, appeal.sent_at)}</p>
        <div class="prose">{message}</div>
        {answer}
    }
    .into_any()
}

fn message_form(lang: Lang, attempt: &AppealAttempt) -> AnyView {
    let error = field_error_sentence(lang, attempt.error.as_ref(), "message");
    let value = attempt.message.clone();
    let again = attempt.held.as_ref().is_some_and(|held| held.appeal.is_some());
    let again = again.then(|| view! { <p>{say::appeal_again(lang)}</p> });
    view! {
        <h2>{say::appeal_write(lang)}</h2>
        <form method="post" class="form" id="write">
            {again}
            <input type="hidden" name="receipt" value=attempt.receipt.clone()/>
            <AreaField lang name="message" label=say::appeal_message(lang)
                hint=say::appeal_message_hint(lang) required=true value error rows=6
                max=limits::COMMENT_CHARS/>
            <div class="actions">
                <Submit label=say::appeal_send(lang) name="act" value="send"/>
            </div>
        </form>
    }
    .into_any()
}

fn receipt_form(lang: Lang, attempt: &AppealAttempt) -> AnyView {
    let value = attempt.receipt.trim().to_owned();
    view! {
        <form method="post" class="form" id="look">
            <AreaField lang name="receipt" label=say::appeal_receipt(lang)
                hint=say::appeal_receipt_hint(lang) required=true value rows=8/>
            <div class="actions">
                <Submit label=say::appeal_look(lang) weight=ButtonWeight::Secondary name="act"
                    value="look"/>
            </div>
        </form>
    }
    .into_any()
}
