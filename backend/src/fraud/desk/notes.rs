//! Notes of administrators about a group, for each other.

mod queries;

use chrono::{DateTime, Utc};
use domain::text::Comment;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::find_group;
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

/// A note about a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupNote {
    /// The text.
    pub message: String,
    /// The name of the writer; empty if the account is gone.
    pub writer: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

impl Backend {
    /// Stores a note about a group, held or not.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a text that is empty or too long; [`Error::NotFound`] without such a group.
    pub async fn write_group_note(
        &self,
        admin: &Admin,
        edition: &Edition,
        group: Uuid,
        message: &str,
    ) -> Result<()> {
        let message = Comment::parse_comment(message)
            .map_err(|problem| Error::invalid_field("message", problem))?;
        // Nothing is written after the erase day, when all of it was deleted, nor in a drill.
        let record = self.edition_record(edition.id).await?;
        if self.is_drill() || record.is_some_and(|record| record.erased_at.is_some()) {
            return Err(Error::Refused(Refusal::WrongState));
        }
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                find_group(connection, &edition, group).await?;
                queries::insert_note(connection, group, actor, message.as_text()).await?;
                let subject = group.to_string();
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::FraudNoteWritten,
                    subject: &subject,
                    detail: json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Returns the notes about a group, the newest first.
pub(super) async fn read_notes(
    connection: &mut PgConnection,
    group: Uuid,
) -> Result<Vec<GroupNote>> {
    queries::read_notes(connection, group).await
}
