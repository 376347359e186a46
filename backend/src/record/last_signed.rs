//! What was signed last here, in a file beside the keys and outside the database: a database that
//! was put back to an older state must not lead to a second history under the same key.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use domain::record::checkpoint::Checkpoint;

use crate::{Error, Result};

/// Reads it; none before the first signature, or where nothing is kept.
pub(super) async fn read(path: Option<PathBuf>) -> Result<Option<Checkpoint>> {
    let Some(path) = path else { return Ok(None) };
    let text = match on_disk(move || fs::read_to_string(path)).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|_| Error::Internal("what was signed last cannot be read"))?,
    };
    let checkpoint = text.parse();
    checkpoint.map(Some).map_err(|_| Error::Internal("what was signed last is no checkpoint"))
}

/// Keeps it. The old one is replaced as a whole, or not at all, and never by an earlier one: another
/// process may have signed since.
pub(super) async fn keep(path: Option<PathBuf>, checkpoint: &Checkpoint) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    let (text, size) = (checkpoint.to_string(), checkpoint.size);
    if read(Some(path.clone())).await?.is_some_and(|last| last.size > size) {
        return Err(Error::Internal("another process has signed more of the log"));
    }
    let kept = on_disk(move || replace(&path, &text)).await;
    kept.map_err(|_| Error::Internal("what is signed cannot be noted, so it is not signed"))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    let new = path.with_extension(format!("{}.new", uuid::Uuid::new_v4().simple()));
    let mut file = fs::File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)?;
    // The new name is on the disk only with its folder.
    fs::File::open(folder)?.sync_all()
}

async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
