//! The form of one poll: every setting is a field, with its fault beside it.

use domain::rulebook::{BallotPaper, Channel, OpeningsAccess, PointsBasis, VoterIdentity};
use leptos::prelude::*;
use phrases::{Lang, polls as words};

use crate::AppError;
use crate::editions::polls::page_data::PollsPageData;
use crate::editions::polls::typed::{TypedPoll, serialized_word};
use crate::ui::{Choice, ErrorSummary, RadioField, Section, SelectField, Submit, TextField};
use crate::web::form_errors::render_form_errors;
use crate::words::{polls, times};

/// The typed poll and its faults.
pub(crate) struct PollFormAttempt {
    pub(crate) typed: TypedPoll,
    /// Inputs, each with its fault.
    pub(crate) faults: Vec<(&'static str, String)>,
    /// An error that belongs to no input.
    pub(crate) error: Option<AppError>,
}

impl PollFormAttempt {
    /// Makes an attempt without faults.
    pub(crate) fn without_faults(typed: TypedPoll) -> Self {
        Self { typed, faults: Vec::new(), error: None }
    }

    fn fault_of_input(&self, input: &str) -> Option<String> {
        let found = self.faults.iter().find(|(name, _)| *name == input);
        found.map(|(_, sentence)| sentence.clone())
    }

    fn poll_text_field(
        &self,
        lang: Lang,
        name: &'static str,
        label: &'static str,
        hint: String,
        value: &str,
    ) -> AnyView {
        let error = self.fault_of_input(name);
        view! { <TextField lang name label hint error value=value.to_owned()/> }.into_any()
    }
}

/// Builds the whole form.
pub(crate) fn poll_form(lang: Lang, desk: &PollsPageData, attempt: &PollFormAttempt) -> AnyView {
    let items = attempt
        .faults
        .iter()
        .map(|(input, sentence)| ((*input).to_owned(), sentence.clone()))
        .collect();
    let shown = attempt.typed.shown.clone();
    view! {
        {render_form_errors(lang, attempt.error.as_ref())}
        <ErrorSummary lang items/>
        <form method="post" class="form">
            <input type="hidden" name="shown" value=shown/>
            {poll_name_section(lang, attempt)}
            {ballot_paper_section(lang, desk, attempt)}
            {poll_voters_section(lang, desk, attempt)}
            {ballot_rules_section(lang, attempt)}
            {counting_section(lang, attempt)}
            <div class="actions"><Submit label=words::save(lang)/></div>
        </form>
    }
    .into_any()
}

fn poll_name_section(lang: Lang, attempt: &PollFormAttempt) -> AnyView {
    let typed = &attempt.typed;
    let title = || words::title_hint(lang).to_owned();
    let hint = words::slug_hint(lang).to_owned();
    let ko =
        attempt.poll_text_field(lang, "title_ko", words::title_ko(lang), title(), &typed.title_ko);
    let en =
        attempt.poll_text_field(lang, "title_en", words::title_en(lang), title(), &typed.title_en);
    let slug = attempt.poll_text_field(lang, "slug", words::slug(lang), hint, &typed.slug);
    view! { <Section title=words::name_title(lang)>{ko}{en}{slug}</Section> }.into_any()
}

fn ballot_paper_section(lang: Lang, desk: &PollsPageData, attempt: &PollFormAttempt) -> AnyView {
    let typed = &attempt.typed;
    let mut papers = vec![("all".to_owned(), BallotPaper::All)];
    papers.extend(
        desk.places
            .tracks
            .iter()
            .map(|track| (format!("track:{}", track.slug), BallotPaper::Track(track.slug.clone()))),
    );
    papers.push(("list".to_owned(), BallotPaper::List));
    let options = papers
        .into_iter()
        .map(|(value, paper)| {
            let label = polls::paper_words(lang, &paper, |slug| desk.track_name(lang, slug));
            let chosen = value == typed.cases;
            Choice::with_value(value, label, chosen)
        })
        .collect();
    let error = attempt.fault_of_input("cases");
    let cases = desk.cases.iter().map(|case| {
        let id = case.id.to_string();
        let title = if case.title.en.is_empty() {
            case.title.ko.clone()
        } else {
            polls::in_language(lang, &case.title)
        };
        let chosen = typed.listed.contains(&id);
        (id, format!("{title} · {}", case.organisation), chosen)
    });
    let list = if desk.cases.is_empty() {
        view! { <p class="muted">{words::list_none(lang)}</p> }.into_any()
    } else {
        checkbox_group("listed", words::list(lang), words::list_hint(lang), None, cases.collect())
    };
    view! {
        <Section title=words::paper_title(lang)>
            <RadioField lang name="cases" label=words::cases(lang) error options required=true/>
            {list}
        </Section>
    }
    .into_any()
}

/// Builds a group of checkboxes. Any number of them may be ticked.
fn checkbox_group(
    name: &'static str,
    legend: &'static str,
    hint: &'static str,
    error: Option<String>,
    items: Vec<(String, String, bool)>,
) -> AnyView {
    let wrong = error.is_some().then_some("yes");
    let described = error.is_some().then(|| format!("error-{name}"));
    let error = error.map(|error| {
        let id = format!("error-{name}");
        view! { <p class="field-error" id=id>{error}</p> }
    });
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint">{hint}</p> });
    let item = |(index, (value, label, checked)): (usize, (String, String, bool))| {
        // The first checkbox has the id that the list of errors links to.
        let id = (index == 0).then(|| format!("field-{name}"));
        view! {
            <label class="check">
                <input type="checkbox" id=id name=name value=value checked=checked/>
                <span class="check-label">{label}</span>
            </label>
        }
    };
    let items = items.into_iter().enumerate().map(item).collect_view();
    view! {
        <fieldset class="field" data-error=wrong aria-describedby=described>
            <legend class="field-label">{legend}</legend>
            {hint}
            {error}
            <div class="checks">{items}</div>
        </fieldset>
    }
    .into_any()
}

fn poll_voters_section(lang: Lang, desk: &PollsPageData, attempt: &PollFormAttempt) -> AnyView {
    let typed = &attempt.typed;
    let identities = [
        (VoterIdentity::Email, words::identity_email(lang)),
        (VoterIdentity::Mobile, words::identity_mobile(lang)),
        (VoterIdentity::Roll, words::identity_roll(lang)),
        (VoterIdentity::Oidc, words::identity_oidc(lang)),
    ];
    let options = identities
        .map(|(identity, label)| {
            Choice::with_value(
                serialized_word(identity),
                label,
                serialized_word(identity) == typed.identity,
            )
        })
        .to_vec();
    let channels = [
        Channel::EmailCode,
        Channel::SmsCode,
        Channel::PrintedCode,
        Channel::SeatQr,
        Channel::Oidc,
        Channel::Kiosk,
    ]
    .map(|channel| {
        let value = serialized_word(channel);
        let chosen = typed.channels.contains(&value);
        (value, polls::channel_words(lang, channel).to_owned(), chosen)
    });
    let (fault, hint) = (attempt.fault_of_input("channels"), words::channels_hint(lang));
    let ways = checkbox_group("channels", words::ways(lang), hint, fault, channels.to_vec());
    let fold = vec![("yes".to_owned(), words::fold_box(lang).to_owned(), typed.fold_aliases)];
    let hint = words::fold_hint(lang);
    let fold = checkbox_group("fold_aliases", words::mailbox(lang), hint, None, fold);
    let error = attempt.fault_of_input("identity");
    let hint = words::min_age_hint(lang).to_owned();
    let age = attempt.poll_text_field(lang, "min_age", words::min_age(lang), hint, &typed.min_age);
    let district = vec![("yes".to_owned(), words::district(lang).to_owned(), typed.district)];
    let district = checkbox_group("district", words::stated(lang), "", None, district);
    let voting = times::format_window(lang, desk.edition.schedule.windows.voting);
    let hint = || words::window_hint(lang, &voting);
    let opens = window_end_field(lang, attempt, "opens", words::opens(lang), hint(), &typed.opens);
    let closes =
        window_end_field(lang, attempt, "closes", words::closes(lang), hint(), &typed.closes);
    view! {
        <Section title=words::voters_title(lang)>
            <RadioField lang name="identity" label=words::identity(lang)
                hint=words::identity_hint(lang) error options required=true/>
            {fold}
            {ways}
            {age}
            {district}
            {opens}
            {closes}
        </Section>
    }
    .into_any()
}

/// Builds the field for one end of the poll's own window.
fn window_end_field(
    lang: Lang,
    attempt: &PollFormAttempt,
    name: &'static str,
    label: &'static str,
    hint: String,
    value: &str,
) -> AnyView {
    let error = attempt.fault_of_input(name);
    view! {
        <TextField lang name label hint error kind="datetime-local" value=value.to_owned()/>
    }
    .into_any()
}

fn ballot_rules_section(lang: Lang, attempt: &PollFormAttempt) -> AnyView {
    let typed = &attempt.typed;
    let rules = [("at_most", words::rule_at_most(lang)), ("exactly", words::rule_exactly(lang))];
    let options = rules
        .map(|(rule, label)| Choice::with_value(rule, label, typed.picks_rule == rule))
        .to_vec();
    let error = attempt.fault_of_input("picks_rule");
    let change = vec![("yes".to_owned(), words::may_change(lang).to_owned(), typed.may_change)];
    let number = words::picks_number(lang);
    let number = attempt.poll_text_field(lang, "picks", number, String::new(), &typed.picks);
    let change = checkbox_group("may_change", words::afterwards(lang), "", None, change);
    view! {
        <Section title=words::ballot_title(lang)>
            <RadioField lang name="picks_rule" label=words::picks_rule(lang) error options
                required=true/>
            {number}
            {change}
        </Section>
    }
    .into_any()
}

fn counting_section(lang: Lang, attempt: &PollFormAttempt) -> AnyView {
    let typed = &attempt.typed;
    let bases = [PointsBasis::ShareOfTop, PointsBasis::ShareOfBallots, PointsBasis::ShareOfPicks]
        .map(|basis| {
            Choice::with_value(
                serialized_word(basis),
                polls::basis_words(lang, basis),
                serialized_word(basis) == typed.basis,
            )
        });
    let openings = [OpeningsAccess::Observers, OpeningsAccess::Public].map(|openings| {
        let label = polls::openings_words(lang, openings);
        Choice::with_value(
            serialized_word(openings),
            label,
            serialized_word(openings) == typed.openings,
        )
    });
    let (basis, opening) = (attempt.fault_of_input("basis"), attempt.fault_of_input("openings"));
    let hint = words::weight_hint(lang).to_owned();
    let weight = attempt.poll_text_field(lang, "weight", words::weight(lang), hint, &typed.weight);
    view! {
        <Section title=words::count_title(lang)>
            {weight}
            <RadioField lang name="basis" label=words::basis(lang) error=basis
                options=bases.to_vec() required=true/>
            <SelectField lang name="openings" label=words::openings(lang) error=opening
                options=openings.to_vec() required=true/>
        </Section>
    }
    .into_any()
}
