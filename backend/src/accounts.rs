//! People with a password: their accounts, their sessions, and the proofs of their roles.
//!
//! [`Admin`], [`Judge`] and [`Member`] can be made only here, from a session that was looked up.
//! A use case that takes one of them needs no further check, so no check can be forgotten.

mod invitations;
mod join_requests;
mod leaving;
mod passwords;
pub(crate) mod queries;
mod resets;
mod sessions;

use domain::ids::{AccountId, OrganisationId};
use phrases::Lang;

use crate::{Error, Result};

pub(crate) use invitations::find_or_create_organisation;
pub use invitations::{Invitation, InvitationRequest, InvitedList, PendingInvitation};
pub use join_requests::{JoinForm, JoinRequest, JoinRequests, SentJoinRequest};
pub(crate) use passwords::PasswordPool;
pub use sessions::{OpenSession, SignInForm};

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sets seasons up, screens, announces.
    Administrator,
    /// Scores cases.
    Judge,
    /// Submits cases for an organisation.
    Member,
}

impl Role {
    /// Returns the word used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Judge => "judge",
            Self::Member => "member",
        }
    }

    /// Reads the word used in the database or in a form.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "administrator" => Some(Self::Administrator),
            "judge" => Some(Self::Judge),
            "member" => Some(Self::Member),
            _ => None,
        }
    }
}

/// A person whose session is open.
#[derive(Clone, Debug)]
pub struct SignedIn {
    id: AccountId,
    name: String,
    email: String,
    role: Role,
    organisation: Option<OrganisationId>,
    organisation_name: Option<String>,
    lang: Lang,
}

impl SignedIn {
    /// The account.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.id
    }

    /// The person's name.
    #[must_use]
    pub fn person_name(&self) -> &str {
        &self.name
    }

    /// The address they sign in with.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// What they may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The language that they chose when they opened the account. Mails to them use it.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The organisation's name, for a member.
    #[must_use]
    pub fn organisation_name(&self) -> Option<&str> {
        self.organisation_name.as_deref()
    }

    /// Proves that this person is an administrator.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else.
    pub fn require_admin(&self) -> Result<Admin> {
        match self.role {
            Role::Administrator => Ok(Admin { id: self.id }),
            _ => Err(Error::Forbidden),
        }
    }

    /// Proves that this person is a judge. `judging` decides which cases they may see.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else.
    pub fn require_judge(&self) -> Result<Judge> {
        match self.role {
            Role::Judge => Ok(Judge { id: self.id }),
            _ => Err(Error::Forbidden),
        }
    }

    /// Proves that this person belongs to an organisation.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else.
    pub fn require_member(&self) -> Result<Member> {
        match (self.role, self.organisation) {
            (Role::Member, Some(organisation)) => Ok(Member { id: self.id, organisation }),
            _ => Err(Error::Forbidden),
        }
    }
}

/// Proof that the caller is an administrator.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    id: AccountId,
}

impl Admin {
    /// The account, for the audit trail.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.id
    }

    /// Returns the proof for the command line. A person who can run `hanpyo` on the machine can
    /// also read its database.
    #[must_use]
    pub fn local_operator() -> Self {
        Self { id: AccountId(uuid::Uuid::nil()) }
    }
}

/// Proof that the caller is a judge.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    id: AccountId,
}

impl Judge {
    /// A judge of the demonstration, whose sample sheets the program fills.
    pub(crate) const fn of_demonstration(id: AccountId) -> Self {
        Self { id }
    }

    /// The account.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.id
    }
}

/// Proof that the caller belongs to an organisation.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    id: AccountId,
    organisation: OrganisationId,
}

impl Member {
    /// The account, for the audit trail.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.id
    }

    /// The organisation whose cases they may see and submit.
    #[must_use]
    pub fn organisation_id(&self) -> OrganisationId {
        self.organisation
    }
}
