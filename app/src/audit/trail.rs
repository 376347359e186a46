//! The audit trail, page by page: of an edition, and of the acts that belong to no edition.

use axum::extract::{Path, Query};
use backend::audit::{AuditEvent, AuditPage};
use leptos::prelude::*;
use phrases::{Lang, admin as words};
use serde::Deserialize;

use crate::audit::events;
use crate::staff::{edition_tabs, staff_crumbs};
use crate::ui::{PageHead, Pager, TableBox};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::times;

/// The query of the trail: its page number.
#[derive(Debug, Deserialize)]
pub(crate) struct TrailQuery {
    /// Counted from 1. It is text, so that an invalid number shows the first page, not an error.
    #[serde(default)]
    page: String,
}

impl TrailQuery {
    fn page_number(&self) -> usize {
        self.page.parse().unwrap_or(1)
    }
}

/// GET /admin/{edition}/audit
pub(crate) async fn show_audit_trail(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<TrailQuery>,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let edition = cx.backend().find_edition(&slug).await?;
    let trail =
        cx.backend().audit_trail_page(&admin, Some(edition.id), None, query.page_number()).await?;
    let crumbs = staff_crumbs(lang, &edition, words::audit(lang));
    let of = edition.clone();
    let page = Page::titled(words::audit(lang), move || {
        view! {
            <PageHead title=words::audit(lang) lead=words::audit_lead(lang)/>
            {edition_tabs(lang, &edition, "/audit")}
            {trail_table(lang, &trail)}
            <Pager lang page=trail.number pages=trail.pages base="?page="/>
        }
    });
    Ok(cx.render_page(page.for_edition(&of).with_crumbs(crumbs)))
}

/// GET /admin/audit/system: accounts, sign-ins and passwords, which belong to no edition.
pub(crate) async fn show_system_trail(
    cx: RequestContext,
    Query(query): Query<TrailQuery>,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let trail = cx.backend().audit_trail_page(&admin, None, None, query.page_number()).await?;
    let crumbs = vec![
        (words::administration(lang).to_owned(), Some("/admin".to_owned())),
        (words::system_audit(lang).to_owned(), None),
    ];
    let page = Page::titled(words::system_audit(lang), move || {
        view! {
            <PageHead title=words::system_audit(lang) lead=words::system_audit_lead(lang)/>
            {trail_table(lang, &trail)}
            <Pager lang page=trail.number pages=trail.pages base="?page="/>
        }
    });
    Ok(cx.render_page(page.with_crumbs(crumbs)))
}

fn trail_table(lang: Lang, trail: &AuditPage) -> AnyView {
    if trail.events.is_empty() {
        return view! { <p class="muted">{words::audit_none(lang)}</p> }.into_any();
    }
    let row = |event: &AuditEvent| {
        view! {
            <tr>
                <td data-label=words::at(lang)>{times::format_minute(lang, event.at)}</td>
                <td data-label=words::who(lang)>{events::actor_name(lang, event)}</td>
                <td data-label=words::what(lang)>{events::action_words(lang, event)}</td>
                <td data-label=words::details(lang)>{events::detail_view(lang, event)}</td>
            </tr>
        }
    };
    let rows = trail.events.iter().map(row).collect_view();
    view! {
        <TableBox caption=words::audit_caption(lang, trail.total)>
            <thead>
                <tr>
                    <th scope="col">{words::at(lang)}</th>
                    <th scope="col">{words::who(lang)}</th>
                    <th scope="col">{words::what(lang)}</th>
                    <th scope="col">{words::details(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}
