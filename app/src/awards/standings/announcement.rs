//! The announcement form on the standings page, and the decision after it.

use backend::awards::ResultApproval;
use backend::editions::Edition;
use backend::judging::JudgingBoard;
use domain::limits;
use domain::schedule::Instant;
use leptos::prelude::*;
use phrases::{Lang, awards as say};

use crate::AppError;
use crate::ui::{
    AreaField, ButtonLink, ButtonWeight, Checkbox, Choice, Facts, Notice, RadioField, Section,
    Submit, TextField, Tone,
};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::words::{numbers, times};

/// The decision to announce, once it was taken.
pub(crate) struct StandingsDecision {
    pub(crate) released_at: Instant,
    pub(crate) public: bool,
    pub(crate) decision: Option<ResultApproval>,
}

/// Builds the form that announces.
pub(crate) fn announcement_form(
    lang: Lang,
    edition: &Edition,
    board: &JudgingBoard,
    typed: &TypedAnnouncement,
) -> AnyView {
    let missing = board.list_missing_judges().len();
    let ticked = typed.without_judges;
    let without = (missing > 0).then(|| {
        let label = say::without_judges(lang, numbers::group_length(missing));
        view! { <Checkbox lang name="without_judges" label checked=ticked required=true/> }
    });
    let word = say::announce_word(lang);
    let errors = render_form_errors(lang, typed.error.as_ref());
    let wrong_minutes = field_error_sentence(lang, typed.error.as_ref(), "minutes");
    let options = release_choices(lang, edition, typed.now);
    let (minutes, confirm) = (typed.minutes.clone(), typed.confirm.clone());
    // Mails about a rehearsal reach nobody outside a demonstration.
    let mails = (!edition.rehearsal).then(|| {
        view! { <p class="muted">{phrases::news::announce_mails(lang)}</p> }
    });
    view! {
        <Section title=say::announce_title(lang) id="announce" lead=say::announce_lead(lang)>
            {errors}
            <form method="post" action="#announce" class="form">
                <RadioField lang name="when" label=say::when(lang) required=true options/>
                <AreaField lang name="minutes" label=say::minutes(lang)
                    hint=say::minutes_hint(lang) value=minutes error=wrong_minutes
                    max=limits::MINUTES_CHARS/>
                {without}
                <TextField lang name="confirm" label=say::confirm(lang)
                    hint=say::confirm_hint(lang, word) autocomplete="off" required=true
                    value=confirm/>
                {mails}
                <div class="actions">
                    <Submit label=say::announce(lang) weight=ButtonWeight::Danger name="act"
                        value="announce"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// Offers the planned instant only while it is in the future.
fn release_choices(lang: Lang, edition: &Edition, now: bool) -> Vec<Choice> {
    let planned = edition.schedule.windows.announcement;
    let ahead = edition.now < planned;
    let mut choices = Vec::new();
    if ahead {
        let label = say::when_planned(lang, times::format_minute(lang, planned));
        choices.push(Choice::with_value("planned", label, !now));
    }
    choices.push(Choice::with_value("now", say::when_now(lang), now || !ahead));
    choices
}

/// Shows the decision: its time and its fingerprint. Until the result is public it also shows the
/// form that withdraws the announcement.
pub(crate) fn decision_notice(
    lang: Lang,
    edition: &Edition,
    decided: &StandingsDecision,
) -> AnyView {
    let at = times::format_minute(lang, decided.released_at);
    let mut rows = vec![(say::released_at(lang).to_owned(), at.clone())];
    if let Some(decision) = &decided.decision {
        let approved_at = times::format_minute(lang, decision.approved_at);
        rows.push((say::decided_at(lang).to_owned(), approved_at));
        rows.push((say::fingerprint(lang).to_owned(), decision.sha256.clone()));
    }
    let (tone, title, sentence) = if decided.public {
        let sentence = say::decided_public_words(lang, at);
        (Tone::Success, say::decided_public(lang), sentence)
    } else {
        let sentence = say::decided_embargo_words(lang, at);
        (Tone::Info, say::decided_embargo(lang), sentence)
    };
    let next = if decided.public {
        let href = format!("/editions/{}/results", edition.slug);
        view! { <div class="actions"><ButtonLink label=say::to_result(lang) href/></div> }
            .into_any()
    } else {
        withdrawal_form(lang)
    };
    view! {
        <Notice lang tone title><p>{sentence}</p></Notice>
        <Facts rows/>
        {next}
    }
    .into_any()
}

fn withdrawal_form(lang: Lang) -> AnyView {
    view! {
        <Section title=say::withdraw_title(lang) lead=say::withdraw_lead(lang)>
            <form method="post" class="form">
                <Checkbox lang name="confirm_withdraw" label=say::withdraw_confirm(lang) required=true/>
                <div class="actions">
                    <Submit label=say::withdraw(lang) weight=ButtonWeight::Danger name="act"
                        value="withdraw"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

/// The typed announcement and its error.
#[derive(Default)]
pub(crate) struct TypedAnnouncement {
    pub(crate) now: bool,
    pub(crate) minutes: String,
    pub(crate) confirm: String,
    pub(crate) without_judges: bool,
    pub(crate) error: Option<AppError>,
}

impl TypedAnnouncement {
    /// Reads what was typed.
    pub(crate) fn from_fields(fields: &FormFields) -> Self {
        Self {
            now: fields.field_text("when") == "now",
            minutes: fields.field_text("minutes").to_owned(),
            confirm: fields.field_text("confirm").to_owned(),
            without_judges: fields.field_text("without_judges") == "yes",
            error: None,
        }
    }
}
