//! The first step of the vote: the picks, and the form by which this poll identifies its voters.

pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod oidc;
pub(crate) mod roll;

use backend::voting::PaperCase;
use domain::rulebook::Identity;
use http::StatusCode;
use leptos::prelude::*;
use phrases::voting as words;

use crate::AppError;
use crate::ui::PageHead;
use crate::voting::booth::{Booth, Names, name_among, path};
use crate::voting::closed::open_booth;
use crate::voting::cookies::{Asked, asked};
use crate::voting::form_errors::errors;
use crate::voting::identify::contact::{contact_form, who_i_am};
use crate::voting::picks::{is_ballot, picked_entries, picks_section};
use crate::voting::send_code::send;
use crate::voting::steps::{Step, steps};
use crate::voting::voter_status::{Standing, next_voter, notice};
use crate::web::answer::{Answer, go};
use crate::web::fields::Fields;
use crate::web::limits::Turn;
use crate::web::page::Page;
use crate::web::request::Cx;

/// What the page shows before its form: the voter's status and the picks.
struct Seen {
    standing: Standing,
    entries: Vec<PaperCase>,
}

impl Seen {
    async fn load(cx: &Cx, booth: &Booth) -> Result<Self, AppError> {
        let standing = Standing::load(cx, booth).await?;
        Ok(Self { standing, entries: picked_entries(cx, &booth.edition, &booth.poll).await? })
    }

    /// Whether there are enough picks for a ballot.
    fn is_ready(&self, booth: &Booth) -> bool {
        is_ballot(&booth.poll, self.entries.len())
    }

    /// Whether the page shows the picks.
    fn shows_picks(&self, booth: &Booth) -> bool {
        match self.standing {
            // In a poll by roll the code comes before the picks.
            Standing::Unknown | Standing::Over => {
                booth.poll.rules.identity != Identity::Roll || !self.entries.is_empty()
            }
            Standing::Verified => true,
            // Hidden if there are no picks, because the notice already links to the cases.
            Standing::Voted => self.standing.may_cast(booth) && !self.entries.is_empty(),
        }
    }

    /// Returns the step that this page belongs to.
    fn step(&self, booth: &Booth) -> Step {
        match self.standing {
            Standing::Unknown | Standing::Over => match booth.poll.rules.identity {
                Identity::Roll => Step::Who,
                _ if self.is_ready(booth) => Step::Who,
                _ => Step::Pick,
            },
            Standing::Voted if !self.shows_picks(booth) => Step::Receipt,
            Standing::Verified | Standing::Voted => Step::Pick,
        }
    }
}

/// GET /editions/{edition}/vote/{poll}: redirects a verified voter with enough picks to the check
/// page.
pub(crate) async fn page(cx: Cx, names: Names) -> Answer {
    let booth = match open_booth(&cx, names, StatusCode::OK).await? {
        Ok((booth, _)) => booth,
        Err(closed) => return Ok(closed),
    };
    let seen = Seen::load(&cx, &booth).await?;
    if seen.standing.may_cast(&booth) && seen.is_ready(&booth) {
        return Ok(go(&path(&booth, "/check")));
    }
    Ok(cx.page(who_page(&cx, &booth, &seen, &Fields::default(), None).await?))
}

/// POST /editions/{edition}/vote/{poll}
pub(crate) async fn submit(cx: Cx, names: Names, typed: Fields) -> Answer {
    let _place = cx.site().turns.take(Turn::Send).await?;
    let (booth, open) = match open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let done = match booth.poll.rules.identity {
        Identity::Email => send(&cx, &booth, open, &who_i_am(&typed, "email"), "/code").await,
        Identity::Mobile => send(&cx, &booth, open, &who_i_am(&typed, "mobile"), "/code").await,
        Identity::Roll => roll::submit(&cx, &booth, open, &typed).await,
        // The page says why a shared machine has no such form.
        Identity::Oidc if cx.is_kiosk() => {
            let seen = Seen::load(&cx, &booth).await?;
            let page = who_page(&cx, &booth, &seen, &typed, None).await?;
            return Ok(cx.page(page.status(StatusCode::FORBIDDEN)));
        }
        Identity::Oidc => oidc::submit(&cx, &booth, open, &typed).await,
    };
    match done {
        Err(error) => {
            let seen = Seen::load(&cx, &booth).await?;
            let page = who_page(&cx, &booth, &seen, &typed, Some(&error)).await?;
            cx.again(page, &error)
        }
        done => done,
    }
}

/// Builds the page with the picks and the identification form, empty or with the posted fields. A
/// verified voter gets no form, except when a posted form comes back with an error.
async fn who_page(
    cx: &Cx,
    booth: &Booth,
    seen: &Seen,
    typed: &Fields,
    error: Option<&AppError>,
) -> Result<Page, AppError> {
    let (lang, edition) = (cx.lang(), &booth.edition);
    let by_roll = booth.poll.rules.identity == Identity::Roll;
    let asks = error.is_some() || !seen.standing.is_known();
    let form = match (asks, seen.is_ready(booth), booth.poll.rules.identity) {
        (false, _, _) => ().into_any(),
        // The form comes before the picks, because the voter holds a slip and its code may already
        // be in the URL.
        (_, _, Identity::Roll) => roll::form(cx, booth, typed, error).await?,
        (_, false, _) => ().into_any(),
        (_, _, Identity::Email | Identity::Mobile) => contact_form(cx, booth, typed, error).await?,
        (_, _, Identity::Oidc) => oidc::form(cx, booth, typed, error).await?,
    };
    let steps = steps(lang, booth, seen.step(booth));
    let errors = if by_roll { roll::errors(lang, error) } else { errors(lang, error) };
    let notice = notice(cx, booth, seen.standing);
    let picks = seen.shows_picks(booth).then(|| picks_section(cx, booth, &seen.entries));
    let waiting = matches!(asked(cx, booth), Asked::Here(_));
    let code = waiting.then(|| path(booth, "/code"));
    let next = if asks { None } else { next_voter(cx, booth) };
    let eyebrow = name_among(lang, edition, &booth.poll).unwrap_or_default();
    Ok(Page::new(words::vote(lang), move || {
        view! {
            {steps}
            <PageHead title=words::vote(lang) eyebrow>""</PageHead>
            {errors}
            {notice}
            {picks}
            {form}
            {code.map(|href| view! { <p><a href=href>{words::have_code(lang)}</a></p> })}
            {next}
        }
    })
    .of(edition))
}
