//! Reads the record as the public does: over HTTP, as text, and trusting only the key.

use std::net::SocketAddr;

use domain::record::checkpoint::Checkpoint;
use domain::record::key::VerifierKey;
use domain::record::note::Note;
use domain::record::receipt::EntryWithProof;
use domain::record::tree::Hash;
use uuid::Uuid;

use super::RecordLog;
use crate::check::{Rule, Violation};
use crate::error::{Result, SimulatorError};
use crate::http::Connection;
use crate::target::Target;

/// A reader of one record.
pub struct RecordReader {
    target: Target,
    key: VerifierKey,
    connection: Connection,
}

/// Returns the status and the text of a page.
async fn fetch_page(connection: &mut Connection, request: &[u8]) -> Result<(u16, String)> {
    let answer = connection
        .send_and_read(request)
        .await
        .map_err(SimulatorError::system_error("a page of the record"))?;
    Ok((answer.status, String::from_utf8_lossy(&answer.body).into_owned()))
}

/// Returns the text of a page that must exist.
async fn fetch_text(connection: &mut Connection, request: &[u8]) -> Result<String> {
    match fetch_page(connection, request).await? {
        (200, text) => Ok(text),
        (status, _) => {
            let error = std::io::Error::other(format!("status {status}"));
            Err(SimulatorError::system_error("a page of the record")(error))
        }
    }
}

async fn connect_to_record(address: SocketAddr) -> Result<Connection> {
    Connection::connect_to(address).await.map_err(SimulatorError::system_error("the record"))
}

impl RecordReader {
    /// Connects and reads the log's key. A real auditor must know the key from another source.
    ///
    /// # Errors
    /// [`SimulatorError`] if there is no record or no key.
    pub async fn open_record(target: &Target) -> Result<Self> {
        let mut connection = connect_to_record(target.address).await?;
        let key = fetch_text(&mut connection, &target.key_request()).await?;
        let key = key.trim().parse().map_err(|error| {
            SimulatorError::condition_error(format!("the record's key: {error}"))
        })?;
        Ok(Self { target: target.clone(), key, connection })
    }

    /// Returns the newest checkpoint after verifying its signature.
    ///
    /// # Errors
    /// [`SimulatorError`] if there is no checkpoint, or if it is not signed by the key.
    pub async fn fetch_checkpoint(&mut self) -> Result<(u64, Hash)> {
        let note = fetch_text(&mut self.connection, &self.target.checkpoint_request()).await?;
        let note: Note = note
            .parse()
            .map_err(|error| SimulatorError::condition_error(format!("the checkpoint: {error}")))?;
        let checkpoint = Checkpoint::from_signed_note(&note, &self.key)
            .map_err(|error| SimulatorError::condition_error(format!("the checkpoint: {error}")))?;
        Ok((checkpoint.size, checkpoint.root))
    }

    /// Fetches the proof of a ballot and verifies it. Returns what is wrong with it; `None` if it
    /// is valid.
    ///
    /// # Errors
    /// [`SimulatorError`] if the server does not answer.
    pub async fn check_proof(
        &mut self,
        ballot: Uuid,
        log: &RecordLog,
    ) -> Result<Option<Violation>> {
        let (status, body) =
            fetch_page(&mut self.connection, &self.target.proof_request(ballot)).await?;
        let wrong = |what: String| {
            let what = format!("the proof of ballot {ballot}: {what}");
            Ok(Some(Violation::broken_rule(Rule::NotInTheRecord, what)))
        };
        if status != 200 {
            return wrong(format!("status {status}"));
        }
        let included: EntryWithProof = match body.parse() {
            Ok(included) => included,
            Err(error) => return wrong(format!("{error}")),
        };
        let line = included.entry.to_string();
        let place = usize::try_from(included.proof.index).ok();
        if place != log.ballots.get(&ballot).copied() {
            return wrong(format!("of another place, {}", included.proof.index));
        }
        if place.and_then(|at| log.lines.get(at)) != Some(&line) {
            return wrong(format!("of another line, {line}"));
        }
        match included.proof.verify_entry(line.as_bytes(), &self.key) {
            Ok(_) => Ok(None),
            Err(error) => wrong(format!("{error}")),
        }
    }
}
