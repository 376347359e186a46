//! Checkpoints have one spelling, and a signed checkpoint verifies.

#![no_main]

use domain::record::checkpoint::Checkpoint;
use domain::record::key::Signer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(checkpoint) = text.parse::<Checkpoint>() else { return };
    assert_eq!(checkpoint.to_string(), text);
    let Ok(signer) = Signer::from_seed(&checkpoint.origin, &[1; 32]) else { return };
    let Ok(note) = checkpoint.sign(&signer) else { return };
    assert_eq!(Checkpoint::from_signed_note(&note, signer.verifier_key()), Ok(checkpoint));
});
