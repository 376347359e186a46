//! `hanpyo read-document`: reads one document in a process that may take little memory and time, and nothing else of the
//! machine's. The server begins it for each document that somebody sends.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use backend::document_reader::Answer;
use domain::limits::FILE_BYTES;
use nix::sys::resource::{Resource, setrlimit};

use crate::StartError;

/// Most memory that the process may map, in bytes: a document unpacks to at most 128 MiB, and the allocator reserves more than
/// it uses.
const MEMORY_BYTES: u64 = 3 * 1024 * 1024 * 1024;
/// Most memory that it may write to, in bytes.
const DATA_BYTES: u64 = 768 * 1024 * 1024;
/// Most processor time, in seconds.
const PROCESSOR_SECONDS: u64 = 15;

/// Reads the input and writes an [`Answer`].
pub(super) fn read_input() -> Result<ExitCode, StartError> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error: nix::Error| StartError::file_error(what, error.into())
    };
    for (resource, most) in [
        (Resource::RLIMIT_AS, MEMORY_BYTES),
        (Resource::RLIMIT_DATA, DATA_BYTES),
        (Resource::RLIMIT_CPU, PROCESSOR_SECONDS),
        // It writes no file, and leaves none of what it read.
        (Resource::RLIMIT_FSIZE, 0),
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_NPROC, 0),
    ] {
        setrlimit(resource, most, most).map_err(failed("the limits of a reader"))?;
    }
    let mut file = Vec::new();
    let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX);
    std::io::stdin()
        .take(most + 1)
        .read_to_end(&mut file)
        .map_err(|error| StartError::file_error("the document", error))?;
    let answer = serde_json::to_vec(&Answer::of_document(&file)).unwrap_or_default();
    std::io::stdout()
        .write_all(&answer)
        .map_err(|error| StartError::file_error("the answer", error))?;
    Ok(ExitCode::SUCCESS)
}
