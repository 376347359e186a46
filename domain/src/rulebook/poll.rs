//! The rules of one poll: which cases, how many picks, who may vote, and how they prove it.

use serde::{Deserialize, Serialize};

use super::Fraction;
use crate::limits;
use crate::schedule::Window;
use crate::text::Bilingual;

/// The rules of a public vote. They are set before the rulebook is sealed and never change
/// afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollRules {
    /// Its short name in addresses and in the record, unique in the edition.
    #[serde(default = "usual_slug")]
    pub slug: String,
    /// Its name on the page; `None` for the only poll of an edition, which is just "the vote".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Bilingual>,
    /// Which cases are on the ballot paper.
    #[serde(default)]
    pub cases: BallotPaper,
    /// How many cases a ballot names.
    pub picks: PicksRule,
    /// What identifies a voter: exactly one thing in each poll, so that nobody can vote twice by
    /// proving two.
    pub identity: VoterIdentity,
    /// Whether all spellings of one mailbox are one voter ([`crate::text::Email::folded_address`]).
    /// Only for [`VoterIdentity::Email`]. Rules from before this setting do not fold.
    #[serde(default)]
    pub fold_aliases: bool,
    /// The ways to prove it. An empty list means the usual way ([`PollRules::proof_channels`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// What a voter must state.
    #[serde(default)]
    pub eligibility: Eligibility,
    /// When it is open; `None` means the edition's own window of voting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The share of this poll's points in the total.
    pub weight: Fraction,
    /// How the votes of a case become points.
    pub basis: PointsBasis,
    /// Whether a later ballot of a voter replaces the earlier one.
    #[serde(default)]
    pub may_change: bool,
    /// Who may check that the published votes are the ballots of the record.
    #[serde(default)]
    pub openings: OpeningsAccess,
}

/// Returns the short name of an edition's only poll if the file gives none.
pub(crate) fn usual_slug() -> String {
    "citizens".to_owned()
}

/// Which cases are on the ballot paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BallotPaper {
    /// Every accepted case.
    #[default]
    All,
    /// The accepted cases of this track, by its short name.
    Track(String),
    /// The accepted cases that staff put on a list.
    List,
}

impl BallotPaper {
    /// Checks whether every accepted case of this track is on the paper. `None` means a track that
    /// no poll names. For a list the answer is no, because only the list has its cases.
    pub fn covers_track(&self, track: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Track(own) => track == Some(own),
            Self::List => false,
        }
    }
}

/// How many cases a ballot names; in JSON `{"at_most": 3}` or `{"exactly": 2}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PicksRule {
    /// From one up to this number.
    AtMost(u8),
    /// Exactly this number.
    Exactly(u8),
}

impl PicksRule {
    /// Returns the most cases on one ballot, 1 to [`limits::MAX_PICKS`].
    pub const fn max_picks(self) -> u8 {
        match self {
            Self::AtMost(picks) | Self::Exactly(picks) => picks,
        }
    }

    /// Returns the fewest cases on one ballot.
    pub const fn min_picks(self) -> u8 {
        match self {
            Self::AtMost(_) => 1,
            Self::Exactly(picks) => picks,
        }
    }

    pub(super) fn is_within_limits(self) -> bool {
        (1..=limits::MAX_PICKS).contains(&self.max_picks())
    }
}

/// What identifies a voter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoterIdentity {
    /// An e-mail address.
    Email,
    /// A mobile number.
    Mobile,
    /// An entry of a roll that the organiser keeps.
    Roll,
    /// A person at an `OpenID` provider.
    Oidc,
}

/// A way to prove an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A code in an e-mail.
    EmailCode,
    /// A code in a text message.
    SmsCode,
    /// A code on a slip of paper, for an entry of the roll.
    PrintedCode,
    /// A QR code at a seat of the ceremony, for an entry of the roll.
    SeatQr,
    /// A sign-in at an `OpenID` provider.
    Oidc,
    /// A shared machine that staff have opened, where any of the other ways is used.
    Kiosk,
}

impl VoterIdentity {
    /// Returns the way that proves it if a rulebook names none.
    pub const fn usual_channel(self) -> Channel {
        match self {
            Self::Email => Channel::EmailCode,
            Self::Mobile => Channel::SmsCode,
            Self::Roll => Channel::PrintedCode,
            Self::Oidc => Channel::Oidc,
        }
    }
}

impl Channel {
    /// Checks whether this way can prove that identity. A kiosk is a place and not a proof, so it
    /// fits every identity.
    pub const fn proves_identity(self, identity: VoterIdentity) -> bool {
        matches!(
            (self, identity),
            (Self::EmailCode, VoterIdentity::Email)
                | (Self::SmsCode, VoterIdentity::Mobile)
                | (Self::PrintedCode | Self::SeatQr, VoterIdentity::Roll)
                | (Self::Oidc, VoterIdentity::Oidc)
                | (Self::Kiosk, _)
        )
    }
}

/// What a voter must state before a code is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// The age in years that a voter states to have reached; 0 means that no age is asked. Persons
    /// of fourteen or older may consent alone (Personal Information Protection Act, Art. 22-2).
    #[serde(default = "fourteen")]
    pub min_age: u8,
    /// Whether a voter states to live in one of the edition's districts.
    #[serde(default)]
    pub district: bool,
}

pub(crate) const fn fourteen() -> u8 {
    14
}

impl Default for Eligibility {
    fn default() -> Self {
        Self { min_age: fourteen(), district: false }
    }
}

/// What the votes of a case are divided by. The quotient times 100 gives the poll points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointsBasis {
    /// By the votes of the case with the most votes, which gets 100.
    ShareOfTop,
    /// By the ballots counted.
    ShareOfBallots,
    /// By all votes together.
    ShareOfPicks,
}

/// Who gets the openings, which show that the published votes are the ballots of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpeningsAccess {
    /// Everybody, with the result.
    Public,
    /// Everybody with an observer's link.
    #[default]
    Observers,
}

/// Whether a poll by e-mail address should not weigh so much: [`limits::EMAIL_POLL_PERCENT`].
pub(crate) fn is_heavy_for_email(weight: &Fraction) -> bool {
    let limit = Fraction::from_ratio(limits::EMAIL_POLL_PERCENT, 100);
    limit.is_some_and(|limit| *weight > limit)
}

impl PollRules {
    /// Returns the ways to prove the identity, without the kiosk, because it is a place. If the
    /// rules name none at all, returns the usual way.
    pub fn proof_channels(&self) -> impl Iterator<Item = Channel> + '_ {
        let usual = self.channels.is_empty().then(|| self.identity.usual_channel());
        let named = self.channels.iter().copied();
        named.chain(usual).filter(|channel| *channel != Channel::Kiosk)
    }

    /// Checks whether voters are known by an e-mail address and the poll weighs more than
    /// [`limits::EMAIL_POLL_PERCENT`]. One person with many addresses could then decide a result.
    pub fn is_heavy_email_poll(&self) -> bool {
        self.identity == VoterIdentity::Email && is_heavy_for_email(&self.weight)
    }

    /// Checks whether this poll is also open on shared machines.
    pub fn has_kiosk(&self) -> bool {
        self.channels.contains(&Channel::Kiosk)
    }
}
