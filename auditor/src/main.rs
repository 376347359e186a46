//! `hanpyo-audit`: reads the command line, runs one command, ends with its exit code.

use std::process::ExitCode;

use auditor::cli::{Cli, Command, ReceiptArgs, VerifyArgs};
use auditor::finding::AuditError;
use auditor::verify::{TrustedKeys, verify_record};
use auditor::{fetch, observe, output, receipt, recount, witness};
use clap::Parser as _;

fn main() -> ExitCode {
    match run_command(Cli::parse().command) {
        Ok(code) => ExitCode::from(code),
        Err(stop) => {
            let word = if matches!(stop, AuditError::Wrong(_)) { "WRONG " } else { "" };
            output::print_notice(format!("{word}{stop}"));
            ExitCode::from(stop.exit_code())
        }
    }
}

fn run_command(command: Command) -> Result<u8, AuditError> {
    match command {
        Command::Fetch(args) => fetch::fetch_record(&args).map(|()| 0),
        Command::Verify(args) => run_verify(args),
        Command::Recount(args) => {
            let (poll, result) = (args.poll.as_deref(), args.result.as_deref());
            output::print_result_text(recount::run_recount_command(
                &args.ballots,
                &args.rulebook,
                poll,
                result,
            )?);
            Ok(0)
        }
        Command::Receipt(args) => {
            output::print_result_text(receipt::check_receipt_file(
                &args.file,
                &read_key_argument(&args)?,
                args.opening.as_deref(),
            )?);
            Ok(0)
        }
        Command::Note(args) => {
            output::print_result_text(receipt::check_signed_note(&args.file, &args.key)?);
            Ok(0)
        }
        Command::Observe(args) => observe::run_observe_command(&args).map(|()| 0),
        Command::Witness(args) => witness::run_witness_command(&args).map(|()| 0),
    }
}

fn run_verify(args: VerifyArgs) -> Result<u8, AuditError> {
    let trust = TrustedKeys { key: args.key, witnesses: args.witnesses };
    let report = verify_record(&args.folder, &trust)?;
    if args.json {
        let json = serde_json::to_string_pretty(&report);
        output::print_result_line(
            json.map_err(|error| AuditError::unreadable_input("the report", error))?,
        );
    } else {
        output::print_result_text(&report);
    }
    Ok(if report.is_clean() { 0 } else { 1 })
}

/// Returns the key from the command line, or the content of the file that it names.
fn read_key_argument(args: &ReceiptArgs) -> Result<String, AuditError> {
    if args.key.contains('+') {
        return Ok(args.key.clone());
    }
    std::fs::read_to_string(&args.key)
        .map_err(|error| AuditError::unreadable_input(&args.key, error))
}
