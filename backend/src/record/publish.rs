//! What is published of a closed poll: the votes without names (cast-vote records), and the
//! openings, which show that these votes are the ballots of the record.

mod queries;

use domain::ids::PollId;
use domain::record::cvr::{write_cvr, write_openings};
use domain::record::receipt::Opening;
use domain::rulebook::Openings;

use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Result};

/// Bytes in one part of a stored table: a reader holds no more of it in memory.
const PART: usize = 1024 * 1024;

/// A table of a closed poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// What each ballot says, sorted, without anything that leads to the ballot.
    CastVotes,
    /// The key and the picks of each ballot by its number.
    Openings,
}

impl Table {
    const fn word(self) -> &'static str {
        match self {
            Self::CastVotes => "cvr",
            Self::Openings => "openings",
        }
    }
}

/// A table to hand out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is stored, in so many parts.
    Stored {
        /// How many.
        parts: i32,
    },
    /// It was made for this reader alone and is stored nowhere.
    Made(String),
}

impl Backend {
    /// A table of a closed poll. Everybody may read it from the release of the result on (openings
    /// only where the rules say so), whoever has an observer's link from the close of the poll on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] before; [`Error::Internal`] for openings after the erase day, and where
    /// a ballot was changed.
    pub async fn published(
        &self,
        edition: &Edition,
        poll: &Poll,
        table: Table,
        observer: Option<&str>,
    ) -> Result<Published> {
        self.may_read(edition, poll, table, observer).await?;
        let kept = is_kept(poll, table);
        if kept {
            if let Some(parts) = self.stored_parts(poll.id, table).await? {
                return Ok(Published::Stored { parts });
            }
            self.publish_tables(edition, poll).await?;
            let parts = self.stored_parts(poll.id, table).await?;
            let parts = parts.ok_or(Error::Internal("a table that was not stored"))?;
            return Ok(Published::Stored { parts });
        }
        // One at a time: a table of a million ballots takes memory.
        let _turn = self.publishing.lock().await;
        let openings = self.openings(edition, poll).await?;
        Ok(Published::Made(written(table, openings).await?))
    }

    /// One part of a stored table, from 0.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn published_part(&self, poll: PollId, table: Table, part: i32) -> Result<Vec<u8>> {
        let found = queries::part(&mut *self.connection().await?, poll, table.word(), part).await?;
        found.ok_or(Error::NotFound)
    }

    async fn may_read(
        &self,
        edition: &Edition,
        poll: &Poll,
        table: Table,
        observer: Option<&str>,
    ) -> Result<()> {
        if poll.closed_at.is_none() {
            return Err(Error::Forbidden);
        }
        if is_kept(poll, table) && edition.results_public().is_ok() {
            return Ok(());
        }
        match observer {
            Some(token) if self.observes(edition.id, token).await? => Ok(()),
            _ => Err(Error::Forbidden),
        }
    }

    /// Stores the tables of a closed poll that everybody may read one day, where they are not
    /// stored: once the edition's key is destroyed they cannot be made any more.
    pub(super) async fn publish_tables(&self, edition: &Edition, poll: &Poll) -> Result<()> {
        let _turn = self.publishing.lock().await;
        let mut missing = Vec::new();
        for table in [Table::CastVotes, Table::Openings] {
            let stored = self.stored_parts(poll.id, table).await?.is_some();
            if is_kept(poll, table) && !stored {
                missing.push(table);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let openings = self.openings(edition, poll).await?;
        for table in missing {
            let text = written(table, openings.clone()).await?;
            let poll = poll.id;
            self.transact(move |connection| {
                Box::pin(async move {
                    for (part, content) in (0..).zip(text.as_bytes().chunks(PART)) {
                        queries::insert(connection, poll, table.word(), part, content).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        }
        Ok(())
    }

    async fn openings(&self, edition: &Edition, poll: &Poll) -> Result<Vec<Opening>> {
        let mut openings = Vec::new();
        let mut connection = self.connection().await?;
        self.each_ballot(&mut connection, edition, poll, |opening| openings.push(opening)).await?;
        Ok(openings)
    }

    async fn stored_parts(&self, poll: PollId, table: Table) -> Result<Option<i32>> {
        let parts = queries::parts(&mut *self.connection().await?, poll, table.word()).await?;
        Ok((parts > 0).then_some(parts))
    }
}

/// Whether everybody may read a table one day, so that it is stored. Openings for observers alone
/// are never stored: beside the log they would tell each pseudonym's choice.
fn is_kept(poll: &Poll, table: Table) -> bool {
    table == Table::CastVotes || poll.rules.openings == Openings::Public
}

/// Sorts and writes in a thread that requests do not wait for.
async fn written(table: Table, openings: Vec<Opening>) -> Result<String> {
    let write = move || match table {
        Table::CastVotes => write_cvr(openings.into_iter().map(|opening| opening.picks).collect()),
        Table::Openings => write_openings(openings),
    };
    let text = tokio::task::spawn_blocking(write).await;
    text.map_err(|_| Error::Internal("a table that could not be written"))
}
