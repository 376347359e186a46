//! What others ask of an organisation, on its desk: to confirm that it is a partner, and to accept a recommendation.

use backend::Error;
use backend::accounts::Member;
use backend::cases::{PartnerRequest, PartnerState, Recommendation, RecommendationState};
use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, partners, recommend};

use crate::AppError;
use crate::cases::state::{partner_state_label, recommendation_label, recommended_name};
use crate::ui::{Badge, ButtonLink, ButtonWeight, Section};
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;
use crate::words::{cases, editions, times};

/// Returns the sentence about what a form of these sections has done.
pub(crate) fn asked_done_sentence(lang: Lang, done: &str) -> Option<&'static str> {
    match done {
        "confirmed" => Some(partners::confirmed(lang)),
        "partner_declined" => Some(partners::declined(lang)),
        "recommended" => Some(recommend::sent(lang)),
        "declined" => Some(recommend::declined(lang)),
        _ => None,
    }
}

/// Carries out a form of these sections and returns where it leads. `None` if the form is of another one.
pub(crate) async fn carry_out_answer(
    cx: &RequestContext,
    member: &Member,
    fields: &FormFields,
) -> Result<Option<String>, AppError> {
    let backend = cx.backend();
    let (act, slug) = (fields.field_text("act"), fields.field_text("edition"));
    if slug.is_empty() {
        return Ok(None);
    }
    let edition = backend.find_edition(slug).await?;
    match act {
        "confirm_partner" | "decline_partner" => {
            let open = edition.screening_open().map_err(Error::from)?;
            let case = fields.field_text("case").parse().map_err(|_| AppError::BadRequest)?;
            let confirms = act == "confirm_partner";
            backend.answer_as_partner(member, open, &edition, case, confirms).await?;
            let done = if confirms { "confirmed" } else { "partner_declined" };
            Ok(Some(format!("/organisation?done={done}#partners")))
        }
        "accept" | "decline" => {
            let id = fields.field_text("recommendation").parse();
            let id = id.map_err(|_| AppError::BadRequest)?;
            if act == "decline" {
                backend.decline_recommendation(member, &edition, id).await?;
                return Ok(Some("/organisation?done=declined#recommendations".to_owned()));
            }
            let late = backend.own_late_admission(member, &edition).await?;
            let open = edition.submissions_open_until(late).map_err(Error::from)?;
            let case = backend.accept_recommendation(member, open, &edition, id).await?;
            Ok(Some(format!("/organisation/cases/{case}")))
        }
        _ => Err(AppError::BadRequest),
    }
}

/// Builds the sections. A section without anything in it is left out.
pub(crate) fn asked_sections(
    lang: Lang,
    public: &[Edition],
    partner_of: &[PartnerRequest],
    (made, received): (Vec<Recommendation>, Vec<Recommendation>),
) -> AnyView {
    let find = |slug: &str| public.iter().find(|edition| edition.slug == slug);
    let requests: Vec<_> = partner_of
        .iter()
        .map(|asked| partner_card(lang, find(&asked.edition_slug), asked))
        .collect();
    let requests = (!requests.is_empty()).then(|| {
        let (title, lead) = (partners::requests(lang), partners::requests_lead(lang));
        view! { <Section title lead id="partners"><div class="desk">{requests}</div></Section> }
    });
    let received: Vec<_> = received
        .iter()
        .map(|received| received_card(lang, find(&received.edition_slug), received))
        .collect();
    let received = (!received.is_empty()).then(|| {
        let lead = recommend::received_text(lang);
        view! {
            <Section title=recommend::received(lang) lead id="received">
                <div class="desk">{received}</div>
            </Section>
        }
    });
    let links: Vec<_> = public
        .iter()
        .filter(|edition| edition.screening_open().is_ok() && !edition.sealed)
        .map(|edition| {
            let href = format!("/organisation/recommend?edition={}", edition.slug);
            let label =
                format!("{} · {}", recommend::open(lang), editions::edition_title(lang, edition));
            view! { <ButtonLink label href weight=ButtonWeight::Secondary/> }
        })
        .collect();
    let made: Vec<_> = made.iter().map(|made| made_line(lang, made)).collect();
    let shown = !links.is_empty() || !made.is_empty();
    let own = shown.then(|| {
        let none = made.is_empty().then(|| {
            view! { <p class="muted">{recommend::made_none(lang)}</p> }
        });
        view! {
            <Section title=recommend::made(lang) lead=recommend::lead(lang) id="recommendations">
                {none}
                <ul class="stack">{made}</ul>
                <div class="actions">{links}</div>
            </Section>
        }
    });
    view! { {requests}{received}{own} }.into_any()
}

fn made_line(lang: Lang, made: &Recommendation) -> AnyView {
    let (tone, label) = recommendation_label(lang, made.state);
    view! {
        <li class="cluster">
            <strong lang=cases::korean_mark(lang)>{recommended_name(lang, made)}</strong>
            <span lang=cases::korean_mark(lang)>{made.subject.clone()}</span>
            <Badge tone label/>
            <span class="muted small">{times::format_minute(lang, made.asked_at)}</span>
        </li>
    }
    .into_any()
}

/// Shows a case that names the organisation, with the buttons of the answer while it may change.
fn partner_card(lang: Lang, edition: Option<&Edition>, asked: &PartnerRequest) -> AnyView {
    let (tone, label) = partner_state_label(lang, asked.state);
    let agreement = match (&asked.agreement_title, asked.agreement_on) {
        (title, _) if title.is_empty() => None,
        (title, Some(day)) => Some(partners::request_agreement_on(lang, day, title)),
        (title, None) => Some(partners::request_agreement(lang, title)),
    };
    let agreement = agreement.map(|said| view! { <p>{said}</p> });
    let open = edition.is_some_and(|edition| edition.screening_open().is_ok() && !edition.sealed);
    let (slug, case) = (asked.edition_slug.clone(), asked.case.to_string());
    let confirm = (asked.state != PartnerState::Confirmed).then(|| {
        let named = partners::confirm_named(lang, &asked.title);
        view! {
            <button class="button" type="submit" name="act" value="confirm_partner"
                aria-label=named>{partners::confirm(lang)}</button>
        }
    });
    let decline = (asked.state != PartnerState::Declined).then(|| {
        let named = partners::decline_named(lang, &asked.title);
        view! {
            <button class="button" data-weight="quiet" type="submit" name="act"
                value="decline_partner" aria-label=named>{partners::decline(lang)}</button>
        }
    });
    let form = open.then(|| {
        view! {
            <form method="post" class="cluster">
                <input type="hidden" name="edition" value=slug/>
                <input type="hidden" name="case" value=case/>
                {confirm}
                {decline}
            </form>
        }
    });
    let mark = cases::korean_mark(lang);
    view! {
        <article class="panel">
            <h3 lang=mark>{asked.title.clone()}</h3>
            <p class="cluster">
                <Badge tone label/>
                <span class="muted small">{partners::request_by(lang, &asked.lead_name)}</span>
            </p>
            <p lang=mark>{asked.summary.clone()}</p>
            {agreement}
            {form}
        </article>
    }
    .into_any()
}

fn received_card(lang: Lang, edition: Option<&Edition>, received: &Recommendation) -> AnyView {
    let (tone, label) = recommendation_label(lang, received.state);
    let open = received.state == RecommendationState::Asked
        && edition.is_some_and(|edition| edition.submissions_open().is_ok());
    let (slug, id) = (received.edition_slug.clone(), received.id.to_string());
    let (accept, decline) = (
        recommend::accept_named(lang, &received.subject),
        recommend::decline_named(lang, &received.subject),
    );
    let form = open.then(|| {
        view! {
            <form method="post" class="cluster">
                <input type="hidden" name="edition" value=slug/>
                <input type="hidden" name="recommendation" value=id/>
                <button class="button" type="submit" name="act" value="accept"
                    aria-label=accept>{recommend::accept(lang)}</button>
                <button class="button" data-weight="quiet" type="submit" name="act" value="decline"
                    aria-label=decline>{recommend::decline(lang)}</button>
            </form>
        }
    });
    let mark = cases::korean_mark(lang);
    view! {
        <article class="panel">
            <h3 lang=mark>{received.subject.clone()}</h3>
            <p class="cluster">
                <Badge tone label/>
                <span class="muted small">{recommend::received_by(lang, &received.by_name)}</span>
            </p>
            <p lang=mark>{received.reason.clone()}</p>
            {form}
        </article>
    }
    .into_any()
}
