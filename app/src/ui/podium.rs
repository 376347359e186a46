//! The result: the winners with their covers, and all cases by rank.

use leptos::prelude::*;
use phrases::Lang;

use super::badge::Badge;
use super::card::render_picture;
use super::tone::{Medal, Tone};

/// A winner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Winner {
    /// The medal of the tier.
    pub medal: Medal,
    /// The name of the tier.
    pub tier: String,
    /// The title of the case.
    pub title: String,
    /// The organisation that sent it.
    pub organisation: String,
    /// The points, as text.
    pub points: String,
    /// The page of the case.
    pub href: String,
    /// The bytes of the case's id.
    pub seed: [u8; 16],
    /// The index of its track in the edition, counted from 0.
    pub track_index: usize,
    /// The address of its picture; empty for the generated cover.
    pub picture: String,
    /// The word *sample*, for an invented case.
    pub sample: Option<String>,
}

/// A line of the list of ranks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankedCase {
    /// The rank. Equal results share a rank.
    pub rank: u32,
    /// The award with its medal, if any.
    pub tier: Option<(Medal, String)>,
    /// The title of the case.
    pub title: String,
    /// The organisation that sent it.
    pub organisation: String,
    /// The points, as text.
    pub points: String,
    /// The page of the case.
    pub href: String,
}

/// A medal with the name of its tier.
#[component]
pub fn MedalSign(
    /// Its colour.
    medal: Medal,
    /// The name of the tier.
    #[prop(into)]
    tier: String,
) -> impl IntoView {
    view! {
        <span class="medal" data-medal=medal.data_medal()>
            <svg viewBox="0 0 34 34" aria-hidden="true">
                <path class="medal-tail" d="M9 17h7l-3 15-4.5-3-4.5 3zM18 17h7l4 15-4.5-3-4.5 3z"></path>
                <circle class="medal-disc" cx="17" cy="13.5" r="12.5"></circle>
                <circle class="medal-ring" cx="17" cy="13.5" r="9"></circle>
                <path class="medal-star" d="M17 8l1.6 3.5 3.9.4-2.9 2.6.8 3.8-3.4-2-3.4 2 .8-3.8-2.9-2.6 3.9-.4z"></path>
            </svg>
            {tier}
        </span>
    }
}

/// The winners, highest tier first.
#[component]
pub fn Podium(
    /// The winners.
    items: Vec<Winner>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|place| {
            let sample = place.sample.map(|word| view! { <Badge tone=Tone::Sample label=word/> });
            view! {
                <li>
                    <article class="place" data-medal=place.medal.data_medal()>
                        {render_picture(place.picture, String::new(), place.seed, place.track_index)}
                        <div class="place-body">
                            <p class="place-head"><MedalSign medal=place.medal tier=place.tier/>{sample}</p>
                            <h3 class="place-title"><a class="place-link" href=place.href>{place.title}</a></h3>
                            <p class="place-who">{place.organisation}</p>
                            <p class="place-points">{place.points}</p>
                        </div>
                    </article>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="podium">{items}</ul> }
}

/// All cases by rank.
#[component]
pub fn RankList(
    /// Language of the shared words.
    lang: Lang,
    /// The lines, in order of rank.
    items: Vec<RankedCase>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|line| {
            let medal = line.tier.as_ref().and_then(|(medal, _)| medal.data_medal());
            let tier = line.tier.map(|(medal, tier)| view! { <MedalSign medal=medal tier=tier/> });
            view! {
                <li data-medal=medal>
                    <span class="rank-number" aria-hidden="true">{line.rank.to_string()}</span>
                    <div class="rank-words">
                        <p class="visually-hidden">{phrases::ui::rank(lang, line.rank)}</p>
                        <p class="rank-title"><a href=line.href>{line.title}</a></p>
                        <p class="rank-who">{line.organisation}</p>
                    </div>
                    <div class="rank-end">{tier}<span class="rank-points">{line.points}</span></div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="ranks">{items}</ol> }
}
