//! The first step of the vote: the picks, and the form by which this poll identifies its voters.

pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod oidc;
pub(crate) mod roll;

use backend::voting::PaperCase;
use domain::rulebook::VoterIdentity;
use http::StatusCode;
use leptos::prelude::*;
use phrases::voting as words;

use crate::AppError;
use crate::ui::PageHead;
use crate::voting::booth::{Booth, PollPath, distinct_poll_name, vote_path};
use crate::voting::closed::find_open_booth;
use crate::voting::cookies::{CodeRequest, code_request};
use crate::voting::form_errors::vote_form_errors;
use crate::voting::identify::contact::{contact_form, read_voter_declaration};
use crate::voting::picks::{is_valid_pick_count, load_picked_cases, picks_section};
use crate::voting::send_code::send_code_and_redirect;
use crate::voting::steps::{VoteStep, vote_steps_section};
use crate::voting::voter_status::{VoterStatus, next_voter_form, voter_status_notice};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::browser::remember_browser;
use crate::web::fields::FormFields;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// What the page shows before its form: the voter's status and the picks.
struct IdentifyPageData {
    status: VoterStatus,
    entries: Vec<PaperCase>,
}

impl IdentifyPageData {
    async fn load_page_data(cx: &RequestContext, booth: &Booth) -> Result<Self, AppError> {
        let standing = VoterStatus::load_voter_status(cx, booth).await?;
        Ok(Self {
            status: standing,
            entries: load_picked_cases(cx, &booth.edition, &booth.poll).await?,
        })
    }

    /// Whether there are enough picks for a ballot.
    fn has_enough_picks(&self, booth: &Booth) -> bool {
        is_valid_pick_count(&booth.poll, self.entries.len())
    }

    /// Whether the page shows the picks.
    fn shows_picks(&self, booth: &Booth) -> bool {
        match self.status {
            // In a poll by roll the code comes before the picks.
            VoterStatus::Unknown | VoterStatus::Over => {
                booth.poll.rules.identity != VoterIdentity::Roll || !self.entries.is_empty()
            }
            VoterStatus::Verified => true,
            // Hidden if there are no picks, because the notice already links to the cases.
            VoterStatus::Voted => self.status.can_cast_ballot(booth) && !self.entries.is_empty(),
        }
    }

    /// Returns the step that this page belongs to.
    fn current_step(&self, booth: &Booth) -> VoteStep {
        match self.status {
            VoterStatus::Unknown | VoterStatus::Over => match booth.poll.rules.identity {
                VoterIdentity::Roll => VoteStep::Who,
                _ if self.has_enough_picks(booth) => VoteStep::Who,
                _ => VoteStep::Pick,
            },
            VoterStatus::Voted if !self.shows_picks(booth) => VoteStep::Receipt,
            VoterStatus::Verified | VoterStatus::Voted => VoteStep::Pick,
        }
    }
}

/// GET /editions/{edition}/vote/{poll}: redirects a verified voter with enough picks to the check
/// page.
pub(crate) async fn show_identify_form(cx: RequestContext, names: PollPath) -> PageResult {
    let booth = match find_open_booth(&cx, names, StatusCode::OK).await? {
        Ok((booth, _)) => booth,
        Err(closed) => return Ok(closed),
    };
    let seen = IdentifyPageData::load_page_data(&cx, &booth).await?;
    if seen.status.can_cast_ballot(&booth) && seen.has_enough_picks(&booth) {
        return Ok(redirect_to(&vote_path(&booth, "/check")));
    }
    let page = identify_page(&cx, &booth, &seen, &FormFields::default(), None).await?;
    let mut response = cx.render_page(page);
    remember_browser(&cx, &mut response);
    Ok(response)
}

/// POST /editions/{edition}/vote/{poll}
pub(crate) async fn submit_identity(
    cx: RequestContext,
    names: PollPath,
    typed: FormFields,
) -> PageResult {
    let (booth, open) = match find_open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let done = match booth.poll.rules.identity {
        VoterIdentity::Email => {
            send_code_and_redirect(
                &cx,
                &booth,
                open,
                &read_voter_declaration(&typed, "email"),
                "/code",
            )
            .await
        }
        VoterIdentity::Mobile => {
            send_code_and_redirect(
                &cx,
                &booth,
                open,
                &read_voter_declaration(&typed, "mobile"),
                "/code",
            )
            .await
        }
        VoterIdentity::Roll => roll::submit_roll_code(&cx, &booth, open, &typed).await,
        // The page says why a shared machine has no such form.
        VoterIdentity::Oidc if cx.is_kiosk() => {
            let seen = IdentifyPageData::load_page_data(&cx, &booth).await?;
            let page = identify_page(&cx, &booth, &seen, &typed, None).await?;
            return Ok(cx.render_page(page.with_status(StatusCode::FORBIDDEN)));
        }
        VoterIdentity::Oidc => oidc::start_oidc_sign_in(&cx, &booth, open, &typed).await,
    };
    match done {
        // No form is shown for it, so nothing is loaded.
        Err(error) if !error.is_correctable() => Err(error),
        Err(error) => {
            let seen = IdentifyPageData::load_page_data(&cx, &booth).await?;
            let page = identify_page(&cx, &booth, &seen, &typed, Some(&error)).await?;
            cx.show_again(page, &error)
        }
        done => done,
    }
}

/// Builds the page with the picks and the identification form, empty or with the posted fields. A
/// verified voter gets no form, except when a posted form comes back with an error.
async fn identify_page(
    cx: &RequestContext,
    booth: &Booth,
    seen: &IdentifyPageData,
    typed: &FormFields,
    error: Option<&AppError>,
) -> Result<Page, AppError> {
    let (lang, edition) = (cx.lang(), &booth.edition);
    let by_roll = booth.poll.rules.identity == VoterIdentity::Roll;
    let asks = error.is_some() || !seen.status.is_known();
    let form = match (asks, seen.has_enough_picks(booth), booth.poll.rules.identity) {
        (false, _, _) => ().into_any(),
        // The form comes before the picks, because the voter holds a slip and its code may already
        // be in the URL.
        (_, _, VoterIdentity::Roll) => roll::roll_code_form(cx, booth, typed, error).await?,
        (_, false, _) => ().into_any(),
        (_, _, VoterIdentity::Email | VoterIdentity::Mobile) => {
            contact_form(cx, booth, typed, error).await?
        }
        (_, _, VoterIdentity::Oidc) => oidc::oidc_consent_form(cx, booth, typed, error).await?,
    };
    let steps = vote_steps_section(lang, booth, seen.current_step(booth));
    let errors =
        if by_roll { roll::roll_code_errors(lang, error) } else { vote_form_errors(lang, error) };
    let notice = voter_status_notice(cx, booth, seen.status);
    let picks = seen.shows_picks(booth).then(|| picks_section(cx, booth, &seen.entries));
    let waiting = matches!(code_request(cx, booth), CodeRequest::Here(_));
    let code = waiting.then(|| vote_path(booth, "/code"));
    let next = if asks { None } else { next_voter_form(cx, booth) };
    let eyebrow = distinct_poll_name(lang, edition, &booth.poll).unwrap_or_default();
    Ok(Page::titled(words::vote(lang), move || {
        view! {
            {steps}
            <PageHead title=words::vote(lang) eyebrow>""</PageHead>
            {errors}
            {notice}
            // On a phone the field is on the first screen. The next page shows the picks again.
            {form}
            {code.map(|href| view! { <p><a href=href>{words::have_code(lang)}</a></p> })}
            {picks}
            {next}
        }
    })
    .for_edition(edition))
}
