//! The stored traces of ballots, in the form that the detector reads.

pub(super) mod queries;

use chrono::{DateTime, Utc};
use domain::fraud::{BallotTrace, TraceChannel};
use domain::ids::BallotId;

use crate::fraud::signals::{ProofSignals, RequestSignals};

/// A ballot with what was noted about it.
struct StoredTrace {
    /// The traces of a poll are numbered as they are stored; 0 for none.
    number: i64,
    ballot: BallotId,
    cast_at: Option<DateTime<Utc>>,
    proof: Option<Vec<u8>>,
    request: Option<Vec<u8>>,
}

impl StoredTrace {
    fn numbered(self) -> (i64, BallotTrace) {
        (self.number, build_trace(self))
    }
}

/// Joins what the verification and the request told. What cannot be read is not known.
fn build_trace(row: StoredTrace) -> BallotTrace {
    let read = |bytes: Option<Vec<u8>>| bytes.unwrap_or_default();
    let proof: Option<ProofSignals> = serde_json::from_slice(&read(row.proof)).ok();
    let request: RequestSignals = serde_json::from_slice(&read(row.request)).unwrap_or_default();
    let verified = proof.is_some() && row.cast_at.is_some();
    let proof = proof.unwrap_or(ProofSignals::of_channel(TraceChannel::Email));
    BallotTrace {
        ballot: row.ballot,
        cast_at: row.cast_at.map_or(0, |at| at.timestamp_millis()),
        channel: if request.kiosk { TraceChannel::Kiosk } else { proof.channel },
        verified,
        device: request.device,
        network: request.network,
        network_class: request.network_class,
        phone_hundred: proof.phone_hundred,
        phone_thousand: proof.phone_thousand,
        mail_domain: proof.mail_domain,
        mail_domain_kind: proof.mail_domain_kind,
        folded_contact: proof.folded_contact,
        page_seconds: proof.page_seconds,
        code_seconds: proof.code_seconds,
        check_seconds: request.check_seconds,
        script_ran: request.script_ran,
        assets_fetched: request.assets_fetched,
        fetch_headers: request.fetch_headers,
        language_header: request.language_header,
    }
}
