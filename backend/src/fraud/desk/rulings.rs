//! Rulings: one person proposes what becomes of a group's ballots, and another, who has opened the
//! evidence since, confirms it. Nothing changes any more once somebody has read counts.

mod queries;

use domain::fraud::RulingReason;
use domain::ids::{BallotId, EditionId};
use domain::refusal::FraudRefusal;
use domain::schedule::Instant;
use domain::text::{Comment, FieldProblem};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use self::queries::{NewProposal, Proposal};
use super::find_group;
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::fraud::detect;
use crate::{Backend, Error, Refusal, Result};

/// What one person proposes about a group, or about one of its ballots.
#[derive(Clone, Debug)]
pub struct RulingProposal {
    /// The group.
    pub group: Uuid,
    /// The ballot if the ruling is about one alone, for example after an appeal.
    pub ballot: Option<BallotId>,
    /// The reason, which says whether the ballots count.
    pub reason: RulingReason,
    /// What colleagues should know. May be empty; it is never published.
    pub note: String,
    /// The secret of the browser. Only its keyed hash is kept, so that two accounts on one browser
    /// are pointed out.
    pub browser: String,
}

impl Backend {
    /// Stores a proposal about the ballots of a group that were held when this person last opened its
    /// evidence. It replaces one that nobody has confirmed.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a note that is too long; [`FraudRefusal::OtherGroup`] for a ballot that is
    /// not held in this group; [`FraudRefusal::EvidenceUnseen`] if this person has never opened the group; [`Error::NotFound`]
    /// without such a group; [`FraudRefusal::CountsRead`] once counts were read.
    pub async fn propose_ruling(
        &self,
        admin: &Admin,
        edition: &Edition,
        proposal: RulingProposal,
    ) -> Result<()> {
        let note = match Comment::parse_comment(&proposal.note) {
            Ok(note) => note.as_text().to_owned(),
            Err(FieldProblem::Missing) => String::new(),
            Err(problem) => return Err(Error::invalid_field("note", problem)),
        };
        let browser = self.browser_hash(edition.id, &proposal.browser)?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_before_counts(connection, &edition).await?;
                let (group, ballot) = (proposal.group, proposal.ballot);
                if !queries::has_held_ballots(connection, edition.id, group, None).await? {
                    return Err(Error::NotFound);
                }
                if !queries::has_held_ballots(connection, edition.id, group, ballot).await? {
                    return Err(Error::Refused(Refusal::Fraud(FraudRefusal::OtherGroup)));
                }
                let seen = queries::find_last_view(connection, group, actor).await?;
                let held_until =
                    seen.ok_or(Error::Refused(Refusal::Fraud(FraudRefusal::EvidenceUnseen)))?;
                if queries::withdraw_proposals(connection, group, ballot).await? > 0 {
                    let (action, detail) =
                        (AuditAction::FraudRulingWithdrawn, json!({ "ballot": ballot }));
                    note_ruling(connection, (actor, edition.id), action, group, detail).await?;
                }
                let row = NewProposal {
                    id: Uuid::new_v4(),
                    group,
                    ballot,
                    reason: proposal.reason,
                    note: &note,
                    actor,
                    browser,
                    held_until,
                };
                queries::insert_proposal(connection, &row).await?;
                let detail = json!({ "ballot": ballot, "reason": proposal.reason.code() });
                let action = AuditAction::FraudRulingProposed;
                note_ruling(connection, (actor, edition.id), action, group, detail).await
            })
        })
        .await
    }

    /// Withdraws a proposal that nobody has confirmed.
    ///
    /// # Errors
    /// [`FraudRefusal::ProposalGone`] without such a proposal; [`FraudRefusal::CountsRead`].
    pub async fn withdraw_ruling(
        &self,
        admin: &Admin,
        edition: &Edition,
        proposal: Uuid,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_before_counts(connection, &edition).await?;
                let found = find_open_proposal(connection, edition.id, proposal).await?;
                queries::withdraw_proposals(connection, found.group, found.ballot).await?;
                let detail = json!({ "reason": found.reason, "ballot": found.ballot });
                let action = AuditAction::FraudRulingWithdrawn;
                note_ruling(connection, (actor, edition.id), action, found.group, detail).await
            })
        })
        .await
    }

    /// Confirms a proposal. It applies to the ballots that the first person saw; whoever opens the
    /// evidence after the proposal sees these, too. Ballots that were held since wait for another
    /// ruling. The lines of the record are queued by the detector's job.
    ///
    /// # Errors
    /// [`FraudRefusal::SecondPerson`] for the person who proposed it;
    /// [`FraudRefusal::EvidenceUnseen`] if this person has not opened the group since the proposal;
    /// [`FraudRefusal::ProposalGone`] if it was withdrawn or confirmed; [`FraudRefusal::CountsRead`].
    pub async fn confirm_ruling(
        &self,
        admin: &Admin,
        edition: &Edition,
        proposal: Uuid,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let now = lock_before_counts(connection, &edition).await?;
                let found = find_open_proposal(connection, edition.id, proposal).await?;
                if found.proposed_by == actor {
                    return Err(Error::Refused(Refusal::Fraud(FraudRefusal::SecondPerson)));
                }
                if !queries::has_seen_since(connection, &found, actor).await? {
                    return Err(Error::Refused(Refusal::Fraud(FraudRefusal::EvidenceUnseen)));
                }
                queries::confirm_proposal(connection, proposal, (actor, now)).await?;
                let ballots = queries::apply_ruling(connection, proposal, &found).await?;
                // Not while the poll is open: an exact number would show the last ballot.
                let exact = find_group(connection, &edition, found.group).await?.exact;
                let detail = json!({
                    "reason": found.reason, "ballot": found.ballot,
                    "ballots": exact.then_some(ballots),
                });
                let action = AuditAction::FraudRulingConfirmed;
                note_ruling(connection, (actor, edition.id), action, found.group, detail).await
            })
        })
        .await
    }

    /// Gives one answer to these revisions of appeals of a group. Whether the ballots count is a ruling of
    /// two people, not this answer. Texts that changed since, or have an answer, are passed over.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an answer that is empty or too long; [`FraudRefusal::AppealChanged`] if
    /// every text was passed over; [`FraudRefusal::CountsRead`].
    pub async fn answer_appeals(
        &self,
        admin: &Admin,
        edition: &Edition,
        (group, shown): (Uuid, Vec<(Uuid, i32)>),
        answer: &str,
    ) -> Result<()> {
        let answer = Comment::parse_comment(answer)
            .map_err(|problem| Error::invalid_field("answer", problem))?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_before_counts(connection, &edition).await?;
                let about = (edition.id, group, actor);
                let text = answer.as_text();
                let answered = queries::store_answers(connection, about, &shown, text).await?;
                let detail = match answered.as_slice() {
                    [] => return Err(Error::Refused(Refusal::Fraud(FraudRefusal::AppealChanged))),
                    [appeal] => json!({ "appeal": appeal }),
                    many => json!({ "appeals": many.len() }),
                };
                let action = AuditAction::FraudAppealAnswered;
                note_ruling(connection, (actor, edition.id), action, group, detail).await
            })
        })
        .await
    }
}

/// Locks the edition as an announcement does, and refuses once counts were read or announced: who
/// knows them must not choose the ballots that count.
/// Returns the edition's instant.
pub(in crate::fraud) async fn lock_before_counts(
    connection: &mut PgConnection,
    edition: &Edition,
) -> Result<Instant> {
    editions::queries::lock_edition(connection, edition.id).await?;
    let now = editions::queries::find_edition(connection, &edition.slug).await?;
    let now = now.ok_or(Error::NotFound)?;
    let over = now.counts_read || now.schedule.released_at.is_some();
    if over || detect::has_result_line(connection, edition.id).await? {
        return Err(Error::Refused(Refusal::Fraud(FraudRefusal::CountsRead)));
    }
    if now.schedule.archived_at.is_some() {
        return Err(Error::Refused(Refusal::WrongState));
    }
    Ok(now.now)
}

async fn find_open_proposal(
    connection: &mut PgConnection,
    edition: EditionId,
    proposal: Uuid,
) -> Result<Proposal> {
    let found = queries::find_open_proposal(connection, edition, proposal).await?;
    found.ok_or(Error::Refused(Refusal::Fraud(FraudRefusal::ProposalGone)))
}

async fn note_ruling(
    connection: &mut PgConnection,
    (actor, edition): (domain::ids::AccountId, EditionId),
    action: AuditAction,
    group: Uuid,
    detail: serde_json::Value,
) -> Result<()> {
    let subject = group.to_string();
    let act = NewAuditEvent {
        actor: Some(actor),
        edition: Some(edition),
        action,
        subject: &subject,
        detail,
    };
    audit::record_event(connection, act).await
}
