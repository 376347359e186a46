//! How a check can fail: something is wrong, something cannot be read, or nobody answers.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong in a record, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The short name of the broken rule.
    pub rule: &'static str,
    /// The file inside the folder.
    pub file: String,
    /// The line in the file, counted from 1; in a bundle of entries, the entry, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What was found, as a sentence.
    pub what: String,
}

impl Finding {
    /// Makes a finding about a whole file.
    pub fn about_whole_file(
        rule: &'static str,
        file: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        Self { rule, file: file.into(), line: None, what: what.into() }
    }

    /// Adds the line, counted from 1.
    #[must_use]
    pub fn at_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {} [{}]", self.what, self.rule)
    }
}

/// Why a command stops early; each kind has its own exit code.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The record is wrong: exit code 1.
    #[error("{0}")]
    Wrong(Finding),
    /// A file or an argument cannot be read: exit code 2.
    #[error("{0}")]
    Input(String),
    /// The other side does not answer, or answers wrongly: exit code 3.
    #[error("{0}")]
    Network(String),
}

impl AuditError {
    /// Makes the error for a file or an argument that cannot be read, and says why.
    pub fn unreadable_input(what: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self::Input(format!("{what}: {why}"))
    }

    /// Returns the exit code: 1 wrong, 2 unreadable, 3 network.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Wrong(_) => 1,
            Self::Input(_) => 2,
            Self::Network(_) => 3,
        }
    }
}

impl AuditError {
    /// Makes the error for a document of the record that was not read as it should be. `why` is what
    /// its reader said. A name that the reader does not know is no fault of the record: it was written
    /// by a later version of the product.
    pub fn unread_document(rule: &'static str, file: &'static str, why: String) -> Self {
        if why.starts_with("unknown ") {
            let advice = "a newer hanpyo-audit may know it";
            return Self::Input(format!("{file}: {why}; {advice}"));
        }
        Self::Wrong(Finding::about_whole_file(rule, file, why))
    }
}

impl From<Finding> for AuditError {
    fn from(finding: Finding) -> Self {
        Self::Wrong(finding)
    }
}
