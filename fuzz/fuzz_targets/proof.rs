//! Proofs have one spelling, no entry is proved without the log's signature, and no number causes a
//! panic.

#![no_main]

use domain::record::checkpoint::Checkpoint;
use domain::record::key::Signer;
use domain::record::proof::RecordProof;
use domain::record::tree::{
    leaf_hash, root_of_inclusion_proof, verify_consistency, verify_inclusion,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(mut proof) = text.parse::<RecordProof>() else { return };
    assert_eq!(proof.to_string(), text);
    let Ok(signer) = Signer::from_seed("fuzz.example/record/x", &[1; 32]) else { return };
    assert!(proof.verify_entry(b"entry", signer.verifier_key()).is_err());
    let Ok(found) = proof.checkpoint.signed_text().parse::<Checkpoint>() else { return };
    let (size, leaf) = (found.size, leaf_hash(b"entry"));
    let _ = verify_consistency(proof.index, size, &leaf, &found.root, &proof.path);
    // The same proof is valid for the root that its hashes lead to.
    if let Some(root) = root_of_inclusion_proof(proof.index, size, &leaf, &proof.path) {
        assert!(verify_inclusion(proof.index, size, &leaf, &proof.path, &root));
        let origin = signer.verifier_key().key_name().to_owned();
        let Ok(note) = (Checkpoint { origin, size, root }).sign(&signer) else { return };
        proof.checkpoint = note;
        assert!(proof.verify_entry(b"entry", signer.verifier_key()).is_ok());
        assert!(proof.verify_entry(b"LogEntry", signer.verifier_key()).is_err());
    }
});
