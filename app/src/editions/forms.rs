//! What the forms of editions do.

use axum::extract::Path;
use backend::accounts::{Invite, Role};
use backend::editions::{ClockMove, Edition, NewEdition};
use backend::{Error, FieldError, Refusal};
use chrono::Duration;
use domain::ids::AccountId;
use domain::season::Season;
use domain::text::FieldProblem;
use http::StatusCode;
use phrases::Lang;

use super::admin::{clock, new, overview, people, windows};
use super::problems;
use crate::AppError;
use crate::context::{Cx, go};
use crate::fields::Fields;
use crate::page::Answer;
use crate::{sentences, when};

/// POST /admin/editions/new
pub(crate) async fn create(cx: Cx, fields: Fields) -> Answer {
    let admin = cx.admin()?;
    // A file that is not UTF-8 is read as far as it goes: the fault is then told with its line.
    let file = fields.file().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let file = file.unwrap_or_else(|| fields.text("season").to_owned());
    let form = NewEdition { file, rehearsal: fields.has("rehearsal") };
    let made = if form.file.trim().is_empty() {
        Err(Error::field("season", FieldProblem::Missing))
    } else {
        cx.backend().create_edition(&admin, &form).await
    };
    let error = match made {
        Ok(_) => {
            let season = Season::parse(&form.file).map_err(|_| AppError::BadRequest)?;
            return Ok(go(&format!("/admin/{}?done=created", season.slug)));
        }
        Err(error) => error,
    };
    let mut attempt =
        new::Attempt { file: form.file, rehearsal: form.rehearsal, ..Default::default() };
    if let Error::Season(found) = error {
        attempt.problems = found;
        let page = new::new_page(&cx, attempt).status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(cx.page(page));
    }
    let error = AppError::from(error);
    attempt.error = Some(error.clone());
    cx.again(new::new_page(&cx, attempt), &error)
}

/// POST /admin/{edition}: publish it, or close it for good.
pub(crate) async fn steer(cx: Cx, Path(slug): Path<String>, fields: Fields) -> Answer {
    let admin = cx.admin()?;
    let edition = cx.backend().edition(&slug).await?;
    let (steered, done) = match fields.text("act") {
        "publish" => (cx.backend().publish_edition(&admin, &edition).await, "published"),
        "archive" => (cx.backend().archive_edition(&admin, &edition).await, "archived"),
        _ => return Err(AppError::BadRequest),
    };
    match steered {
        Ok(()) => Ok(go(&format!("/admin/{slug}?done={done}"))),
        Err(error) => {
            let error = AppError::from(error);
            cx.again(overview::dashboard_page(&cx, &slug, "", Some(error.clone())).await?, &error)
        }
    }
}

/// POST /admin/{edition}/windows
pub(crate) async fn move_windows(cx: Cx, Path(slug): Path<String>, fields: Fields) -> Answer {
    let admin = cx.admin()?;
    let edition = cx.backend().edition(&slug).await?;
    let typed = windows::INPUTS.map(|input| fields.text(input).to_owned());
    let moved = match typed_windows(cx.lang(), &edition, &typed) {
        Ok(moved) => moved,
        Err(faults) => {
            let attempt = windows::Attempt { typed, faults, error: None };
            let page = windows::windows_page(&cx, edition, attempt, "").await?;
            return Ok(cx.page(page.status(StatusCode::UNPROCESSABLE_ENTITY)));
        }
    };
    if moved == edition.schedule.windows {
        return Ok(go(&format!("/admin/{slug}/windows?done=same")));
    }
    let answer = if fields.text("shown") == windows::shown(&edition.schedule.windows) {
        cx.backend().move_windows(&admin, &edition, moved).await
    } else {
        Err(Error::Refused(Refusal::Stale))
    };
    match answer {
        Ok(()) => Ok(go(&format!("/admin/{slug}/windows?done=moved"))),
        Err(error) => {
            let error = AppError::from(error);
            let attempt =
                windows::Attempt { typed, faults: Vec::new(), error: Some(error.clone()) };
            cx.again(windows::windows_page(&cx, edition, attempt, "").await?, &error)
        }
    }
}

type Faults = Vec<(&'static str, String)>;

/// The windows that were typed, or every input that is wrong with its sentence.
fn typed_windows(
    lang: Lang,
    edition: &Edition,
    typed: &[String; 7],
) -> Result<domain::schedule::Windows, Faults> {
    let mut instants = windows::instants(&edition.schedule.windows);
    let mut faults = Faults::new();
    for (index, text) in typed.iter().enumerate() {
        // An input knows minutes only; what was not touched keeps its seconds.
        if *text == when::input(instants[index]) {
            continue;
        }
        match when::from_input(text) {
            Some(instant) => instants[index] = instant,
            None if text.is_empty() => {
                let sentence = sentences::field(lang, FieldProblem::Missing);
                faults.push((windows::INPUTS[index], sentence));
            }
            None => {
                let sentence = sentences::field(lang, FieldProblem::Malformed);
                faults.push((windows::INPUTS[index], sentence));
            }
        }
    }
    let moved = windows::windows_of(instants);
    if faults.is_empty() {
        let problem =
            |problem| (windows::input_of(problem), problems::window(lang, problem).to_owned());
        faults.extend(moved.problems().into_iter().map(problem));
    }
    if faults.is_empty() { Ok(moved) } else { Err(faults) }
}

/// POST /admin/{edition}/clock
pub(crate) async fn move_clock(cx: Cx, Path(slug): Path<String>, fields: Fields) -> Answer {
    let admin = cx.admin()?;
    let edition = cx.backend().edition(&slug).await?;
    let moved = match clock_move(&edition, &fields) {
        Ok(change) => cx.backend().move_clock(&admin, &edition, change).await,
        Err(error) => Err(error),
    };
    match moved {
        Ok(()) => Ok(go(&format!("/admin/{slug}/clock?done=moved"))),
        Err(error) => {
            let error = AppError::from(error);
            let typed = fields.text("instant");
            cx.again(clock::clock_page(&cx, edition, typed, "", Some(error.clone())), &error)
        }
    }
}

/// What the pressed button or the typed instant asks for.
fn clock_move(edition: &Edition, fields: &Fields) -> Result<ClockMove, Error> {
    let malformed = || Error::field("instant", FieldProblem::Malformed);
    if fields.has("real") {
        return Ok(ClockMove::ToRealTime);
    }
    if fields.has("by") {
        let seconds = fields.text("by").parse().map_err(|_| malformed())?;
        return Ok(ClockMove::By(seconds));
    }
    let instant = if fields.has("jump") {
        let wanted = fields.text("jump");
        let found = clock::jumps(edition).into_iter().find(|(jump, _)| *jump == wanted);
        found.map(|(_, instant)| instant)
    } else {
        when::from_input(fields.text("instant"))
    };
    // The clock moves by whole seconds; one more makes sure that the instant has been reached.
    instant.map(|instant| ClockMove::To(instant + Duration::seconds(1))).ok_or_else(malformed)
}

/// POST /admin/{edition}/people
pub(crate) async fn invite(cx: Cx, Path(slug): Path<String>, fields: Fields) -> Answer {
    let admin = cx.admin()?;
    let edition = cx.backend().edition(&slug).await?;
    if fields.text("act") == "seat" {
        let judge = fields.text("judge").parse().map_err(|_| AppError::BadRequest)?;
        cx.backend().seat_judge(&admin, &edition, AccountId(judge)).await?;
        return Ok(go(&format!("/admin/{slug}/people?done=seated")));
    }
    let sent = match Role::from_word(fields.text("role")) {
        Some(role) => {
            let invite = Invite {
                email: fields.text("email").to_owned(),
                role,
                organisation: fields.text("organisation").to_owned(),
                edition: edition.id,
                lang: cx.lang(),
            };
            cx.backend().invite(&admin, &invite).await
        }
        None => {
            Err(Error::Invalid(vec![FieldError { field: "role", problem: FieldProblem::Missing }]))
        }
    };
    match sent {
        Ok(()) => Ok(go(&format!("/admin/{slug}/people?done=invited"))),
        Err(error) => {
            let error = AppError::from(error);
            let attempt = people::Attempt {
                email: fields.text("email").to_owned(),
                role: fields.text("role").to_owned(),
                organisation: fields.text("organisation").to_owned(),
                error: Some(error.clone()),
            };
            cx.again(people::people_page(&cx, edition, attempt, "").await?, &error)
        }
    }
}
