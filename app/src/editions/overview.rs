//! All editions with today's work, and the dashboard of one.

mod notices;

use axum::extract::{Path, Query};
use backend::accounts::Admin;
use backend::editions::{Edition, SeasonWork};
use domain::rulebook::VoterIdentity;
use domain::schedule::Phase;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use notices::{
    failing_mails_notice, office_notice, panel_size_notice, publish_notice, sealing_notice,
    sealing_problem, undecided_notice,
};

use crate::AppError;
use crate::editions::polls::risk::email_weight_notice;
use crate::editions::removal::{archive_form, removal_forms};
use crate::editions::season;
use crate::staff::{DoneQuery, EditionPage, edition_pages, edition_tabs, staff_crumbs};
use crate::ui::{
    Badge, ButtonLink, ButtonWeight, Empty, Facts, Notice, PageHead, Section, Timeline, Tone,
    WorkCard,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{editions, numbers, times};

/// GET /admin
pub(crate) async fn show_all_editions(
    cx: RequestContext,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let mut editions = cx.backend().all_editions(&admin).await?;
    // The editions come newest first. The stable sort keeps that order within each rank.
    editions.sort_by_key(|edition| (phase_rank(edition.current_phase()), edition.rehearsal));
    let mut seasons = Vec::with_capacity(editions.len());
    for edition in editions {
        let work = cx.backend().season_work(&admin, edition.id).await?;
        seasons.push((edition, work));
    }
    let done = (query.done == "removed").then(|| words::remove_done(lang));
    let page = Page::titled(words::administration(lang), move || {
        let content = if seasons.is_empty() {
            view! { <Empty title=words::none_title(lang)><p>{words::none_text(lang)}</p></Empty> }
                .into_any()
        } else {
            seasons
                .iter()
                .map(|(edition, work)| edition_work_section(lang, edition, work))
                .collect_view()
                .into_any()
        };
        view! {
            <PageHead title=words::administration(lang) lead=words::administration_lead(lang)>
                <ButtonLink label=words::new_edition(lang) href="/admin/editions/new"/>
            </PageHead>
            {render_done_notice(lang, done)}
            {content}
            <div class="actions">
                <ButtonLink label=words::system_audit(lang) href="/admin/audit/system"
                    weight=ButtonWeight::Quiet/>
            </div>
        }
    });
    Ok(cx.render_page(page.with_crumbs(vec![
        (phrases::editions::home(lang).to_owned(), Some("/".to_owned())),
        (words::administration(lang).to_owned(), None),
    ])))
}

/// Ranks editions for the list: those that run, then drafts, then those with a result, then those that
/// are closed for good.
const fn phase_rank(phase: Phase) -> u8 {
    match phase {
        Phase::Call | Phase::Screening | Phase::Voting | Phase::Judging | Phase::Deliberation => 0,
        Phase::Draft => 1,
        Phase::Announced => 2,
        Phase::Archived => 3,
    }
}

/// Builds the section of one edition in the list, with its labels and its work.
fn edition_work_section(lang: Lang, edition: &Edition, work: &SeasonWork) -> AnyView {
    let title = editions::edition_title(lang, edition);
    let href = format!("/admin/{}", edition.slug);
    let (marks, works) = (edition_badges(lang, edition), work_cards(lang, edition, work));
    let named = format!("{} — {title}", words::open_edition(lang));
    let about = words::edition_about(
        lang,
        &edition.slug,
        times::format_window(lang, edition.schedule.windows.voting),
    );
    view! {
        <Section title>
            {marks}
            <p class="small muted">{about}</p>
            {works}
            <div class="actions">
                <a class="button" data-weight="secondary" href=href aria-label=named>
                    {words::open_edition(lang)}
                </a>
            </div>
        </Section>
    }
    .into_any()
}

/// Builds small labels: phase, not public, rehearsal.
fn edition_badges(lang: Lang, edition: &Edition) -> AnyView {
    let rehearsal = edition
        .rehearsal
        .then(|| view! { <Badge tone=Tone::Sample label=words::rehearsal(lang)/> });
    let hidden = (!edition.schedule.published)
        .then(|| view! { <Badge tone=Tone::Warning label=words::unpublished(lang)/> });
    view! { <p class="card-marks">{season::phase_badge(lang, edition)}{hidden}{rehearsal}</p> }
        .into_any()
}

/// Shows today's work as large numbers. Each links to the page where the work is done.
fn work_cards(lang: Lang, edition: &Edition, work: &SeasonWork) -> AnyView {
    let base = format!("/admin/{}", edition.slug);
    let phase = edition.current_phase();
    let urgent = |count: i64, tone| if count > 0 { tone } else { Tone::Plain };
    let wanted = i64::from(edition.rulebook.panel.judges);
    let judging = matches!(phase, Phase::Voting | Phase::Judging | Phase::Deliberation);
    let mut cards = vec![
        (work.to_screen, words::work_screen(lang), "/screening", Tone::Warning),
        (work.accepted, words::work_accepted(lang), "/screening", Tone::Info),
        (work.invitations, words::work_invitations(lang), "/people", Tone::Info),
    ];
    if work.join_requests > 0 {
        let label = phrases::join::requests(lang);
        cards.push((work.join_requests, label, "/people#requests", Tone::Warning));
    }
    if judging && edition.judging_open().is_ok() || phase == Phase::Deliberation {
        let label = words::work_judges(lang);
        cards.push((work.judges_unsigned, label, "/progress", Tone::Warning));
    }
    if work.judges < wanted && !edition.is_panel_fixed() {
        let label = words::work_judges_missing(lang);
        cards.push((wanted - work.judges, label, "/people", Tone::Warning));
    }
    if work.fraud_matters > 0 {
        cards.push((work.fraud_matters, phrases::fraud::work(lang), "/fraud", Tone::Warning));
    }
    if work.mails_failing > 0 {
        cards.push((work.mails_failing, words::work_mails(lang), "#mails", Tone::Danger));
    }
    let cards = cards
        .into_iter()
        .map(|(count, label, end, tone)| {
            let href = format!("{base}{end}");
            let tone = urgent(count, tone);
            view! { <WorkCard count=count.to_string() label href tone/> }
        })
        .collect_view();
    view! { <div class="works">{cards}</div> }.into_any()
}

/// GET /admin/{edition}
pub(crate) async fn show_dashboard(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    Ok(cx.render_page(dashboard_page(&cx, &slug, &query.done, None).await?))
}

/// Builds the dashboard, with a notice if an action was just done or refused.
pub(crate) async fn dashboard_page(
    cx: &RequestContext,
    slug: &str,
    done: &str,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let edition = cx.backend().find_edition(slug).await?;
    let work = cx.backend().season_work(&admin, edition.id).await?;
    let office = cx.backend().edition_office(edition.id).await?;
    let texts = text_messages_section(cx, &admin, &edition).await?;
    let blocked = sealing_problem(cx, &admin, &edition).await?;
    let done = match done {
        "created" => Some(words::created_done(lang)),
        "published" if edition.rehearsal => Some(words::publish_rehearsal_done(lang)),
        "published" => Some(words::publish_done(lang)),
        "archived" => Some(words::archive_done(lang)),
        "unpublished" => Some(words::unpublish_done(lang)),
        _ => None,
    };
    let crumbs = staff_crumbs(lang, &edition, "");
    let of = edition.clone();
    let page = Page::titled(words::dashboard(lang), move || {
        let items = season::season_moments(lang, &edition);
        let (marks, works) = (edition_badges(lang, &edition), work_cards(lang, &edition, &work));
        let countdown = season::next_change_countdown(lang, &edition);
        let doors = doors_list(lang, &edition);
        view! {
            <PageHead title=editions::edition_title(lang, &edition)
                eyebrow=editions::phase_name(lang, edition.current_phase())/>
            {edition_tabs(lang, &edition, "")}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, error.as_ref())}
            {publish_notice(lang, &edition, work.accepted)}
            {office_notice(lang, &edition, &office)}
            {email_weight_notice(lang, &edition)}
            {undecided_notice(lang, &edition, &work)}
            {sealing_notice(lang, &edition, blocked)}
            {panel_size_notice(lang, &edition, &work)}
            {archive_form(lang, &edition)}
            <Section title=words::today(lang)>{marks}{works}{failing_mails_notice(lang, &work)}{texts}</Section>
            <Section title=words::season(lang) wide=true>
                <Timeline lang label=words::season(lang) items/>
                {countdown}
            </Section>
            <Section title=words::edition_pages(lang)>{doors}</Section>
            {removal_forms(lang, &edition)}
        }
    });
    Ok(page.for_edition(&of).with_crumbs(crumbs).with_countdown_bundle())
}

/// Shows the state of the text messages and the money left for them, if a poll sends any.
async fn text_messages_section(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
) -> Result<Option<AnyView>, AppError> {
    let lang = cx.lang();
    if !edition.polls.iter().any(|poll| poll.rules.identity == VoterIdentity::Mobile) {
        return Ok(None);
    }
    let status = cx.backend().text_status(admin, edition).await?;
    let rests = status.rests_until.map(|until| {
        let sentence = words::texts_rest(lang, times::format_deadline(lang, until));
        view! { <Notice lang tone=Tone::Danger><p>{sentence}</p></Notice> }
    });
    let rows = vec![
        (words::texts_sent(lang).to_owned(), status.sent.to_string()),
        (words::texts_waiting(lang).to_owned(), status.waiting.to_string()),
        (words::texts_failed(lang).to_owned(), status.failed.to_string()),
        (
            words::texts_left(lang).to_owned(),
            words::won(lang, numbers::group_stored_count(status.left)),
        ),
        (
            words::texts_hour(lang).to_owned(),
            words::won(lang, numbers::group_stored_count(status.left_this_hour)),
        ),
    ];
    let view = view! {
        <h3>{words::texts(lang)}</h3>
        {rests}
        <Facts rows/>
    };
    Ok(Some(view.into_any()))
}

/// Lists the pages of an edition, each with a sentence.
fn doors_list(lang: Lang, edition: &Edition) -> AnyView {
    let link = |href: String, name: &'static str, text: &'static str| {
        view! {
            <li>
                <a class="door" href=href>
                    <span class="door-name">{name}</span>
                    <span class="door-text">{text}</span>
                </a>
            </li>
        }
    };
    let mut items: Vec<_> = edition_pages(lang, edition)
        .into_iter()
        .map(|EditionPage { end, name, text }| {
            link(format!("/admin/{}{end}", edition.slug), name, text)
        })
        .collect();
    if edition.schedule.published {
        let href = format!("/editions/{}", edition.slug);
        items.push(link(href, words::public_page(lang), words::public_page_text(lang)));
    }
    view! { <ul class="doors">{items}</ul> }.into_any()
}

/// POST /admin/{edition}: publishes, archives, unpublishes or removes the edition.
pub(crate) async fn publish_or_archive(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let (steered, done) = match fields.field_text("act") {
        "publish" => (cx.backend().publish_edition(&admin, &edition).await, "published"),
        "archive" => (cx.backend().archive_edition(&admin, &edition).await, "archived"),
        "unpublish" => (cx.backend().unpublish_rehearsal(&admin, &edition).await, "unpublished"),
        "remove" => {
            let confirm = fields.field_text("confirm");
            (cx.backend().remove_edition(&admin, &edition, confirm).await, "removed")
        }
        _ => return Err(AppError::BadRequest),
    };
    match steered {
        Ok(()) if done == "removed" => Ok(redirect_to("/admin?done=removed")),
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}?done={done}"))),
        Err(error) => {
            let error = AppError::from(error);
            cx.show_again(dashboard_page(&cx, &slug, "", Some(error.clone())).await?, &error)
        }
    }
}
