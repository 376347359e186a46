//! The rulings about a group, the form of a new one, and the appeals about its ballots.

use backend::editions::Edition;
use backend::fraud::{Appeal, FraudEvidence, GivenRuling, SecondWay};
use domain::fraud::RulingReason;
use domain::ids::AccountId;
use domain::limits;
use leptos::prelude::*;
use phrases::{Lang, fraud as say};

use super::{ANSWER_ALL, RulingAttempt, answer_field, write_shown_appeal};
use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{
    AreaField, ButtonWeight, Choice, Notice, Section, SelectField, Submit, TextField, Tone,
};
use crate::web::form_errors::field_error_sentence;
use crate::words::numbers::format_ballot_number;
use crate::words::{fraud as words, times};

fn can_rule(edition: &Edition) -> bool {
    !edition.counts_read && edition.schedule.released_at.is_none()
}

/// Builds the list of rulings, with the buttons of those that wait.
pub(crate) fn rulings_section(
    lang: Lang,
    edition: &Edition,
    evidence: &FraudEvidence,
    own: AccountId,
) -> Option<AnyView> {
    if !evidence.group.held {
        return None;
    }
    let open = can_rule(edition);
    let items = evidence.rulings.iter().map(|ruling| ruling_item(lang, ruling, own, open));
    let list = if evidence.rulings.is_empty() {
        view! { <p class="muted">{say::rulings_none(lang)}</p> }.into_any()
    } else {
        view! { <ul class="stack">{items.collect_view()}</ul> }.into_any()
    };
    Some(view! { <Section title=say::rulings(lang) id="rulings">{list}</Section> }.into_any())
}

fn ruling_item(lang: Lang, ruling: &GivenRuling, own: AccountId, open: bool) -> AnyView {
    let about = match ruling.ballot {
        Some(ballot) => say::ruling_ballot(lang, format_ballot_number(ballot)),
        None => say::ruling_all(lang).to_owned(),
    };
    let title = say::ruling_about(lang, about, words::ruling_reason(lang, ruling.reason));
    let when = times::format_minute(lang, ruling.proposed_at);
    let by = say::ruling_by(lang, &ruling.proposer, when);
    let confirmed = match (&ruling.confirmer, ruling.confirmed_at) {
        (Some(name), Some(at)) => {
            say::ruling_confirmed_by(lang, name, times::format_minute(lang, at))
        }
        _ => say::ruling_waits(lang).to_owned(),
    };
    let note = render_paragraphs(&ruling.note);
    let buttons = (open && ruling.confirmed_at.is_none()).then(|| {
        let same = ruling.same_browser.then(|| {
            view! { <Notice lang tone=Tone::Warning><p>{say::same_browser(lang)}</p></Notice> }
        });
        let confirm = if ruling.proposed_by == own {
            view! { <p class="small muted">{say::own_proposal(lang)}</p> }.into_any()
        } else {
            view! {
                <Submit label=say::confirm(lang) weight=ButtonWeight::Danger name="act"
                    value="confirm"/>
            }
            .into_any()
        };
        view! {
            {same}
            <form method="post" class="actions">
                <input type="hidden" name="ruling" value=ruling.id.to_string()/>
                {confirm}
                <Submit label=say::withdraw(lang) weight=ButtonWeight::Quiet name="act"
                    value="withdraw"/>
            </form>
        }
    });
    view! {
        <li>
            <p><strong>{title}</strong></p>
            <p class="small">{by}<br/>{confirmed}</p>
            <div class="prose">{note}</div>
            {buttons}
        </li>
    }
    .into_any()
}

/// Builds the appeals with their answers, or the form of an answer.
pub(crate) fn appeals_section(
    lang: Lang,
    edition: &Edition,
    evidence: &FraudEvidence,
    attempt: &RulingAttempt,
) -> Option<AnyView> {
    if !evidence.group.held {
        return None;
    }
    let open = can_rule(edition);
    let items = evidence.appeals.iter().map(|appeal| appeal_item(lang, appeal, open, attempt));
    let list = if evidence.appeals.is_empty() {
        view! { <p class="muted">{say::appeals_none(lang)}</p> }.into_any()
    } else {
        view! { <ul class="stack">{items.collect_view()}</ul> }.into_any()
    };
    let all = open.then(|| answer_all_form(lang, evidence, attempt));
    Some(view! { <Section title=say::appeals(lang) id="appeals">{list}{all}</Section> }.into_any())
}

/// Builds the form of one answer to all appeals of the page that have none. Nothing for a single one.
fn answer_all_form(
    lang: Lang,
    evidence: &FraudEvidence,
    attempt: &RulingAttempt,
) -> Option<AnyView> {
    let waiting: Vec<&Appeal> =
        evidence.appeals.iter().filter(|appeal| appeal.answer.is_none()).collect();
    if waiting.len() < 2 {
        return None;
    }
    let shown = waiting.iter().map(|appeal| {
        let value = write_shown_appeal(appeal.id, appeal.revision);
        view! { <input type="hidden" name="shown" value=value/> }
    });
    let shown = shown.collect_view();
    let error = field_error_sentence(lang, attempt.error.as_ref(), ANSWER_ALL);
    let opened = error.is_some();
    let label = say::answer_all(lang, waiting.len());
    let value = if attempt.appeal.is_empty() { attempt.answer.clone() } else { String::new() };
    Some(
        view! {
            <details class="stack" open=opened>
                <summary>{label}</summary>
                <form method="post" class="form">
                    {shown}
                    <AreaField lang name=ANSWER_ALL label=say::answer(lang)
                        hint=say::answer_all_hint(lang) required=true value error rows=4
                        max=limits::COMMENT_CHARS/>
                    <div class="actions">
                        <Submit label=say::send_answer_all(lang) weight=ButtonWeight::Secondary
                            name="act" value="answer_all"/>
                    </div>
                </form>
            </details>
        }
        .into_any(),
    )
}

fn appeal_item(lang: Lang, appeal: &Appeal, open: bool, attempt: &RulingAttempt) -> AnyView {
    let when = times::format_day(lang, appeal.sent_at);
    let title = say::appeal_of(lang, format_ballot_number(appeal.ballot), when);
    let text = render_paragraphs(&appeal.message);
    let proven = appeal.proven.map(|way| {
        let sentence = match way {
            SecondWay::Email => say::again_proven_email(lang),
            SecondWay::Mobile => say::again_proven_mobile(lang),
        };
        view! { <p class="small">{sentence}</p> }
    });
    let answer = match &appeal.answer {
        Some(answer) => {
            let answer = render_paragraphs(answer);
            view! { <p><strong>{say::answer(lang)}</strong></p><div class="prose">{answer}</div> }
                .into_any()
        }
        None if open => {
            let sent = appeal.revision.to_string();
            let id = appeal.id.to_string();
            let name = answer_field(&id);
            let error = field_error_sentence(lang, attempt.error.as_ref(), &name);
            // Only its own text: another voter must not get it.
            let value = if attempt.appeal == id { attempt.answer.clone() } else { String::new() };
            view! {
                <form method="post" class="form">
                    <input type="hidden" name="appeal" value=id/>
                    <input type="hidden" name="revision" value=sent/>
                    <AreaField lang name label=say::answer(lang)
                        hint=say::answer_hint(lang) required=true value error rows=4
                        max=limits::COMMENT_CHARS/>
                    <div class="actions">
                        <Submit label=say::send_answer(lang) weight=ButtonWeight::Secondary
                            name="act" value="answer"/>
                    </div>
                </form>
            }
            .into_any()
        }
        None => ().into_any(),
    };
    let alone = open.then(|| {
        let href = format!("?ballot={}#propose", appeal.ballot.0.simple());
        view! { <p><a href=href>{say::rule_on_this(lang)}</a></p> }
    });
    view! {
        <li class="stack"><p><strong>{title}</strong></p>{proven}<div class="prose">{text}</div>{alone}{answer}</li>
    }
    .into_any()
}

/// Builds the form of a new ruling.
pub(crate) fn propose_section(
    lang: Lang,
    edition: &Edition,
    evidence: &FraudEvidence,
    attempt: &RulingAttempt,
) -> Option<AnyView> {
    if !evidence.group.held || !can_rule(edition) {
        return None;
    }
    let option = |reason: RulingReason| {
        let label = words::ruling_reason(lang, reason);
        Choice::with_value(reason.code(), label, attempt.reason == reason.code())
    };
    // Nothing is chosen in advance, so that nobody excludes ballots by a careless press.
    let none = Choice::with_value("", say::reason_choose(lang), attempt.reason.is_empty());
    let options: Vec<Choice> =
        std::iter::once(none).chain(RulingReason::ALL.into_iter().map(option)).collect();
    let of = |name: &str| field_error_sentence(lang, attempt.error.as_ref(), name);
    let (error, wrong_note, wrong_ballot) = (of("reason"), of("note"), of("ballot"));
    let (note, ballot) = (attempt.note.clone(), attempt.ballot.clone());
    Some(
        view! {
            <Section title=say::propose_title(lang) lead=say::propose_lead(lang) id="propose">
                <form method="post" class="form">
                    <SelectField lang name="reason" label=say::reason(lang) required=true error
                        options/>
                    <AreaField lang name="note" label=say::note(lang) hint=say::note_hint(lang)
                        value=note error=wrong_note rows=4 max=limits::COMMENT_CHARS/>
                    <TextField lang name="ballot" label=say::only_ballot(lang)
                        hint=say::only_ballot_hint(lang) value=ballot error=wrong_ballot
                        autocomplete="off"/>
                    <div class="actions">
                        <Submit label=say::propose(lang) name="act" value="propose"/>
                    </div>
                </form>
            </Section>
        }
        .into_any(),
    )
}
