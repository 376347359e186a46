//! Recommendations (추천): an organisation, usually a neighbourhood office, recommends another one, which may begin a case by it,
//! or a person of merit. Who is recommended accepts or declines.

mod letters;
mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, EditionId, OrganisationId};
use domain::limits;
use domain::refusal::CaseRefusal;
use domain::schedule::{ScreeningOpen, SubmissionsOpen};
use domain::text::{CaseTitle, Email, FieldProblem, OrganisationName, PersonName, Reason};
use phrases::Lang;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::begin::insert_new_case;
use super::organisations::queries::find_organisation_by_name;
use crate::accounts::{Admin, Member};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::error::FieldFaults;
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, Refusal, Result};

/// What became of a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecommendationState {
    /// Nothing yet.
    Asked,
    /// It was accepted.
    Accepted,
    /// It was declined.
    Declined,
}

impl RecommendationState {
    const ALL: [Self; 3] = [Self::Asked, Self::Accepted, Self::Declined];

    const fn stored_word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.stored_word() == word)
    }
}

/// A recommendation.
#[derive(Clone, Debug)]
pub struct Recommendation {
    /// Its key.
    pub id: Uuid,
    /// Its edition.
    pub edition: EditionId,
    /// The short name of its edition.
    pub edition_slug: String,
    /// Who recommends.
    pub by: OrganisationId,
    /// The name of who recommends.
    pub by_name: String,
    /// The organisation that is recommended; `None` for a person.
    pub organisation: Option<OrganisationId>,
    /// Its name.
    pub organisation_name: Option<String>,
    /// The person who is recommended. `None` for an organisation, and once the name is gone.
    pub person_name: Option<String>,
    /// The person's address.
    pub person_email: Option<String>,
    /// What it is about.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub state: RecommendationState,
    /// When it was made, by the real clock.
    pub asked_at: DateTime<Utc>,
}

/// A recommendation as it was typed.
#[derive(Clone, Debug, Default)]
pub struct RecommendationForm {
    /// Whether it is about a person.
    pub is_person: bool,
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the person.
    pub person: String,
    /// The person's address.
    pub email: String,
    /// What it is about.
    pub subject: String,
    /// Why.
    pub reason: String,
}

/// A checked form.
struct ParsedForm {
    organisation: Option<OrganisationName>,
    person: Option<(PersonName, Email)>,
    subject: CaseTitle,
    reason: Reason,
}

impl RecommendationForm {
    fn parse_form(&self) -> Result<ParsedForm> {
        let mut faults = FieldFaults::default();
        let subject = faults.check_field("subject", CaseTitle::parse(&self.subject));
        let reason = faults.check_field("reason", Reason::parse_reason(&self.reason));
        let (mut organisation, mut person) = (None, None);
        if self.is_person {
            let name = faults.check_field("person", PersonName::parse(&self.person));
            let email = faults.check_field("email", Email::parse(&self.email));
            person = name.zip(email);
        } else {
            let name = OrganisationName::parse(&self.organisation);
            organisation = faults.check_field("organisation", name);
        }
        match (subject, reason) {
            (Some(subject), Some(reason)) if faults.is_empty() => {
                Ok(ParsedForm { organisation, person, subject, reason })
            }
            _ => Err(faults.into_error()),
        }
    }
}

impl Backend {
    /// Recommends an organisation or a person while cases can be sent in or screened, and asks them by mail.
    ///
    /// # Errors
    /// [`Error::Invalid`], also for a name that no organisation with an account has, and for the own one;
    /// [`CaseRefusal::TooManyRecommendations`]; [`Error::Phase`].
    pub async fn recommend(
        &self,
        member: &Member,
        _open: ScreeningOpen,
        edition: &Edition,
        form: &RecommendationForm,
        lang: Lang,
    ) -> Result<()> {
        let form = form.parse_form()?;
        let (backend, member, edition) = (self.clone(), *member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let now =
                    editions::check_phase_again(connection, &edition, Edition::screening_open);
                let now = now.await?;
                if form.organisation.is_some() {
                    // It could not send a case in any more.
                    now.submissions_open()?;
                }
                let by = member.organisation_id();
                super::queries::lock_organisation(connection, by).await?;
                let organisation = match &form.organisation {
                    None => None,
                    Some(name) => {
                        let found = find_organisation_by_name(connection, name.as_str()).await?;
                        let wrong = Error::invalid_field("organisation", FieldProblem::UnknownName);
                        Some(found.filter(|found| *found != by).ok_or(wrong)?)
                    }
                };
                let token = backend.keys.issue_token(TokenKind::Recommendation);
                let person =
                    form.person.as_ref().map(|(name, mail)| (name.as_str(), mail.as_str()));
                let new = queries::NewRecommendation {
                    id: Uuid::new_v4(),
                    edition: edition.id,
                    by,
                    asked_by: member.account_id(),
                    organisation,
                    person,
                    token_hash: person.map(|_| keys::hash_token(&token)),
                    subject: form.subject.as_text(),
                    reason: form.reason.as_text(),
                };
                let max = limits::RECOMMENDATIONS;
                if !queries::insert_recommendation(connection, &new, max).await? {
                    let full = CaseRefusal::TooManyRecommendations { max };
                    return Err(Error::Refused(Refusal::Case(full)));
                }
                letters::queue_letters(&backend, connection, &edition, (new.id, &token), lang)
                    .await?;
                record_recommendation(
                    connection,
                    (Some(&member), edition.id, new.id),
                    AuditAction::RecommendationMade,
                )
                .await
            })
        })
        .await
    }

    /// Returns what the member's organisation has recommended, and what recommends it.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn own_recommendations(
        &self,
        member: &Member,
    ) -> Result<(Vec<Recommendation>, Vec<Recommendation>)> {
        let mut connection = self.acquire_connection().await?;
        let own = Some(member.organisation_id());
        let made = queries::Wanted { by: own, ..Default::default() };
        let received = queries::Wanted { organisation: own, ..Default::default() };
        Ok((
            queries::select_recommendations(&mut connection, &made).await?,
            queries::select_recommendations(&mut connection, &received).await?,
        ))
    }

    /// Returns all recommendations of an edition, for the staff.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn recommendations(
        &self,
        _admin: &Admin,
        edition: &Edition,
    ) -> Result<Vec<Recommendation>> {
        let wanted = queries::Wanted { edition: Some(edition.id), ..Default::default() };
        queries::select_recommendations(&mut *self.acquire_connection().await?, &wanted).await
    }

    /// Returns the recommendation that a person's link leads to.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that was never made, or whose recommendation is gone.
    pub async fn recommendation_by_link(&self, token: &str) -> Result<Recommendation> {
        if !self.keys.is_own_token(TokenKind::Recommendation, token) {
            return Err(Error::NotFound);
        }
        let hash = keys::hash_token(token);
        let wanted = queries::Wanted { token_hash: Some(&hash), ..Default::default() };
        let found =
            queries::select_recommendations(&mut *self.acquire_connection().await?, &wanted)
                .await?;
        found.into_iter().next().ok_or(Error::NotFound)
    }

    /// Answers as the recommended person. The name of one who declines, also after having accepted, is removed at once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`CaseRefusal::RecommendationAnswered`].
    pub async fn answer_by_link(&self, token: &str, accepts: bool) -> Result<()> {
        let found = self.recommendation_by_link(token).await?;
        let state = match accepts {
            true => RecommendationState::Accepted,
            false => RecommendationState::Declined,
        };
        self.run_in_transaction(move |connection| {
            Box::pin(async move { answer_within(connection, None, &found, (state, None)).await })
        })
        .await
    }

    /// Accepts as the recommended organisation: a case with the recommended subject is begun.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`CaseRefusal::RecommendationAnswered`]; those of [`Backend::begin_case`].
    pub async fn accept_recommendation(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        id: Uuid,
    ) -> Result<CaseId> {
        let found = self.received_recommendation(member, edition, id).await?;
        let track =
            self.tracks_and_districts(edition.id).await?.tracks.first().map(|track| track.id);
        let track = track.ok_or(Error::Internal("an edition has no track"))?;
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let subject = &found.subject;
                let case = insert_new_case(connection, &member, &edition, track, subject).await?;
                let answer = (RecommendationState::Accepted, Some(case));
                answer_within(connection, Some(&member), &found, answer).await?;
                queries::mark_recommended(connection, case, found.by).await?;
                Ok(case)
            })
        })
        .await
    }

    /// Declines as the recommended organisation.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`CaseRefusal::RecommendationAnswered`].
    pub async fn decline_recommendation(
        &self,
        member: &Member,
        edition: &Edition,
        id: Uuid,
    ) -> Result<()> {
        let (found, member) = (self.received_recommendation(member, edition, id).await?, *member);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let answer = (RecommendationState::Declined, None);
                answer_within(connection, Some(&member), &found, answer).await
            })
        })
        .await
    }

    async fn received_recommendation(
        &self,
        member: &Member,
        edition: &Edition,
        id: Uuid,
    ) -> Result<Recommendation> {
        let wanted = queries::Wanted {
            id: Some(id),
            edition: Some(edition.id),
            organisation: Some(member.organisation_id()),
            ..Default::default()
        };
        let found =
            queries::select_recommendations(&mut *self.acquire_connection().await?, &wanted)
                .await?;
        found.into_iter().next().ok_or(Error::NotFound)
    }
}

/// Stores an answer with the case that was begun by it, and notes it in the trail.
async fn answer_within(
    connection: &mut PgConnection,
    member: Option<&Member>,
    found: &Recommendation,
    (state, case): (RecommendationState, Option<CaseId>),
) -> Result<()> {
    if !queries::store_answer(connection, found.id, state, case).await? {
        return Err(Error::Refused(Refusal::Case(CaseRefusal::RecommendationAnswered)));
    }
    let about = (member, found.edition, found.id);
    record_recommendation(connection, about, AuditAction::RecommendationAnswered).await
}

async fn record_recommendation(
    connection: &mut PgConnection,
    (member, edition, id): (Option<&Member>, EditionId, Uuid),
    action: AuditAction,
) -> Result<()> {
    let act = NewAuditEvent {
        actor: member.map(Member::account_id),
        edition: Some(edition),
        action,
        subject: &id.to_string(),
        detail: json!({}),
    };
    audit::record_event(connection, act).await
}
