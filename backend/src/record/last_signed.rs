//! The checkpoint that this machine signed last, in a file beside the keys and outside the
//! database. With it, a database restored to an older state cannot lead to a second history under
//! the same key.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use domain::record::checkpoint::Checkpoint;

use crate::{Error, Result};

/// Reads the last signed checkpoint. `None` before the first one, or if `path` is `None`.
pub(super) async fn read_last_signed(path: Option<PathBuf>) -> Result<Option<Checkpoint>> {
    let Some(path) = path else { return Ok(None) };
    let text = match run_blocking_io(move || fs::read_to_string(path)).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|_| Error::Internal("what was signed last cannot be read"))?,
    };
    let checkpoint = text.parse();
    checkpoint.map(Some).map_err(|_| Error::Internal("what was signed last is no checkpoint"))
}

/// Stores the last signed checkpoint. The file is replaced in one step, and never by an older
/// checkpoint, because another process may have signed since.
pub(super) async fn store_last_signed(
    path: Option<PathBuf>,
    checkpoint: &Checkpoint,
) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    let (text, size) = (checkpoint.to_string(), checkpoint.size);
    if read_last_signed(Some(path.clone())).await?.is_some_and(|last| last.size > size) {
        return Err(Error::Internal("another process has signed more of the log"));
    }
    let kept = run_blocking_io(move || replace_file(&path, &text)).await;
    kept.map_err(|_| Error::Internal("what is signed cannot be noted, so it is not signed"))
}

fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    let new = path.with_extension(format!("{}.new", uuid::Uuid::new_v4().simple()));
    let mut file = fs::File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)?;
    // Until the folder is synced, the new name is not on disk.
    fs::File::open(folder)?.sync_all()
}

async fn run_blocking_io<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
