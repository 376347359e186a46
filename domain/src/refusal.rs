//! Every reason why a rule of the contest refuses something, as closed lists that can be put into
//! words: one list for each feature.

use serde::{Deserialize, Serialize};

use crate::ballot::PicksProblem;
use crate::roll::RollRefusal;
use crate::rulebook::RulebookProblem;
use crate::schedule::Instant;
use crate::sheet::SheetProblem;
use crate::text::Bilingual;

/// Why a well-formed request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// An account.
    Account(AccountRefusal),
    /// An edition or its rules.
    Edition(EditionRefusal),
    /// A case.
    Case(CaseRefusal),
    /// A vote.
    Voting(VotingRefusal),
    /// A sheet.
    Judging(JudgingRefusal),
    /// The standings or the result.
    Awards(AwardsRefusal),
    /// The statement of an observer.
    Record(RecordRefusal),
    /// A sign-in at an `OpenID` provider proves nothing.
    Oidc(OidcRefusal),
    /// A roll or one of its codes refuses.
    Roll(RollRefusal),
    /// A ruling or an appeal about a held ballot.
    Fraud(FraudRefusal),
    /// Somebody else has saved a newer version.
    Stale,
    /// The current state does not allow this.
    WrongState,
    /// The confirmation word was not typed.
    NotConfirmed,
}

/// Why a request about an account was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRefusal {
    /// The address and the password do not belong together.
    WrongPassword,
    /// The current password of an account is another one.
    WrongCurrentPassword,
    /// The link was used, has expired or never existed.
    LinkInvalid,
    /// An account for this address exists already.
    AddressTaken,
    /// It is the only administrator that is left.
    LastAdministrator,
    /// The organisation has as many open invitations as it may have.
    TooManyInvitations {
        /// The limit.
        max: i64,
    },
}

/// Why a change of an edition or of its rules was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionRefusal {
    /// Only a rehearsal can move its clock.
    NotARehearsal,
    /// A real edition that was published is never removed.
    KeptForGood,
    /// The windows are not in order.
    Windows,
    /// The change would move an opening or a closing that has passed.
    WindowPassed,
    /// A real edition whose vote or judging is over, or whose vote has begun without a case, is not published: it
    /// could never be held.
    TooLateToPublish,
    /// A judging that runs would end earlier than planned, and in less than an hour.
    JudgingCutShort,
    /// The judging has opened, so nobody joins or leaves the panel any more.
    PanelFixed,
    /// A judge who has a sheet stays on the panel.
    JudgeHasSheet,
    /// The rules are sealed in the record and cannot change.
    Sealed,
    /// Somebody has read counts, so the windows of vote and judging no longer move.
    CountsRead,
    /// A poll's own window would not be inside the edition's window of voting.
    PollOutside,
    /// The rules cannot decide a contest. This is the first reason.
    Rules(RulebookProblem),
    /// Accepted cases are in polls whose weights do not sum to exactly 1 with the panel's.
    PollWeights {
        /// How many.
        cases: usize,
    },
    /// A poll has fewer cases on its ballot paper than each ballot must name.
    PaperTooShort {
        /// The poll, by its short name.
        poll: String,
    },
    /// A poll's ballot paper leaves only one possible ballot, so everybody who votes is known to
    /// have voted for its cases.
    PaperWithoutChoice {
        /// The poll, by its short name.
        poll: String,
    },
    /// Another edition has this short name.
    SlugTaken,
    /// A case is about a track, a district or a neighbourhood that is to be removed.
    PlaceInUse,
    /// Cases that were sent in have no decision yet, so the rules are not sealed by hand.
    CasesUndecided,
    /// The call is still open, so the rules are not sealed by hand.
    CallOpen,
}

/// Why a request about an organisation's case was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseRefusal {
    /// Fields that are empty and needed before a case can be sent in, by the names of their inputs.
    Incomplete(Vec<String>),
    /// The texts hold what looks like personal data, and no reason says why it stays.
    PersonalData,
    /// The organisation has the most cases that it may have in this edition.
    TooManyCases {
        /// The limit.
        max: u8,
    },
    /// The file is larger than allowed.
    PictureTooLarge,
    /// The file is not a JPEG, PNG or WebP picture that can be read.
    NotAPicture,
    /// A document is not taken, or its text cannot be read.
    Document(FileProblem),
    /// A document is not kept with the case.
    File {
        /// Its name.
        name: String,
        /// Why.
        problem: FileProblem,
    },
    /// The case has the most documents that it may have.
    TooManyFiles {
        /// The limit.
        max: usize,
    },
    /// All documents of the case together are larger than allowed.
    FilesTooLarge,
    /// The organisation has sent in its one late case, or has no account any more.
    LateCaseSent,
    /// A second look was asked for, so that another administrator decides.
    SecondLook,
    /// The organisation still has time for its correction.
    CorrectionOpen,
    /// The partner is named already, or the case has the most partners that it may have.
    PartnerNamed,
    /// The organisation has made the most recommendations that it may make in this edition.
    TooManyRecommendations {
        /// The limit.
        max: i64,
    },
    /// The recommendation was answered before.
    RecommendationAnswered,
}

/// Why a document is not taken, or its text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileProblem {
    /// No file was chosen, or it has no bytes.
    Empty,
    /// It is of no kind that is taken.
    UnknownKind,
    /// A document of Word, Excel, PowerPoint or Hangul in its form before 2007 or 2000.
    OldForm,
    /// A picture in the form of telephones that browsers do not show.
    Heic,
    /// It holds programs.
    Macros,
    /// It opens with a password, or with rights that somebody manages.
    Password,
    /// A distribution document of Hangul (배포용 문서): its text is locked, and a notice stands in its place.
    Distribution,
    /// It is cut off or broken.
    Damaged,
    /// It is larger than allowed, unpacks to more than is read, or took too long.
    TooLarge,
    /// It has no text, like a scanned page.
    NoText,
    /// The virus scanner knows it as harmful.
    Infected,
}

/// Why a step of a vote was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VotingRefusal {
    /// The picks break the poll's rules.
    Picks(PicksProblem),
    /// A pick names a case that is not in this poll.
    ForeignCase,
    /// The code is wrong.
    CodeWrong {
        /// Tries left.
        left: u32,
    },
    /// The code has expired, was used, or was asked for in another browser.
    CodeOver,
    /// The last allowed try was wrong too.
    CodeTriesUsed,
    /// A code was sent to this contact a moment ago.
    CodeJustSent {
        /// Seconds until another code can be sent.
        seconds: u64,
    },
    /// This contact has received all its codes for today.
    CodesUsedUp,
    /// As many voters of this mail domain as an hour allows were verified. Large providers have no
    /// such limit.
    DomainUsedUp,
    /// All codes of this hour are sent. This holds for everybody.
    CodesPaused,
    /// The consent that a vote needs is missing.
    ConsentMissing,
    /// The voter did not state to be old enough.
    AgeMissing {
        /// The age in years that the poll asks for.
        age: u8,
    },
    /// The voter did not state to live in one of the edition's districts.
    DistrictMissing,
    /// No poll of the edition is open on shared machines.
    NoKiosk,
    /// Text messages cannot be sent now. This holds for everybody.
    TextsPaused,
    /// This voter has voted before.
    AlreadyVoted,
}

/// Why a request about a sheet was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgingRefusal {
    /// The scores break the rubric.
    Sheet(SheetProblem),
    /// Criteria without a score, by their place in the rubric. A sheet is signed only when it is
    /// complete.
    SheetIncomplete(Vec<usize>),
    /// A signed sheet cannot be changed.
    AlreadySigned,
}

/// Why there are no standings yet, or no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AwardsRefusal {
    /// The edition has the most photographs that it may have.
    TooManyPhotographs {
        /// The limit.
        max: u8,
    },
    /// The record has not closed every poll yet; that takes two minutes after the close.
    PollsOpen,
    /// The server only tries out a restored database, where nobody may be the first to read counts.
    Drill,
    /// Accepted cases have no signed sheet.
    NotScored {
        /// How many.
        cases: usize,
    },
    /// There is no accepted case.
    NoCases,
    /// Cases have fewer signed sheets than the quorum, and no two administrators have given a
    /// reason to announce all the same.
    BelowQuorum {
        /// The signed sheets that each case needs.
        quorum: u32,
        /// The titles of the cases that have fewer.
        cases: Vec<Bilingual>,
    },
    /// Judges have unsigned sheets, and nobody has confirmed to announce without them.
    JudgesMissing {
        /// Their names.
        judges: Vec<String>,
    },
    /// The person who gave the reason cannot confirm it too.
    SecondPersonNeeded,
    /// Held ballots have no ruling, appeals no answer, or proposals no second person.
    FraudOpen {
        /// Groups with held ballots.
        groups: usize,
        /// Appeals.
        appeals: usize,
        /// Proposals of a ruling that nobody has confirmed or withdrawn.
        proposals: usize,
    },
    /// Voters whose ballots were excluded can still appeal.
    AppealsOpen {
        /// Until when, by the edition's clock.
        until: Instant,
    },
}

/// Why a ruling or an appeal about a held ballot was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FraudRefusal {
    /// The person who proposed a ruling cannot confirm it too.
    SecondPerson,
    /// The second person has not opened the evidence since the proposal, or the first one never.
    EvidenceUnseen,
    /// The proposal was withdrawn, replaced or confirmed meanwhile.
    ProposalGone,
    /// No reason was chosen.
    NoReason,
    /// The ballot is not held in this group.
    OtherGroup,
    /// Somebody has read counts, so nothing is ruled any more.
    CountsRead,
    /// The text is no receipt of this edition.
    NoReceipt,
    /// The ballot is not held or excluded.
    NotHeld,
    /// The time for an appeal is over.
    AppealsOver,
    /// The voter has changed the text since it was shown.
    AppealChanged,
    /// The appeal has its answer.
    Answered,
    /// The ballot was proven again already.
    ProvenAgain,
    /// The contact was used to prove another ballot again.
    ContactUsed,
}

/// Why the statement of an observer was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordRefusal {
    /// The note is not signed by the given key, or has other signatures too.
    NotSigned,
    /// The signed statement is not about the published result.
    OtherResult,
}

/// Why a sign-in at an `OpenID` provider proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OidcRefusal {
    /// The sign-in was not started here or in this browser, or too long ago.
    Over,
    /// The provider's answer was used before.
    Used,
    /// The person cancelled the sign-in.
    Cancelled,
    /// The provider refused the sign-in.
    Declined,
    /// The proof is from another provider or for another client.
    Foreign,
    /// The proof belongs to another sign-in.
    Nonce,
    /// The signature or the time of the proof is wrong.
    Unproven,
    /// The provider does not answer.
    Down,
}
