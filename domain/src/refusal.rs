//! The ways a rule of the contest says no, as a closed list that can be put into words.

use serde::{Deserialize, Serialize};

use crate::ballot::PicksProblem;
use crate::roll::RollRefusal;
use crate::rulebook::RulebookProblem;
use crate::sheet::SheetProblem;

/// Why something that was asked for in due form did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The address and the password do not belong together.
    WrongPassword,
    /// The link was used, has expired or never existed.
    LinkInvalid,
    /// There is an account for this address already.
    AddressTaken,
    /// The picks break the poll's rules.
    Picks(PicksProblem),
    /// A pick names a case that is not in this poll.
    ForeignCase,
    /// The record has not closed every poll yet; that takes two minutes after the close.
    PollsOpen,
    /// The code is wrong.
    CodeWrong {
        /// Tries left.
        left: u32,
    },
    /// The code has expired, was used, or was asked for in another browser.
    CodeOver,
    /// The code was wrong for the last time that it may be.
    CodeTriesUsed,
    /// A code was sent to this contact a moment ago.
    CodeJustSent {
        /// Seconds until another one can be.
        seconds: u64,
    },
    /// No more codes for this contact today.
    CodesUsedUp,
    /// The codes of this hour are all sent; for everybody.
    CodesPaused,
    /// The consent that a vote needs is missing.
    ConsentMissing,
    /// The statement of being old enough is missing.
    AgeMissing {
        /// The age in years that the poll asks for.
        age: u8,
    },
    /// The statement of living in one of the edition's districts is missing.
    DistrictMissing,
    /// No poll of the edition is open on shared machines.
    NoKiosk,
    /// Text messages cannot be sent just now; for everybody.
    TextsPaused,
    /// This voter has voted before.
    AlreadyVoted,
    /// Somebody else saved in between.
    Stale,
    /// Fields that must be filled before a case can be sent in, by the names of their inputs.
    Incomplete(Vec<String>),
    /// The organisation has as many cases in this edition as it may have.
    TooManyCases {
        /// How many that is.
        max: u8,
    },
    /// The file is larger than allowed.
    PictureTooLarge,
    /// The file is not a JPEG, PNG or WebP picture that can be read.
    NotAPicture,
    /// The scores break the rubric.
    Sheet(SheetProblem),
    /// Criteria without a score, by their place in the rubric; a sheet is signed whole.
    SheetIncomplete(Vec<usize>),
    /// A signed sheet cannot be changed.
    AlreadySigned,
    /// It is not in a state in which this can be done.
    WrongState,
    /// So many accepted cases have no signed sheet.
    NotScored {
        /// How many.
        cases: usize,
    },
    /// Only a rehearsal can move its clock.
    NotARehearsal,
    /// The windows do not follow each other.
    Windows,
    /// What has opened or closed already would change.
    WindowPassed,
    /// The record has fixed the rules; nobody changes them any more.
    Sealed,
    /// A poll's own window would not lie inside the time of voting.
    PollOutside,
    /// The rules cannot decide a contest; the first reason.
    Rules(RulebookProblem),
    /// So many accepted cases stand in polls that do not weigh exactly 1 with the panel.
    PollWeights {
        /// How many.
        cases: usize,
    },
    /// A poll has fewer cases on its ballot paper than a ballot has to name.
    PaperTooShort {
        /// The poll, by its short name.
        poll: String,
    },
    /// There is an edition with this short name.
    SlugTaken,
    /// There is no accepted case.
    NoCases,
    /// A sign-in at an `OpenID` provider proves nothing.
    Oidc(OidcRefusal),
    /// A roll or one of its codes says no.
    Roll(RollRefusal),
    /// A note is not signed by the key beside it, or not by that alone.
    NotSigned,
    /// What was signed is not about the result that stands.
    OtherResult,
    /// The word to confirm with was not typed.
    NotConfirmed,
}

/// Why a sign-in at an `OpenID` provider proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OidcRefusal {
    /// Nothing like it was begun here, or not by this browser, or too long ago.
    Over,
    /// It has come back before.
    Used,
    /// The person said no.
    Cancelled,
    /// The provider said no.
    Declined,
    /// Another provider, or one that speaks to somebody else.
    Foreign,
    /// The proof belongs to another sign-in.
    Nonce,
    /// Signature or time of the proof are wrong.
    Unproven,
    /// The provider does not answer.
    Down,
}
