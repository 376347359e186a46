//! Sealing with a key that is used only once: picks, and messages in the queue.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use domain::ids::EditionId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Keys;
use crate::{Error, Result};

/// The length of a sealed message is a multiple of this, in bytes, plus a tag of 16 bytes. So the
/// length reveals nothing about the address.
const MESSAGE_BLOCK_BYTES: usize = 512;

/// Seals a text with ChaCha20-Poly1305. `beside` is authenticated with it, but not encrypted.
///
/// The key must not seal anything else, because the nonce is always zero.
///
/// # Errors
/// [`Error::Internal`] for a text of 256 GB or more.
pub(crate) fn seal_bytes(key: [u8; 32], beside: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let payload = Payload { msg: plain, aad: beside };
    ChaCha20Poly1305::new(&Key::from(key))
        .encrypt(&Nonce::default(), payload)
        .map_err(|_| Error::Internal("a text that cannot be sealed"))
}

/// Opens a sealed text. `None` if it was changed, or if the key or `beside` is another one.
pub(crate) fn open_sealed_bytes(key: [u8; 32], beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let payload = Payload { msg: sealed, aad: beside };
    ChaCha20Poly1305::new(&Key::from(key)).decrypt(&Nonce::default(), payload).ok()
}

impl Keys {
    /// Seals a message that waits to be sent. The key is the edition's, or the master key for a
    /// message to staff. `id` must be fresh and belongs to this message only.
    ///
    /// # Errors
    /// [`Error::Internal`] if the edition's key is missing.
    pub fn seal_message(
        &self,
        edition: Option<EditionId>,
        id: Uuid,
        message: &impl Serialize,
    ) -> Result<Vec<u8>> {
        let mut plain = serde_json::to_vec(message)
            .map_err(|_| Error::Internal("a message that is no JSON"))?;
        plain.resize(plain.len().next_multiple_of(MESSAGE_BLOCK_BYTES), b' ');
        seal_bytes(self.message_key(edition, id)?, &[], &plain)
    }

    /// Opens a message that waits to be sent.
    ///
    /// # Errors
    /// [`Error::Internal`] if the edition's key is missing or the message was changed.
    pub fn open_message<T: DeserializeOwned>(
        &self,
        edition: Option<EditionId>,
        id: Uuid,
        sealed: &[u8],
    ) -> Result<T> {
        let plain = open_sealed_bytes(self.message_key(edition, id)?, &[], sealed)
            .ok_or(Error::Internal("a message was changed in the database"))?;
        serde_json::from_slice(&plain)
            .map_err(|_| Error::Internal("a stored message is not valid JSON"))
    }

    fn message_key(&self, edition: Option<EditionId>, id: Uuid) -> Result<[u8; 32]> {
        let parts: [&[u8]; 1] = [id.as_bytes()];
        Ok(match edition {
            Some(edition) => self.edition_key(edition)?.compute_mac("message", &parts),
            None => self.compute_mac("message", &parts),
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::EditionId;
    use uuid::Uuid;

    use super::{Keys, MESSAGE_BLOCK_BYTES, open_sealed_bytes, seal_bytes};

    #[test]
    fn what_was_sealed_opens_with_its_key_in_its_place_and_unchanged() {
        let sealed = seal_bytes([1; 32], b"here", b"text").unwrap();
        assert_eq!(open_sealed_bytes([1; 32], b"here", &sealed).unwrap(), b"text");
        assert_eq!(open_sealed_bytes([2; 32], b"here", &sealed), None);
        assert_eq!(open_sealed_bytes([1; 32], b"there", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open_sealed_bytes([1; 32], b"here", &changed), None);
        }
    }

    #[test]
    fn a_message_opens_for_its_edition_and_its_number_and_its_length_tells_nothing() {
        let keys = Keys::from_bytes([7; 32]);
        let (edition, id) = (EditionId(Uuid::new_v4()), Uuid::new_v4());
        let message = ("a@b.example".to_owned(), "한 줄".to_owned());
        let sealed = keys.seal_message(Some(edition), id, &message).unwrap();
        let read = |edition, id| keys.open_message::<(String, String)>(edition, id, &sealed);
        assert_eq!(read(Some(edition), id).unwrap(), message);
        assert!(read(None, id).is_err());
        assert!(read(Some(EditionId(Uuid::new_v4())), id).is_err());
        assert!(read(Some(edition), Uuid::new_v4()).is_err());
        assert_eq!(sealed.len(), MESSAGE_BLOCK_BYTES + 16);
        let longer = keys.seal_message(Some(edition), id, &"a".repeat(300)).unwrap();
        assert_eq!(longer.len(), sealed.len());
    }
}
