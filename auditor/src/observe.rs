//! Signs an observer's statement that the openings fit the result. Signs only if the folder holds
//! everything that the statement needs and nothing is wrong.

use domain::record::key::{KeyError, Signer};
use domain::record::observed::fits;

use crate::cli::ObserveArgs;
use crate::finding::Stop;
use crate::verify::{Trust, verify};
use crate::{key, say};

/// Runs the command `observe`.
///
/// # Errors
/// [`Stop::Wrong`] if the record is wrong; [`Stop::Input`] if something was missing and not
/// checked.
pub fn run(args: &ObserveArgs) -> Result<(), Stop> {
    if let Some(name) = &args.new_key {
        let signer = key::make(&args.seed, key::OBSERVER, name, signer)?;
        say::line(signer.verifier());
        return Ok(());
    }
    let missing = || Stop::input("observe", "name a folder");
    let folder = args.folder.as_deref().ok_or_else(missing)?;
    let signer = key::read(&args.seed, key::OBSERVER, signer)?;
    let trust = Trust { key: args.key.clone(), witnesses: Vec::new() };
    let report = verify(folder, &trust)?;
    if let Some(finding) = report.findings.into_iter().next() {
        return Err(finding.into());
    }
    let no_result = || Stop::input("checkpoint", "no result is in the record: nothing to sign");
    let observed = report.result.ok_or_else(no_result)?;
    if let Some(unseen) = report.unseen.first() {
        return Err(Stop::input(unseen, "was not checked: nothing is signed without it"));
    }
    let signed = observed.sign(&signer).map_err(|why| Stop::input(args.seed.display(), why))?;
    say::aside(format!("key {}", signed.key()));
    say::text(signed.note());
    Ok(())
}

/// Makes a key that an observer may sign with.
fn signer(name: &str, seed: &[u8; 32]) -> Result<Signer, KeyError> {
    let signer = Signer::new(name, seed)?;
    fits(signer.verifier()).map_err(|_| KeyError::Name)?;
    Ok(signer)
}
