//! The one binary. `hanpyo --help` is the reference of its configuration.

use std::process::ExitCode;

use clap::Parser as _;
use server::config::Cli;

fn main() -> ExitCode {
    match server::commands::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            // One sentence for the operator, whatever the log format is.
            std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("hanpyo: {error}\n"))
                .ok();
            ExitCode::FAILURE
        }
    }
}
