//! The published tables of a closed poll: the votes without names (cast-vote records), and the
//! openings, which prove that these votes are the ballots of the record.

mod queries;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Weak};

use domain::ids::PollId;
use domain::record::cvr::{CVR_HEADER, OPENINGS_HEADER, format_cvr_row, format_opening_row};
use domain::rulebook::OpeningsAccess;

use crate::editions::{Edition, Poll};
use crate::voting::OpenedBallots;
use crate::{Backend, Error, Result};

/// The size of one part of a stored table, in bytes. Each reader holds a part in memory, slow readers
/// for long. Tables that were stored with parts of 1 MiB stay readable.
const PART_BYTES: usize = 64 * 1024;
/// The number of openings that are written at once for one reader: about 64 KiB.
const ROWS_PER_PART: usize = 250;

/// Values that several readers share, by poll or by picture. A value goes with its last reader.
pub(crate) struct SharedByReaders<K, T: ?Sized>(HashMap<K, Weak<T>>);

impl<K, T: ?Sized> Default for SharedByReaders<K, T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, T: ?Sized> SharedByReaders<K, T> {
    fn find_shared(&self, key: &K) -> Option<Arc<T>> {
        self.0.get(key)?.upgrade()
    }

    /// Shares a value, or returns the one that others already read.
    pub(crate) fn share_value(&mut self, key: K, value: Arc<T>) -> Arc<T> {
        if let Some(shared) = self.find_shared(&key) {
            return shared;
        }
        self.0.retain(|_, held| held.strong_count() > 0);
        self.0.insert(key, Arc::downgrade(&value));
        value
    }
}

/// A table of a closed poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedTable {
    /// The picks of each ballot, sorted, without anything that leads to the ballot.
    CastVotes,
    /// The key and the picks of each ballot, by its number.
    Openings,
}

impl PublishedTable {
    const fn stored_name(self) -> &'static str {
        match self {
            Self::CastVotes => "cvr",
            Self::Openings => "openings",
        }
    }
}

/// The content of a table.
pub enum TableContent {
    /// It is stored in parts.
    Stored {
        /// The number of parts.
        parts: i32,
    },
    /// It is made for this reader alone and not stored.
    Made(OpeningParts),
}

/// The openings of a poll, in parts. Each part is written when the reader asks for it.
pub struct OpeningParts {
    opened: Arc<OpenedBallots>,
    written: usize,
}

impl Iterator for OpeningParts {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let rows: Vec<_> = self.opened.openings_after(self.written).take(ROWS_PER_PART).collect();
        if rows.is_empty() && self.written > 0 {
            return None;
        }
        let header = if self.written == 0 { OPENINGS_HEADER } else { "" };
        // If there are no ballots, the table is the header alone, once.
        self.written += rows.len().max(1);
        let rows = rows.iter().map(format_opening_row);
        Some(std::iter::once(header.to_owned()).chain(rows).collect::<String>().into_bytes())
    }
}

impl Backend {
    /// Returns a table of a closed poll. The public may read it after the result is released, and
    /// openings only if the rules say so. An observer with a link may read it once every poll is
    /// closed and judging can no longer be extended. That reading is noted, and from then on no
    /// window moves. Before that, the table would show how people voted to the administrator who
    /// made the link while judges score.
    ///
    /// # Errors
    /// [`Error::Forbidden`] before that time. [`Error::Internal`] for openings after the erase day,
    /// and if a ballot was changed.
    pub async fn published_table(
        &self,
        edition: &Edition,
        poll: &Poll,
        table: PublishedTable,
        observer: Option<&str>,
    ) -> Result<TableContent> {
        self.check_table_access(edition, poll, table, observer).await?;
        let kept = is_stored_table(poll, table);
        if kept {
            if let Some(parts) = self.count_stored_parts(poll.id, table).await? {
                return Ok(TableContent::Stored { parts });
            }
            self.publish_tables(edition, poll).await?;
            let parts = self.count_stored_parts(poll.id, table).await?;
            let parts = parts.ok_or(Error::Internal("a table that was not stored"))?;
            return Ok(TableContent::Stored { parts });
        }
        let opened = self.open_shared_ballots(edition, poll).await?;
        Ok(TableContent::Made(OpeningParts { opened, written: 0 }))
    }

    /// Opens all ballots of a poll, or returns those that other readers have opened.
    async fn open_shared_ballots(
        &self,
        edition: &Edition,
        poll: &Poll,
    ) -> Result<Arc<OpenedBallots>> {
        // One at a time: the ballots of a million voters need much memory and a processor.
        let mut shared = self.opened_tables.lock().await;
        // After the erase day nobody begins to read, even if somebody still reads.
        self.keys.edition_key(edition.id)?;
        if let Some(opened) = shared.find_shared(&poll.id) {
            return Ok(opened);
        }
        let opened = self.open_all_ballots(edition, poll).await?;
        Ok(shared.share_value(poll.id, Arc::new(opened)))
    }

    /// Returns one part of a stored table. The first part is 0.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn published_table_part(
        &self,
        poll: PollId,
        table: PublishedTable,
        part: i32,
    ) -> Result<Vec<u8>> {
        let found = queries::read_part(
            &mut *self.acquire_connection().await?,
            poll,
            table.stored_name(),
            part,
        )
        .await?;
        found.ok_or(Error::NotFound)
    }

    async fn check_table_access(
        &self,
        edition: &Edition,
        poll: &Poll,
        table: PublishedTable,
        observer: Option<&str>,
    ) -> Result<()> {
        if poll.closed_at.is_none() {
            return Err(Error::Forbidden);
        }
        if is_stored_table(poll, table) && edition.results_public().is_ok() {
            return Ok(());
        }
        let Some(token) = observer else { return Err(Error::Forbidden) };
        if !self.has_valid_observer_link(edition.id, token).await? {
            return Err(Error::Forbidden);
        }
        match self.open_counts(edition, None).await {
            Err(Error::Phase(_) | Error::Refused(_)) => Err(Error::Forbidden),
            opened => opened.map(drop),
        }
    }

    /// Stores the tables of a closed poll that will be public, unless they are already stored. Once
    /// the edition's key is destroyed, they can no longer be made.
    pub(super) async fn publish_tables(&self, edition: &Edition, poll: &Poll) -> Result<()> {
        let _turn = self.opened_tables.lock().await;
        let mut missing = Vec::new();
        for table in [PublishedTable::CastVotes, PublishedTable::Openings] {
            let stored = self.count_stored_parts(poll.id, table).await?.is_some();
            if is_stored_table(poll, table) && !stored {
                missing.push(table);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let opened = Arc::new(self.open_all_ballots(edition, poll).await?);
        for table in missing {
            let (opened, poll) = (opened.clone(), poll.id);
            self.run_in_transaction(move |connection| {
                Box::pin(async move {
                    for (part, content) in (0..).zip(write_table_parts(table, &opened)) {
                        queries::insert_part(connection, poll, table.stored_name(), part, &content)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await?;
        }
        Ok(())
    }

    async fn count_stored_parts(&self, poll: PollId, table: PublishedTable) -> Result<Option<i32>> {
        let parts =
            queries::count_parts(&mut *self.acquire_connection().await?, poll, table.stored_name())
                .await?;
        Ok((parts > 0).then_some(parts))
    }
}

/// Checks whether a table is stored because it will be public. Openings for observers alone are
/// never stored, because together with the log they reveal the choice behind each pseudonym.
fn is_stored_table(poll: &Poll, table: PublishedTable) -> bool {
    table == PublishedTable::CastVotes || poll.rules.openings == OpeningsAccess::Public
}

/// Writes the whole table in parts of at most [`PART_BYTES`] bytes. A longer row is a part of its own.
fn write_table_parts(
    table: PublishedTable,
    opened: &OpenedBallots,
) -> impl Iterator<Item = Vec<u8>> + Send {
    let (header, rows): (_, Box<dyn Iterator<Item = String> + Send>) = match table {
        PublishedTable::CastVotes => (
            CVR_HEADER,
            Box::new(
                (1..).zip(opened.sorted_votes()).map(|(number, row)| format_cvr_row(number, row)),
            ),
        ),
        PublishedTable::Openings => (
            OPENINGS_HEADER,
            Box::new(opened.openings_after(0).map(|row| format_opening_row(&row))),
        ),
    };
    let mut rows = std::iter::once(header.to_owned()).chain(rows).peekable();
    std::iter::from_fn(move || {
        let mut part = rows.next()?.into_bytes();
        while let Some(row) = rows.next_if(|row| part.len() + row.len() <= PART_BYTES) {
            part.extend_from_slice(row.as_bytes());
        }
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use domain::ids::PollId;
    use uuid::Uuid;

    use super::{Arc, SharedByReaders};

    #[test]
    fn readers_of_a_poll_share_its_ballots_until_the_last_one_goes() {
        let (poll, other) = (PollId(Uuid::from_u128(1)), PollId(Uuid::from_u128(2)));
        let mut shared = SharedByReaders::default();
        assert!(shared.find_shared(&poll).is_none());
        let first = shared.share_value(poll, Arc::new("opened"));
        let second = shared.share_value(poll, Arc::new("opened"));
        assert!(Arc::ptr_eq(&first, &second), "the second reader gets the same");
        assert!(shared.find_shared(&other).is_none(), "another poll has its own");
        drop(first);
        assert!(shared.find_shared(&poll).is_some(), "one still reads");
        drop(second);
        assert!(shared.find_shared(&poll).is_none(), "nothing stays in memory");
        let held = shared.share_value(other, Arc::new("opened"));
        assert_eq!(shared.0.len(), 1, "nothing is left of the first");
        drop(held);
    }
}
