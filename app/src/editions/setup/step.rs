//! A step of a draft: its form, and what the buttons of the form do.

use axum::extract::{Path, Query};
use backend::editions::EditionDraft;
use domain::refusal::Refusal;
use domain::season::{DraftProblem, DraftStep, SeasonDraft};
use leptos::prelude::*;
use phrases::{Lang, setup as say};
use serde::Deserialize;
use uuid::Uuid;

use super::form::StepForm;
use super::labels::{field_label, problem_sentence};
use super::parts::step_content;
use super::{CHECK, draft_crumbs, draft_path, draft_title, step_links, step_name, steps_of_draft};
use crate::AppError;
use crate::editions::season_files::EXAMPLE_SEASON;
use crate::ui::{ButtonWeight, ErrorSummary, Facts, Notice, PageHead, Submit, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// What a step was asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StepQuery {
    /// `yes`: say what is wrong. A step that is opened for the first time says nothing.
    checked: String,
    /// The list that gets more empty rows.
    more: String,
    done: String,
}

/// Finds the draft and the step of an address. The last page is no step.
async fn find_place(
    cx: &RequestContext,
    draft: &str,
    step: &str,
) -> Result<(EditionDraft, DraftStep), AppError> {
    let id: Uuid = draft.parse().map_err(|_| AppError::NotFound)?;
    let draft = cx.backend().find_draft(&cx.require_admin()?, id).await?;
    let step = DraftStep::from_address_name(step);
    let step = step.filter(|step| steps_of_draft(&draft).contains(step));
    Ok((draft, step.ok_or(AppError::NotFound)?))
}

/// GET /admin/editions/drafts/{draft}/{step}
pub(crate) async fn show_step(
    cx: RequestContext,
    Path((draft, step)): Path<(String, String)>,
    Query(query): Query<StepQuery>,
) -> PageResult {
    let (draft, step) = find_place(&cx, &draft, &step).await?;
    Ok(cx.render_page(step_page(&cx, draft, step, query, StepRetry::default())))
}

/// The state of a form that is shown again.
#[derive(Default)]
struct StepRetry {
    error: Option<AppError>,
    /// What is stored, if somebody else has saved the step meanwhile.
    stored: Option<SeasonDraft>,
}

/// Shows the stored values that differ from the typed ones. The other steps are the same in both.
fn clash_notice(lang: Lang, typed: &SeasonDraft, stored: &SeasonDraft) -> AnyView {
    let rows: Vec<(String, String)> = stored
        .changed_fields(typed)
        .into_iter()
        .map(|(name, _, stored)| (field_label(lang, &name), stored))
        .collect();
    view! {
        <Notice lang tone=Tone::Warning title=say::clash_title(lang)>
            <p>{say::clash_text(lang)}</p>
        </Notice>
        <Facts rows/>
    }
    .into_any()
}

fn step_page(
    cx: &RequestContext,
    draft: EditionDraft,
    step: DraftStep,
    query: StepQuery,
    retry: StepRetry,
) -> Page {
    let lang = cx.lang();
    let name = step_name(lang, step);
    let (title, crumbs) = draft_crumbs(lang, &draft, name);
    let page = Page::titled(format!("{name} · {title}"), move || {
        let problems = draft.check().err().unwrap_or_default();
        let faults = if query.checked == "yes" {
            faults_of_step(lang, &draft.season, &problems, step)
        } else {
            Vec::new()
        };
        let items = faults
            .iter()
            .map(|(field, text)| (field.clone(), format!("{}: {text}", field_label(lang, field))))
            .collect();
        let form = StepForm { lang, season: &draft.season, faults, more: &query.more };
        let (lead, content) = step_content(&form, step, draft.edition.is_none());
        let done = (query.done == "saved").then(|| say::saved(lang));
        let StepRetry { error, stored } = &retry;
        // The mark of what is stored: saved once more, the page takes its place.
        let shown = stored.as_ref().unwrap_or(&draft.season).mark_of_step(step);
        let clash = stored.as_ref().map(|stored| clash_notice(lang, &draft.season, stored));
        let error = if clash.is_some() { None } else { error.as_ref() };
        let by_hand = clash.is_some().then_some("yes");
        view! {
            <PageHead title=name lead eyebrow=draft_title(lang, &draft)/>
            {step_links(lang, &draft, &problems, step.address_name())}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, error)}
            {clash}
            <ErrorSummary lang items/>
            // Fields that must be filled in say so, but an incomplete step is saved, too.
            <form method="post" class="form setup-form" novalidate=true data-by-hand=by_hand
                data-saved=say::saved_auto(lang)
                data-failed=say::saved_not(lang)
                data-clash=say::saved_clash(lang)
                data-signed-out=phrases::cases::autosave_signed_out(lang)>
                <input type="hidden" name="shown" value=shown/>
                // Enter in a field saves; it must not press the first button of a row.
                <button class="visually-hidden" type="submit" name="act" value="save" tabindex="-1"
                    aria-hidden="true"></button>
                {content}
                <div class="actions">
                    <Submit label=say::save_next(lang) name="act" value="next"/>
                    <Submit label=say::save(lang) weight=ButtonWeight::Secondary name="act"
                        value="save"/>
                </div>
                <p class="setup-status" role="status" id="setup-status"></p>
            </form>
            <script src="/setup.js" defer=true></script>
        }
    });
    page.with_crumbs(crumbs)
}

fn faults_of_step(
    lang: Lang,
    season: &SeasonDraft,
    problems: &[DraftProblem],
    step: DraftStep,
) -> Vec<(String, String)> {
    let own = problems.iter().filter(|problem| problem.step() == step);
    own.map(|problem| (problem.field.clone(), problem_sentence(lang, season, problem))).collect()
}

/// Returns the typed fields. A group of boxes with one name is one text.
fn typed_fields(fields: &FormFields) -> Vec<(String, String)> {
    let mut typed: Vec<(String, String)> = Vec::new();
    for (name, text) in fields.named_texts() {
        match typed.iter_mut().find(|(known, _)| known == name) {
            Some((_, before)) if name.ends_with(".channels") => {
                before.push(',');
                before.push_str(text);
            }
            Some(_) => {}
            None => typed.push((name.to_owned(), text.to_owned())),
        }
    }
    typed
}

/// Puts the districts of the city in the place of the typed ones.
fn with_city(typed: Vec<(String, String)>) -> Vec<(String, String)> {
    let is_district = |name: &str| name.starts_with("districts.");
    let city = SeasonDraft::from_season_file(EXAMPLE_SEASON).unwrap_or_default();
    let city = city.fields_of_step(DraftStep::Places);
    let others = typed.into_iter().filter(|(name, _)| !is_district(name));
    others.chain(city.into_iter().filter(|(name, _)| is_district(name))).collect()
}

/// POST /admin/editions/drafts/{draft}/{step}
pub(crate) async fn submit_step(
    cx: RequestContext,
    Path((draft, step)): Path<(String, String)>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let (mut draft, step) = find_place(&cx, &draft, &step).await?;
    let shown = fields.field_text("shown");
    let act = fields.field_text("act");
    let mut typed = typed_fields(&fields);
    if let Some(row) = act.strip_prefix("remove.") {
        let row = format!("{row}.");
        typed.retain(|(name, _)| !name.starts_with(&row));
    }
    if act == "city" {
        typed = with_city(typed);
    }
    let backend = cx.backend();
    let saved = backend.save_draft_step(&admin, (draft.id, shown), step, typed.clone()).await;
    if let Err(error) = saved {
        let error = AppError::from(error);
        let stale = error == AppError::Refused(Refusal::Stale);
        let stored = stale.then(|| draft.season.clone());
        // What was typed stays on the page.
        draft.season.replace_step(step, typed);
        let query = StepQuery { checked: "yes".to_owned(), ..StepQuery::default() };
        let retry = StepRetry { error: Some(error.clone()), stored };
        return cx.show_again(step_page(&cx, draft, step, query, retry), &error);
    }
    let here = draft_path(&draft, step.address_name());
    let draft = cx.backend().find_draft(&admin, draft.id).await?;
    // Each way names a place, because a browser keeps the old one otherwise.
    if let Some(list) = act.strip_prefix("more.") {
        let first = match list {
            "polls" => "title.ko",
            "awards" => "tier.ko",
            _ => "name.ko",
        };
        let row = draft.season.row_count(list);
        return Ok(redirect_to(&format!("{here}?more={list}#field-{list}.{row}.{first}")));
    }
    let problems = draft.check().err().unwrap_or_default();
    let faulty = problems.iter().any(|problem| problem.step() == step);
    let place = if faulty { "#errors" } else { "#main" };
    if act != "next" || faulty {
        let done = if act == "next" { "" } else { "&done=saved" };
        return Ok(redirect_to(&format!("{here}?checked=yes{done}{place}")));
    }
    let steps = steps_of_draft(&draft);
    let next = steps.iter().position(|known| *known == step).and_then(|at| steps.get(at + 1));
    let next = next.map_or(CHECK, |next| next.address_name());
    Ok(redirect_to(&format!("{}#main", draft_path(&draft, next))))
}
