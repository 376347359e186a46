//! Signed notes (C2SP signed-note): a text, and lines of signatures below it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::{KeyKind, VerifierKey, is_name};

/// A note has at most this many bytes: room for a text and fifty post-quantum signatures.
pub const NOTE_BYTES: usize = 256 * 1024;
/// A note carries at most this many signatures; C2SP asks for 16 at least.
pub const SIGNATURES: usize = 100;

/// Why something is no note, or not a note of this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Over [`NOTE_BYTES`].
    #[error("the note is too long")]
    TooLong,
    /// A control character that is no newline.
    #[error("the note has a control character in it")]
    Control,
    /// No text, blank line and signature lines, or the last is not ended.
    #[error("not a text, a blank line and lines of signatures")]
    Format,
    /// A line that is no signature.
    #[error("a line below the text is no signature")]
    Signature,
    /// Over [`SIGNATURES`].
    #[error("the note has too many signatures")]
    TooMany,
    /// The key has not signed.
    #[error("the note has no signature of this key")]
    Unsigned,
    /// A signature in this key's name is not over this text.
    #[error("the signature of this key does not fit the text")]
    Wrong,
}

/// One signature below a note, of a known key or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: String,
    id: u32,
    bytes: Vec<u8>,
}

impl Signature {
    /// Of a key whose name is known to be one.
    pub(super) fn new(name: &str, id: u32, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), id, bytes }
    }

    /// Who says to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of the key.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What the key made of the text; at least one byte.
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
        if !is_name(name) || bytes.is_empty() {
            return Err(NoteError::Signature);
        }
        Ok(Self::new(name, u32::from_be_bytes(*id), bytes.to_vec()))
    }
}

/// A text with at least one signature. That one fits is for [`Note::verify`] to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

fn refuse_control(text: &str) -> Result<(), NoteError> {
    let control = text.bytes().any(|byte| byte < b' ' && byte != b'\n');
    if control { Err(NoteError::Control) } else { Ok(()) }
}

impl Note {
    /// A text, its last newline included, with its first signature.
    ///
    /// # Errors
    /// [`NoteError::TooLong`], [`NoteError::Control`], or [`NoteError::Format`] where the last
    /// line is not ended.
    pub fn new(text: &str, signature: Signature) -> Result<Self, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Format);
        }
        refuse_control(text)?;
        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        note.add(signature)?;
        Ok(note)
    }

    /// Adds one more signature, such as that of a witness.
    ///
    /// # Errors
    /// [`NoteError::TooMany`] or [`NoteError::TooLong`]; the note is then as it was.
    pub fn add(&mut self, signature: Signature) -> Result<(), NoteError> {
        if self.signatures.len() == SIGNATURES {
            return Err(NoteError::TooMany);
        }
        self.signatures.push(signature);
        if self.to_string().len() > NOTE_BYTES {
            self.signatures.pop();
            return Err(NoteError::TooLong);
        }
        Ok(())
    }

    /// What is signed, the last newline included. Worth nothing before [`Note::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, known and unknown, as they stand.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The signature of this key, if every signature in its name fits the text.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] or [`NoteError::Wrong`].
    pub fn verify(&self, key: &VerifierKey) -> Result<&Signature, NoteError> {
        let mut found = Err(NoteError::Unsigned);
        for signature in self.signatures.iter().filter(|signature| key.is_of(signature)) {
            if !key.verifies(&self.text, &signature.bytes) {
                return Err(NoteError::Wrong);
            }
            found = Ok(signature);
        }
        found
    }

    /// When a witness saw this checkpoint, in seconds since 1970, by its cosignature.
    ///
    /// # Errors
    /// As [`Note::verify`]; [`NoteError::Unsigned`] also where the key is no witness's.
    pub fn cosigned_at(&self, witness: &VerifierKey) -> Result<u64, NoteError> {
        let time = self.verify(witness)?.bytes.first_chunk::<8>();
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
        refuse_control(note)?;
        // The last blank line is the one above the signatures; the text may have others.
        let (text, below) = note.rsplit_once("\n\n").ok_or(NoteError::Format)?;
        let lines = below.strip_suffix('\n').ok_or(NoteError::Format)?;
        if lines.split('\n').nth(SIGNATURES).is_some() {
            return Err(NoteError::TooMany);
        }
        let signatures = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}
