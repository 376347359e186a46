//! Secrets that live outside the database: one key file, and a key of its own for each purpose.

mod queries;

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use subtle::ConstantTimeEq as _;

use crate::{Backend, Result};

/// The master key; what is used is always derived from it.
#[derive(Clone)]
pub struct Keys(Arc<[u8; 32]>);

impl Keys {
    /// Reads the key file, or makes it with a fresh key that only this user can read.
    ///
    /// # Errors
    /// Where the file cannot be read, made, or does not hold 32 bytes in hex.
    pub fn load_or_create(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Self::from_hex(text.trim()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(error),
        }
    }

    /// A key for tests and tools.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Arc::new(bytes))
    }

    fn from_hex(text: &str) -> io::Result<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, "a key file holds 64 hex digits")
        })?;
        Ok(Self::from_bytes(key))
    }

    fn create(path: &Path) -> io::Result<Self> {
        let key: [u8; 32] = random();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{}", hex::encode(key))?;
        file.sync_all()?;
        Ok(Self::from_bytes(key))
    }

    /// HMAC-SHA256 of the parts under the key of this purpose. The parts are length-prefixed, so
    /// that no two lists of parts give the same input.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(purpose.as_bytes(), &mut key)
            .expect("32 bytes are a length that HKDF can give");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes any key");
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Whether a key file belongs to this database already, so that a missing one is not made anew.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn is_bound(pool: &PgPool) -> Result<bool> {
    queries::is_bound(&mut *pool.acquire().await?).await
}

impl Backend {
    /// Binds the database to its key on the first start; false where it belongs to another one.
    ///
    /// With another key every voter would have a new pseudonym and could vote again.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn bind_keys(&self) -> Result<bool> {
        let own = self.keys.mac("fingerprint", &[]);
        let bound = queries::bind(&mut *self.connection().await?, &own).await?;
        Ok(same(&bound, &own))
    }
}

/// Fresh random bytes from the operating system.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A secret for a link or a cookie: 256 random bits in hex.
#[must_use]
pub fn token() -> String {
    hex::encode(random::<32>())
}

/// How a token is kept at rest. Its 256 random bits need no salt and no slow hash.
#[must_use]
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Equality that takes the same time wherever the first difference is.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::{Keys, same};

    #[test]
    fn parts_that_are_split_differently_give_different_macs() {
        let keys = Keys::from_bytes([7; 32]);
        assert_ne!(keys.mac("test", &[b"ab", b"c"]), keys.mac("test", &[b"a", b"bc"]));
        assert_ne!(keys.mac("test", &[b"ab"]), keys.mac("other", &[b"ab"]));
        assert!(same(&keys.mac("test", &[b"ab"]), &keys.mac("test", &[b"ab"])));
    }

    #[test]
    fn the_key_file_is_made_once_and_readable_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("hanpyo-keys-{}", std::process::id()));
        let path = folder.join("master.key");
        let first = Keys::load_or_create(&path).unwrap();
        let again = Keys::load_or_create(&path).unwrap();
        assert_eq!(first.mac("x", &[]), again.mac("x", &[]));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "short").unwrap();
        assert!(Keys::load_or_create(&path).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
