//! The settings of an edition: what can be changed until when, and the way to change it.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use phrases::{admin, polls, setup as say};

use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{Facts, Notice, PageHead, Section, Submit, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::form_errors::render_done_notice;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::times;

/// GET /admin/{edition}/setup
pub(crate) async fn show_settings(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let edition = cx.backend().find_edition(&slug).await?;
    let pending = cx.backend().pending_settings(&admin, &edition).await?;
    let done = match query.done.as_str() {
        "applied" => Some(say::applied(lang)),
        "deleted" => Some(say::deleted(lang)),
        _ => None,
    };
    let crumbs = staff_crumbs(lang, &edition, say::settings(lang));
    let of = edition.clone();
    let page = Page::titled(say::settings(lang), move || {
        let rows = [
            (say::may_settings(lang), say::may_settings_until(lang)),
            (say::may_panel(lang), say::may_panel_until(lang)),
            (admin::windows(lang), say::may_windows_until(lang)),
            (polls::page(lang), say::may_polls_until(lang)),
            (say::may_slug(lang), say::may_slug_until(lang)),
        ];
        let rows = rows.map(|(what, until)| (what.to_owned(), until.to_owned())).to_vec();
        let fixed = edition.sealed || edition.schedule.released_at.is_some();
        let pending = pending.filter(|_| !fixed).map(|when| {
            let text = say::pending(lang, times::format_minute(lang, when));
            view! { <Notice lang tone=Tone::Info><p>{text}</p></Notice> }
        });
        let way = if fixed {
            view! { <Notice lang tone=Tone::Info><p>{say::fixed_now(lang)}</p></Notice> }.into_any()
        } else {
            view! {
                <form method="post" class="form">
                    <div class="actions"><Submit label=say::change(lang)/></div>
                </form>
            }
            .into_any()
        };
        view! {
            <PageHead title=say::settings(lang) lead=say::settings_lead(lang)/>
            {edition_tabs(lang, &edition, "/setup")}
            {render_done_notice(lang, done)}
            <Section title=say::may_title(lang)><Facts rows/>{pending}{way}</Section>
        }
    });
    Ok(cx.render_page(page.for_edition(&of).with_crumbs(crumbs)))
}

/// POST /admin/{edition}/setup
pub(crate) async fn open_settings(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let draft = cx.backend().settings_draft(&admin, &edition).await?;
    Ok(redirect_to(&format!("/admin/editions/drafts/{draft}/basics")))
}
