//! What observers have signed about the result in the log.

use domain::record::observed::{ResultStatement, read_statements};

use crate::finding::{AuditError, Finding};
use crate::folder::{Folder, OBSERVED, OBSERVED_BYTES};

use super::report::Report;

/// Checks the statement of each observer in the folder. The key beside it must have signed it, and
/// it must be about this result.
///
/// # Errors
/// The first statement that is wrong.
pub fn check_statements(
    folder: &Folder,
    result: &ResultStatement,
    report: &mut Report,
) -> Result<(), AuditError> {
    let Some(bytes) = folder.read_file_if_present(OBSERVED, OBSERVED_BYTES)? else {
        report.note_unchecked("observers: the folder has the word of none");
        return Ok(());
    };
    let wrong =
        |what: String| AuditError::from(Finding::about_whole_file("observed", OBSERVED, what));
    let text = String::from_utf8(bytes).map_err(|_| wrong("not a text".to_owned()))?;
    for (place, signed) in (1_u64..).zip(read_statements(&text)) {
        let signed = signed.map_err(|why| wrong(format!("observer {place}: {why}")))?;
        if signed.result_statement() != result {
            let name = signed.observer_key().key_name();
            return Err(wrong(format!("{name} has signed something else than this result")));
        }
        report.observers.push(signed.observer_key().to_string());
    }
    let count = report.observers.len();
    report.note_checked(format!("{count} observers have signed that the openings fit the result"));
    report.note_unchecked("whose the observers' keys are: they are named as they name themselves");
    Ok(())
}
