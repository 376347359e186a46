//! Keys of the log and of its witnesses (C2SP signed-note and tlog-cosignature, Ed25519).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use super::note::Signature;
use super::tree::{Hash, decode_lower_hex};

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// The text of a note (C2SP signature type 0x01).
    Log,
    /// The text of a checkpoint with the time when a witness saw it (0x04).
    Witness,
}

impl KeyKind {
    fn signature_type_byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// Why something is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not three parts joined by `+`, or one of them is malformed.
    #[error("not a key: <name>+<8 hexadecimal digits>+<base64>")]
    Format,
    /// The name is empty, or has a space, a `+` or a control character in it.
    #[error("the key's name is empty or has a space, a + or a control character in it")]
    Name,
    /// Neither Ed25519 nor an Ed25519 cosignature.
    #[error("the key's algorithm is not known here")]
    Algorithm,
    /// The digits in the middle are not the id of this name and key.
    #[error("the key's id is not that of its name and bytes")]
    Id,
    /// The bytes are not a point of the curve with which signatures can be checked.
    #[error("the bytes are no Ed25519 public key")]
    Point,
}

/// Checks whether this can be the name of a key: signature lines are split at spaces, keys at `+`.
pub(super) fn is_key_name(name: &str) -> bool {
    let wrong = |sign: char| sign.is_whitespace() || sign.is_control() || sign == '+';
    !name.is_empty() && !name.contains(wrong)
}

/// Returns the key id: the first four bytes of the hash over name, newline, type and public key.
fn compute_key_id(name: &str, kind: KeyKind, public: &[u8; 32]) -> u32 {
    let text = [name.as_bytes(), b"\n", &[kind.signature_type_byte()], public].concat();
    let [a, b, c, d, ..] = *Hash::sha256_of(&text).as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// Returns the text that a cosignature signs.
fn cosigned_message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// A public key with its name, written `<name>+<id>+<base64>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    id: u32,
    public: VerifyingKey,
}

impl VerifierKey {
    /// Makes the key with this name, kind and public bytes.
    ///
    /// # Errors
    /// Returns [`KeyError::Name`], or [`KeyError::Point`]. Weak keys, under which a signature
    /// proves nothing, are also refused with [`KeyError::Point`].
    pub fn from_public_bytes(
        name: &str,
        kind: KeyKind,
        public: &[u8; 32],
    ) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let point = VerifyingKey::from_bytes(public).ok().filter(|key| !key.is_weak());
        let (id, public) = (compute_key_id(name, kind, public), point.ok_or(KeyError::Point)?);
        Ok(Self { name: name.to_owned(), kind, id, public })
    }

    /// Returns the name of the signer.
    pub fn key_name(&self) -> &str {
        &self.name
    }

    /// Returns what it signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Returns the key id, by which signatures name their key.
    pub fn key_id(&self) -> u32 {
        self.id
    }

    /// Checks whether a signature claims to be made with this key.
    pub fn is_claimed_by(&self, signature: &Signature) -> bool {
        self.id == signature.key_id() && self.name == signature.signer_name()
    }

    /// Checks whether these bytes are a signature of this key over this text.
    pub fn verifies_signature(&self, text: &str, signature: &[u8]) -> bool {
        match self.kind {
            KeyKind::Log => self.is_valid_ed25519(text, signature),
            KeyKind::Witness => match signature.split_first_chunk::<8>() {
                Some((time, rest)) => {
                    let time = u64::from_be_bytes(*time);
                    i64::try_from(time).is_ok()
                        && self.is_valid_ed25519(&cosigned_message(text, time), rest)
                }
                None => false,
            },
        }
    }

    fn is_valid_ed25519(&self, text: &str, signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.public.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes =
            [&[self.kind.signature_type_byte()], self.public.as_bytes().as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Format)?;
        let (id, bytes) = rest.split_once('+').ok_or(KeyError::Format)?;
        let id = decode_lower_hex(id).map(u32::from_be_bytes).ok_or(KeyError::Format)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| KeyError::Format)?;
        let kind = match bytes.first() {
            Some(1) => KeyKind::Log,
            Some(4) => KeyKind::Witness,
            Some(_) => return Err(KeyError::Algorithm),
            None => return Err(KeyError::Format),
        };
        let public = bytes.get(1..).and_then(|bytes| bytes.try_into().ok());
        let key = Self::from_public_bytes(name, kind, public.ok_or(KeyError::Format)?)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

/// The private key of a log.
#[derive(Clone)]
pub struct Signer {
    public: VerifierKey,
    private: SigningKey,
}

impl Signer {
    /// Makes the log's key with this name from 32 random bytes.
    ///
    /// # Errors
    /// Returns [`KeyError::Name`] for a name that is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let private = SigningKey::from_bytes(seed);
        let public =
            VerifierKey::from_public_bytes(name, KeyKind::Log, private.verifying_key().as_bytes())?;
        Ok(Self { public, private })
    }

    /// Returns the public key, with which others check the signatures.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.public
    }

    /// Signs the text of a note, including the newline at its end.
    pub fn sign_note_text(&self, text: &str) -> Signature {
        let bytes = self.private.sign(text.as_bytes()).to_bytes().to_vec();
        Signature::from_parts(&self.public.name, self.public.id, bytes)
    }
}

/// The private key of a witness.
#[derive(Clone)]
pub struct Cosigner {
    public: VerifierKey,
    private: SigningKey,
}

impl Cosigner {
    /// Makes the witness's key with this name from 32 random bytes.
    ///
    /// # Errors
    /// Returns [`KeyError::Name`] for a name that is not allowed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let private = SigningKey::from_bytes(seed);
        let public = VerifierKey::from_public_bytes(
            name,
            KeyKind::Witness,
            private.verifying_key().as_bytes(),
        )?;
        Ok(Self { public, private })
    }

    /// Returns the public key, with which others check the cosignatures.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.public
    }

    /// Cosigns the text of a checkpoint that the witness saw at `time` (seconds since 1970, at most
    /// 2^63 - 1).
    pub fn cosign_checkpoint(&self, text: &str, time: u64) -> Signature {
        let signed = self.private.sign(cosigned_message(text, time).as_bytes()).to_bytes();
        let bytes = [time.to_be_bytes().as_slice(), signed.as_slice()].concat();
        Signature::from_parts(&self.public.name, self.public.id, bytes)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public)
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.public)
    }
}
