//! Screening: the submitted cases, and the decision about each.

use axum::extract::{Path, Query};
use backend::Error;
use backend::cases::{Case, CaseState, ScreeningDecision, ScreeningLine};
use backend::editions::{Edition, TracksAndDistricts};
use leptos::prelude::*;
use phrases::{Lang, screening as words};

use crate::cases::case::public_case_view;
use crate::cases::files::{FileReader, staff_files_section};
use crate::cases::personal::staff_section;
use crate::staff::DoneQuery;
use crate::ui::{
    AreaField, Badge, ButtonLink, ButtonWeight, Crumbs, Empty, Notice, PageHead, Section, Stat,
    Submit, TableBox, Tone, paragraphs,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::{cases, editions, times};

use crate::{AppError, staff};

/// GET /admin/{edition}/screening
pub(crate) async fn show_screening(cx: RequestContext, Path(edition): Path<String>) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let edition = cx.backend().find_edition(&edition).await?;
    let lines = cx.backend().screening_list(&admin, &edition).await?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let counts = [
        (CaseState::Submitted, words::waiting(lang)),
        (CaseState::Accepted, words::accepted(lang)),
        (CaseState::Rejected, words::rejected(lang)),
    ]
    .map(|(state, label)| {
        (lines.iter().filter(|line| line.state == state).count().to_string(), label)
    });
    let closed = screening_closed_notice(lang, &edition);
    let table = screening_table(lang, &edition, &places, &lines);
    let downloads = (!lines.is_empty()).then(|| download_section(lang));
    let name = editions::edition_title(lang, &edition);
    let crumbs = screening_crumbs(lang, &edition, None);
    let tabs = staff::edition_tabs(lang, &edition, "/screening");
    let page = Page::titled(words::title(lang), move || {
        let stats = counts.map(|(value, label)| view! { <Stat value label/> });
        view! {
            <PageHead title=words::title(lang) eyebrow=name lead=words::lead(lang)>""</PageHead>
            {tabs}
            {closed}
            <div class="stats">{stats}</div>
            {table}
            {downloads}
        }
    });
    Ok(cx.render_page(page.for_edition(&edition).with_crumbs(crumbs)))
}

fn download_section(lang: Lang) -> AnyView {
    view! {
        <Section title=words::download(lang) lead=words::download_text(lang)>
            <form method="post" class="form" data-file="">
                <div class="actions">
                    <Submit label=words::download_xlsx(lang) weight=ButtonWeight::Secondary name="act"
                        value="xlsx"/>
                    <Submit label=words::download_csv(lang) weight=ButtonWeight::Quiet name="act" value="csv"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// Returns the breadcrumbs to the list, or to a case on it.
fn screening_crumbs(lang: Lang, edition: &Edition, case: Option<String>) -> Crumbs {
    let mut crumbs = staff::staff_crumbs(lang, edition, words::title(lang));
    if let (Some(list), Some(title)) = (crumbs.last_mut(), case) {
        list.1 = Some(format!("/admin/{}/screening", edition.slug));
        crumbs.push((title, None));
    }
    crumbs
}

/// Says that nothing can be decided now, unless the screening is open.
fn screening_closed_notice(lang: Lang, edition: &Edition) -> Option<AnyView> {
    edition.screening_open().is_err().then(|| {
        view! { <Notice lang tone=Tone::Info><p>{words::closed(lang)}</p></Notice> }.into_any()
    })
}

/// Returns the tone and the word of a case's state in the screening.
pub(crate) fn screening_state_label(lang: Lang, state: CaseState) -> (Tone, &'static str) {
    match state {
        CaseState::Accepted => (Tone::Success, words::state_accepted(lang)),
        CaseState::Rejected => (Tone::Danger, words::state_rejected(lang)),
        _ => (Tone::Warning, words::state_waiting(lang)),
    }
}

fn screening_table(
    lang: Lang,
    edition: &Edition,
    places: &TracksAndDistricts,
    lines: &[ScreeningLine],
) -> AnyView {
    if lines.is_empty() {
        return view! {
            <Empty title=words::empty_title(lang)><p>{words::empty(lang)}</p></Empty>
        }
        .into_any();
    }
    let rows = lines.iter().map(|line| screening_row(lang, edition, places, line)).collect_view();
    view! {
        <TableBox caption=words::table(lang)>
            <thead>
                <tr>
                    <th scope="col">{words::case(lang)}</th>
                    <th scope="col">{words::organisation(lang)}</th>
                    <th scope="col">{words::track(lang)}</th>
                    <th scope="col">{words::submitted(lang)}</th>
                    <th scope="col">{words::state(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

fn screening_row(
    lang: Lang,
    edition: &Edition,
    places: &TracksAndDistricts,
    line: &ScreeningLine,
) -> impl IntoView + use<> {
    let href = format!("/admin/{}/screening/{}", edition.slug, line.id);
    let (tone, label) = screening_state_label(lang, line.state);
    let (track, _) = cases::track_name(lang, places, line.track);
    let submitted = line.submitted_at.map(|at| times::format_minute(lang, at));
    let (mark, title) = (cases::korean_mark(lang), line.title.clone());
    let organisation = line.organisation_name.clone();
    let sample = line
        .sample
        .then(|| view! { " "<Badge tone=Tone::Sample label=phrases::ui::sample(lang)/> });
    view! {
        <tr>
            <td data-label=words::case(lang)><a href=href lang=mark>{title}</a>{sample}</td>
            <td data-label=words::organisation(lang) lang=mark>{organisation}</td>
            <td data-label=words::track(lang)>{track}</td>
            <td data-label=words::submitted(lang)>{submitted}</td>
            <td data-label=words::state(lang)><Badge tone label/></td>
        </tr>
    }
}

/// GET /admin/{edition}/screening/{case}
pub(crate) async fn show_screening_case(
    cx: RequestContext,
    Path((edition, id)): Path<(String, String)>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&edition).await?;
    let case = cx
        .backend()
        .screening_case(&cx.require_admin()?, &edition, paths::parse_path_key(&id)?)
        .await?;
    let done = (query.done == "shown").then(|| phrases::files::shown_saved(cx.lang()));
    Ok(cx.render_page(screening_case_page(&cx, &edition, &case, ("", done), None).await?))
}

/// POST /admin/{edition}/screening/{case}
pub(crate) async fn decide_case(
    cx: RequestContext,
    Path((slug, id)): Path<(String, String)>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let id = paths::parse_path_key(&id)?;
    let open = edition.screening_open().map_err(Error::from)?;
    let version = fields.field_text("version").parse().map_err(|_| AppError::BadRequest)?;
    let decision = match fields.field_text("act") {
        "accept" => ScreeningDecision::Accept,
        "reject" => ScreeningDecision::Reject(fields.field_text("reason").to_owned()),
        "undo" => ScreeningDecision::Undo,
        _ => return Err(AppError::BadRequest),
    };
    match cx.backend().decide_case(&admin, open, &edition, id, version, decision).await {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/screening"))),
        Err(error) => {
            let error = AppError::from(error);
            let case = cx.backend().screening_case(&admin, &edition, id).await?;
            let reason = fields.field_text("reason");
            let page =
                screening_case_page(&cx, &edition, &case, (reason, None), Some(error.clone()))
                    .await?;
            cx.show_again(page, &error)
        }
    }
}

async fn screening_case_page(
    cx: &RequestContext,
    edition: &Edition,
    case: &Case,
    (reason, done): (&str, Option<&'static str>),
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let (tone, label) = screening_state_label(lang, case.state);
    let files = cx.backend().case_files(case.id).await?;
    let shown = public_case_view(lang, &places, (case, None), (&[], FileReader::Insider), None);
    let files = staff_files_section(lang, edition, case, &files);
    let given = case.reason.as_ref().map(|reason| {
        let reason = paragraphs::render_paragraphs(reason);
        view! {
            <Notice lang tone=Tone::Warning title=words::given_reason(lang)>
                <div lang=cases::korean_mark(lang)>{reason}</div>
            </Notice>
        }
    });
    let personal = staff_section(lang, case);
    let form = match edition.screening_open() {
        Ok(_) => decision_form(lang, case, reason, error.as_ref()),
        Err(_) => screening_closed_notice(lang, edition).into_any(),
    };
    let list = format!("/admin/{}/screening", edition.slug);
    let crumbs = screening_crumbs(lang, edition, Some(case.title.clone()));
    let page = Page::titled(case.title.clone(), move || {
        view! {
            {render_form_errors(lang, error.as_ref())}
            {render_done_notice(lang, done)}
            <p class="cluster">
                <Badge tone label/><span class="muted small">{words::as_public(lang)}</span>
            </p>
            {given}
            {personal}
            {shown}
            {files}
            {form}
            <div class="actions">
                <ButtonLink label=words::back(lang) href=list weight=ButtonWeight::Quiet/>
            </div>
        }
    });
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

/// Builds the forms that accept or reject a submitted case, or the form that undoes the decision.
fn decision_form(lang: Lang, case: &Case, reason: &str, error: Option<&AppError>) -> AnyView {
    let (version, reason) = (case.version.to_string(), reason.to_owned());
    if case.state != CaseState::Submitted {
        return view! {
            <Section title=words::undo(lang) lead=words::undo_lead(lang)>
                <form method="post" class="form">
                    <input type="hidden" name="version" value=version/>
                    <div class="actions">
                        <Submit label=words::undo(lang) weight=ButtonWeight::Secondary name="act"
                            value="undo"/>
                    </div>
                </form>
            </Section>
        }
        .into_any();
    }
    let again = version.clone();
    let fault = field_error_sentence(lang, error, "reason");
    view! {
        <Section title=words::decide(lang) lead=words::decide_lead(lang)>
            <form method="post" class="form">
                <input type="hidden" name="version" value=version/>
                <div class="actions">
                    <Submit label=words::accept(lang) name="act" value="accept"/>
                </div>
            </form>
            <form method="post" class="form">
                <input type="hidden" name="version" value=again/>
                <AreaField lang name="reason" label=words::reason(lang) rows=4
                    hint=words::reason_hint(lang) required=true value=reason
                    max=domain::limits::REASON_CHARS error=fault/>
                <div class="actions">
                    <Submit label=words::reject(lang) weight=ButtonWeight::Danger name="act"
                        value="reject"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}
