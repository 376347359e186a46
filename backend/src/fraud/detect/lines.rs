//! The lines about held ballots: holds, once their ballots are in the log, and rulings, once their holds
//! are queued.

mod queries;

use domain::ids::{EditionId, PollId};
use domain::record::entry::{HoldReasons, LogEntry, Verdict};
use domain::record::tree::Hash;
use domain::record::words::{RecordSlug, Reviewer};
use sqlx::PgConnection;

use super::WatchedPoll;
use crate::record::queue_line_of_poll;
use crate::{Backend, Error, Result};

impl Backend {
    /// Queues the lines of holds whose ballots are in the log, and of rulings whose holds are queued.
    pub(super) async fn queue_fraud_lines(&self, watched: &WatchedPoll) -> Result<()> {
        let (edition, poll) = (watched.edition, watched.poll);
        let mut connection = self.acquire_connection().await?;
        if !queries::has_due_lines(&mut connection, edition, poll).await? {
            return Ok(());
        }
        drop(connection);
        let (backend, slug) = (self.clone(), watched.slug.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // No such line may come after the result's.
                if !super::queries::lock_before_counts(connection, poll).await? {
                    return Ok(());
                }
                backend.queue_fraud_lines_within(connection, edition, poll, &slug).await
            })
        })
        .await
    }

    /// Queues the lines as [`Backend::queue_fraud_lines`], in the caller's transaction, which has locked
    /// the edition.
    pub(crate) async fn queue_fraud_lines_within(
        &self,
        connection: &mut PgConnection,
        edition: EditionId,
        poll: PollId,
        slug: &str,
    ) -> Result<()> {
        let slug: RecordSlug = slug.parse().map_err(|_| Error::Internal("a poll's short name"))?;
        for due in queries::take_due_holds(connection, edition, poll).await? {
            let entry = LogEntry::Hold {
                poll: slug.clone(),
                ballot: due.ballot,
                reasons: parse_reasons(&due.reasons)?,
                evidence: Hash::sha256_of(due.evidence.as_bytes()),
            };
            queue_line_of_poll(connection, (edition, poll), &entry).await?;
        }
        for due in queries::take_due_rulings(connection, poll).await? {
            let reviewer = |account: uuid::Uuid| self.reviewer_name(edition, account);
            let entry = LogEntry::Ruling {
                poll: slug.clone(),
                ballot: due.ballot,
                verdict: if due.counts { Verdict::Count } else { Verdict::Exclude },
                reason: due.reason.parse().map_err(|_| Error::Internal("a reason's code"))?,
                reviewers: [reviewer(due.proposed_by)?, reviewer(due.confirmed_by)?],
            };
            queue_line_of_poll(connection, (edition, poll), &entry).await?;
        }
        Ok(())
    }

    /// Returns the name of a reviewer in the record: the same in an edition, and nobody's name.
    pub(crate) fn reviewer_name(
        &self,
        edition: EditionId,
        account: uuid::Uuid,
    ) -> Result<Reviewer> {
        let key = self.keys.edition_key(edition)?;
        let mac = key.compute_mac("reviewer", &[account.as_bytes()]);
        let name = format!("R-{}", hex::encode(&mac[..4]));
        name.parse().map_err(|_| Error::Internal("a reviewer's name"))
    }
}

fn parse_reasons(codes: &str) -> Result<HoldReasons> {
    let codes: std::result::Result<Vec<RecordSlug>, _> = codes.split(',').map(str::parse).collect();
    let codes = codes.map_err(|_| Error::Internal("a reason's code"))?;
    HoldReasons::from_codes(codes).ok_or(Error::Internal("a hold without reasons"))
}
