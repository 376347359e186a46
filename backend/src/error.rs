//! The errors of use cases: those that a user can act on, and those that only an operator can.

use std::time::Duration;

pub use domain::refusal::Refusal;
use domain::schedule::PhaseError;
use domain::season::LocatedProblem;
use domain::text::FieldProblem;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the person who asks may not see it.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or the session has ended.
    #[error("sign in first")]
    SignIn,
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// The phase of the edition does not allow it.
    #[error("wrong phase")]
    Phase(#[from] PhaseError),
    /// Fields of a form are invalid.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    /// A rule forbids it, for a reason that a user can understand.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A season file has faults, each with its line.
    #[error("season file refused")]
    Season(Vec<LocatedProblem>),
    /// Too many tries; the next one is allowed after this time.
    #[error("too many tries")]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The server is overloaded. Nothing was stored, and the request may be sent again.
    #[error("busy")]
    Busy {
        /// How long to wait. It varies a little, so that not all clients come back together.
        retry_after: Duration,
    },
    /// The database stayed unreachable, so it is unknown whether the request was stored. It may be
    /// sent again with the same key.
    #[error("nobody knows what became of it")]
    Unknown,
    /// This server only tries out a restored database. It signs nothing.
    #[error("this server is a drill and signs nothing")]
    Drill,
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Something happened that should be impossible.
    #[error("internal: {0}")]
    Internal(&'static str),
}

/// A field of a form and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the input.
    pub field: &'static str,
    /// What is wrong.
    pub problem: FieldProblem,
}

impl Error {
    /// Returns `refusal` if the named constraint caused this error, otherwise the same error.
    ///
    /// Unique constraints decide, so two requests at the same instant cannot both succeed.
    #[must_use]
    pub fn refuse_on_constraint(self, name: &str, refusal: Refusal) -> Self {
        match &self {
            Self::Database(sqlx::Error::Database(error)) if error.constraint() == Some(name) => {
                Self::Refused(refusal)
            }
            _ => self,
        }
    }

    /// Makes the error of a form with one invalid field.
    #[must_use]
    pub fn invalid_field(field: &'static str, problem: FieldProblem) -> Self {
        Self::Invalid(vec![FieldError { field, problem }])
    }
}

/// Collects the faults of a form, so that a user sees all of them at once.
#[derive(Default)]
pub(crate) struct FieldFaults(Vec<FieldError>);

impl FieldFaults {
    /// Returns the parsed value. A fault is collected, and `None` is returned.
    pub(crate) fn check_field<T>(
        &mut self,
        field: &'static str,
        parsed: std::result::Result<T, FieldProblem>,
    ) -> Option<T> {
        parsed.map_err(|problem| self.0.push(FieldError { field, problem })).ok()
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the error with every collected fault.
    #[must_use]
    pub(crate) fn into_error(self) -> Error {
        Error::Invalid(self.0)
    }
}

/// Whether the error means that no connection was free, not that the database refused.
#[must_use]
pub fn is_overload(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
}
