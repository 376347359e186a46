//! Links for observers, who may read the tables of a closed poll before the public may.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use domain::text::{FieldProblem, parse_text_line};
use serde_json::json;
use uuid::Uuid;

use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, Result};

/// The longest name of an observer, in characters.
const LONGEST_NAME: usize = 80;
/// The longest validity of a link, in days: from the sealing to the erase day of a long season.
const LONGEST_LINK_DAYS: i32 = 180;

/// A link, without its secret.
#[derive(Clone, Debug)]
pub struct ObserverLink {
    /// The link's id.
    pub id: Uuid,
    /// The observer's name.
    pub name: String,
    /// When it was made, by the real clock.
    pub created_at: DateTime<Utc>,
    /// Until when it is valid, by the real clock.
    pub expires_at: DateTime<Utc>,
}

impl Backend {
    /// Makes a link for an observer. Returns its secret, which is not stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `name` or `days` outside the limits.
    pub async fn make_observer_link(
        &self,
        admin: &Admin,
        edition: &Edition,
        name: &str,
        days: i32,
    ) -> Result<String> {
        let name = parse_text_line(name, LONGEST_NAME)
            .map_err(|problem| Error::invalid_field("name", problem))?;
        if !(1..=LONGEST_LINK_DAYS).contains(&days) {
            return Err(Error::invalid_field("days", FieldProblem::NotAllowed));
        }
        let (actor, edition, token) =
            (admin.account_id(), edition.clone(), self.keys.issue_token(TokenKind::Observer));
        let hash = keys::hash_token(&token);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let id = Uuid::new_v4();
                let new =
                    queries::NewObserverLink { id, edition: edition.id, name: &name, hash, days };
                queries::insert_link(connection, &new).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::RecordObserverLinkMade,
                    subject: &name,
                    detail: json!({ "link": id, "days": days }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await?;
        Ok(token)
    }

    /// Returns the valid links of an edition, the newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn observer_links(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Vec<ObserverLink>> {
        queries::list_valid_links(&mut *self.acquire_connection().await?, edition).await
    }

    /// Ends a link at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the link does not exist or is no longer valid.
    pub async fn end_observer_link(
        &self,
        admin: &Admin,
        edition: &Edition,
        link: Uuid,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let name = queries::end_link(connection, edition.id, link).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::RecordObserverLinkEnded,
                    subject: &name.ok_or(Error::NotFound)?,
                    detail: json!({ "link": link }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Checks whether this is the secret of a valid link of this edition.
    pub(super) async fn has_valid_observer_link(
        &self,
        edition: EditionId,
        token: &str,
    ) -> Result<bool> {
        if !self.keys.is_own_token(TokenKind::Observer, token) {
            return Ok(false);
        }
        let hash = keys::hash_token(token);
        queries::is_link_valid(&mut *self.acquire_connection().await?, edition, &hash).await
    }
}
