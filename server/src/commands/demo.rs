//! The demonstration season. It is loaded once, and its sign-ins are printed at every start.

use std::path::Path;
use std::process::ExitCode;

use backend::Backend;

use super::{Base, say, settings};
use crate::StartError;
use crate::config::Common;

/// The season that comes with the program: the real one of 2024, with invented cases marked.
const SEASON: &str = include_str!("../../../data/daejeon-2024.json");

/// Runs `hanpyo demo`: loads the season and prints its sign-ins.
pub(super) async fn load(common: &Common, season: Option<&Path>) -> Result<ExitCode, StartError> {
    let text = match season {
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            StartError::file(format!("the season file {}", path.display()), error)
        })?,
        None => SEASON.to_owned(),
    };
    let base = Base::open(common, settings(true)).await?;
    let loaded = base.backend.load_demonstration(&text).await;
    base.close().await;
    let demonstration = loaded.map_err(super::check::season_refused)?;
    print_sign_ins(&demonstration);
    Ok(ExitCode::SUCCESS)
}

/// Loads the demonstration season before `serve` answers requests, and prints where everything is.
pub(super) async fn open(backend: &Backend, url: &str, common: &Common) -> Result<(), StartError> {
    say(format_args!("opening the demonstration season (the first time takes a few seconds) …"));
    let demonstration =
        backend.load_demonstration(SEASON).await.map_err(super::check::season_refused)?;
    say(format_args!(""));
    say(format_args!("  the site           {url}/"));
    say(format_args!("  the parts          {url}/parts"));
    say(format_args!("  mails land in      {url}/outbox  ({})", common.mail_folder().display()));
    print_sign_ins(&demonstration);
    say(format_args!(""));
    Ok(())
}

fn print_sign_ins(demonstration: &backend::demonstration::Demonstration) {
    say(format_args!("  sign in at         /sign-in"));
    for sign_in in &demonstration.sign_ins {
        say(format_args!(
            "    {:<14} {}  {}",
            sign_in.role.as_str(),
            sign_in.email,
            sign_in.password
        ));
    }
}
