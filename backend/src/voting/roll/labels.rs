//! The labels of a roll: which it has already, and new ones at its end.

use std::collections::HashSet;

use domain::limits;
use domain::roll::{RollLabel, RollRefusal, fold_label_text};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::admin::{AddedLabels, RollAction, refuse_roll};
use super::queries;
use crate::accounts::Admin;
use crate::audit::AuditAction;
use crate::editions::{Edition, Poll};
use crate::{Backend, Result};

fn label_texts(labels: &[RollLabel]) -> Vec<String> {
    labels.iter().map(|label| label.label_text().to_owned()).collect()
}

/// Returns those labels that the roll has already, compared as people read them.
async fn find_known_labels(
    connection: &mut PgConnection,
    place: &RollAction,
    labels: &[String],
) -> Result<Vec<String>> {
    place.require_unsealed(connection).await?;
    let known = queries::read_labels(connection, place.poll).await?;
    if known.len().saturating_add(labels.len()) > limits::ROLL_ENTRIES {
        return refuse_roll(RollRefusal::TooLong);
    }
    let known: HashSet<String> = known.iter().map(|label| fold_label_text(label)).collect();
    let is_known = |label: &&String| known.contains(&fold_label_text(label));
    Ok(labels.iter().filter(is_known).cloned().collect())
}

impl Backend {
    /// Returns those of these labels that the roll has already, without adding any.
    ///
    /// # Errors
    /// [`RollRefusal::Sealed`], [`RollRefusal::TooLong`].
    pub async fn check_roll_labels(
        &self,
        admin: &Admin,
        (edition, poll): (&Edition, &Poll),
        labels: &[RollLabel],
    ) -> Result<Vec<String>> {
        let (place, labels) = (RollAction::for_poll(admin, edition, poll), label_texts(labels));
        self.run_in_transaction(move |connection| {
            Box::pin(async move { find_known_labels(connection, &place, &labels).await })
        })
        .await
    }

    /// Adds labels to the end of a roll. Adds all or nothing.
    ///
    /// # Errors
    /// [`RollRefusal::Sealed`], [`RollRefusal::TooLong`].
    pub async fn add_to_roll(
        &self,
        admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        labels: Vec<RollLabel>,
    ) -> Result<AddedLabels> {
        let (place, labels) = (RollAction::for_poll(admin, edition, poll), label_texts(&labels));
        let done = self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let twice = find_known_labels(connection, &place, &labels).await?;
                if !twice.is_empty() {
                    return Ok(AddedLabels::Twice(twice));
                }
                let before = queries::count_roll(connection, place.poll).await?.entries;
                let ids: Vec<Uuid> = labels.iter().map(|_| Uuid::new_v4()).collect();
                queries::insert_roll_entries(connection, place.poll, &ids, &labels, before).await?;
                place
                    .record_act(
                        connection,
                        AuditAction::RollExtended,
                        json!({ "entries": labels.len() }),
                    )
                    .await?;
                Ok(AddedLabels::All(labels.len()))
            })
        });
        done.await
    }
}
