//! Errors that prevent a run. Broken promises that a run finds are violations, not errors.

use std::path::PathBuf;

/// An error that prevents a run, as a sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// An error of a file, a folder, a socket or a program.
    #[error("{what}: {error}")]
    System {
        /// What failed.
        what: String,
        /// The operating system's error.
        error: std::io::Error,
    },
    /// The database returned an error.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A condition of the run is not met; the text says which.
    #[error("{0}")]
    Wrong(String),
    /// A program did not start.
    #[error("{program} did not start; see {log}")]
    NotUp {
        /// The program.
        program: String,
        /// Its log file.
        log: PathBuf,
    },
}

/// A result with [`SimulatorError`] as its error.
pub type Result<T, E = SimulatorError> = std::result::Result<T, E>;

impl SimulatorError {
    /// Wraps a system error with a description: `.map_err(Trouble::system("the journal"))`.
    pub fn system_error(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::System { what: what.into(), error }
    }

    /// Returns an error with this text.
    pub fn condition_error(what: impl Into<String>) -> Self {
        Self::Wrong(what.into())
    }
}
