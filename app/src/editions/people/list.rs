//! Invitations from a list: the form, the page that shows what was read, and the confirmation.

use axum::response::Response;
use backend::accounts::Admin;
use backend::editions::Edition;
use backend::text_files::decode_table_file;
use domain::invitation_list::{
    HeadingWords, InvitationList, ListedFault, ListedMember, ListedProblem, parse_invitation_list,
    write_invitation_list,
};
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, admin, invite as words};

use crate::AppError;
use crate::staff::{edition_tabs, folded_lines, staff_crumbs};
use crate::ui::{
    AreaField, ButtonLink, ButtonWeight, Facts, FileField, Notice, PageHead, Section, Submit, Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::lists::{LIST_FILES, as_texts, count_lines, words_in_both};

/// Builds the form for a list, with the typed text.
pub(super) fn list_section(lang: Lang, text: &str) -> AnyView {
    let text = text.to_owned();
    view! {
        <Section title=words::list(lang) lead=words::list_lead(lang) id="list">
            <form method="post" class="form" enctype="multipart/form-data">
                <FileField lang name="file" label=words::list_file(lang)
                    hint=words::list_file_hint(lang) accept=LIST_FILES/>
                <AreaField lang name="list" label=words::list_text(lang) rows=5
                    hint=words::list_text_hint(lang) value=text/>
                <div class="actions">
                    <Submit label=words::list_preview(lang) weight=ButtonWeight::Secondary
                        name="act" value="preview"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// Reads a list whose heading may be in either language.
fn read_list(text: &str) -> InvitationList {
    let email = words_in_both(words::heading_email);
    let organisation = words_in_both(words::heading_organisation);
    let totals = words_in_both(words::totals_words);
    let (email, organisation, totals) =
        (as_texts(&email), as_texts(&organisation), as_texts(&totals));
    let words = HeadingWords { email: &email, organisation: &organisation, totals: &totals };
    parse_invitation_list(text, words)
}

/// Shows what a list says, and stores nothing.
pub(super) async fn preview_list(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
    fields: &FormFields,
) -> PageResult {
    let lang = cx.lang();
    let text = match fields.uploaded_file() {
        Some(bytes) => decode_table_file(bytes),
        None => Some(fields.field_text("list").to_owned()),
    };
    let Some(text) = text else {
        let fault = words::list_not_text(lang).to_owned();
        return Ok(faulty_list_page(cx, edition, vec![fault], ""));
    };
    let list = read_list(&text);
    if list.members.is_empty() && list.faults.is_empty() {
        let fault = words::list_empty(lang).to_owned();
        return Ok(faulty_list_page(cx, edition, vec![fault], &text));
    }
    if !list.faults.is_empty() {
        let faults = list.faults.iter().map(|fault| line_fault_sentence(lang, *fault)).collect();
        return Ok(faulty_list_page(cx, edition, faults, &text));
    }
    let known = cx.backend().find_invited_addresses(admin, &list.members).await?;
    Ok(cx.render_page(list_preview_page(lang, edition, &list, &known)))
}

/// Invites everybody on the list that the preview has shown.
pub(super) async fn confirm_list(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
    fields: &FormFields,
) -> PageResult {
    let list = read_list(fields.field_text("list"));
    if list.members.is_empty() || !list.faults.is_empty() {
        return Err(AppError::BadRequest);
    }
    cx.backend().invite_list(admin, edition.id, list.members, cx.lang()).await?;
    Ok(redirect_to(&format!("/admin/{}/people?done=listed", edition.slug)))
}

fn line_fault_sentence(lang: Lang, ListedFault { line, problem }: ListedFault) -> String {
    let fault = match problem {
        ListedProblem::NoEmail => words::fault_no_email(lang),
        ListedProblem::Email => words::fault_email(lang),
        ListedProblem::Organisation => words::fault_organisation(lang),
        ListedProblem::TooMany => words::fault_too_many(lang),
    };
    words::list_fault(lang, fault, line)
}

fn list_page(
    lang: Lang,
    edition: &Edition,
    content: impl FnOnce() -> AnyView + Send + 'static,
) -> Page {
    let title = words::list_preview_title(lang);
    let of = edition.clone();
    let page = Page::titled(title, move || {
        view! {
            <PageHead title lead=words::list_lead(lang)/>
            {edition_tabs(lang, &of, "/people")}
            {content()}
        }
    });
    page.for_edition(edition).with_crumbs(staff_crumbs(lang, edition, admin::people(lang)))
}

/// Shows the faults of a list above the form with its text, so that it can be mended here.
fn faulty_list_page(
    cx: &RequestContext,
    edition: &Edition,
    faults: Vec<String>,
    text: &str,
) -> Response {
    let (lang, text) = (cx.lang(), text.to_owned());
    let page = list_page(lang, edition, move || {
        let faults = faults.into_iter().map(|fault| view! { <li>{fault}</li> }).collect_view();
        view! {
            <Notice lang tone=Tone::Danger title=words::list_faults_title(lang)>
                <p>{words::list_faults_lead(lang)}</p>
                <ul>{faults}</ul>
            </Notice>
            {list_section(lang, &text)}
        }
        .into_any()
    });
    cx.render_page(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

fn list_preview_page(
    lang: Lang,
    edition: &Edition,
    list: &InvitationList,
    known: &[String],
) -> Page {
    let rows = preview_rows(lang, list, known);
    let count = list.members.len().saturating_sub(known.len());
    let text = write_invitation_list(&list.members);
    let line = |listed: &ListedMember| format!("{} · {}", listed.organisation, listed.email);
    let lines: Vec<String> = list.members.iter().map(line).collect();
    let back = format!("/admin/{}/people#list", edition.slug);
    list_page(lang, edition, move || {
        let confirm = (count > 0).then(|| {
            view! { <Submit label=words::list_confirm(lang, count) name="act" value="confirm_list"/> }
        });
        view! {
            <Facts rows/>
            {folded_lines(lang, lines)}
            <form method="post" class="form">
                <input type="hidden" name="list" value=text/>
                <div class="actions">
                    {confirm}
                    <ButtonLink label=admin::people(lang) href=back weight=ButtonWeight::Quiet/>
                </div>
            </form>
        }
        .into_any()
    })
}

/// Returns how many addresses are left out, and which.
fn count_and_names(addresses: &[String]) -> String {
    match addresses.len() {
        0 => "0".to_owned(),
        count => format!("{count}: {}", addresses.join(", ")),
    }
}

fn preview_rows(lang: Lang, list: &InvitationList, known: &[String]) -> Vec<(String, String)> {
    let listed = |member: Option<&ListedMember>| {
        let line = |listed: &ListedMember| format!("{} · {}", listed.organisation, listed.email);
        member.map(line).unwrap_or_default()
    };
    let heading = list.heading.clone();
    let heading = heading.unwrap_or_else(|| words::list_heading_none(lang).to_owned());
    let same = |(line, first): &(usize, usize)| format!("{line} = {first}");
    let doubles = count_lines(lang, list.doubles.iter().map(same));
    let lines_of = |lines: &[usize]| count_lines(lang, lines.iter().map(ToString::to_string));
    let rows = [
        (words::list_count(lang), list.members.len().saturating_sub(known.len()).to_string()),
        (words::list_first(lang), listed(list.members.first())),
        (words::list_last(lang), listed(list.members.last())),
        (words::list_heading(lang), heading),
        (words::list_doubles(lang), doubles),
        (words::list_headings(lang), lines_of(&list.headings)),
        (words::list_dittos(lang), lines_of(&list.dittos)),
        (words::list_totals(lang), lines_of(&list.totals)),
        (words::list_known(lang), count_and_names(known)),
    ];
    rows.map(|(name, value)| (name.to_owned(), value)).into()
}
