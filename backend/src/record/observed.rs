//! What observers sign about the result: that the openings, which only they may have, match the
//! ballots of the record. They check this with `hanpyo-audit observe`; this module stores their
//! signed statements.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use domain::record::entry::LogEntry;
use domain::record::key::VerifierKey;
use domain::record::note::Note;
use domain::record::observed::{
    self, OBSERVER_KEY_BYTES, ResultStatement, STATEMENT_NOTE_BYTES, SignedStatement,
    StatementError,
};
use domain::refusal::{AccountRefusal, RecordRefusal};
use domain::text::FieldProblem;
use serde_json::json;
use sqlx::PgConnection;

use super::count_from_i64;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::error::FieldFaults;
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, Refusal, Result};

/// The signed statement of an observer.
#[derive(Clone, Debug)]
pub struct ObserverStatement {
    /// The observer's name, as the administrator wrote it when making the link.
    pub name: String,
    /// The statement, its signature and the key.
    pub signed: SignedStatement,
    /// When it was received, by the real clock.
    pub signed_at: DateTime<Utc>,
}

impl Backend {
    /// Stores an observer's signed statement about the result. It replaces an earlier one from the
    /// same link.
    ///
    /// # Errors
    /// [`Error::Phase`] before the result is public. [`AccountRefusal::LinkInvalid`] for a link that does
    /// not work. [`Refusal::WrongState`] if the record does not contain the result yet.
    /// [`Error::Invalid`] for a malformed `key` or `note`. [`RecordRefusal::NotSigned`] if the key has
    /// not signed the note. [`RecordRefusal::OtherResult`] if the note is about something else.
    pub async fn store_observer_statement(
        &self,
        edition: &Edition,
        token: &str,
        key: &str,
        note: &str,
    ) -> Result<()> {
        edition.results_public()?;
        if !self.keys.is_own_token(TokenKind::Observer, token) {
            return Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)));
        }
        let (edition, hash) = (edition.id, keys::hash_token(token));
        let (key, note) = (key.trim().to_owned(), restore_signed_form(note));
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let link = queries::find_valid_link(connection, edition, &hash).await?;
                let link =
                    link.ok_or(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))?;
                let present = expected_statement(connection, edition).await?;
                let present = present.ok_or(Error::Refused(Refusal::WrongState))?;
                let signed = read_signed_statement(&key, &note)?;
                if *signed.result_statement() != present {
                    return Err(Error::Refused(Refusal::Record(RecordRefusal::OtherResult)));
                }
                let (key, note) =
                    (signed.observer_key().to_string(), signed.signed_note().to_string());
                if !queries::store_statement(connection, link.id, &key, &note).await? {
                    return Ok(());
                }
                let act = NewAuditEvent {
                    actor: None,
                    edition: Some(edition),
                    action: AuditAction::RecordObserved,
                    subject: &link.name,
                    detail: json!({
                        "link": link.id,
                        "key": key,
                        "index": present.index,
                        "sha256": present.result.to_string(),
                    }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Returns the statements about the current result, the oldest first. Empty before the result
    /// is public.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::Internal`] if the record cannot be read.
    pub async fn observer_statements(&self, edition: &Edition) -> Result<Vec<ObserverStatement>> {
        if edition.results_public().is_err() {
            return Ok(Vec::new());
        }
        let mut connection = self.acquire_connection().await?;
        let Some(present) = expected_statement(&mut connection, edition.id).await? else {
            return Ok(Vec::new());
        };
        let rows = queries::list_statements(&mut connection, edition.id).await?;
        let observer = |row: queries::StatementRow| {
            // Skip a statement about an earlier result, or one that was changed in the database.
            let signed = read_signed_statement(&row.key, &row.note).ok()?;
            let stands = *signed.result_statement() == present;
            stands.then_some(ObserverStatement { name: row.name, signed, signed_at: row.signed_at })
        };
        Ok(rows.into_iter().filter_map(observer).collect())
    }
}

/// Returns the statement that an observer has to sign about the current result. `None` if no
/// checkpoint covers it yet. If an announcement was taken back, the newest line in the record may
/// be about an earlier result; then this is `None` too.
async fn expected_statement(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<ResultStatement>> {
    let Some(row) = queries::read_present_result(connection, edition).await? else {
        return Ok(None);
    };
    let Ok(LogEntry::Result { sha256, .. }) = row.line.parse() else {
        return Err(Error::Internal("a record that cannot be read"));
    };
    let stands = sha256.as_bytes().as_slice() == row.sha256;
    let index = count_from_i64(row.index)?;
    Ok(stands.then_some(ResultStatement { origin: row.origin, index, result: sha256 }))
}

/// Restores a note to the form that was signed. Forms use other line ends, and people forget the
/// last one.
fn restore_signed_form(note: &str) -> String {
    format!("{}\n", note.replace("\r\n", "\n").trim())
}

/// Reads a statement and checks that this key has signed it.
fn read_signed_statement(key: &str, note: &str) -> Result<SignedStatement> {
    let mut faults = FieldFaults::default();
    let key = faults.check_field("key", parse_observer_key(key));
    let note = faults.check_field("note", parse_observer_note(note));
    let (Some(key), Some(note)) = (key, note) else { return Err(faults.into_error()) };
    SignedStatement::from_key_and_note(key, note).map_err(|why| match why {
        StatementError::Note(_) | StatementError::Others => {
            Error::Refused(Refusal::Record(RecordRefusal::NotSigned))
        }
        StatementError::Unfit | StatementError::Key(_) => {
            Error::invalid_field("key", FieldProblem::Malformed)
        }
        StatementError::Format | StatementError::Parts | StatementError::TooLong => {
            Error::invalid_field("note", FieldProblem::Malformed)
        }
    })
}

fn parse_observer_key(key: &str) -> std::result::Result<VerifierKey, FieldProblem> {
    check_length(key, OBSERVER_KEY_BYTES)?;
    let key: VerifierKey = key.parse().map_err(|_| FieldProblem::Malformed)?;
    observed::check_observer_key(&key).map_err(|_| FieldProblem::Malformed)?;
    Ok(key)
}

fn parse_observer_note(note: &str) -> std::result::Result<Note, FieldProblem> {
    check_length(note, STATEMENT_NOTE_BYTES)?;
    note.parse().map_err(|_| FieldProblem::Malformed)
}

fn check_length(text: &str, max: usize) -> std::result::Result<(), FieldProblem> {
    match text.len() {
        _ if text.trim().is_empty() => Err(FieldProblem::Missing),
        long if long > max => Err(FieldProblem::TooLong { max, over: long - max }),
        _ => Ok(()),
    }
}
