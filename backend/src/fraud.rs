//! Fraud checks: what is noted about each ballot, which ballots the detector holds, and what two
//! people decide. No machine excludes a ballot.

mod signals;

pub(crate) use signals::ProofSignals;
pub use signals::RequestClaims;
