//! Awards: the rules in words, the standings for those who decide, the result for everybody.

pub(crate) mod explain;
pub(crate) mod photographs;
pub(crate) mod quorum;
pub(crate) mod quorum_notices;
pub(crate) mod result_document;
pub(crate) mod results;
pub(crate) mod rules;
pub(crate) mod standings;
pub(crate) mod tiers;
pub(crate) mod winners;
