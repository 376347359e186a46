//! /record/{edition}: what the record is, its state, how to check it, and the form of observers.

use axum::extract::{Path, Query};
use backend::editions::{Edition, Poll};
use backend::record::{BallotBalance, ObserverStatement, Record, RecordedPoll};
use domain::record::checkpoint::Checkpoint;
use domain::record::key::VerifierKey;
use domain::record::note::Note;
use domain::record::tile::TILE_WIDTH;
use domain::rulebook::OpeningsAccess;
use domain::rulebook::RecordRules;
use domain::schedule::Phase;
use leptos::prelude::*;
use phrases::{Lang, record as say};

use crate::AppError;
use crate::record::observers;
use crate::record::observers::{ObserverAttempt, ObserverQuery};
use crate::ui::{
    ButtonLink, ButtonWeight, Empty, Facts, FileItem, Files, PageHead, Section, TableBox, Ways,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::numbers::group_thousands;
use crate::words::{editions, polls, times};

/// What the page shows of a record.
struct RecordPageData {
    record: Record,
    key: VerifierKey,
    balances: Vec<RecordedPoll>,
    observers: Vec<ObserverStatement>,
    attempt: ObserverAttempt,
}

/// GET /record/{edition}
pub(crate) async fn show_record(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(asked): Query<ObserverQuery>,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let page = load_record_page(
        &cx,
        edition,
        ObserverAttempt { query: asked, ..ObserverAttempt::default() },
    )
    .await?;
    Ok(cx.render_page(page))
}

/// Loads the record and builds the page, with the outcome of a form.
pub(crate) async fn load_record_page(
    cx: &RequestContext,
    edition: Edition,
    came: ObserverAttempt,
) -> Result<Page, AppError> {
    let shown = match cx.backend().edition_record(edition.id).await? {
        Some(record) => {
            let key = cx.backend().record_key(edition.id).await?;
            let recorded = cx.backend().published_balance(&edition).await?;
            let observers = cx.backend().observer_statements(&edition).await?;
            Some(RecordPageData { record, key, balances: recorded, observers, attempt: came })
        }
        None => None,
    };
    Ok(record_page(cx, edition, shown))
}

fn record_page(cx: &RequestContext, edition: Edition, shown: Option<RecordPageData>) -> Page {
    let lang = cx.lang();
    let url = format!("{}/record/{}", cx.backend().settings().public_url, edition.slug);
    let crumbs = vec![
        (phrases::shell::editions(lang).to_owned(), Some("/editions".to_owned())),
        (editions::edition_title(lang, &edition), Some(format!("/editions/{}", edition.slug))),
        (say::name(lang).to_owned(), None),
    ];
    let of = edition.clone();
    let page = Page::titled(say::title(lang), move || {
        let body = match shown {
            None => view! { <Empty title=say::empty_title(lang)><p>{say::empty(lang)}</p></Empty> }
                .into_any(),
            Some(shown) => view! {
                {observer_attempt_notice(lang, &shown.attempt)}
                {record_state_section(lang, &shown)}
                {observers::observers_table(lang, &shown.observers)}
                {poll_balance_table(lang, &edition, &shown.balances)}
                {record_files_section(lang, &edition, &shown)}
                {observers::observer_note_form(lang, &edition, &shown.attempt)}
                {how_to_verify_section(lang, &url)}
            }
            .into_any(),
        };
        view! {
            <PageHead title=say::title(lang) eyebrow=editions::edition_title(lang, &edition)
                lead=say::lead(lang)/>
            {about_record_section(lang)}
            {body}
        }
    });
    page.for_edition(&of).with_crumbs(crumbs).with_description(say::lead(lang))
}

/// Builds the notices about the outcome of the form.
fn observer_attempt_notice(lang: Lang, came: &ObserverAttempt) -> AnyView {
    let done = (came.query.done == "observed").then(|| say::signed(lang));
    view! {
        {render_done_notice(lang, done)}
        {render_form_errors(lang, came.error.as_ref())}
    }
    .into_any()
}

fn about_record_section(lang: Lang) -> AnyView {
    let items = [
        (say::what_rules(lang), say::what_rules_text(lang)),
        (say::what_ballots(lang), say::what_ballots_text(lang)),
        (say::what_order(lang), say::what_order_text(lang)),
        (say::what_balance(lang), say::what_balance_text(lang)),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()));
    view! {
        <Section title=say::what(lang)>
            <Ways items=items.into()/>
            <p><strong>{say::not_promised(lang)}</strong>" "{say::not_promised_text(lang)}</p>
        </Section>
    }
    .into_any()
}

fn record_state_section(lang: Lang, shown: &RecordPageData) -> AnyView {
    let record = &shown.record;
    let mut rows = vec![
        (say::sealed_at(lang).to_owned(), times::format_minute(lang, record.sealed_at)),
        (say::rulebook_hash(lang).to_owned(), record.rulebook_hash.to_string()),
        (say::size(lang).to_owned(), say::lines(lang, group_thousands(record.signed_size))),
    ];
    let note: Option<Note> = record.checkpoint.as_ref().and_then(|note| note.parse().ok());
    if let Some(note) = note {
        if let Ok(checkpoint) = Checkpoint::from_signed_note(&note, &shown.key) {
            rows.push((say::root(lang).to_owned(), checkpoint.root.to_base64()));
        }
        rows.push((say::witnesses(lang).to_owned(), witness_names(lang, &note, &shown.key)));
    }
    rows.push((say::key(lang).to_owned(), shown.key.to_string()));
    let lead = if record.release == RecordRules::AT_ONCE {
        say::state_lead_at_once(lang)
    } else {
        say::state_lead(lang)
    };
    if let Some(at) = record.erased_at {
        rows.push((say::erased_at(lang).to_owned(), times::format_minute(lang, at)));
    }
    view! {
        <Section title=say::state(lang) lead><Facts rows/></Section>
    }
    .into_any()
}

/// Returns the names of the signatures on a checkpoint, without the log's own. Their signatures are
/// not checked, because this page has no list of trusted witnesses.
fn witness_names(lang: Lang, note: &Note, key: &VerifierKey) -> String {
    let others = note.signatures().iter().filter(|signature| !key.is_claimed_by(signature));
    let names: Vec<&str> = others.map(|signature| signature.signer_name()).collect();
    if names.is_empty() { say::none(lang).to_owned() } else { names.join(", ") }
}

fn poll_balance_table(lang: Lang, edition: &Edition, recorded: &[RecordedPoll]) -> AnyView {
    let rows = edition
        .polls
        .iter()
        .zip(recorded)
        .map(|(poll, recorded)| {
            let state = match (recorded.balance, recorded.opened) {
                (Some(balance), _) => closed_text(lang, balance.closed),
                (None, Some(opened)) => say::open_since(lang, minute_text(lang, opened)),
                (None, None) => say::not_open(lang).to_owned(),
            };
            let cell = |label: &'static str, of: fn(&BallotBalance) -> u64| {
                let text = recorded
                    .balance
                    .as_ref()
                    .map_or("–".to_owned(), |recorded| group_thousands(of(recorded)));
                view! { <td data-label=label class="number">{text}</td> }
            };
            view! {
                <tr>
                    <th scope="row">{polls::poll_title(lang, &poll.rules)}</th>
                    <td data-label=say::poll_state(lang)>{state}</td>
                    {cell(say::received(lang), |balance| balance.received)}
                    {cell(say::counted(lang), |balance| balance.counted)}
                    {cell(say::held(lang), |balance| balance.held)}
                    {cell(say::excluded(lang), |balance| balance.excluded)}
                    {cell(say::replaced(lang), |balance| balance.replaced)}
                </tr>
            }
        })
        .collect_view();
    let heads = [
        say::poll(lang),
        say::poll_state(lang),
        say::received(lang),
        say::counted(lang),
        say::held(lang),
        say::excluded(lang),
        say::replaced(lang),
    ]
    .map(|head| view! { <th scope="col">{head}</th> })
    .into_iter()
    .collect_view();
    let report = format!("/record/{}/fraud", edition.slug);
    let appeal = format!("/record/{}/appeal", edition.slug);
    view! {
        <Section title=say::polls(lang) lead=say::polls_lead(lang)>
            <TableBox caption=say::polls(lang)>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </TableBox>
            <div class="actions">
                <ButtonLink label=phrases::fraud::report_link(lang) href=report
                    weight=ButtonWeight::Secondary/>
                <ButtonLink label=phrases::fraud::appeal_link(lang) href=appeal
                    weight=ButtonWeight::Secondary/>
            </div>
        </Section>
    }
    .into_any()
}

fn closed_text(lang: Lang, at: domain::record::words::UtcSecond) -> String {
    say::closed_at(lang, times::format_end(lang, at.first_instant()))
}

fn minute_text(lang: Lang, at: domain::record::words::UtcSecond) -> String {
    times::format_minute(lang, at.first_instant())
}

fn record_files_section(lang: Lang, edition: &Edition, shown: &RecordPageData) -> AnyView {
    let base = format!("/record/{}", edition.slug);
    let item = |name: String, path: &str| FileItem {
        name,
        note: path.split('?').next().unwrap_or_default().to_owned(),
        href: Some(format!("{base}/{path}")),
    };
    let signed = shown.record.signed_size;
    let mut items = vec![
        item(say::file_rulebook(lang).to_owned(), "rulebook.json"),
        item(say::file_key(lang).to_owned(), "key"),
    ];
    if signed > 0 {
        items.push(item(say::file_checkpoint(lang).to_owned(), "checkpoint"));
        let first = match u16::try_from(signed) {
            Ok(width) if width < TILE_WIDTH => format!("entries/000.p/{width}"),
            _ => "entries/000".to_owned(),
        };
        items.push(item(say::file_first(lang).to_owned(), &first));
    }
    let public = edition.results_public().is_ok();
    if public {
        items.push(item(say::file_result(lang).to_owned(), "result.json"));
    }
    if !shown.observers.is_empty() {
        items.push(item(say::observed(lang).to_owned(), "observed"));
    }
    let closed = |(_, recorded): &(&Poll, &RecordedPoll)| recorded.balance.is_some();
    for (poll, _) in edition.polls.iter().zip(&shown.balances).filter(closed) {
        let (slug, name) = (poll.slug(), polls::poll_title(lang, &poll.rules));
        let observer = &shown.attempt.query.observer;
        let observes = !observer.is_empty() && edition.current_phase() >= Phase::Deliberation;
        let link = if observes { format!("?observer={observer}") } else { String::new() };
        if public || observes {
            items.push(item(say::file_cvr(lang, &name), &format!("cvr/{slug}.csv{link}")));
        }
        if observes || (public && poll.rules.openings == OpeningsAccess::Public) {
            items
                .push(item(say::file_openings(lang, &name), &format!("openings/{slug}.csv{link}")));
        }
    }
    view! {
        <Section title=say::files(lang) lead=say::files_lead(lang)><Files lang items/></Section>
    }
    .into_any()
}

fn how_to_verify_section(lang: Lang, url: &str) -> AnyView {
    let name = url.rsplit('/').next().unwrap_or_default();
    let fetch = format!("hanpyo-audit fetch {url} {name}");
    let verify = format!("hanpyo-audit verify {name}");
    view! {
        <Section title=say::verify(lang) id="verify">
            <div class="stack">
                <h3>{say::verify_own(lang)}</h3>
                <p>{say::verify_own_text(lang)}</p>
                <div class="actions"><ButtonLink label=say::verify_own(lang) href="/verify"/></div>
                <h3>{say::verify_all(lang)}</h3>
                <p>{say::verify_all_text(lang)}</p>
                <p><code>{fetch}</code></p>
                <p><code>{verify}</code></p>
            </div>
        </Section>
    }
    .into_any()
}

/// POST /record/{edition}?observer=…: stores what an observer has signed.
pub(crate) async fn submit_observer_note(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(asked): Query<ObserverQuery>,
    fields: FormFields,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let (key, note) = (fields.field_text("key"), fields.field_text("note"));
    match cx.backend().store_observer_statement(&edition, &asked.observer, key, note).await {
        Ok(()) => {
            cx.app_state().page_cache.clear_pages();
            // The secret of a valid link has only characters that a URL allows.
            Ok(redirect_to(&format!("/record/{slug}?observer={}&done=observed", asked.observer)))
        }
        Err(error) => {
            let error = AppError::from(error);
            let (key, note) = (key.to_owned(), note.to_owned());
            let asked = ObserverQuery { done: String::new(), ..asked };
            let came = ObserverAttempt { error: Some(error.clone()), key, note, query: asked };
            cx.show_again(load_record_page(&cx, edition, came).await?, &error)
        }
    }
}
