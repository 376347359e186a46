//! Checks all signatures: the log's key, the newest checkpoint, its witnesses, and every older
//! checkpoint that the folder keeps.

use domain::record::checkpoint::Checkpoint;
use domain::record::key::{KeyKind, VerifierKey};
use domain::record::note::Note;

use crate::finding::{AuditError, Finding};
use crate::folder::{Folder, NOTE_BYTES, SEEN};

use super::hashes::SignedRoot;

/// The most older checkpoints that are read.
const SEEN_FILES: usize = 10_000;

/// The signed checkpoints of a record.
#[derive(Debug)]
pub struct SignedHead {
    /// The newest checkpoint.
    pub checkpoint: Checkpoint,
    /// The log's key.
    pub key: VerifierKey,
    /// When each requested witness saw the newest checkpoint, in seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
    /// All checkpoints, including the newest, sorted by size.
    pub signed: Vec<SignedRoot>,
}

/// Reads a key from the command line or another text.
///
/// # Errors
/// [`AuditError::Input`] if the text is not a key.
pub fn parse_verifier_key(text: &str) -> Result<VerifierKey, AuditError> {
    text.trim()
        .parse()
        .map_err(|why| AuditError::unreadable_input(format!("the key `{}`", text.trim()), why))
}

/// Checks every signature. Without a key from outside, the key in the folder is trusted.
///
/// # Errors
/// The first signature that is wrong.
pub fn check_signatures(
    folder: &Folder,
    trusted: Option<&str>,
    witnesses: &[String],
) -> Result<SignedHead, AuditError> {
    let own = folder.read_file_if_present("key", NOTE_BYTES)?;
    let own = own.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
    let key = match (trusted, &own) {
        (Some(trusted), _) => self::parse_verifier_key(trusted)?,
        (None, Some(own)) => own.parse().map_err(|why| {
            AuditError::from(Finding::about_whole_file(
                "key",
                "key",
                format!("not the key of a log: {why}"),
            ))
        })?,
        (None, None) => {
            return Err(AuditError::unreadable_input(
                "key",
                "not in the folder; name it with --key",
            ));
        }
    };
    if own.is_some_and(|own| own != key.to_string()) {
        return Err(Finding::about_whole_file("key", "key", format!("not the key {key}")).into());
    }
    if key.kind() != KeyKind::Log {
        return Err(
            Finding::about_whole_file("key", "key", "the key of a witness, not of a log").into()
        );
    }
    let (note, checkpoint) = read_checkpoint(folder, "checkpoint", &key)?;
    let witnesses = witnesses
        .iter()
        .map(|name| find_cosignature(&note, name))
        .collect::<Result<Vec<_>, _>>()?;
    let root = checkpoint.root;
    let mut signed =
        vec![SignedRoot { size: checkpoint.size, root, file: "checkpoint".to_owned() }];
    for file in folder.list_complete_files(SEEN)?.into_iter().take(SEEN_FILES) {
        let (_, old) = read_checkpoint(folder, &file, &key)?;
        if old.size > checkpoint.size {
            let what = format!(
                "signs {} entries: the newest checkpoint with {} has been rolled back",
                old.size, checkpoint.size
            );
            return Err(Finding::about_whole_file("rolled-back", file, what).into());
        }
        signed.push(SignedRoot { size: old.size, root: old.root, file });
    }
    signed.sort_by_key(|signed| signed.size);
    Ok(SignedHead { checkpoint, key, witnesses, signed })
}

fn read_checkpoint(
    folder: &Folder,
    file: &str,
    key: &VerifierKey,
) -> Result<(Note, Checkpoint), AuditError> {
    let wrong = |why: String| AuditError::from(Finding::about_whole_file("checkpoint", file, why));
    let bytes = folder.read_file(file, NOTE_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("not a text".to_owned()))?;
    let note: Note = text.parse().map_err(|why| wrong(format!("{why}")))?;
    let checkpoint =
        Checkpoint::from_signed_note(&note, key).map_err(|why| wrong(why.to_string()))?;
    Ok((note, checkpoint))
}

fn find_cosignature(note: &Note, name: &str) -> Result<(String, u64), AuditError> {
    let key = parse_verifier_key(name)?;
    let time = note.verify_cosignature_time(&key).map_err(|why| {
        let what = format!("no cosignature of {}: {why}", key.key_name());
        AuditError::from(Finding::about_whole_file("witness", "checkpoint", what))
    })?;
    Ok((key.key_name().to_owned(), time))
}
