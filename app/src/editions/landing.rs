//! The landing page of an edition: its phase, what a reader can do now, and how the contest works.

use backend::accounts::Role;
use backend::editions::{Edition, RandomCase, TracksAndDistricts};
use domain::result::ResultDocument;
use domain::rulebook::{Fraction, PollRules, VoterIdentity};
use domain::schedule::Phase;
use leptos::prelude::*;
use phrases::{Lang, editions as words};

use crate::AppError;
use crate::awards::winners::{self, CaseMarks};
use crate::editions::season;
use crate::ui::{
    ButtonLink, ButtonWeight, CaseCard, Hero, Medal, MedalSign, Section, Stat, Timeline, Ways,
};
use crate::web::paths::home_path;
use crate::web::request::RequestContext;
use crate::words::{editions, numbers, times};

/// Number of cases shown as a random_cases.
const GLIMPSE_CASES: i64 = 3;

/// Everything that the landing page shows.
pub(crate) struct Landing {
    lang: Lang,
    pub(crate) edition: Edition,
    places: TracksAndDistricts,
    accepted: Option<i64>,
    random_cases: Vec<RandomCase>,
    /// The result, once it is public.
    result: Option<(ResultDocument, CaseMarks)>,
    /// The path for people who want to submit a case.
    send: String,
}

impl Landing {
    /// Loads what the landing page of this edition shows to this reader.
    pub(crate) async fn load_landing(
        cx: &RequestContext,
        edition: Edition,
    ) -> Result<Self, AppError> {
        let backend = cx.backend();
        let places = backend.tracks_and_districts(edition.id).await?;
        let (accepted, random_cases) = match edition.gallery_public() {
            Ok(proof) => (
                Some(backend.count_accepted_cases(edition.id, proof).await?),
                backend.random_cases(edition.id, proof, GLIMPSE_CASES).await?,
            ),
            Err(_) => (None, Vec::new()),
        };
        let result = winners::load_public_result(cx, &edition).await?;
        let send = match cx.visitor() {
            Some(visitor) if visitor.role() == Role::Member => home_path(visitor).to_owned(),
            // That page leads to the sign-in, too.
            _ => format!("/editions/{}/join", edition.slug),
        };
        Ok(Self { lang: cx.lang(), edition, places, accepted, random_cases, result, send })
    }

    /// Builds the whole content of `main`.
    pub(crate) fn landing_view(&self) -> AnyView {
        view! {
            {self.hero_section()}
            {self.winners_section()}
            {self.numbers_section()}
            {self.season_section()}
            {self.glimpse_section()}
            {self.how_it_works_section()}
            {self.award_tiers_section()}
            {self.schedule_section()}
        }
        .into_any()
    }

    fn edition_href(&self, end: &str) -> String {
        format!("/editions/{}{end}", self.edition.slug)
    }

    /// Builds two buttons: the main action of the phase, and a second one.
    fn hero_actions(&self) -> AnyView {
        let lang = self.lang;
        let primary = match self.edition.current_phase() {
            Phase::Call => Some((words::send_case(lang), self.send.clone())),
            Phase::Voting => Some((words::see_and_vote(lang), self.edition_href("/cases"))),
            Phase::Judging | Phase::Deliberation => {
                Some((words::see_cases(lang), self.edition_href("/cases")))
            }
            Phase::Announced => Some((words::see_result(lang), self.edition_href("/results"))),
            // An edition may be archived without a result.
            Phase::Archived if self.edition.results_public().is_ok() => {
                Some((words::see_result(lang), self.edition_href("/results")))
            }
            Phase::Draft | Phase::Screening | Phase::Archived => None,
        };
        let secondary = match primary.as_ref() {
            Some(_) if self.edition.results_public().is_ok() => {
                (words::see_cases(lang), self.edition_href("/cases"))
            }
            _ => (words::see_rules(lang), self.edition_href("/rules")),
        };
        let (label, href) = primary.unwrap_or((words::see_schedule(lang), "#schedule".to_owned()));
        view! {
            <ButtonLink label href/>
            <ButtonLink label=secondary.0 href=secondary.1 weight=ButtonWeight::Secondary/>
        }
        .into_any()
    }

    fn hero_section(&self) -> AnyView {
        let (lang, edition) = (self.lang, &self.edition);
        let waiting = matches!(edition.current_phase(), Phase::Judging | Phase::Deliberation);
        let planned = edition.schedule.released_at.unwrap_or(edition.schedule.windows.announcement);
        let result = (waiting && planned > edition.now).then(|| {
            let sentence = words::result_at(lang, times::format_minute(lang, planned));
            view! { <p class="hero-note">{sentence}</p> }
        });
        let (actions, countdown) =
            (self.hero_actions(), season::next_change_countdown(lang, edition));
        let (title, host) =
            (editions::edition_title(lang, edition), editions::edition_host(lang, edition));
        let eyebrow = editions::phase_name(lang, edition.current_phase());
        let lead = editions::season_sentence(lang, edition);
        view! {
            <Hero title eyebrow lead>
                {actions}
                {countdown}
                {result}
                <p class="hero-note">{host}</p>
            </Hero>
        }
        .into_any()
    }

    fn numbers_section(&self) -> AnyView {
        let lang = self.lang;
        let neighbourhoods: usize =
            self.places.districts.iter().map(|district| district.neighbourhoods.len()).sum();
        let awards: u32 = self.edition.rulebook.awards.iter().map(|tier| tier.count).sum();
        let cases = self.accepted.map(|count| {
            view! { <Stat value=count.to_string() label=words::number_cases(lang)/> }
        });
        let neighbourhoods = (neighbourhoods > 0).then(|| {
            let value = neighbourhoods.to_string();
            view! { <Stat value label=words::number_neighbourhoods(lang)/> }
        });
        let districts = self.places.districts.len().to_string();
        let judges = self.edition.rulebook.panel.judges.to_string();
        view! {
            <section class="numbers" aria-label=words::numbers(lang)>
                <div class="stats">
                    {cases}
                    <Stat value=districts label=words::number_districts(lang)/>
                    {neighbourhoods}
                    <Stat value=judges label=words::number_judges(lang)/>
                    <Stat value=awards.to_string() label=words::number_awards(lang)/>
                </div>
            </section>
        }
        .into_any()
    }

    fn season_section(&self) -> AnyView {
        let lang = self.lang;
        let items = season::season_moments(lang, &self.edition);
        let calendar = self.edition_href("/calendar.ics");
        view! {
            <Section title=words::season(lang) lead=words::season_lead(lang) wide=true>
                <Timeline lang label=words::season(lang) items/>
                <p><a href=calendar>{words::calendar(lang)}</a></p>
            </Section>
        }
        .into_any()
    }

    /// Shows a few cases until the result is public, because then people come for the result.
    fn winners_section(&self) -> Option<AnyView> {
        let (document, marks) = self.result.as_ref()?;
        Some(winners::podium_section(self.lang, &self.edition_href(""), document, marks))
    }

    fn glimpse_section(&self) -> Option<AnyView> {
        let lang = self.lang;
        if self.random_cases.is_empty() || self.edition.results_public().is_ok() {
            return None;
        }
        let cards = self.random_cases.iter().map(|case| self.glimpse_card(case)).collect_view();
        let all = self.edition_href("/cases");
        Some(
            view! {
                <Section title=words::glimpse(lang) lead=words::glimpse_lead(lang)>
                    <ul class="cards">{cards}</ul>
                    <div class="actions">
                        <ButtonLink label=words::see_cases(lang) href=all
                            weight=ButtonWeight::Secondary/>
                    </div>
                </Section>
            }
            .into_any(),
        )
    }

    fn glimpse_card(&self, case: &RandomCase) -> AnyView {
        let lang = self.lang;
        let english = !case.title.en.is_empty();
        let title =
            if english { lang.choose_text(&case.title.ko, &case.title.en) } else { &case.title.ko };
        let place = case.district.and_then(|id| self.places.find_district(id));
        let place = place.map(|place| lang.choose_text(&place.name.ko, &place.name.en).to_owned());
        let index = self.places.tracks.iter().position(|track| track.id == case.track);
        let track = self.places.find_track(case.track);
        let track = track.map(|track| lang.choose_text(&track.name.ko, &track.name.en).to_owned());
        let picture = case.picture.map(|id| format!("/pictures/{id}")).unwrap_or_default();
        let (title, summary) = (title.to_owned(), case.summary.clone());
        let (organisation, sample) = (case.organisation.clone(), case.sample);
        let seed = case.id.0.into_bytes();
        let href = self.edition_href(&format!("/cases/{}", case.id));
        view! {
            <li>
                <CaseCard lang href title summary organisation place=place.unwrap_or_default()
                    track=track.unwrap_or_default() track_index=index.unwrap_or_default() seed
                    picture sample/>
            </li>
        }
        .into_any()
    }

    fn how_it_works_section(&self) -> AnyView {
        let lang = self.lang;
        let rules = &self.edition.rulebook;
        let percent = |weight: &Fraction| format!("{}%", numbers::percent_text(weight));
        // The polls that have a case share the weight that the panel leaves.
        let polls = rules.panel.weight.rest_to_one().unwrap_or_else(Fraction::zero);
        let (poll, panel) = (percent(&polls), percent(&rules.panel.weight));
        let items = vec![
            (words::how_send(lang).to_owned(), words::how_send_text(lang).to_owned()),
            (words::how_choose(lang).to_owned(), how_to_vote_sentence(lang, &rules.polls)),
            (words::how_check(lang).to_owned(), words::how_check_text(lang, panel, poll)),
        ];
        view! { <Section title=words::how(lang)><Ways items/></Section> }.into_any()
    }

    fn award_tiers_section(&self) -> AnyView {
        let lang = self.lang;
        let tier = |(index, award): (usize, &domain::rulebook::Tier)| {
            let name = lang.choose_text(&award.tier.ko, &award.tier.en).to_owned();
            let count = words::awards_count(lang, award.count);
            view! {
                <li>
                    <MedalSign medal=Medal::of_tier(index) tier=name/>
                    <span class="tier-count">{count}</span>
                </li>
            }
        };
        let tiers = self.edition.rulebook.awards.iter().enumerate().map(tier).collect_view();
        view! {
            <Section title=words::awards(lang)><ul class="tiers">{tiers}</ul></Section>
        }
        .into_any()
    }

    fn schedule_section(&self) -> AnyView {
        let lang = self.lang;
        let rules = self.edition_href("/rules");
        let table = season::schedule_table(lang, &self.edition);
        view! {
            <Section title=words::schedule(lang) lead=words::schedule_lead(lang) id="schedule">
                {table}
                <div class="actions">
                    <ButtonLink label=words::see_rules(lang) href=rules weight=ButtonWeight::Secondary/>
                </div>
            </Section>
        }
        .into_any()
    }
}

/// Says in one sentence how citizens vote.
fn how_to_vote_sentence(lang: Lang, polls: &[PollRules]) -> String {
    let [only] = polls else { return words::how_choose_several(lang, polls.len()) };
    let max = only.picks.max_picks();
    match only.identity {
        VoterIdentity::Email => words::how_choose_email(lang, max),
        VoterIdentity::Mobile => words::how_choose_mobile(lang, max),
        VoterIdentity::Roll => words::how_choose_roll(lang, max),
        VoterIdentity::Oidc => words::how_choose_oidc(lang, max),
    }
}

/// Builds the card of an edition in a list.
pub(crate) fn edition_card(lang: Lang, edition: &Edition) -> AnyView {
    let href = format!("/editions/{}", edition.slug);
    let windows = edition.schedule.windows;
    let season =
        domain::schedule::Window { opens: windows.call.opens, closes: windows.announcement };
    let season = format!(
        "{} – {}",
        times::format_day(lang, season.opens),
        times::format_day(lang, season.closes)
    );
    let (title, host) =
        (editions::edition_title(lang, edition), editions::edition_host(lang, edition));
    let lead = editions::season_sentence(lang, edition);
    let badge = season::phase_badge(lang, edition);
    view! {
        <li>
            <article class="edition-card">
                <p class="card-marks">{badge}</p>
                <h2 class="edition-title"><a class="card-link" href=href>{title}</a></h2>
                <p class="edition-when">{season}</p>
                <p class="edition-lead">{lead}</p>
                <p class="edition-host">{host}</p>
            </article>
        </li>
    }
    .into_any()
}
