//! The forms of a roll: they add labels, print sheets and replace single codes.

use backend::voting::roll::CodesToPrint;
use domain::roll::number_seats;
use domain::rulebook::VoterIdentity;
use domain::text::{FieldProblem, parse_whole_number};
use http::StatusCode;
use phrases::{Lang, roll as words};

use crate::AppError;
use crate::voting::booth::PollPath;
use crate::voting::roll_desk::list::{
    RollFormOutcome, add_label_list, add_labels_to_roll, preview_label_list, redirect_to_roll,
};
use crate::voting::roll_desk::page::{
    RollDeskQuery, RollFormState, RollPoll, find_roll_poll, roll_desk_page,
};
use crate::voting::roll_desk::sheet::print_code_sheet;
use crate::web::answer::PageResult;
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;
use crate::words::field_problems;

/// POST /admin/{edition}/polls/{poll}/roll
pub(crate) async fn submit_roll_desk(
    cx: RequestContext,
    names: PollPath,
    fields: FormFields,
) -> PageResult {
    let place = find_roll_poll(&cx, names).await?;
    if place.poll.rules.identity != VoterIdentity::Roll {
        return Err(AppError::NotFound);
    }
    let done = match fields.field_text("act") {
        "add" => preview_label_list(&cx, &place, &fields).await,
        "confirm_add" => add_label_list(&cx, &place, &fields).await,
        "seats" => add_seat_labels(&cx, &place, &fields).await,
        "print" => print_code_sheet(&cx, &place, &fields, CodesToPrint::Waiting).await,
        "print_all" if fields.has_field("confirm_all") => {
            print_code_sheet(&cx, &place, &fields, CodesToPrint::All).await
        }
        "empty" if fields.has_field("confirm_empty") => Ok(empty_poll_roll(&cx, &place).await),
        "print_all" | "empty" => Err(missing_confirmation(cx.lang())),
        "reissue" => {
            print_code_sheet(&cx, &place, &fields, CodesToPrint::One(parse_entry_id(&fields)?))
                .await
        }
        "void" => Ok(void_roll_entry(&cx, &place, &fields).await),
        _ => return Err(AppError::BadRequest),
    };
    let mut attempt = match done {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => RollFormState { error: Some(error), ..RollFormState::default() },
        Err(attempt) => attempt,
    };
    let error = attempt.error.clone();
    attempt.labels = fields.field_text("labels").to_owned();
    attempt.seats = ["first", "count", "in_row"].map(|name| fields.field_text(name).to_owned());
    let page = roll_desk_page(&cx, &place, attempt, &RollDeskQuery::default()).await?;
    match error {
        Some(error) => cx.show_again(page, &error),
        None => Ok(cx.render_page(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))),
    }
}

fn missing_confirmation(lang: Lang) -> RollFormState {
    RollFormState {
        faults: vec![words::confirm_missing(lang).to_owned()],
        ..RollFormState::default()
    }
}

fn parse_entry_id(fields: &FormFields) -> Result<uuid::Uuid, AppError> {
    fields.field_text("entry").parse().map_err(|_| AppError::BadRequest)
}

async fn empty_poll_roll(cx: &RequestContext, place: &RollPoll) -> PageResult {
    cx.backend().empty_roll(&cx.require_admin()?, &place.edition, &place.poll).await?;
    redirect_to_roll(place, "emptied")
}

async fn void_roll_entry(cx: &RequestContext, place: &RollPoll, fields: &FormFields) -> PageResult {
    let entry = parse_entry_id(fields)?;
    cx.backend().void_roll_entry(&cx.require_admin()?, &place.edition, &place.poll, entry).await?;
    redirect_to_roll(place, "voided")
}

async fn add_seat_labels(
    cx: &RequestContext,
    place: &RollPoll,
    fields: &FormFields,
) -> RollFormOutcome {
    let lang = cx.lang();
    let number = |name: &str| {
        let number = parse_whole_number(fields.field_text(name)).ok().flatten();
        number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
    };
    let labels = number_seats(fields.field_text("first"), number("count"), number("in_row"));
    let labels = labels.map_err(|problem| match problem {
        FieldProblem::Malformed => RollFormState {
            seat_fault: Some(words::seat_malformed(lang).to_owned()),
            ..RollFormState::default()
        },
        FieldProblem::TooLong { .. } => RollFormState {
            faults: vec![words::too_long(lang).to_owned()],
            ..RollFormState::default()
        },
        other => RollFormState {
            faults: vec![format!(
                "{}: {}",
                words::seat_count(lang),
                field_problems::field_sentence(lang, other)
            )],
            ..RollFormState::default()
        },
    })?;
    add_labels_to_roll(cx, place, labels, |known| format!("{known}: {}", words::fault_known(lang)))
        .await
}
