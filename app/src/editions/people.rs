//! The people of an edition: the invitations, the judges, and the members of organisations.

use axum::extract::{Path, Query};
use backend::accounts::{Admin, InvitationRequest, PendingInvitation, Role};
use backend::editions::{Edition, JudgeAccount, MemberAccount, SeasonPeople};
use backend::{Error, FieldError};
use domain::ids::AccountId;
use domain::text::FieldProblem;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::AppError;
use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{Badge, Choice, PageHead, RadioField, Section, Submit, TableBox, TextField, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::roles::role_name;
use crate::words::times;

/// The typed invitation and its error.
#[derive(Default)]
pub(crate) struct InvitationAttempt {
    /// The address.
    pub(crate) email: String,
    /// The role, as the form sends it.
    pub(crate) role: String,
    /// The organisation.
    pub(crate) organisation: String,
    /// The reason why it was not sent.
    pub(crate) error: Option<AppError>,
    /// The reason why a judge was not seated or taken from the panel.
    pub(crate) panel_error: Option<AppError>,
}

/// GET /admin/{edition}/people
pub(crate) async fn show_people(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    Ok(cx.render_page(people_page(&cx, edition, InvitationAttempt::default(), &query.done).await?))
}

/// Builds the page with all people and the form of the invitation, empty or with the typed text.
pub(crate) async fn people_page(
    cx: &RequestContext,
    edition: Edition,
    attempt: InvitationAttempt,
    done: &str,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let people = cx.backend().season_people(&admin, edition.id).await?;
    let pending = cx.backend().pending_invitations(&admin, edition.id).await?;
    let done = match done {
        "invited" => Some(words::invite_done(lang)),
        "seated" => Some(words::seat_done(lang)),
        "unseated" => Some(words::unseat_done(lang)),
        _ => None,
    };
    let crumbs = staff_crumbs(lang, &edition, words::people(lang));
    let of = edition.clone();
    let page = Page::titled(words::people(lang), move || {
        let SeasonPeople { judges, members } = people;
        let panel_error = render_form_errors(lang, attempt.panel_error.as_ref());
        view! {
            <PageHead title=words::people(lang) lead=words::people_lead(lang)/>
            {edition_tabs(lang, &edition, "/people")}
            {render_done_notice(lang, done)}
            <Section title=words::invite(lang)>{invitation_form(lang, attempt)}</Section>
            {panel_error}
            {judges_panel_section(lang, &edition, &judges)}
            {pending_invitations_section(lang, pending)}
            {members_section(lang, members)}
        }
    });
    Ok(page.for_edition(&of).with_crumbs(crumbs))
}

fn invitation_form(lang: Lang, attempt: InvitationAttempt) -> AnyView {
    let InvitationAttempt { email, role, organisation, error, .. } = attempt;
    let chosen = Role::from_word(&role).unwrap_or(Role::Judge);
    let options = [Role::Judge, Role::Member, Role::Administrator]
        .map(|role| Choice::with_value(role.as_str(), role_name(lang, role), role == chosen));
    view! {
        {render_form_errors(lang, error.as_ref())}
        <form method="post" class="form">
            <TextField lang name="email" kind="email" label=words::email(lang) required=true
                autocomplete="off" value=email error=field_error_sentence(lang, error.as_ref(), "email")/>
            <RadioField lang name="role" label=words::role(lang) required=true
                options=options.into() error=field_error_sentence(lang, error.as_ref(), "role")/>
            <TextField lang name="organisation" label=words::organisation(lang)
                hint=words::organisation_hint(lang) value=organisation
                error=field_error_sentence(lang, error.as_ref(), "organisation")/>
            <div class="actions">
                <Submit label=words::invite_send(lang) name="act" value="invite"/>
            </div>
        </form>
    }
    .into_any()
}

/// Builds a table of people, or a sentence if there is nobody.
fn people_table(
    caption: &'static str,
    heads: [&'static str; 3],
    rows: Vec<[AnyView; 3]>,
    none: &'static str,
) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|cells| {
            let cells = cells
                .into_iter()
                .zip(heads)
                .map(|(cell, head)| view! { <td data-label=head>{cell}</td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let heads = heads.map(|head| view! { <th scope="col">{head}</th> }).into_iter().collect_view();
    view! {
        <div class="titled">
            <TableBox caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </div>
    }
    .into_any()
}

/// Lists the judges on the panel, and the judges of other editions who may be seated.
fn judges_panel_section(lang: Lang, edition: &Edition, judges: &[JudgeAccount]) -> AnyView {
    let seated = judges.iter().filter(|judge| judge.on_panel).count();
    let lead = words::panel_lead(lang, seated, edition.rulebook.panel.judges);
    let joins = edition.may_judges_join(i64::try_from(seated).unwrap_or(i64::MAX));
    let fixed = edition.is_panel_fixed();
    let opens = times::format_minute(lang, edition.schedule.windows.judging.opens);
    let note = match (fixed, joins) {
        (false, _) => words::panel_fixes(lang, opens),
        (true, true) => words::panel_short(lang, edition.rulebook.panel.quorum),
        (true, false) => words::panel_fixed(lang).to_owned(),
    };
    let mut judges: Vec<_> = judges.iter().collect();
    judges.sort_by_key(|judge| !judge.on_panel);
    let rows = judges
        .into_iter()
        .map(|judge| {
            [
                judge.name.clone().into_any(),
                judge.email.clone().into_any(),
                seat_judge_form(lang, judge, if judge.on_panel { fixed } else { !joins }),
            ]
        })
        .collect();
    let heads = [words::name(lang), words::email(lang), words::seat(lang)];
    let table = people_table(words::panel(lang), heads, rows, words::panel_none(lang));
    view! { <Section title=words::panel(lang) lead><p>{note}</p>{table}</Section> }.into_any()
}

/// Builds the button that seats a judge or takes a seated one from the panel. Once the panel is
/// fixed there is no button.
fn seat_judge_form(lang: Lang, judge: &JudgeAccount, fixed: bool) -> AnyView {
    let seated = judge.on_panel.then(|| {
        view! { <Badge tone=Tone::Success label=words::seated(lang)/> }
    });
    if fixed {
        return view! { {seated} }.into_any();
    }
    let (act, label, weight) = if judge.on_panel {
        ("unseat", words::unseat_now(lang), "quiet")
    } else {
        ("seat", words::seat_now(lang), "secondary")
    };
    let id = judge.id.to_string();
    let named = format!("{label}: {}", judge.name);
    view! {
        {seated}
        <form method="post">
            <input type="hidden" name="act" value=act/>
            <button class="button" data-weight=weight type="submit" name="judge" value=id
                aria-label=named>{label}</button>
        </form>
    }
    .into_any()
}

fn pending_invitations_section(lang: Lang, pending: Vec<PendingInvitation>) -> AnyView {
    let row = |invitation: PendingInvitation| {
        let role = Role::from_word(&invitation.role).map(|role| role_name(lang, role));
        let role = role.unwrap_or_default();
        let role = match invitation.organisation_name {
            Some(organisation) => format!("{role} · {organisation}"),
            None => role.to_owned(),
        };
        let until = times::format_deadline(lang, invitation.expires_at);
        [invitation.email.into_any(), role.into_any(), until.into_any()]
    };
    let rows = pending.into_iter().map(row).collect();
    let heads = [words::email(lang), words::role(lang), words::expires(lang)];
    let table = people_table(words::pending(lang), heads, rows, words::pending_none(lang));
    view! { <Section title=words::pending(lang)>{table}</Section> }.into_any()
}

fn members_section(lang: Lang, members: Vec<MemberAccount>) -> AnyView {
    let row = |member: MemberAccount| {
        let MemberAccount { name, email, organisation } = member;
        [organisation.into_any(), name.into_any(), email.into_any()]
    };
    let rows = members.into_iter().map(row).collect();
    let heads = [words::organisation(lang), words::name(lang), words::email(lang)];
    let table = people_table(words::members(lang), heads, rows, words::members_none(lang));
    view! { <Section title=words::members(lang)>{table}</Section> }.into_any()
}

/// Seats a judge or takes one from the panel.
async fn change_panel(
    cx: &RequestContext,
    admin: &Admin,
    edition: Edition,
    fields: &FormFields,
) -> PageResult {
    let judge = fields.field_text("judge").parse().map_err(|_| AppError::BadRequest)?;
    let judge = AccountId(judge);
    let (answer, done) = match fields.field_text("act") {
        "unseat" => (cx.backend().unseat_judge(admin, &edition, judge).await, "unseated"),
        _ => (cx.backend().seat_judge(admin, &edition, judge).await, "seated"),
    };
    match answer {
        Ok(()) => Ok(redirect_to(&format!("/admin/{}/people?done={done}", edition.slug))),
        Err(error) => {
            let error = AppError::from(error);
            let attempt =
                InvitationAttempt { panel_error: Some(error.clone()), ..Default::default() };
            cx.show_again(people_page(cx, edition, attempt, "").await?, &error)
        }
    }
}

/// POST /admin/{edition}/people
pub(crate) async fn invite_or_seat(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    if matches!(fields.field_text("act"), "seat" | "unseat") {
        return change_panel(&cx, &admin, edition, &fields).await;
    }
    let sent = match Role::from_word(fields.field_text("role")) {
        Some(role) => {
            let invite = InvitationRequest {
                email: fields.field_text("email").to_owned(),
                role,
                organisation: fields.field_text("organisation").to_owned(),
                edition: edition.id,
                lang: cx.lang(),
            };
            cx.backend().send_invitation(&admin, &invite).await
        }
        None => {
            Err(Error::Invalid(vec![FieldError { field: "role", problem: FieldProblem::Missing }]))
        }
    };
    match sent {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/people?done=invited"))),
        Err(error) => {
            let error = AppError::from(error);
            let attempt = InvitationAttempt {
                email: fields.field_text("email").to_owned(),
                role: fields.field_text("role").to_owned(),
                organisation: fields.field_text("organisation").to_owned(),
                error: Some(error.clone()),
                panel_error: None,
            };
            cx.show_again(people_page(&cx, edition, attempt, "").await?, &error)
        }
    }
}
