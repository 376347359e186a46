//! A case: its card in the gallery and the head of its own page.

use leptos::prelude::*;
use phrases::Lang;

use super::badge::Badge;
use super::cover::Cover;
use super::tone::Tone;

/// Renders the organisation's picture, or a generated cover if it sent no picture.
pub(super) fn render_picture(
    picture: String,
    alt: String,
    seed: [u8; 16],
    track_index: usize,
) -> AnyView {
    if picture.is_empty() {
        view! { <Cover seed=seed track_index=track_index/> }.into_any()
    } else {
        view! { <img src=picture alt=alt loading="lazy" width="1200" height="720"/> }.into_any()
    }
}

/// Renders the badges of a case: its award, its track and, if they apply, *sample* and *your pick*.
fn render_case_badges(
    lang: Lang,
    track: String,
    award: Option<String>,
    (sample, chosen): (bool, bool),
) -> impl IntoView {
    let award = award.map(|label| view! { <Badge tone=Tone::Award label/> });
    let sample =
        sample.then(|| view! { <Badge tone=Tone::Sample label=phrases::ui::sample(lang)/> });
    let chosen =
        chosen.then(|| view! { <Badge tone=Tone::Award label=phrases::ui::chosen(lang)/> });
    view! {
        <p class="card-marks">{award}<Badge tone=Tone::Info label=track/>{sample}{chosen}</p>
    }
}

/// A case in the gallery. The whole card is a link to the case, except the form of the pick.
#[component]
pub fn CaseCard(
    /// Language of the shared words.
    lang: Lang,
    /// The page of the case.
    #[prop(into)]
    href: String,
    /// The title of the case.
    #[prop(into)]
    title: String,
    /// The summary of the case.
    #[prop(into)]
    summary: String,
    /// The organisation that sent it.
    #[prop(into)]
    organisation: String,
    /// District or neighbourhood.
    #[prop(optional, into)]
    place: String,
    /// The name of its track.
    #[prop(into)]
    track: String,
    /// The index of its track in the edition, counted from 0.
    track_index: usize,
    /// The bytes of its id.
    seed: [u8; 16],
    /// The address of its picture; empty for the generated cover.
    #[prop(optional, into)]
    picture: String,
    /// Its award, once the result is public.
    #[prop(optional_no_strip)]
    award: Option<String>,
    /// Whether it is invented for the demonstration.
    #[prop(optional)]
    sample: bool,
    /// Whether this visitor picked it.
    #[prop(optional)]
    chosen: bool,
    /// The language of the title, if it differs from the page's.
    #[prop(optional_no_strip)]
    title_lang: Option<&'static str>,
    /// The language of summary and organisation, if it differs from the page's.
    #[prop(optional_no_strip)]
    text_lang: Option<&'static str>,
    /// The form of the pick.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <article class="card" data-chosen=super::yes_or_none(chosen)>
            <div class="card-picture">{render_picture(picture, String::new(), seed, track_index)}</div>
            <div class="card-body">
                {render_case_badges(lang, track, award, (sample, chosen))}
                <h3 class="card-title"><a class="card-link" href=href lang=title_lang>{title}</a></h3>
                <p class="card-summary" lang=text_lang>{summary}</p>
                <p class="card-who" lang=text_lang>
                    {organisation}{super::non_empty_text(place).map(|place| view! { <span lang=lang.language_tag()>{place}</span> })}
                </p>
            </div>
            {children.map(|children| view! { <div class="card-foot">{children()}</div> })}
        </article>
    }
}

/// The top of a case's own page.
#[component]
pub fn CaseHead(
    /// Language of the shared words.
    lang: Lang,
    /// Its title, the `h1`.
    #[prop(into)]
    title: String,
    /// The organisation that sent it.
    #[prop(into)]
    organisation: String,
    /// District or neighbourhood.
    #[prop(optional, into)]
    place: String,
    /// The name of its track.
    #[prop(into)]
    track: String,
    /// The index of its track in the edition, counted from 0.
    track_index: usize,
    /// The bytes of its id.
    seed: [u8; 16],
    /// The address of its picture; empty for the generated cover.
    #[prop(optional, into)]
    picture: String,
    /// What the picture shows.
    #[prop(optional, into)]
    alt: String,
    /// Its award, once the result is public.
    #[prop(optional_no_strip)]
    award: Option<String>,
    /// Whether it is invented for the demonstration.
    #[prop(optional)]
    sample: bool,
    /// The language of the title, if it differs from the page's.
    #[prop(optional_no_strip)]
    title_lang: Option<&'static str>,
    /// The language of organisation and picture text, if it differs from the page's.
    #[prop(optional_no_strip)]
    text_lang: Option<&'static str>,
    /// Acts: the pick, sharing.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="case-head">
            <div class="case-words">
                {render_case_badges(lang, track, award, (sample, false))}
                <h1 lang=title_lang>{title}</h1>
                <p class="case-who" lang=text_lang>
                    {organisation}{super::non_empty_text(place).map(|place| view! { <span lang=lang.language_tag()>{place}</span> })}
                </p>
                {children.map(|children| view! { <div class="actions">{children()}</div> })}
            </div>
            <div class="case-picture" lang=text_lang>{render_picture(picture, alt, seed, track_index)}</div>
        </div>
    }
}
