//! The people of an edition: requests for an account, invitations, the judges, and the members of
//! organisations.

mod invitations;
mod leaving;
mod list;
mod panel;
mod requests;
mod table;

use axum::extract::{Path, Query};
use backend::accounts::Admin;
use backend::editions::{Edition, MemberAccount, SeasonPeople};
use domain::ids::AccountId;
use leptos::prelude::*;
use phrases::{Lang, admin as words, invite, join};
use serde::Deserialize;

use crate::AppError;
use crate::staff::{edition_tabs, staff_crumbs};
use crate::ui::{PageHead, Section};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;

use invitations::InvitationAttempt;
use requests::RequestAttempt;
use table::people_table;

/// Largest form of this page, in bytes: a list whose Korean letters are percent-encoded.
pub(crate) const PEOPLE_FORM_BYTES: usize = 4 * domain::limits::LISTED_INVITATION_BYTES;

/// What was typed into the forms of the page, and why it failed.
#[derive(Default)]
struct PeopleAttempt {
    invitation: InvitationAttempt,
    request: RequestAttempt,
    /// Why an open invitation was not sent again or cancelled.
    pending_error: Option<AppError>,
    /// Why a judge was not seated or taken from the panel.
    panel_error: Option<AppError>,
}

/// What was done before, and the page of the requests for an account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeopleQuery {
    done: String,
    page: String,
}

impl PeopleQuery {
    /// The page of the requests, counted from 1. What is no number is the first.
    fn page_number(&self) -> usize {
        self.page.parse().unwrap_or(1)
    }
}

/// GET /admin/{edition}/people
pub(crate) async fn show_people(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<PeopleQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    Ok(cx.render_page(people_page(&cx, edition, PeopleAttempt::default(), &query).await?))
}

fn done_sentence(lang: Lang, done: &str) -> Option<&'static str> {
    Some(match done {
        "invited" => words::invite_done(lang),
        "seated" => words::seat_done(lang),
        "unseated" => words::unseat_done(lang),
        "resent" => invite::resent_done(lang),
        "cancelled" => invite::cancelled_done(lang),
        "listed" => invite::list_done(lang),
        "approved" => join::approved_done(lang),
        "declined" => join::declined_done(lang),
        "closed" => words::account_close_done(lang),
        "reopened" => words::account_reopen_done(lang),
        "erased" => words::account_erase_done(lang),
        _ => return None,
    })
}

/// Builds the page with all people and the forms, empty or with the typed text.
async fn people_page(
    cx: &RequestContext,
    edition: Edition,
    attempt: PeopleAttempt,
    query: &PeopleQuery,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let people = cx.backend().season_people(&admin, edition.id).await?;
    let pending = cx.backend().pending_invitations(&admin, edition.id).await?;
    let open = cx.backend().join_requests(&admin, edition.id, query.page_number()).await?;
    let done = done_sentence(lang, &query.done);
    let crumbs = staff_crumbs(lang, &edition, words::people(lang));
    let of = edition.clone();
    let page = Page::titled(words::people(lang), move || {
        let SeasonPeople { judges, members } = people;
        let PeopleAttempt { invitation, request, pending_error, panel_error } = attempt;
        let panel_error = render_form_errors(lang, panel_error.as_ref());
        let pending =
            invitations::pending_invitations_section(lang, pending, pending_error.as_ref());
        view! {
            <PageHead title=words::people(lang) lead=words::people_lead(lang)/>
            {edition_tabs(lang, &edition, "/people")}
            {render_done_notice(lang, done)}
            {requests::join_requests_section(lang, &open, &request)}
            <Section title=words::invite(lang)>
                {invitations::invitation_form(lang, invitation)}
            </Section>
            {list::list_section(lang, "")}
            {panel_error}
            {panel::judges_panel_section(lang, &edition, &judges)}
            {pending}
            {members_section(lang, members)}
        }
    });
    Ok(page.for_edition(&of).with_crumbs(crumbs))
}

fn members_section(lang: Lang, members: Vec<MemberAccount>) -> AnyView {
    let row = |member: MemberAccount| {
        let MemberAccount { id, name, email, organisation, closed } = member;
        let account = leaving::leaving_form(lang, id, &name, closed);
        [organisation.into_any(), name.into_any(), email.into_any(), account]
    };
    let rows = members.into_iter().map(row).collect();
    let heads =
        [words::organisation(lang), words::name(lang), words::email(lang), words::account(lang)];
    let table = people_table(words::members(lang), heads, rows, words::members_none(lang));
    view! { <Section title=words::members(lang)>{table}</Section> }.into_any()
}

/// Seats a judge or takes one from the panel.
async fn change_panel(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
    fields: &FormFields,
) -> Result<&'static str, AppError> {
    let judge = fields.field_text("judge").parse().map_err(|_| AppError::BadRequest)?;
    let judge = AccountId(judge);
    if fields.field_text("act") == "unseat" {
        cx.backend().unseat_judge(admin, edition, judge).await?;
        return Ok("unseated");
    }
    cx.backend().seat_judge(admin, edition, judge).await?;
    Ok("seated")
}

/// POST /admin/{edition}/people
pub(crate) async fn submit_people(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<PeopleQuery>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let act = fields.field_text("act");
    let done = match act {
        "preview" => return list::preview_list(&cx, &admin, &edition, &fields).await,
        "confirm_list" => return list::confirm_list(&cx, &admin, &edition, &fields).await,
        "seat" | "unseat" => change_panel(&cx, &admin, &edition, &fields).await,
        "resend" | "cancel" => invitations::resend_or_cancel(&cx, &admin, &edition, &fields).await,
        "approve" | "decline" => requests::decide_request(&cx, &admin, &edition, &fields).await,
        "close" | "reopen" | "erase" => leaving::change_account(&cx, &admin, &fields).await,
        _ => invitations::send_typed_invitation(&cx, &admin, &edition, &fields).await,
    };
    let error = match done {
        Ok(done) => return Ok(redirect_to(&format!("/admin/{slug}/people?done={done}"))),
        Err(error) => error,
    };
    let mut attempt = PeopleAttempt::default();
    match act {
        "seat" | "unseat" | "close" | "reopen" | "erase" => {
            attempt.panel_error = Some(error.clone());
        }
        "resend" | "cancel" => attempt.pending_error = Some(error.clone()),
        "approve" | "decline" => attempt.request = RequestAttempt::failed(&fields, error.clone()),
        _ => attempt.invitation = InvitationAttempt::failed(&fields, error.clone()),
    }
    let query = PeopleQuery { done: String::new(), ..query };
    cx.show_again(people_page(&cx, edition, attempt, &query).await?, &error)
}
