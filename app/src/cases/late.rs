//! Late submissions: staff let one organisation send in one case after the close.

use axum::extract::{Path, Query};
use backend::Error;
use backend::cases::{LateAdmission, NamedOrganisation};
use backend::editions::Edition;
use domain::limits::REASON_CHARS;
use leptos::prelude::*;
use phrases::{Lang, late as words};

use crate::cases::screening::screening_crumbs;
use crate::staff::DoneQuery;
use crate::ui::{
    AreaField, Choice, Empty, Notice, PageHead, Section, SelectField, Submit, TableBox, TextField,
    Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{cases, editions, times};

use crate::{AppError, staff};

/// What was typed.
#[derive(Default)]
struct TypedAdmission {
    organisation: String,
    until: String,
    reason: String,
}

/// GET /admin/{edition}/screening/late
pub(crate) async fn show_late(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let done = match query.done.as_str() {
        "admitted" => Some(words::admitted(cx.lang())),
        "ended" => Some(words::ended(cx.lang())),
        _ => None,
    };
    let page = late_page(&cx, &edition, TypedAdmission::default(), done, None).await?;
    Ok(cx.render_page(page))
}

/// POST /admin/{edition}/screening/late
pub(crate) async fn submit_late(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let text = |name| fields.field_text(name).to_owned();
    let typed = TypedAdmission {
        organisation: text("organisation"),
        until: text("until"),
        reason: text("reason"),
    };
    let done = match fields.field_text("act") {
        "admit" => {
            let open = edition.screening_open().map_err(Error::from)?;
            let asked = (typed.organisation.as_str(), typed.until.as_str(), typed.reason.as_str());
            cx.backend().admit_late(&admin, open, &edition, asked).await.map(|()| "admitted")
        }
        "end" => {
            let organisation = typed.organisation.parse().map_err(|_| AppError::BadRequest)?;
            match cx.backend().end_late_admission(&admin, &edition, organisation).await {
                // A colleague was quicker.
                Ok(()) | Err(Error::NotFound) => Ok("ended"),
                Err(error) => Err(error),
            }
        }
        _ => return Err(AppError::BadRequest),
    };
    match done {
        Ok(done) => Ok(redirect_to(&format!("/admin/{slug}/screening/late?done={done}"))),
        Err(error) => {
            let error = AppError::from(error);
            let page = late_page(&cx, &edition, typed, None, Some(error.clone())).await?;
            cx.show_again(page, &error)
        }
    }
}

async fn late_page(
    cx: &RequestContext,
    edition: &Edition,
    typed: TypedAdmission,
    done: Option<&'static str>,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let admissions = cx.backend().late_admissions(&admin, edition).await?;
    let organisations = cx.backend().organisations_with_account(cx.require_sign_in()?).await?;
    // While the call is open everybody may submit.
    let open = edition.screening_open().is_ok() && edition.submissions_open().is_err();
    let form = if open && !organisations.is_empty() {
        admission_form(lang, &organisations, typed, error.as_ref())
    } else {
        let said = if open { words::nobody(lang) } else { words::closed(lang) };
        view! { <Notice lang tone=Tone::Info><p>{said}</p></Notice> }.into_any()
    };
    let list = admissions_table(lang, edition, &admissions);
    let name = editions::edition_title(lang, edition);
    let crumbs = screening_crumbs(lang, edition, Some(words::title(lang).to_owned()));
    let tabs = staff::edition_tabs(lang, edition, "/screening");
    let page = Page::titled(words::title(lang), move || {
        view! {
            <PageHead title=words::title(lang) eyebrow=name lead=words::lead(lang)>""</PageHead>
            {tabs}
            {render_form_errors(lang, error.as_ref())}
            {render_done_notice(lang, done)}
            {form}
            {list}
        }
    });
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

fn admission_form(
    lang: Lang,
    organisations: &[NamedOrganisation],
    typed: TypedAdmission,
    error: Option<&AppError>,
) -> AnyView {
    let nobody = Choice::with_value("", words::organisation_none(lang), false);
    let choices = organisations.iter().map(|organisation| {
        let id = organisation.id.to_string();
        let here = id == typed.organisation;
        Choice::with_value(id, organisation.name.clone(), here)
    });
    let options = std::iter::once(nobody).chain(choices).collect::<Vec<_>>();
    view! {
        <form method="post" class="form">
            <SelectField lang name="organisation" label=words::organisation(lang) required=true
                hint=words::organisation_hint(lang) options
                error=field_error_sentence(lang, error, "organisation")/>
            <TextField lang name="until" kind="datetime-local" label=words::until(lang)
                hint=words::until_hint(lang) required=true value=typed.until
                error=field_error_sentence(lang, error, "until")/>
            <AreaField lang name="reason" label=words::reason(lang) rows=3
                hint=words::reason_hint(lang) required=true value=typed.reason max=REASON_CHARS
                error=field_error_sentence(lang, error, "reason")/>
            <div class="actions"><Submit label=words::admit(lang) name="act" value="admit"/></div>
        </form>
    }
    .into_any()
}

fn admissions_table(lang: Lang, edition: &Edition, admissions: &[LateAdmission]) -> AnyView {
    if admissions.is_empty() {
        return view! { <Empty title=words::list(lang)><p>{words::none(lang)}</p></Empty> }
            .into_any();
    }
    let rows =
        admissions.iter().map(|admission| admission_row(lang, edition, admission)).collect_view();
    view! {
        <Section title=words::list(lang)>
            <TableBox caption=words::list(lang)>
                <thead>
                    <tr>
                        <th scope="col">{words::organisation(lang)}</th>
                        <th scope="col">{words::until(lang)}</th>
                        <th scope="col">{words::reason(lang)}</th>
                        <th scope="col">{words::state(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

fn admission_row(lang: Lang, edition: &Edition, admission: &LateAdmission) -> AnyView {
    let (mark, name) = (cases::korean_mark(lang), admission.organisation_name.clone());
    let until = times::format_end(lang, admission.until);
    let key = admission.organisation.to_string();
    let state = match admission.case {
        Some(case) => {
            let href = format!("/admin/{}/screening/{case}", edition.slug);
            view! { <a href=href>{words::state_used(lang)}</a> }.into_any()
        }
        None if admission.until <= edition.now => words::state_over(lang).into_any(),
        None => {
            let named = words::end_named(lang, &name);
            view! {
                <form method="post" class="cluster">
                    <span>{words::state_open(lang)}</span>
                    <input type="hidden" name="organisation" value=key/>
                    <button class="button" data-weight="quiet" type="submit" name="act" value="end"
                        aria-label=named>{words::end(lang)}</button>
                </form>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <td data-label=words::organisation(lang) lang=mark>{name}</td>
            <td data-label=words::until(lang)>{until}</td>
            <td data-label=words::reason(lang) lang=mark>{admission.reason.clone()}</td>
            <td data-label=words::state(lang)>{state}</td>
        </tr>
    }
    .into_any()
}
