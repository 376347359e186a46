//! The one binary. `hanpyo --help` is the reference of its configuration.

use std::process::ExitCode;

use clap::Parser as _;
use server::config::Cli;

/// A request is a few hundred small allocations; the system's allocator takes twice as long for them
/// (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
