//! The partners of a case and the agreement behind it, on its organisation's desk.

use axum::extract::{Path, Query};
use backend::Error;
use backend::cases::{AgreementForm, Case, CaseFile, CasePartner, NamedOrganisation};
use domain::limits;
use leptos::prelude::*;
use phrases::{Lang, partners as words};

use crate::AppError;
use crate::cases::organisation::{own_case_crumbs, own_case_title};
use crate::cases::state::partner_state_label;
use crate::staff::DoneQuery;
use crate::ui::{
    Badge, ButtonLink, ButtonWeight, Choice, Notice, PageHead, Section, SelectField, Submit,
    TextField, Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::cases;

/// What was typed. `None` shows what is stored.
#[derive(Default)]
struct TypedPartners {
    agreement: Option<AgreementForm>,
    partner: String,
}

/// GET /organisation/cases/{case}/partners
pub(crate) async fn show_partners(
    cx: RequestContext,
    Path(id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let case = cx.backend().own_case(&cx.require_member()?, paths::parse_path_key(&id)?).await?;
    let done = match query.done.as_str() {
        "saved" => Some(words::saved(cx.lang())),
        "asked" => Some(words::asked(cx.lang())),
        "removed" => Some(words::removed(cx.lang())),
        _ => None,
    };
    let page = partners_page(&cx, &case, TypedPartners::default(), done, None).await?;
    Ok(cx.render_page(page))
}

/// POST /organisation/cases/{case}/partners
pub(crate) async fn submit_partners(
    cx: RequestContext,
    Path(id): Path<String>,
    fields: FormFields,
) -> PageResult {
    let member = cx.require_member()?;
    let case = cx.backend().own_case(&member, paths::parse_path_key(&id)?).await?;
    let mut typed =
        TypedPartners { partner: fields.field_text("partner").to_owned(), agreement: None };
    if fields.field_text("act") == "agreement" {
        let text = |name| fields.field_text(name).to_owned();
        typed.agreement = Some(AgreementForm {
            title: text("agreement_title"),
            on: text("agreement_on"),
            file: text("agreement_file"),
        });
    }
    match store_partners(&cx, &case, &typed, fields.field_text("act")).await {
        Ok(done) => {
            Ok(redirect_to(&format!("/organisation/cases/{}/partners?done={done}", case.id)))
        }
        Err(error) => {
            let page = partners_page(&cx, &case, typed, None, Some(error.clone())).await?;
            cx.show_again(page, &error)
        }
    }
}

async fn store_partners(
    cx: &RequestContext,
    case: &Case,
    typed: &TypedPartners,
    act: &str,
) -> Result<&'static str, AppError> {
    let (backend, member) = (cx.backend(), cx.require_member()?);
    let edition = backend.find_edition(&case.edition_slug).await?;
    let open = case.submissions_open(&edition).map_err(Error::from)?;
    if let Some(form) = &typed.agreement {
        backend.store_agreement(&member, open, &edition, case.id, form).await?;
        return Ok("saved");
    }
    if let Some(partner) = act.strip_prefix("remove.") {
        let partner = partner.parse().map_err(|_| AppError::BadRequest)?;
        return match backend.remove_partner(&member, open, &edition, case.id, partner).await {
            // A colleague was quicker.
            Ok(()) | Err(Error::NotFound) => Ok("removed"),
            Err(error) => Err(error.into()),
        };
    }
    if act != "ask" {
        return Err(AppError::BadRequest);
    }
    backend.ask_partner(&member, open, &edition, case.id, &typed.partner).await?;
    Ok("asked")
}

async fn partners_page(
    cx: &RequestContext,
    case: &Case,
    typed: TypedPartners,
    done: Option<&'static str>,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let edition = cx.backend().find_edition(&case.edition_slug).await?;
    let partners = cx.backend().case_partners(case.id).await?;
    let files = cx.backend().case_files(case.id).await?;
    let organisations = cx.backend().organisations_with_account(cx.require_sign_in()?).await?;
    let writable = case.submissions_open(&edition).is_ok() && case.state.can_be_written();
    let stored = AgreementForm {
        title: case.agreement_title.clone(),
        on: case.agreement_on.map(|day| day.to_string()).unwrap_or_default(),
        file: case.agreement_file.map(|file| file.to_string()).unwrap_or_default(),
    };
    let agreement = typed.agreement.unwrap_or(stored);
    let agreement = agreement_section(lang, &files, agreement, writable, error.as_ref());
    let list = partners_list(lang, &partners, writable);
    let ask =
        writable.then(|| partner_form(lang, &organisations, case, typed.partner, error.as_ref()));
    let closed = (!writable).then(|| {
        let said = phrases::cases::call_over(lang);
        view! { <Notice lang tone=Tone::Info><p>{said}</p></Notice> }
    });
    let title = own_case_title(lang, case);
    let own = format!("/organisation/cases/{}", case.id);
    let crumbs = own_case_crumbs(lang, case, words::title(lang));
    let page = Page::titled(words::title(lang), move || {
        view! {
            <PageHead title=words::title(lang) eyebrow=title lead=words::lead(lang)>""</PageHead>
            {render_form_errors(lang, error.as_ref())}
            {render_done_notice(lang, done)}
            {closed}
            {list}
            {ask}
            {agreement}
            <div class="actions">
                <ButtonLink label=words::back(lang) href=own weight=ButtonWeight::Quiet/>
            </div>
        }
    });
    Ok(page.for_edition(&edition).with_crumbs(crumbs))
}

fn agreement_section(
    lang: Lang,
    files: &[CaseFile],
    form: AgreementForm,
    writable: bool,
    error: Option<&AppError>,
) -> Option<AnyView> {
    if !writable {
        return None;
    }
    let none = Choice::with_value("", words::agreement_file_none(lang), form.file.is_empty());
    let options = files.iter().map(|file| {
        let id = file.id.to_string();
        let here = id == form.file;
        Choice::with_value(id, file.name.clone(), here)
    });
    let options: Vec<_> = std::iter::once(none).chain(options).collect();
    let (title_fault, on_fault) = (
        field_error_sentence(lang, error, "agreement_title"),
        field_error_sentence(lang, error, "agreement_on"),
    );
    let section = view! {
        <Section title=words::agreement(lang) id="agreement">
            <form method="post" class="form">
                <TextField lang name="agreement_title" label=words::agreement_title(lang)
                    hint=words::agreement_title_hint(lang) value=form.title
                    max=limits::AGREEMENT_CHARS error=title_fault/>
                <TextField lang name="agreement_on" kind="date" label=words::agreement_on(lang)
                    value=form.on error=on_fault/>
                <SelectField lang name="agreement_file" label=words::agreement_file(lang)
                    hint=words::agreement_file_hint(lang) options/>
                <div class="actions">
                    <Submit label=words::agreement_save(lang) weight=ButtonWeight::Secondary
                        name="act" value="agreement"/>
                </div>
            </form>
        </Section>
    };
    Some(section.into_any())
}

fn partners_list(lang: Lang, partners: &[CasePartner], writable: bool) -> AnyView {
    if partners.is_empty() {
        return view! { <p class="muted">{words::none(lang)}</p> }.into_any();
    }
    let items = partners
        .iter()
        .map(|partner| {
            let (tone, label) = partner_state_label(lang, partner.state);
            let name = partner.name.clone();
            let remove = writable.then(|| {
                let (act, named) =
                    (format!("remove.{}", partner.organisation), words::remove_named(lang, &name));
                view! {
                    <button class="button" data-weight="quiet" type="submit" name="act" value=act
                        aria-label=named>{words::remove(lang)}</button>
                }
            });
            view! {
                <li class="cluster">
                    <strong lang=cases::korean_mark(lang)>{name}</strong>
                    <Badge tone label/>
                    {remove}
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title=words::list(lang)>
            <form method="post"><ul class="stack">{items}</ul></form>
        </Section>
    }
    .into_any()
}

fn partner_form(
    lang: Lang,
    organisations: &[NamedOrganisation],
    case: &Case,
    typed: String,
    error: Option<&AppError>,
) -> AnyView {
    let names = organisations
        .iter()
        .filter(|organisation| organisation.id != case.organisation)
        .map(|organisation| view! { <option value=organisation.name.clone()></option> })
        .collect_view();
    let fault = field_error_sentence(lang, error, "partner");
    view! {
        <form method="post" class="form">
            <TextField lang name="partner" label=words::name(lang) hint=words::name_hint(lang)
                required=true value=typed list="organisations" autocomplete="off"
                max=limits::ORGANISATION_NAME_CHARS error=fault/>
            <datalist id="organisations">{names}</datalist>
            <div class="actions">
                <Submit label=words::ask(lang) weight=ButtonWeight::Secondary name="act" value="ask"/>
            </div>
        </form>
    }
    .into_any()
}
