//! Winners, ranks, bars, the score sheet and the season.

use leptos::prelude::*;
use phrases::Lang;
use phrases::parts as say;

use crate::ui::{
    Bar, Bars, Medal, Moment, MomentState, Podium, RankList, RankedCase, ScoreRow, Section,
    Timeline, Tone, Winner, WorkCard,
};

/// Makes a winner of the grand prize.
fn sample_winner(lang: Lang, title: &str, points: &str, seed: [u8; 16]) -> Winner {
    Winner {
        medal: Medal::Grand,
        tier: say::tier_grand(lang).to_owned(),
        title: title.to_owned(),
        organisation: say::case_who(lang).to_owned(),
        points: say::points(lang, points),
        href: "#results".to_owned(),
        seed,
        track_index: 0,
        picture: String::new(),
        sample: None,
    }
}

/// Makes a line of the list, with the medal of its tier.
fn sample_rank(lang: Lang, rank: u32, tier: Option<(Medal, &str)>, points: &str) -> RankedCase {
    RankedCase {
        rank,
        tier: tier.map(|(medal, name)| (medal, name.to_owned())),
        title: say::case_two(lang).to_owned(),
        organisation: say::case_who(lang).to_owned(),
        points: say::points(lang, points),
        href: "#results".to_owned(),
    }
}

/// Renders the podium, the list of ranks and the bars.
pub(super) fn sample_results(lang: Lang) -> AnyView {
    let winners = vec![
        sample_winner(lang, say::case_one(lang), "94.27", [9; 16]),
        sample_winner(lang, say::case_three(lang), "93.85", [77; 16]),
    ];
    let ranks = vec![
        sample_rank(lang, 3, Some((Medal::Gold, say::tier_first(lang))), "91.40"),
        sample_rank(lang, 4, Some((Medal::Silver, say::tier_second(lang))), "90.02"),
        sample_rank(lang, 5, Some((Medal::Bronze, say::tier_encouragement(lang))), "88.76"),
        sample_rank(lang, 6, None, "84.10"),
    ];
    let bars = vec![
        Bar::with_label(say::case_one(lang), 812, say::votes(lang, 812)).with_medal(Medal::Grand),
        Bar::with_label(say::case_two(lang), 640, say::votes(lang, 640)).with_medal(Medal::Silver),
        Bar::with_label(say::case_three(lang), 95, say::votes(lang, 95)),
    ];
    view! {
        <Section title=say::section_results(lang) id="results">
            <Podium items=winners/>
            <RankList lang=lang items=ranks/>
            <Bars lang=lang caption=say::bars_caption(lang) head_label=say::bars_case(lang)
                head_value=say::bars_votes(lang) rows=bars/>
        </Section>
    }
    .into_any()
}

/// Renders two rows of a score sheet and their sum.
pub(super) fn sample_sheet(lang: Lang) -> AnyView {
    view! {
        <Section title=say::section_judge(lang)>
            <form class="form" method="get">
                <div class="sheet">
                    <ScoreRow lang=lang name="demo-need" label=say::criterion_need(lang)
                        hint=say::criterion_need_hint(lang) max=20 value="18"/>
                    <ScoreRow lang=lang name="demo-effect" label=say::criterion_effect(lang)
                        hint=say::criterion_effect_hint(lang) max=30/>
                </div>
                <p class="sheet-total">
                    <span>{say::total(lang)}</span>
                    <output>{say::points(lang, 18)}</output>
                </p>
            </form>
        </Section>
    }
    .into_any()
}

/// Renders today's work, and the season on a line.
pub(super) fn sample_season(lang: Lang) -> AnyView {
    let moments = vec![
        Moment::in_state(say::phase_call(lang), "10. 7.–11. 24.", MomentState::Done),
        Moment::in_state(say::phase_screening(lang), "11. 25.–27.", MomentState::Done),
        Moment::in_state(say::phase_voting(lang), "11. 28.–12. 1.", MomentState::Now),
        Moment::in_state(say::phase_judging(lang), "12. 2.–6.", MomentState::Next),
        Moment::in_state(say::phase_result(lang), "12. 9. 14:00", MomentState::Next),
    ];
    view! {
        <Section title=say::section_admin(lang)>
            <div class="works">
                <WorkCard count="7" label=say::work_screen(lang) href="#forms" tone=Tone::Warning/>
                <WorkCard count="3" label=say::work_judges(lang) href="#forms"/>
                <WorkCard count="24" label=say::work_done(lang) href="#forms" tone=Tone::Success/>
            </div>
            <Timeline lang=lang label=say::timeline(lang) items=moments/>
        </Section>
    }
    .into_any()
}
