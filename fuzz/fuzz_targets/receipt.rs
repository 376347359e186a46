//! Receipt files, receipts and openings have one spelling, and nothing unsigned is accepted.

#![no_main]

use domain::record::check::check;
use domain::record::key::Signer;
use domain::record::note::Note;
use domain::record::receipt::{Included, Opening, Receipt, ReceiptFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(opening) = text.parse::<Opening>() {
        assert_eq!(opening.to_string(), text);
    }
    if let Ok(included) = text.parse::<Included>() {
        assert_eq!(included.to_string(), text);
    }
    if let Ok(receipt) = text.parse::<Receipt>() {
        assert_eq!(receipt.to_string(), text);
        let origin = format!("fuzz.example/record/{}", receipt.edition);
        let Ok(signer) = Signer::new(&origin, &[1; 32]) else { return };
        let Ok(note) = receipt.sign(&signer) else { return };
        let found = check(&note.to_string(), signer.verifier(), None);
        assert_eq!(found.map(|found| found.accepted), Ok(receipt));
    }
    let Ok(mut file) = text.parse::<ReceiptFile>() else { return };
    assert_eq!(file.to_string(), text);
    let Ok(signer) = Signer::new("fuzz.example/record/x", &[1; 32]) else { return };
    assert!(check(text, signer.verifier(), None).is_err());
    // Sign the receipt, so that the parts after it are read too. Nobody has signed the proof.
    let Ok(note) = Note::new(file.note.text(), signer.sign(file.note.text())) else { return };
    file.note = note;
    let found = check(&file.to_string(), signer.verifier(), None);
    assert!(file.included.is_none() || found.is_err());
});
