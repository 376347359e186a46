//! The basket: reading the picks of this browser, changing them by a plain form, and the two views
//! that other pages place — the pick form of a case and the bar with all picks.

use axum::extract::Path;
use axum::response::Response;
use backend::editions::Edition;
use backend::voting::Entry;
use domain::ids::CaseId;
use http::{HeaderMap, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use super::basket_cookie::{self, PICKS_COOKIE};
use super::pick_button::PickButtons;
use super::receipts::closed;
use crate::AppError;
use crate::context::{Cx, go, set_open_cookie};
use crate::fields::Fields;
use crate::page::{Answer, Page};
use crate::ui::{Badge, Basket, ButtonLink, Notice, PageHead, Tone, Weight};

/// The cases this browser has picked for this edition.
pub(crate) fn picked(cx: &Cx, edition: &Edition) -> Vec<CaseId> {
    let cookie = cx.cookie(PICKS_COOKIE).unwrap_or_default();
    basket_cookie::parse(cookie, &edition.slug, max_picks(edition))
}

pub(super) fn max_picks(edition: &Edition) -> usize {
    usize::from(edition.rulebook.polls.first().map_or(1, |poll| poll.picks.most()))
}

/// The picks with their titles. What is not on the ballot paper (any more) is left out.
pub(super) async fn picked_entries(cx: &Cx, edition: &Edition) -> Result<Vec<Entry>, AppError> {
    Ok(cx.backend().entries(edition.id, &picked(cx, edition)).await?)
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

/// The pick forms of one page.
#[derive(Clone)]
pub(crate) struct PickForms {
    lang: Lang,
    action: String,
    back: String,
    picked: Vec<CaseId>,
}

/// The pick forms for the page that is being shown; none while the vote is not open.
pub(crate) fn pick_forms(cx: &Cx, edition: &Edition) -> Option<PickForms> {
    edition.voting_open().ok()?;
    Some(PickForms {
        lang: cx.lang(),
        action: format!("/editions/{}/picks", edition.slug),
        back: here(cx),
        picked: picked(cx, edition),
    })
}

impl PickForms {
    /// Whether this case is picked.
    pub(crate) fn has(&self, case: CaseId) -> bool {
        self.picked.contains(&case)
    }

    /// The form that picks this case, or takes the pick back.
    pub(crate) fn of(&self, case: CaseId, title: &str) -> AnyView {
        let Self { lang, action, back, .. } = self.clone();
        let (pressed, word) = if self.has(case) {
            ("true", words::picked(lang))
        } else {
            ("false", words::pick(lang))
        };
        let title = title.to_owned();
        view! {
            <form method="post" action=action class="pick">
                <input type="hidden" name="back" value=back/>
                <button class="button" data-weight="secondary" name="case" value=case.to_string()
                    aria-pressed=pressed>
                    <span>{word}</span><span class="visually-hidden">": "{title}</span>
                </button>
            </form>
        }
        .into_any()
    }

    fn remove(&self, case: CaseId, title: String) -> AnyView {
        let Self { lang, action, back, .. } = self.clone();
        view! {
            <form method="post" action=action class="pick">
                <input type="hidden" name="back" value=back/>
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
    slug: String,
    max: usize,
    entries: Vec<Entry>,
}

/// The bar for the end of a page; none while the vote is not open. The page says `with_islands()`.
pub(crate) async fn basket(cx: &Cx, edition: &Edition) -> Result<Option<LoadedBasket>, AppError> {
    let Some(forms) = pick_forms(cx, edition) else { return Ok(None) };
    let entries = picked_entries(cx, edition).await?;
    Ok(Some(LoadedBasket { forms, slug: edition.slug.clone(), max: max_picks(edition), entries }))
}

impl LoadedBasket {
    /// The bar itself: the last child of the page, so that it sticks to its lower edge.
    pub(crate) fn view(self) -> AnyView {
        let Self { forms, slug, max, entries } = self;
        let (lang, picked) = (forms.lang, entries.len());
        let lines = forms.lines(&entries);
        let href = format!("/editions/{slug}/vote");
        view! {
            <Basket lang picked max href>
                <ul class="basket-list">{lines}</ul>
                <PickButtons edition=slug lang max/>
            </Basket>
        }
        .into_any()
    }
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
    if let Err(phase) = edition.voting_open() {
        return Ok(closed(&cx, &edition, phase, StatusCode::CONFLICT));
    }
    let case: CaseId = fields.text("case").parse().map_err(|_| AppError::BadRequest)?;
    let back = way_back(&edition, &headers, &fields);
    let picks = picked(&cx, &edition);
    // Whatever is in the basket may leave it; only what is on the ballot paper may come in.
    if !picks.contains(&case) && cx.backend().entries(edition.id, &[case]).await?.is_empty() {
        return Err(AppError::Refused(domain::refusal::Refusal::ForeignCase));
    }
    match basket_cookie::toggled(&picks, case, max_picks(&edition)) {
        Some(picks) => {
            let path = back.split('#').next().unwrap_or_default();
            let mut response = go(&format!("{path}#case-{case}"));
            set_open_cookie(&mut response, PICKS_COOKIE, &basket_cookie::write(&slug, &picks));
            Ok(response)
        }
        None => full_page(&cx, &edition, back).await,
    }
}

/// GET /editions/{edition}/picks: a language switch or a reload after the notice leads here.
pub(crate) async fn show(cx: Cx, Path(slug): Path<String>) -> Answer {
    let edition = cx.backend().public_edition(&slug).await?;
    Ok(go(&format!("/editions/{}/vote", edition.slug)))
}

/// There is no room for another pick: what is picked, each with a way out.
async fn full_page(cx: &Cx, edition: &Edition, back: String) -> Answer {
    let (lang, max) = (cx.lang(), max_picks(edition));
    let entries = picked_entries(cx, edition).await?;
    let Some(mut forms) = pick_forms(cx, edition) else { return Err(AppError::BadRequest) };
    forms.back.clone_from(&back);
    let page = Page::new(words::full_title(lang), move || {
        let list = picks_list(&forms, &entries);
        view! {
            <PageHead title=words::full_title(lang)>""</PageHead>
            <Notice lang tone=Tone::Warning><p>{words::full(lang, max)}</p></Notice>
            {list}
            <div class="actions">
                <ButtonLink label=words::back_to_page(lang) href=back weight=Weight::Secondary/>
            </div>
        }
    });
    Ok(cx.page(page.of(edition).status(StatusCode::UNPROCESSABLE_ENTITY)))
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

/// Empties the basket: after the vote a shared machine shows nobody's choice.
pub(super) fn empty(response: &mut Response) {
    set_open_cookie(response, PICKS_COOKIE, "");
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
