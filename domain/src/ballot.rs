//! What a citizen decides: a few different cases, none before the other.

use serde::{Deserialize, Serialize};

use crate::ids::CaseId;
use crate::limits::MAX_PICKS;
use crate::rulebook::PicksRule;

/// The picks of one ballot: as many different cases as the rule asks, in the order of their ids,
/// so that the same choice is always the same value and its order tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Picks(Vec<CaseId>);

/// Why a list of picks is no ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PicksProblem {
    /// Nothing was picked.
    #[error("nothing was picked")]
    None,
    /// More than `max` were picked.
    #[error("more than {max} were picked")]
    TooMany {
        /// The most that the rulebook allows.
        max: u8,
    },
    /// Fewer than `exactly` were picked.
    #[error("fewer than {exactly} were picked")]
    TooFew {
        /// How many the rulebook asks for.
        exactly: u8,
    },
    /// A case stands in the list twice.
    #[error("a case was picked twice")]
    Twice,
}

impl Picks {
    /// As many different cases as the rule asks, in any order. Whether they stand in the poll is
    /// for the backend to say.
    ///
    /// # Errors
    /// [`PicksProblem`]; the number is looked at before what stands there twice.
    pub fn parse(ids: &[CaseId], rule: PicksRule) -> Result<Self, PicksProblem> {
        if ids.is_empty() {
            return Err(PicksProblem::None);
        }
        if ids.len() > usize::from(rule.most()) {
            return Err(PicksProblem::TooMany { max: rule.most() });
        }
        if ids.len() < usize::from(rule.least()) {
            return Err(PicksProblem::TooFew { exactly: rule.least() });
        }
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(PicksProblem::Twice);
        }
        Ok(Self(ids))
    }

    /// The cases, sorted by id.
    pub fn as_slice(&self) -> &[CaseId] {
        &self.0
    }

    /// The one text of this choice: the ids in their order, joined by `;`. Commitments are made of
    /// it, and it sorts as the picks do.
    pub fn canonical(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
    }

    /// Reads what [`Picks::canonical`] writes, nothing else. How many a poll allows is not known
    /// here: at most [`MAX_PICKS`].
    pub fn from_canonical(text: &str) -> Option<Self> {
        let ids = text.split(';').take(usize::from(MAX_PICKS) + 1);
        let ids: Vec<CaseId> = ids.map(str::parse).collect::<Result<_, _>>().ok()?;
        Self::parse(&ids, PicksRule::AtMost(MAX_PICKS))
            .ok()
            .filter(|picks| picks.canonical() == text)
    }
}

#[cfg(test)]
mod tests;
