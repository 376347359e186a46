//! Why two people let held ballots count, or exclude them.

use crate::record::entry::Verdict;

/// The reason of a ruling. It says which verdict it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RulingReason {
    /// One person cast several of them.
    OnePerson,
    /// A program cast them.
    Program,
    /// Somebody else than the voters cast them.
    CastForOthers,
    /// They were written past the checks of a vote.
    Unverified,
    /// The evidence has an ordinary explanation: real people voted.
    RealPeople,
    /// The voter has shown it in an appeal.
    ShownOnAppeal,
    /// The evidence is too weak.
    TooWeak,
}

impl RulingReason {
    /// All reasons, those that exclude first.
    pub const ALL: [Self; 7] = [
        Self::OnePerson,
        Self::Program,
        Self::CastForOthers,
        Self::Unverified,
        Self::RealPeople,
        Self::ShownOnAppeal,
        Self::TooWeak,
    ];

    /// Returns what becomes of the ballots.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::OnePerson | Self::Program | Self::CastForOthers | Self::Unverified => {
                Verdict::Exclude
            }
            Self::RealPeople | Self::ShownOnAppeal | Self::TooWeak => Verdict::Count,
        }
    }

    /// Returns the code in the record: `[a-z-]`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnePerson => "one-person",
            Self::Program => "program",
            Self::CastForOthers => "cast-for-others",
            Self::Unverified => "unverified",
            Self::RealPeople => "real-people",
            Self::ShownOnAppeal => "shown-on-appeal",
            Self::TooWeak => "too-weak",
        }
    }

    /// Reads a code; `None` for any other text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::RulingReason;
    use crate::record::words::RecordSlug;

    #[test]
    fn every_reason_is_a_word_of_the_record_and_is_read_back() {
        for reason in RulingReason::ALL {
            assert!(reason.code().parse::<RecordSlug>().is_ok());
            assert_eq!(RulingReason::from_code(reason.code()), Some(reason));
        }
        assert_eq!(RulingReason::from_code("burst"), None);
    }
}
