//! Signed notes (C2SP signed-note): a text, and lines of signatures below it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::{KeyKind, VerifierKey, is_key_name};

/// Longest note, in bytes: room for a text and fifty post-quantum signatures.
pub const NOTE_BYTES: usize = 256 * 1024;
/// Most signatures of a note; C2SP asks for at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// Why something is not a note, or not a note of this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The note is longer than [`NOTE_BYTES`].
    #[error("the note is too long")]
    TooLong,
    /// The note has a control character other than a newline.
    #[error("the note has a control character in it")]
    Control,
    /// Not a text, a blank line and signature lines, or the last line does not end in a newline.
    #[error("not a text, a blank line and lines of signatures")]
    Format,
    /// A line below the text is not a signature.
    #[error("a line below the text is no signature")]
    Signature,
    /// The note has more than [`MAX_SIGNATURES`] signatures.
    #[error("the note has too many signatures")]
    TooMany,
    /// The key has not signed.
    #[error("the note has no signature of this key")]
    Unsigned,
    /// A signature in this key's name is not over this text.
    #[error("the signature of this key does not fit the text")]
    Wrong,
}

/// One signature below a note, of a known or unknown key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: String,
    id: u32,
    bytes: Vec<u8>,
}

impl Signature {
    /// Makes a signature of a key whose name was checked before.
    pub(super) fn from_parts(name: &str, id: u32, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), id, bytes }
    }

    /// Returns the name of the claimed signer.
    pub fn signer_name(&self) -> &str {
        &self.name
    }

    /// Returns the key id.
    pub fn key_id(&self) -> u32 {
        self.id
    }

    /// Returns the signature bytes after the key id; at least one byte.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.to_be_bytes().as_slice(), &self.bytes].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for Signature {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix("— ").ok_or(NoteError::Signature)?;
        let (name, bytes) = rest.split_once(' ').ok_or(NoteError::Signature)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| NoteError::Signature)?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or(NoteError::Signature)?;
        if !is_key_name(name) || bytes.is_empty() {
            return Err(NoteError::Signature);
        }
        Ok(Self::from_parts(name, u32::from_be_bytes(*id), bytes.to_vec()))
    }
}

/// A text with at least one signature. [`Note::verify_signature`] checks whether a signature fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

fn refuse_control_characters(text: &str) -> Result<(), NoteError> {
    let control = text.bytes().any(|byte| byte < b' ' && byte != b'\n');
    if control { Err(NoteError::Control) } else { Ok(()) }
}

impl Note {
    /// Makes a note from a text, including its last newline, and the first signature.
    ///
    /// # Errors
    /// Returns [`NoteError::TooLong`], [`NoteError::Control`], or [`NoteError::Format`] if the last
    /// line does not end in a newline.
    pub fn with_signature(text: &str, signature: Signature) -> Result<Self, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Format);
        }
        refuse_control_characters(text)?;
        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        note.add_signature(signature)?;
        Ok(note)
    }

    /// Adds another signature, such as that of a witness.
    ///
    /// # Errors
    /// Returns [`NoteError::TooMany`] or [`NoteError::TooLong`]; the note is then unchanged.
    pub fn add_signature(&mut self, signature: Signature) -> Result<(), NoteError> {
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::TooMany);
        }
        self.signatures.push(signature);
        if self.to_string().len() > NOTE_BYTES {
            self.signatures.pop();
            return Err(NoteError::TooLong);
        }
        Ok(())
    }

    /// Returns the signed text, including the last newline. Do not trust it before
    /// [`Note::verify_signature`].
    pub fn signed_text(&self) -> &str {
        &self.text
    }

    /// Returns all signatures, of known and unknown keys, in their order.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Returns the signature of this key, if every signature in its name fits the text.
    ///
    /// # Errors
    /// Returns [`NoteError::Unsigned`] or [`NoteError::Wrong`].
    pub fn verify_signature(&self, key: &VerifierKey) -> Result<&Signature, NoteError> {
        let mut found = Err(NoteError::Unsigned);
        for signature in self.signatures.iter().filter(|signature| key.is_claimed_by(signature)) {
            if !key.verifies_signature(&self.text, &signature.bytes) {
                return Err(NoteError::Wrong);
            }
            found = Ok(signature);
        }
        found
    }

    /// Returns when a witness saw this checkpoint, in seconds since 1970, from its cosignature.
    ///
    /// # Errors
    /// Fails like [`Note::verify_signature`], and with [`NoteError::Unsigned`] if the key is not a witness's.
    pub fn verify_cosignature_time(&self, witness: &VerifierKey) -> Result<u64, NoteError> {
        let time = self.verify_signature(witness)?.bytes.first_chunk::<8>();
        match (witness.kind(), time) {
            (KeyKind::Witness, Some(time)) => Ok(u64::from_be_bytes(*time)),
            _ => Err(NoteError::Unsigned),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        refuse_control_characters(note)?;
        // The last blank line is the one above the signatures, because the text may have blank
        // lines too.
        let (text, below) = note.rsplit_once("\n\n").ok_or(NoteError::Format)?;
        let lines = below.strip_suffix('\n').ok_or(NoteError::Format)?;
        if lines.split('\n').nth(MAX_SIGNATURES).is_some() {
            return Err(NoteError::TooMany);
        }
        let signatures = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}
