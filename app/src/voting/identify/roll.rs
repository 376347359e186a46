//! The form of a poll by roll: the printed code on a slip or at a seat.

use axum::response::Response;
use backend::voting::VoterDeclaration;
use backend::voting::roll::ShownCode;
use domain::refusal::Refusal;
use domain::roll::RollRefusal;
use domain::rulebook::Channel;
use domain::schedule::VotingOpen;
use domain::text::FieldProblem;
use http::{HeaderValue, header};
use leptos::prelude::*;
use phrases::{Lang, roll as words};

use crate::AppError;
use crate::ui::{ButtonWeight, ErrorSummary, Notice, Section, Submit, TextField, Tone};
use crate::voting::booth::{Booth, pick_gallery_path, vote_path};
use crate::voting::cookies::{start_voter_session, voter_token};
use crate::voting::identify::consent::statements_section;
use crate::voting::picks::load_picked_cases;
use crate::web::fields::FormFields;
use crate::web::form_errors::render_form_errors;
use crate::web::request::RequestContext;
use crate::words::field_problems;

/// Builds the form, empty or with the posted fields.
pub(crate) async fn roll_code_form(
    cx: &RequestContext,
    booth: &Booth,
    typed: &FormFields,
    error: Option<&AppError>,
) -> Result<AnyView, AppError> {
    let (lang, action, value) =
        (cx.lang(), vote_path(booth, ""), typed.field_text("code").to_owned());
    let seat = booth.poll.rules.channels.contains(&Channel::SeatQr);
    let lead = if seat { words::who_lead_seat(lang) } else { words::who_lead(lang) };
    let fault = error
        .and_then(|error| error.field_problem("code"))
        .map(|problem| explain_code_problem(lang, problem));
    let statements = statements_section(cx, booth, typed, error).await?;
    let in_use = matches!(error, Some(AppError::Refused(Refusal::Roll(RollRefusal::InUse))));
    let take_over = in_use.then(|| {
        view! {
            <p>{words::take_over_text(lang)}</p>
            <div class="actions">
                <Submit label=words::take_over(lang) weight=ButtonWeight::Secondary
                    name="act" value="take_over"/>
            </div>
        }
    });
    Ok(view! {
        <Section title=phrases::voting::who_title(lang) lead>
            <form method="post" action=action class="form">
                <div id="scanned" hidden=true>
                    <Notice lang tone=Tone::Success><p>{words::scanned(lang)}</p></Notice>
                </div>
                <TextField lang name="code" label=words::code(lang) hint=words::code_hint(lang)
                    autocomplete="off" required=true value error=fault/>
                {statements}
                <div class="actions"><Submit label=words::go_on(lang)/></div>
                {take_over}
                <p class="muted">{words::then_pick(lang)}</p>
                <p class="small muted">{phrases::voting::trace_note(lang)}</p>
            </form>
            <script src="/code.js" defer=true></script>
        </Section>
    }
    .into_any())
}

fn explain_code_problem(lang: Lang, problem: FieldProblem) -> String {
    match problem {
        FieldProblem::Malformed => words::code_malformed(lang).to_owned(),
        other => field_problems::field_sentence(lang, other),
    }
}

/// Builds the error list above the form.
pub(crate) fn roll_code_errors(lang: Lang, error: Option<&AppError>) -> AnyView {
    match error.and_then(|error| error.field_problem("code")) {
        Some(problem) => {
            let items = vec![("code".to_owned(), explain_code_problem(lang, problem))];
            view! { <ErrorSummary lang items/> }.into_any()
        }
        None => render_form_errors(lang, error),
    }
}

/// Checks the printed code and starts the session of its voter. On an error the caller shows the
/// form again with the posted fields.
pub(crate) async fn submit_roll_code(
    cx: &RequestContext,
    booth: &Booth,
    open: VotingOpen,
    typed: &FormFields,
) -> Result<Response, AppError> {
    let said = VoterDeclaration {
        contact: String::new(),
        // The form asks for no contact, so the voter needs to give no consent.
        consent: true,
        of_age: typed.has_field("of_age"),
        of_district: typed.has_field("of_district"),
        page_seconds: None,
        ..VoterDeclaration::default()
    };
    said.check_eligibility(booth.poll.rules.eligibility)?;
    let shown = ShownCode {
        code: typed.field_text("code"),
        held: voter_token(cx),
        take_over: typed.field_text("act") == "take_over",
    };
    let (edition, poll) = (&booth.edition, &booth.poll);
    let token =
        cx.backend().enter_by_roll_code(open, edition, poll, shown, cx.client_network()).await?;
    let mut response = start_voter_session(booth, &token);
    if load_picked_cases(cx, edition, poll).await?.is_empty() {
        // The code comes before the picks. A voter without picks goes to the cases.
        let cases = format!("{}&verified=yes", pick_gallery_path(booth));
        if let Ok(cases) = HeaderValue::from_str(&cases) {
            response.headers_mut().insert(header::LOCATION, cases);
        }
    }
    Ok(response)
}
