//! The form of a poll that identifies voters by an `OpenID` provider, and the redirect to it.

use axum::response::Response;
use backend::voting::VoterDeclaration;
use domain::schedule::VotingOpen;
use http::{HeaderValue, header};
use leptos::prelude::*;
use phrases::{oidc as words, voting};

use crate::AppError;
use crate::ui::{AuthPanel, ButtonLink, Notice, Section, Submit, Tone};
use crate::voting::booth::{Booth, vote_path};
use crate::voting::cookies::{OIDC_FLOW_COOKIE, OIDC_FLOW_SECONDS};
use crate::voting::identify::consent::{consent_section, statements_section};
use crate::web::cookies::set_cookie;
use crate::web::fields::FormFields;
use crate::web::limits::Queue;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// Builds the form with the consent, the statements and the button that leads to the provider.
pub(crate) async fn oidc_consent_form(
    cx: &RequestContext,
    booth: &Booth,
    typed: &FormFields,
    error: Option<&AppError>,
) -> Result<AnyView, AppError> {
    let (lang, action) = (cx.lang(), vote_path(booth, ""));
    if cx.is_kiosk() {
        // A voter who signed in here would stay signed in at the provider when the next voter
        // comes.
        return Ok(view! {
            <Notice lang tone=Tone::Info><p>{words::not_on_a_kiosk(lang)}</p></Notice>
        }
        .into_any());
    }
    let Some(name) = cx.backend().provider_name(lang).map(str::to_owned) else {
        return Ok(view! {
            <Notice lang tone=Tone::Info><p>{voting::not_here_yet(lang)}</p></Notice>
        }
        .into_any());
    };
    let item = [
        words::item(lang, &name),
        voting::purpose_pseudonym(lang).to_owned(),
        voting::period_pseudonym(lang).to_owned(),
    ];
    let trace =
        [voting::item_trace_other(lang), voting::purpose_trace(lang), voting::period_trace(lang)];
    let items = [item, trace.map(str::to_owned)];
    let consent = consent_section(lang, typed, error, &items);
    let statements = statements_section(cx, booth, typed, error).await?;
    let (lead, go) = (words::who_lead(lang, &name), words::go(lang, &name));
    Ok(view! {
        <Section title=voting::who_title(lang) lead>
            <form method="post" action=action class="form">
                {consent}
                {statements}
                <div class="actions"><Submit label=go/></div>
            </form>
        </Section>
    }
    .into_any())
}

/// Answers the form with a page that leads on to the provider. A redirect would be simpler, but the
/// content security policy allows forms to lead only to this site, and browsers apply it to
/// redirects of a form too.
pub(crate) async fn start_oidc_sign_in(
    cx: &RequestContext,
    booth: &Booth,
    open: VotingOpen,
    typed: &FormFields,
) -> Result<Response, AppError> {
    let said = VoterDeclaration {
        contact: String::new(),
        consent: typed.has_field("consent"),
        of_age: typed.has_field("of_age"),
        of_district: typed.has_field("of_district"),
        page_seconds: None,
        ..VoterDeclaration::default()
    };
    said.check_eligibility(booth.poll.rules.eligibility)?;
    // The provider may take long to answer. Those who wait for a code must not wait for it.
    cx.release_place();
    let ready = cx.backend().wait_for_provider().await;
    cx.hold_place(Queue::Send).await?;
    ready?;
    let held = cx.cookie_value(OIDC_FLOW_COOKIE).unwrap_or_default();
    let place = (&*booth.edition, &booth.poll);
    let way = cx.backend().start_oidc(open, place, &said, held, cx.client_network()).await?;
    let lang = cx.lang();
    let name = cx.backend().provider_name(lang).unwrap_or_default().to_owned();
    let (title, address) = (words::forward_title(lang, &name), way.address.clone());
    let page = Page::titled(title.clone(), move || {
        view! {
            <AuthPanel title=title lead=words::forward(lang)>
                <div class="actions"><ButtonLink label=words::go(lang, name) href=address/></div>
            </AuthPanel>
        }
    });
    let mut response = cx.render_page(page.for_edition(&booth.edition));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={}", way.address)) {
        headers.insert(header::REFRESH, refresh);
    }
    set_cookie(&mut response, OIDC_FLOW_COOKIE, &way.browser, OIDC_FLOW_SECONDS);
    Ok(response)
}
