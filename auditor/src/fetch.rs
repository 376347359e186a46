//! Mirrors a record into a folder. Keeps everything that was mirrored before: a checkpoint that
//! does not extend the last one is refused and kept as evidence.

pub mod site;
mod tree;

use domain::record::checkpoint::Checkpoint;
use domain::record::key::VerifierKey;
use domain::record::note::Note;

use crate::cli::FetchArgs;
use crate::extends::extends;
use crate::finding::{Finding, Stop};
use crate::folder::{
    CSV_BYTES, DOCUMENT_BYTES, Folder, NOTE_BYTES, OBSERVED, OBSERVED_BYTES, SEEN,
};
use crate::rules::Rules;
use crate::say;
use crate::verify::signatures;

use site::Site;
use tree::Mirror;
pub(crate) use tree::edge_tile;

/// Fetches everything that is new in a record.
///
/// # Errors
/// [`Stop`]; it is [`Stop::Wrong`] if the site contradicts what it signed before.
pub fn run(args: &FetchArgs) -> Result<(), Stop> {
    let site = Site::new(&args.url)?;
    let folder = Folder::create(&args.folder)?;
    let key = key(&site, &folder, args.key.as_deref())?;
    let (note, checkpoint) = checkpoint(&site, &key)?;
    if let Some(last) = last(&folder, &key)? {
        let tile = |tile| edge_tile(&site, tile);
        if let Err(stop) = extends(&last, &checkpoint, tile) {
            if matches!(stop, Stop::Wrong(_)) {
                let name = format!("evidence/{}", name(&checkpoint));
                folder.write(&name, note.as_bytes(), true)?;
                say::aside(format!("kept as evidence: {name}"));
            }
            return Err(stop);
        }
    }
    folder.write(&format!("{SEEN}/{}", name(&checkpoint)), note.as_bytes(), true)?;
    let mirror =
        Mirror { site: &site, folder: &folder, checkpoint: &checkpoint, lines: args.lines };
    mirror.run()?;
    documents(&site, &folder, checkpoint.size)?;
    folder.write("checkpoint", note.as_bytes(), true)?;
    say::line(format!("{} entries, root {}", checkpoint.size, checkpoint.root.to_base64()));
    say::line(format!("key {key}"));
    Ok(())
}

/// Returns the key that the site serves. It must equal the named key and the key in the folder. If
/// there is neither, it is trusted.
fn key(site: &Site, folder: &Folder, named: Option<&str>) -> Result<VerifierKey, Stop> {
    let served = String::from_utf8_lossy(&site.get("key", NOTE_BYTES)?).trim().to_owned();
    let kept = folder.find("key", NOTE_BYTES)?;
    let kept = kept.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
    for known in named.map(str::trim).into_iter().chain(kept.as_deref()) {
        if known != served {
            folder.write("evidence/key", served.as_bytes(), true)?;
            let what = format!("the site shows {served}, not {known}");
            return Err(Finding::of("key", "key", what).into());
        }
    }
    let key = signatures::key(&served)?;
    folder.write("key", format!("{served}\n").as_bytes(), true)?;
    Ok(key)
}

/// Fetches the newest checkpoint of a site and checks that this key signed it.
///
/// # Errors
/// [`Stop::Wrong`] if the key did not sign it; [`Stop::Network`].
pub fn checkpoint(site: &Site, key: &VerifierKey) -> Result<(String, Checkpoint), Stop> {
    read(site.get("checkpoint", NOTE_BYTES)?, key)
}

/// Reads a checkpoint and checks that this key signed it.
///
/// # Errors
/// [`Stop::Wrong`] if the key did not sign it.
pub fn read(note: Vec<u8>, key: &VerifierKey) -> Result<(String, Checkpoint), Stop> {
    let wrong = |why: String| Stop::from(Finding::of("checkpoint", "checkpoint", why));
    let note = String::from_utf8(note).map_err(|_| wrong("not a text".to_owned()))?;
    let parsed: Note = note.parse().map_err(|why| wrong(format!("{why}")))?;
    let checkpoint = Checkpoint::verify(&parsed, key).map_err(|why| wrong(why.to_string()))?;
    Ok((note, checkpoint))
}

/// Returns the largest checkpoint that this folder has seen.
fn last(folder: &Folder, key: &VerifierKey) -> Result<Option<Checkpoint>, Stop> {
    let mut last: Option<Checkpoint> = None;
    for file in folder.names(SEEN)? {
        let (_, seen) = read(folder.read(&file, NOTE_BYTES)?, key)?;
        if last.as_ref().is_none_or(|last| last.size < seen.size) {
            last = Some(seen);
        }
    }
    Ok(last)
}

/// Returns the file name of a kept checkpoint. The name contains the start of the root, so that two
/// checkpoints of one size have different names.
fn name(checkpoint: &Checkpoint) -> String {
    let root = checkpoint.root.to_string();
    format!("{:020}-{}", checkpoint.size, root.get(..16).unwrap_or_default())
}

/// Fetches those documents beside the log that are already public.
fn documents(site: &Site, folder: &Folder, size: u64) -> Result<(), Stop> {
    let get = |name: &str, most: u64| -> Result<bool, Stop> {
        let there = site.save(name, most, &folder.path(name))?;
        say::aside(format!("{name}: {}", if there { "fetched" } else { "not public yet" }));
        Ok(there)
    };
    if !get("rulebook.json", DOCUMENT_BYTES)? {
        return if size == 0 {
            Ok(())
        } else {
            Err(Finding::of("rulebook-form", "rulebook.json", "sealed, but not shown").into())
        };
    }
    get("result.json", DOCUMENT_BYTES)?;
    get(OBSERVED, OBSERVED_BYTES)?;
    let rules = Rules::parse(&folder.read("rulebook.json", DOCUMENT_BYTES)?)
        .map_err(|why| Finding::of("rulebook-form", "rulebook.json", why))?;
    for poll in &rules.polls {
        get(&format!("cvr/{}.csv", poll.slug), CSV_BYTES)?;
        get(&format!("openings/{}.csv", poll.slug), CSV_BYTES)?;
    }
    Ok(())
}
