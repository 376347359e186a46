//! The demonstration's season in every phase, so that a visitor sees all of it in two minutes. Each phase
//! is an edition of its own: the record of a poll that has closed never opens again, so no season can be
//! walked back.

use chrono::Duration;
use domain::ids::{CaseId, EditionId};
use domain::refusal::JudgingRefusal;
use domain::schedule::Phase;
use domain::season::Season;
use phrases::{Lang, awards as result_words, season as words};
use uuid::Uuid;

use super::samples::{past_slug, sample_picks, sample_scores, write_past_season};
use super::{DEMO_DOMAIN, JUDGES, queries};
use crate::accounts::{Admin, Judge};
use crate::awards::{AnnouncementForm, ReleaseTime};
use crate::cases::{UploadedPicture, store_sample_picture};
use crate::editions::{ClockMove, Edition};
use crate::judging::SheetSaveOutcome;
use crate::voting::{Ballot, CastOutcome, VoterToken};
use crate::{Backend, Error, Refusal, Result};

/// Sample ballots of each phase after the vote.
const SAMPLE_VOTERS: usize = 60;

/// The years of the past editions.
const PAST_YEARS: [i32; 3] = [2021, 2022, 2023];

/// Whether an edition is one of the demonstration's past ones.
pub(crate) fn is_past_sample(slug: &str) -> bool {
    PAST_YEARS.iter().any(|year| slug == past_slug(*year))
}

/// A picture of a case of the demonstration.
#[derive(Clone, Debug)]
pub struct SamplePicture {
    /// The place of the case in the season file, counted from 0.
    pub case: usize,
    /// The file.
    pub file: &'static [u8],
    /// What it shows.
    pub alt: String,
}

/// A part of the season that the demonstration shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoPhase {
    /// Organisations send cases.
    Call,
    /// People vote. This is the demonstration's own season.
    Vote,
    /// Judges score.
    Judging,
    /// Administrators decide.
    Decision,
    /// The result is public.
    Result,
}

impl DemoPhase {
    /// All phases, in the order of a season.
    pub const ALL: [Self; 5] =
        [Self::Call, Self::Vote, Self::Judging, Self::Decision, Self::Result];

    /// Returns the phase in which its edition stands.
    #[must_use]
    pub const fn shown_phase(self) -> Phase {
        match self {
            Self::Call => Phase::Call,
            Self::Vote => Phase::Voting,
            Self::Judging => Phase::Judging,
            Self::Decision => Phase::Deliberation,
            Self::Result => Phase::Announced,
        }
    }

    const fn slug_ending(self) -> &'static str {
        match self {
            Self::Call => "-call",
            Self::Vote => "",
            Self::Judging => "-judging",
            Self::Decision => "-decision",
            Self::Result => "-result",
        }
    }

    /// Returns the short name of its edition, of the demonstration with this short name.
    #[must_use]
    pub fn edition_slug(self, demonstration: &str) -> String {
        format!("{demonstration}{}", self.slug_ending())
    }
}

impl Backend {
    /// Returns the short name of the demonstration's season, once its other phases are loaded.
    #[must_use]
    pub fn demonstration_slug(&self) -> Option<&str> {
        self.demonstration.get().map(String::as_str)
    }

    /// Returns which phase of the demonstration an edition shows.
    #[must_use]
    pub fn demonstrated_phase(&self, slug: &str) -> Option<DemoPhase> {
        let demonstration = self.demonstration_slug()?;
        DemoPhase::ALL.into_iter().find(|phase| phase.edition_slug(demonstration) == slug)
    }

    /// Loads the demonstration's season once more for each phase but the vote, with sample ballots and
    /// sheets as far as the phase has them, and puts the pictures to the cases. It keeps what exists and
    /// goes on with a load that was cut off. [`Self::load_demonstration`] has made the accounts.
    ///
    /// # Errors
    /// [`Error::Forbidden`] outside a demonstration; [`Error::Season`] if the file is faulty.
    pub async fn load_demonstration_phases(
        &self,
        file: &str,
        pictures: &[SamplePicture],
    ) -> Result<()> {
        if !self.settings().demonstration {
            return Err(Error::Forbidden);
        }
        let season = Season::parse_season_file(file).map_err(Error::Season)?;
        self.read_database_clock().await?;
        for phase in DemoPhase::ALL {
            if phase != DemoPhase::Vote {
                self.load_demonstration_phase(file, season.slug.as_str(), phase).await?;
            }
        }
        for year in PAST_YEARS {
            self.load_past_edition(file, &season, year).await?;
        }
        self.put_sample_pictures(season.slug.as_str(), pictures).await?;
        _ = self.demonstration.set(season.slug.as_str().to_owned());
        Ok(())
    }

    /// Loads a short edition of an earlier year, with its result, and archives it.
    async fn load_past_edition(&self, file: &str, season: &Season, year: i32) -> Result<()> {
        let (slug, text) = write_past_season(file, season, year)?;
        self.load_sample_edition(&slug, &text, (DemoPhase::Result, true)).await
    }

    async fn load_demonstration_phase(
        &self,
        file: &str,
        demonstration: &str,
        phase: DemoPhase,
    ) -> Result<()> {
        let slug = phase.edition_slug(demonstration);
        let mut text: serde_json::Value = serde_json::from_str(file)
            .map_err(|_| Error::Internal("a season file that is no JSON"))?;
        text["slug"] = slug.clone().into();
        self.load_sample_edition(&slug, &text.to_string(), (phase, false)).await
    }

    /// Makes an edition from a season file, brings it into a phase, and archives it if that is asked.
    async fn load_sample_edition(
        &self,
        slug: &str,
        file: &str,
        (phase, archived): (DemoPhase, bool),
    ) -> Result<()> {
        let Some(edition) = self.find_or_create_demonstration(slug, file).await? else {
            return Ok(());
        };
        // The notice comes last. Whoever has removed it, or moved the clock since, has done so on purpose.
        let told =
            queries::has_had_notice(&mut *self.acquire_connection().await?, edition.id).await?;
        if told || edition.schedule.archived_at.is_some() {
            return Ok(());
        }
        if !edition.schedule.published {
            self.publish_demonstration(&edition).await?;
        }
        self.fill_demonstration_phase(&edition, phase).await?;
        let (operator, edition) = (Admin::local_operator(), self.find_edition(slug).await?);
        if archived {
            self.archive_edition(&operator, &edition).await?;
        }
        let notice = (words::demo_notice(Lang::Ko), words::demo_notice_text(Lang::Ko));
        self.publish_notice(&operator, &edition, notice).await
    }

    /// Puts each picture to its case in every edition of the demonstration, if the case has none.
    async fn put_sample_pictures(
        &self,
        demonstration: &str,
        pictures: &[SamplePicture],
    ) -> Result<()> {
        let mut cases = Vec::new();
        for phase in DemoPhase::ALL {
            match self.find_edition(&phase.edition_slug(demonstration)).await {
                Err(Error::NotFound) => {}
                found => cases.push(
                    queries::cases_with_pictures(&mut *self.acquire_connection().await?, found?.id)
                        .await?,
                ),
            }
        }
        for picture in pictures {
            let of_edition = cases.iter().filter_map(|cases| cases.get(picture.case));
            let bare: Vec<CaseId> =
                of_edition.filter(|(_, pictured)| !pictured).map(|(case, _)| *case).collect();
            if !bare.is_empty() {
                let uploaded =
                    UploadedPicture { file: picture.file.to_vec(), alt: picture.alt.clone() };
                store_sample_picture(self, &bare, uploaded).await?;
            }
        }
        Ok(())
    }

    async fn fill_demonstration_phase(&self, edition: &Edition, phase: DemoPhase) -> Result<()> {
        let windows = edition.schedule.windows;
        if phase == DemoPhase::Call {
            return self
                .set_demonstration_clock(edition, windows.call.opens + Duration::days(2))
                .await;
        }
        self.seat_sample_judges(edition).await?;
        self.cast_sample_ballots(edition).await?;
        self.set_demonstration_clock(edition, windows.judging.opens + Duration::hours(1)).await?;
        let edition = &self.find_edition(&edition.slug).await?;
        self.close_sample_polls(edition).await?;
        self.sign_sample_sheets(edition, phase).await?;
        if phase == DemoPhase::Judging {
            return Ok(());
        }
        self.set_demonstration_clock(edition, windows.judging.closes + Duration::hours(1)).await?;
        if phase == DemoPhase::Result {
            self.announce_sample_result(&self.find_edition(&edition.slug).await?).await?;
        }
        Ok(())
    }

    async fn set_demonstration_clock(
        &self,
        edition: &Edition,
        to: domain::schedule::Instant,
    ) -> Result<()> {
        self.move_clock(&Admin::local_operator(), edition, ClockMove::To(to)).await
    }

    /// Seats the demonstration's judges. They have accounts, and the panel is open during the vote.
    async fn seat_sample_judges(&self, edition: &Edition) -> Result<()> {
        for judge in self.sample_judges().await? {
            match self.seat_judge(&Admin::local_operator(), edition, judge.account_id()).await {
                // A load that was cut off has come further.
                Ok(()) | Err(Error::Refused(Refusal::Edition(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn sample_judges(&self) -> Result<Vec<Judge>> {
        let emails: Vec<String> =
            (1..=JUDGES).map(|number| format!("judge{number}{DEMO_DOMAIN}")).collect();
        let ids =
            queries::judges_with_emails(&mut *self.acquire_connection().await?, &emails).await?;
        Ok(ids.into_iter().map(Judge::of_demonstration).collect())
    }

    async fn sample_cases(&self, edition: EditionId) -> Result<Vec<CaseId>> {
        let cases =
            queries::cases_with_pictures(&mut *self.acquire_connection().await?, edition).await?;
        Ok(cases.into_iter().map(|(case, _)| case).collect())
    }

    /// Casts the same ballots whenever it is called: a sample voter who has voted is refused.
    async fn cast_sample_ballots(&self, edition: &Edition) -> Result<()> {
        let edition = self.find_edition(&edition.slug).await?;
        if edition.voting_open().is_err() {
            return Ok(());
        }
        let cases = self.sample_cases(edition.id).await?;
        let Some(poll) = edition.polls.first() else { return Ok(()) };
        self.open_poll(&edition, poll).await?;
        for voter in 0..SAMPLE_VOTERS {
            let key = self.derive_voter_key(edition.id, poll.id, &format!("sample:{voter}"))?;
            let token = self.open_voter_session("", poll.id, key).await?;
            let ballot =
                Ballot { idempotency_key: Uuid::new_v4(), picks: sample_picks(voter, &cases) };
            let token = VoterToken::with_cookie(poll, &token);
            match self.cast_ballot(&token, &edition, &ballot).await? {
                CastOutcome::Accepted(_) | CastOutcome::AlreadyVoted(_) | CastOutcome::HandedIn => {
                }
            }
        }
        Ok(())
    }

    /// Closes the polls and writes their lines, which the jobs do once the server runs.
    async fn close_sample_polls(&self, edition: &Edition) -> Result<()> {
        for _ in 0..3 {
            self.close_due_polls(edition).await?;
            self.sequence_records().await?;
            self.check_ballots_for_fraud().await?;
        }
        Ok(())
    }

    /// Fills and signs sheets: all of them, or while the judging goes on each judge some, and the first
    /// judge none, because visitors sign in as that one.
    async fn sign_sample_sheets(&self, edition: &Edition, phase: DemoPhase) -> Result<()> {
        let cases = self.sample_cases(edition.id).await?;
        let Ok(open) = edition.judging_open() else { return Ok(()) };
        for (number, judge) in self.sample_judges().await?.iter().enumerate() {
            let share = if phase == DemoPhase::Judging { number } else { JUDGES };
            for (at, case) in cases.iter().take(cases.len() * share / JUDGES).enumerate() {
                let form = sample_scores(edition, number, at);
                let saved = self.save_sheet(judge, open, edition, *case, 0, &form).await;
                let version = match saved {
                    Ok(SheetSaveOutcome::Saved { version, .. }) => version,
                    Ok(SheetSaveOutcome::Stale(stored)) => stored.version,
                    Err(Error::Refused(Refusal::Judging(JudgingRefusal::AlreadySigned))) => {
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                self.sign_sheet(judge, open, edition, *case, version).await?;
            }
        }
        Ok(())
    }

    async fn announce_sample_result(&self, edition: &Edition) -> Result<()> {
        let Ok(open) = edition.deliberation_open() else { return Ok(()) };
        let form = AnnouncementForm {
            when: ReleaseTime::Now,
            minutes: words::demo_minutes(Lang::Ko).to_owned(),
            confirm: result_words::announce_word(Lang::Ko).to_owned(),
            without_judges: false,
        };
        self.announce_result(&Admin::local_operator(), open, edition, &form).await.map(drop)
    }
}
