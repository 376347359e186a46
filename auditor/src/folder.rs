//! A record on the disk: the same names as at its address, `checkpoint`, `key`, `tile/…`,
//! `cvr/…`. Nothing is read that is larger than such a file can be.

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::finding::Stop;

/// In bytes. A checkpoint with sixteen signatures of the largest kind.
pub const NOTE_BYTES: u64 = 64 * 1_024;
/// In bytes. 256 entries as long as their two bytes of length can say.
pub const BUNDLE_BYTES: u64 = 256 * (2 + 65_535);
/// In bytes. 256 hashes.
pub const TILE_BYTES: u64 = 256 * 32;
/// In bytes. A rulebook or result with 5,000 cases and 200 sheets for each.
pub const DOCUMENT_BYTES: u64 = 64 * 1_024 * 1_024;
/// In bytes. Ten million rows with twenty picks.
pub const CSV_BYTES: u64 = 16 * 1_024 * 1_024 * 1_024;
/// In bytes. The words of a thousand observers.
pub const OBSERVED_BYTES: u64 = 1_024 * 1_024;
/// What observers have signed.
pub const OBSERVED: &str = "observed";
/// Where checkpoints that were seen before are kept.
pub const SEEN: &str = "seen";

/// How a file is called that is not whole yet.
const PART: &str = ".part";

/// A folder that mirrors a record.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder that is there.
    ///
    /// # Errors
    /// [`Stop::Input`] where it is none.
    pub fn open(path: &Path) -> Result<Self, Stop> {
        if path.is_dir() {
            Ok(Self(path.to_owned()))
        } else {
            Err(Stop::input(path.display(), "no such folder"))
        }
    }

    /// A folder that is made where it is missing.
    ///
    /// # Errors
    /// [`Stop::Input`] where it cannot be made.
    pub fn create(path: &Path) -> Result<Self, Stop> {
        fs::create_dir_all(path).map_err(|error| Stop::input(path.display(), error))?;
        Ok(Self(path.to_owned()))
    }

    /// Where a file of the record is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Whether a file is there.
    pub fn has(&self, name: &str) -> bool {
        self.path(name).is_file()
    }

    /// A file that must be there, of at most so many bytes.
    ///
    /// # Errors
    /// [`Stop::Input`] where it is missing, too large or unreadable.
    pub fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, Stop> {
        let missing = || Stop::input(name, "not in the folder; fetch the record again");
        self.find(name, most)?.ok_or_else(missing)
    }

    /// A file that may be missing, of at most so many bytes.
    ///
    /// # Errors
    /// [`Stop::Input`] where it is too large or unreadable.
    pub fn find(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Stop> {
        let file = match fs::File::open(self.path(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Stop::input(name, error)),
        };
        let length = file.metadata().map_err(|error| Stop::input(name, error))?.len();
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(most)).unwrap_or(0) + 1);
        let read = file.take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| Stop::input(name, error))?;
        if bytes.len() as u64 > most {
            return Err(Stop::input(name, format!("larger than {most} bytes")));
        }
        Ok(Some(bytes))
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// As [`Folder::read`], and where it is not UTF-8.
    pub fn text(&self, name: &str, most: u64) -> Result<String, Stop> {
        String::from_utf8(self.read(name, most)?).map_err(|_| Stop::input(name, "not a text"))
    }

    /// The names of the whole files right below, in their order; none where there is no such folder.
    ///
    /// # Errors
    /// [`Stop::Input`] where it cannot be read.
    pub fn names(&self, folder: &str) -> Result<Vec<String>, Stop> {
        let entries = match fs::read_dir(self.path(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Stop::input(folder, error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Stop::input(folder, error))?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_file() && !name.ends_with(PART) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Writes a file whole or not at all; `lasting` also against a loss of power.
    ///
    /// # Errors
    /// [`Stop::Input`] where it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8], lasting: bool) -> Result<(), Stop> {
        write_whole(&self.path(name), bytes, lasting)
    }
}

/// Writes a file whole or not at all, and folders above it: under another name first; `lasting`,
/// on the disk before it takes its own.
///
/// # Errors
/// [`Stop::Input`] where it cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8], lasting: bool) -> Result<(), Stop> {
    let write = || {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let part = part_of(path);
        let mut file = fs::File::create(&part)?;
        file.write_all(bytes)?;
        if lasting {
            file.sync_all()?;
        }
        fs::rename(&part, path)?;
        if lasting { fs::File::open(parent)?.sync_all() } else { Ok(()) }
    };
    write().map_err(|error| Stop::input(path.display(), error))
}

/// Where a file is written before it has its name.
pub fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(PART);
    path.with_file_name(name)
}
