//! /admin/{edition}/fraud/{group}: the evidence about a group of ballots, the rulings of two people,
//! and the appeals of voters.

mod notes;
mod picture;
mod rulings;

use axum::extract::{Path, Query};
use backend::editions::Edition;
use backend::fraud::{FraudEvidence, FraudGroup, RulingProposal};
use domain::fraud::{EvidenceTerm, RulingReason};
use domain::ids::BallotId;
use domain::refusal::{FraudRefusal, Refusal};
use domain::text::FieldProblem;
use leptos::prelude::*;
use phrases::{Lang, fraud as say};
use serde::Deserialize;
use uuid::Uuid;

use crate::fraud::board::counts_read_notice;
use crate::fraud::group::{ballot_count, counts_note, group_code, group_state, step_of};
use crate::staff::{edition_tabs, staff_crumbs};
use crate::ui::{Facts, PageHead, Section, TableBox};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::browser::{browser_number, remember_browser};
use crate::web::fields::FormFields;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{fraud as words, polls, times};
use crate::{AppError, FieldFault};

/// The query of a group's page: what was done, and the ballot of an appeal that a ruling is about.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct GroupQuery {
    #[serde(default)]
    done: String,
    #[serde(default)]
    ballot: String,
}

/// What was typed into a form of this page, and what is wrong with it.
#[derive(Default)]
pub(crate) struct RulingAttempt {
    reason: String,
    note: String,
    ballot: String,
    answer: String,
    message: String,
    /// The appeal that was answered.
    appeal: String,
    error: Option<AppError>,
}

/// GET /admin/{edition}/fraud/{group}
pub(crate) async fn show_fraud_group(
    cx: RequestContext,
    Path((slug, group)): Path<(String, String)>,
    Query(query): Query<GroupQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let group = group.parse().map_err(|_| AppError::NotFound)?;
    let attempt = RulingAttempt { ballot: query.ballot, ..RulingAttempt::default() };
    let page = group_page(&cx, edition, group, (attempt, &query.done)).await?;
    let mut response = cx.render_page(page);
    remember_browser(&cx, &mut response);
    Ok(response)
}

async fn group_page(
    cx: &RequestContext,
    edition: Edition,
    group: Uuid,
    (attempt, done): (RulingAttempt, &str),
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let backend = cx.backend();
    let evidence = backend.open_fraud_evidence(&admin, &edition, group, browser_number(cx)).await?;
    let own = admin.account_id();
    let title = say::group(lang, group_code(&evidence.group));
    let lead = group_lead(lang, &evidence.group);
    let done = match done {
        "proposed" => Some(say::done_proposed(lang)),
        "confirmed" => Some(say::done_confirmed(lang)),
        "withdrawn" => Some(say::done_withdrawn(lang)),
        "answered" => Some(say::done_answered(lang)),
        "noted" => Some(say::done_noted(lang)),
        _ => None,
    };
    let mut crumbs = staff_crumbs(lang, &edition, say::name(lang));
    if let Some(desk) = crumbs.last_mut() {
        desk.1 = Some(format!("/admin/{}/fraud", edition.slug));
    }
    crumbs.push((title.clone(), None));
    let (of, heading) = (edition.clone(), title.clone());
    let page = Page::titled(title, move || {
        view! {
            <PageHead title=heading lead/>
            {edition_tabs(lang, &edition, "/fraud")}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, attempt.error.as_ref())}
            {counts_read_notice(lang, &edition)}
            {group_facts(lang, &edition, &evidence)}
            {terms_section(lang, &evidence.group)}
            {picture::picture_section(lang, &evidence)}
            {rulings::rulings_section(lang, &edition, &evidence, own)}
            {rulings::appeals_section(lang, &edition, &evidence, &attempt)}
            {rulings::propose_section(lang, &edition, &evidence, &attempt)}
            {notes::notes_section(lang, &evidence, &attempt)}
        }
    });
    Ok(page.for_edition(&of).with_crumbs(crumbs))
}

/// Says how many ballots look alike, and how many of them are held here. The others are held in a group
/// with stronger evidence.
fn group_lead(lang: Lang, group: &FraudGroup) -> String {
    let here = group.waiting + group.excluded + group.restored;
    let all = ballot_count(group.ballots, group.exact);
    if here == group.ballots || !group.held {
        return say::group_lead(lang, all);
    }
    say::group_lead_part(lang, ballot_count(here, group.exact), all)
}

fn group_facts(lang: Lang, edition: &Edition, evidence: &FraudEvidence) -> AnyView {
    let group = &evidence.group;
    let poll = edition.polls.iter().find(|poll| poll.id == group.poll);
    let poll = poll.map(|poll| polls::poll_title(lang, &poll.rules)).unwrap_or_default();
    // Points are tenths of a decibel.
    let weight = format!("{}.{}", group.points / 10, group.points % 10);
    let rows = vec![
        (say::poll(lang).to_owned(), poll),
        (say::shares(lang).to_owned(), words::shared_thing(lang, &group.lens).to_owned()),
        (say::state(lang).to_owned(), group_state(lang, group)),
        (say::proven(lang).to_owned(), ballot_count(group.proven, group.exact)),
        (say::found(lang).to_owned(), times::format_day(lang, group.found_at)),
        (say::points(lang).to_owned(), say::decibels(lang, weight)),
    ];
    view! { <Facts rows/>{counts_note(lang, !group.exact)} }.into_any()
}

fn terms_section(lang: Lang, group: &FraudGroup) -> AnyView {
    let row = |term: &EvidenceTerm| {
        let share = say::share_of(
            lang,
            ballot_count(step_of(term.count, group.exact), group.exact),
            ballot_count(step_of(term.of, group.exact), group.exact),
        );
        let points = say::decibels(lang, format!("{}.{}", term.points / 10, term.points % 10));
        let family = words::family_name(lang, term.signal.family());
        view! {
            <tr>
                <th scope="row">{words::signal_sentence(lang, term.signal)}</th>
                <td data-label=say::evidence_kind(lang)>{family}</td>
                <td data-label=say::evidence_share(lang)>{share}</td>
                <td class="number" data-label=say::points(lang)>{points}</td>
            </tr>
        }
    };
    let rows = group.terms.iter().map(row).collect_view();
    view! {
        <Section title=say::evidence(lang) lead=say::evidence_lead(lang)>
            <TableBox caption=say::evidence_caption(lang)>
                <thead>
                    <tr>
                        <th scope="col">{say::evidence_said(lang)}</th>
                        <th scope="col">{say::evidence_kind(lang)}</th>
                        <th scope="col">{say::evidence_share(lang)}</th>
                        <th scope="col" class="number">{say::points(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

/// POST /admin/{edition}/fraud/{group}
pub(crate) async fn rule_on_group(
    cx: RequestContext,
    Path((slug, group)): Path<(String, String)>,
    fields: FormFields,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let group: Uuid = group.parse().map_err(|_| AppError::NotFound)?;
    match apply_form(&cx, &edition, group, &fields).await {
        Ok(done) => Ok(redirect_to(&format!("/admin/{slug}/fraud/{group}?done={done}"))),
        Err(error) => {
            let text = |name: &str| fields.field_text(name).to_owned();
            let attempt = RulingAttempt {
                reason: text("reason"),
                note: text("note"),
                ballot: text("ballot"),
                message: text("message"),
                answer: match fields.field_text("appeal") {
                    "" => text(ANSWER_ALL),
                    appeal => text(&answer_field(appeal)),
                },
                appeal: text("appeal"),
                error: Some(error.clone()),
            };
            cx.show_again(group_page(&cx, edition, group, (attempt, "")).await?, &error)
        }
    }
}

/// Does what the form asks for. Returns the word for the notice.
async fn apply_form(
    cx: &RequestContext,
    edition: &Edition,
    group: Uuid,
    fields: &FormFields,
) -> Result<&'static str, AppError> {
    let (admin, backend) = (cx.require_admin()?, cx.backend());
    let id = |name: &str| fields.field_text(name).parse().map_err(|_| AppError::BadRequest);
    match fields.field_text("act") {
        "propose" => {
            let reason = RulingReason::from_code(fields.field_text("reason"));
            let no_reason = || AppError::Refused(Refusal::Fraud(FraudRefusal::NoReason));
            let proposal = RulingProposal {
                group,
                ballot: parse_ballot(fields.field_text("ballot"))?,
                reason: reason.ok_or_else(no_reason)?,
                note: fields.field_text("note").to_owned(),
                browser: browser_number(cx).to_owned(),
            };
            backend.propose_ruling(&admin, edition, proposal).await?;
            Ok("proposed")
        }
        "note" => {
            let message = fields.field_text("message");
            backend.write_group_note(&admin, edition, group, message).await?;
            Ok("noted")
        }
        "confirm" => {
            backend.confirm_ruling(&admin, edition, id("ruling")?).await?;
            Ok("confirmed")
        }
        "withdraw" => {
            backend.withdraw_ruling(&admin, edition, id("ruling")?).await?;
            Ok("withdrawn")
        }
        "answer" => {
            let field = answer_field(fields.field_text("appeal"));
            let (answer, revision) = (fields.field_text(&field), fields.field_text("revision"));
            let revision = revision.parse().map_err(|_| AppError::BadRequest)?;
            let shown = (group, vec![(id("appeal")?, revision)]);
            let answered = backend.answer_appeals(&admin, edition, shown, answer).await;
            answered.map_err(|error| error_of_field(error.into(), &field))?;
            Ok("answered")
        }
        "answer_all" => {
            let shown: Vec<_> = fields.all_texts("shown").filter_map(read_shown_appeal).collect();
            let answer = fields.field_text(ANSWER_ALL);
            let answered = backend.answer_appeals(&admin, edition, (group, shown), answer).await;
            answered.map_err(|error| error_of_field(error.into(), ANSWER_ALL))?;
            Ok("answered")
        }
        _ => Err(AppError::BadRequest),
    }
}

/// The field of one answer to all appeals of a page.
pub(crate) const ANSWER_ALL: &str = "answer-all";

/// Writes which text of an appeal was shown: whoever has changed it since gets no answer to it.
pub(crate) fn write_shown_appeal(appeal: Uuid, revision: i32) -> String {
    format!("{appeal}.{revision}")
}

fn read_shown_appeal(text: &str) -> Option<(Uuid, i32)> {
    let (appeal, revision) = text.split_once('.')?;
    Some((appeal.parse().ok()?, revision.parse().ok()?))
}

/// The field of the answer to an appeal: each has its own, because a page may have many.
pub(crate) fn answer_field(appeal: &str) -> String {
    format!("answer-{appeal}")
}

/// Ties the faults of a text to this field.
fn error_of_field(error: AppError, field: &str) -> AppError {
    let AppError::Invalid(faults) = error else { return error };
    let tie = |fault: FieldFault| FieldFault { field: field.to_owned(), ..fault };
    AppError::Invalid(faults.into_iter().map(tie).collect())
}

fn invalid_field(name: &'static str, problem: FieldProblem) -> AppError {
    AppError::from(backend::Error::invalid_field(name, problem))
}

/// Reads the number of a ballot as people copy it: in groups of digits, in capitals or not.
fn parse_ballot(text: &str) -> Result<Option<BallotId>, AppError> {
    let digits: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if text.trim().is_empty() {
        return Ok(None);
    }
    let id = Uuid::try_parse(&digits);
    let id = id.map_err(|_| invalid_field("ballot", FieldProblem::Malformed))?;
    Ok(Some(BallotId(id)))
}
