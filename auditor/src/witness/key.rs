//! The witness's private key in a file of its own: one line, name and seed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use domain::record::key::Cosigner;

use crate::bytes::hex;
use crate::finding::Stop;

const HEAD: &str = "hanpyo-witness/v1";

/// Makes a key in a file that must not be there yet; its public half as a line.
///
/// # Errors
/// [`Stop::Input`] where the name is none or the file cannot be made.
pub(super) fn make(path: &Path, name: &str) -> Result<String, Stop> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Stop::input("random bytes", error))?;
    let cosigner = Cosigner::new(name, &seed).map_err(|why| Stop::input(name, why))?;
    let digits: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(path)?;
        writeln!(file, "{HEAD} {name} {digits}")?;
        file.sync_all()
    };
    write().map_err(|error: std::io::Error| Stop::input(path.display(), error))?;
    Ok(cosigner.verifier().to_string())
}

/// Reads the key that [`make`] has written.
///
/// # Errors
/// [`Stop::Input`].
pub(super) fn read(path: &Path) -> Result<Cosigner, Stop> {
    let text = std::fs::read_to_string(path).map_err(|error| Stop::input(path.display(), error))?;
    let parse = || {
        let (name, digits) = text.trim_end().strip_prefix(HEAD)?.trim_start().split_once(' ')?;
        Cosigner::new(name, &hex(digits.as_bytes())?).ok()
    };
    parse().ok_or_else(|| Stop::input(path.display(), "not a witness's key; make one by --new-key"))
}
