//! What administrators do with a roll: fill it, print its codes, replace or withdraw single codes.

use domain::ids::PollId;
use domain::limits;
use domain::roll::{Label, RollCode, RollRefusal};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries;
use crate::accounts::Admin;
use crate::audit::{self, Act};
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Refusal, Result, keys};

/// The number of entries shown at once. To find another one, an administrator types a part of its
/// label.
const SHOWN: i64 = 50;

/// A roll as administrators see it. It does not show who has voted.
#[derive(Clone, Debug)]
pub struct Roll {
    /// The number of entries.
    pub entries: i64,
    /// Entries with a valid printed code.
    pub issued: i64,
    /// Entries without a code.
    pub waiting: i64,
    /// Entries that were withdrawn.
    pub voided: i64,
    /// Whether the poll has opened. Then the roll no longer changes.
    pub sealed: bool,
    /// The first entries that match the search.
    pub shown: Vec<Entry>,
}

/// An entry of a roll.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entry's id.
    pub id: Uuid,
    /// The organiser's label for the entry.
    pub label: String,
    /// Whether a code was printed.
    pub issued: bool,
    /// Whether the entry was withdrawn.
    pub voided: bool,
}

/// The outcome of adding labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// All were added. This is their number.
    All(usize),
    /// These labels were on the roll before. Nothing was added.
    Twice(Vec<String>),
}

/// The entries whose codes are to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Entries without a code.
    Waiting,
    /// All entries. Their old codes become void.
    All,
    /// One entry. Its old code becomes void.
    One(Uuid),
}

/// A fresh code of an entry. It becomes valid with [`Backend::issue_codes`].
#[derive(Clone)]
pub struct Drawn {
    /// The organiser's label for the entry.
    pub label: String,
    /// The code in clear text.
    pub code: RollCode,
    entry: Uuid,
    was: Option<Vec<u8>>,
}

/// Fresh codes that are about to be printed.
#[derive(Clone)]
pub struct Printing {
    /// The codes, in the order of the roll.
    pub slips: Vec<Drawn>,
    which: Which,
}

impl Backend {
    /// Returns the numbers of a poll's roll, and the entries whose label contains this text.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn roll(
        &self,
        _admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        search: &str,
    ) -> Result<Roll> {
        let mut connection = self.connection().await?;
        let counts = queries::counts(&mut connection, poll.id).await?;
        let shown = queries::entries(&mut connection, poll.id, search, SHOWN).await?;
        Ok(Roll {
            entries: counts.entries,
            issued: counts.issued,
            waiting: counts.waiting,
            voided: counts.voided,
            sealed: counts.opened || edition.now >= poll.window.opens,
            shown,
        })
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
        labels: Vec<Label>,
    ) -> Result<Added> {
        let place = Place::of(admin, edition, poll);
        let done = self.transact(move |connection| {
            Box::pin(async move {
                place.unsealed(connection).await?;
                let before = queries::counts(connection, place.poll).await?.entries;
                let after =
                    usize::try_from(before).unwrap_or(usize::MAX).saturating_add(labels.len());
                if after > limits::ROLL_ENTRIES {
                    return refused(RollRefusal::TooLong);
                }
                let labels: Vec<String> =
                    labels.iter().map(|label| label.as_str().to_owned()).collect();
                let twice = queries::known(connection, place.poll, &labels).await?;
                if !twice.is_empty() {
                    return Ok(Added::Twice(twice));
                }
                let ids: Vec<Uuid> = labels.iter().map(|_| Uuid::new_v4()).collect();
                queries::insert(connection, place.poll, &ids, &labels, before).await?;
                place
                    .record(connection, "roll.extended", json!({ "entries": labels.len() }))
                    .await?;
                Ok(Added::All(labels.len()))
            })
        });
        done.await
    }

    /// Removes all entries of a roll before its poll opens.
    ///
    /// # Errors
    /// [`RollRefusal::Sealed`].
    pub async fn empty_roll(&self, admin: &Admin, edition: &Edition, poll: &Poll) -> Result<()> {
        let place = Place::of(admin, edition, poll);
        self.transact(move |connection| {
            Box::pin(async move {
                place.unsealed(connection).await?;
                let gone = queries::empty(connection, place.poll).await?;
                place.record(connection, "roll.emptied", json!({ "entries": gone })).await
            })
        })
        .await
    }

    /// Draws fresh codes. They become valid only with [`Backend::issue_codes`], so no household is
    /// left with a void slip if printing fails.
    ///
    /// # Errors
    /// [`RollRefusal::NothingToPrint`], [`RollRefusal::Sealed`].
    pub async fn draw_codes(
        &self,
        _admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        which: Which,
    ) -> Result<Printing> {
        let mut connection = self.connection().await?;
        if which == Which::All && is_sealed(&mut connection, edition, poll).await? {
            return refused(RollRefusal::Sealed);
        }
        let one = if let Which::One(id) = which { Some(id) } else { None };
        let waiting = which == Which::Waiting;
        let rows = queries::to_print(&mut connection, poll.id, waiting, one).await?;
        if rows.is_empty() {
            return refused(RollRefusal::NothingToPrint);
        }
        let slips = rows.into_iter().map(|row| Drawn {
            label: row.label,
            code: RollCode::new(keys::random()),
            entry: row.id,
            was: row.code_hash,
        });
        Ok(Printing { slips: slips.collect(), which })
    }

    /// Makes drawn codes valid, once their sheet is made. The old codes and their sessions become
    /// void.
    ///
    /// # Errors
    /// [`Refusal::Stale`] if codes were printed in between. [`RollRefusal::Sealed`].
    /// [`RollRefusal::Used`] for the code of a voter who has voted and may change the vote.
    pub async fn issue_codes(
        &self,
        admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        printing: &Printing,
    ) -> Result<()> {
        let place = Place::of(admin, edition, poll);
        let slips = &printing.slips;
        let ids: Vec<Uuid> = slips.iter().map(|slip| slip.entry).collect();
        let hashes = slips.iter().map(|slip| self.roll_hash(edition.id, &slip.code));
        let hashes = hashes.collect::<Result<Vec<_>>>()?;
        // No real hash is empty, so an empty one means that there is no code.
        let before = slips.iter().map(|slip| slip.was.clone().unwrap_or_default()).collect();
        let codes = queries::NewCodes { ids, hashes, before };
        let (which, may_change) = (printing.which, poll.rules.may_change);
        let voter = match which {
            Which::One(id) => Some(self.roll_voter(edition.id, poll.id, id)?),
            Which::Waiting | Which::All => None,
        };
        self.transact(move |connection| {
            Box::pin(async move {
                let sealed = place.is_sealed(connection).await?;
                if which == Which::All && sealed {
                    return refused(RollRefusal::Sealed);
                }
                // With a fresh code another person could replace the ballot of a voter who has
                // voted.
                if let Some(voter) = voter.as_ref().filter(|_| may_change)
                    && queries::has_voted(connection, place.poll, voter).await?
                {
                    return refused(RollRefusal::Used);
                }
                queries::retire(connection, place.poll, &codes).await?;
                let issued = queries::issue(connection, &codes).await?;
                if usize::try_from(issued).ok() != Some(codes.ids.len()) {
                    return Err(Error::Refused(Refusal::Stale));
                }
                if let Some(voter) = voter {
                    queries::end_sessions(connection, place.poll, &voter).await?;
                    let entry = codes.ids[0].to_string();
                    return place
                        .record(connection, "roll.reissued", json!({ "entry": entry }))
                        .await;
                }
                let anew = which == Which::All;
                let detail = json!({ "codes": issued, "anew": anew });
                place.record(connection, "roll.printed", detail).await
            })
        })
        .await
    }

    /// Withdraws an entry: its code becomes void and its session ends. A stored ballot stays.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] if the entry is already withdrawn or is not in this poll.
    pub async fn void_entry(
        &self,
        admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        entry: Uuid,
    ) -> Result<()> {
        let place = Place::of(admin, edition, poll);
        let voter = self.roll_voter(edition.id, poll.id, entry)?;
        self.transact(move |connection| {
            Box::pin(async move {
                if !queries::void(connection, place.poll, entry).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                queries::end_sessions(connection, place.poll, &voter).await?;
                let detail = json!({ "entry": entry.to_string() });
                place.record(connection, "roll.voided", detail).await
            })
        })
        .await
    }
}

fn refused<T>(why: RollRefusal) -> Result<T> {
    Err(Error::Refused(Refusal::Roll(why)))
}

async fn is_sealed(connection: &mut PgConnection, edition: &Edition, poll: &Poll) -> Result<bool> {
    let opened = queries::counts(connection, poll.id).await?.opened;
    Ok(opened || edition.now >= poll.window.opens)
}

/// Who changes which roll.
#[derive(Clone)]
struct Place {
    actor: domain::ids::AccountId,
    edition: domain::ids::EditionId,
    poll: PollId,
    slug: String,
    /// Whether the poll's window had begun when the edition was read.
    due: bool,
}

impl Place {
    fn of(admin: &Admin, edition: &Edition, poll: &Poll) -> Self {
        Self {
            actor: admin.id(),
            edition: edition.id,
            poll: poll.id,
            slug: poll.slug().to_owned(),
            due: edition.now >= poll.window.opens,
        }
    }

    /// Locks the poll, so that it cannot open in between. Returns whether the roll is sealed.
    async fn is_sealed(&self, connection: &mut PgConnection) -> Result<bool> {
        let opened = queries::lock_poll(connection, self.poll).await?;
        Ok(opened || self.due)
    }

    async fn unsealed(&self, connection: &mut PgConnection) -> Result<()> {
        if self.is_sealed(connection).await? { refused(RollRefusal::Sealed) } else { Ok(()) }
    }

    async fn record(
        &self,
        connection: &mut PgConnection,
        action: &'static str,
        detail: serde_json::Value,
    ) -> Result<()> {
        let (actor, edition) = (Some(self.actor), Some(self.edition));
        audit::record(connection, Act { actor, edition, action, subject: &self.slug, detail }).await
    }
}
