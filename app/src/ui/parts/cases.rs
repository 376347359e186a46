//! The gallery, a case's own head, the basket and the receipt.

use leptos::prelude::*;
use phrases::Lang;
use phrases::parts as say;

use super::sample_track_links;
use crate::ui::{Basket, CaseCard, CaseHead, Chips, Receipt, Section};

/// Renders filters, cards with covers of each palette, and the head of a case.
pub(super) fn sample_gallery(lang: Lang) -> AnyView {
    let titles = [say::case_one(lang), say::case_two(lang), say::case_three(lang)];
    let cards = (0_u8..6)
        .zip(titles.into_iter().cycle())
        .map(|(number, title)| sample_card(lang, number, title))
        .collect_view();
    view! {
        <Section title=say::section_cases(lang) id="cases" wide=true>
            <Chips label=say::filter(lang) items=sample_track_links(lang)/>
            <div class="cards">{cards}</div>
        </Section>
        <CaseHead lang=lang title=say::case_one(lang) organisation=say::case_who(lang)
            place=say::case_place(lang) track=say::track_service(lang) track_index=0 seed=[42; 16]
            sample=true/>
    }
    .into_any()
}

/// Renders one card. The second one is picked.
fn sample_card(lang: Lang, number: u8, title: &'static str) -> AnyView {
    let (chosen, sample) = (number == 1, number != 0);
    let (pressed, word) =
        if chosen { ("true", say::picked(lang)) } else { ("false", say::pick(lang)) };
    view! {
        <CaseCard lang=lang href="#cases" title=title summary=say::case_summary(lang)
            organisation=say::case_who(lang) place=say::case_place(lang)
            track=say::track_service(lang) track_index=usize::from(number)
            seed=[number * 37 + 5; 16] sample=sample chosen=chosen>
            <button class="button" type="button" data-weight="secondary" aria-pressed=pressed>
                {word}
            </button>
        </CaseCard>
    }
    .into_any()
}

/// Renders the receipt of a vote.
pub(super) fn sample_receipt(lang: Lang) -> AnyView {
    let rows = vec![
        (say::receipt_when(lang).to_owned(), say::receipt_when_text(lang).to_owned()),
        (say::receipt_picks(lang).to_owned(), "3".to_owned()),
    ];
    view! {
        <Section title=say::section_vote(lang)>
            <Receipt lang=lang title=say::receipt_title(lang) code="K7Q2-9MXD-4TRA" rows=rows>
                <p class="small muted">{say::receipt_note(lang)}</p>
            </Receipt>
        </Section>
    }
    .into_any()
}

/// Renders the bar at the bottom, with one of three picks made.
pub(super) fn sample_basket(lang: Lang) -> AnyView {
    view! {
        <Basket lang=lang picked=1 max=3 href="#cases">
            <ul class="basket-list"><li>{say::case_two(lang)}</li></ul>
        </Basket>
    }
    .into_any()
}
