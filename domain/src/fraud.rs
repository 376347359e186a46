//! What the detector knows about a ballot.

mod trace;

pub use trace::{BallotTrace, MailDomainKind, NetworkClass, TraceChannel, TraceKey};
