//! A witness: cosigns a log's checkpoint only if it extends the last one cosigned. The checkpoint
//! is on the disk before the signature leaves this program.

pub mod add;
mod serve;
pub mod state;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::record::checkpoint::Checkpoint;
use domain::record::key::{Cosigner, KeyKind, VerifierKey};
use domain::record::tile::Tile;

use crate::cli::WitnessArgs;
use crate::extends::check_extension;
use crate::fetch::site::RecordSite;
use crate::fetch::{fetch_edge_tile, parse_checkpoint};
use crate::finding::{AuditError, Finding};
use crate::folder::{Folder, NOTE_BYTES, TILE_BYTES, write_whole_file};
use crate::verify::signatures;
use crate::{key, output};

use state::WitnessState;

/// Where checkpoints and tiles come from.
enum RecordSource {
    Folder(Folder),
    Site(RecordSite),
}

impl RecordSource {
    fn open_source(name: &str) -> Result<Self, AuditError> {
        if name.starts_with("http://") || name.starts_with("https://") {
            RecordSite::from_url(name).map(Self::Site)
        } else {
            Folder::open_existing(Path::new(name)).map(Self::Folder)
        }
    }

    fn read_file(&self, name: &str, most: u64) -> Result<Vec<u8>, AuditError> {
        match self {
            Self::Folder(folder) => folder.read_file(name, most),
            Self::Site(site) => site.fetch_file(name, most),
        }
    }

    fn read_tile_bytes(&self, tile: Tile) -> Result<Vec<u8>, AuditError> {
        match self {
            Self::Folder(folder) => folder.read_file(&format!("tile/{tile}"), TILE_BYTES),
            Self::Site(site) => fetch_edge_tile(site, tile),
        }
    }
}

/// Runs the command `witness`.
///
/// # Errors
/// [`AuditError`]; it is [`AuditError::Wrong`] if the log contradicts what was cosigned before.
pub fn run_witness_command(args: &WitnessArgs) -> Result<(), AuditError> {
    if let Some(name) = &args.new_key {
        output::print_result_line(
            key::create_key_file(&args.seed, key::WITNESS, name, Cosigner::from_seed)?
                .verifier_key(),
        );
        return Ok(());
    }
    let cosigner = key::read_key_file(&args.seed, key::WITNESS, Cosigner::from_seed)?;
    let logs = args.logs.iter().map(|log| parse_log_key(log)).collect::<Result<Vec<_>, _>>()?;
    let missing = || AuditError::unreadable_input("--state", "name a file");
    let state = WitnessState::open_locked(args.state.as_deref().ok_or_else(missing)?)?;
    match (args.listen, &args.source) {
        (Some(_), _) if logs.is_empty() => {
            Err(AuditError::unreadable_input("--log", "name the logs to cosign"))
        }
        (Some(address), _) => serve::serve_witness(address, add::Witness { cosigner, logs, state }),
        (None, Some(source)) => {
            let line = cosign_newest_checkpoint(
                &RecordSource::open_source(source)?,
                &cosigner,
                logs.first(),
                state,
            )?;
            if let Some(out) = &args.out {
                write_whole_file(out, line.as_bytes(), true)?;
            }
            output::print_result_text(line);
            Ok(())
        }
        (None, None) => {
            Err(AuditError::unreadable_input("witness", "name a folder, an address, or --listen"))
        }
    }
}

fn parse_log_key(text: &str) -> Result<VerifierKey, AuditError> {
    let key = signatures::parse_verifier_key(text)?;
    if key.kind() == KeyKind::Log {
        Ok(key)
    } else {
        Err(AuditError::unreadable_input(text, "not the key of a log"))
    }
}

/// Cosigns the newest checkpoint of a source, and returns the cosignature as a line.
fn cosign_newest_checkpoint(
    source: &RecordSource,
    cosigner: &Cosigner,
    log: Option<&VerifierKey>,
    mut state: WitnessState,
) -> Result<String, AuditError> {
    let key = match log {
        Some(log) => log.clone(),
        None => parse_log_key(&String::from_utf8_lossy(&source.read_file("key", NOTE_BYTES)?))?,
    };
    if state.cosigned_key(key.key_name()).is_some_and(|known| known != key.to_string()) {
        let what = format!("{} has another key than the one cosigned for before", key.key_name());
        return Err(Finding::about_whole_file("key", "key", what).into());
    }
    let (note, checkpoint) = parse_checkpoint(source.read_file("checkpoint", NOTE_BYTES)?, &key)?;
    if let Some(last) = state.last_checkpoint(key.key_name())? {
        let tile = |tile| source.read_tile_bytes(tile);
        check_extension(&last, &checkpoint, tile).inspect_err(|stop| {
            if matches!(stop, AuditError::Wrong(_)) {
                state.keep_evidence(&checkpoint, &note);
            }
        })?;
    }
    state.store_checkpoint(&key, &checkpoint, &note)?;
    Ok(format!("{}\n", cosign_checkpoint(cosigner, &checkpoint)))
}

/// Cosigns a checkpoint with the time of now. The state must hold the checkpoint already.
fn cosign_checkpoint(
    cosigner: &Cosigner,
    checkpoint: &Checkpoint,
) -> domain::record::note::Signature {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    cosigner.cosign_checkpoint(&checkpoint.to_string(), now)
}
