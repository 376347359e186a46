//! Fraud checks: what is noted about each ballot, which ballots the detector holds, what two people
//! decide, and what voters answer. No machine excludes a ballot. Nothing here knows for which case a
//! ballot is.

mod appeals;
mod desk;
mod detect;
mod networks;
mod pace;
mod report;
mod second_proof;
mod signals;

pub use appeals::{HeldBallot, HeldState, SentAppeal};
pub use desk::{
    Appeal, Arrivals, COUNT_STEP, FraudBoard, FraudEvidence, FraudGroup, GROUPS_PER_PAGE,
    GivenRuling, GroupFilter, GroupNote, LatencyRow, PollCounts, RulingProposal, Shares, TimeSlice,
};
pub(crate) use detect::{DetectorState, lock_looks, require_rulings};
pub use networks::{NetworkFileError, NetworkFiles};
pub use pace::{LatencyKind, Quartiles};
pub use report::{FraudReport, PollReport, RankChanges, RankCheck};
pub(crate) use report::{compare_ranks, store_rank_check};
pub use second_proof::{SecondContact, SecondProof, SecondWay};
pub(crate) use signals::ProofSignals;
pub use signals::RequestClaims;
