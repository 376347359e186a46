//! `/verify`: anybody can check a receipt. The page contains the public keys of this site's
//! records, so its script needs no server. Without a script the form is posted to the server.

use domain::record::key::VerifierKey;
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, verify as words};
use voter::report::{Mood, ReceiptReport, describe_ballot_status, report_on_receipt};

use crate::AppError;
use crate::ui::{AreaField, FileField, Notice, PageHead, Section, Submit, TextField, Tone};
use crate::web::answer::PageResult;
use crate::web::fields::FormFields;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// Returns the address of this site without its scheme. The names of its records begin with it.
fn site_address(cx: &RequestContext) -> String {
    let url = &cx.backend().settings().public_url;
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    host.trim_end_matches('/').to_owned()
}

/// Loads the public keys of this site's records, one on each line.
async fn load_record_keys(cx: &RequestContext) -> Result<String, AppError> {
    let mut keys = Vec::new();
    for edition in cx.backend().public_editions().await? {
        match cx.backend().record_key(edition.id).await {
            Ok(key) => keys.push(key.to_string()),
            // The edition is not sealed yet, so nobody has a receipt.
            Err(backend::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(keys.join("\n"))
}

/// The posted fields and the result of the check.
#[derive(Default)]
struct ReceiptCheck {
    posted: bool,
    receipt: String,
    key: String,
    key_error: Option<String>,
    html: String,
    mood: Option<Mood>,
}

/// GET /verify
pub(crate) async fn show_verify_form(cx: RequestContext) -> PageResult {
    let keys = load_record_keys(&cx).await?;
    Ok(cx.render_page(verify_page(&cx, keys, ReceiptCheck::default())))
}

/// POST /verify: checks the receipt on the server, for browsers without a script. The server runs
/// the same code, adds what has become of the ballot, and stores nothing.
pub(crate) async fn verify_receipt(cx: RequestContext, fields: FormFields) -> PageResult {
    let (lang, keys) = (cx.lang(), load_record_keys(&cx).await?);
    let file = fields.uploaded_file().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let receipt = file.unwrap_or_else(|| fields.field_text("receipt").to_owned());
    let key = fields.field_text("key").trim().to_owned();
    let mut known: Vec<VerifierKey> = keys.lines().filter_map(|key| key.parse().ok()).collect();
    let typed = key.parse::<VerifierKey>();
    let key_error = (typed.is_err() && !key.is_empty()).then(|| words::key_malformed(lang).into());
    known.extend(typed);
    let mut checked =
        ReceiptCheck { posted: true, receipt, key, key_error, ..ReceiptCheck::default() };
    if checked.key_error.is_none() && !checked.receipt.trim().is_empty() {
        let mut found = report_on_receipt(lang, &checked.receipt, &known, |_| None);
        let status = load_ballot_status(&cx, &found).await?;
        found.points.extend(status.and_then(|status| describe_ballot_status(lang, &status)));
        (checked.html, checked.mood) = (found.to_html(lang), Some(found.mood));
    }
    let good = matches!(checked.mood, Some(Mood::Recorded | Mood::Accepted));
    let status = if good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(cx.render_page(verify_page(&cx, keys, checked).with_status(status)))
}

/// Returns what has become of the receipt's ballot, if it is of an edition of this site.
async fn load_ballot_status(
    cx: &RequestContext,
    found: &ReceiptReport,
) -> Result<Option<String>, AppError> {
    let Some(receipt) = &found.receipt else { return Ok(None) };
    match cx.backend().find_public_edition(receipt.edition.slug_text()).await {
        Ok(edition) => {
            let status = cx.backend().ballot_status(&edition, receipt.ballot).await?;
            Ok(status.map(|status| status.to_string()))
        }
        Err(backend::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn verify_page(cx: &RequestContext, keys: String, checked: ReceiptCheck) -> Page {
    let (lang, site) = (cx.lang(), site_address(cx));
    let result = check_result_section(lang, &checked);
    let form = verify_receipt_form(lang, checked);
    let page = Page::titled(words::title(lang), move || {
        view! {
            <PageHead title=words::title(lang) lead=words::lead(lang)>""</PageHead>
            <div id="verifier" class="verify" data-lang=lang.language_tag() data-keys=keys data-site=site>
                <div class="verify-offline" id="verify-offline" role="status" hidden>
                    <Notice lang tone=Tone::Info><p>{words::offline_now(lang)}</p></Notice>
                </div>
                {result}
                {kept_receipts_section(lang)}
                {form}
            </div>
            {about_check_section(lang)}
        }
    });
    page.with_description(words::lead(lang)).with_voter_bundle()
}

fn check_result_section(lang: Lang, checked: &ReceiptCheck) -> AnyView {
    let html = checked.html.clone();
    let empty = checked.posted && checked.mood.is_none() && checked.key_error.is_none();
    let where_checked = checked.mood.map(|_| words::on_server(lang));
    view! {
        <section class="verify-result" aria-label=words::result(lang)>
            <div id="verify-result" role="status" tabindex="-1" inner_html=html></div>
            {empty.then(|| view! { <p>{words::empty(lang)}</p> })}
            <p id="verify-where" class="small muted" hidden=where_checked.is_none()>
                {where_checked.unwrap_or_default()}
            </p>
        </section>
    }
    .into_any()
}

/// Builds the empty list of receipts that the browser keeps. A script fills and shows it.
fn kept_receipts_section(lang: Lang) -> AnyView {
    view! {
        <section class="verify-kept" id="verify-kept" hidden>
            <h2>{words::kept_title(lang)}</h2>
            <p id="verify-kept-text">{words::kept(lang)}</p>
            <ul class="cluster" id="verify-list"></ul>
            <button type="button" class="button" data-weight="quiet" id="verify-forget">
                {words::forget(lang)}
            </button>
        </section>
    }
    .into_any()
}

fn verify_receipt_form(lang: Lang, checked: ReceiptCheck) -> AnyView {
    let ReceiptCheck { receipt, key, key_error, .. } = checked;
    view! {
        <form method="post" action="/verify" enctype="multipart/form-data" class="form verify-form"
            id="verify-form" data-offline="">
            <noscript><p>{words::no_script(lang)}</p></noscript>
            <div class="verify-drop">
                <p class="verify-drop-words" aria-hidden="true">{words::drop(lang)}</p>
                <FileField lang name="file" label=words::file(lang) hint=words::file_hint(lang)
                    accept=".txt,text/plain"/>
            </div>
            <AreaField lang name="receipt" label=words::text(lang) hint=words::text_hint(lang)
                value=receipt rows=6/>
            <TextField lang name="key" label=words::key(lang) hint=words::key_hint(lang) value=key
                error=key_error/>
            <div class="actions"><Submit label=words::go(lang)/></div>
        </form>
    }
    .into_any()
}

fn about_check_section(lang: Lang) -> AnyView {
    let list = |items: [&'static str; 3]| {
        items.map(|item| view! { <li>{item}</li> }).into_iter().collect_view()
    };
    let checked = list([
        words::checked_signature(lang),
        words::checked_proof(lang),
        words::checked_picks(lang),
    ]);
    let unchecked = list([
        words::unchecked_choice(lang),
        words::unchecked_fork(lang),
        words::unchecked_count(lang),
    ]);
    view! {
        <div class="verify-about">
            <Section title=words::checked_title(lang)><ul class="prose">{checked}</ul></Section>
            <Section title=words::unchecked_title(lang)><ul class="prose">{unchecked}</ul></Section>
        </div>
        <Section title=words::audit_title(lang)>
            <div class="prose">
                <p>{words::audit(lang)}</p>
                <pre><code>"hanpyo-audit receipt hanpyo-….txt --key '…'"</code></pre>
                <p>{words::offline(lang)}</p>
            </div>
        </Section>
    }
    .into_any()
}
