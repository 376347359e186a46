//! /admin/{edition}/office: whom people can ask, what the organiser adds to the public pages, and
//! notices.

use axum::extract::{Path, Query};
use backend::editions::{Edition, Office, PublicNotice};
use domain::limits;
use leptos::prelude::*;
use phrases::{Lang, office as say};

use super::pages::notice_section;
use crate::AppError;
use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{AreaField, ButtonWeight, Notice, PageHead, Section, Submit, TextField, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// What was typed, and what is wrong with it.
struct DeskAttempt {
    office: Office,
    title: String,
    body: String,
    error: Option<AppError>,
}

/// GET /admin/{edition}/office
pub(crate) async fn show_office_desk(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let office = cx.backend().edition_office(edition.id).await?;
    let attempt = DeskAttempt { office, title: String::new(), body: String::new(), error: None };
    Ok(cx.render_page(desk_page(&cx, &edition, attempt, &query.done).await?))
}

/// POST /admin/{edition}/office
pub(crate) async fn submit_office_desk(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let (admin, backend) = (cx.require_admin()?, cx.backend());
    let edition = backend.find_edition(&slug).await?;
    let (title, body) = (fields.field_text("title"), fields.field_text("body"));
    let typed = typed_office(&fields);
    let (stored, done) = match fields.field_text("act") {
        "save" => (backend.save_office(&admin, &edition, typed.clone()).await, "saved"),
        "publish" => (backend.publish_notice(&admin, &edition, (title, body)).await, "published"),
        "remove" => {
            let notice = fields.field_text("notice").parse().map_err(|_| AppError::BadRequest)?;
            (backend.remove_notice(&admin, &edition, notice).await, "removed")
        }
        _ => return Err(AppError::BadRequest),
    };
    let Err(error) = stored else {
        return Ok(redirect_to(&format!("/admin/{slug}/office?done={done}")));
    };
    let error = AppError::from(error);
    let office = match done {
        "saved" => typed,
        _ => backend.edition_office(edition.id).await?,
    };
    let attempt = DeskAttempt {
        office,
        title: title.to_owned(),
        body: body.to_owned(),
        error: Some(error.clone()),
    };
    cx.show_again(desk_page(&cx, &edition, attempt, "").await?, &error)
}

fn typed_office(fields: &FormFields) -> Office {
    let text = |name: &str| fields.field_text(name).to_owned();
    Office {
        department: text("department"),
        telephone: text("telephone"),
        email: text("email"),
        hours: text("hours"),
        privacy_officer: text("privacy_officer"),
        privacy_contact: text("privacy_contact"),
        processors: text("processors"),
        privacy_more: text("privacy_more"),
        help_more: text("help_more"),
        terms_more: text("terms_more"),
    }
}

async fn desk_page(
    cx: &RequestContext,
    edition: &Edition,
    attempt: DeskAttempt,
    done: &str,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    cx.require_admin()?;
    let notices = cx.backend().public_notices(edition.id).await?;
    let done = match done {
        "saved" => Some(say::saved(lang)),
        "published" => Some(say::notice_published(lang)),
        "removed" => Some(say::notice_removed(lang)),
        _ => None,
    };
    let of = edition.clone();
    let page = Page::titled(say::desk(lang), move || {
        view! {
            <PageHead title=say::desk(lang) lead=say::desk_lead(lang)>""</PageHead>
            {edition_tabs(lang, &of, "/office")}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, attempt.error.as_ref())}
            {missing_notice(lang, &attempt.office)}
            {office_form(lang, &attempt)}
            {notices_section(lang, &notices, &attempt)}
        }
    });
    let crumbs = staff_crumbs(lang, edition, say::desk(lang));
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

/// Says what a privacy policy lacks.
pub(crate) fn missing_notice(lang: Lang, office: &Office) -> Option<AnyView> {
    (!office.is_complete()).then(|| {
        view! {
            <Notice lang tone=Tone::Warning title=say::missing_title(lang)>
                <p>{say::missing_text(lang)}</p>
            </Notice>
        }
        .into_any()
    })
}

fn office_form(lang: Lang, attempt: &DeskAttempt) -> AnyView {
    let Office {
        department,
        telephone,
        email,
        hours,
        privacy_officer,
        privacy_contact,
        processors,
        privacy_more,
        help_more,
        terms_more,
    } = attempt.office.clone();
    let max = limits::OFFICE_LINE_CHARS;
    let wrong = |name: &str| field_error_sentence(lang, attempt.error.as_ref(), name);
    let line = |name: &'static str, label: &'static str, hint: &'static str, value: String| {
        view! { <TextField lang name label hint value error=wrong(name) max/> }
    };
    let block = |name: &'static str, label: &'static str, hint: &'static str, value: String| {
        let (error, max) = (wrong(name), limits::COMMENT_CHARS);
        view! { <AreaField lang name label hint value error rows=4 max/> }
    };
    let more = say::more_hint(lang);
    view! {
        <form method="post" class="form">
            {line("department", say::department(lang), say::department_hint(lang), department)}
            {line("telephone", say::telephone(lang), "", telephone)}
            {line("email", say::email(lang), "", email)}
            {line("hours", say::hours(lang), say::hours_hint(lang), hours)}
            {line("privacy_officer", say::privacy_officer(lang), say::privacy_officer_hint(lang), privacy_officer)}
            {line("privacy_contact", say::privacy_contact(lang), "", privacy_contact)}
            {block("processors", say::processors(lang), say::processors_hint(lang), processors)}
            {block("privacy_more", say::privacy_more(lang), more, privacy_more)}
            {block("help_more", say::help_more(lang), more, help_more)}
            {block("terms_more", say::terms_more(lang), more, terms_more)}
            <div class="actions"><Submit label=say::save(lang) name="act" value="save"/></div>
        </form>
    }
    .into_any()
}

fn notices_section(lang: Lang, notices: &[PublicNotice], attempt: &DeskAttempt) -> AnyView {
    let items = notices.iter().map(|notice| {
        let id = notice.id.to_string();
        view! {
            {notice_section(lang, notice)}
            <form method="post" class="actions">
                <input type="hidden" name="notice" value=id/>
                <Submit label=say::notice_remove(lang) weight=ButtonWeight::Quiet name="act"
                    value="remove"/>
            </form>
        }
    });
    let items = items.collect_view();
    let wrong = |name: &str| field_error_sentence(lang, attempt.error.as_ref(), name);
    let (wrong_title, wrong_body) = (wrong("title"), wrong("body"));
    let (title, body) = (attempt.title.clone(), attempt.body.clone());
    view! {
        <Section title=say::notice_new(lang) id="notices">
            <form method="post" class="form" action="#notices">
                <TextField lang name="title" label=say::notice_title(lang) required=true value=title
                    error=wrong_title max=limits::NAME_CHARS/>
                <AreaField lang name="body" label=say::notice_body(lang) required=true value=body
                    error=wrong_body rows=6 max=limits::COMMENT_CHARS/>
                <div class="actions">
                    <Submit label=say::notice_publish(lang) weight=ButtonWeight::Secondary
                        name="act" value="publish"/>
                </div>
            </form>
        </Section>
        {items}
    }
    .into_any()
}
