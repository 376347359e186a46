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
use crate::extends::extends;
use crate::fetch::site::Site;
use crate::fetch::{edge_tile, read};
use crate::finding::{Finding, Stop};
use crate::folder::{Folder, NOTE_BYTES, TILE_BYTES, write_whole};
use crate::verify::signatures;
use crate::{key, say};

use state::State;

/// Where checkpoints and tiles come from.
enum Source {
    Folder(Folder),
    Site(Site),
}

impl Source {
    fn open(name: &str) -> Result<Self, Stop> {
        if name.starts_with("http://") || name.starts_with("https://") {
            Site::new(name).map(Self::Site)
        } else {
            Folder::open(Path::new(name)).map(Self::Folder)
        }
    }

    fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, Stop> {
        match self {
            Self::Folder(folder) => folder.read(name, most),
            Self::Site(site) => site.get(name, most),
        }
    }

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, Stop> {
        match self {
            Self::Folder(folder) => folder.read(&format!("tile/{tile}"), TILE_BYTES),
            Self::Site(site) => edge_tile(site, tile),
        }
    }
}

/// Runs the command `witness`.
///
/// # Errors
/// [`Stop`]; it is [`Stop::Wrong`] if the log contradicts what was cosigned before.
pub fn run(args: &WitnessArgs) -> Result<(), Stop> {
    if let Some(name) = &args.new_key {
        say::line(key::make(&args.seed, key::WITNESS, name, Cosigner::new)?.verifier());
        return Ok(());
    }
    let cosigner = key::read(&args.seed, key::WITNESS, Cosigner::new)?;
    let logs = args.logs.iter().map(|log| log_key(log)).collect::<Result<Vec<_>, _>>()?;
    let missing = || Stop::input("--state", "name a file");
    let state = State::open(args.state.as_deref().ok_or_else(missing)?)?;
    match (args.listen, &args.source) {
        (Some(_), _) if logs.is_empty() => Err(Stop::input("--log", "name the logs to cosign")),
        (Some(address), _) => serve::serve(address, add::Witness { cosigner, logs, state }),
        (None, Some(source)) => {
            let line = once(&Source::open(source)?, &cosigner, logs.first(), state)?;
            if let Some(out) = &args.out {
                write_whole(out, line.as_bytes(), true)?;
            }
            say::text(line);
            Ok(())
        }
        (None, None) => Err(Stop::input("witness", "name a folder, an address, or --listen")),
    }
}

fn log_key(text: &str) -> Result<VerifierKey, Stop> {
    let key = signatures::key(text)?;
    if key.kind() == KeyKind::Log {
        Ok(key)
    } else {
        Err(Stop::input(text, "not the key of a log"))
    }
}

/// Cosigns the newest checkpoint of a source, and returns the cosignature as a line.
fn once(
    source: &Source,
    cosigner: &Cosigner,
    log: Option<&VerifierKey>,
    mut state: State,
) -> Result<String, Stop> {
    let key = match log {
        Some(log) => log.clone(),
        None => log_key(&String::from_utf8_lossy(&source.read("key", NOTE_BYTES)?))?,
    };
    if state.key(key.name()).is_some_and(|known| known != key.to_string()) {
        let what = format!("{} has another key than the one cosigned for before", key.name());
        return Err(Finding::of("key", "key", what).into());
    }
    let (note, checkpoint) = read(source.read("checkpoint", NOTE_BYTES)?, &key)?;
    if let Some(last) = state.last(key.name())? {
        let tile = |tile| source.tile(tile);
        extends(&last, &checkpoint, tile).inspect_err(|stop| {
            if matches!(stop, Stop::Wrong(_)) {
                state.keep_evidence(&checkpoint, &note);
            }
        })?;
    }
    state.advance(&key, &checkpoint, &note)?;
    Ok(format!("{}\n", cosign(cosigner, &checkpoint)))
}

/// Cosigns a checkpoint with the time of now. The state must hold the checkpoint already.
fn cosign(cosigner: &Cosigner, checkpoint: &Checkpoint) -> domain::record::note::Signature {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    cosigner.cosign(&checkpoint.to_string(), now)
}
