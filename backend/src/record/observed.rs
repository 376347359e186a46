//! What observers sign of the result: that the openings, which they alone may have, are the ballots
//! of the record. They check that elsewhere (`hanpyo-audit observe`); here their word is taken in.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use domain::record::entry::Entry;
use domain::record::key::VerifierKey;
use domain::record::note::Note;
use domain::record::observed::{self, KEY_BYTES, Observed, ObservedError, SIGNED_BYTES, Signed};
use domain::text::FieldProblem;
use serde_json::json;
use sqlx::PgConnection;

use super::counted;
use crate::audit::{self, Act};
use crate::editions::Edition;
use crate::error::Faults;
use crate::{Backend, Error, Refusal, Result, keys};

/// The word of an observer.
#[derive(Clone, Debug)]
pub struct Observer {
    /// Whom the link was made for, in the administrator's words.
    pub name: String,
    /// What was signed, and with which key.
    pub signed: Signed,
    /// When it came in, by the real clock.
    pub signed_at: DateTime<Utc>,
}

impl Backend {
    /// Takes in what an observer has signed of the result, in the place of what came by the same
    /// link before.
    ///
    /// # Errors
    /// [`Error::Phase`] before the result is public; [`Refusal::LinkInvalid`];
    /// [`Refusal::WrongState`] where the record does not speak of the result yet;
    /// [`Error::Invalid`] for `key` or `note` in a wrong form; [`Refusal::NotSigned`] where the one
    /// has not signed the other; [`Refusal::OtherResult`] where something else was signed.
    pub async fn observe(
        &self,
        edition: &Edition,
        token: &str,
        key: &str,
        note: &str,
    ) -> Result<()> {
        edition.results_public()?;
        let (edition, hash) = (edition.id, keys::token_hash(token));
        let (key, note) = (key.trim().to_owned(), as_signed(note));
        self.transact(move |connection| {
            Box::pin(async move {
                let link = queries::link(connection, edition, &hash).await?;
                let link = link.ok_or(Error::Refused(Refusal::LinkInvalid))?;
                let present = present(connection, edition).await?;
                let present = present.ok_or(Error::Refused(Refusal::WrongState))?;
                let signed = read(&key, &note)?;
                if *signed.observed() != present {
                    return Err(Error::Refused(Refusal::OtherResult));
                }
                let (key, note) = (signed.key().to_string(), signed.note().to_string());
                queries::store(connection, link.id, &key, &note).await?;
                let act = Act {
                    actor: None,
                    edition: Some(edition),
                    action: "record.observed",
                    subject: &link.name,
                    detail: json!({
                        "link": link.id,
                        "key": key,
                        "index": present.index,
                        "sha256": present.result.to_string(),
                    }),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }

    /// Who has signed the result that stands, the first one first; nobody before it is public.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::Internal`] for a record that cannot be read.
    pub async fn observed(&self, edition: &Edition) -> Result<Vec<Observer>> {
        if edition.results_public().is_err() {
            return Ok(Vec::new());
        }
        let mut connection = self.connection().await?;
        let Some(present) = present(&mut connection, edition.id).await? else {
            return Ok(Vec::new());
        };
        let rows = queries::all(&mut connection, edition.id).await?;
        let observer = |row: queries::Row| {
            // What was signed of an earlier result, or changed in the database, is nobody's word.
            let signed = read(&row.key, &row.note).ok()?;
            let stands = *signed.observed() == present;
            stands.then_some(Observer { name: row.name, signed, signed_at: row.signed_at })
        };
        Ok(rows.into_iter().filter_map(observer).collect())
    }
}

/// What an observer signs of the result that stands; none while no checkpoint speaks of it. After
/// an announcement was taken back another line, or none yet, says which one stands.
async fn present(connection: &mut PgConnection, edition: EditionId) -> Result<Option<Observed>> {
    let Some(row) = queries::present(connection, edition).await? else { return Ok(None) };
    let Ok(Entry::Result { sha256, .. }) = row.line.parse() else {
        return Err(Error::Internal("a record that cannot be read"));
    };
    let stands = sha256.as_bytes().as_slice() == row.sha256;
    let index = counted(row.index)?;
    Ok(stands.then_some(Observed { origin: row.origin, index, result: sha256 }))
}

/// A note as it was signed: forms end their lines in another way, and hands forget the last end.
fn as_signed(note: &str) -> String {
    format!("{}\n", note.replace("\r\n", "\n").trim())
}

/// A statement that this key has signed.
fn read(key: &str, note: &str) -> Result<Signed> {
    let mut faults = Faults::default();
    let key = faults.take("key", read_key(key));
    let note = faults.take("note", read_note(note));
    let (Some(key), Some(note)) = (key, note) else { return Err(faults.into_error()) };
    Signed::new(key, note).map_err(|why| match why {
        ObservedError::Note(_) | ObservedError::Others => Error::Refused(Refusal::NotSigned),
        ObservedError::Unfit | ObservedError::Key(_) => {
            Error::field("key", FieldProblem::Malformed)
        }
        ObservedError::Format | ObservedError::Parts | ObservedError::TooLong => {
            Error::field("note", FieldProblem::Malformed)
        }
    })
}

fn read_key(key: &str) -> std::result::Result<VerifierKey, FieldProblem> {
    bounded(key, KEY_BYTES)?;
    let key: VerifierKey = key.parse().map_err(|_| FieldProblem::Malformed)?;
    observed::fits(&key).map_err(|_| FieldProblem::Malformed)?;
    Ok(key)
}

fn read_note(note: &str) -> std::result::Result<Note, FieldProblem> {
    bounded(note, SIGNED_BYTES)?;
    note.parse().map_err(|_| FieldProblem::Malformed)
}

fn bounded(text: &str, max: usize) -> std::result::Result<(), FieldProblem> {
    match text.trim().len() {
        0 => Err(FieldProblem::Missing),
        _ if text.len() > max => Err(FieldProblem::TooLong { max }),
        _ => Ok(()),
    }
}
