//! The names of the scenarios, their targets, and the sizes of attacks.

/// A scenario. A ballot bears its label in the truth, and the detector never sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scenario(pub &'static str);

/// Ballots of people outside all scenarios.
pub const HONEST: Scenario = Scenario("people");

impl Scenario {
    /// True for an attack whose ballots must be held. A7 is people who agreed on a case: its
    /// ballots are real votes.
    #[must_use]
    pub fn is_attack(self) -> bool {
        self.0.starts_with('A') && !self.is_exchange()
    }

    /// True for A7.
    #[must_use]
    pub fn is_exchange(self) -> bool {
        self.0.starts_with("A7")
    }
}

/// How many votes an attack has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttackSize {
    /// A number of votes.
    Votes(u64),
    /// Halves of the margin between the first and the second case.
    HalfMargins(u64),
}

/// The sizes that are played.
pub const SIZES: [AttackSize; 8] = [
    AttackSize::Votes(20),
    AttackSize::Votes(50),
    AttackSize::Votes(200),
    AttackSize::Votes(1_000),
    AttackSize::Votes(10_000),
    AttackSize::HalfMargins(1),
    AttackSize::HalfMargins(2),
    AttackSize::HalfMargins(4),
];

impl AttackSize {
    /// Returns the number of votes in a season with this margin.
    #[must_use]
    pub fn vote_count(self, margin: u64) -> u64 {
        match self {
            Self::Votes(votes) => votes,
            Self::HalfMargins(halves) => (margin * halves / 2).max(1),
        }
    }

    /// Returns the heading of its column or row.
    #[must_use]
    pub fn size_text(self) -> &'static str {
        match self {
            Self::Votes(20) => "20",
            Self::Votes(50) => "50",
            Self::Votes(200) => "200",
            Self::Votes(1_000) => "1,000",
            Self::Votes(_) => "10,000",
            Self::HalfMargins(1) => "½ margin",
            Self::HalfMargins(2) => "1 margin",
            Self::HalfMargins(_) => "2 margins",
        }
    }
}
