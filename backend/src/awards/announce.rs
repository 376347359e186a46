//! The announcement: computed, stored and dated in one transaction, and taken back only while
//! nobody can have read it.

use domain::ids::AccountId;
use domain::result::ResultDocument;
use domain::schedule::{DeliberationOpen, Instant};
use domain::text::{FieldProblem, Minutes};
use phrases::{Lang, awards as words};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{compute, queries};
use crate::accounts::Admin;
use crate::audit::{self, Act};
use crate::editions::{self, Edition};
use crate::{Backend, Error, Refusal, Result};

/// When the result is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// At once.
    Now,
    /// At the planned announcement; at once where that is over.
    AtPlanned,
}

/// An announcement as it is typed.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// When.
    pub when: Release,
    /// What was said and decided; published with the result. May be empty.
    pub minutes: String,
    /// The word that was typed to confirm, in any language of the interface.
    pub confirm: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// From when on the result may be read, by the edition's clock.
    pub released_at: Instant,
    /// The SHA-256 of the document in hexadecimal.
    pub sha256: String,
}

impl Backend {
    /// Announces the result: computes it once more, stores its bytes, and dates the release.
    ///
    /// # Errors
    /// [`Refusal::NotConfirmed`]; [`Error::Invalid`] for minutes that cannot be taken;
    /// [`Refusal::WrongState`] where it was announced before; whatever the standings refuse.
    pub async fn announce(
        &self,
        admin: &Admin,
        _open: DeliberationOpen,
        edition: &Edition,
        announcement: &Announcement,
    ) -> Result<Announced> {
        if !is_the_word(&announcement.confirm) {
            return Err(Error::Refused(Refusal::NotConfirmed));
        }
        let minutes = match Minutes::parse(&announcement.minutes) {
            Ok(minutes) => minutes.to_string(),
            Err(FieldProblem::Missing) => String::new(),
            Err(problem) => return Err(Error::field("minutes", problem)),
        };
        let (actor, when) = (admin.id(), announcement.when);
        self.close_due_polls(edition).await?;
        let (backend, edition) = (self.clone(), edition.clone());
        self.transact(move |connection| {
            Box::pin(async move {
                let edition = locked(connection, &edition).await?;
                if edition.schedule.released_at.is_some() {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                // Somebody may have moved the windows since the page was opened.
                edition.deliberation_open()?;
                let document = compute(&backend, connection, &edition).await?;
                store(connection, actor, &edition, &document, (when, &minutes)).await
            })
        })
        .await
    }

    /// Takes an announcement back that nobody can have read yet.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] from the instant of the release on, and where there is none.
    pub async fn withdraw_announcement(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        let (actor, edition) = (admin.id(), edition.clone());
        self.transact(move |connection| {
            Box::pin(async move {
                let edition = locked(connection, &edition).await?;
                let embargoed =
                    edition.schedule.released_at.is_some_and(|instant| edition.now < instant);
                let decision = queries::decision(connection, edition.id).await?;
                let decision =
                    decision.filter(|_| embargoed).ok_or(Error::Refused(Refusal::WrongState))?;
                queries::delete_result(connection, edition.id).await?;
                queries::set_release(connection, edition.id, None).await?;
                let act = Act {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: "result.announcement_withdrawn",
                    subject: &edition.slug,
                    detail: json!({
                        "sha256": decision.sha256,
                        "released_at": edition.schedule.released_at,
                    }),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }
}

/// Whether this is the word that confirms an announcement.
fn is_the_word(typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    [Lang::Ko, Lang::En].into_iter().any(|lang| typed == words::announce_word(lang))
}

/// The edition as it stands now, held against everybody else until the transaction ends.
async fn locked(connection: &mut PgConnection, edition: &Edition) -> Result<Edition> {
    crate::editions::queries::lock(connection, edition.id).await?;
    editions::queries::edition(connection, &edition.slug).await?.ok_or(Error::NotFound)
}

async fn store(
    connection: &mut PgConnection,
    actor: AccountId,
    edition: &Edition,
    document: &ResultDocument,
    (when, minutes): (Release, &str),
) -> Result<Announced> {
    let bytes = document
        .canonical_bytes()
        .map_err(|_| Error::Internal("the result cannot be written down"))?;
    let sha256 = Sha256::digest(&bytes);
    let released_at = match when {
        Release::Now => edition.now,
        Release::AtPlanned => edition.now.max(edition.schedule.windows.announcement),
    };
    let row = queries::ResultRow {
        edition: edition.id,
        document: &bytes,
        sha256: sha256.as_slice(),
        approved_by: actor,
        minutes,
    };
    queries::insert_result(connection, &row).await?;
    queries::set_release(connection, edition.id, Some(released_at)).await?;
    let sha256 = hex::encode(sha256);
    let act = Act {
        actor: Some(actor),
        edition: Some(edition.id),
        action: "result.announced",
        subject: &edition.slug,
        detail: json!({ "sha256": sha256, "released_at": released_at }),
    };
    audit::record(connection, act).await?;
    Ok(Announced { released_at, sha256 })
}
