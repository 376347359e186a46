//! The binary `hanpyo`. `hanpyo --help` documents its configuration.

use std::process::ExitCode;

use clap::Parser as _;
use server::config::Cli;

/// A request makes a few hundred small allocations. The system's allocator takes twice as long for
/// them (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match server::commands::run_command(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            // One sentence for the operator, in every log format.
            std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("hanpyo: {error}\n"))
                .ok();
            ExitCode::from(error.exit_code())
        }
    }
}
