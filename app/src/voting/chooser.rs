//! The choice between several polls: what each asks, and what this browser has done in it.

use axum::extract::Path;
use domain::schedule::PhaseError;
use leptos::prelude::*;
use phrases::voting as words;

use crate::AppError;
use crate::ui::{Badge, ButtonLink, ButtonWeight, Facts, PageHead, Tone};
use crate::voting::booth::{
    Booth, can_change_vote, is_poll_on_this_machine, pick_gallery_path, vote_path,
};
use crate::voting::cookies::voter_token;
use crate::voting::picks::{is_valid_pick_count, load_picked_cases};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::polls::picks_sentence;
use crate::words::{errors, polls, times};

/// GET /editions/{edition}/vote: redirects to the only poll, or shows the choice between several.
pub(crate) async fn show_poll_choice(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let mut edition = cx.backend().find_public_edition(&slug).await?;
    edition.polls.retain(|poll| is_poll_on_this_machine(&cx, poll));
    if let [only] = edition.polls.as_slice() {
        return Ok(redirect_to(&format!("/editions/{slug}/vote/{}", only.slug())));
    }
    let mut cards = Vec::new();
    for poll in edition.polls.clone() {
        cards.push(load_poll_card(&cx, &Booth { edition: edition.clone().into(), poll }).await?);
    }
    let (lang, count) = (cx.lang(), cards.len());
    let page = Page::titled(words::chooser_title(lang), move || {
        view! {
            <PageHead title=words::chooser_title(lang) lead=words::chooser_lead(lang, count)>
                ""
            </PageHead>
            <ul class="polls">{cards}</ul>
        }
    });
    Ok(cx.render_page(page.for_edition(&edition)))
}

/// The state of a poll for this browser.
enum PollCardState {
    /// The voter of this browser has voted.
    Voted { may_change: bool },
    /// The poll is open; with the number of picks.
    Open(usize),
    /// The poll is not open; with the reason.
    Closed(PhaseError),
}

async fn load_card_state(cx: &RequestContext, booth: &Booth) -> Result<PollCardState, AppError> {
    let token = voter_token(cx);
    if let Some(voter) = cx.backend().verified_browser(&booth.poll, token).await?
        && cx.backend().voter_receipt(&voter).await?.is_some()
    {
        return Ok(PollCardState::Voted { may_change: can_change_vote(booth) });
    }
    match booth.edition.poll_open(&booth.poll) {
        Ok(_) => {
            let entries = load_picked_cases(cx, &booth.edition, &booth.poll).await?;
            Ok(PollCardState::Open(entries.len()))
        }
        Err(phase) => Ok(PollCardState::Closed(phase)),
    }
}

async fn load_poll_card(cx: &RequestContext, booth: &Booth) -> Result<AnyView, AppError> {
    let (lang, poll) = (cx.lang(), &booth.poll);
    let standing = load_card_state(cx, booth).await?;
    let mut rows = vec![
        (words::what_to_pick(lang).to_owned(), picks_sentence(lang, poll.rules.picks)),
        (words::window(lang).to_owned(), times::format_window(lang, poll.window)),
    ];
    let (tone, state, ways) = match standing {
        PollCardState::Voted { may_change } => {
            let receipt =
                (words::show_receipt(lang), vote_path(booth, "/receipt"), ButtonWeight::Secondary);
            let change =
                (words::change_vote(lang), pick_gallery_path(booth), ButtonWeight::Secondary);
            let ways = if may_change { vec![receipt, change] } else { vec![receipt] };
            (Tone::Success, words::state_voted(lang), ways)
        }
        PollCardState::Open(picked) => {
            if picked > 0 {
                let most = poll.rules.picks.max_picks();
                let count = phrases::ui::basket_count(lang, most, picked);
                rows.push((words::your_picks(lang).to_owned(), count));
            }
            (Tone::Info, words::state_open(lang), vec![next_step_link(cx, booth, picked)])
        }
        PollCardState::Closed(phase) => {
            let state = match phase {
                PhaseError::Over { .. } => words::state_over(lang),
                PhaseError::NotYet { .. } | PhaseError::NotPublished => words::state_not_yet(lang),
            };
            rows.push((words::poll_state(lang).to_owned(), errors::phase_sentence(lang, phase)));
            (Tone::Plain, state, Vec::new())
        }
    };
    let ways = ways.into_iter();
    let ways = ways.map(|(label, href, weight)| view! { <ButtonLink label href weight/> });
    let ways = ways.collect_view();
    let title = polls::poll_title(lang, &poll.rules);
    Ok(view! {
        <li class="poll">
            <div class="poll-head"><h2>{title}</h2><Badge tone label=state/></div>
            <Facts rows/>
            <div class="actions">{ways}</div>
        </li>
    }
    .into_any())
}

/// Returns the link to the next step of an open poll: the cases until there are enough picks, then
/// the vote.
fn next_step_link(
    cx: &RequestContext,
    booth: &Booth,
    picked: usize,
) -> (&'static str, String, ButtonWeight) {
    let lang = cx.lang();
    if is_valid_pick_count(&booth.poll, picked) {
        (words::go_on(lang), vote_path(booth, ""), ButtonWeight::Primary)
    } else {
        (words::read_cases(lang), pick_gallery_path(booth), ButtonWeight::Primary)
    }
}
