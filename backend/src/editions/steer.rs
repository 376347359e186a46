//! What an administrator may do to a running edition: publish it, archive it, move its windows, and
//! move the clock of a rehearsal. Each act is in the audit trail.

use domain::refusal::EditionRefusal;
use domain::schedule::{Instant, Windows};

use super::{Edition, queries};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Error, Refusal, Result, awards};

/// How the clock of a rehearsal is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockMove {
    /// To this instant. The clock runs on from there.
    To(Instant),
    /// By this many seconds.
    By(i64),
    /// Back to the real time.
    ToRealTime,
}

/// The largest offset of a rehearsal's clock, in seconds. A season of twenty years ago can be
/// replayed, and no sum overflows a timestamp.
const FARTHEST_SECONDS: i64 = 20 * 366 * 24 * 3600;

impl Backend {
    /// Publishes an edition.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] if it is published already; [`EditionRefusal::TooLateToPublish`] for a real one
    /// whose vote or judging is over, or whose vote has begun without a case.
    pub async fn publish_edition(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        if !edition.rehearsal && edition.schedule.windows.is_vote_or_judging_over(edition.now) {
            return Err(Error::Refused(Refusal::Edition(EditionRefusal::TooLateToPublish)));
        }
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let begun =
                    !edition.rehearsal && edition.now >= edition.schedule.windows.voting.opens;
                if begun && !queries::has_accepted_case(connection, edition.id).await? {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::TooLateToPublish)));
                }
                if !queries::mark_published(connection, edition.id).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::EditionPublished,
                    subject: &edition.slug,
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Archives an announced edition for ever. The time is that of its own clock.
    ///
    /// # Errors
    /// [`Error::Phase`] before the result is public; [`Refusal::WrongState`] if it is archived.
    pub async fn archive_edition(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        edition.results_public()?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::mark_archived(connection, edition.id, edition.now).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::EditionArchived,
                    subject: &edition.slug,
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Moves the windows. After the release of the result they can no longer be moved.
    ///
    /// # Errors
    /// [`EditionRefusal::Windows`] if they do not follow each other; [`EditionRefusal::WindowPassed`] if an
    /// opening or a close in the past would change; [`EditionRefusal::JudgingCutShort`] if a judging
    /// that runs would end within the hour; [`EditionRefusal::Sealed`] for the windows of the call and
    /// the vote after the rules are sealed; [`EditionRefusal::CountsRead`] for all windows after
    /// somebody has read counts; [`EditionRefusal::PollOutside`] if a poll's own window would not fit;
    /// [`Refusal::Stale`] if the windows changed since `edition` was read;
    /// [`Refusal::WrongState`] after the release.
    pub async fn move_windows(
        &self,
        admin: &Admin,
        edition: &Edition,
        windows: Windows,
    ) -> Result<()> {
        let windows = windows
            .check_windows()
            .map_err(|_| Error::Refused(Refusal::Edition(EditionRefusal::Windows)))?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::lock_edition(connection, edition.id).await?;
                let seen = edition.schedule.windows;
                let edition = queries::find_edition(connection, &edition.slug)
                    .await?
                    .ok_or(Error::NotFound)?;
                if edition.schedule.windows != seen {
                    return Err(Error::Refused(Refusal::Stale));
                }
                let unfinished = awards::has_cases_below_quorum(connection, &edition).await?;
                let (voting, old) = (windows.voting, edition.schedule.windows);
                let moved = (windows.call, voting) != (old.call, old.voting);
                if edition.counts_read && (moved || windows.judging != old.judging) {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::CountsRead)));
                }
                if edition.sealed && moved {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed)));
                }
                let own = edition.rulebook.polls.iter().filter_map(|poll| poll.window);
                if !own.into_iter().all(|window| window.is_within(voting)) {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::PollOutside)));
                }
                // Nothing has happened in an edition that is not public yet.
                let runs = edition.schedule.published;
                if runs && edition.schedule.windows.cuts_judging_short(&windows, edition.now) {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::JudgingCutShort)));
                }
                if runs
                    && !edition.schedule.windows.may_change_to(&windows, edition.now, unfinished)
                {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::WindowPassed)));
                }
                if !queries::update_windows(connection, edition.id, &windows).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::EditionWindowsMoved,
                    subject: &edition.slug,
                    detail: serde_json::json!({
                        "from": edition.schedule.windows,
                        "to": windows,
                    }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Moves the clock of a rehearsal.
    ///
    /// # Errors
    /// [`EditionRefusal::NotARehearsal`] for a real edition, because nobody may move its clock.
    pub async fn move_clock(
        &self,
        admin: &Admin,
        edition: &Edition,
        change: ClockMove,
    ) -> Result<()> {
        let offset = match change {
            ClockMove::ToRealTime => 0,
            ClockMove::By(seconds) => edition.clock_offset_seconds.saturating_add(seconds),
            // `now` includes the current offset, so the difference to the target is added to it.
            ClockMove::To(instant) => {
                edition.clock_offset_seconds.saturating_add((instant - edition.now).num_seconds())
            }
        };
        let offset = offset.clamp(-FARTHEST_SECONDS, FARTHEST_SECONDS);
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::update_clock_offset(connection, edition.id, offset).await? {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::NotARehearsal)));
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::EditionClockMoved,
                    subject: &edition.slug,
                    detail: serde_json::json!({
                        "from_seconds": edition.clock_offset_seconds,
                        "to_seconds": offset,
                    }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}
