//! Statements of observers have one spelling, and a signed statement reads back unchanged.

#![no_main]

use domain::record::key::Signer;
use domain::record::observed::{
    ResultStatement, SignedStatement, read_statements, write_statements,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(observed) = text.parse::<ResultStatement>() {
        assert_eq!(observed.to_string(), text);
        let Ok(signer) = Signer::from_seed("fuzz.example/observer", &[1; 32]) else { return };
        // Signing fails only if the log's name is far too long.
        let Ok(signed) = observed.sign(&signer) else { return };
        assert_eq!(signed.result_statement(), &observed);
        assert_eq!(signed.to_string().parse::<SignedStatement>().as_ref(), Ok(&signed));
    }
    if let Ok(all) = read_statements(text).collect::<Result<Vec<_>, _>>() {
        assert_eq!(write_statements(&all), text);
    }
});
