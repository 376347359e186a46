//! What each step asks for.

use domain::rulebook::{
    Channel, OpeningsAccess, PanelMethod, PointsBasis, RanksShown, VoterIdentity,
};
use domain::season::{DraftStep, SeasonDraft};
use leptos::prelude::*;
use phrases::{Lang, setup as say};

use super::form::StepForm;
use crate::editions::polls::risk::heavy_polls_notice;
use crate::editions::polls::typed::serialized_word;
use crate::ui::{ButtonWeight, Section, Submit};
use crate::words::{numbers, polls, rules, windows};

/// The field of each instant, in the order of the season.
pub(super) const INSTANTS: [&str; 7] = [
    "windows.call.0",
    "windows.call.1",
    "windows.voting.0",
    "windows.voting.1",
    "windows.judging.0",
    "windows.judging.1",
    "windows.announcement",
];

/// Returns the sentence above a step, and its fields.
pub(super) fn step_content(
    form: &StepForm<'_>,
    step: DraftStep,
    is_new: bool,
) -> (&'static str, AnyView) {
    let lang = form.lang;
    match step {
        DraftStep::Basics => (say::basics_lead(lang), basics_fields(form, is_new)),
        DraftStep::Schedule => (say::schedule_lead(lang), schedule_fields(form)),
        DraftStep::Places => (say::places_lead(lang), places_fields(form)),
        DraftStep::Polls => (say::polls_lead(lang), polls_fields(form)),
        DraftStep::Judging => (say::judging_lead(lang), judging_fields(form)),
        DraftStep::Awards => (say::awards_lead(lang), awards_fields(form)),
    }
}

fn name_labels(lang: Lang) -> [&'static str; 2] {
    [say::name_ko(lang), say::name_en(lang)]
}

fn basics_fields(form: &StepForm<'_>, is_new: bool) -> AnyView {
    let lang = form.lang;
    let title = form.both_fields("title", [say::title_ko(lang), say::title_en(lang)]);
    let host = form.both_fields("host", [say::host_ko(lang), say::host_en(lang)]);
    let fixed = is_new.then(|| {
        let slug = form.text_field("slug", say::slug(lang), say::slug_hint(lang));
        let rehearsal = form.tick_field("rehearsal", phrases::admin::rehearsal_box(lang));
        view! { {slug}{rehearsal} }
    });
    view! { {title}{host}{fixed} }.into_any()
}

fn schedule_fields(form: &StepForm<'_>) -> AnyView {
    let field = |(name, input): (&str, &str)| {
        form.instant_field(name, windows::input_label(form.lang, input), "")
    };
    let fields = INSTANTS.into_iter().zip(windows::INPUTS).map(field).collect_view();
    view! { <div class="windows">{fields}</div> }.into_any()
}

fn places_fields(form: &StepForm<'_>) -> AnyView {
    let lang = form.lang;
    let track = |at: &str| form.both_fields(&format!("{at}.name"), name_labels(lang));
    let tracks = form.row_list("tracks", |number| say::track(lang, number), track);
    let district = |at: &str| {
        let name = form.both_fields(&format!("{at}.name"), name_labels(lang));
        let inside = form.area_field(
            &format!("{at}.neighbourhoods"),
            say::neighbourhoods(lang),
            say::neighbourhoods_hint(lang),
        );
        view! { {name}<div class="setup-wide">{inside}</div> }.into_any()
    };
    let districts = form.row_list("districts", |number| say::district(lang, number), district);
    view! {
        <Section title=say::tracks(lang)>{tracks}</Section>
        <Section title=say::districts(lang)>
            {districts}
            <details class="stack">
                <summary>{say::city(lang)}</summary>
                <p>{say::city_hint(lang)}</p>
                <div class="actions">
                    <Submit label=say::city_daejeon(lang) weight=ButtonWeight::Secondary name="act"
                        value="city"/>
                </div>
            </details>
        </Section>
    }
    .into_any()
}

/// The ballot papers to choose from: all cases, those of a track, or a list.
fn paper_options(lang: Lang, season: &SeasonDraft) -> Vec<(String, String)> {
    let mut papers = vec![("all".to_owned(), say::cases_all(lang).to_owned())];
    for row in 0..season.row_count("tracks") {
        let slug = season.field_text(&format!("tracks.{row}.slug"));
        let name = season.field_text(&format!("tracks.{row}.name.{}", lang.language_tag()));
        papers.push((format!("track:{slug}"), say::cases_track(lang, name)));
    }
    papers.push(("list".to_owned(), say::cases_list(lang).to_owned()));
    papers
}

/// Returns the words of one ballot paper.
pub(super) fn paper_label(lang: Lang, season: &SeasonDraft, value: &str) -> String {
    let options = paper_options(lang, season);
    let found = options.into_iter().find(|(known, _)| known == value);
    found.map_or_else(|| say::cases_all(lang).to_owned(), |(_, label)| label)
}

pub(super) fn identity_options(lang: Lang) -> Vec<(String, String)> {
    let identities =
        [VoterIdentity::Mobile, VoterIdentity::Email, VoterIdentity::Roll, VoterIdentity::Oidc];
    let label = |identity: VoterIdentity| match identity {
        VoterIdentity::Email => phrases::polls::identity_email(lang),
        VoterIdentity::Mobile => phrases::polls::identity_mobile(lang),
        VoterIdentity::Roll => phrases::polls::identity_roll(lang),
        VoterIdentity::Oidc => phrases::polls::identity_oidc(lang),
    };
    identities.map(|it| (serialized_word(it), label(it).to_owned())).to_vec()
}

fn polls_fields(form: &StepForm<'_>) -> AnyView {
    let lang = form.lang;
    let heavy = form.season.heavy_email_polls().into_iter().map(|(row, weight)| {
        let [ko, en] =
            ["ko", "en"].map(|of| form.season.field_text(&format!("polls.{row}.title.{of}")));
        let title = lang.choose_text(ko, en);
        let title = if title.is_empty() { say::poll(lang, row + 1) } else { title.to_owned() };
        phrases::polls::email_weight_of(lang, numbers::percent_text(&weight), title)
    });
    let notice = heavy_polls_notice(lang, heavy.collect());
    let rows = form.row_list("polls", |number| say::poll(lang, number), |at| poll_fields(form, at));
    view! { {notice}{rows} }.into_any()
}

/// The folded fields of a poll. They are open if one of them is wrong.
const DETAILS: [&str; 5] = ["eligibility.min_age", "channels", "openings", "window.0", "window.1"];

fn poll_fields(form: &StepForm<'_>, at: &str) -> AnyView {
    let (lang, field) = (form.lang, |name: &str| format!("{at}.{name}"));
    let hint = say::poll_title_hint(lang);
    let [ko, en] = name_labels(lang);
    let korean = form.text_field(&field("title.ko"), ko, hint);
    let english = form.text_field(&field("title.en"), en, hint);
    let cases =
        form.choice_field(&field("cases"), say::cases(lang), paper_options(lang, form.season));
    let identity =
        form.choice_field(&field("identity"), say::identity(lang), identity_options(lang));
    let rules = [
        ("at_most".to_owned(), phrases::polls::rule_at_most(lang).to_owned()),
        ("exactly".to_owned(), phrases::polls::rule_exactly(lang).to_owned()),
    ];
    let rule = form.choice_field(&field("picks.rule"), say::picks_rule(lang), rules.to_vec());
    let picks = form.number_field(&field("picks.number"), say::picks(lang), "");
    let weight = form.number_field(&field("weight"), say::weight(lang), "");
    let bases = [PointsBasis::ShareOfTop, PointsBasis::ShareOfBallots, PointsBasis::ShareOfPicks];
    let bases = bases.map(|it| (serialized_word(it), polls::basis_words(lang, it).to_owned()));
    let basis = form.choice_field(&field("basis"), say::basis(lang), bases.to_vec());
    view! {
        {korean}{english}{cases}{identity}{rule}{picks}{weight}{basis}
        <details class="setup-wide stack" open=form.has_faults_within(&DETAILS.map(field))>
            <summary>{say::more_settings(lang)}</summary>
            <div class="setup-fields">{poll_details(form, at)}</div>
        </details>
    }
    .into_any()
}

fn poll_details(form: &StepForm<'_>, at: &str) -> AnyView {
    let (lang, field) = (form.lang, |name: &str| format!("{at}.{name}"));
    let age = form.number_field(
        &field("eligibility.min_age"),
        say::min_age(lang),
        say::min_age_hint(lang),
    );
    let district = form.tick_field(&field("eligibility.district"), say::of_district(lang));
    let fold = form.tick_field(&field("fold_aliases"), say::fold(lang));
    let change = form.tick_field(&field("may_change"), say::may_change(lang));
    let ways = [Channel::PrintedCode, Channel::SeatQr, Channel::Kiosk].map(|channel| {
        let label = match channel {
            Channel::Kiosk => say::kiosk(lang),
            other => polls::channel_words(lang, other),
        };
        form.tick_value(&field("channels"), &serialized_word(channel), label)
    });
    let ways = ways.into_iter().collect_view();
    let access = [OpeningsAccess::Observers, OpeningsAccess::Public];
    let access = access.map(|it| (serialized_word(it), polls::openings_words(lang, it).to_owned()));
    let openings = form.choice_field(&field("openings"), say::openings(lang), access.to_vec());
    let hint = say::window_hint(lang);
    let opens = form.instant_field(&field("window.0"), say::window_opens(lang), hint);
    let closes = form.instant_field(&field("window.1"), say::window_closes(lang), hint);
    view! { {age}{district}{fold}{change}{ways}{openings}{opens}{closes} }.into_any()
}

pub(super) fn method_options(lang: Lang) -> Vec<(String, String)> {
    let methods = [PanelMethod::TrimmedMean, PanelMethod::Mean, PanelMethod::Median];
    methods.map(|it| (serialized_word(it), rules::method_words(lang, it).to_owned())).to_vec()
}

fn judging_fields(form: &StepForm<'_>) -> AnyView {
    let lang = form.lang;
    let judges = form.number_field("panel.judges", say::judges(lang), "");
    let quorum = form.number_field("panel.quorum", say::quorum(lang), say::quorum_hint(lang));
    let weight = form.number_field("panel.weight", say::weight(lang), "");
    let method = form.choice_field("panel.method", say::method(lang), method_options(lang));
    let criterion = |at: &str| {
        let name = form.both_fields(&format!("{at}.name"), name_labels(lang));
        let max = form.number_field(&format!("{at}.max"), say::max(lang), "");
        let text = form.both_fields(
            &format!("{at}.description"),
            [say::description_ko(lang), say::description_en(lang)],
        );
        view! { {name}{max}{text} }.into_any()
    };
    let rubric = form.row_list("panel.rubric", |number| say::criterion(lang, number), criterion);
    view! {
        <div class="setup-fields">{judges}{quorum}{weight}{method}</div>
        <Section title=say::rubric(lang)>{rubric}</Section>
    }
    .into_any()
}

const RECORD: [&str; 3] = ["record.ballots", "record.minutes", "record.fewest"];

fn awards_fields(form: &StepForm<'_>) -> AnyView {
    let lang = form.lang;
    let award = |at: &str| {
        let name = form.both_fields(&format!("{at}.tier"), name_labels(lang));
        let count = form.number_field(&format!("{at}.count"), say::count(lang), "");
        view! { {name}{count} }.into_any()
    };
    let awards = form.row_list("awards", |number| say::award(lang, number), award);
    let ranks = RanksShown::CHOICES
        .map(|it| (serialized_word(it), rules::ranks_words(lang, it).to_owned()));
    let ranks = form.choice_field("ranks", say::ranks(lang), ranks.to_vec());
    let ballots = form.number_field("record.ballots", say::record_ballots(lang), "");
    let minutes = form.number_field("record.minutes", say::record_minutes(lang), "");
    let fewest = form.number_field("record.fewest", say::record_fewest(lang), "");
    view! {
        {awards}
        <div class="setup-fields">{ranks}</div>
        <details class="stack" open=form.has_faults_within(&RECORD.map(str::to_owned))>
            <summary>{say::record(lang)}</summary>
            <p>{say::record_lead(lang)}</p>
            <div class="setup-fields">{ballots}{minutes}{fewest}</div>
        </details>
    }
    .into_any()
}
