//! `hanpyo check`: checks the installation, a season file or a result. It changes nothing.

use std::path::Path;
use std::process::ExitCode;

use backend::text_files::decode_text_file;
use domain::limits::EMAIL_POLL_PERCENT;
use domain::result::{ResultDocument, ResultProblem};
use domain::season::Season;
use sha2::{Digest as _, Sha256};

use super::{OpenDatabase, print_line};
use crate::cluster::Cluster;
use crate::config::CommonArgs;
use crate::{StartError, queries};

pub(super) async fn run_check(
    common: &CommonArgs,
    season: Option<&Path>,
    result: Option<&Path>,
) -> Result<ExitCode, StartError> {
    match (season, result) {
        (Some(path), _) => check_season(path),
        (None, Some(path)) => check_result(path),
        (None, None) => check_installation(common).await,
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, StartError> {
    std::fs::read(path).map_err(|error| StartError::file_error(path.display().to_string(), error))
}

fn check_season(path: &Path) -> Result<ExitCode, StartError> {
    let bytes = read_file(path)?;
    let Some(text) = decode_text_file(&bytes) else {
        let said = format!("{}: no text in UTF-8, UTF-16 or CP949", path.display());
        return Err(StartError::Refused(said));
    };
    match Season::parse_season_file(&text) {
        Ok(season) => {
            print_line(format_args!(
                "{}: a season with {} cases",
                path.display(),
                season.cases.len()
            ));
            note_heavy_email_polls(&season);
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            for problem in &problems {
                let (line, place) = (problem.line, &problem.path);
                print_line(format_args!("{}:{line}: {place}: {}", path.display(), problem.reason));
            }
            Err(StartError::Refused(format!("{} faults in the season file", problems.len())))
        }
    }
}

/// Notes what a poll by e-mail risks that decides much of the result. The file is valid all the same.
fn note_heavy_email_polls(season: &Season) {
    for poll in season.rulebook.polls.iter().filter(|poll| poll.is_heavy_email_poll()) {
        print_line(format_args!(
            "note: poll {} goes by e-mail and weighs {}%, more than {EMAIL_POLL_PERCENT}%. \
            Anybody can make any number of addresses: one person with a few domains can cast \
            thousands of votes",
            poll.slug,
            poll.weight.to_percent_text(2),
        ));
    }
}

/// Recomputes a published result. Anybody can run this, because it needs no server and no database.
fn check_result(path: &Path) -> Result<ExitCode, StartError> {
    let bytes = std::fs::read(path)
        .map_err(|error| StartError::Unreadable(format!("{}: {error}", path.display())))?;
    // An editor may have put a byte order mark before it.
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let document: ResultDocument = serde_json::from_slice(plain)
        .map_err(|error| StartError::Unreadable(format!("{}: {error}", path.display())))?;
    document.check_by_recomputing().map_err(|problem| match problem {
        // Written by a later version, which is no fault of the result.
        ResultProblem::Format => StartError::Unreadable(format!("{}: {problem}", path.display())),
        _ => StartError::Refused(format!(
            "the ranks do not follow from the votes and scores: {problem:?}"
        )),
    })?;
    let cases = document.cases.len();
    print_line(format_args!("all {cases} ranks follow from the votes, the scores and the rules"));
    print_line(format_args!("sha256 {}", hex::encode(Sha256::digest(&bytes))));
    Ok(ExitCode::SUCCESS)
}

async fn check_installation(common: &CommonArgs) -> Result<ExitCode, StartError> {
    if common.database_url.is_none() && !Cluster::exists_in_folder(&common.data_dir) {
        print_line(format_args!("no database yet; `hanpyo serve` makes a private cluster"));
        return Ok(ExitCode::SUCCESS);
    }
    let database = OpenDatabase::open_and_check(common).await?;
    let durability = queries::version_and_fsync(&database.pool).await;
    let newest = queries::newest_migration(&database.pool).await;
    database.close_connections().await;
    let (version, durable) = durability.map_err(StartError::Connect)?;
    let there = newest.map_err(StartError::Connect)?;
    let known = backend::MIGRATIONS.iter().map(|migration| migration.version).max();
    print_line(format_args!("PostgreSQL {version}, fsync {}", if durable { "on" } else { "off" }));
    print_line(format_args!("keys in {}", common.key_path().display()));
    match there {
        Some(version) if Some(version) > known => Err(StartError::NewerDatabase(version)),
        _ if !durable => {
            Err(StartError::Refused("fsync is off: an acknowledged ballot could be lost".into()))
        }
        there if there < known => {
            print_line(format_args!(
                "migrations are waiting; `hanpyo migrate` or `serve` applies them"
            ));
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            print_line(format_args!("migrations up to date"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Formats the faults of a season file for the command line.
pub(super) fn season_error(error: backend::Error) -> StartError {
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
