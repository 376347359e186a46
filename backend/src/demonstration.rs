//! A season for trying everything: the real season of 2024 in the middle of its vote, with an
//! account for every role.

mod phases;
mod queries;
mod samples;

use chrono::Duration;
use domain::refusal::{AccountRefusal, EditionRefusal};
use domain::season::Season;
use phrases::{Lang, season as words};

use crate::accounts::{Admin, InvitationRequest, Role};
use crate::editions::{ClockMove, Edition, NewEdition, Office};
use crate::{Backend, Error, Refusal, Result};

pub(crate) use phases::is_past_sample;
pub use phases::{DemoPhase, SamplePicture};

/// The password of every demonstration account. It is public in the output and in the handbook, so
/// these accounts may exist only in a demonstration.
pub const DEMO_PASSWORD: &str = "hanpyo-demo-2024";
/// The end of every demonstration account's address. Nobody can receive mail there (RFC 2606), so
/// no real account has such an address.
pub const DEMO_DOMAIN: &str = "@hanpyo.example";
/// Judges on the demonstration's panel.
const JUDGES: usize = 7;

/// Returns whether an address belongs to a demonstration account. Such an account works only in a
/// demonstration, whatever its password is by now.
#[must_use]
pub fn is_demo_address(email: &str) -> bool {
    email.to_ascii_lowercase().ends_with(DEMO_DOMAIN)
}

/// A demonstration account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoSignIn {
    /// The address.
    pub email: String,
    /// What they can do.
    pub role: Role,
    /// The password.
    pub password: &'static str,
}

/// The demonstration, whether it was loaded now or earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demonstration {
    /// The edition's short name in URLs.
    pub slug: String,
    /// The accounts: the administrator, the judges, the member.
    pub sign_ins: Vec<DemoSignIn>,
}

impl Backend {
    /// Loads the demonstration season, one day into its vote, and its accounts. It keeps what
    /// exists and completes an interrupted load, so every start may call it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] outside a demonstration; [`Error::Season`] if the file is faulty.
    pub async fn load_demonstration(&self, file: &str) -> Result<Demonstration> {
        if !self.settings().demonstration {
            return Err(Error::Forbidden);
        }
        let season = Season::parse_season_file(file).map_err(Error::Season)?;
        let slug = season.slug.as_str();
        let Some(edition) = self.find_or_create_demonstration(slug, file).await? else {
            return Ok(Demonstration { slug: slug.to_owned(), sign_ins: Vec::new() });
        };
        if !edition.schedule.published && edition.rehearsal {
            self.publish_demonstration(&edition).await?;
        }
        let invites = demonstration_invitations(&edition, &season);
        let people: Vec<_> = invites.iter().map(|(invite, _)| invite.email.clone()).collect();
        let known =
            queries::emails_with_account(&mut *self.acquire_connection().await?, &people).await?;
        let missing: Vec<_> =
            invites.iter().filter(|(invite, _)| !known.contains(&invite.email)).collect();
        for pair in missing.chunks(2) {
            self.create_account_pair(pair).await?;
        }
        let sign_ins = invites.into_iter().map(|(InvitationRequest { email, role, .. }, _)| {
            DemoSignIn { email, role, password: DEMO_PASSWORD }
        });
        Ok(Demonstration { slug: slug.to_owned(), sign_ins: sign_ins.collect() })
    }

    /// Returns `None` if somebody has removed the edition: its name is not used again.
    async fn find_or_create_demonstration(
        &self,
        slug: &str,
        file: &str,
    ) -> Result<Option<Edition>> {
        let new = NewEdition { file: file.to_owned(), rehearsal: true };
        match self.find_edition(slug).await {
            Err(Error::NotFound) => {}
            found => return found.map(Some),
        }
        match self.create_edition(&Admin::local_operator(), &new).await {
            // Another start of the program was faster.
            Ok(_) | Err(Error::Refused(Refusal::Edition(EditionRefusal::SlugTaken))) => {}
            Err(error) => return Err(error),
        }
        match self.find_edition(slug).await {
            Err(Error::NotFound) => Ok(None),
            found => found.map(Some),
        }
    }

    /// Publishes the edition and sets its clock one day into the vote, when there is most to try.
    async fn publish_demonstration(&self, edition: &Edition) -> Result<()> {
        let opens = edition.schedule.windows.voting.opens;
        let operator = Admin::local_operator();
        self.move_clock(&operator, edition, ClockMove::To(opens + Duration::days(1))).await?;
        self.save_office(&operator, edition, sample_office()).await?;
        self.publish_edition(&operator, edition).await
    }

    /// Makes two accounts at a time. The password pool hashes two at once, and more would time out.
    async fn create_account_pair(&self, pair: &[&(InvitationRequest, String)]) -> Result<()> {
        let create = async |person: Option<&&(InvitationRequest, String)>| {
            let Some((invite, name)) = person else { return Ok(()) };
            match self.create_account(&Admin::local_operator(), invite, name, DEMO_PASSWORD).await {
                // The account exists already, or the panel is fixed because somebody has moved the
                // clock to the judging. The demonstration goes on without that judge.
                Err(Error::Refused(
                    Refusal::Account(AccountRefusal::AddressTaken)
                    | Refusal::Edition(EditionRefusal::PanelFixed),
                )) => Ok(()),
                done => done,
            }
        };
        tokio::try_join!(create(pair.first()), create(pair.get(1))).map(|_| ())
    }
}

/// Returns the invitations and the names of all people in the demonstration.
/// Whom people can ask in a demonstration: nobody real.
fn sample_office() -> Office {
    use phrases::{Lang, office as say};
    Office {
        department: say::sample_department(Lang::Ko).to_owned(),
        telephone: "042-000-0000".to_owned(),
        email: "contact@hanpyo.example".to_owned(),
        hours: say::sample_hours(Lang::Ko).to_owned(),
        privacy_officer: say::sample_officer(Lang::Ko).to_owned(),
        privacy_contact: "privacy@hanpyo.example".to_owned(),
        ..Office::default()
    }
}

fn demonstration_invitations(
    edition: &Edition,
    season: &Season,
) -> Vec<(InvitationRequest, String)> {
    let lang = Lang::Ko;
    let sample = season.cases.iter().find(|case| case.sample).or(season.cases.first());
    let organisation =
        sample.map_or(words::demo_organisation(lang), |case| case.organisation.as_str());
    let invite = |local: &str, role: Role| InvitationRequest {
        email: format!("{local}{DEMO_DOMAIN}"),
        role,
        organisation: if role == Role::Member { organisation.to_owned() } else { String::new() },
        edition: edition.id,
        lang,
    };
    let mut people =
        vec![(invite("admin", Role::Administrator), words::demo_admin(lang).to_owned())];
    people.extend((1..=JUDGES).map(|number| {
        (invite(&format!("judge{number}"), Role::Judge), words::demo_judge(lang, number))
    }));
    people.push((invite("member", Role::Member), words::demo_member(lang).to_owned()));
    people
}
