//! The errors of use cases: what a person can act on, and what only an operator can.

use std::time::Duration;

pub use domain::refusal::Refusal;
use domain::schedule::PhaseError;
use domain::season::Problem;
use domain::text::FieldProblem;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for the one who asks.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or the session has ended.
    #[error("sign in first")]
    SignIn,
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// It is not the time for it.
    #[error("wrong phase")]
    Phase(#[from] PhaseError),
    /// Fields of a form that need another look.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    /// A rule says no, for a reason that a person can understand.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A season file with faults, each with its line.
    #[error("season file refused")]
    Season(Vec<Problem>),
    /// Too many tries; again after this time.
    #[error("too many tries")]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// More than can be done at once: nothing was stored, and it may be sent again.
    #[error("busy")]
    Busy {
        /// How long to wait, a little different for each, so that not all come back together.
        retry_after: Duration,
    },
    /// The database stayed away, and nobody knows what became of it: what was sent may be sent again
    /// with the same key.
    #[error("nobody knows what became of it")]
    Unknown,
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Something that should not be able to happen.
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
    /// The same error, or `refusal` where the named unique constraint was what said no.
    ///
    /// Constraints judge, so that two requests at the same instant cannot both be right.
    #[must_use]
    pub fn on_constraint(self, name: &str, refusal: Refusal) -> Self {
        match &self {
            Self::Database(sqlx::Error::Database(error)) if error.constraint() == Some(name) => {
                Self::Refused(refusal)
            }
            _ => self,
        }
    }

    /// A form with one faulty field.
    #[must_use]
    pub fn field(field: &'static str, problem: FieldProblem) -> Self {
        Self::Invalid(vec![FieldError { field, problem }])
    }
}

/// Collects the faults of a form, so that a person sees all of them at once.
#[derive(Default)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    /// The parsed value, or its default while the fault is remembered.
    pub(crate) fn take<T>(
        &mut self,
        field: &'static str,
        parsed: std::result::Result<T, FieldProblem>,
    ) -> Option<T> {
        parsed.map_err(|problem| self.0.push(FieldError { field, problem })).ok()
    }

    /// The error that names every fault found.
    #[must_use]
    pub(crate) fn into_error(self) -> Error {
        Error::Invalid(self.0)
    }
}

/// Whether the database was too busy, rather than wrong.
#[must_use]
pub fn is_overload(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
}
