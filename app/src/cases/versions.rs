//! The earlier versions of a case, for its organisation: a list, each compared with the current text, and taken back.

use axum::extract::{Path, Query};
use backend::Error;
use backend::cases::{Case, CaseVersion};
use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, versions as words};
use serde::Deserialize;

use crate::AppError;
use crate::cases::differences::draft_differences;
use crate::cases::edit::fields::TypedDraft;
use crate::cases::organisation::{own_case_crumbs, own_case_title};
use crate::ui::{
    Badge, ButtonLink, ButtonWeight, Empty, PageHead, Section, Submit, TableBox, Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::render_form_errors;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::times;

/// The version that is compared with the current text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VersionQuery {
    version: String,
}

/// GET /organisation/cases/{case}/versions
pub(crate) async fn show_versions(
    cx: RequestContext,
    Path(id): Path<String>,
    Query(query): Query<VersionQuery>,
) -> PageResult {
    let case = cx.backend().own_case(&cx.require_member()?, paths::parse_path_key(&id)?).await?;
    Ok(cx.render_page(versions_page(&cx, &case, &query.version, None).await?))
}

/// POST /organisation/cases/{case}/versions
pub(crate) async fn take_version_back(
    cx: RequestContext,
    Path(id): Path<String>,
    fields: FormFields,
) -> PageResult {
    let member = cx.require_member()?;
    let case = cx.backend().own_case(&member, paths::parse_path_key(&id)?).await?;
    let edition = cx.backend().find_edition(&case.edition_slug).await?;
    let wanted = fields.field_text("version");
    match store_version(&cx, &edition, &case, wanted, fields.field_text("current")).await {
        Ok(()) => Ok(redirect_to(&format!("/organisation/cases/{}?done=taken_back", case.id))),
        Err(error) => {
            let page = versions_page(&cx, &case, wanted, Some(error.clone())).await?;
            cx.show_again(page, &error)
        }
    }
}

/// Saves the texts of a version as those of the case. `current` is the version that the reader compared with.
async fn store_version(
    cx: &RequestContext,
    edition: &Edition,
    case: &Case,
    wanted: &str,
    current: &str,
) -> Result<(), AppError> {
    let (backend, member) = (cx.backend(), cx.require_member()?);
    let open = case.submissions_open(edition).map_err(Error::from)?;
    let current = current.parse().map_err(|_| AppError::BadRequest)?;
    let versions = backend.case_versions(&member, case.id).await?;
    let wanted = find_version(&versions, wanted).ok_or(AppError::NotFound)?;
    let stored = TypedDraft::from_case(case).draft;
    let draft = backend::cases::CaseDraft { alt: stored.alt, ..wanted.draft.clone() };
    backend.save_case(&member, open, edition, case.id, current, &draft).await?;
    Ok(())
}

fn find_version<'a>(versions: &'a [CaseVersion], typed: &str) -> Option<&'a CaseVersion> {
    let wanted: i32 = typed.parse().ok()?;
    versions.iter().find(|version| version.version == wanted)
}

async fn versions_page(
    cx: &RequestContext,
    case: &Case,
    chosen: &str,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let (lang, member) = (cx.lang(), cx.require_member()?);
    let edition = cx.backend().find_edition(&case.edition_slug).await?;
    let versions = cx.backend().case_versions(&member, case.id).await?;
    let compared = find_version(&versions, chosen);
    let writable = case.submissions_open(&edition).is_ok() && case.state.can_be_written();
    let compared = compared.map(|version| compared_section(lang, case, version, writable));
    let list = versions_table(lang, case, &versions);
    let title = own_case_title(lang, case);
    let own = format!("/organisation/cases/{}", case.id);
    let crumbs = own_case_crumbs(lang, case, words::title(lang));
    let page = Page::titled(words::title(lang), move || {
        view! {
            <PageHead title=words::title(lang) eyebrow=title lead=words::lead(lang)>""</PageHead>
            {render_form_errors(lang, error.as_ref())}
            {compared}
            {list}
            <p class="muted small">{words::kept(lang)}</p>
            <div class="actions">
                <ButtonLink label=words::back(lang) href=own weight=ButtonWeight::Quiet/>
            </div>
        }
    });
    Ok(page.for_edition(&edition).with_crumbs(crumbs))
}

/// Shows a version beside the current text, and the button that takes it back.
fn compared_section(lang: Lang, case: &Case, version: &CaseVersion, writable: bool) -> AnyView {
    let title = words::one(lang, times::format_minute(lang, version.saved_at));
    let current = TypedDraft::from_case(case).draft;
    let (number, now) = (version.version.to_string(), case.version.to_string());
    let back = (writable && version.version != case.version).then(|| {
        view! {
            <form method="post" class="form">
                <input type="hidden" name="version" value=number/>
                <input type="hidden" name="current" value=now/>
                <p class="muted small">{words::take_back_text(lang)}</p>
                <div class="actions">
                    <Submit label=words::take_back(lang) weight=ButtonWeight::Secondary/>
                </div>
            </form>
        }
    });
    let differences = draft_differences(lang, &version.draft, &current);
    view! {
        <Section title lead=words::legend(lang) id="compared">
            {differences}
            {back}
        </Section>
    }
    .into_any()
}

fn versions_table(lang: Lang, case: &Case, versions: &[CaseVersion]) -> AnyView {
    if versions.is_empty() {
        return view! { <Empty title=words::empty_title(lang)><p>{words::empty(lang)}</p></Empty> }
            .into_any();
    }
    let rows = versions
        .iter()
        .map(|version| {
            let when = times::format_minute(lang, version.saved_at);
            let href = format!("?version={}#compared", version.version);
            let name = words::compare_named(lang, &when);
            let who = version.saved_by.clone().unwrap_or(words::who_gone(lang).to_owned());
            let sent = version.sent.then(|| {
                view! { " "<Badge tone=Tone::Info label=words::sent(lang)/> }
            });
            let current = version.version == case.version;
            let compare = if current {
                view! { <span class="muted">{words::current(lang)}</span> }.into_any()
            } else {
                view! { <a href=href aria-label=name>{words::compare(lang)}</a> }.into_any()
            };
            view! {
                <tr>
                    <td data-label=words::when(lang)><div>{when}{sent}</div></td>
                    <td data-label=words::who(lang)>{who}</td>
                    <td data-label=words::compare(lang)>{compare}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TableBox caption=words::table(lang)>
            <thead>
                <tr>
                    <th scope="col">{words::when(lang)}</th>
                    <th scope="col">{words::who(lang)}</th>
                    <th scope="col">{words::compare(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}
