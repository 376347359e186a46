//! A case on the desk of the screening, as it was sent in, with the decision about it.

use axum::extract::{Path, Query};
use backend::Error;
use backend::cases::{
    Case, CaseState, CaseVersion, ScreeningDecision, SimilarCase, format_receipt_number,
};
use backend::editions::Edition;
use domain::ids::CaseId;
use leptos::prelude::*;
use phrases::{Lang, screening as words};

use crate::AppError;
use crate::cases::case::public_case_view;
use crate::cases::differences::draft_differences;
use crate::cases::files::{FileReader, staff_files_section};
use crate::cases::personal::staff_section;
use crate::cases::screening::decisions::{TypedDecision, decision_forms};
use crate::cases::screening::{screening_closed_notice, screening_crumbs, screening_state_label};
use crate::staff::DoneQuery;
use crate::ui::{Badge, ButtonLink, ButtonWeight, Notice, Section, Tone, paragraphs};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::{cases, times};

/// GET /admin/{edition}/screening/{case}
pub(crate) async fn show_screening_case(
    cx: RequestContext,
    Path((edition, id)): Path<(String, String)>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&edition).await?;
    let id = paths::parse_path_key(&id)?;
    let done = (query.done == "shown").then(|| phrases::files::shown_saved(cx.lang()));
    let page = screening_case_page(&cx, &edition, id, TypedDecision::default(), done, None);
    Ok(cx.render_page(page.await?))
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
    let typed = TypedDecision::from_fields(&fields);
    let decision = match fields.field_text("act") {
        "accept" => Some(ScreeningDecision::Accept),
        "reject" => Some(ScreeningDecision::Reject(typed.reason.clone())),
        "return" => Some(ScreeningDecision::Return {
            until: typed.until.clone(),
            reason: typed.correction.clone(),
        }),
        "undo" => Some(ScreeningDecision::Undo),
        "second_look" => None,
        _ => return Err(AppError::BadRequest),
    };
    let backend = cx.backend();
    let (decided, done) = match decision {
        Some(decision) => {
            (backend.decide_case(&admin, open, &edition, id, version, decision).await, "")
        }
        None => {
            let why = &typed.second_look;
            let asked = backend.ask_second_look(&admin, open, &edition, id, why).await;
            (asked, "?done=second_look")
        }
    };
    match decided {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/screening{done}"))),
        Err(error) => {
            let error = AppError::from(error);
            let shown = Some(error.clone());
            let page = screening_case_page(&cx, &edition, id, typed, None, shown).await?;
            cx.show_again(page, &error)
        }
    }
}

async fn screening_case_page(
    cx: &RequestContext,
    edition: &Edition,
    id: CaseId,
    typed: TypedDecision,
    done: Option<&'static str>,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let case = cx.backend().screening_case(&admin, edition, id).await?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let similar = cx.backend().similar_cases(&admin, edition, &case).await?;
    let next = next_waiting_case(cx, edition, id).await?;
    // What is being written is not for the staff.
    let files = match case.state {
        CaseState::Returned => Vec::new(),
        _ => cx.backend().case_files(case.id).await?,
    };
    let shown = public_case_view(lang, &places, (&case, None), (&[], FileReader::Insider), None);
    let files = staff_files_section(lang, edition, &case, &files);
    let personal = staff_section(lang, &case);
    let form = match edition.screening_open() {
        Ok(_) => decision_forms(lang, edition, &case, &typed, error.as_ref()),
        Err(_) => screening_closed_notice(lang, edition).into_any(),
    };
    let list = format!("/admin/{}/screening", edition.slug);
    let next = next.map(|next| {
        let href = format!("{list}/{next}");
        view! { <ButtonLink label=words::next_waiting(lang) href weight=ButtonWeight::Secondary/> }
    });
    let crumbs = screening_crumbs(lang, edition, Some(case.title.clone()));
    let (title, head) = (case.title.clone(), state_head(lang, edition, &case));
    let similar = similar_section(lang, similar);
    let sent = cx.backend().sent_versions(&admin, case.id).await?;
    let changed = match sent.as_slice() {
        [newest, before, ..] => Some(changed_section(lang, before, newest)),
        _ => None,
    };
    let page = Page::titled(title, move || {
        view! {
            {render_form_errors(lang, error.as_ref())}
            {render_done_notice(lang, done)}
            {head}
            <div class="beside">
                <div class="stack">{changed}{shown}{files}</div>
                <div class="stack">{personal}{similar}{form}</div>
            </div>
            <div class="actions">
                {next}
                <ButtonLink label=words::back(lang) href=list weight=ButtonWeight::Quiet/>
            </div>
        }
    });
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

/// Returns the oldest waiting case after this one, or else the oldest of all.
async fn next_waiting_case(
    cx: &RequestContext,
    edition: &Edition,
    id: CaseId,
) -> Result<Option<CaseId>, AppError> {
    let lines = cx.backend().screening_list(&cx.require_admin()?, edition).await?;
    let waiting: Vec<CaseId> = lines
        .iter()
        .filter(|line| line.state == CaseState::Submitted)
        .map(|line| line.id)
        .collect();
    let here = waiting.iter().position(|waiting| *waiting == id);
    let after = here.and_then(|here| waiting.get(here + 1));
    Ok(after.or(waiting.first()).copied().filter(|next| *next != id))
}

/// Shows where the case stands: its state with number and marks, and what was said about it.
fn state_head(lang: Lang, edition: &Edition, case: &Case) -> AnyView {
    let (tone, label) = screening_state_label(lang, case.state);
    let late =
        case.late.then(|| view! { <Badge tone=Tone::Warning label=words::late_mark(lang)/> });
    let number = case.receipt_number.map(|number| {
        let number = format_receipt_number(edition, number);
        view! { <span class="muted small">{words::number(lang)}" "{number}</span> }
    });
    let returned =
        (case.state == CaseState::Returned).then(|| returned_notice(lang, edition, case));
    let given = case.reason.as_ref().map(|reason| {
        let reason = paragraphs::render_paragraphs(reason);
        view! {
            <Notice lang tone=Tone::Warning title=words::given_reason(lang)>
                <div lang=cases::korean_mark(lang)>{reason}</div>
            </Notice>
        }
    });
    let second_title = match case.second_look_of_organisation {
        true => words::second_look_objection(lang),
        false => words::second_look_wanted(lang),
    };
    let second = case.second_look.as_ref().map(|why| {
        let why = paragraphs::render_paragraphs(why);
        view! {
            <Notice lang tone=Tone::Warning title=second_title>
                <div lang=cases::korean_mark(lang)>{why}</div>
                <p class="muted small">{words::second_look_who(lang)}</p>
            </Notice>
        }
    });
    let shown_as = (case.state != CaseState::Returned)
        .then(|| view! { <span class="muted small">{words::as_public(lang)}</span> });
    view! {
        <p class="cluster"><Badge tone label/>{late}{number}{shown_as}</p>
        {returned}
        {given}
        {second}
    }
    .into_any()
}

fn returned_notice(lang: Lang, edition: &Edition, case: &Case) -> AnyView {
    let until = case.open_until.map(|until| times::format_end(lang, until)).unwrap_or_default();
    let open = case.submissions_open(edition).is_ok();
    let said =
        if open { words::returned_until(lang, until) } else { words::returned_over(lang, until) };
    let tone = if open { Tone::Info } else { Tone::Warning };
    let shown = match open {
        true => words::returned_shown(lang),
        false => words::returned_over_shown(lang),
    };
    view! {
        <Notice lang tone title=said><p>{shown}</p></Notice>
    }
    .into_any()
}

/// Shows, folded, what its organisation has changed since it sent the case in before.
fn changed_section(lang: Lang, before: &CaseVersion, newest: &CaseVersion) -> AnyView {
    view! {
        <details class="stack" id="changed">
            <summary>{words::sent_versions(lang)}</summary>
            <p class="muted small">{phrases::versions::legend(lang)}</p>
            {draft_differences(lang, &before.draft, &newest.draft)}
        </details>
    }
    .into_any()
}

fn similar_section(lang: Lang, similar: Vec<SimilarCase>) -> Option<AnyView> {
    if similar.is_empty() {
        return None;
    }
    let items = similar
        .into_iter()
        .map(|other| {
            let href = format!("/admin/{}/screening/{}", other.edition_slug, other.id);
            let earlier = (!other.same_edition).then(|| {
                view! { <Badge tone=Tone::Plain label=words::similar_earlier(lang)/> }
            });
            view! {
                <li class="stack">
                    <a href=href lang=cases::korean_mark(lang)>{other.title}</a>
                    <span class="cluster muted small">
                        <span lang=cases::korean_mark(lang)>{other.organisation_name}</span>
                        {words::similar_share(lang, other.likeness)}
                        {earlier}
                    </span>
                </li>
            }
        })
        .collect_view();
    let section = view! {
        <Section title=words::similar(lang) lead=words::similar_lead(lang)>
            <ul class="stack">{items}</ul>
        </Section>
    };
    Some(section.into_any())
}
