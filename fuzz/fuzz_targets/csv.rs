//! Cast-vote records and openings have one spelling, and reading ends at the first wrong line.

#![no_main]

use domain::ballot::Picks;
use domain::record::cvr::{
    read_cvr_table, read_openings_table, write_cvr_table, write_openings_table,
};
use domain::record::receipt::Opening;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lines = text.split_inclusive('\n').count().max(1);
    match read_cvr_table(text).collect::<Result<Vec<Picks>, _>>() {
        Ok(ballots) => assert_eq!(write_cvr_table(ballots), text),
        Err(error) => assert!((1..=lines).contains(&error.line)),
    }
    match read_openings_table(text).collect::<Result<Vec<Opening>, _>>() {
        Ok(openings) => assert_eq!(write_openings_table(openings), text),
        Err(error) => assert!((1..=lines).contains(&error.line)),
    }
    assert!(read_cvr_table(text).filter(Result::is_err).count() <= 1);
});
