//! What an administrator may do to a running edition: publish it, move its windows, and, in a
//! rehearsal, move its clock. Each act leaves its trace in the trail.

use domain::schedule::{Instant, Windows};

use super::{Edition, queries};
use crate::accounts::Admin;
use crate::audit::{self, Act};
use crate::{Backend, Error, Refusal, Result, awards};

/// How the clock of a rehearsal is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockMove {
    /// To this instant, from where it runs on.
    To(Instant),
    /// By so many seconds.
    By(i64),
    /// Back to the real time.
    ToRealTime,
}

/// The farthest a rehearsal's clock may be from the real one: a season of twenty years ago can be
/// walked, and no sum overflows a timestamp.
const FARTHEST_SECONDS: i64 = 20 * 366 * 24 * 3600;

impl Backend {
    /// Lets the public know of an edition.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] where it is public already.
    pub async fn publish_edition(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        let (actor, edition) = (admin.id(), edition.clone());
        self.transact(move |connection| {
            Box::pin(async move {
                if !queries::publish(connection, edition.id).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = Act {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: "edition.published",
                    subject: &edition.slug,
                    detail: serde_json::json!({}),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }

    /// Closes an announced edition for good, by its own clock.
    ///
    /// # Errors
    /// [`Error::Phase`] before the result is public; [`Refusal::WrongState`] where it is archived.
    pub async fn archive_edition(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        edition.results_public()?;
        let (actor, edition) = (admin.id(), edition.clone());
        self.transact(move |connection| {
            Box::pin(async move {
                if !queries::archive(connection, edition.id, edition.now).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = Act {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: "edition.archived",
                    subject: &edition.slug,
                    detail: serde_json::json!({}),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }

    /// Moves the windows. Once the result is released the season is history and stays as it was.
    ///
    /// # Errors
    /// [`Refusal::Windows`] where they do not follow each other; [`Refusal::WindowPassed`] where
    /// what has opened or closed already would change; [`Refusal::Sealed`] for the vote's once
    /// the rules are sealed; [`Refusal::PollOutside`] where a poll's own window would not fit;
    /// [`Refusal::WrongState`] after the release.
    pub async fn move_windows(
        &self,
        admin: &Admin,
        edition: &Edition,
        windows: Windows,
    ) -> Result<()> {
        let windows = windows.checked().map_err(|_| Error::Refused(Refusal::Windows))?;
        let (actor, edition) = (admin.id(), edition.clone());
        self.transact(move |connection| {
            Box::pin(async move {
                queries::lock(connection, edition.id).await?;
                let seen = edition.schedule.windows;
                let edition =
                    queries::edition(connection, &edition.slug).await?.ok_or(Error::NotFound)?;
                if edition.schedule.windows != seen {
                    return Err(Error::Refused(Refusal::Stale));
                }
                let unfinished = awards::is_unfinished(connection, edition.id).await?;
                let voting = windows.voting;
                if edition.sealed && voting != edition.schedule.windows.voting {
                    return Err(Error::Refused(Refusal::Sealed));
                }
                let own = edition.rulebook.polls.iter().filter_map(|poll| poll.window);
                if !own.into_iter().all(|window| window.is_within(voting)) {
                    return Err(Error::Refused(Refusal::PollOutside));
                }
                if !edition.schedule.windows.may_become(&windows, edition.now, unfinished) {
                    return Err(Error::Refused(Refusal::WindowPassed));
                }
                if !queries::update_windows(connection, edition.id, &windows).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = Act {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: "edition.windows_moved",
                    subject: &edition.slug,
                    detail: serde_json::json!({
                        "from": edition.schedule.windows,
                        "to": windows,
                    }),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }

    /// Moves the clock of a rehearsal.
    ///
    /// # Errors
    /// [`Refusal::NotARehearsal`] for a real edition: its clock is nobody's to move.
    pub async fn move_clock(
        &self,
        admin: &Admin,
        edition: &Edition,
        change: ClockMove,
    ) -> Result<()> {
        let offset = match change {
            ClockMove::ToRealTime => 0,
            ClockMove::By(seconds) => edition.clock_offset_seconds.saturating_add(seconds),
            // `now` carries the present offset; the difference to the target is what is missing.
            ClockMove::To(instant) => {
                edition.clock_offset_seconds.saturating_add((instant - edition.now).num_seconds())
            }
        };
        let offset = offset.clamp(-FARTHEST_SECONDS, FARTHEST_SECONDS);
        let (actor, edition) = (admin.id(), edition.clone());
        self.transact(move |connection| {
            Box::pin(async move {
                if !queries::update_clock(connection, edition.id, offset).await? {
                    return Err(Error::Refused(Refusal::NotARehearsal));
                }
                let act = Act {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: "edition.clock_moved",
                    subject: &edition.slug,
                    detail: serde_json::json!({
                        "from_seconds": edition.clock_offset_seconds,
                        "to_seconds": offset,
                    }),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }
}
