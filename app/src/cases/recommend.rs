//! Recommendations: the form of an organisation, the list of the staff, and the page behind a person's link.

use axum::extract::{Path, Query};
use backend::Error;
use backend::cases::{NamedOrganisation, Recommendation, RecommendationForm, RecommendationState};
use domain::limits;
use leptos::prelude::*;
use phrases::{Lang, recommend as words};

use crate::cases::new_case::NewCaseQuery;
use crate::cases::organisation::organisation_crumbs;
use crate::cases::state::{recommendation_label, recommended_name};
use crate::ui::{
    AreaField, Badge, ButtonWeight, Choice, Empty, Notice, PageHead, RadioField, Section, Submit,
    TableBox, TextField, Tone, paragraphs,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{cases, editions, times};

use crate::{AppError, staff};

/// GET /organisation/recommend?edition=…
pub(crate) async fn show_recommend_form(
    cx: RequestContext,
    Query(query): Query<NewCaseQuery>,
) -> PageResult {
    let form = RecommendationForm::default();
    Ok(cx.render_page(recommend_page(&cx, &query.edition, form, None).await?))
}

/// POST /organisation/recommend?edition=…
pub(crate) async fn submit_recommendation(
    cx: RequestContext,
    Query(query): Query<NewCaseQuery>,
    fields: FormFields,
) -> PageResult {
    let member = cx.require_member()?;
    let edition = cx.backend().find_public_edition(&query.edition).await?;
    let open = edition.screening_open().map_err(Error::from)?;
    let text = |name| fields.field_text(name).to_owned();
    let form = RecommendationForm {
        is_person: fields.field_text("kind") == "person",
        organisation: text("organisation"),
        person: text("person"),
        email: text("email"),
        subject: text("subject"),
        reason: text("reason"),
    };
    match cx.backend().recommend(&member, open, &edition, &form, cx.lang()).await {
        Ok(()) => Ok(redirect_to("/organisation?done=recommended#recommendations")),
        Err(error) => {
            let error = AppError::from(error);
            let page = recommend_page(&cx, &query.edition, form, Some(error.clone())).await?;
            cx.show_again(page, &error)
        }
    }
}

async fn recommend_page(
    cx: &RequestContext,
    slug: &str,
    form: RecommendationForm,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let edition = cx.backend().find_public_edition(slug).await?;
    edition.screening_open().map_err(Error::from)?;
    let organisations = cx.backend().organisations_with_account(cx.require_sign_in()?).await?;
    let name = editions::edition_title(lang, &edition);
    let fields = recommend_fields(lang, &organisations, form, error.as_ref());
    let page = Page::titled(words::title(lang), move || {
        view! {
            <PageHead title=words::title(lang) eyebrow=name lead=words::lead(lang)>""</PageHead>
            {render_form_errors(lang, error.as_ref())}
            {fields}
        }
    });
    Ok(page.for_edition(&edition).with_crumbs(organisation_crumbs(lang, words::title(lang))))
}

fn recommend_fields(
    lang: Lang,
    organisations: &[NamedOrganisation],
    form: RecommendationForm,
    error: Option<&AppError>,
) -> AnyView {
    let kinds = vec![
        Choice::with_value("organisation", words::kind_organisation(lang), !form.is_person),
        Choice::with_value("person", words::kind_person(lang), form.is_person),
    ];
    let fault = |name: &str| field_error_sentence(lang, error, name);
    let names = organisations
        .iter()
        .map(|organisation| view! { <option value=organisation.name.clone()></option> })
        .collect_view();
    view! {
        <form method="post" class="form">
            <RadioField lang name="kind" label=words::kind(lang) required=true options=kinds/>
            <TextField lang name="organisation" label=words::organisation(lang)
                hint=words::organisation_hint(lang) value=form.organisation list="organisations"
                autocomplete="off" max=limits::ORGANISATION_NAME_CHARS
                error=fault("organisation")/>
            <datalist id="organisations">{names}</datalist>
            <TextField lang name="person" label=words::person(lang) hint=words::person_hint(lang)
                value=form.person autocomplete="off" max=limits::PERSON_NAME_CHARS
                error=fault("person")/>
            <TextField lang name="email" kind="email" label=words::email(lang) value=form.email
                autocomplete="off" error=fault("email")/>
            <TextField lang name="subject" label=words::subject(lang) hint=words::subject_hint(lang)
                required=true value=form.subject max=limits::CASE_TITLE_CHARS
                error=fault("subject")/>
            <AreaField lang name="reason" label=words::reason(lang) hint=words::reason_hint(lang)
                required=true rows=4 value=form.reason max=limits::REASON_CHARS
                error=fault("reason")/>
            <div class="actions"><Submit label=words::send(lang)/></div>
        </form>
    }
    .into_any()
}

/// GET /admin/{edition}/recommendations
pub(crate) async fn show_recommendations(
    cx: RequestContext,
    Path(slug): Path<String>,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let edition = cx.backend().find_edition(&slug).await?;
    let made = cx.backend().recommendations(&admin, &edition).await?;
    let table = staff_table(lang, &made);
    let name = editions::edition_title(lang, &edition);
    let crumbs = staff::staff_crumbs(lang, &edition, words::title(lang));
    let tabs = staff::edition_tabs(lang, &edition, "/recommendations");
    let page = Page::titled(words::title(lang), move || {
        view! {
            <PageHead title=words::title(lang) eyebrow=name lead=words::staff_lead(lang)>""</PageHead>
            {tabs}
            {table}
        }
    });
    Ok(cx.render_page(page.for_edition(&edition).with_crumbs(crumbs)))
}

fn staff_table(lang: Lang, made: &[Recommendation]) -> AnyView {
    if made.is_empty() {
        return view! {
            <Empty title=words::staff_none_title(lang)><p>{words::staff_none(lang)}</p></Empty>
        }
        .into_any();
    }
    let mark = cases::korean_mark(lang);
    let rows = made
        .iter()
        .map(|made| {
            let (tone, label) = recommendation_label(lang, made.state);
            let email = made.person_email.clone().map(|email| {
                view! { <br/><span class="muted small">{email}</span> }
            });
            view! {
                <tr>
                    <td data-label=words::who(lang) lang=mark>
                        <div>{recommended_name(lang, made)}{email}</div>
                    </td>
                    <td data-label=words::subject(lang) lang=mark>{made.subject.clone()}</td>
                    <td data-label=words::reason(lang) lang=mark>{made.reason.clone()}</td>
                    <td data-label=words::by(lang) lang=mark>{made.by_name.clone()}</td>
                    <td data-label=words::when(lang)>{times::format_minute(lang, made.asked_at)}</td>
                    <td data-label=words::state(lang)><Badge tone label/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TableBox caption=words::staff_text(lang)>
            <thead>
                <tr>
                    <th scope="col">{words::who(lang)}</th>
                    <th scope="col">{words::subject(lang)}</th>
                    <th scope="col">{words::reason(lang)}</th>
                    <th scope="col">{words::by(lang)}</th>
                    <th scope="col">{words::when(lang)}</th>
                    <th scope="col">{words::state(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

/// GET /recommendations/{token}
pub(crate) async fn show_personal_link(
    cx: RequestContext,
    Path(token): Path<String>,
) -> PageResult {
    let found = cx.backend().recommendation_by_link(&token).await?;
    Ok(cx.render_page(personal_link_page(&cx, &found).await?))
}

/// POST /recommendations/{token}
pub(crate) async fn answer_personal_link(
    cx: RequestContext,
    Path(token): Path<String>,
    fields: FormFields,
) -> PageResult {
    let accepts = match fields.field_text("act") {
        "accept" => true,
        "decline" => false,
        _ => return Err(AppError::BadRequest),
    };
    match cx.backend().answer_by_link(&token, accepts).await {
        // Pressed twice: the page says what was answered.
        Ok(()) | Err(Error::Refused(_)) => Ok(redirect_to(&format!("/recommendations/{token}"))),
        Err(error) => Err(error.into()),
    }
}

async fn personal_link_page(cx: &RequestContext, found: &Recommendation) -> Result<Page, AppError> {
    let lang = cx.lang();
    let edition = cx.backend().find_edition(&found.edition_slug).await?;
    let name = editions::edition_title(lang, &edition);
    let lead = words::link_lead(lang, &found.by_name, name);
    let (subject, reason) = (found.subject.clone(), found.reason.clone());
    let answer = match found.state {
        RecommendationState::Asked => view! {
            <p>{words::link_personal(lang)}</p>
            <form method="post" class="form">
                <div class="actions">
                    <Submit label=words::link_accept(lang) name="act" value="accept"/>
                    <Submit label=words::decline(lang) weight=ButtonWeight::Secondary name="act"
                        value="decline"/>
                </div>
            </form>
        }
        .into_any(),
        RecommendationState::Accepted => view! {
            <Notice lang tone=Tone::Success><p>{words::link_accepted(lang)}</p></Notice>
            <form method="post" class="form">
                <div class="actions">
                    <Submit label=words::link_take_back(lang) weight=ButtonWeight::Quiet name="act"
                        value="decline"/>
                </div>
            </form>
        }
        .into_any(),
        RecommendationState::Declined => view! {
            <Notice lang tone=Tone::Info><p>{words::link_declined(lang)}</p></Notice>
        }
        .into_any(),
    };
    let mark = cases::korean_mark(lang);
    let page = Page::titled(words::link_title(lang), move || {
        view! {
            <PageHead title=words::link_title(lang) lead>""</PageHead>
            <Section title=subject>
                <div class="prose" lang=mark>{paragraphs::render_paragraphs(&reason)}</div>
            </Section>
            {answer}
        }
    });
    Ok(page.for_edition(&edition))
}
