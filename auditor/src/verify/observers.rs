//! What observers have signed about the result in the log.

use domain::record::observed::{Observed, read_observed};

use crate::finding::{Finding, Stop};
use crate::folder::{Folder, OBSERVED, OBSERVED_BYTES};

use super::report::Report;

/// Checks the statement of each observer in the folder. The key beside it must have signed it, and
/// it must be about this result.
///
/// # Errors
/// The first statement that is wrong.
pub fn check(folder: &Folder, result: &Observed, report: &mut Report) -> Result<(), Stop> {
    let Some(bytes) = folder.find(OBSERVED, OBSERVED_BYTES)? else {
        report.not_checked("observers: the folder has the word of none");
        return Ok(());
    };
    let wrong = |what: String| Stop::from(Finding::of("observed", OBSERVED, what));
    let text = String::from_utf8(bytes).map_err(|_| wrong("not a text".to_owned()))?;
    for (place, signed) in (1_u64..).zip(read_observed(&text)) {
        let signed = signed.map_err(|why| wrong(format!("observer {place}: {why}")))?;
        if signed.observed() != result {
            let name = signed.key().name();
            return Err(wrong(format!("{name} has signed something else than this result")));
        }
        report.observers.push(signed.key().to_string());
    }
    let count = report.observers.len();
    report.checked(format!("{count} observers have signed that the openings fit the result"));
    report.not_checked("whose the observers' keys are: they are named as they name themselves");
    Ok(())
}
