//! Statements of observers have one spelling, and a signed statement reads back unchanged.

#![no_main]

use domain::record::key::Signer;
use domain::record::observed::{Observed, Signed, read_observed, write_observed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(observed) = text.parse::<Observed>() {
        assert_eq!(observed.to_string(), text);
        let Ok(signer) = Signer::new("fuzz.example/observer", &[1; 32]) else { return };
        // Signing fails only if the log's name is far too long.
        let Ok(signed) = observed.sign(&signer) else { return };
        assert_eq!(signed.observed(), &observed);
        assert_eq!(signed.to_string().parse::<Signed>().as_ref(), Ok(&signed));
    }
    if let Ok(all) = read_observed(text).collect::<Result<Vec<_>, _>>() {
        assert_eq!(write_observed(&all), text);
    }
});
