//! Checks a voter's receipt file offline.

use std::fs;
use std::path::Path;

use domain::record::check::{ReceiptFault, verify_receipt_file};
use domain::record::key::VerifierKey;
use domain::record::note::Note;
use domain::record::receipt::{Opening, tidy_receipt_text};

use crate::finding::{AuditError, Finding};
use crate::verify::signatures;

/// Largest receipt file, in bytes: a receipt with its proof and the signatures of many witnesses.
const FILE_BYTES: u64 = 1_024 * 1_024;

/// Checks a receipt file. With an opening, also checks that the receipt commits to its picks.
/// Returns the text to print.
///
/// # Errors
/// [`AuditError::Wrong`] if the file proves nothing, [`AuditError::Input`] if it cannot be read.
pub fn check_receipt_file(
    file: &Path,
    key: &str,
    opening: Option<&Path>,
) -> Result<String, AuditError> {
    let key: VerifierKey = signatures::parse_verifier_key(key)?;
    let name = file.display().to_string();
    let text = tidy_receipt_text(&read_text_file(file)?);
    let opening = opening.map(read_opening).transpose()?;
    let found =
        verify_receipt_file(&text, &key, opening.as_ref()).map_err(|fault| match fault {
            ReceiptFault::Unreadable(why) => AuditError::unreadable_input(&name, why),
            fault => Finding::about_whole_file("receipt", &name, fault.to_string()).into(),
        })?;
    let accepted = found.accepted;
    let mut text = format!(
        "signed by the log {}\nballot {} of poll {} was accepted at {}\n",
        key.key_name(),
        accepted.ballot.0.simple(),
        accepted.poll,
        accepted.accepted
    );
    text.push_str(&match found.recorded {
        Some(place) => format!(
            "in the record: entry {} of {}, below the root {}, cast on {}\n",
            place.index,
            place.size,
            place.root.to_base64(),
            place.day
        ),
        None => format!(
            "NOT checked: the file carries no proof yet that the ballot is in the record; the log \
             promised one by {}\n",
            accepted.recorded_by
        ),
    });
    text.push_str(if found.picks_match {
        "the commitment is to the picks of the opening\n"
    } else {
        "NOT checked: which picks it commits to (name an opening with --opening)\n"
    });
    Ok(text)
}

/// Checks that this key has signed a note. Returns its text, which says what it is about in its first line.
///
/// # Errors
/// [`AuditError::Wrong`] if the key has not signed it, [`AuditError::Input`] if it cannot be read.
pub fn check_signed_note(file: &Path, key: &str) -> Result<String, AuditError> {
    let key: VerifierKey = signatures::parse_verifier_key(key)?;
    let name = file.display().to_string();
    let note: Note = tidy_receipt_text(&read_text_file(file)?)
        .parse()
        .map_err(|why| AuditError::unreadable_input(&name, why))?;
    note.verify_signature(&key)
        .map_err(|fault| Finding::about_whole_file("note", &name, fault.to_string()))?;
    Ok(format!("signed by {}\n\n{}", key.key_name(), note.signed_text()))
}

fn read_opening(path: &Path) -> Result<Opening, AuditError> {
    let text = read_text_file(path)?;
    text.trim_end().parse().map_err(|why| AuditError::unreadable_input(path.display(), why))
}

fn read_text_file(path: &Path) -> Result<String, AuditError> {
    let read = || {
        if fs::metadata(path)?.len() > FILE_BYTES {
            return Err(std::io::Error::other(format!("larger than {FILE_BYTES} bytes")));
        }
        fs::read_to_string(path)
    };
    read().map_err(|error| AuditError::unreadable_input(path.display(), error))
}
