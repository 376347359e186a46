//! Sealing the rules and opening the polls: the first lines of a record.

use domain::ids::AccountId;
use domain::record::entry::Entry;
use domain::record::tree::Hash;
use domain::record::words::Second;
use domain::result::ResultEdition;
use domain::rulebook::Paper;
use serde_json::json;
use sqlx::PgConnection;

use super::rulebook::{SealedPoll, SealedRulebook};
use super::{queries, queue, slug};
use crate::accounts::Admin;
use crate::audit::{self, Act};
use crate::editions::{self, Edition, Poll};
use crate::{Backend, Error, Refusal, Result};

impl Backend {
    /// Seals the rules of an edition: from now on they and the ballot papers stay as they are.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] where they are sealed, and while cases are still sent in or
    /// decided on: those would come too late for the ballot papers. [`Error::Phase`] before the
    /// edition is published.
    pub async fn seal(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        let (backend, actor, slug) = (self.clone(), admin.id(), edition.slug.clone());
        self.transact(move |connection| {
            Box::pin(async move {
                let edition = locked(connection, &slug).await?;
                let waiting = queries::undecided_cases(connection, edition.id).await?;
                // The call is over as soon as the gallery of the next phase could be made.
                let early = edition.now < edition.schedule.windows.call.closes;
                if !edition.schedule.published || early || waiting {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                if !backend.seal_within(connection, &edition, Some(actor)).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                Ok(())
            })
        })
        .await
    }

    /// Opens a poll whose window has begun, once: the first line of the poll in the record. Where
    /// nobody has sealed the rules, this does.
    ///
    /// # Errors
    /// [`Error::Phase`] outside the poll's window.
    pub async fn open_poll(&self, edition: &Edition, poll: &Poll) -> Result<()> {
        let open = poll.opened_at.is_some();
        if open || queries::is_open(&mut *self.connection().await?, poll.id).await? {
            return Ok(());
        }
        let (backend, slug, name) = (self.clone(), edition.slug.clone(), poll.slug().to_owned());
        self.transact(move |connection| {
            Box::pin(async move {
                let edition = locked(connection, &slug).await?;
                let poll = edition.poll(&name)?;
                edition.poll_open(poll)?;
                backend.open_within(connection, &edition, poll).await
            })
        })
        .await
    }

    /// Opens a poll that is not open; the caller holds the edition. The instant is that of the
    /// window, so that no ballot that was admitted in time lies before it.
    pub(super) async fn open_within(
        &self,
        connection: &mut PgConnection,
        edition: &Edition,
        poll: &Poll,
    ) -> Result<()> {
        self.seal_within(connection, edition, None).await?;
        let at = poll.window.opens;
        if queries::open(connection, poll.id, at).await? {
            let entry = Entry::Open { poll: slug(poll.slug())?, at: Second::of(at) };
            queue(connection, edition.id, &entry).await?;
        }
        Ok(())
    }

    /// Seals the rules; false where somebody has. The caller holds the edition.
    async fn seal_within(
        &self,
        connection: &mut PgConnection,
        edition: &Edition,
        actor: Option<AccountId>,
    ) -> Result<bool> {
        if queries::is_sealed(connection, edition.id).await? {
            return Ok(false);
        }
        let bytes = canonical(connection, edition).await?;
        let sha256 = Hash::of(&bytes);
        queries::insert_record(connection, edition.id, &self.origin(edition), &bytes).await?;
        let entry = Entry::Rulebook { edition: slug(&edition.slug)?, sha256 };
        queue(connection, edition.id, &entry).await?;
        let act = Act {
            actor,
            edition: Some(edition.id),
            action: "record.sealed",
            subject: &edition.slug,
            detail: json!({ "sha256": sha256.to_string() }),
        };
        audit::record(connection, act).await?;
        Ok(true)
    }
}

/// The edition as it stands now, held against whoever would change it. Ballots go on: their rows
/// refer to an edition, and this lock lets them.
pub(super) async fn locked(connection: &mut PgConnection, slug: &str) -> Result<Edition> {
    queries::hold_edition(connection, slug).await?;
    editions::queries::edition(connection, slug).await?.ok_or(Error::NotFound)
}

/// The document that is sealed: the rules, each poll with its window and its ballot paper.
async fn canonical(connection: &mut PgConnection, edition: &Edition) -> Result<Vec<u8>> {
    let mut polls = Vec::with_capacity(edition.polls.len());
    for poll in &edition.polls {
        let (track, listed) = match &poll.rules.cases {
            Paper::All => (None, false),
            Paper::Track(track) => (Some(track.as_str()), false),
            Paper::List => (None, true),
        };
        let asked = queries::PaperOf { edition: edition.id, poll: poll.id, track, listed };
        let paper = queries::paper(connection, &asked).await?;
        polls.push(SealedPoll::new(&poll.rules, poll.window, paper));
    }
    let about = ResultEdition {
        slug: edition.slug.clone(),
        title: edition.title.clone(),
        host: edition.host.clone(),
    };
    SealedRulebook::new(about, polls, &edition.rulebook)
        .canonical_bytes()
        .map_err(|_| Error::Internal("a rulebook that cannot be written down"))
}
