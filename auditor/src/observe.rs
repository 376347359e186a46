//! Signs an observer's statement that the openings fit the result. Signs only if the folder holds
//! everything that the statement needs and nothing is wrong.

use domain::record::key::{KeyError, Signer};
use domain::record::observed::check_observer_key;

use crate::cli::ObserveArgs;
use crate::finding::AuditError;
use crate::verify::{TrustedKeys, verify_record};
use crate::{key, output};

/// Runs the command `observe`.
///
/// # Errors
/// [`AuditError::Wrong`] if the record is wrong; [`AuditError::Input`] if something was missing and not
/// checked.
pub fn run_observe_command(args: &ObserveArgs) -> Result<(), AuditError> {
    if let Some(name) = &args.new_key {
        let signer = key::create_key_file(&args.seed, key::OBSERVER, name, make_observer_signer)?;
        output::print_result_line(signer.verifier_key());
        return Ok(());
    }
    let missing = || AuditError::unreadable_input("observe", "name a folder");
    let folder = args.folder.as_deref().ok_or_else(missing)?;
    let signer = key::read_key_file(&args.seed, key::OBSERVER, make_observer_signer)?;
    let trust = TrustedKeys { key: args.key.clone(), witnesses: Vec::new() };
    let report = verify_record(folder, &trust)?;
    if let Some(finding) = report.findings.into_iter().next() {
        return Err(finding.into());
    }
    let no_result = || {
        AuditError::unreadable_input("checkpoint", "no result is in the record: nothing to sign")
    };
    let observed = report.result.ok_or_else(no_result)?;
    if let Some(unseen) = report.unseen.first() {
        return Err(AuditError::unreadable_input(
            unseen,
            "was not checked: nothing is signed without it",
        ));
    }
    let signed = observed
        .sign(&signer)
        .map_err(|why| AuditError::unreadable_input(args.seed.display(), why))?;
    output::print_notice(format!("key {}", signed.observer_key()));
    output::print_result_text(signed.signed_note());
    Ok(())
}

/// Makes a key that an observer may sign with.
fn make_observer_signer(name: &str, seed: &[u8; 32]) -> Result<Signer, KeyError> {
    let signer = Signer::from_seed(name, seed)?;
    check_observer_key(signer.verifier_key()).map_err(|_| KeyError::Name)?;
    Ok(signer)
}
