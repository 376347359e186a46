//! People with a password: who they are, how they prove it, and what that lets them hold.
//!
//! [`Admin`], [`Judge`] and [`Member`] can be made only here, from a session that was looked up.
//! A use case that takes one of them needs no further check, and none can be forgotten.

mod invitations;
mod passwords;
pub(crate) mod queries;
mod resets;
mod sessions;

use domain::ids::{AccountId, OrganisationId};
use phrases::Lang;

use crate::{Error, Result};

pub(crate) use invitations::organisation_named;
pub use invitations::{Invitation, Invite, PendingInvitation};
pub(crate) use passwords::PasswordPool;
pub use sessions::{OpenSession, SignIn};

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sets seasons up, screens, announces.
    Administrator,
    /// Scores cases.
    Judge,
    /// Sends cases in for an organisation.
    Member,
}

impl Role {
    /// The word used in the database.
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

/// Somebody whose session is open.
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
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// The person's name.
    #[must_use]
    pub fn name(&self) -> &str {
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

    /// The language they chose when they opened the account, for mails to them.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The organisation's name, for a member.
    #[must_use]
    pub fn organisation_name(&self) -> Option<&str> {
        self.organisation_name.as_deref()
    }

    /// The proof of being an administrator.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else.
    pub fn admin(&self) -> Result<Admin> {
        match self.role {
            Role::Administrator => Ok(Admin { id: self.id }),
            _ => Err(Error::Forbidden),
        }
    }

    /// The proof of being a judge. Which cases they may see, `judging` decides.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else.
    pub fn judge(&self) -> Result<Judge> {
        match self.role {
            Role::Judge => Ok(Judge { id: self.id }),
            _ => Err(Error::Forbidden),
        }
    }

    /// The proof of belonging to an organisation.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else.
    pub fn member(&self) -> Result<Member> {
        match (self.role, self.organisation) {
            (Role::Member, Some(organisation)) => Ok(Member { id: self.id, organisation }),
            _ => Err(Error::Forbidden),
        }
    }
}

/// Proof: the one who asks is an administrator.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    id: AccountId,
}

impl Admin {
    /// The account, for the trail.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// The operator at the machine itself: whoever can run `hanpyo` can read its database anyway.
    #[must_use]
    pub fn operator() -> Self {
        Self { id: AccountId(uuid::Uuid::nil()) }
    }
}

/// Proof: the one who asks is a judge.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    id: AccountId,
}

impl Judge {
    /// The account.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.id
    }
}

/// Proof: the one who asks belongs to an organisation.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    id: AccountId,
    organisation: OrganisationId,
}

impl Member {
    /// The account, for the trail.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// The organisation whose cases they may see and send in.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }
}
