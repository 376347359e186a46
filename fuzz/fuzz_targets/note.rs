//! Signed notes and keys have one spelling, and only the right signature is accepted.

#![no_main]

use domain::record::key::{Signer, VerifierKey};
use domain::record::note::Note;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    let Ok(mut note) = text.parse::<Note>() else { return };
    assert_eq!(note.to_string(), text);
    let Ok(signer) = Signer::from_seed("fuzz.example/record/x", &[1; 32]) else { return };
    // Only this test has the key. A signature that only claims its name and id must be refused.
    assert!(note.verify_signature(signer.verifier_key()).is_err());
    let claimed = note.signatures().iter().any(|one| signer.verifier_key().is_claimed_by(one));
    if note.add_signature(signer.sign_note_text(note.signed_text())).is_ok() {
        assert_eq!(note.to_string().parse().as_ref(), Ok(&note));
        assert_eq!(note.verify_signature(signer.verifier_key()).is_ok(), !claimed);
    }
});
