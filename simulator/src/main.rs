//! `hanpyo-sim`: see `--help`. For tests only; it opens voters' sessions and kills processes.

use std::process::ExitCode;

use clap::Parser as _;
use simulator::commands::{Cli, run_command};

fn main() -> ExitCode {
    match run_command(Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            simulator::output::print_line(format_args!("hanpyo-sim: {error}"));
            ExitCode::from(2)
        }
    }
}
