//! The sheet of printed codes. Codes become valid only after the PDF was made.

use axum::response::{IntoResponse as _, Response};
use backend::voting::roll::{CodesToPrint, PrintBatch};
use http::{HeaderValue, header};
use phrases::{Lang, roll as words};
use press::{PressError, Sheet, SheetFormat, Slip};

use crate::AppError;
use crate::voting::roll_desk::list::{RollFormOutcome, faulty_list};
use crate::voting::roll_desk::page::RollPoll;
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;
use crate::words::times;

/// Draws new codes and answers with their PDF. The PDF is made once and stored nowhere.
pub(crate) async fn print_code_sheet(
    cx: &RequestContext,
    place: &RollPoll,
    fields: &FormFields,
    which: CodesToPrint,
) -> RollFormOutcome {
    match try_to_print(cx, place, fields, which).await {
        Ok(Ok(response)) => Ok(Ok(response)),
        // Nothing was printed, so no code was issued.
        Ok(Err(PressError::Letter { letter, text })) => {
            Err(faulty_list(vec![words::fault_letter(cx.lang(), letter, text)]))
        }
        Ok(Err(error)) => Ok(Err(AppError::log_incident(&error))),
        Err(error) => Ok(Err(error)),
    }
}

async fn try_to_print(
    cx: &RequestContext,
    place: &RollPoll,
    fields: &FormFields,
    which: CodesToPrint,
) -> Result<Result<Response, PressError>, AppError> {
    let (admin, backend) = (cx.require_admin()?, cx.backend());
    let RollPoll { edition, poll } = place;
    let printing = backend.draw_roll_codes(&admin, edition, poll, which).await?;
    let fonts = cx.assets().sheet_fonts().ok_or_else(|| AppError::log_incident(&MissingFonts))?;
    let format = if fields.field_text("format") == "seats" {
        SheetFormat::Seats
    } else {
        SheetFormat::Slips
    };
    let sheet = sheet_words(cx, place, format);
    let slips = code_slips(cx, place, &printing);
    let printed =
        tokio::task::spawn_blocking(move || press::print_sheet(&fonts, &sheet, &slips)).await;
    let pdf = match printed.map_err(|error| AppError::log_incident(&error))? {
        Ok(pdf) => pdf,
        Err(error) => return Ok(Err(error)),
    };
    backend.issue_roll_codes(&admin, edition, poll, &printing).await?;
    let mut response = pdf.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"codes-{}-{}.pdf\"", edition.slug, poll.slug());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(Ok(response))
}

#[derive(Debug, thiserror::Error)]
#[error("this program was built without the fonts of printed sheets")]
struct MissingFonts;

/// Returns the words that all slips share, in both languages.
fn sheet_words(cx: &RequestContext, place: &RollPoll, format: SheetFormat) -> Sheet {
    let RollPoll { edition, poll } = place;
    let both = |say: &dyn Fn(Lang) -> String| [say(Lang::Ko), say(Lang::En)];
    let name = |lang: Lang| match &poll.rules.title {
        Some(title) => lang.choose_text(&title.ko, &title.en).to_owned(),
        None => words::the_vote(lang).to_owned(),
    };
    let [ko, en] = both(&name);
    let closes = poll.window.closes;
    let how = both(&|lang| match (format, poll.rules.may_change) {
        (SheetFormat::Slips, false) => words::slip_how(lang, times::format_deadline(lang, closes)),
        (SheetFormat::Slips, true) => {
            words::slip_how_change(lang, times::format_deadline(lang, closes))
        }
        // A seat label has room only for the day and the time.
        (SheetFormat::Seats, _) => times::format_short_deadline(lang, closes),
    });
    let address = typed_vote_address(cx, place);
    let head = words::sheet_head(
        Lang::Ko,
        &ko,
        &edition.title.ko,
        times::format_minute(Lang::Ko, edition.now),
    );
    let poll = if ko == en { ko } else { format!("{ko} · {en}") };
    let title = edition.title.ko.clone();
    Sheet { format, title, poll, head, lines: how.into(), address, language: "ko" }
}

/// Returns the address at which a code is typed. It is short, because people copy it from paper: it
/// has no `https://`, and no poll name if the edition has only one poll.
fn typed_vote_address(cx: &RequestContext, place: &RollPoll) -> String {
    let link = vote_link(cx, place);
    let typed = link.strip_prefix("https://").unwrap_or(&link);
    let end = format!("/{}", place.poll.slug());
    let short = typed.strip_suffix(&end).filter(|_| place.edition.polls.len() == 1);
    short.unwrap_or(typed).to_owned()
}

fn vote_link(cx: &RequestContext, RollPoll { edition, poll }: &RollPoll) -> String {
    let site = &cx.backend().settings().public_url;
    format!("{site}/editions/{}/vote/{}", edition.slug, poll.slug())
}

/// Builds the slips. Their link has the code after the `#`, because browsers never send that part
/// of a URL.
fn code_slips(cx: &RequestContext, place: &RollPoll, printing: &PrintBatch) -> Vec<Slip> {
    let link = vote_link(cx, place);
    let slip = |drawn: &backend::voting::roll::DrawnCode| {
        let code = drawn.code.groups_of_four();
        Slip {
            label: drawn.label.clone(),
            link: format!("{link}#code={}", code.concat()),
            code: code.into(),
        }
    };
    printing.slips.iter().map(slip).collect()
}
