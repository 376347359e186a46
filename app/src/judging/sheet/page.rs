//! One case and its sheet, side by side.

use axum::extract::{Path, Query};
use backend::Refusal;
use backend::accounts::Judge;
use backend::cases::CaseFile;
use backend::editions::{Edition, TracksAndDistricts};
use backend::judging::{CaseText, StoredSheet};
use domain::ids::CaseId;
use domain::refusal::JudgingRefusal;
use domain::text::Bilingual;
use leptos::prelude::*;
use phrases::{Lang, judging as words};
use serde::Deserialize;

use crate::AppError;
use crate::cases::files::{FileReader, shown_files_section};
use crate::islands::sheet_form::SheetForm;
use crate::islands::sheet_state::{SheetStart, ShownVersion};
use crate::islands::sheet_versions;
use crate::judging::sheet::scores::score_rows;
use crate::judging::sheet::typed::{TypedSheet, missing_field};
use crate::ui::{
    AreaField, ButtonLink, ButtonWeight, CaseHead, Checkbox, Facts, Notice, Section, Submit, Tone,
};
use crate::web::answer::PageResult;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::cases::translated_title;
use crate::words::times;

/// The requested sheet, and the judge who asks for it.
pub(crate) struct SheetPlace {
    pub(crate) judge: Judge,
    pub(crate) edition: Edition,
    pub(crate) case: CaseId,
}

impl SheetPlace {
    /// Reads the path. The use cases check whether the judge may see the case.
    pub(crate) async fn from_path(
        cx: &RequestContext,
        slug: &str,
        case: &str,
    ) -> Result<Self, AppError> {
        let judge = cx.require_judge()?;
        let edition = cx.backend().find_public_edition(slug).await?;
        let case = case.parse().map_err(|_| AppError::NotFound)?;
        Ok(Self { judge, edition, case })
    }

    /// Returns the path of the judge's list of cases.
    pub(crate) fn case_list_path(&self) -> String {
        format!("/judging/{}", self.edition.slug)
    }

    /// Returns the path of one case of the edition.
    pub(crate) fn case_sheet_path(&self, case: CaseId) -> String {
        format!("/judging/{}/{case}", self.edition.slug)
    }

    /// Returns the criteria in the reader's language, each with its description and its highest score.
    fn described_criteria(&self, lang: Lang) -> Vec<(String, String, u32)> {
        let rubric = self.edition.rulebook.panel.rubric.iter();
        let in_language = |text: &Bilingual| lang.choose_text(&text.ko, &text.en).to_owned();
        rubric
            .map(|rule| {
                let description = rule.description.as_ref().map(in_language).unwrap_or_default();
                (in_language(&rule.name), description, rule.max)
            })
            .collect()
    }

    /// Returns the criteria in the reader's language, each with its highest score.
    fn criteria_with_maxima(&self, lang: Lang) -> Vec<(String, u32)> {
        let rubric = self.edition.rulebook.panel.rubric.iter();
        rubric
            .map(|rule| (lang.choose_text(&rule.name.ko, &rule.name.en).to_owned(), rule.max))
            .collect()
    }
}

/// The state of a form that is shown again.
#[derive(Default)]
pub(crate) struct SheetRetry {
    /// The typed sheet, if the server has not stored it.
    pub(crate) draft: Option<TypedSheet>,
    /// The error of the form.
    pub(crate) error: Option<AppError>,
    /// Whether another save came first.
    pub(crate) clash: bool,
    /// The reason that was typed for stepping back.
    pub(crate) reason: Option<String>,
}

/// Which of two versions was chosen, or what kept a sheet from being signed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SheetQuery {
    take: String,
    unsigned: String,
}

/// GET /judging/{edition}/{case}
pub(crate) async fn show_sheet(
    cx: RequestContext,
    Path((slug, case)): Path<(String, String)>,
    Query(query): Query<SheetQuery>,
) -> PageResult {
    let place = SheetPlace::from_path(&cx, &slug, &case).await?;
    let shown = if query.take == "stored" { ShownVersion::Chosen } else { ShownVersion::Stored };
    let error = unsigned_error(&cx, &place, &query.unsigned).await?;
    let retry = SheetRetry { error, ..SheetRetry::default() };
    Ok(cx.render_page(sheet_page(&cx, place, shown, retry).await?))
}

/// Returns what keeps the stored sheet from being signed, after a try.
async fn unsigned_error(
    cx: &RequestContext,
    place: &SheetPlace,
    unsigned: &str,
) -> Result<Option<AppError>, AppError> {
    let (_, stored) =
        cx.backend().case_with_own_sheet(&place.judge, &place.edition, place.case).await?;
    if stored.signed_at.is_some() {
        return Ok(None);
    }
    Ok(match unsigned {
        "confirm" => Some(missing_field("confirm")),
        "scores" => {
            let empty = stored.form.scores.iter().enumerate().filter(|(_, score)| score.is_none());
            let missing: Vec<usize> = empty.map(|(place, _)| place).collect();
            let incomplete = || Refusal::Judging(JudgingRefusal::SheetIncomplete(missing.clone()));
            (!missing.is_empty()).then(|| AppError::Refused(incomplete()))
        }
        _ => None,
    })
}

/// Everything the page shows.
struct SheetContent {
    lang: Lang,
    place: SheetPlace,
    judge: String,
    case: CaseText,
    stored: StoredSheet,
    places: TracksAndDistricts,
    files: Vec<CaseFile>,
    next: Option<String>,
    shown: ShownVersion,
    retry: SheetRetry,
}

/// Builds the page, with `retry` if a form is shown again.
pub(crate) async fn sheet_page(
    cx: &RequestContext,
    place: SheetPlace,
    shown: ShownVersion,
    retry: SheetRetry,
) -> Result<Page, AppError> {
    let (lang, backend) = (cx.lang(), cx.backend());
    let (case, stored) =
        backend.case_with_own_sheet(&place.judge, &place.edition, place.case).await?;
    let desk = backend.judging_desk(&place.judge, &place.edition).await?;
    let next = desk.next_unsigned_case(Some(place.case)).map(|next| place.case_sheet_path(next));
    let places = backend.tracks_and_districts(place.edition.id).await?;
    let files = backend.case_files(place.case).await?;
    let judge = place.judge.account_id().to_string();
    let edition = place.edition.clone();
    let title = translated_title(lang, &case.title);
    let crumbs = vec![
        (words::judging(lang).to_owned(), Some(place.case_list_path())),
        (title.clone(), None),
    ];
    let content =
        SheetContent { lang, place, judge, case, stored, places, files, next, shown, retry };
    let open = content.place.edition.judging_open().is_ok() && content.stored.signed_at.is_none();
    let page = Page::titled(title, move || sheet_view(&content, open))
        .for_edition(&edition)
        .with_crumbs(crumbs);
    Ok(if open { page.with_desk_bundle() } else { page })
}

fn sheet_view(content: &SheetContent, open: bool) -> AnyView {
    let lang = content.lang;
    let head = judged_case_head(content);
    let text = judged_case_text(lang, &content.case);
    let files = shown_files_section(lang, &content.files, FileReader::Insider);
    let sheet = if open { sheet_form(content) } else { closed_sheet_view(content) };
    let recusal = open.then(|| recusal_form(content));
    view! {
        {head}
        <div class="split" data-kind="judging">
            <Section title=words::body(lang)>{text}{files}</Section>
            <Section title=words::sheet(lang) id="sheet">{sheet}{recusal}</Section>
        </div>
    }
    .into_any()
}

fn judged_case_head(content: &SheetContent) -> AnyView {
    let SheetContent { lang, case, places, .. } = content;
    let lang = *lang;
    let track_index = places.tracks.iter().position(|track| track.id == case.track);
    let track = track_index.and_then(|index| places.tracks.get(index));
    let track = track.map(|track| lang.choose_text(&track.name.ko, &track.name.en).to_owned());
    let district = case.district.and_then(|id| places.find_district(id));
    let district =
        district.map(|place| lang.choose_text(&place.name.ko, &place.name.en).to_owned());
    let neighbourhood = case.neighbourhood.and_then(|id| places.find_neighbourhood(id));
    let place = [district, neighbourhood.map(|place| place.name.clone())];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let picture = case.picture.as_ref().map(|(id, alt)| (format!("/pictures/{id}"), alt.clone()));
    let (picture, alt) = picture.unwrap_or_default();
    view! {
        <CaseHead lang title=translated_title(lang, &case.title) organisation=case.organisation.clone()
            place track=track.unwrap_or_default() track_index=track_index.unwrap_or_default()
            seed=case.id.0.into_bytes() picture alt sample=case.sample/>
    }
    .into_any()
}

fn judged_case_text(lang: Lang, case: &CaseText) -> AnyView {
    let summary =
        (!case.summary.is_empty()).then(|| view! { <p class="lead">{case.summary.clone()}</p> });
    let paragraphs = case.body.lines().filter(|line| !line.trim().is_empty());
    let paragraphs = paragraphs.map(|line| view! { <p>{line.to_owned()}</p> }).collect_view();
    let none =
        case.body.trim().is_empty().then(|| view! { <p class="muted">{words::no_body(lang)}</p> });
    view! { <div class="prose">{summary}{paragraphs}{none}</div> }.into_any()
}

/// Builds the form inside its island.
fn sheet_form(content: &SheetContent) -> AnyView {
    let SheetContent { lang, place, stored, retry, .. } = content;
    let (lang, error) = (*lang, retry.error.as_ref());
    let draft = retry.draft.clone().unwrap_or_else(|| TypedSheet::from_stored(stored));
    let criteria = place.criteria_with_maxima(lang);
    let start = SheetStart {
        lang,
        judge: content.judge.clone(),
        edition: place.edition.slug.clone(),
        case: place.case,
        version: draft.version,
        saved_at: stored.saved_at,
        criteria: criteria.clone(),
        shown: content.shown,
    };
    let action = place.case_sheet_path(place.case);
    let version = draft.version.to_string();
    let rows = score_rows(lang, &place.described_criteria(lang), &draft, error);
    let clash = retry.clash.then(|| clash_notice(content, &criteria, &draft));
    // The form for stepping back shows its own errors.
    let errors = retry.reason.is_none().then(|| render_form_errors(lang, error));
    let texts = sheet_text_fields(lang, draft, error);
    let buttons = sheet_buttons(lang, error);
    view! {
        {errors}
        {clash}
        <SheetForm start>
            <form method="post" action=action class="form" id="sheet-form"
                autocomplete="off" data-offline="">
                <input type="hidden" name="version" value=version/>
                <p class="small muted">{words::criterion_hint(lang)}</p>
                {rows}
                {texts}
                {buttons}
            </form>
        </SheetForm>
    }
    .into_any()
}

fn sheet_text_fields(lang: Lang, draft: TypedSheet, error: Option<&AppError>) -> AnyView {
    view! {
        <AreaField lang name="comment" label=words::comment(lang) rows=4
            hint=words::comment_hint(lang) value=draft.comment
            max=domain::limits::COMMENT_CHARS error=field_error_sentence(lang, error, "comment")/>
        <AreaField lang name="note" label=words::note(lang) rows=3
            hint=words::note_hint(lang) value=draft.note
            max=domain::limits::COMMENT_CHARS error=field_error_sentence(lang, error, "note")/>
    }
    .into_any()
}

fn sheet_buttons(lang: Lang, error: Option<&AppError>) -> AnyView {
    view! {
        <div class="actions">
            // Enter in a field presses the first button, which must not leave the page.
            <Submit label=words::save(lang) weight=ButtonWeight::Secondary name="act" value="save"/>
            <Submit label=words::save_next(lang) name="act" value="next"/>
        </div>
        <Checkbox lang name="confirm" label=words::sign_confirm(lang)
            hint=words::sign_hint(lang) error=field_error_sentence(lang, error, "confirm")/>
        <div class="actions">
            <Submit label=words::sign(lang) weight=ButtonWeight::Secondary name="act" value="sign"/>
        </div>
    }
    .into_any()
}

/// Offers both versions without a script: saving keeps the typed one, the link takes the stored
/// one.
fn clash_notice(content: &SheetContent, criteria: &[(String, u32)], draft: &TypedSheet) -> AnyView {
    let (lang, place) = (content.lang, &content.place);
    let mine = draft.to_score_form().unwrap_or_default();
    let table = sheet_versions::render_version_table(lang, criteria, &mine, &content.stored.form);
    let href = format!("{}?take=stored", place.case_sheet_path(place.case));
    view! {
        <Notice lang tone=Tone::Warning title=words::clash_title(lang)>
            <p>{words::clash_text(lang)}</p>
            {table}
            <div class="actions">
                <button class="button" type="submit" form="sheet-form" name="act" value="save">
                    {words::keep_mine(lang)}
                </button>
                <ButtonLink label=words::take_stored(lang) href weight=ButtonWeight::Secondary/>
            </div>
        </Notice>
    }
    .into_any()
}

/// Shows a sheet that can only be read, because it is signed or the judging is not open.
fn closed_sheet_view(content: &SheetContent) -> AnyView {
    let SheetContent { lang, place, stored, .. } = content;
    let lang = *lang;
    let notice = match stored.signed_at {
        Some(at) => view! {
            <Notice lang tone=Tone::Success title=words::signed_title(lang)>
                <p>{words::signed_at(lang, times::format_minute(lang, at))}</p>
            </Notice>
        },
        None => view! {
            <Notice lang tone=Tone::Info title=words::closed(lang)>
                <p>{words::closed_text(lang)}</p>
            </Notice>
        },
    };
    let criteria = place.criteria_with_maxima(lang);
    let most: u32 = criteria.iter().map(|(_, max)| max).sum();
    let scores = stored.form.scores.iter().map(|score| match score {
        Some(score) => score.to_string(),
        None => words::not_yet_scored(lang).to_owned(),
    });
    let mut facts: Vec<(String, String)> =
        criteria.into_iter().map(|(name, _)| name).zip(scores).collect();
    let total = words::points(lang, most, stored.form.scores.iter().flatten().sum::<u32>());
    facts.push((words::total(lang).to_owned(), total));
    for (name, text) in
        [(words::comment(lang), &stored.form.comment), (words::note(lang), &stored.form.note)]
    {
        if !text.is_empty() {
            facts.push((name.to_owned(), text.clone()));
        }
    }
    let next = content.next.clone().filter(|_| place.edition.judging_open().is_ok());
    let next = next.map(|href| view! { <ButtonLink label=words::next_case(lang) href/> });
    view! {
        {notice}
        <Facts rows=facts/>
        <div class="actions">
            {next}
            <ButtonLink label=words::back_to_list(lang) href=place.case_list_path() weight=ButtonWeight::Secondary/>
        </div>
    }
    .into_any()
}

/// Builds the folded form for stepping back, with a reason and a confirmation.
fn recusal_form(content: &SheetContent) -> AnyView {
    let SheetContent { lang, place, retry, .. } = content;
    let (lang, open) = (*lang, retry.reason.is_some());
    let error = retry.error.as_ref().filter(|_| open);
    let reason = retry.reason.clone().unwrap_or_default();
    let action = place.case_sheet_path(place.case);
    view! {
        <details class="recusal" open=open>
            <summary>{words::recuse(lang)}</summary>
            <p>{words::recuse_text(lang)}</p>
            {render_form_errors(lang, error)}
            <form method="post" action=action class="form">
                <AreaField lang name="reason" label=words::recuse_reason(lang) rows=3 required=true
                    value=reason max=domain::limits::REASON_CHARS
                    error=field_error_sentence(lang, error, "reason")/>
                <Checkbox lang name="step-back" label=words::recuse_confirm(lang) required=true
                    error=field_error_sentence(lang, error, "step-back")/>
                <div class="actions">
                    <Submit label=words::recuse_act(lang) weight=ButtonWeight::Danger name="act"
                        value="recuse"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}
