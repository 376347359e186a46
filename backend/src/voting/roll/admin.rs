//! What administrators do with a roll: fill it, print its codes, replace or withdraw single codes.

use domain::ids::PollId;
use domain::roll::{RollCode, RollRefusal};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries;
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Refusal, Result, keys};

/// The number of entries shown at once. To find another one, an administrator types a part of its
/// label.
const ENTRIES_SHOWN: i64 = 50;

/// A roll as administrators see it. It does not show who has voted.
#[derive(Clone, Debug)]
pub struct RollOverview {
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
    /// Whether a single code can be issued again.
    pub may_reissue: bool,
    /// The first entries that match the search.
    pub shown: Vec<RollEntry>,
}

/// An entry of a roll.
#[derive(Clone, Debug)]
pub struct RollEntry {
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
pub enum AddedLabels {
    /// All were added. This is their number.
    All(usize),
    /// These labels were on the roll before. Nothing was added.
    Twice(Vec<String>),
}

/// The entries whose codes are to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodesToPrint {
    /// Entries without a code.
    Waiting,
    /// All entries. Their old codes become void.
    All,
    /// One entry. Its old code becomes void.
    One(Uuid),
}

/// A fresh code of an entry. It becomes valid with [`Backend::issue_roll_codes`].
#[derive(Clone)]
pub struct DrawnCode {
    /// The organiser's label for the entry.
    pub label: String,
    /// The code in clear text.
    pub code: RollCode,
    entry: Uuid,
    old_hash: Option<Vec<u8>>,
}

/// Fresh codes that are about to be printed.
#[derive(Clone)]
pub struct PrintBatch {
    /// The codes, in the order of the roll.
    pub slips: Vec<DrawnCode>,
    which: CodesToPrint,
}

impl Backend {
    /// Returns the numbers of a poll's roll, and the entries whose label contains this text.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn roll_overview(
        &self,
        _admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        search: &str,
    ) -> Result<RollOverview> {
        let mut connection = self.acquire_connection().await?;
        let counts = queries::count_roll(&mut connection, poll.id).await?;
        let shown =
            queries::search_entries(&mut connection, poll.id, search, ENTRIES_SHOWN).await?;
        let sealed = counts.opened || edition.now >= poll.window.opens;
        Ok(RollOverview {
            entries: counts.entries,
            issued: counts.issued,
            waiting: counts.waiting,
            voided: counts.voided,
            sealed,
            may_reissue: !(sealed && poll.rules.may_change),
            shown,
        })
    }

    /// Removes all entries of a roll before its poll opens.
    ///
    /// # Errors
    /// [`RollRefusal::Sealed`].
    pub async fn empty_roll(&self, admin: &Admin, edition: &Edition, poll: &Poll) -> Result<()> {
        let place = RollAction::for_poll(admin, edition, poll);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                place.require_unsealed(connection).await?;
                let gone = queries::delete_all_entries(connection, place.poll).await?;
                place
                    .record_act(connection, AuditAction::RollEmptied, json!({ "entries": gone }))
                    .await
            })
        })
        .await
    }

    /// Draws fresh codes. They become valid only with [`Backend::issue_roll_codes`], so no household is
    /// left with a void slip if printing fails.
    ///
    /// # Errors
    /// [`RollRefusal::NothingToPrint`], [`RollRefusal::Sealed`].
    pub async fn draw_roll_codes(
        &self,
        admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        which: CodesToPrint,
    ) -> Result<PrintBatch> {
        let mut connection = self.acquire_connection().await?;
        let sealed = is_roll_sealed(&mut connection, edition, poll).await?;
        if sealed && which == CodesToPrint::All {
            return refuse_roll(RollRefusal::Sealed);
        }
        if let CodesToPrint::One(entry) = which
            && sealed
            && poll.rules.may_change
        {
            drop(connection);
            return self.refuse_reissue(RollAction::for_poll(admin, edition, poll), entry).await;
        }
        let one = if let CodesToPrint::One(id) = which { Some(id) } else { None };
        let waiting = which == CodesToPrint::Waiting;
        let rows = queries::list_entries_to_print(&mut connection, poll.id, waiting, one).await?;
        if rows.is_empty() {
            return refuse_roll(RollRefusal::NothingToPrint);
        }
        let slips = rows.into_iter().map(|row| DrawnCode {
            label: row.label,
            code: RollCode::from_bits(keys::random_bytes()),
            entry: row.id,
            old_hash: row.code_hash,
        });
        Ok(PrintBatch { slips: slips.collect(), which })
    }

    /// Makes drawn codes valid, once their sheet is made. The old codes and their sessions become
    /// void.
    ///
    /// # Errors
    /// [`Refusal::Stale`] if codes were printed in between. [`RollRefusal::Sealed`] after the poll has
    /// opened: for all codes, and for single ones where votes may be changed. The attempt is then in
    /// the trail.
    pub async fn issue_roll_codes(
        &self,
        admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        printing: &PrintBatch,
    ) -> Result<()> {
        let place = RollAction::for_poll(admin, edition, poll);
        let slips = &printing.slips;
        let ids: Vec<Uuid> = slips.iter().map(|slip| slip.entry).collect();
        let hashes = slips.iter().map(|slip| self.hash_roll_code(edition.id, &slip.code));
        let hashes = hashes.collect::<Result<Vec<_>>>()?;
        // No real hash is empty, so an empty one means that there is no code.
        let before = slips.iter().map(|slip| slip.old_hash.clone().unwrap_or_default()).collect();
        let codes = queries::NewRollCodes { ids, hashes, before };
        let (which, may_change) = (printing.which, poll.rules.may_change);
        let voter = match which {
            CodesToPrint::One(id) => Some(self.roll_voter_key(edition.id, poll.id, id)?),
            CodesToPrint::Waiting | CodesToPrint::All => None,
        };
        let refused = place.clone();
        let issued = self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let sealed = place.is_sealed_under_lock(connection).await?;
                // Where votes may be changed, another person could replace a ballot with a fresh
                // code. This asks nothing about ballots: the answer would tell who has voted.
                let reissue = may_change && voter.is_some();
                if sealed && which == CodesToPrint::All {
                    return refuse_roll(RollRefusal::Sealed);
                }
                if sealed && reissue {
                    return refuse_roll(RollRefusal::NoReissue);
                }
                queries::retire_codes(connection, place.poll, &codes).await?;
                let issued = queries::store_codes(connection, &codes, sealed).await?;
                if usize::try_from(issued).ok() != Some(codes.ids.len()) {
                    return Err(Error::Refused(Refusal::Stale));
                }
                if let Some(voter) = voter {
                    queries::end_voter_sessions(connection, place.poll, &voter).await?;
                    let entry = codes.ids[0].to_string();
                    return place
                        .record_act(
                            connection,
                            AuditAction::RollReissued,
                            json!({ "entry": entry }),
                        )
                        .await;
                }
                let anew = which == CodesToPrint::All;
                let detail = json!({ "codes": issued, "anew": anew });
                place.record_act(connection, AuditAction::RollPrinted, detail).await
            })
        });
        match (issued.await, which) {
            (
                Err(Error::Refused(Refusal::Roll(RollRefusal::NoReissue))),
                CodesToPrint::One(entry),
            ) => self.refuse_reissue(refused, entry).await,
            (issued, _) => issued,
        }
    }

    /// Records that somebody tried to replace a single code where votes may be changed, and refuses
    /// it.
    async fn refuse_reissue<T>(&self, place: RollAction, entry: Uuid) -> Result<T> {
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let detail = json!({ "entry": entry.to_string() });
                place.record_act(connection, AuditAction::RollReissueRefused, detail).await
            })
        })
        .await?;
        refuse_roll(RollRefusal::Sealed)
    }

    /// Withdraws an entry: its code becomes void and its session ends. A stored ballot stays.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] if the entry is already withdrawn or is not in this poll.
    pub async fn void_roll_entry(
        &self,
        admin: &Admin,
        edition: &Edition,
        poll: &Poll,
        entry: Uuid,
    ) -> Result<()> {
        let place = RollAction::for_poll(admin, edition, poll);
        let voter = self.roll_voter_key(edition.id, poll.id, entry)?;
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::mark_entry_void(connection, place.poll, entry).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                queries::end_voter_sessions(connection, place.poll, &voter).await?;
                let detail = json!({ "entry": entry.to_string() });
                place.record_act(connection, AuditAction::RollVoided, detail).await
            })
        })
        .await
    }
}

pub(super) fn refuse_roll<T>(why: RollRefusal) -> Result<T> {
    Err(Error::Refused(Refusal::Roll(why)))
}

async fn is_roll_sealed(
    connection: &mut PgConnection,
    edition: &Edition,
    poll: &Poll,
) -> Result<bool> {
    let opened = queries::count_roll(connection, poll.id).await?.opened;
    Ok(opened || edition.now >= poll.window.opens)
}

/// Who changes which roll.
#[derive(Clone)]
pub(super) struct RollAction {
    actor: domain::ids::AccountId,
    edition: domain::ids::EditionId,
    pub(super) poll: PollId,
    slug: String,
    /// Whether the poll's window had begun when the edition was read.
    due: bool,
}

impl RollAction {
    pub(super) fn for_poll(admin: &Admin, edition: &Edition, poll: &Poll) -> Self {
        Self {
            actor: admin.account_id(),
            edition: edition.id,
            poll: poll.id,
            slug: poll.slug().to_owned(),
            due: edition.now >= poll.window.opens,
        }
    }

    /// Locks the poll, so that it cannot open in between. Returns whether the roll is sealed.
    async fn is_sealed_under_lock(&self, connection: &mut PgConnection) -> Result<bool> {
        let opened = queries::lock_poll(connection, self.poll).await?;
        Ok(opened || self.due)
    }

    pub(super) async fn require_unsealed(&self, connection: &mut PgConnection) -> Result<()> {
        if self.is_sealed_under_lock(connection).await? {
            refuse_roll(RollRefusal::Sealed)
        } else {
            Ok(())
        }
    }

    pub(super) async fn record_act(
        &self,
        connection: &mut PgConnection,
        action: AuditAction,
        detail: serde_json::Value,
    ) -> Result<()> {
        let (actor, edition) = (Some(self.actor), Some(self.edition));
        audit::record_event(
            connection,
            NewAuditEvent { actor, edition, action, subject: &self.slug, detail },
        )
        .await
    }
}
