//! Why a run could not be made. What a run finds out is no trouble but a finding.

use std::path::PathBuf;

/// What keeps a run from being made, as a sentence for whoever started it.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A file, a folder, a socket or a program.
    #[error("{what}: {error}")]
    System {
        /// Which one, and what was wanted of it.
        what: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The database said no.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// Something is not as it must be.
    #[error("{0}")]
    Wrong(String),
    /// A program did not come up.
    #[error("{program} did not start; see {log}")]
    NotUp {
        /// Which one.
        program: String,
        /// What it said.
        log: PathBuf,
    },
}

/// A result with [`Trouble`].
pub type Result<T, E = Trouble> = std::result::Result<T, E>;

impl Trouble {
    /// A system error with its name: `.map_err(Trouble::system("the journal"))`.
    pub fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::System { what: what.into(), error }
    }

    /// Something that is not as it must be.
    pub fn wrong(what: impl Into<String>) -> Self {
        Self::Wrong(what.into())
    }
}
