//! A private key in a file of its own: one line with its purpose, its name and its seed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use domain::record::key::KeyError;

use crate::bytes::hex;
use crate::finding::Stop;

/// The first word of a witness's key file.
pub(crate) const WITNESS: &str = "hanpyo-witness/v1";
/// The first word of an observer's key file.
pub(crate) const OBSERVER: &str = "hanpyo-observer/v1";

/// Makes a key of this name in a file that must not exist yet. `key` makes it from name and seed.
///
/// # Errors
/// [`Stop::Input`] if the name is invalid or the file cannot be created.
pub(crate) fn make<K>(
    path: &Path,
    head: &str,
    name: &str,
    key: impl Fn(&str, &[u8; 32]) -> Result<K, KeyError>,
) -> Result<K, Stop> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Stop::input("random bytes", error))?;
    let made = key(name, &seed).map_err(|why| Stop::input(name, why))?;
    let digits: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(path)?;
        writeln!(file, "{head} {name} {digits}")?;
        file.sync_all()
    };
    write().map_err(|error: std::io::Error| Stop::input(path.display(), error))?;
    Ok(made)
}

/// Reads the key that [`make`] has written.
///
/// # Errors
/// [`Stop::Input`] if the file holds no such key.
pub(crate) fn read<K>(
    path: &Path,
    head: &str,
    key: impl Fn(&str, &[u8; 32]) -> Result<K, KeyError>,
) -> Result<K, Stop> {
    let text = std::fs::read_to_string(path).map_err(|error| Stop::input(path.display(), error))?;
    let parse = || {
        let (name, digits) = text.trim_end().strip_prefix(head)?.trim_start().split_once(' ')?;
        key(name, &hex(digits.as_bytes())?).ok()
    };
    let none = || Stop::input(path.display(), format!("no {head} key; make one by --new-key"));
    parse().ok_or_else(none)
}
