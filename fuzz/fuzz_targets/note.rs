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
    let Ok(signer) = Signer::new("fuzz.example/record/x", &[1; 32]) else { return };
    // Only this test has the key. A signature that only claims its name and id must be refused.
    assert!(note.verify(signer.verifier()).is_err());
    let claimed = note.signatures().iter().any(|one| signer.verifier().is_of(one));
    if note.add(signer.sign(note.text())).is_ok() {
        assert_eq!(note.to_string().parse().as_ref(), Ok(&note));
        assert_eq!(note.verify(signer.verifier()).is_ok(), !claimed);
    }
});
