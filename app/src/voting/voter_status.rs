//! The voter's status in a poll, its notices, and the "next voter" form.

use domain::rulebook::Identity;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::AppError;
use crate::ui::{Notice, Submit, Tone, Weight};
use crate::voting::booth::{Booth, cases, may_change, path};
use crate::voting::cookies::voter_token;
use crate::web::request::Cx;
use crate::words::times;

/// The end of the address that whoever casts without being verified is sent to.
pub(crate) const UNVERIFIED: &str = "?unverified=yes";

/// Where this browser stands in a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody was proven here, or for other polls alone.
    Unknown,
    /// Somebody was, and that is over.
    Over,
    /// Somebody is proven who has not voted.
    Verified,
    /// Somebody is proven who has voted.
    Voted,
}

impl Standing {
    /// Looks it up by the cookie of this browser.
    pub(crate) async fn load(cx: &Cx, booth: &Booth) -> Result<Self, AppError> {
        let (backend, token) = (cx.backend(), voter_token(cx));
        if token.is_empty() {
            return Ok(Self::Unknown);
        }
        let Some(voter) = backend.verified_browser(&booth.poll, token).await? else {
            // Whoever is verified for another poll of this edition has nothing that is over.
            let other = backend.has_voter_session(token).await?;
            return Ok(if other { Self::Unknown } else { Self::Over });
        };
        let voted = backend.voter_receipt(&voter).await?.is_some();
        Ok(if voted { Self::Voted } else { Self::Verified })
    }

    /// Whether it is known who this is, so that nobody has to ask.
    pub(crate) const fn is_known(self) -> bool {
        matches!(self, Self::Verified | Self::Voted)
    }

    /// Whether a ballot from here would be taken.
    pub(crate) fn may_cast(self, booth: &Booth) -> bool {
        match self {
            Self::Unknown | Self::Over => false,
            Self::Verified => true,
            Self::Voted => booth.poll.rules.may_change,
        }
    }
}

/// What the first page of the vote says of whoever used this browser before.
pub(crate) fn notice(cx: &Cx, booth: &Booth, standing: Standing) -> AnyView {
    let lang = cx.lang();
    let warning = |sentence: &'static str| {
        view! { <Notice lang tone=Tone::Warning><p>{sentence}</p></Notice> }.into_any()
    };
    match standing {
        Standing::Unknown if format!("?{}", cx.query_without_language()) == UNVERIFIED => {
            warning(words::unverified(lang))
        }
        Standing::Unknown => ().into_any(),
        Standing::Over => warning(words::session_over(lang)),
        Standing::Verified => verified(lang),
        Standing::Voted => {
            let (receipt, change) = (path(booth, "/receipt"), change(lang, booth));
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

/// That whoever uses this browser is proven.
pub(crate) fn verified(lang: Lang) -> AnyView {
    view! {
        <Notice lang tone=Tone::Success title=words::verified_title(lang)>
            <p>{words::verified(lang)}</p>
        </Notice>
    }
    .into_any()
}

/// Until when a vote may be changed, and the way to do it; nothing where it may not, or no more.
pub(crate) fn change(lang: Lang, booth: &Booth) -> Option<AnyView> {
    may_change(booth).then(|| {
        let until = words::change_until(lang, times::minute(lang, booth.poll.window.closes));
        let href = cases(booth);
        view! { <p>{until}</p><p><a href=href>{words::change_vote(lang)}</a></p> }.into_any()
    })
}

/// That a ballot takes the place of an earlier one, whose receipt is still there.
pub(crate) fn replaces(lang: Lang, booth: &Booth) -> AnyView {
    let receipt = path(booth, "/receipt");
    view! {
        <Notice lang tone=Tone::Warning title=words::already_title(lang)>
            <p>{words::replaces(lang)}</p>
            <p><a href=receipt>{words::show_receipt(lang)}</a></p>
        </Notice>
    }
    .into_any()
}

/// The way out for somebody else at this browser, who then begins anew in this poll. A shared
/// machine has one of its own on every page.
pub(crate) fn next_voter(cx: &Cx, booth: &Booth) -> Option<AnyView> {
    (!cx.is_kiosk()).then(|| {
        let (lang, action) = (cx.lang(), path(booth, "/receipt"));
        let scanned = (booth.poll.rules.identity == Identity::Roll).then(|| scanned(lang));
        view! {
            <form method="post" action=action class="form">
                {scanned}
                <p class="small muted">{words::next_voter_hint(lang)}</p>
                <div class="actions">
                    <Submit label=words::next_voter(lang) weight=Weight::Quiet name="act"
                        value="next"/>
                </div>
            </form>
        }
        .into_any()
    })
}

/// A slip may have been scanned on a phone that has voted with another one. Its code leaves the
/// address bar as it does on the form that asks for it, and goes along to the next voter.
fn scanned(lang: Lang) -> AnyView {
    view! {
        <input type="hidden" id="field-code" name="code"/>
        <div id="scanned" hidden=true>
            <Notice lang tone=Tone::Info><p>{words::next_scanned(lang)}</p></Notice>
        </div>
        <script src="/code.js" defer=true></script>
    }
    .into_any()
}
