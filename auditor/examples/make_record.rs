//! Writes a synthetic record for measurements: `make_record FOLDER BALLOTS [erased]`, for example
//! `cargo run --release -p auditor --example make_record -- /tmp/record 1400000`.

use std::path::PathBuf;

use auditor::output;
use auditor::sample::{Plan, build_sample_record, write_signed_record};
use domain::record::key::Signer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("name a folder")?);
    let ballots = args.next().ok_or("how many ballots?")?.parse()?;
    let plan = Plan { erased: args.next().is_some(), ..Plan::one_poll(ballots) };
    let sample = build_sample_record(&plan);
    let signer = Signer::from_seed(&format!("vote.example/record/{}", sample.edition), &[7; 32])?;
    let checkpoint = write_signed_record(&sample, &signer, &folder)?;
    output::print_result_line(format!(
        "{} entries, key {}",
        checkpoint.size,
        signer.verifier_key()
    ));
    Ok(())
}
