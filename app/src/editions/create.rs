//! A new edition from a season file: the form, and every fault of the file with its line.

use axum::extract::Query;
use backend::Error;
use backend::editions::NewEdition;
use backend::text_files::decode_text_file;
use domain::season::{LocatedProblem, Season, SeasonProblem};
use domain::text::FieldProblem;
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, admin as words, setup};

use crate::AppError;
use crate::editions::setup::start::{StartChoices, start_section};
use crate::staff::DoneQuery;
use crate::ui::{
    AreaField, Checkbox, FileField, FileItem, Files, Notice, PageHead, Section, Submit, TableBox,
    Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::season_problems;

/// Number of characters shown of a faulty line.
const EXCERPT_CHARS: usize = 80;

/// The typed form and its faults.
#[derive(Default)]
pub(crate) struct NewEditionAttempt {
    /// The text of the file.
    pub(crate) file: String,
    /// Whether a rehearsal was asked for.
    pub(crate) rehearsal: bool,
    /// The faults of the file.
    pub(crate) problems: Vec<LocatedProblem>,
    /// Whether a draft was deleted just now.
    deleted: bool,
    /// An error that has no line in the file.
    pub(crate) error: Option<AppError>,
}

/// GET /admin/editions/new
pub(crate) async fn show_new_edition(
    cx: RequestContext,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let choices = StartChoices::load_choices(&cx, &cx.require_admin()?).await?;
    let attempt = NewEditionAttempt { deleted: query.done == "deleted", ..Default::default() };
    Ok(cx.render_page(new_edition_page(&cx, choices, attempt)))
}

/// Builds the form, empty or with the typed text and its faults.
fn new_edition_page(
    cx: &RequestContext,
    choices: StartChoices,
    attempt: NewEditionAttempt,
) -> Page {
    let lang = cx.lang();
    let crumbs = vec![
        (words::administration(lang).to_owned(), Some("/admin".to_owned())),
        (words::new_edition(lang).to_owned(), None),
    ];
    let done = attempt.deleted.then(|| setup::deleted(lang));
    let page = Page::titled(words::new_edition(lang), move || {
        let files = vec![
            FileItem::with_link(
                words::template(lang),
                words::template_note(lang),
                Some("/admin/editions/template.json".to_owned()),
            ),
            FileItem::with_link(
                words::example(lang),
                words::example_note(lang),
                Some("/admin/editions/example.json".to_owned()),
            ),
        ];
        view! {
            <PageHead title=words::new_edition(lang)/>
            {render_done_notice(lang, done)}
            {render_form_errors(lang, attempt.error.as_ref())}
            {season_faults_table(lang, &attempt)}
            {start_section(lang, &choices)}
            <Section title=setup::file_title(lang) lead=words::new_lead(lang)>
                {new_edition_form(lang, &attempt)}
            </Section>
            <Section title=words::files(lang)><Files lang items=files/></Section>
        }
    });
    page.with_crumbs(crumbs)
}

fn new_edition_form(lang: Lang, attempt: &NewEditionAttempt) -> AnyView {
    let error = field_error_sentence(lang, attempt.error.as_ref(), "season");
    let (file, rehearsal) = (attempt.file.clone(), attempt.rehearsal);
    view! {
        <form method="post" class="form season-form" enctype="multipart/form-data">
            <FileField lang name="file" label=words::file(lang) hint=words::file_hint(lang)
                accept="application/json,.json"/>
            <AreaField lang name="season" label=words::text(lang) value=file rows=16 error/>
            <Checkbox lang name="rehearsal" label=words::rehearsal_box(lang)
                hint=words::rehearsal_hint(lang) checked=rehearsal/>
            <div class="actions"><Submit label=words::create(lang)/></div>
        </form>
    }
    .into_any()
}

/// Lists every fault of the file: its line number, its place, the reason, and the line itself.
fn season_faults_table(lang: Lang, attempt: &NewEditionAttempt) -> Option<AnyView> {
    if attempt.problems.is_empty() {
        return None;
    }
    let lines: Vec<&str> = attempt.file.lines().collect();
    let row = |problem: &LocatedProblem| {
        let place = if problem.path.is_empty() {
            words::whole_file(lang).to_owned()
        } else {
            problem.path.clone()
        };
        let line = problem.line.checked_sub(1).and_then(|index| lines.get(index));
        let line = line.map(|line| line.trim().chars().take(EXCERPT_CHARS).collect::<String>());
        view! {
            <tr>
                <td data-label=words::problem_line(lang)>
                    {problem.line.to_string()}
                </td>
                <td data-label=words::problem_place(lang)><code>{place}</code></td>
                <td data-label=words::problem_reason(lang)>
                    <p>{season_problems::season_problem_sentence(lang, &problem.reason)}</p>
                    <p class="muted small"><code>{line}</code></p>
                </td>
            </tr>
        }
    };
    let rows = attempt.problems.iter().map(row).collect_view();
    let title = words::problems_title(lang, attempt.problems.len());
    Some(
        view! {
            <div class="stack season-faults" role="alert">
                <Notice lang tone=Tone::Danger title=title.clone()>
                    <p>{words::problems_text(lang)}</p>
                </Notice>
                <div class="titled">
                    <TableBox caption=title>
                        <thead>
                            <tr>
                                <th scope="col">{words::problem_line(lang)}</th>
                                <th scope="col">{words::problem_place(lang)}</th>
                                <th scope="col">{words::problem_reason(lang)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </TableBox>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// POST /admin/editions/new
pub(crate) async fn create_edition(cx: RequestContext, fields: FormFields) -> PageResult {
    let admin = cx.require_admin()?;
    let file = match fields.uploaded_file() {
        Some(bytes) => decode_text_file(bytes),
        None => Some(fields.field_text("season").to_owned()),
    };
    let readable = file.is_some();
    let form =
        NewEdition { file: file.unwrap_or_default(), rehearsal: fields.has_field("rehearsal") };
    let made = if !readable {
        let (path, reason) = (String::new(), SeasonProblem::NotText);
        Err(Error::Season(vec![LocatedProblem { line: 1, path, reason }]))
    } else if form.file.trim().is_empty() {
        Err(Error::invalid_field("season", FieldProblem::Missing))
    } else {
        cx.backend().create_edition(&admin, &form).await
    };
    let error = match made {
        Ok(_) => {
            let season = Season::parse_season_file(&form.file).map_err(|_| AppError::BadRequest)?;
            return Ok(redirect_to(&format!("/admin/{}?done=created", season.slug)));
        }
        Err(error) => error,
    };
    let choices = StartChoices::load_choices(&cx, &admin).await?;
    let mut attempt =
        NewEditionAttempt { file: form.file, rehearsal: form.rehearsal, ..Default::default() };
    if let Error::Season(found) = error {
        attempt.problems = found;
        let page =
            new_edition_page(&cx, choices, attempt).with_status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(cx.render_page(page));
    }
    let error = AppError::from(error);
    attempt.error = Some(error.clone());
    cx.show_again(new_edition_page(&cx, choices, attempt), &error)
}
