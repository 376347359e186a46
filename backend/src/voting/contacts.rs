//! The contact that a code goes to: an e-mail address or a mobile number, depending on the poll.

use domain::refusal::VotingRefusal;
use domain::rulebook::{Eligibility, PollRules, VoterIdentity};
use domain::text::{Email, FieldProblem, Mobile};

use super::mail_domains::MailShare;
use crate::{Error, Refusal, Result};

/// What a person who wants to vote enters about themselves.
#[derive(Clone, Debug, Default)]
pub struct VoterDeclaration {
    /// The address or the number, as typed.
    pub contact: String,
    /// Whether they agreed to the use of their data.
    pub consent: bool,
    /// Whether they stated that they are old enough.
    pub of_age: bool,
    /// Whether they stated that they live in one of the edition's districts.
    pub of_district: bool,
    /// How long ago the page was shown, in seconds, as the browser says.
    pub page_seconds: Option<u32>,
    /// The number by which the browser is known while a vote runs; empty if it has none.
    pub browser: String,
    /// The secret of the last code that this browser asked for; empty if it has none.
    pub held: String,
}

impl VoterDeclaration {
    /// Checks that the person stated everything this poll asks for.
    ///
    /// # Errors
    /// [`VotingRefusal::ConsentMissing`], [`VotingRefusal::AgeMissing`], [`VotingRefusal::DistrictMissing`].
    pub fn check_eligibility(&self, asked: Eligibility) -> Result<()> {
        if !self.consent {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::ConsentMissing)));
        }
        if asked.min_age > 0 && !self.of_age {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::AgeMissing {
                age: asked.min_age,
            })));
        }
        if asked.district && !self.of_district {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::DistrictMissing)));
        }
        Ok(())
    }
}

/// A contact that a code can be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    /// The code goes by mail.
    Email(Email),
    /// The code goes by text message.
    Mobile(Mobile),
}

impl Contact {
    /// Reads a contact of the kind that this poll uses.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an invalid contact; [`Error::NotFound`] in a poll that sends no
    /// codes.
    pub(super) fn parse_for_poll(rules: &PollRules, text: &str) -> Result<Self> {
        let fault = |field| move |problem: FieldProblem| Error::invalid_field(field, problem);
        match rules.identity {
            VoterIdentity::Email => Email::parse(text).map(Self::Email).map_err(fault("email")),
            VoterIdentity::Mobile => Mobile::parse(text).map(Self::Mobile).map_err(fault("mobile")),
            VoterIdentity::Roll | VoterIdentity::Oidc => Err(Error::NotFound),
        }
    }

    /// Whether the code goes by mail.
    pub(super) const fn is_email(&self) -> bool {
        matches!(self, Self::Email(_))
    }

    /// Returns the one text that identifies this voter in a poll. It is the same for every spelling
    /// of a number, and of a mailbox if the rules fold them.
    pub(super) fn canonical_identity(&self, rules: &PollRules) -> String {
        match self {
            Self::Email(email) if rules.fold_aliases => {
                format!("email:{}", email.folded_address())
            }
            Self::Email(email) => format!("email:{}", email.canonical_address()),
            Self::Mobile(mobile) => format!("tel:{}", mobile.canonical_number()),
        }
    }

    /// Returns the one text that identifies a mailbox or a number, whatever the rules of a poll say.
    pub(crate) fn folded_identity(&self) -> String {
        match self {
            Self::Email(email) => format!("email:{}", email.folded_address()),
            Self::Mobile(mobile) => format!("tel:{}", mobile.canonical_number()),
        }
    }

    /// Returns what is counted about an address. `None` for a number.
    pub(crate) fn mail_share(&self) -> Option<MailShare> {
        match self {
            Self::Email(email) => Some(MailShare::from_email(email)),
            Self::Mobile(_) => None,
        }
    }
}

/// Checks whether a contact that was verified under these rules is the same contact under the other
/// rules. Where spellings are folded only the mailbox was verified, and the browser could name any
/// spelling of it in a poll that does not fold.
pub(super) fn covers_identity(proven: &PollRules, asked: &PollRules) -> bool {
    proven.identity == asked.identity && (!proven.fold_aliases || asked.fold_aliases)
}

/// Checks whether the statements for one poll include all that another poll asks for.
pub(super) fn covers_eligibility(said: Eligibility, asked: Eligibility) -> bool {
    said.min_age >= asked.min_age && (said.district || !asked.district)
}
