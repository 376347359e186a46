//! What a witness has cosigned last for each log. It is one file, written completely, and used by
//! one program at a time. Restoring it from a copy would let a log be rolled back.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use domain::record::checkpoint::Checkpoint;
use domain::record::key::VerifierKey;
use domain::record::note::Note;
use serde::{Deserialize, Serialize};

use crate::finding::AuditError;
use crate::folder::write_whole_file;
use crate::output;

/// The last cosigned checkpoint of each log.
#[derive(Debug)]
pub struct WitnessState {
    path: PathBuf,
    logs: BTreeMap<String, CosignedCheckpoint>,
    /// The lock of the file, held as long as this program may write.
    _lock: File,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct CosignedCheckpoint {
    key: String,
    checkpoint: String,
}

impl WitnessState {
    /// Opens the file for this program alone. The file may not exist yet.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it cannot be read, or another program holds it.
    pub fn open_locked(path: &Path) -> Result<Self, AuditError> {
        let wrong = |why: String| AuditError::unreadable_input(path.display(), why);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(sibling_path(path, ".lock"))
            .map_err(|error| wrong(error.to_string()))?;
        lock.try_lock().map_err(|error| wrong(format!("in use by another witness: {error}")))?;
        let logs = match std::fs::read(path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(wrong(error.to_string())),
        };
        Ok(Self { path: path.to_owned(), logs, _lock: lock })
    }

    /// Returns the key with which a log was cosigned last.
    pub fn cosigned_key(&self, origin: &str) -> Option<&str> {
        self.logs.get(origin).map(|last| last.key.as_str())
    }

    /// Returns the checkpoint that was cosigned last for a log.
    ///
    /// # Errors
    /// [`AuditError::Input`] if the file holds something else.
    pub fn last_checkpoint(&self, origin: &str) -> Result<Option<Checkpoint>, AuditError> {
        let Some(last) = self.logs.get(origin) else { return Ok(None) };
        let wrong = || {
            AuditError::unreadable_input(self.path.display(), "holds no checkpoint for this log")
        };
        let note: Note = last.checkpoint.parse().map_err(|_| wrong())?;
        let key: VerifierKey = last.key.parse().map_err(|_| wrong())?;
        Checkpoint::from_signed_note(&note, &key).map(Some).map_err(|_| wrong())
    }

    /// Writes a checkpoint to the disk as the last one of its log.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it cannot be written; then it must not be cosigned.
    pub fn store_checkpoint(
        &mut self,
        key: &VerifierKey,
        checkpoint: &Checkpoint,
        note: &str,
    ) -> Result<(), AuditError> {
        let last = CosignedCheckpoint { key: key.to_string(), checkpoint: note.to_owned() };
        let before = self.logs.insert(checkpoint.origin.clone(), last);
        let json = serde_json::to_vec_pretty(&self.logs);
        let json =
            json.map_err(|error| AuditError::unreadable_input(self.path.display(), error))?;
        write_whole_file(&self.path, &json, true).inspect_err(|_| {
            match before {
                Some(before) => self.logs.insert(checkpoint.origin.clone(), before),
                None => self.logs.remove(&checkpoint.origin),
            };
        })
    }

    /// Keeps a signed checkpoint that contradicts the last one, as evidence.
    pub fn keep_evidence(&self, checkpoint: &Checkpoint, note: &str) {
        let root = checkpoint.root.to_string();
        let ending =
            format!(".evidence-{}-{}", checkpoint.size, root.get(..16).unwrap_or_default());
        let path = sibling_path(&self.path, &ending);
        match write_whole_file(&path, note.as_bytes(), true) {
            Ok(()) => output::print_notice(format!("kept as evidence: {}", path.display())),
            Err(stop) => output::print_notice(stop),
        }
    }
}

fn sibling_path(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}
