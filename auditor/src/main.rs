//! `hanpyo-audit`: reads the command line, runs one command, ends with its exit code.

use std::process::ExitCode;

use auditor::cli::{Cli, Command, ReceiptArgs, VerifyArgs};
use auditor::finding::Stop;
use auditor::verify::{Trust, verify};
use auditor::{fetch, observe, receipt, recount, say, witness};
use clap::Parser as _;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => ExitCode::from(code),
        Err(stop) => {
            let word = if matches!(stop, Stop::Wrong(_)) { "WRONG " } else { "" };
            say::aside(format!("{word}{stop}"));
            ExitCode::from(stop.code())
        }
    }
}

fn run(command: Command) -> Result<u8, Stop> {
    match command {
        Command::Fetch(args) => fetch::run(&args).map(|()| 0),
        Command::Verify(args) => verified(args),
        Command::Recount(args) => {
            let (poll, result) = (args.poll.as_deref(), args.result.as_deref());
            say::text(recount::run(&args.ballots, &args.rulebook, poll, result)?);
            Ok(0)
        }
        Command::Receipt(args) => {
            say::text(receipt::run(&args.file, &key(&args)?, args.opening.as_deref())?);
            Ok(0)
        }
        Command::Observe(args) => observe::run(&args).map(|()| 0),
        Command::Witness(args) => witness::run(&args).map(|()| 0),
    }
}

fn verified(args: VerifyArgs) -> Result<u8, Stop> {
    let trust = Trust { key: args.key, witnesses: args.witnesses };
    let report = verify(&args.folder, &trust)?;
    if args.json {
        let json = serde_json::to_string_pretty(&report);
        say::line(json.map_err(|error| Stop::input("the report", error))?);
    } else {
        say::text(&report);
    }
    Ok(if report.is_clean() { 0 } else { 1 })
}

/// Returns the key from the command line, or the content of the file that it names.
fn key(args: &ReceiptArgs) -> Result<String, Stop> {
    if args.key.contains('+') {
        return Ok(args.key.clone());
    }
    std::fs::read_to_string(&args.key).map_err(|error| Stop::input(&args.key, error))
}
