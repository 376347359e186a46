//! A private key in a file of its own: one line with its purpose, its name and its seed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use domain::record::key::KeyError;

use crate::bytes::parse_hex;
use crate::finding::AuditError;

/// The first word of a witness's key file.
pub(crate) const WITNESS: &str = "hanpyo-witness/v1";
/// The first word of an observer's key file.
pub(crate) const OBSERVER: &str = "hanpyo-observer/v1";

/// Makes a key of this name in a file that must not exist yet. `key` makes it from name and seed.
///
/// # Errors
/// [`AuditError::Input`] if the name is invalid or the file cannot be created.
pub(crate) fn create_key_file<K>(
    path: &Path,
    head: &str,
    name: &str,
    key: impl Fn(&str, &[u8; 32]) -> Result<K, KeyError>,
) -> Result<K, AuditError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| AuditError::unreadable_input("random bytes", error))?;
    let made = key(name, &seed).map_err(|why| AuditError::unreadable_input(name, why))?;
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
    write().map_err(|error: std::io::Error| AuditError::unreadable_input(path.display(), error))?;
    Ok(made)
}

/// Reads the key that [`create_key_file`] has written.
///
/// # Errors
/// [`AuditError::Input`] if the file holds no such key.
pub(crate) fn read_key_file<K>(
    path: &Path,
    head: &str,
    key: impl Fn(&str, &[u8; 32]) -> Result<K, KeyError>,
) -> Result<K, AuditError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| AuditError::unreadable_input(path.display(), error))?;
    let parse = || {
        let (name, digits) = text.trim_end().strip_prefix(head)?.trim_start().split_once(' ')?;
        key(name, &parse_hex(digits.as_bytes())?).ok()
    };
    let none = || {
        AuditError::unreadable_input(
            path.display(),
            format!("no {head} key; make one by --new-key"),
        )
    };
    parse().ok_or_else(none)
}
