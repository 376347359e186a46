//! Screening (적격심사): staff accept or reject what was sent in. They never edit a case.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, TrackId};
use domain::schedule::ScreeningOpen;
use domain::text::{Email, Reason};
use phrases::Lang;
use phrases::screening as words;
use serde_json::json;
use sqlx::PgConnection;

use super::{Case, CaseState, queries};
use crate::accounts::Admin;
use crate::audit::{self, Act};
use crate::editions::Edition;
use crate::keys::Keys;
use crate::mail::{self, Letter};
use crate::{Backend, Error, Refusal, Result, record};

/// A case in the list of the screening.
#[derive(Clone, Debug)]
pub struct ScreeningLine {
    /// Its key.
    pub id: CaseId,
    /// Its title.
    pub title: String,
    /// Who sent it in.
    pub organisation_name: String,
    /// The field it competes in.
    pub track: TrackId,
    /// Invented for a demonstration.
    pub sample: bool,
    /// Waiting, accepted or rejected.
    pub state: CaseState,
    /// When it was sent in, by the edition's clock.
    pub submitted_at: Option<DateTime<Utc>>,
}

/// What staff decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It takes part.
    Accept,
    /// It does not, for a reason that its organisation reads.
    Reject(String),
    /// The decision is taken back; it waits again.
    Undo,
}

/// A decision with its words checked.
enum Checked {
    Accept,
    Reject(Reason),
    Undo,
}

impl Checked {
    fn action(&self) -> &'static str {
        match self {
            Self::Accept => "case.accepted",
            Self::Reject(_) => "case.rejected",
            Self::Undo => "case.decision_undone",
        }
    }

    fn state(&self) -> CaseState {
        match self {
            Self::Accept => CaseState::Accepted,
            Self::Reject(_) => CaseState::Rejected,
            Self::Undo => CaseState::Submitted,
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Reject(reason) => Some(reason.as_str()),
            Self::Accept | Self::Undo => None,
        }
    }

    /// Whether a case in this state can be decided on so.
    fn fits(&self, state: CaseState) -> bool {
        match self {
            Self::Accept | Self::Reject(_) => state == CaseState::Submitted,
            Self::Undo => matches!(state, CaseState::Accepted | CaseState::Rejected),
        }
    }
}

impl Backend {
    /// What was sent in, waiting cases first. Drafts and withdrawn cases are none of the staff's
    /// business.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn screening(&self, _admin: &Admin, edition: &Edition) -> Result<Vec<ScreeningLine>> {
        queries::screening(&mut *self.connection().await?, edition.id).await
    }

    /// A whole case as the public would see it.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a draft.
    pub async fn screening_case(
        &self,
        _admin: &Admin,
        edition: &Edition,
        case: CaseId,
    ) -> Result<Case> {
        let found = queries::case(&mut *self.connection().await?, case).await?;
        found
            .filter(|case| case.edition == edition.id && !case.state.can_be_written())
            .ok_or(Error::NotFound)
    }

    /// Decides on a case and tells its organisation by mail. `version` is the one that was read:
    /// nobody accepts words that they have not seen.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a missing reason; [`Error::NotFound`]; [`Refusal::Stale`];
    /// [`Refusal::WrongState`].
    pub async fn decide(
        &self,
        admin: &Admin,
        _open: ScreeningOpen,
        edition: &Edition,
        case: CaseId,
        version: i32,
        decision: Decision,
    ) -> Result<()> {
        let decision = match decision {
            Decision::Accept => Checked::Accept,
            Decision::Undo => Checked::Undo,
            Decision::Reject(reason) => Checked::Reject(
                Reason::parse(&reason).map_err(|problem| Error::field("reason", problem))?,
            ),
        };
        let (admin, edition, keys) = (*admin, edition.clone(), self.keys.clone());
        let link = format!("{}/organisation/cases/{case}", self.settings().public_url);
        self.transact(move |connection| {
            Box::pin(async move {
                // What stands on a sealed ballot paper stays there, and nothing joins it.
                record::hold_unsealed(connection, edition.id).await?;
                let found = locked(connection, &edition, case).await?;
                if !decision.fits(found.state) {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                if found.version != version {
                    return Err(Error::Refused(Refusal::Stale));
                }
                let (state, reason) = (decision.state(), decision.reason());
                queries::decide(connection, case, state, reason, edition.now).await?;
                tell(connection, &keys, &found, &decision, &link).await?;
                let act = Act {
                    actor: Some(admin.id()),
                    edition: Some(edition.id),
                    action: decision.action(),
                    subject: &case.to_string(),
                    detail: json!({ "from": found.state.as_str(), "to": state.as_str() }),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }
}

async fn locked(connection: &mut PgConnection, edition: &Edition, case: CaseId) -> Result<Case> {
    queries::lock(connection, case).await?;
    queries::case(connection, case)
        .await?
        .filter(|case| case.edition == edition.id && case.state != CaseState::Draft)
        .ok_or(Error::NotFound)
}

/// A letter to each member of the organisation, in the language of each.
async fn tell(
    connection: &mut PgConnection,
    keys: &Keys,
    case: &Case,
    decision: &Checked,
    link: &str,
) -> Result<()> {
    for (address, lang) in queries::members(connection, case.organisation).await? {
        let to = Email::parse(&address)
            .map_err(|_| Error::Internal("an account has an address that is none"))?;
        let (subject, body) = letter(lang, &case.title, decision, link);
        mail::post(connection, keys, &Letter { edition: None, to, subject, body }).await?;
    }
    Ok(())
}

fn letter(lang: Lang, title: &str, decision: &Checked, link: &str) -> (String, String) {
    match decision {
        Checked::Accept => {
            (words::mail_accepted_subject(lang).to_owned(), words::mail_accepted(lang, link, title))
        }
        Checked::Reject(reason) => (
            words::mail_rejected_subject(lang).to_owned(),
            words::mail_rejected(lang, link, reason.as_str(), title),
        ),
        Checked::Undo => {
            (words::mail_undone_subject(lang).to_owned(), words::mail_undone(lang, link, title))
        }
    }
}
