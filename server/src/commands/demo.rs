//! The demonstration season. It is loaded once, and its sign-ins are printed at every start.

use std::path::Path;
use std::process::ExitCode;

use backend::Backend;

use super::{OpenBackend, command_settings, print_line};
use crate::StartError;
use crate::config::CommonArgs;

/// The season that comes with the program: the real one of 2024, with invented cases marked.
const SEASON: &str = include_str!("../../../data/daejeon-2024.json");

/// Runs `hanpyo demo`: loads the season and prints its sign-ins.
pub(super) async fn run_demo(
    common: &CommonArgs,
    season: Option<&Path>,
) -> Result<ExitCode, StartError> {
    let text = match season {
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            StartError::file_error(format!("the season file {}", path.display()), error)
        })?,
        None => SEASON.to_owned(),
    };
    let base = OpenBackend::open_with_settings(common, command_settings(true)).await?;
    let loaded = base.backend.load_demonstration(&text).await;
    base.close_database().await;
    let demonstration = loaded.map_err(super::check::season_error)?;
    print_sign_ins(&demonstration);
    Ok(ExitCode::SUCCESS)
}

/// Loads the demonstration season before `serve` answers requests, and prints where everything is.
pub(super) async fn load_demonstration(
    backend: &Backend,
    url: &str,
    common: &CommonArgs,
) -> Result<(), StartError> {
    print_line(format_args!(
        "opening the demonstration season (the first time takes a few seconds) …"
    ));
    let demonstration =
        backend.load_demonstration(SEASON).await.map_err(super::check::season_error)?;
    print_line(format_args!(""));
    print_line(format_args!("  the site           {url}/"));
    print_line(format_args!("  the parts          {url}/parts"));
    print_line(format_args!(
        "  mails land in      {url}/outbox  ({})",
        common.mail_folder().display()
    ));
    print_sign_ins(&demonstration);
    print_line(format_args!(""));
    Ok(())
}

fn print_sign_ins(demonstration: &backend::demonstration::Demonstration) {
    print_line(format_args!("  sign in at         /sign-in"));
    for sign_in in &demonstration.sign_ins {
        print_line(format_args!(
            "    {:<14} {}  {}",
            sign_in.role.as_str(),
            sign_in.email,
            sign_in.password
        ));
    }
}
