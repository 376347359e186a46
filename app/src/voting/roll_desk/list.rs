//! A list for the roll: what was read is shown before it counts.

use backend::text_files::decode_table_file;
use backend::voting::roll::AddedLabels;
use domain::roll::{
    RollLabel, RollLineFault, RollLineProblem, RollList, RollListWords, parse_roll_list,
    write_roll_list,
};
use domain::text::FieldProblem;
use leptos::prelude::*;
use phrases::{Lang, invite, roll as words};

use crate::staff::{edition_tabs, folded_lines, staff_crumbs};
use crate::ui::{ButtonLink, ButtonWeight, Facts, PageHead, Submit};
use crate::voting::roll_desk::page::{RollFormState, RollPoll};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::field_problems;
use crate::words::lists::{as_texts, count_lines, words_in_both};

/// The outcome of a form: `Ok` is a finished answer or an error page; `Err` is the state with which
/// the page is shown again.
pub(super) type RollFormOutcome = Result<PageResult, RollFormState>;

/// Reads the list of the form: its file, else its text. Otherwise returns the sentences of its faults.
fn read_label_list(lang: Lang, fields: &FormFields) -> Result<RollList, Vec<String>> {
    let text = match fields.uploaded_file() {
        Some(bytes) => decode_table_file(bytes),
        None => Some(fields.field_text("labels").to_owned()),
    };
    let text = text.ok_or_else(|| vec![words::not_text(lang).to_owned()])?;
    let (headings, totals) =
        (words_in_both(words::heading_words), words_in_both(invite::totals_words));
    let (headings, totals) = (as_texts(&headings), as_texts(&totals));
    let words = RollListWords { headings: &headings, totals: &totals };
    let explain = |faults: Vec<RollLineFault>| {
        faults.into_iter().map(|fault| explain_line_fault(lang, fault)).collect::<Vec<_>>()
    };
    let list = parse_roll_list(&text, words).map_err(explain)?;
    if list.labels.is_empty() {
        return Err(vec![field_problems::field_sentence(lang, FieldProblem::Missing)]);
    }
    Ok(list)
}

pub(super) fn faulty_list(faults: Vec<String>) -> RollFormState {
    RollFormState { faults, ..RollFormState::default() }
}

fn explain_line_fault(lang: Lang, RollLineFault { line, problem }: RollLineFault) -> String {
    let fault = match problem {
        RollLineProblem::Label(problem) => field_problems::field_sentence(lang, problem),
        RollLineProblem::Twice { first } => words::fault_twice(lang, first),
        RollLineProblem::TooMany => words::fault_many(lang).to_owned(),
    };
    words::fault_line(lang, fault, line)
}

/// Shows what a list says, and stores nothing.
pub(super) async fn preview_label_list(
    cx: &RequestContext,
    place: &RollPoll,
    fields: &FormFields,
) -> RollFormOutcome {
    let lang = cx.lang();
    let list = read_label_list(lang, fields).map_err(faulty_list)?;
    let admin = match cx.require_admin() {
        Ok(admin) => admin,
        Err(error) => return Ok(Err(error)),
    };
    let labels: Vec<RollLabel> = list.labels.iter().map(|(_, label)| label.clone()).collect();
    let of = (&place.edition, &place.poll);
    match cx.backend().check_roll_labels(&admin, of, &labels).await {
        Ok(known) if known.is_empty() => {
            Ok(Ok(cx.render_page(label_preview_page(lang, place, &list))))
        }
        Ok(known) => {
            let most = domain::limits::SEASON_PROBLEMS;
            let faults = known.iter().take(most).map(|label| explain_known(lang, &list, label));
            Err(faulty_list(faults.collect()))
        }
        Err(error) => Ok(Err(error.into())),
    }
}

fn explain_known(lang: Lang, list: &RollList, known: &str) -> String {
    let line = list.labels.iter().find(|(_, label)| label.label_text() == known);
    let line = line.map(|(line, _)| *line).unwrap_or_default();
    words::fault_line(lang, format!("{known}: {}", words::fault_known(lang)), line)
}

/// Adds the list that the preview has shown.
pub(super) async fn add_label_list(
    cx: &RequestContext,
    place: &RollPoll,
    fields: &FormFields,
) -> RollFormOutcome {
    let lang = cx.lang();
    let list = read_label_list(lang, fields).map_err(faulty_list)?;
    let labels = list.labels.iter().map(|(_, label)| label.clone()).collect();
    add_labels_to_roll(cx, place, labels, |known| explain_known(lang, &list, known)).await
}

fn label_preview_page(lang: Lang, place: &RollPoll, list: &RollList) -> Page {
    let label = |entry: Option<&(usize, RollLabel)>| {
        entry.map(|(_, label)| label.label_text().to_owned()).unwrap_or_default()
    };
    let lines_of = |lines: &[usize]| count_lines(lang, lines.iter().map(ToString::to_string));
    let heading = list.heading.clone();
    let heading = heading.unwrap_or_else(|| invite::list_heading_none(lang).to_owned());
    let rows = [
        (words::preview_count(lang), list.labels.len().to_string()),
        (invite::list_first(lang), label(list.labels.first())),
        (invite::list_last(lang), label(list.labels.last())),
        (invite::list_heading(lang), heading),
        (invite::list_headings(lang), lines_of(&list.headings)),
        (invite::list_dittos(lang), lines_of(&list.dittos)),
        (invite::list_totals(lang), lines_of(&list.totals)),
    ];
    let rows: Vec<(String, String)> =
        rows.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    let (count, text) = (list.labels.len(), write_roll_list(&list.labels));
    let lines: Vec<String> =
        list.labels.iter().map(|(_, label)| label.label_text().to_owned()).collect();
    let back = format!("/admin/{}/polls/{}/roll", place.edition.slug, place.poll.slug());
    let (of, title) = (place.edition.clone(), words::preview_title(lang));
    let page = Page::titled(title, move || {
        view! {
            <PageHead title lead=words::preview_lead(lang)/>
            {edition_tabs(lang, &of, "/polls")}
            <Facts rows/>
            {folded_lines(lang, lines)}
            // As a file would be sent: a long list is three times as long in the other form.
            <form method="post" class="form" enctype="multipart/form-data">
                <textarea hidden=true name="labels">{text}</textarea>
                <div class="actions">
                    <Submit label=words::preview_confirm(lang, count) name="act" value="confirm_add"/>
                    <ButtonLink label=words::roll(lang) href=back weight=ButtonWeight::Quiet/>
                </div>
            </form>
        }
    });
    page.for_edition(&place.edition).with_crumbs(staff_crumbs(
        lang,
        &place.edition,
        words::roll(lang),
    ))
}

pub(super) fn redirect_to_roll(place: &RollPoll, done: &str) -> PageResult {
    let (edition, poll) = (&place.edition.slug, place.poll.slug());
    Ok(redirect_to(&format!("/admin/{edition}/polls/{poll}/roll?done={done}")))
}

/// Adds the labels to the roll. `say` makes the sentence about a label that is already on it.
pub(super) async fn add_labels_to_roll(
    cx: &RequestContext,
    place: &RollPoll,
    labels: Vec<RollLabel>,
    say: impl Fn(&str) -> String,
) -> RollFormOutcome {
    let admin = match cx.require_admin() {
        Ok(admin) => admin,
        Err(error) => return Ok(Err(error)),
    };
    match cx.backend().add_to_roll(&admin, &place.edition, &place.poll, labels).await {
        Ok(AddedLabels::All(_)) => Ok(redirect_to_roll(place, "added")),
        Ok(AddedLabels::Twice(known)) => {
            let most = domain::limits::SEASON_PROBLEMS;
            let faults = known.iter().take(most).map(|label| say(label)).collect();
            Err(RollFormState { faults, ..RollFormState::default() })
        }
        Err(error) => Ok(Err(error.into())),
    }
}
