//! How people and organisations are identified: e-mail, names, the short name in an address, the
//! password.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FieldProblem, compose_letters, narrow_line, parse_text_line};
use crate::limits;

/// An e-mail address in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Email(String);

impl Email {
    /// Parses an address, trims it and makes it lower case. Accepts the everyday subset of RFC
    /// 5321: `local@domain.tld`, ASCII, no quotes, no comments, at most [`limits::EMAIL_CHARS`]
    /// characters.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = narrow_line(&parse_text_line(text, limits::EMAIL_CHARS)?).to_ascii_lowercase();
        let text = bare_address(&text).to_owned();
        let (local, domain) = text.split_once('@').ok_or(FieldProblem::Malformed)?;
        if is_local_part(local) && is_mail_domain(domain) {
            Ok(Self(text))
        } else {
            Err(FieldProblem::Malformed)
        }
    }

    /// Returns the text as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text that identifies a voter if every spelling is a voter of its own: the whole
    /// address in lower case. Dots and `+tags` are *not* removed.
    pub fn canonical_address(&self) -> &str {
        &self.0
    }

    /// Returns the text that identifies a voter if all spellings of a mailbox are one voter. A
    /// `+tag` is removed at every provider. Dots are removed at Google alone, because it is the
    /// only large provider that ignores them, and `googlemail.com` becomes `gmail.com`.
    ///
    /// The address may not exist. A message goes to the address as typed.
    pub fn folded_address(&self) -> String {
        let (local, domain) = self.split_at_sign();
        let local = without_tag(local);
        if GOOGLE_DOMAINS.contains(&domain) {
            format!("{}@gmail.com", local.replace('.', ""))
        } else {
            format!("{local}@{domain}")
        }
    }

    /// Checks whether the address has a `+tag`.
    pub fn has_tag(&self) -> bool {
        let (local, _) = self.split_at_sign();
        without_tag(local) != local
    }

    /// Returns the part after the `@`.
    pub fn mail_domain(&self) -> &str {
        self.split_at_sign().1
    }

    /// Returns the parts before and after the `@`. [`Email::parse`] accepts exactly one.
    fn split_at_sign(&self) -> (&str, &str) {
        self.0.split_once('@').unwrap_or((&self.0, ""))
    }
}

/// Returns the address alone, as other programs copy it: `Kim <kim@mail.example>`, `mailto:…`, or with the
/// sign that ended a sentence.
fn bare_address(text: &str) -> &str {
    let inside = text.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>'));
    let text = inside.map_or(text, |(address, _)| address);
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    text.trim_end_matches(['.', ',', ';'])
}

/// The domains of Google's mailboxes. Both names lead to the same mailbox.
const GOOGLE_DOMAINS: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Removes a `+tag`. If nothing is before the `+`, it is no tag and the text stays as it is.
fn without_tag(local: &str) -> &str {
    match local.split_once('+') {
        Some((name, _)) if !name.is_empty() => name,
        _ => local,
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse(&text)
    }
}

/// The name of a person, one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PersonName(String);

impl PersonName {
    /// Parses one line of 1 to [`limits::PERSON_NAME_CHARS`] characters.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        parse_text_line(text, limits::PERSON_NAME_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PersonName {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse(&text)
    }
}

/// The name of an organisation, one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct OrganisationName(String);

impl OrganisationName {
    /// Parses one line of 1 to [`limits::ORGANISATION_NAME_CHARS`] characters.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        parse_text_line(text, limits::ORGANISATION_NAME_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganisationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OrganisationName {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse(&text)
    }
}

/// The short name of something in an address: `daejeon-2024`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Slug(String);

impl Slug {
    /// Parses 2 to [`limits::SLUG_CHARS`] of `a-z`, `0-9` and single hyphens between them.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = narrow_line(&parse_text_line(text, limits::SLUG_CHARS)?);
        if text.len() < limits::SLUG_MIN_CHARS {
            return Err(FieldProblem::TooShort { min: limits::SLUG_MIN_CHARS });
        }
        let words = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if text.split('-').all(words) { Ok(Self(text)) } else { Err(FieldProblem::Malformed) }
    }

    /// Returns the text as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse(&text)
    }
}

/// A password. It is never written out: it has no `Display` and no `Serialize`.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Parses a password as typed (blanks count): at least [`limits::PASSWORD_MIN_CHARS`]
    /// characters and at most [`limits::PASSWORD_BYTES`] bytes. Letters are composed, because a Mac
    /// types 한 as three signs and another machine as one.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_password(text: &str) -> Result<Self, FieldProblem> {
        if text.is_empty() {
            return Err(FieldProblem::Missing);
        }
        if text.len() > limits::PASSWORD_BYTES {
            let over = text.len() - limits::PASSWORD_BYTES;
            return Err(FieldProblem::TooLong { max: limits::PASSWORD_BYTES, over });
        }
        if text.chars().any(char::is_control) {
            return Err(FieldProblem::NotAllowed);
        }
        if text.chars().count() < limits::PASSWORD_MIN_CHARS {
            return Err(FieldProblem::TooShort { min: limits::PASSWORD_MIN_CHARS });
        }
        Ok(Self(compose_letters(text)))
    }

    /// Returns the password in plain text, for hashing only.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

fn is_local_part(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b);
    text.len() <= limits::EMAIL_LOCAL_CHARS
        && text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(allowed))
}

fn is_mail_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = text.rsplit('.').next().unwrap_or_default();
    text.contains('.')
        && text.split('.').all(label)
        && top.len() >= 2
        && !top.bytes().all(|b| b.is_ascii_digit())
}
