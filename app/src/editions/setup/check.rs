//! The last page of a draft: everything in words, what is left to mend, and the button that makes the
//! edition or applies the settings.

use axum::extract::Path;
use axum::response::IntoResponse as _;
use backend::editions::{DraftUse, EditionDraft, write_season_file};
use domain::rulebook::{PollRules, VoterIdentity};
use domain::schedule::parse_local_minute;
use domain::season::{DraftProblem, DraftStep, Season, SeasonDraft};
use http::header;
use leptos::prelude::*;
use phrases::{Lang, setup as say};
use uuid::Uuid;

use super::labels::field_label;
use super::parts::{INSTANTS, identity_options, method_options, paper_label};
use super::{
    CHECK, draft_crumbs, draft_path, draft_title, labelled_problem, step_links, step_name,
    steps_of_draft,
};
use crate::AppError;
use crate::editions::windows::rest_days_notice;
use crate::ui::{ButtonLink, ButtonWeight, Facts, Notice, PageHead, Section, Submit, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::render_form_errors;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{polls, windows};

type Rows = Vec<(String, String)>;

async fn find_draft(cx: &RequestContext, draft: &str) -> Result<EditionDraft, AppError> {
    let id: Uuid = draft.parse().map_err(|_| AppError::NotFound)?;
    Ok(cx.backend().find_draft(&cx.require_admin()?, id).await?)
}

/// GET /admin/editions/drafts/{draft}/check
pub(crate) async fn show_check(cx: RequestContext, Path(draft): Path<String>) -> PageResult {
    let draft = find_draft(&cx, &draft).await?;
    Ok(cx.render_page(check_page(&cx, draft, None).await?))
}

/// Returns what the edition has now, for a draft of its settings.
async fn present_settings(
    cx: &RequestContext,
    draft: &EditionDraft,
) -> Result<Option<SeasonDraft>, AppError> {
    let Some(slug) = &draft.edition else { return Ok(None) };
    let edition = cx.backend().find_edition(slug).await?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    Ok(SeasonDraft::from_season_file(&write_season_file(&edition, &places)))
}

/// Lists what the draft changes of an edition.
fn changes_section(lang: Lang, draft: &EditionDraft, now: &SeasonDraft) -> AnyView {
    let changed = draft.season.changed_fields(now);
    let row = |(name, before, after): (String, String, String)| {
        // The blanks of a phrase are in the order of the alphabet.
        let line = say::change_line(lang, text_or_none(lang, &after), text_or_none(lang, &before));
        (field_label(lang, &name), line)
    };
    let rows: Rows = changed.into_iter().map(row).collect();
    let content = if rows.is_empty() {
        view! { <p class="muted">{say::changes_none(lang)}</p> }.into_any()
    } else {
        view! { <Facts rows/> }.into_any()
    };
    view! { <Section title=say::changes(lang)>{content}</Section> }.into_any()
}

async fn check_page(
    cx: &RequestContext,
    draft: EditionDraft,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let now = present_settings(cx, &draft).await?;
    let lang = cx.lang();
    let (title, crumbs) = draft_crumbs(lang, &draft, say::check(lang));
    let page = Page::titled(format!("{} · {title}", say::check(lang)), move || {
        let (season, problems) = match draft.check() {
            Ok(season) => (Some(season), Vec::new()),
            Err(problems) => (None, problems),
        };
        let is_new = draft.edition.is_none();
        let lead = if is_new { say::check_lead_new(lang) } else { say::check_lead_settings(lang) };
        let section = |step| step_section(lang, &draft, season.as_ref(), step);
        let parts = steps_of_draft(&draft).into_iter().map(section).collect_view();
        let file = draft_path(&draft, "season.json");
        let changes = now.as_ref().map(|now| changes_section(lang, &draft, now));
        view! {
            <PageHead title=say::check(lang) lead eyebrow=draft_title(lang, &draft)/>
            {step_links(lang, &draft, &problems, CHECK)}
            {render_form_errors(lang, error.as_ref())}
            {problems_notice(lang, &draft, &problems)}
            {season.as_ref().and_then(|season| late_notice(lang, &draft, season))}
            {season.as_ref().and_then(|season| rest_days_notice(lang, &season.windows))}
            {changes}
            {parts}
            {finish_form(lang, &draft, problems.is_empty())}
            <div class="actions">
                <ButtonLink label=say::download(lang) href=file weight=ButtonWeight::Quiet/>
            </div>
            {delete_form(lang)}
        }
    });
    Ok(page.with_crumbs(crumbs))
}

/// Lists what is left to mend, each with a link to its field.
fn problems_notice(lang: Lang, draft: &EditionDraft, problems: &[DraftProblem]) -> Option<AnyView> {
    if problems.is_empty() {
        return None;
    }
    let item = |problem: &DraftProblem| {
        let step = problem.step();
        // A problem of a part with a page of its own leads there.
        let href = match (&draft.edition, step) {
            (Some(slug), DraftStep::Schedule) => format!("/admin/{slug}/windows"),
            (Some(slug), DraftStep::Polls) => format!("/admin/{slug}/polls"),
            _ => draft_path(draft, step.address_name()) + "?checked=yes#field-" + &problem.field,
        };
        let what = labelled_problem(lang, &draft.season, problem);
        let text = format!("{}: {what}", step_name(lang, step));
        view! { <li><a href=href>{text}</a></li> }
    };
    let items = problems.iter().map(item).collect_view();
    let title = say::problems_title(lang, problems.len());
    Some(
        view! {
            <Notice lang tone=Tone::Warning title>
                <p>{say::problems_text(lang)}</p>
                <ul>{items}</ul>
            </Notice>
        }
        .into_any(),
    )
}

/// Warns before a real edition is made whose vote or judging is over already, as in a copy of last year's.
fn late_notice(lang: Lang, draft: &EditionDraft, season: &Season) -> Option<AnyView> {
    let real = draft.edition.is_none() && draft.season.field_text("rehearsal") != "yes";
    let (windows, now) = (&season.windows, chrono::Utc::now());
    let begun = season.cases.is_empty() && now >= windows.voting.opens;
    let late = real && (begun || windows.is_vote_or_judging_over(now));
    let href = draft_path(draft, DraftStep::Schedule.address_name());
    late.then(|| {
        view! {
            <Notice lang tone=Tone::Warning title=say::late_title(lang)>
                <p>{say::late_text(lang)}</p>
                <p><a href=href>{step_name(lang, DraftStep::Schedule)}</a></p>
            </Notice>
        }
        .into_any()
    })
}

/// Shows a step in words. `season` is what the draft is read as, once it can be read.
fn step_section(
    lang: Lang,
    draft: &EditionDraft,
    season: Option<&Season>,
    step: DraftStep,
) -> AnyView {
    let mut rows = step_rows(lang, &draft.season, step, draft.edition.is_none());
    if let (DraftStep::Polls, Some(season)) = (step, season) {
        rows.extend(poll_rule_rows(lang, season));
    }
    let href = format!("{}?checked=yes", draft_path(draft, step.address_name()));
    let name = step_name(lang, step);
    let label = phrases::polls::change_of(lang, name);
    view! {
        <Section title=name>
            <Facts rows/>
            <div class="actions">
                <ButtonLink label href weight=ButtonWeight::Quiet/>
            </div>
        </Section>
    }
    .into_any()
}

fn step_rows(lang: Lang, season: &SeasonDraft, step: DraftStep, is_new: bool) -> Rows {
    let text = |name: &str| text_or_none(lang, season.field_text(name));
    let row = |label: &str, name: &str| (label.to_owned(), text(name));
    match step {
        DraftStep::Basics => {
            let mut rows = vec![
                row(say::title_ko(lang), "title.ko"),
                row(say::title_en(lang), "title.en"),
                row(say::host_ko(lang), "host.ko"),
                row(say::host_en(lang), "host.en"),
            ];
            if is_new {
                rows.push(row(say::slug(lang), "slug"));
                if season.field_text("rehearsal") == "yes" {
                    let word = phrases::admin::rehearsal(lang).to_owned();
                    rows.push((phrases::admin::rehearsal_box(lang).to_owned(), word));
                }
            }
            rows
        }
        DraftStep::Schedule => {
            let row = |(name, input): (&str, &str)| {
                let typed = season.field_text(name);
                let instant = parse_local_minute(typed);
                let words = instant.map_or_else(
                    || text_or_none(lang, typed),
                    |instant| windows::format_input_instant(lang, input, instant),
                );
                (windows::input_label(lang, input).to_owned(), words)
            };
            INSTANTS.into_iter().zip(windows::INPUTS).map(row).collect()
        }
        DraftStep::Places => vec![
            (say::tracks(lang).to_owned(), list_names(lang, season, "tracks", "name")),
            (say::districts(lang).to_owned(), district_words(lang, season)),
        ],
        DraftStep::Polls => poll_rows(lang, season),
        DraftStep::Judging => panel_rows(lang, season),
        DraftStep::Awards => {
            let mut rows = vec![(say::awards(lang).to_owned(), award_words(lang, season))];
            for name in ["record.ballots", "record.minutes", "record.fewest"] {
                if !season.field_text(name).is_empty() {
                    rows.push((field_label(lang, name), text(name)));
                }
            }
            rows
        }
    }
}

/// A typed text, or that there is none.
fn text_or_none(lang: Lang, text: &str) -> String {
    if text.is_empty() { say::none(lang).to_owned() } else { text.to_owned() }
}

/// Returns a name of a row in the reader's language.
fn row_name(lang: Lang, season: &SeasonDraft, at: &str, field: &str) -> String {
    season.field_text(&format!("{at}.{field}.{}", lang.language_tag())).to_owned()
}

fn list_names(lang: Lang, season: &SeasonDraft, list: &str, field: &str) -> String {
    let rows = 0..season.row_count(list);
    let names = rows.map(|row| row_name(lang, season, &format!("{list}.{row}"), field));
    text_or_none(lang, &names.collect::<Vec<_>>().join(", "))
}

fn district_words(lang: Lang, season: &SeasonDraft) -> String {
    let line = |row: usize| {
        let at = format!("districts.{row}");
        let inside = season.field_text(&format!("{at}.neighbourhoods"));
        let names: Vec<&str> = inside.split('\n').map(str::trim).collect();
        let names = text_or_none(lang, &names.join(", "));
        say::district_line(lang, row_name(lang, season, &at, "name"), names)
    };
    let lines: Vec<String> = (0..season.row_count("districts")).map(line).collect();
    text_or_none(lang, &lines.join(" / "))
}

fn poll_rows(lang: Lang, season: &SeasonDraft) -> Rows {
    let row = |row: usize| {
        let at = format!("polls.{row}");
        let text = |name: &str| season.field_text(&format!("{at}.{name}"));
        let identities = identity_options(lang);
        let identity = identities.iter().find(|(word, _)| word == text("identity"));
        let identity = identity.or(identities.first()).map_or("", |(_, label)| label.as_str());
        let paper = paper_label(lang, season, text("cases"));
        let title = row_name(lang, season, &at, "title");
        let label = if title.is_empty() { say::poll(lang, row + 1) } else { title };
        (label, say::poll_line(lang, identity, paper, text("picks.number"), text("weight")))
    };
    (0..season.row_count("polls")).map(row).collect()
}

/// Returns everything else about the polls, in the words of their own pages.
fn poll_rule_rows(lang: Lang, season: &Season) -> Rows {
    let of_poll = |(number, rules): (usize, &PollRules)| {
        let mut rows = polls::voter_rows(lang, rules);
        rows.extend(polls::own_window_row(lang, rules));
        let basis = polls::basis_words(lang, rules.basis);
        let openings = polls::openings_words(lang, rules.openings);
        rows.push((say::basis(lang).to_owned(), basis.to_owned()));
        rows.push((say::openings(lang).to_owned(), openings.to_owned()));
        if rules.identity == VoterIdentity::Email {
            let fold = if rules.fold_aliases { say::yes(lang) } else { say::no(lang) };
            rows.push((say::fold(lang).to_owned(), fold.to_owned()));
        }
        let poll = say::poll(lang, number + 1);
        rows.into_iter().map(move |(label, text)| (format!("{poll} · {label}"), text))
    };
    season.rulebook.polls.iter().enumerate().flat_map(of_poll).collect()
}

fn panel_rows(lang: Lang, season: &SeasonDraft) -> Rows {
    let text = |name: &str| season.field_text(name);
    let quorum = text("panel.quorum");
    let quorum = match quorum {
        "" => say::usual(lang).to_owned(),
        count => say::quorum_line(lang, count),
    };
    let methods = method_options(lang);
    let method = methods.iter().find(|(word, _)| word == text("panel.method"));
    let method = method.or(methods.first()).map_or("", |(_, label)| label.as_str());
    let (judges, weight) = (text("panel.judges"), text("panel.weight"));
    let panel = say::panel_line(lang, judges, method, quorum, weight);
    let line = |row: usize| {
        let at = format!("panel.rubric.{row}");
        let max = season.field_text(&format!("{at}.max"));
        let line = say::rubric_line(lang, max, row_name(lang, season, &at, "name"));
        match row_name(lang, season, &at, "description").as_str() {
            "" => line,
            text => format!("{line} ({text})"),
        }
    };
    let rubric: Vec<String> = (0..season.row_count("panel.rubric")).map(line).collect();
    vec![
        (say::judging(lang).to_owned(), panel),
        (say::rubric(lang).to_owned(), text_or_none(lang, &rubric.join(", "))),
    ]
}

fn award_words(lang: Lang, season: &SeasonDraft) -> String {
    let line = |row: usize| {
        let at = format!("awards.{row}");
        let count = season.field_text(&format!("{at}.count"));
        say::award_line(lang, count, row_name(lang, season, &at, "tier"))
    };
    let lines: Vec<String> = (0..season.row_count("awards")).map(line).collect();
    text_or_none(lang, &lines.join(", "))
}

fn finish_form(lang: Lang, draft: &EditionDraft, ready: bool) -> Option<AnyView> {
    let label = if draft.edition.is_none() { say::create(lang) } else { say::apply(lang) };
    let revision = draft.revision.to_string();
    ready.then(|| {
        view! {
            <form method="post" class="form">
                <input type="hidden" name="revision" value=revision/>
                <div class="actions"><Submit label name="act" value="use"/></div>
            </form>
        }
        .into_any()
    })
}

fn delete_form(lang: Lang) -> AnyView {
    view! {
        <details class="stack">
            <summary>{say::delete_open(lang)}</summary>
            <p>{say::delete_sure(lang)}</p>
            <form method="post" class="form">
                <div class="actions">
                    <Submit label=say::delete(lang) weight=ButtonWeight::Danger name="act"
                        value="delete"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// POST /admin/editions/drafts/{draft}/check
pub(crate) async fn use_draft(
    cx: RequestContext,
    Path(draft): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let draft = find_draft(&cx, &draft).await?;
    if fields.field_text("act") == "delete" {
        cx.backend().delete_draft(&admin, draft.id).await?;
        return Ok(redirect_to(&match &draft.edition {
            None => "/admin/editions/new?done=deleted".to_owned(),
            Some(slug) => format!("/admin/{slug}/setup?done=deleted"),
        }));
    }
    let revision = fields.field_text("revision").parse().map_err(|_| AppError::BadRequest)?;
    match cx.backend().use_draft(&admin, (draft.id, revision)).await {
        Ok(DraftUse::Done(slug)) => Ok(redirect_to(&match &draft.edition {
            None => format!("/admin/{slug}?done=created"),
            Some(_) => format!("/admin/{slug}/setup?done=applied"),
        })),
        Ok(DraftUse::Incomplete(_)) => Ok(redirect_to(&draft_path(&draft, CHECK))),
        Err(error) => {
            let error = AppError::from(error);
            cx.show_again(check_page(&cx, draft, Some(error.clone())).await?, &error)
        }
    }
}

/// GET /admin/editions/drafts/{draft}/season.json
pub(crate) async fn draft_season_file(cx: RequestContext, Path(draft): Path<String>) -> PageResult {
    let draft = find_draft(&cx, &draft).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"season.json\""),
    ];
    Ok((headers, draft.season.to_season_file()).into_response())
}
