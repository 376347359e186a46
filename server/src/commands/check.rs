//! `hanpyo check`: checks the installation, a season file or a result. It changes nothing.

use std::path::Path;
use std::process::ExitCode;

use domain::result::ResultDocument;
use domain::season::Season;
use sha2::{Digest as _, Sha256};

use super::{Database, say};
use crate::cluster::Cluster;
use crate::config::Common;
use crate::{StartError, queries};

pub(super) async fn check(
    common: &Common,
    season: Option<&Path>,
    result: Option<&Path>,
) -> Result<ExitCode, StartError> {
    match (season, result) {
        (Some(path), _) => check_season(path),
        (None, Some(path)) => check_result(path),
        (None, None) => check_installation(common).await,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, StartError> {
    std::fs::read(path).map_err(|error| StartError::file(path.display().to_string(), error))
}

fn check_season(path: &Path) -> Result<ExitCode, StartError> {
    let bytes = read(path)?;
    match Season::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(season) => {
            say(format_args!("{}: a season with {} cases", path.display(), season.cases.len()));
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            for problem in &problems {
                let (line, place) = (problem.line, &problem.path);
                say(format_args!("{}:{line}: {place}: {}", path.display(), problem.reason));
            }
            Err(StartError::Refused(format!("{} faults in the season file", problems.len())))
        }
    }
}

/// Recomputes a published result. Anybody can run this, because it needs no server and no database.
fn check_result(path: &Path) -> Result<ExitCode, StartError> {
    let bytes = read(path)?;
    let document: ResultDocument = serde_json::from_slice(&bytes)
        .map_err(|error| StartError::Refused(format!("{}: {error}", path.display())))?;
    document.recompute().map_err(|problem| {
        StartError::Refused(format!(
            "the ranks do not follow from the votes and scores: {problem:?}"
        ))
    })?;
    let cases = document.cases.len();
    say(format_args!("all {cases} ranks follow from the votes, the scores and the rules"));
    say(format_args!("sha256 {}", hex::encode(Sha256::digest(&bytes))));
    Ok(ExitCode::SUCCESS)
}

async fn check_installation(common: &Common) -> Result<ExitCode, StartError> {
    if common.database_url.is_none() && !Cluster::exists(&common.data_dir) {
        say(format_args!("no database yet; `hanpyo serve` makes a private cluster"));
        return Ok(ExitCode::SUCCESS);
    }
    let database = Database::open(common).await?;
    let durability = queries::durability(&database.pool).await;
    let newest = queries::newest_migration(&database.pool).await;
    database.close().await;
    let (version, durable) = durability.map_err(StartError::Connect)?;
    let there = newest.map_err(StartError::Connect)?;
    let known = backend::MIGRATIONS.iter().map(|migration| migration.version).max();
    say(format_args!("PostgreSQL {version}, fsync {}", if durable { "on" } else { "off" }));
    say(format_args!("keys in {}", common.key_path().display()));
    match there {
        Some(version) if Some(version) > known => Err(StartError::NewerDatabase(version)),
        _ if !durable => {
            Err(StartError::Refused("fsync is off: an acknowledged ballot could be lost".into()))
        }
        there if there < known => {
            say(format_args!("migrations are waiting; `hanpyo migrate` or `serve` applies them"));
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            say(format_args!("migrations up to date"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Formats the faults of a season file for the command line.
pub(super) fn season_refused(error: backend::Error) -> StartError {
    match error {
        backend::Error::Season(problems) => {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| {
                    format!("line {}: {}: {}", problem.line, problem.path, problem.reason)
                })
                .collect();
            StartError::Refused(format!("the season file was refused\n  {}", lines.join("\n  ")))
        }
        error => StartError::Refused(error.to_string()),
    }
}
