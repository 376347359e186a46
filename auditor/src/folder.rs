//! A record on the disk. Its files have the same names as at the record's address: `checkpoint`,
//! `key`, `tile/…`, `cvr/…`. A file that is larger than its kind can be is not read.

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::finding::AuditError;

/// Largest note, in bytes: a checkpoint with sixteen signatures of the largest kind.
pub const NOTE_BYTES: u64 = 64 * 1_024;
/// Largest bundle, in bytes: 256 entries, each as long as two bytes of length can say.
pub const BUNDLE_BYTES: u64 = 256 * (2 + 65_535);
/// Largest tile, in bytes: 256 hashes.
pub const TILE_BYTES: u64 = 256 * 32;
/// Largest document, in bytes: a rulebook or result with 5,000 cases and 200 sheets for each.
pub const DOCUMENT_BYTES: u64 = 64 * 1_024 * 1_024;
/// Largest CSV file, in bytes: ten million rows with twenty picks.
pub const CSV_BYTES: u64 = 16 * 1_024 * 1_024 * 1_024;
/// Largest file of observers' statements, in bytes: those of a thousand observers.
pub const OBSERVED_BYTES: u64 = 1_024 * 1_024;
/// The file of what observers have signed.
pub const OBSERVED: &str = "observed";
/// The folder of the checkpoints that were seen before.
pub const SEEN: &str = "seen";

/// The ending of a file that is not complete yet.
const PART: &str = ".part";

/// A folder that mirrors a record.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Opens a folder that exists.
    ///
    /// # Errors
    /// [`AuditError::Input`] if the folder does not exist.
    pub fn open_existing(path: &Path) -> Result<Self, AuditError> {
        if path.is_dir() {
            Ok(Self(path.to_owned()))
        } else {
            Err(AuditError::unreadable_input(path.display(), "no such folder"))
        }
    }

    /// Opens a folder, and creates it if it is missing.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it cannot be created.
    pub fn open_or_create(path: &Path) -> Result<Self, AuditError> {
        fs::create_dir_all(path)
            .map_err(|error| AuditError::unreadable_input(path.display(), error))?;
        Ok(Self(path.to_owned()))
    }

    /// Returns the path of a file of the record.
    pub fn file_path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Returns whether a file exists.
    pub fn has_file(&self, name: &str) -> bool {
        self.file_path(name).is_file()
    }

    /// Reads a file of at most `most` bytes that must exist.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it is missing, too large or unreadable.
    pub fn read_file(&self, name: &str, most: u64) -> Result<Vec<u8>, AuditError> {
        let missing =
            || AuditError::unreadable_input(name, "not in the folder; fetch the record again");
        self.read_file_if_present(name, most)?.ok_or_else(missing)
    }

    /// Reads a file of at most `most` bytes; `None` if it does not exist.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it is too large or unreadable.
    pub fn read_file_if_present(
        &self,
        name: &str,
        most: u64,
    ) -> Result<Option<Vec<u8>>, AuditError> {
        let file = match fs::File::open(self.file_path(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(AuditError::unreadable_input(name, error)),
        };
        let length =
            file.metadata().map_err(|error| AuditError::unreadable_input(name, error))?.len();
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(most)).unwrap_or(0) + 1);
        let read = file.take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| AuditError::unreadable_input(name, error))?;
        if bytes.len() as u64 > most {
            return Err(AuditError::unreadable_input(name, format!("larger than {most} bytes")));
        }
        Ok(Some(bytes))
    }

    /// Reads a text of at most `most` bytes that must exist.
    ///
    /// # Errors
    /// The errors of [`Folder::read_file`]; [`AuditError::Input`] if it is not UTF-8.
    pub fn read_text(&self, name: &str, most: u64) -> Result<String, AuditError> {
        String::from_utf8(self.read_file(name, most)?)
            .map_err(|_| AuditError::unreadable_input(name, "not a text"))
    }

    /// Returns the names of the complete files directly in a folder, sorted. Returns an empty list
    /// if the folder does not exist.
    ///
    /// # Errors
    /// [`AuditError::Input`] if the folder cannot be read.
    pub fn list_complete_files(&self, folder: &str) -> Result<Vec<String>, AuditError> {
        let entries = match fs::read_dir(self.file_path(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(AuditError::unreadable_input(folder, error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| AuditError::unreadable_input(folder, error))?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_file() && !name.ends_with(PART) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Writes a file completely or not at all. With `lasting` it survives a loss of power.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it cannot be written.
    pub fn write_file(&self, name: &str, bytes: &[u8], lasting: bool) -> Result<(), AuditError> {
        write_whole_file(&self.file_path(name), bytes, lasting)
    }
}

/// Writes a file completely or not at all, and creates the folders above it. Writes it under
/// another name first and then renames it. With `lasting` the file is on the disk before it is
/// renamed.
///
/// # Errors
/// [`AuditError::Input`] if it cannot be written.
pub fn write_whole_file(path: &Path, bytes: &[u8], lasting: bool) -> Result<(), AuditError> {
    let write = || {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let part = partial_path(path);
        let mut file = fs::File::create(&part)?;
        file.write_all(bytes)?;
        if lasting {
            file.sync_all()?;
        }
        fs::rename(&part, path)?;
        if lasting { fs::File::open(parent)?.sync_all() } else { Ok(()) }
    };
    write().map_err(|error| AuditError::unreadable_input(path.display(), error))
}

/// Returns the path at which a file is written before it gets its own name.
pub fn partial_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(PART);
    path.with_file_name(name)
}
