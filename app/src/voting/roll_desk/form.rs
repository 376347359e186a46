//! The forms of a roll: they add labels, print sheets and replace single codes.

use backend::voting::roll::{AddedLabels, CodesToPrint};
use domain::roll::{Label, LineFault, LineProblem, parse_list, seats};
use domain::rulebook::Identity;
use domain::text::FieldProblem;
use http::StatusCode;
use phrases::{Lang, roll as words};
use unicode_normalization::UnicodeNormalization as _;

use crate::AppError;
use crate::voting::roll_desk::page::{Asked, Attempt, Names, Place, place, roll_page};
use crate::voting::roll_desk::sheet::sheet;
use crate::web::answer::{Answer, go};
use crate::web::fields::Fields;
use crate::web::request::Cx;
use crate::words::errors;

/// POST /admin/{edition}/polls/{poll}/roll
pub(crate) async fn submit(cx: Cx, names: Names, fields: Fields) -> Answer {
    let place = place(&cx, names).await?;
    if place.poll.rules.identity != Identity::Roll {
        return Err(AppError::NotFound);
    }
    let done = match fields.text("act") {
        "add" => add_list(&cx, &place, &fields).await,
        "seats" => add_seats(&cx, &place, &fields).await,
        "print" => Ok(sheet(&cx, &place, &fields, CodesToPrint::Waiting).await),
        "print_all" if fields.has("confirm_all") => {
            Ok(sheet(&cx, &place, &fields, CodesToPrint::All).await)
        }
        "empty" if fields.has("confirm_empty") => Ok(empty(&cx, &place).await),
        "print_all" | "empty" => Err(unconfirmed(cx.lang())),
        "reissue" => Ok(sheet(&cx, &place, &fields, CodesToPrint::One(entry(&fields)?)).await),
        "void" => Ok(void(&cx, &place, &fields).await),
        _ => return Err(AppError::BadRequest),
    };
    let mut attempt = match done {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => Attempt { error: Some(error), ..Attempt::default() },
        Err(attempt) => attempt,
    };
    let error = attempt.error.clone();
    attempt.labels = fields.text("labels").to_owned();
    attempt.seats = ["first", "count", "in_row"].map(|name| fields.text(name).to_owned());
    let page = roll_page(&cx, &place, attempt, &Asked::default()).await?;
    match error {
        Some(error) => cx.again(page, &error),
        None => Ok(cx.page(page.status(StatusCode::UNPROCESSABLE_ENTITY))),
    }
}

/// The outcome of a form: `Ok` is a finished answer or an error page; `Err` is the state with which
/// the page is shown again.
type Done = Result<Answer, Attempt>;

fn unconfirmed(lang: Lang) -> Attempt {
    Attempt { faults: vec![words::confirm_missing(lang).to_owned()], ..Attempt::default() }
}

fn entry(fields: &Fields) -> Result<uuid::Uuid, AppError> {
    fields.text("entry").parse().map_err(|_| AppError::BadRequest)
}

fn back(place: &Place, done: &str) -> Answer {
    let (edition, poll) = (&place.edition.slug, place.poll.slug());
    Ok(go(&format!("/admin/{edition}/polls/{poll}/roll?done={done}")))
}

async fn empty(cx: &Cx, place: &Place) -> Answer {
    cx.backend().empty_roll(&cx.admin()?, &place.edition, &place.poll).await?;
    back(place, "emptied")
}

async fn void(cx: &Cx, place: &Place, fields: &Fields) -> Answer {
    let entry = entry(fields)?;
    cx.backend().void_roll_entry(&cx.admin()?, &place.edition, &place.poll, entry).await?;
    back(place, "voided")
}

/// Decodes a file as UTF-8, else as CP949, because Korean spreadsheets write CP949. Composes the
/// letters (NFC), because a file from a Mac has decomposed letters: they look the same but would
/// make another label. Returns `None` if the file is neither.
fn decoded(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let (text, _, faulty) = encoding_rs::EUC_KR.decode(bytes);
            if faulty {
                return None;
            }
            text.into_owned()
        }
    };
    Some(text.nfc().collect())
}

async fn add_list(cx: &Cx, place: &Place, fields: &Fields) -> Done {
    let lang = cx.lang();
    let read = match fields.file() {
        Some(bytes) => decoded(bytes),
        None => Some(fields.text("labels").nfc().collect()),
    };
    let fault = |fault| Attempt { faults: vec![fault], ..Attempt::default() };
    let text = read.ok_or_else(|| fault(words::not_text(lang).to_owned()))?;
    let lines = parse_list(&text).map_err(|faults| Attempt {
        faults: faults.iter().map(|fault| line_fault(lang, *fault)).collect(),
        ..Attempt::default()
    })?;
    if lines.is_empty() {
        return Err(fault(errors::field(lang, FieldProblem::Missing)));
    }
    let labels = lines.iter().map(|(_, label)| label.clone()).collect();
    add(cx, place, labels, |known| {
        let line = lines.iter().find(|(_, label)| label.as_str() == known).map(|(line, _)| *line);
        let known = format!("{known}: {}", words::fault_known(lang));
        words::fault_line(lang, known, line.unwrap_or_default())
    })
    .await
}

fn line_fault(lang: Lang, LineFault { line, problem }: LineFault) -> String {
    let fault = match problem {
        LineProblem::Label(problem) => errors::field(lang, problem),
        LineProblem::Twice { first } => words::fault_twice(lang, first),
        LineProblem::TooMany => words::fault_many(lang).to_owned(),
    };
    words::fault_line(lang, fault, line)
}

async fn add_seats(cx: &Cx, place: &Place, fields: &Fields) -> Done {
    let lang = cx.lang();
    let number = |name: &str| fields.text(name).trim().parse::<usize>().unwrap_or(0);
    let labels = seats(fields.text("first"), number("count"), number("in_row"));
    let labels = labels.map_err(|problem| match problem {
        FieldProblem::Malformed => Attempt {
            seat_fault: Some(words::seat_malformed(lang).to_owned()),
            ..Attempt::default()
        },
        FieldProblem::TooLong { .. } => {
            Attempt { faults: vec![words::too_long(lang).to_owned()], ..Attempt::default() }
        }
        other => Attempt {
            faults: vec![format!("{}: {}", words::seat_count(lang), errors::field(lang, other))],
            ..Attempt::default()
        },
    })?;
    add(cx, place, labels, |known| format!("{known}: {}", words::fault_known(lang))).await
}

/// Adds the labels to the roll. `say` makes the sentence about a label that is already on it.
async fn add(cx: &Cx, place: &Place, labels: Vec<Label>, say: impl Fn(&str) -> String) -> Done {
    let admin = match cx.admin() {
        Ok(admin) => admin,
        Err(error) => return Ok(Err(error)),
    };
    match cx.backend().add_to_roll(&admin, &place.edition, &place.poll, labels).await {
        Ok(AddedLabels::All(_)) => Ok(back(place, "added")),
        Ok(AddedLabels::Twice(known)) => {
            let most = domain::limits::SEASON_PROBLEMS;
            let faults = known.iter().take(most).map(|label| say(label)).collect();
            Err(Attempt { faults, ..Attempt::default() })
        }
        Err(error) => Ok(Err(error.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_list_of_korean_excel_and_one_of_a_mac_are_read_alike() {
        let utf8 = "101동 1203호";
        let (cp949, _, _) = encoding_rs::EUC_KR.encode(utf8);
        assert_eq!(decoded(&cp949).as_deref(), Some(utf8));
        let parts = "101\u{1103}\u{1169}\u{11BC} 1203\u{1112}\u{1169}";
        assert_eq!(decoded(parts.as_bytes()).as_deref(), Some(utf8));
        assert_eq!(decoded(&[0xFF, 0xFE, 0x00]), None);
    }
}
