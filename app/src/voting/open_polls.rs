//! The open polls of an edition on the pages of cases, and the poll that the picks of a page are
//! for.

use std::collections::HashSet;

use backend::editions::{Edition, Poll};
use domain::ids::CaseId;
use domain::rulebook::BallotPaper;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::AppError;
use crate::ui::{ButtonLink, ButtonWeight, Chips, NavLink, Notice, Tone};
use crate::voting::cookies::voter_token;
use crate::voting::picks::{LoadedBasket, PickForms, load_poll_basket};
use crate::web::request::RequestContext;
use crate::words::polls;
use crate::words::polls::picks_sentence;

/// The open polls, and the one that the picks of this page are for.
#[derive(Clone)]
pub(crate) struct OpenPolls {
    lang: Lang,
    edition: String,
    open: Vec<Poll>,
    chosen: Option<Poll>,
    /// The poll in which this browser's voter has voted for good. Nothing can be picked for it.
    voted: Option<Poll>,
}

impl OpenPolls {
    /// Takes the poll that the URL asks for (`?poll=`), or the only open poll. One in which this
    /// browser's voter has voted counts as closed, unless votes may be changed.
    pub(crate) async fn load_open_polls(
        cx: &RequestContext,
        edition: &Edition,
        wish: &str,
    ) -> Result<Self, AppError> {
        let mut polls = Self::from_query(cx, edition, wish);
        let Some(poll) = polls.chosen.clone().filter(|poll| !poll.rules.may_change) else {
            return Ok(polls);
        };
        let token = voter_token(cx);
        if token.is_empty() {
            return Ok(polls);
        }
        if let Some(voter) = cx.backend().verified_browser(&poll, token).await?
            && cx.backend().voter_receipt(&voter).await?.is_some()
        {
            polls.open.retain(|open| open.id != poll.id);
            polls.chosen = None;
            polls.voted = Some(poll);
        }
        Ok(polls)
    }

    /// Says that the voter has voted, with the receipt. `None` for everybody else.
    pub(crate) fn voted_notice(&self) -> Option<AnyView> {
        let poll = self.voted.as_ref()?;
        let lang = self.lang;
        let receipt = format!("/editions/{}/vote/{}/receipt", self.edition, poll.slug());
        let view = view! {
            <Notice lang tone=Tone::Success title=words::voted_here_title(lang)>
                <p>{words::gallery_voted(lang)}</p>
                <p><a href=receipt>{words::show_receipt(lang)}</a></p>
            </Notice>
        };
        Some(view.into_any())
    }

    fn from_query(cx: &RequestContext, edition: &Edition, wish: &str) -> Self {
        let open = edition.polls.iter().filter(|poll| edition.poll_open(poll).is_ok());
        let open: Vec<Poll> = open.cloned().collect();
        let chosen = match open.as_slice() {
            [only] => Some(only.clone()),
            all => all.iter().find(|poll| poll.slug() == wish).cloned(),
        };
        Self { lang: cx.lang(), edition: edition.slug.clone(), open, chosen, voted: None }
    }

    /// Returns the poll that the picks are for. `None` if no poll is open, or if the reader still
    /// has to choose.
    pub(crate) fn chosen_poll(&self) -> Option<&Poll> {
        self.chosen.as_ref()
    }

    /// Whether more than one poll is open.
    pub(crate) fn has_several_polls(&self) -> bool {
        self.open.len() > 1
    }

    /// Returns the choice as a query parameter, `poll=…`. `None` if fewer than two polls are open
    /// or none is chosen.
    pub(crate) fn chosen_poll_query(&self) -> Option<(&'static str, String)> {
        let poll = self.chosen.as_ref().filter(|_| self.has_several_polls())?;
        Some(("poll", poll.slug().to_owned()))
    }

    /// Builds a link for each open poll and one for all cases. Empty if fewer than two polls are
    /// open.
    pub(crate) fn poll_tabs_section(&self) -> AnyView {
        if !self.has_several_polls() {
            return ().into_any();
        }
        let lang = self.lang;
        let chosen = self.chosen.as_ref().map(|poll| poll.id);
        let all = NavLink::link_to(words::every_case(lang), "?").with_current(chosen.is_none());
        let tab = |poll: &Poll| {
            let href = format!("?poll={}", poll.slug());
            NavLink::link_to(polls::poll_title(lang, &poll.rules), href)
                .with_current(chosen == Some(poll.id))
        };
        let items = std::iter::once(all).chain(self.open.iter().map(tab)).collect();
        let lead = match &self.chosen {
            Some(poll) => words::tab_lead(
                lang,
                polls::poll_title(lang, &poll.rules),
                picks_sentence(lang, poll.rules.picks),
            ),
            None => words::tabs_lead(lang, self.open.len()),
        };
        view! {
            <div class="poll-tabs">
                <Chips label=words::polls(lang) items/>
                <p>{lead}</p>
            </div>
        }
        .into_any()
    }

    /// Finds which of these cases can be picked, and in which polls.
    pub(crate) async fn load_ballot_papers(
        &self,
        cx: &RequestContext,
        edition: &Edition,
        cases: &[CaseId],
    ) -> Result<BallotPapers, AppError> {
        let mut papers = Vec::new();
        for poll in &self.open {
            let on = if poll.rules.cases == BallotPaper::All {
                cases.iter().copied().collect()
            } else {
                let entries = cx.backend().paper_cases(edition, poll, cases).await?;
                entries.iter().map(|entry| entry.id).collect()
            };
            papers.push((poll.clone(), on));
        }
        let forms = self.chosen.as_ref().map(|poll| PickForms::for_poll(cx, edition, poll));
        Ok(BallotPapers { picking: self.clone(), forms, papers })
    }

    /// Loads the bar with the picks of the chosen poll.
    pub(crate) async fn load_chosen_basket(
        &self,
        cx: &RequestContext,
        edition: &Edition,
    ) -> Result<Option<LoadedBasket>, AppError> {
        match &self.chosen {
            Some(poll) => Ok(Some(load_poll_basket(cx, edition, poll).await?)),
            None => Ok(None),
        }
    }
}

/// The ballot papers of the open polls, limited to the cases of one page.
pub(crate) struct BallotPapers {
    picking: OpenPolls,
    forms: Option<PickForms>,
    papers: Vec<(Poll, HashSet<CaseId>)>,
}

impl BallotPapers {
    /// Whether this case is picked in the chosen poll.
    pub(crate) fn is_picked(&self, case: CaseId) -> bool {
        self.forms.as_ref().is_some_and(|forms| forms.is_picked(case))
    }

    /// Returns the poll whose paper holds this case, if there is exactly one.
    pub(crate) fn only_poll_with_case(&self, case: CaseId) -> Option<&str> {
        let mut on = self.papers.iter().filter(|(_, cases)| cases.contains(&case));
        match (on.next(), on.next()) {
            (Some((poll, _)), None) => Some(poll.slug()),
            _ => None,
        }
    }

    /// Builds the form that picks this case in the chosen poll, else a link for each poll that has
    /// the case on its paper. `None` if no open poll has it.
    pub(crate) fn pick_form_or_links(&self, case: CaseId, title: &str) -> Option<AnyView> {
        let on = || self.papers.iter().filter(|(_, cases)| cases.contains(&case));
        let chosen = self.picking.chosen.as_ref().map(|poll| poll.id);
        if let Some(forms) = &self.forms
            && on().any(|(poll, _)| Some(poll.id) == chosen)
        {
            return Some(forms.pick_form(case, title));
        }
        let lang = self.picking.lang;
        let ways: Vec<AnyView> = on()
            .map(|(poll, _)| {
                let label = words::pick_in(lang, polls::poll_title(lang, &poll.rules));
                let base = format!("/editions/{}/cases/{case}", self.picking.edition);
                let href = format!("{base}?poll={}", poll.slug());
                view! { <ButtonLink label href weight=ButtonWeight::Secondary/> }.into_any()
            })
            .collect();
        (!ways.is_empty()).then(|| view! { <div class="cluster">{ways}</div> }.into_any())
    }
}
