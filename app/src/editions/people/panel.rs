//! The judges of an edition: who sits on the panel, and who may be seated.

use backend::editions::{Edition, JudgeAccount};
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::editions::people::leaving::leaving_form;
use crate::editions::people::table::people_table;
use crate::ui::{Badge, Section, Tone};
use crate::words::times;

/// Lists the judges on the panel, and the judges of other editions who may be seated.
pub(super) fn judges_panel_section(
    lang: Lang,
    edition: &Edition,
    judges: &[JudgeAccount],
) -> AnyView {
    let seated = judges.iter().filter(|judge| judge.on_panel).count();
    let lead = words::panel_lead(lang, seated, edition.rulebook.panel.judges);
    let joins = edition.may_judges_join(i64::try_from(seated).unwrap_or(i64::MAX));
    let fixed = edition.is_panel_fixed();
    let opens = times::format_minute(lang, edition.schedule.windows.judging.opens);
    let note = match (fixed, joins) {
        (false, _) => words::panel_fixes(lang, opens),
        (true, true) => words::panel_short(lang, edition.rulebook.panel.quorum),
        (true, false) => words::panel_fixed(lang).to_owned(),
    };
    let mut judges: Vec<_> = judges.iter().collect();
    judges.sort_by_key(|judge| !judge.on_panel);
    let rows = judges
        .into_iter()
        .map(|judge| {
            [
                judge.name.clone().into_any(),
                judge.email.clone().into_any(),
                seat_judge_form(
                    lang,
                    judge,
                    judge.closed || if judge.on_panel { fixed } else { !joins },
                ),
                leaving_form(lang, judge.id, &judge.name, judge.closed),
            ]
        })
        .collect();
    let heads = [words::name(lang), words::email(lang), words::seat(lang), words::account(lang)];
    let table = people_table(words::panel(lang), heads, rows, words::panel_none(lang));
    view! { <Section title=words::panel(lang) lead><p>{note}</p>{table}</Section> }.into_any()
}

/// Builds the button that seats a judge or takes a seated one from the panel. Once the panel is
/// fixed there is no button.
fn seat_judge_form(lang: Lang, judge: &JudgeAccount, fixed: bool) -> AnyView {
    let seated = judge.on_panel.then(|| {
        view! { <Badge tone=Tone::Success label=words::seated(lang)/> }
    });
    if fixed {
        return view! { {seated} }.into_any();
    }
    let (act, label, weight) = if judge.on_panel {
        ("unseat", words::unseat_now(lang), "quiet")
    } else {
        ("seat", words::seat_now(lang), "secondary")
    };
    let id = judge.id.to_string();
    let named = format!("{label}: {}", judge.name);
    view! {
        {seated}
        <form method="post">
            <input type="hidden" name="act" value=act/>
            <button class="button" data-weight=weight type="submit" name="judge" value=id
                aria-label=named>{label}</button>
        </form>
    }
    .into_any()
}
