//! Receipt files, receipts and openings have one spelling, and nothing unsigned is accepted.

#![no_main]

use domain::record::check::verify_receipt_file;
use domain::record::key::Signer;
use domain::record::note::Note;
use domain::record::receipt::{EntryWithProof, Opening, Receipt, ReceiptFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(opening) = text.parse::<Opening>() {
        assert_eq!(opening.to_string(), text);
    }
    if let Ok(included) = text.parse::<EntryWithProof>() {
        assert_eq!(included.to_string(), text);
    }
    if let Ok(receipt) = text.parse::<Receipt>() {
        assert_eq!(receipt.to_string(), text);
        let origin = format!("fuzz.example/record/{}", receipt.edition);
        let Ok(signer) = Signer::from_seed(&origin, &[1; 32]) else { return };
        let Ok(note) = receipt.sign(&signer) else { return };
        let found = verify_receipt_file(&note.to_string(), signer.verifier_key(), None);
        assert_eq!(found.map(|found| found.accepted), Ok(receipt));
    }
    let Ok(mut file) = text.parse::<ReceiptFile>() else { return };
    assert_eq!(file.to_string(), text);
    let Ok(signer) = Signer::from_seed("fuzz.example/record/x", &[1; 32]) else { return };
    assert!(verify_receipt_file(text, signer.verifier_key(), None).is_err());
    // Sign the receipt, so that the parts after it are read too. Nobody has signed the proof.
    let Ok(note) = Note::with_signature(
        file.note.signed_text(),
        signer.sign_note_text(file.note.signed_text()),
    ) else {
        return;
    };
    file.note = note;
    let found = verify_receipt_file(&file.to_string(), signer.verifier_key(), None);
    assert!(file.included.is_none() || found.is_err());
});
