//! Mirrors a record into a folder. Keeps everything that was mirrored before: a checkpoint that
//! does not extend the last one is refused and kept as evidence.

pub mod site;
mod tree;

use domain::record::checkpoint::Checkpoint;
use domain::record::key::VerifierKey;
use domain::record::note::Note;

use crate::cli::FetchArgs;
use crate::extends::check_extension;
use crate::finding::{AuditError, Finding};
use crate::folder::{
    CSV_BYTES, DOCUMENT_BYTES, Folder, NOTE_BYTES, OBSERVED, OBSERVED_BYTES, SEEN,
};
use crate::output;
use crate::rules::Rules;
use crate::verify::signatures;

use site::RecordSite;
use tree::TreeMirror;
pub(crate) use tree::fetch_edge_tile;

/// Fetches everything that is new in a record.
///
/// # Errors
/// [`AuditError`]; it is [`AuditError::Wrong`] if the site contradicts what it signed before.
pub fn fetch_record(args: &FetchArgs) -> Result<(), AuditError> {
    let site = RecordSite::from_url(&args.url)?;
    let folder = Folder::open_or_create(&args.folder)?;
    let key = fetch_log_key(&site, &folder, args.key.as_deref())?;
    let (note, checkpoint) = fetch_checkpoint(&site, &key)?;
    if let Some(last) = largest_seen_checkpoint(&folder, &key)? {
        let tile = |tile| fetch_edge_tile(&site, tile);
        if let Err(stop) = check_extension(&last, &checkpoint, tile) {
            if matches!(stop, AuditError::Wrong(_)) {
                let name = format!("evidence/{}", checkpoint_file_name(&checkpoint));
                folder.write_file(&name, note.as_bytes(), true)?;
                output::print_notice(format!("kept as evidence: {name}"));
            }
            return Err(stop);
        }
    }
    folder.write_file(
        &format!("{SEEN}/{}", checkpoint_file_name(&checkpoint)),
        note.as_bytes(),
        true,
    )?;
    let mirror =
        TreeMirror { site: &site, folder: &folder, checkpoint: &checkpoint, lines: args.lines };
    mirror.mirror_tree()?;
    fetch_documents(&site, &folder, checkpoint.size)?;
    folder.write_file("checkpoint", note.as_bytes(), true)?;
    output::print_result_line(format!(
        "{} entries, root {}",
        checkpoint.size,
        checkpoint.root.to_base64()
    ));
    output::print_result_line(format!("key {key}"));
    Ok(())
}

/// Returns the key that the site serves. It must equal the named key and the key in the folder. If
/// there is neither, it is trusted.
fn fetch_log_key(
    site: &RecordSite,
    folder: &Folder,
    named: Option<&str>,
) -> Result<VerifierKey, AuditError> {
    let served = String::from_utf8_lossy(&site.fetch_file("key", NOTE_BYTES)?).trim().to_owned();
    let kept = folder.read_file_if_present("key", NOTE_BYTES)?;
    let kept = kept.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
    for known in named.map(str::trim).into_iter().chain(kept.as_deref()) {
        if known != served {
            folder.write_file("evidence/key", served.as_bytes(), true)?;
            let what = format!("the site shows {served}, not {known}");
            return Err(Finding::about_whole_file("key", "key", what).into());
        }
    }
    let key = signatures::parse_verifier_key(&served)?;
    folder.write_file("key", format!("{served}\n").as_bytes(), true)?;
    Ok(key)
}

/// Fetches the newest checkpoint of a site and checks that this key signed it.
///
/// # Errors
/// [`AuditError::Wrong`] if the key did not sign it; [`AuditError::Network`].
pub fn fetch_checkpoint(
    site: &RecordSite,
    key: &VerifierKey,
) -> Result<(String, Checkpoint), AuditError> {
    parse_checkpoint(site.fetch_file("checkpoint", NOTE_BYTES)?, key)
}

/// Reads a checkpoint and checks that this key signed it.
///
/// # Errors
/// [`AuditError::Wrong`] if the key did not sign it.
pub fn parse_checkpoint(
    note: Vec<u8>,
    key: &VerifierKey,
) -> Result<(String, Checkpoint), AuditError> {
    let wrong =
        |why: String| AuditError::from(Finding::about_whole_file("checkpoint", "checkpoint", why));
    let note = String::from_utf8(note).map_err(|_| wrong("not a text".to_owned()))?;
    let parsed: Note = note.parse().map_err(|why| wrong(format!("{why}")))?;
    let checkpoint =
        Checkpoint::from_signed_note(&parsed, key).map_err(|why| wrong(why.to_string()))?;
    Ok((note, checkpoint))
}

/// Returns the largest checkpoint that this folder has seen.
fn largest_seen_checkpoint(
    folder: &Folder,
    key: &VerifierKey,
) -> Result<Option<Checkpoint>, AuditError> {
    let mut last: Option<Checkpoint> = None;
    for file in folder.list_complete_files(SEEN)? {
        let (_, seen) = parse_checkpoint(folder.read_file(&file, NOTE_BYTES)?, key)?;
        if last.as_ref().is_none_or(|last| last.size < seen.size) {
            last = Some(seen);
        }
    }
    Ok(last)
}

/// Returns the file name of a kept checkpoint. The name contains the start of the root, so that two
/// checkpoints of one size have different names.
fn checkpoint_file_name(checkpoint: &Checkpoint) -> String {
    let root = checkpoint.root.to_string();
    format!("{:020}-{}", checkpoint.size, root.get(..16).unwrap_or_default())
}

/// Fetches those documents beside the log that are already public.
fn fetch_documents(site: &RecordSite, folder: &Folder, size: u64) -> Result<(), AuditError> {
    let get = |name: &str, most: u64| -> Result<bool, AuditError> {
        let there = site.save_file(name, most, &folder.file_path(name))?;
        output::print_notice(format!(
            "{name}: {}",
            if there { "fetched" } else { "not public yet" }
        ));
        Ok(there)
    };
    if !get("rulebook.json", DOCUMENT_BYTES)? {
        return if size == 0 {
            Ok(())
        } else {
            Err(Finding::about_whole_file(
                "rulebook-form",
                "rulebook.json",
                "sealed, but not shown",
            )
            .into())
        };
    }
    get("result.json", DOCUMENT_BYTES)?;
    get(OBSERVED, OBSERVED_BYTES)?;
    let rules = Rules::parse_rulebook(&folder.read_file("rulebook.json", DOCUMENT_BYTES)?)
        .map_err(|why| Finding::about_whole_file("rulebook-form", "rulebook.json", why))?;
    for poll in &rules.polls {
        get(&format!("cvr/{}.csv", poll.slug), CSV_BYTES)?;
        get(&format!("openings/{}.csv", poll.slug), CSV_BYTES)?;
    }
    Ok(())
}
