//! The voter's status in a poll, its notices, and the "next voter" form.

use domain::rulebook::VoterIdentity;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::AppError;
use crate::ui::{ButtonWeight, Notice, Submit, Tone};
use crate::voting::booth::{Booth, can_change_vote, pick_gallery_path, vote_path};
use crate::voting::cookies::voter_token;
use crate::web::request::RequestContext;
use crate::words::times;

/// The query of the first page of the vote after an unverified browser tried to cast a ballot.
pub(crate) const UNVERIFIED_QUERY: &str = "?unverified=yes";

/// The query of that page after the voter before has handed the browser on.
pub(crate) const NEXT_QUERY: &str = "?done=next";

/// The status of this browser in a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VoterStatus {
    /// Nobody has been verified here, or only for other polls.
    Unknown,
    /// Somebody was verified, and the session has ended.
    Over,
    /// A verified voter who has not voted.
    Verified,
    /// A verified voter who has voted.
    Voted,
}

impl VoterStatus {
    /// Loads the status by the cookie of this browser.
    pub(crate) async fn load_voter_status(
        cx: &RequestContext,
        booth: &Booth,
    ) -> Result<Self, AppError> {
        let (backend, token) = (cx.backend(), voter_token(cx));
        if token.is_empty() {
            return Ok(Self::Unknown);
        }
        let Some(voter) = backend.verified_browser(&booth.poll, token).await? else {
            // A session that is valid only for other polls has not ended.
            let other = backend.has_voter_session(token).await?;
            return Ok(if other { Self::Unknown } else { Self::Over });
        };
        let voted = backend.voter_receipt(&voter).await?.is_some();
        Ok(if voted { Self::Voted } else { Self::Verified })
    }

    /// Whether the voter is verified, so that the page need not ask again.
    pub(crate) const fn is_known(self) -> bool {
        matches!(self, Self::Verified | Self::Voted)
    }

    /// Whether a ballot from this browser would be accepted.
    pub(crate) fn can_cast_ballot(self, booth: &Booth) -> bool {
        match self {
            Self::Unknown | Self::Over => false,
            Self::Verified => true,
            Self::Voted => booth.poll.rules.may_change,
        }
    }
}

/// Builds the notice of the first page of the vote about the voter of this browser.
pub(crate) fn voter_status_notice(
    cx: &RequestContext,
    booth: &Booth,
    standing: VoterStatus,
) -> AnyView {
    let lang = cx.lang();
    let warning = |sentence: &'static str| {
        view! { <Notice lang tone=Tone::Warning><p>{sentence}</p></Notice> }.into_any()
    };
    match standing {
        VoterStatus::Unknown if format!("?{}", cx.query_without_language()) == UNVERIFIED_QUERY => {
            warning(words::unverified(lang))
        }
        VoterStatus::Unknown if format!("?{}", cx.query_without_language()) == NEXT_QUERY => {
            view! { <Notice lang tone=Tone::Success><p>{words::next_ready(lang)}</p></Notice> }
                .into_any()
        }
        VoterStatus::Unknown => ().into_any(),
        VoterStatus::Over => warning(words::session_over(lang)),
        VoterStatus::Verified => verified_notice(lang),
        VoterStatus::Voted => {
            let (receipt, change) =
                (vote_path(booth, "/receipt"), change_vote_section(lang, booth));
            view! {
                <Notice lang tone=Tone::Success title=words::voted_here_title(lang)>
                    <p>{words::voted_here(lang)}</p>
                    <p><a href=receipt>{words::show_receipt(lang)}</a></p>
                    {change}
                </Notice>
            }
            .into_any()
        }
    }
}

/// Builds the notice that the voter is verified.
pub(crate) fn verified_notice(lang: Lang) -> AnyView {
    view! {
        <Notice lang tone=Tone::Success title=words::verified_title(lang)>
            <p>{words::verified(lang)}</p>
        </Notice>
    }
    .into_any()
}

/// Says until when a vote may be changed, with the link to do it. `None` if it may not, or no
/// longer, be changed.
pub(crate) fn change_vote_section(lang: Lang, booth: &Booth) -> Option<AnyView> {
    can_change_vote(booth).then(|| {
        let until =
            words::change_until(lang, times::format_deadline(lang, booth.poll.window.closes));
        let href = pick_gallery_path(booth);
        view! { <p>{until}</p><p><a href=href>{words::change_vote(lang)}</a></p> }.into_any()
    })
}

/// Builds the notice that a new ballot replaces the earlier one, with a link to the receipt.
pub(crate) fn replaces_ballot_notice(lang: Lang, booth: &Booth) -> AnyView {
    let receipt = vote_path(booth, "/receipt");
    view! {
        <Notice lang tone=Tone::Warning title=words::already_title(lang)>
            <p>{words::replaces(lang)}</p>
            <p><a href=receipt>{words::show_receipt(lang)}</a></p>
        </Notice>
    }
    .into_any()
}

/// Builds the form with which the next person at this browser starts from the beginning in this
/// poll. `None` on a shared machine, because each of its pages has such a form.
pub(crate) fn next_voter_form(cx: &RequestContext, booth: &Booth) -> Option<AnyView> {
    (!cx.is_kiosk()).then(|| {
        let (lang, action) = (cx.lang(), vote_path(booth, "/receipt"));
        let scanned =
            (booth.poll.rules.identity == VoterIdentity::Roll).then(|| scanned_code_notice(lang));
        view! {
            <details class="more">
                <summary>{words::next_voter(lang)}</summary>
                <form method="post" action=action class="form">
                    {scanned}
                    <p class="small muted">{words::next_voter_hint(lang)}</p>
                    <div class="actions">
                        <Submit label=words::next_voter_go(lang) weight=ButtonWeight::Secondary
                            name="act" value="next"/>
                    </div>
                </form>
            </details>
        }
        .into_any()
    })
}

/// Builds the notice about a scanned slip, because a phone that has voted may scan another slip. As
/// on the form for codes, the script removes the code from the address bar. The form then passes
/// the code to the next voter.
fn scanned_code_notice(lang: Lang) -> AnyView {
    view! {
        <input type="hidden" id="field-code" name="code"/>
        <div id="scanned" hidden=true>
            <Notice lang tone=Tone::Info><p>{words::next_scanned(lang)}</p></Notice>
        </div>
        <script src="/code.js" defer=true></script>
    }
    .into_any()
}
