//! /admin/{edition}/quorum: the cases with too few signed sheets, and the reason that two
//! administrators give to announce all the same.

use axum::extract::{Path, Query};
use backend::Error;
use backend::awards::{CaseBelowQuorum, GivenQuorumReason, QuorumState};
use backend::editions::Edition;
use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use domain::limits;
use leptos::prelude::*;
use phrases::{Lang, awards as say};

use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{
    AreaField, ButtonWeight, Facts, Notice, PageHead, Section, Submit, TableBox, TextField, Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{numbers, polls, times};
use crate::{AppError, staff};

/// The typed reason or word, and the error.
#[derive(Default)]
struct QuorumAttempt {
    reason: String,
    confirm: String,
    error: Option<AppError>,
}

/// GET /admin/{edition}/quorum
pub(crate) async fn show_quorum(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<staff::DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let page = quorum_page(&cx, &edition, QuorumAttempt::default(), &query.done).await?;
    Ok(cx.render_page(page))
}

/// Builds the page from the present state, with what was typed.
async fn quorum_page(
    cx: &RequestContext,
    edition: &Edition,
    attempt: QuorumAttempt,
    done: &str,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let state = cx.backend().quorum_state(&admin, edition).await?;
    let own = admin.account_id();
    let done = match done {
        "given" => Some(say::quorum_given(lang)),
        "confirmed" => Some(say::quorum_confirmed(lang)),
        _ => None,
    };
    let of = edition.clone();
    let page = Page::titled(say::quorum_title(lang), move || {
        let tabs = staff::edition_tabs(lang, &of, "/standings");
        let lead = say::quorum_page_lead(lang, state.quorum);
        let errors = render_form_errors(lang, attempt.error.as_ref());
        let content = if state.below.is_empty() {
            let kept = say::quorum_kept(lang, state.quorum);
            view! { <Notice lang tone=Tone::Success><p>{kept}</p></Notice> }.into_any()
        } else {
            let table = below_quorum_section(lang, &state);
            let reason = reason_sections(lang, &of, &state, own, &attempt);
            view! { {table}{reason} }.into_any()
        };
        view! {
            <PageHead title=say::quorum_title(lang) lead/>
            {tabs}
            {render_done_notice(lang, done)}
            {errors}
            {content}
        }
    });
    let crumbs = staff::staff_crumbs(lang, edition, say::quorum_title(lang));
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

fn below_quorum_section(lang: Lang, state: &QuorumState) -> AnyView {
    let row = |case: &CaseBelowQuorum| {
        let title = polls::in_language(lang, &case.title);
        let organisation = case.organisation.clone();
        view! {
            <tr>
                <th scope="row" data-label=say::case(lang)>{title}</th>
                <td data-label=say::organisation(lang)>{organisation}</td>
                <td class="number" data-label=say::quorum_sheets(lang)>{case.sheets.to_string()}</td>
            </tr>
        }
    };
    let rows = state.below.iter().map(row).collect_view();
    let n = numbers::group_length(state.below.len());
    let lead = say::quorum_below_lead(lang, n, state.quorum);
    view! {
        <Section title=say::quorum_below(lang) lead>
            <TableBox caption=say::quorum_below(lang)>
                <thead>
                    <tr>
                        <th scope="col">{say::case(lang)}</th>
                        <th scope="col">{say::organisation(lang)}</th>
                        <th scope="col" class="number">{say::quorum_sheets(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

/// Shows the reason with its state, and the form that is next: to give a reason, or to confirm it.
fn reason_sections(
    lang: Lang,
    edition: &Edition,
    state: &QuorumState,
    own: AccountId,
    attempt: &QuorumAttempt,
) -> AnyView {
    let open = edition.deliberation_open().is_ok();
    let shown = state.reason.as_ref().map(|reason| given_reason_section(lang, reason, own));
    let waits = state.reason.as_ref().filter(|reason| {
        open && !reason.is_void && reason.confirmed_by_name.is_none() && reason.given_by != own
    });
    let confirm = waits.map(|reason| confirm_form(lang, reason, attempt));
    let give = (open && !state.is_excused()).then(|| give_form(lang, attempt));
    let later = (!open && edition.schedule.released_at.is_none()).then(|| {
        view! { <Notice lang tone=Tone::Info><p>{say::quorum_later(lang)}</p></Notice> }
    });
    view! { {shown}{confirm}{give}{later} }.into_any()
}

fn given_reason_section(lang: Lang, reason: &GivenQuorumReason, own: AccountId) -> AnyView {
    let (tone, sentence) = if reason.is_void {
        (Tone::Warning, say::quorum_void(lang))
    } else if reason.confirmed_by_name.is_some() {
        (Tone::Success, say::quorum_confirmed(lang))
    } else if reason.given_by == own {
        (Tone::Info, say::quorum_own(lang))
    } else {
        (Tone::Info, say::quorum_given(lang))
    };
    let confirmed_by = reason.confirmed_by_name.clone();
    let confirmed_by = confirmed_by.unwrap_or_else(|| say::quorum_nobody(lang).to_owned());
    let rows = vec![
        (say::quorum_given_by(lang).to_owned(), reason.given_by_name.clone()),
        (say::quorum_given_at(lang).to_owned(), times::format_minute(lang, reason.given_at)),
        (say::quorum_confirmed_by(lang).to_owned(), confirmed_by),
    ];
    let text = render_paragraphs(&reason.reason);
    view! {
        <Section title=say::quorum_reason(lang)>
            <Notice lang tone><p>{sentence}</p></Notice>
            <div class="prose">{text}</div>
            <Facts rows/>
        </Section>
    }
    .into_any()
}

fn give_form(lang: Lang, attempt: &QuorumAttempt) -> AnyView {
    let error = field_error_sentence(lang, attempt.error.as_ref(), "reason");
    let value = attempt.reason.clone();
    view! {
        <Section title=say::quorum_give_title(lang) id="give">
            <form method="post" class="form">
                <AreaField lang name="reason" label=say::quorum_reason(lang)
                    hint=say::quorum_reason_hint(lang) required=true value error
                    max=limits::QUORUM_REASON_CHARS/>
                <div class="actions">
                    <Submit label=say::quorum_give(lang) name="act" value="give"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// Builds the form of the second person. It carries the instant of the reason that was shown, so
/// that nobody confirms another one.
fn confirm_form(lang: Lang, reason: &GivenQuorumReason, attempt: &QuorumAttempt) -> AnyView {
    let given_at = reason.given_at.timestamp_micros().to_string();
    let hint = say::quorum_confirm_hint(lang, say::quorum_word(lang));
    let value = attempt.confirm.clone();
    let lead = say::quorum_confirm_lead(lang);
    view! {
        <Section title=say::quorum_confirm_title(lang) id="confirm" lead>
            <form method="post" class="form">
                <input type="hidden" name="given_at" value=given_at/>
                <TextField lang name="confirm" label=say::confirm(lang) hint autocomplete="off"
                    required=true value/>
                <div class="actions">
                    <Submit label=say::quorum_confirm(lang) weight=ButtonWeight::Danger name="act"
                        value="confirm"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// POST /admin/{edition}/quorum
pub(crate) async fn give_or_confirm_reason(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let (act, reason) = (fields.field_text("act"), fields.field_text("reason"));
    let confirm = fields.field_text("confirm");
    let open = edition.deliberation_open().map_err(Error::from);
    let (answer, done) = match (act, open) {
        ("give", Ok(open)) => {
            (cx.backend().give_quorum_reason(&admin, open, &edition, reason).await, "given")
        }
        ("confirm", Ok(open)) => {
            let shown = parse_given_at(fields.field_text("given_at"));
            let shown = shown.ok_or(AppError::BadRequest)?;
            let backend = cx.backend();
            let answer = backend.confirm_quorum_reason(&admin, open, &edition, shown, confirm);
            (answer.await, "confirmed")
        }
        ("give" | "confirm", Err(problem)) => (Err(problem), ""),
        _ => return Err(AppError::BadRequest),
    };
    match answer {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/quorum?done={done}"))),
        Err(error) => {
            let error = AppError::from(error);
            let attempt = QuorumAttempt {
                reason: reason.to_owned(),
                confirm: confirm.to_owned(),
                error: Some(error.clone()),
            };
            cx.show_again(quorum_page(&cx, &edition, attempt, "").await?, &error)
        }
    }
}

fn parse_given_at(text: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(text.parse().ok()?)
}
