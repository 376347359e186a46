//! The basket: reading the picks of this browser, changing them by a plain form, and the two views
//! that other pages place — the pick form of a case and the bar with all picks.

use axum::extract::Path;
use axum::response::Response;
use backend::editions::{Edition, Poll};
use backend::voting::Entry;
use domain::ids::CaseId;
use domain::rulebook::PicksRule;
use http::{HeaderMap, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use voter::basket_cookie::{self, PICKS_COOKIES};

use super::open_polls::name_among;
use super::pages::{Booth, cases, path};
use super::receipts::closed;
use crate::AppError;
use crate::context::{Cx, go, set_cookie, set_open_cookie};
use crate::fields::Fields;
use crate::page::{Answer, Page};
use crate::ui::{Badge, Basket, ButtonLink, Notice, PageHead, Section, Tone, Weight};

/// The cases this browser has picked in this poll.
pub(super) fn picked(cx: &Cx, edition: &Edition, poll: &Poll) -> Vec<CaseId> {
    let name = basket_cookie::name(&edition.slug, poll.slug());
    let cookie = cx.cookie(&name).unwrap_or_default();
    basket_cookie::parse(cookie, &edition.slug, most(poll))
}

fn most(poll: &Poll) -> usize {
    usize::from(poll.rules.picks.most())
}

/// Whether so many picks make a ballot of this poll.
pub(super) fn is_ballot(poll: &Poll, picks: usize) -> bool {
    picks >= usize::from(poll.rules.picks.least())
}

/// The picks with their titles. What is not on the ballot paper (any more) is left out.
pub(super) async fn picked_entries(
    cx: &Cx,
    edition: &Edition,
    poll: &Poll,
) -> Result<Vec<Entry>, AppError> {
    Ok(cx.backend().entries(edition, poll, &picked(cx, edition, poll)).await?)
}

/// A title in the reader's language; the Korean one where there is no other.
fn title_of(lang: Lang, entry: &Entry) -> String {
    let title = lang.of(&entry.title.ko, &entry.title.en);
    if title.is_empty() { entry.title.ko.clone() } else { title.to_owned() }
}

/// A title with the language it is in, and the mark of an invented case.
pub(super) fn title_view(lang: Lang, entry: &Entry) -> AnyView {
    let title = title_of(lang, entry);
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
    back: String,
    picked: Vec<CaseId>,
}

impl PickForms {
    /// The pick forms of an open poll for the page that is being shown.
    pub(super) fn new(cx: &Cx, edition: &Edition, poll: &Poll) -> Self {
        Self {
            lang: cx.lang(),
            action: format!("/editions/{}/picks", edition.slug),
            poll: poll.slug().to_owned(),
            back: here(cx),
            picked: picked(cx, edition, poll),
        }
    }

    /// Whether this case is picked.
    pub(crate) fn has(&self, case: CaseId) -> bool {
        self.picked.contains(&case)
    }

    /// The form that picks this case, or takes the pick back.
    pub(crate) fn of(&self, case: CaseId, title: &str) -> AnyView {
        let Self { lang, action, poll, back, .. } = self.clone();
        let (pressed, word) = if self.has(case) {
            ("true", words::picked(lang))
        } else {
            ("false", words::pick(lang))
        };
        let title = title.to_owned();
        view! {
            <form method="post" action=action class="pick">
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name="poll" value=poll/>
                <button class="button" data-weight="secondary" name="case" value=case.to_string()
                    aria-pressed=pressed>
                    <span>{word}</span><span class="visually-hidden">": "{title}</span>
                </button>
            </form>
        }
        .into_any()
    }

    fn remove(&self, case: CaseId, title: String) -> AnyView {
        let Self { lang, action, poll, back, .. } = self.clone();
        view! {
            <form method="post" action=action class="pick">
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name="poll" value=poll/>
                <button class="button" data-weight="quiet" name="case" value=case.to_string()>
                    {words::remove(lang)}<span class="visually-hidden">": "{title}</span>
                </button>
            </form>
        }
        .into_any()
    }

    /// The picks as list items, each with the form that takes it out.
    fn lines(&self, entries: &[Entry]) -> Vec<AnyView> {
        let line = |entry: &Entry| {
            let title = title_view(self.lang, entry);
            let remove = self.remove(entry.id, title_of(self.lang, entry));
            view! { <li data-case=entry.id.to_string()><span>{title}</span>{remove}</li> }
                .into_any()
        };
        entries.iter().map(line).collect()
    }
}

/// The bar with the picks, loaded and ready to be shown.
pub(crate) struct LoadedBasket {
    forms: PickForms,
    edition: String,
    name: String,
    rule: PicksRule,
    entries: Vec<Entry>,
}

/// The bar of a poll for the end of a page. The page says `with_voter()`.
pub(super) async fn basket(
    cx: &Cx,
    edition: &Edition,
    poll: &Poll,
) -> Result<LoadedBasket, AppError> {
    Ok(LoadedBasket {
        forms: PickForms::new(cx, edition, poll),
        edition: edition.slug.clone(),
        name: name_among(cx.lang(), edition, poll).unwrap_or_default(),
        rule: poll.rules.picks,
        entries: picked_entries(cx, edition, poll).await?,
    })
}

impl LoadedBasket {
    /// The bar itself: the last child of the page, so that it sticks to its lower edge.
    pub(crate) fn view(self) -> AnyView {
        let Self { forms, edition, name, rule, entries } = self;
        let (lang, picked, poll) = (forms.lang, entries.len(), forms.poll.clone());
        let (least, max) = (usize::from(rule.least()), usize::from(rule.most()));
        let lines = forms.lines(&entries);
        let href = format!("/editions/{edition}/vote/{poll}");
        view! {
            <Basket lang picked max least href name>
                <ul class="basket-list">{lines}</ul>
                <span id="picking" hidden data-lang=lang.code() data-edition=edition data-poll=poll
                    data-max=max.to_string() data-least=least.to_string()></span>
            </Basket>
        }
        .into_any()
    }
}

/// What is picked, on a page of the vote; or what has to be picked before it goes on.
pub(super) fn picks_section(cx: &Cx, booth: &Booth, entries: &[Entry]) -> AnyView {
    let (lang, rule, picked) = (cx.lang(), booth.poll.rules.picks, entries.len());
    let Booth { edition, poll } = booth;
    let cases = cases(booth);
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
    let list = picks_list(&PickForms::new(cx, edition, poll), entries);
    let too_few = (exact && !is_ballot(poll, picked)).then(|| {
        let left = most(poll) - picked;
        view! {
            <Notice lang tone=Tone::Info title=words::too_few_title(lang, left)>
                <p>{words::too_few(lang, rule.most())}</p>
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

/// The picks as a list on a page of the vote, each with its remove button.
pub(super) fn picks_list(forms: &PickForms, entries: &[Entry]) -> AnyView {
    let lines = forms.lines(entries);
    view! { <ul class="ballot-paper">{lines}</ul> }.into_any()
}

/// POST /editions/{edition}/picks
pub(crate) async fn toggle(
    cx: Cx,
    Path(slug): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let edition = cx.backend().public_edition(&slug).await?;
    let booth = match fields.text("poll") {
        "" => edition.polls.first().cloned().ok_or(AppError::NotFound)?,
        poll => edition.poll(poll)?.clone(),
    };
    let booth = Booth { edition: edition.into(), poll: booth };
    let Booth { edition, poll } = &booth;
    if let Err(phase) = edition.poll_open(poll) {
        return Ok(closed(&cx, &booth, phase, StatusCode::CONFLICT));
    }
    let case: CaseId = fields.text("case").parse().map_err(|_| AppError::BadRequest)?;
    let back = way_back(edition, &headers, &fields);
    let picks = picked(&cx, edition, poll);
    // Whatever is in the basket may leave it; only what is on the ballot paper may come in.
    if !picks.contains(&case) && cx.backend().entries(edition, poll, &[case]).await?.is_empty() {
        return Err(AppError::Refused(domain::refusal::Refusal::ForeignCase));
    }
    match basket_cookie::toggled(&picks, case, most(poll)) {
        Some(picks) => {
            let path = back.split('#').next().unwrap_or_default();
            let mut response = go(&format!("{path}#case-{case}"));
            let value = basket_cookie::write(&slug, &picks);
            set_open_cookie(&mut response, &basket_cookie::name(&slug, poll.slug()), &value);
            Ok(response)
        }
        None => full_page(&cx, &booth, back).await,
    }
}

/// GET /editions/{edition}/picks: a language switch or a reload after the notice leads here.
pub(crate) async fn show(cx: Cx, Path(slug): Path<String>) -> Answer {
    let edition = cx.backend().public_edition(&slug).await?;
    Ok(go(&format!("/editions/{}/vote", edition.slug)))
}

/// There is no room for another pick: what is picked, each with a way out.
async fn full_page(cx: &Cx, booth: &Booth, back: String) -> Answer {
    let (lang, max) = (cx.lang(), most(&booth.poll));
    let entries = picked_entries(cx, &booth.edition, &booth.poll).await?;
    let mut forms = PickForms::new(cx, &booth.edition, &booth.poll);
    forms.back.clone_from(&back);
    let vote = path(booth, "");
    let page = Page::new(words::full_title(lang), move || {
        let list = picks_list(&forms, &entries);
        view! {
            <PageHead title=words::full_title(lang)>""</PageHead>
            <Notice lang tone=Tone::Warning><p>{words::full(lang, max)}</p></Notice>
            {list}
            <div class="actions">
                <ButtonLink label=words::back_to_page(lang) href=back weight=Weight::Secondary/>
                <ButtonLink label=words::vote(lang) href=vote weight=Weight::Quiet/>
            </div>
        }
    });
    Ok(cx.page(page.of(&booth.edition).status(StatusCode::UNPROCESSABLE_ENTITY)))
}

/// The path of this request with its query: where a form on the page comes back to.
fn here(cx: &Cx) -> String {
    let query = cx.query_without_language();
    if query.is_empty() { cx.path().to_owned() } else { format!("{}?{query}", cx.path()) }
}

/// Where the form came from: its own field, or the referring page of this site, or the gallery.
/// Only the path is taken, and [`go`] refuses one that leaves the site.
fn way_back(edition: &Edition, headers: &HeaderMap, fields: &Fields) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = match fields.text("back") {
        "" => referer.and_then(path_of).unwrap_or_default(),
        back => back,
    };
    let picks = format!("/editions/{}/picks", edition.slug);
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.starts_with(&picks);
    if ours && !path.contains(|sign: char| sign == '\\' || sign.is_control()) {
        path.to_owned()
    } else {
        format!("/editions/{}/cases", edition.slug)
    }
}

fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').map(|start| &rest[start..])
}

/// Empties the basket of a poll, once its ballot is cast.
pub(super) fn empty(response: &mut Response, booth: &Booth) {
    let name = basket_cookie::name(&booth.edition.slug, booth.poll.slug());
    set_cookie(response, &name, "", 0);
}

/// Empties every basket: on a shared machine nobody sees what the last one had picked.
pub(super) fn empty_all(cx: &Cx, response: &mut Response) {
    for name in cx.cookies_named(PICKS_COOKIES) {
        set_cookie(response, name, "", 0);
    }
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn of_a_referring_page_only_the_path_is_taken() {
        assert_eq!(
            path_of("https://vote.example/editions/x/cases?page=2"),
            Some("/editions/x/cases?page=2")
        );
        assert_eq!(path_of("https://vote.example"), None);
        assert_eq!(path_of("/editions"), None);
    }
}
