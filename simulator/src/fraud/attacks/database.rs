//! A10: somebody writes into the database.

use crate::fraud::stage::Stage;

/// Somebody with access inserts ballots. No verification is beside them. A third invent a trace as
/// well, drawn like a person's.
pub(super) fn write_rows(stage: &mut Stage, votes: u64, entry: u64) {
    let invents = stage.chance.draw_below(3) == 0;
    for _ in 0..votes {
        let at = stage.draw_moment();
        let mut trace = stage.draw_person(at);
        trace.verified = false;
        if !invents {
            (trace.device, trace.network, trace.folded_contact) = (None, None, None);
            (trace.phone_hundred, trace.phone_thousand) = (None, None);
            (trace.mail_domain, trace.mail_domain_kind) = (None, None);
            (trace.page_seconds, trace.code_seconds, trace.check_seconds) = (None, None, None);
            (trace.script_ran, trace.assets_fetched) = (false, false);
            (trace.fetch_headers, trace.language_header) = (false, false);
        }
        stage.cast_ballot(trace, entry);
    }
}
