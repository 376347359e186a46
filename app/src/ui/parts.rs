//! Every part on one page, so that it can be seen in every theme, size and language. Demonstration
//! only.

mod cases;
mod forms;
mod outcome;
mod words;

use leptos::prelude::*;
use phrases::Lang;
use phrases::parts as say;

use super::{ButtonLink, ButtonWeight, Countdown, Hero, NavLink, Ribbon, Stat, Ways};

/// Renders all parts, one after the other: the content of `main`.
pub fn render_all_parts(lang: Lang) -> AnyView {
    view! {
        {sample_hero(lang)}
        {words::sample_page_head(lang)}
        {words::sample_notices(lang)}
        {forms::sample_long_form(lang)}
        {forms::sample_single_question(lang)}
        {cases::sample_gallery(lang)}
        {cases::sample_receipt(lang)}
        {outcome::sample_results(lang)}
        {outcome::sample_sheet(lang)}
        {outcome::sample_season(lang)}
        {words::sample_lists(lang)}
        {words::sample_errors(lang)}
        {cases::sample_basket(lang)}
    }
    .into_any()
}

/// Renders the landing panel and the ribbon.
fn sample_hero(lang: Lang) -> AnyView {
    let ways = vec![
        (say::way_read(lang).to_owned(), say::way_read_text(lang).to_owned()),
        (say::way_pick(lang).to_owned(), say::way_pick_text(lang).to_owned()),
        (say::way_vote(lang).to_owned(), say::way_vote_text(lang).to_owned()),
    ];
    view! {
        <Hero title=say::hero_title(lang) eyebrow=say::hero_eyebrow(lang) lead=say::hero_lead(lang)>
            <ButtonLink label=say::read_cases(lang) href="#cases"/>
            <ButtonLink label=say::how(lang) href="#results" weight=ButtonWeight::Secondary/>
            <Countdown label=say::countdown(lang) until="2024-12-02T00:00:00+09:00"
                text=say::countdown_text(lang)/>
        </Hero>
        <Ribbon lang>{say::ribbon(lang)}</Ribbon>
        <div class="stats">
            <Stat value="24" label=say::stat_cases(lang)/>
            <Stat value="3,182" label=say::stat_votes(lang)/>
            <Stat value="82" label=say::stat_neighbourhoods(lang)/>
        </div>
        <Ways items=ways/>
    }
    .into_any()
}

/// Returns the links for a row of chips: everything, and the two tracks.
fn sample_track_links(lang: Lang) -> Vec<NavLink> {
    vec![
        NavLink::link_to(say::filter_all(lang), "#cases").with_current(true),
        NavLink::link_to(say::track_service(lang), "#cases"),
        NavLink::link_to(say::track_neighbourhood(lang), "#cases"),
    ]
}
