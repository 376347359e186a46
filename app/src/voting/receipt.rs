//! The receipt of a ballot and its file.

pub(crate) mod leave;

use axum::extract::Query;
use axum::response::IntoResponse as _;
use backend::editions::{Edition, Poll};
use backend::fraud::HeldState;
use backend::record::Record;
use backend::voting::{Receipt as Received, VoterToken};
use domain::ids::BallotId;
use domain::rulebook::{OpeningsAccess, RecordRules};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, fraud as fraud_words, verify as verify_words, voting as words};
use serde::Deserialize;

use crate::AppError;
use crate::ui::{ButtonLink, ButtonWeight, Notice, PageHead, Receipt, Submit, Tone, qr};
use crate::voting::booth::{Booth, PollPath, distinct_poll_name, find_booth, vote_path};
use crate::voting::cookies::voter_token;
use crate::voting::steps::{VoteStep, vote_steps_section};
use crate::voting::voter_status::change_vote_section;
use crate::web::answer::{PageResult, plain_text_answer, redirect_to};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::numbers::format_ballot_number;
use crate::words::times;

/// The query of the receipt page: whether the voter tried to cast a second ballot.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ReceiptQuery {
    again: Option<String>,
    /// Set after a ballot with a code that was replaced during the vote.
    handed_in: Option<String>,
}

fn accepted_at_text(lang: Lang, received: &Received) -> String {
    let second = received.admitted_at.format("%S");
    words::receipt_when_text(lang, second, times::format_minute(lang, received.admitted_at))
}

fn edition_title(lang: Lang, edition: &Edition) -> String {
    lang.choose_text(&edition.title.ko, &edition.title.en).to_owned()
}

/// Loads the receipt of the voter who is verified in this browser, also after the close of the
/// poll.
async fn load_receipt(
    cx: &RequestContext,
    names: PollPath,
) -> Result<(Booth, Option<Received>), AppError> {
    let booth = find_booth(cx, names).await?;
    let token = voter_token(cx);
    let receipt = match cx.backend().verified_browser(&booth.poll, token).await? {
        Some(voter) => cx.backend().voter_receipt(&voter).await?,
        None => None,
    };
    Ok((booth, receipt))
}

/// GET /editions/{edition}/vote/{poll}/receipt
pub(crate) async fn show_receipt(
    cx: RequestContext,
    names: PollPath,
    Query(query): Query<ReceiptQuery>,
) -> PageResult {
    let (booth, received) = load_receipt(&cx, names).await?;
    match received {
        Some(received) => {
            let papers = ReceiptParts::load_receipt_parts(&cx, &booth, &received).await?;
            let page = receipt_page(&cx, &booth, &received, papers, query.again.is_some());
            Ok(cx.render_page(page))
        }
        None if query.handed_in.is_some() => Ok(cx.render_page(handed_in_page(cx.lang(), &booth))),
        None => Ok(redirect_to(&vote_path(&booth, ""))),
    }
}

/// Builds the page after a ballot with a code that was replaced during the vote. It says the same
/// whether the ballot was stored or not.
fn handed_in_page(lang: Lang, booth: &Booth) -> Page {
    let ways_on = after_vote_section(lang, booth);
    Page::titled(words::handed_in_title(lang), move || {
        view! {
            <PageHead title=words::handed_in_title(lang) lead=words::handed_in(lang)>""</PageHead>
            {ways_on}
        }
    })
    .for_edition(&booth.edition)
}

/// The data of the page and the file of a receipt.
struct ReceiptParts {
    /// The receipt's signed note.
    note: String,
    /// The line of the record with its proof. `None` while the ballot waits to be recorded.
    proof: Option<String>,
    /// The opening of the commitment. Always `None` on a shared machine.
    opening: Option<String>,
    /// The public key of the edition's record.
    keys: String,
    /// What the page says while the ballot waits to be recorded.
    waiting: String,
    /// What has become of the ballot if the fraud checks held it, and whether its voter can appeal.
    held: Option<(HeldState, bool)>,
}

impl ReceiptParts {
    async fn load_receipt_parts(
        cx: &RequestContext,
        booth: &Booth,
        received: &Received,
    ) -> Result<Self, AppError> {
        let (backend, Booth { edition, poll }) = (cx.backend(), booth);
        let voter = VoterToken::with_cookie(poll, voter_token(cx));
        let opening =
            if cx.is_kiosk() { None } else { backend.voter_opening(edition, &voter).await? };
        let proof = backend.ballot_proof(edition.id, received.ballot).await?;
        let record = backend.edition_record(edition.id).await?.ok_or(AppError::NotFound)?;
        let note = backend.receipt_note(edition, poll, received).await?;
        Ok(Self {
            held: load_held_state(cx, booth, received.ballot, &note).await?,
            note,
            proof: proof.map(|proof| proof.to_string()),
            opening: opening.map(|opening| opening.to_string()),
            keys: backend.record_key(edition.id).await?.to_string(),
            waiting: waiting_text(cx.lang(), poll, &record, received),
        })
    }

    /// Returns the link of the QR code: `/verify` with the receipt after the `#`.
    fn verify_link(&self, cx: &RequestContext) -> Option<String> {
        let url = cx.backend().settings().public_url.trim_end_matches('/');
        voter::link::encode_receipt(&self.note).map(|receipt| format!("{url}/verify#{receipt}"))
    }

    /// Returns the commitment as text, as the record has it.
    fn commitment_text(&self) -> String {
        let line = self.note.lines().find_map(|line| line.strip_prefix("commitment "));
        line.unwrap_or_default().to_owned()
    }
}

/// Returns what has become of a held ballot, and whether its voter can appeal.
async fn load_held_state(
    cx: &RequestContext,
    booth: &Booth,
    ballot: BallotId,
    note: &str,
) -> Result<Option<(HeldState, bool)>, AppError> {
    let backend = cx.backend();
    let Some(state) = backend.held_state(booth.poll.id, ballot).await? else { return Ok(None) };
    let open = backend.find_held_ballot(&booth.edition, note).await?.open;
    Ok(Some((state, open)))
}

/// Says by when the ballot is in the record, and why it may have to wait.
fn waiting_text(lang: Lang, poll: &Poll, record: &Record, received: &Received) -> String {
    let RecordRules { ballots, minutes, fewest } = record.release;
    if ballots == 1 {
        return verify_words::state_waiting(lang).to_owned();
    }
    let by = times::format_minute(lang, record.recorded_by(poll, received.admitted_at));
    verify_words::state_batched(lang, ballots, by, fewest, minutes)
}

fn receipt_page(
    cx: &RequestContext,
    booth: &Booth,
    received: &Received,
    papers: ReceiptParts,
    again: bool,
) -> Page {
    let (lang, Booth { edition, poll }) = (cx.lang(), booth);
    let code = format_ballot_number(received.ballot);
    let mut rows = vec![
        (words::receipt_edition(lang).to_owned(), edition_title(lang, edition)),
        (words::receipt_when(lang).to_owned(), accepted_at_text(lang, received)),
    ];
    if let Some(name) = distinct_poll_name(lang, edition, poll) {
        rows.insert(1, (words::poll(lang).to_owned(), name));
    }
    // A shared machine offers no file, because the next voter would find it. The voter takes the QR
    // code or prints the receipt.
    let file = (!cx.is_kiosk()).then(|| {
        let name = receipt_file_name(received);
        (vote_path(booth, "/receipt/file"), name)
    });
    let earlier = again.then(|| earlier_ballot_notice(lang, poll));
    let again = again && !poll.rules.may_change;
    let title = if again { words::already_title(lang) } else { words::receipt_title(lang) };
    let qr = papers.verify_link(cx).map(|link| receipt_qr_section(cx, link));
    let (steps, ways_on) =
        (vote_steps_section(lang, booth, VoteStep::Receipt), after_vote_section(lang, booth));
    let commitment = papers.commitment_text();
    let note = ballot_number_text(lang, poll);
    let close = match papers.held {
        Some((HeldState::Waiting | HeldState::Excluded, true)) => fraud_words::receipt_keep(lang),
        _ => words::receipt_close(lang),
    };
    let held = papers.held.map(|held| held_notice(cx, edition, held, papers.note.clone()));
    let keeper = record_status_section(cx, booth, received, papers);
    let page = Page::titled(title, move || {
        view! {
            {steps}
            {earlier}
            {held}
            <Receipt lang title code rows>
                {keeper}
                <p><strong>{close}</strong></p>
                // With a script the link holds the file: some programs fetch files without cookies.
                {file.map(|(href, name)| view! {
                    <div class="actions no-print">
                        <a class="button" id="receipt-file" href=href download=name
                            data-weight=ButtonWeight::Secondary.data_weight()>
                            {words::receipt_file(lang)}
                        </a>
                    </div>
                })}
                {qr}
                <p class="small muted">{note}</p>
                <details class="small no-print">
                    <summary>{words::receipt_commitment(lang)}</summary>
                    <p class="receipt-hex">{commitment}</p>
                </details>
                <p class="small muted no-print">{words::receipt_print(lang)}</p>
            </Receipt>
            {ways_on}
        }
    });
    page.for_edition(edition).with_voter_bundle()
}

/// Builds the choices after a vote: change the vote if the rules allow it, see the other polls,
/// leave.
fn after_vote_section(lang: Lang, booth: &Booth) -> AnyView {
    let edition = &booth.edition;
    let change = change_vote_section(lang, booth).map(|change| {
        view! {
            <div class="no-print"><Notice lang tone=Tone::Info>{change}</Notice></div>
        }
    });
    let more = (edition.polls.len() > 1).then(|| format!("/editions/{}/vote", edition.slug));
    view! {
        {change}
        {more.map(|href| view! {
            <div class="actions no-print">
                <ButtonLink label=words::other_polls(lang) href weight=ButtonWeight::Secondary/>
            </div>
        })}
        <form method="post" class="form no-print" id="leave" data-offline="">
            <p>{words::leave_hint(lang)}</p>
            <div class="actions">
                <Submit label=words::leave(lang) weight=ButtonWeight::Secondary/>
            </div>
        </form>
    }
    .into_any()
}

/// Returns the sentence about what the number of a ballot reveals to others.
fn ballot_number_text(lang: Lang, poll: &Poll) -> &'static str {
    match poll.rules.openings {
        OpeningsAccess::Public => words::receipt_note_opened(lang),
        OpeningsAccess::Observers => words::receipt_note(lang),
    }
}

/// Builds the QR code that opens the check of this receipt on a phone.
fn receipt_qr_section(cx: &RequestContext, link: String) -> AnyView {
    let lang = cx.lang();
    let code = qr::render_qr_code(&link, words::receipt_qr(lang));
    // A shared machine cannot open `/verify`. The QR code is for the voter's own phone.
    let here = (!cx.is_kiosk()).then(|| {
        view! { <p class="small no-print"><a href=link>{verify_words::here(lang)}</a></p> }
    });
    view! {
        <div class="receipt-qr">
            {code}
            <p class="small muted">{words::receipt_qr_hint(lang)}</p>
            {here}
        </div>
    }
    .into_any()
}

/// Builds the notice about a ballot that was held, with the way to an appeal. It never says which
/// evidence was seen.
fn held_notice(
    cx: &RequestContext,
    edition: &Edition,
    (state, open): (HeldState, bool),
    note: String,
) -> AnyView {
    let lang = cx.lang();
    let (tone, title, text) = match state {
        HeldState::Waiting => {
            (Tone::Warning, fraud_words::receipt_held(lang), fraud_words::receipt_held_text(lang))
        }
        HeldState::Excluded => (
            Tone::Warning,
            fraud_words::receipt_excluded(lang),
            match open {
                true => fraud_words::receipt_excluded_text(lang),
                false => fraud_words::receipt_excluded_over(lang),
            },
        ),
        HeldState::Restored => (
            Tone::Success,
            fraud_words::receipt_restored(lang),
            fraud_words::receipt_restored_text(lang),
        ),
    };
    // A shared machine opens no page outside the vote.
    let can_appeal = open && !cx.is_kiosk();
    let action = format!("/record/{}/appeal", edition.slug);
    let appeal = can_appeal.then(|| {
        view! {
            <form method="post" action=action class="actions no-print">
                <input type="hidden" name="receipt" value=note/>
                <Submit label=fraud_words::to_appeal(lang) weight=ButtonWeight::Secondary
                    name="act" value="look"/>
            </form>
        }
    });
    view! { <Notice lang tone title><p>{text}</p>{appeal}</Notice> }.into_any()
}

/// Builds the notice that the ballot just sent does not count: the voter had already voted, or has
/// changed the vote since.
fn earlier_ballot_notice(lang: Lang, poll: &Poll) -> AnyView {
    let text = match poll.rules.may_change {
        true => words::already_changed(lang),
        false => words::already(lang),
    };
    view! { <Notice lang tone=Tone::Warning><p>{text}</p></Notice> }.into_any()
}

/// Builds the part that says whether the ballot is in the public record. Its script waits for the
/// proof, checks it and stores it in the browser.
fn record_status_section(
    cx: &RequestContext,
    booth: &Booth,
    received: &Received,
    papers: ReceiptParts,
) -> AnyView {
    let lang = cx.lang();
    let ReceiptParts { note, proof, opening, keys, waiting, .. } = papers;
    let proof_path = format!("/record/{}/proof/{}", booth.edition.slug, received.ballot.0.simple());
    let text = match proof {
        Some(_) => verify_words::state_entered(lang).to_owned(),
        None => waiting,
    };
    let keep_it = (!cx.is_kiosk()).then(|| {
        let sentence = verify_words::state_no_script(lang);
        view! { <noscript><p class="small">{sentence}</p></noscript> }
    });
    view! {
        <div class="keeper" id="keeper" data-state="waiting" data-lang=lang.language_tag() data-note=note
            data-proof=proof_path data-keys=keys data-opening=opening>
            <p class="keeper-title">{verify_words::state_title(lang)}</p>
            <p role="status"><span id="keeper-text">{text}</span>" "<span id="keeper-more"></span></p>
            {keep_it}
        </div>
    }
    .into_any()
}

fn receipt_file_name(received: &Received) -> String {
    format!("hanpyo-{}.txt", received.ballot.0.simple())
}

/// GET /editions/{edition}/vote/{poll}/receipt/file: the receipt as a text file, with the proof if
/// there is one.
pub(crate) async fn receipt_file(cx: RequestContext, names: PollPath) -> PageResult {
    let (booth, received) = load_receipt(&cx, names).await?;
    let Some(received) = received else {
        // Some programs fetch files without the browser's cookies, and would save a page as a receipt.
        let sentence = words::receipt_file_elsewhere(cx.lang());
        return Ok(plain_text_answer(StatusCode::UNAUTHORIZED, sentence));
    };
    let ReceiptParts { note, proof, .. } =
        ReceiptParts::load_receipt_parts(&cx, &booth, &received).await?;
    let text = match proof {
        Some(proof) => format!("{note}-----\n{proof}"),
        None => note,
    };
    let name = format!("attachment; filename=\"{}\"", receipt_file_name(&received));
    let mut response = text.into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
