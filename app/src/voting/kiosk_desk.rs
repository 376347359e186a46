//! The page for administrators that opens a shared machine here or by a link, lists them and ends
//! them.

use axum::extract::{Path, Query};
use backend::editions::Edition;
use backend::voting::{KIOSK_LINK_MINUTES, Kiosk, NewKiosk};
use chrono::{Duration, Utc};
use domain::schedule::{format_local_minute, parse_local_minute};
use domain::text::FieldProblem;
use leptos::prelude::*;
use phrases::{Lang, kiosk as words};
use serde::Deserialize;

use crate::AppError;
use crate::staff::{edition_tabs, staff_crumbs};
use crate::ui::{
    Badge, ButtonWeight, Empty, Notice, PageHead, Section, Submit, TableBox, TextField, Tone, qr,
};
use crate::voting::kiosk::make_browser_kiosk;
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::times;

/// The query of the page: what has just been done.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct KioskDeskQuery {
    #[serde(default)]
    done: String,
}

/// GET /admin/{edition}/kiosk
pub(crate) async fn show_kiosk_desk(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<KioskDeskQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let said = (query.done == "ended").then(|| words::ended(cx.lang()).to_owned());
    Ok(cx.render_page(kiosk_desk_page(&cx, edition, &FormFields::default(), None, said).await?))
}

/// POST /admin/{edition}/kiosk
pub(crate) async fn submit_kiosk_desk(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    if fields.field_text("act") == "end" {
        let kiosk = fields.field_text("kiosk").parse().map_err(|_| AppError::BadRequest)?;
        cx.backend().end_kiosk(&admin, edition.id, kiosk).await?;
        return Ok(redirect_to(&format!("/admin/{slug}/kiosk?done=ended")));
    }
    let opened = match parse_new_kiosk(&fields) {
        Ok(new) => cx.backend().open_kiosk(&admin, &edition, &new).await,
        Err(error) => Err(error),
    };
    match opened.map_err(AppError::from) {
        Ok(start) if fields.field_text("act") == "here" => make_browser_kiosk(&cx, &start).await,
        Ok(start) => {
            let link = format!("{}/kiosk/start/{start}", cx.backend().settings().public_url);
            let page =
                kiosk_desk_page(&cx, edition, &FormFields::default(), None, Some(link)).await?;
            Ok(cx.render_secret(page, format!("/admin/{slug}/kiosk")))
        }
        Err(error) => {
            let page = kiosk_desk_page(&cx, edition, &fields, Some(&error), None).await?;
            cx.show_again(page, &error)
        }
    }
}

fn parse_new_kiosk(fields: &FormFields) -> Result<NewKiosk, backend::Error> {
    let malformed = || backend::Error::invalid_field("until", FieldProblem::Malformed);
    let until = parse_local_minute(fields.field_text("until")).ok_or_else(malformed)?;
    Ok(NewKiosk { place: fields.field_text("place").to_owned(), until })
}

async fn kiosk_desk_page(
    cx: &RequestContext,
    edition: Edition,
    typed: &FormFields,
    error: Option<&AppError>,
    said: Option<String>,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let kiosks = cx.backend().edition_kiosks(&admin, edition.id).await?;
    let (form, errors) = (new_kiosk_form(lang, typed, error), render_form_errors(lang, error));
    let said = said.map(|said| kiosk_notice(lang, said));
    let crumbs = staff_crumbs(lang, &edition, words::desk(lang));
    let of = edition.clone();
    let page = Page::titled(words::desk(lang), move || {
        view! {
            <PageHead title=words::desk(lang) lead=words::desk_lead(lang)/>
            {edition_tabs(lang, &edition, "/kiosk")}
            {said}
            {errors}
            <Section title=words::open(lang)>{form}</Section>
            <Section title=words::machines(lang)>{kiosk_table(lang, &kiosks)}</Section>
        }
    });
    Ok(page.for_edition(&of).with_crumbs(crumbs))
}

/// Builds the notice about what was done: a sentence, or the link that opens a machine.
fn kiosk_notice(lang: Lang, said: String) -> AnyView {
    if said.contains("/kiosk/start/") {
        view! {
            <Notice lang tone=Tone::Success title=words::link_title(lang)>
                <p>{words::link_lead(lang, KIOSK_LINK_MINUTES)}</p>
                {qr::render_qr_code(&said, words::link_qr(lang))}
                <p class="prose"><code>{said.clone()}</code></p>
            </Notice>
        }
        .into_any()
    } else {
        view! { <Notice lang tone=Tone::Success><p>{said}</p></Notice> }.into_any()
    }
}

fn new_kiosk_form(lang: Lang, typed: &FormFields, error: Option<&AppError>) -> AnyView {
    let evening = format_local_minute(Utc::now() + Duration::hours(8));
    let until = if error.is_some() { typed.field_text("until").to_owned() } else { evening };
    view! {
        <form method="post" class="form">
            <TextField lang name="place" label=words::place(lang) hint=words::place_hint(lang)
                required=true value=typed.field_text("place") error=field_error_sentence(lang, error, "place")/>
            <TextField lang name="until" kind="datetime-local" label=words::until(lang)
                hint=words::until_hint(lang) required=true value=until
                error=field_error_sentence(lang, error, "until")/>
            <div class="actions">
                <Submit label=words::open_link(lang) name="act" value="link"/>
                <Submit label=words::open_here(lang) weight=ButtonWeight::Secondary name="act"
                    value="here"/>
            </div>
            <p class="small muted">{words::here_hint(lang)}</p>
        </form>
    }
    .into_any()
}

fn kiosk_table(lang: Lang, kiosks: &[Kiosk]) -> AnyView {
    if kiosks.is_empty() {
        return view! { <Empty title=words::none(lang)><p>{words::none_text(lang)}</p></Empty> }
            .into_any();
    }
    let rows = kiosks.iter().map(|kiosk| kiosk_table_row(lang, kiosk)).collect_view();
    view! {
        <TableBox caption=words::machines(lang)>
            <thead><tr>
                <th scope="col">{words::place(lang)}</th>
                <th scope="col">{words::until(lang)}</th>
                <th scope="col">{words::state(lang)}</th>
                <th scope="col">{words::end(lang)}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

fn kiosk_table_row(lang: Lang, kiosk: &Kiosk) -> AnyView {
    let (tone, state) = match (kiosk.over, kiosk.started) {
        (true, _) => (Tone::Plain, words::state_over(lang)),
        (_, true) => (Tone::Success, words::state_open(lang)),
        (_, false) => (Tone::Info, words::state_waiting(lang)),
    };
    let end = (!kiosk.over).then(|| {
        view! {
            <form method="post">
                <input type="hidden" name="kiosk" value=kiosk.id.to_string()/>
                <Submit label=words::end(lang) weight=ButtonWeight::Danger name="act" value="end"/>
            </form>
        }
    });
    view! {
        <tr>
            <td data-label=words::place(lang)>{kiosk.place.clone()}</td>
            <td data-label=words::until(lang)>{times::format_deadline(lang, kiosk.expires_at)}</td>
            <td data-label=words::state(lang)><Badge tone label=state/></td>
            <td data-label=words::end(lang)>{end}</td>
        </tr>
    }
    .into_any()
}
