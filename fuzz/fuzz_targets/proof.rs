//! Proofs have one spelling, no entry is proved without the log's signature, and no number causes a
//! panic.

#![no_main]

use domain::record::checkpoint::Checkpoint;
use domain::record::key::Signer;
use domain::record::proof::Proof;
use domain::record::tree::{inclusion_root, leaf_hash, verify_consistency, verify_inclusion};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(mut proof) = text.parse::<Proof>() else { return };
    assert_eq!(proof.to_string(), text);
    let Ok(signer) = Signer::new("fuzz.example/record/x", &[1; 32]) else { return };
    assert!(proof.verify(b"entry", signer.verifier()).is_err());
    let Ok(found) = proof.checkpoint.text().parse::<Checkpoint>() else { return };
    let (size, leaf) = (found.size, leaf_hash(b"entry"));
    let _ = verify_consistency(proof.index, size, &leaf, &found.root, &proof.path);
    // The same proof is valid for the root that its hashes lead to.
    if let Some(root) = inclusion_root(proof.index, size, &leaf, &proof.path) {
        assert!(verify_inclusion(proof.index, size, &leaf, &proof.path, &root));
        let origin = signer.verifier().name().to_owned();
        let Ok(note) = (Checkpoint { origin, size, root }).sign(&signer) else { return };
        proof.checkpoint = note;
        assert!(proof.verify(b"entry", signer.verifier()).is_ok());
        assert!(proof.verify(b"Entry", signer.verifier()).is_err());
    }
});
