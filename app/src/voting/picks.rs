//! The picks of this browser, and their views on other pages: the pick form of a case and the bar
//! with all picks.

use axum::response::Response;
use backend::editions::{Edition, Poll};
use backend::voting::PaperCase;
use domain::ids::CaseId;
use domain::rulebook::PicksRule;
use leptos::prelude::*;
use phrases::{Lang, voting as words};
use voter::basket_cookie;
use voter::basket_cookie::PICKS_COOKIES;

use crate::AppError;
use crate::ui::{Badge, Basket, ButtonLink, Notice, Section, Tone};
use crate::voting::booth::{Booth, distinct_poll_name, pick_gallery_path};
use crate::web::cookies::set_cookie;
use crate::web::request::RequestContext;
use crate::words::cases::translated_title;

/// Reads from the cookie which cases this browser has picked in this poll.
pub(crate) fn picked_case_ids(cx: &RequestContext, edition: &Edition, poll: &Poll) -> Vec<CaseId> {
    let name = basket_cookie::picks_cookie_name(&edition.slug, poll.slug());
    let cookie = cx.cookie_value(&name).unwrap_or_default();
    basket_cookie::parse_picks(cookie, &edition.slug, most_picks(poll))
}

pub(crate) fn most_picks(poll: &Poll) -> usize {
    usize::from(poll.rules.picks.max_picks())
}

/// Whether this number of picks is enough for a ballot of this poll.
pub(crate) fn is_valid_pick_count(poll: &Poll, picks: usize) -> bool {
    picks >= usize::from(poll.rules.picks.min_picks())
}

/// Loads the picks with their titles. Leaves out cases that are not, or no longer, on the ballot
/// paper.
pub(crate) async fn load_picked_cases(
    cx: &RequestContext,
    edition: &Edition,
    poll: &Poll,
) -> Result<Vec<PaperCase>, AppError> {
    Ok(cx.backend().paper_cases(edition, poll, &picked_case_ids(cx, edition, poll)).await?)
}

/// Builds the title of a case, marked with its language and with a badge if the case is invented.
pub(crate) fn case_title_view(lang: Lang, entry: &PaperCase) -> AnyView {
    let title = translated_title(lang, &entry.title);
    let korean = (lang != Lang::Ko && title == entry.title.ko).then_some("ko");
    let sample = entry
        .sample
        .then(|| view! { " "<Badge tone=Tone::Sample label=phrases::ui::sample(lang)/> });
    view! { <span lang=korean>{title}</span>{sample} }.into_any()
}

/// The pick forms of one page, for one poll.
#[derive(Clone)]
pub(crate) struct PickForms {
    lang: Lang,
    action: String,
    poll: String,
    pub(crate) back: String,
    picked: Vec<CaseId>,
}

impl PickForms {
    /// Prepares the pick forms of an open poll for the page of this request.
    pub(crate) fn for_poll(cx: &RequestContext, edition: &Edition, poll: &Poll) -> Self {
        Self {
            lang: cx.lang(),
            action: format!("/editions/{}/picks", edition.slug),
            poll: poll.slug().to_owned(),
            back: cx.path_and_query(),
            picked: picked_case_ids(cx, edition, poll),
        }
    }

    /// Whether this case is picked.
    pub(crate) fn is_picked(&self, case: CaseId) -> bool {
        self.picked.contains(&case)
    }

    /// Builds the form that picks this case, or removes the pick.
    pub(crate) fn pick_form(&self, case: CaseId, title: &str) -> AnyView {
        let Self { lang, action, poll, back, .. } = self.clone();
        let (pressed, word, want) = if self.is_picked(case) {
            ("true", words::picked(lang), "remove")
        } else {
            ("false", words::pick(lang), "add")
        };
        let title = title.to_owned();
        view! {
            <form method="post" action=action class="pick">
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name="poll" value=poll/>
                <input type="hidden" name="want" value=want/>
                <button class="button" data-weight="secondary" name="case" value=case.to_string()
                    aria-pressed=pressed>
                    <span>{word}</span><span class="visually-hidden">": "{title}</span>
                </button>
            </form>
        }
        .into_any()
    }

    fn remove_pick_form(&self, case: CaseId, title: String) -> AnyView {
        let Self { lang, action, poll, back, .. } = self.clone();
        view! {
            <form method="post" action=action class="pick">
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name="poll" value=poll/>
                <input type="hidden" name="want" value="remove"/>
                <button class="button" data-weight="quiet" name="case" value=case.to_string()>
                    {words::remove(lang)}<span class="visually-hidden">": "{title}</span>
                </button>
            </form>
        }
        .into_any()
    }

    /// Builds the picks as list items, each with the form that removes it.
    fn pick_list_items(&self, entries: &[PaperCase]) -> Vec<AnyView> {
        let line = |entry: &PaperCase| {
            let title = case_title_view(self.lang, entry);
            let remove = self.remove_pick_form(entry.id, translated_title(self.lang, &entry.title));
            view! { <li data-case=entry.id.to_string()><span>{title}</span>{remove}</li> }
                .into_any()
        };
        entries.iter().map(line).collect()
    }
}

/// The bar with the picks of a poll, loaded and ready to be shown.
pub(crate) struct LoadedBasket {
    forms: PickForms,
    edition: String,
    name: String,
    rule: PicksRule,
    entries: Vec<PaperCase>,
}

/// Loads the bar of a poll for the end of a page. The page must call `with_voter_bundle()`.
pub(crate) async fn load_poll_basket(
    cx: &RequestContext,
    edition: &Edition,
    poll: &Poll,
) -> Result<LoadedBasket, AppError> {
    Ok(LoadedBasket {
        forms: PickForms::for_poll(cx, edition, poll),
        edition: edition.slug.clone(),
        name: distinct_poll_name(cx.lang(), edition, poll).unwrap_or_default(),
        rule: poll.rules.picks,
        entries: load_picked_cases(cx, edition, poll).await?,
    })
}

impl LoadedBasket {
    /// Builds the bar. It must be the last child of the page, so that it sticks to the lower edge.
    pub(crate) fn basket_section(self) -> AnyView {
        let Self { forms, edition, name, rule, entries } = self;
        let (lang, picked, poll) = (forms.lang, entries.len(), forms.poll.clone());
        let (least, max) = (usize::from(rule.min_picks()), usize::from(rule.max_picks()));
        let lines = forms.pick_list_items(&entries);
        let href = format!("/editions/{edition}/vote/{poll}");
        view! {
            <Basket lang picked max least href name>
                <ul class="basket-list">{lines}</ul>
                <span id="picking" hidden data-lang=lang.language_tag() data-edition=edition data-poll=poll
                    data-max=max.to_string() data-least=least.to_string()></span>
            </Basket>
        }
        .into_any()
    }
}

/// Builds the list of picks on a page of the vote, and says how many picks are missing.
pub(crate) fn picks_section(cx: &RequestContext, booth: &Booth, entries: &[PaperCase]) -> AnyView {
    let (lang, rule, picked) = (cx.lang(), booth.poll.rules.picks, entries.len());
    let Booth { edition, poll } = booth;
    let cases = pick_gallery_path(booth);
    let exact = matches!(rule, PicksRule::Exactly(_));
    if entries.is_empty() {
        let text = match rule {
            PicksRule::AtMost(max) => words::pick_first(lang, max),
            PicksRule::Exactly(max) => words::pick_first_exactly(lang, max),
        };
        return view! {
            <Notice lang tone=Tone::Info title=words::pick_first_title(lang)><p>{text}</p></Notice>
            <div class="actions"><ButtonLink label=words::read_cases(lang) href=cases/></div>
        }
        .into_any();
    }
    let lead = match rule {
        PicksRule::AtMost(max) => words::picks_lead(lang, max, picked),
        PicksRule::Exactly(max) => words::picks_lead_exactly(lang, max, picked),
    };
    let list = picks_list(&PickForms::for_poll(cx, edition, poll), entries);
    let too_few = (exact && !is_valid_pick_count(poll, picked)).then(|| {
        let left = most_picks(poll) - picked;
        view! {
            <Notice lang tone=Tone::Info title=words::too_few_title(lang, left)>
                <p>{words::too_few(lang, rule.max_picks())}</p>
            </Notice>
            <div class="actions">
                <ButtonLink label=words::read_cases(lang) href=cases.clone()/>
            </div>
        }
    });
    let change = too_few.is_none().then(|| {
        view! { <p><a href=cases>{words::change_picks(lang)}</a></p> }
    });
    view! {
        <Section title=words::your_picks(lang) lead>{list}{change}{too_few}</Section>
    }
    .into_any()
}

/// Builds the list of picks on a page of the vote, each with its remove button.
pub(crate) fn picks_list(forms: &PickForms, entries: &[PaperCase]) -> AnyView {
    let lines = forms.pick_list_items(entries);
    view! { <ul class="ballot-paper">{lines}</ul> }.into_any()
}

/// Empties the basket of a poll after its ballot is cast.
pub(crate) fn empty_basket(response: &mut Response, booth: &Booth) {
    let name = basket_cookie::picks_cookie_name(&booth.edition.slug, booth.poll.slug());
    set_cookie(response, &name, "", 0);
}

/// Empties every basket, so that the next voter does not see the picks of the last one.
pub(crate) fn empty_all_baskets(cx: &RequestContext, response: &mut Response) {
    for name in cx.cookies_with_prefix(PICKS_COOKIES) {
        set_cookie(response, name, "", 0);
    }
}
