//! The secrets outside the database and its backups: one master key file, and beside it one key
//! file for each edition. Every purpose gets its own key, derived from one of them.
//!
//! Pseudonyms and ballots depend on the edition's key alone. Once that file is destroyed, nobody
//! can link them to a person again, not even with an old backup of the database.

mod queries;
mod seal;
mod tokens;

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::EditionId;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use subtle::ConstantTimeEq as _;

use crate::{Backend, Error, Result};

pub(crate) use seal::{open_sealed_bytes, seal_bytes};
pub use tokens::TokenKind;

/// A secret of 32 bytes. It is never used directly, only keys derived from it are.
#[derive(Clone, Copy)]
struct Secret([u8; 32]);

/// The master key and the editions' keys.
#[derive(Clone)]
pub struct Keys(Arc<KeyStore>);

struct KeyStore {
    master: Secret,
    /// The folder of the editions' keys. `None` for tests and tools, which derive the editions'
    /// keys from the master key.
    folder: Option<PathBuf>,
    /// The keys that were read. `None` for a destroyed key and for one that belongs to another
    /// edition.
    editions: Mutex<HashMap<EditionId, Option<Secret>>>,
}

/// The key of one edition.
#[derive(Clone, Copy)]
pub struct EditionKey(Secret);

impl EditionKey {
    /// Computes the HMAC-SHA256 of the parts under the key of this purpose.
    #[must_use]
    pub fn compute_mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.0.compute_mac(purpose, parts)
    }

    /// The value by which the database recognises this key. It reveals nothing about the key.
    fn fingerprint(&self) -> [u8; 32] {
        self.compute_mac("fingerprint", &[])
    }
}

impl Keys {
    /// Reads the key file. If it does not exist, creates it with a fresh key that only this user
    /// can read.
    ///
    /// # Errors
    /// If the file cannot be read or created, or does not hold 32 bytes in hex.
    pub fn load_or_create(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => {
                Ok(Self::with_folder(Secret::from_hex(text.trim())?, edition_key_folder(path)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self::with_folder(Secret::create_key_file(path)?, edition_key_folder(path)))
            }
            Err(error) => Err(error),
        }
    }

    fn with_folder(master: Secret, folder: Option<PathBuf>) -> Self {
        Self(Arc::new(KeyStore { master, folder, editions: Mutex::default() }))
    }

    /// Makes keys for tests and tools.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self::with_folder(Secret(bytes), None)
    }

    /// Computes the HMAC-SHA256 of the parts under the master key's key of this purpose.
    #[must_use]
    pub fn compute_mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.0.master.compute_mac(purpose, parts)
    }

    /// Makes the key of a new edition and returns its fingerprint. If the edition is then not
    /// stored, the file that is left over does no harm.
    ///
    /// # Errors
    /// [`Error::Internal`] if the file cannot be written.
    pub(crate) fn make_edition_key(&self, edition: EditionId) -> Result<[u8; 32]> {
        if let Some(path) = self.edition_key_path(edition) {
            Secret::create_key_file(&path)
                .map_err(|_| Error::Internal("no edition key can be written"))?;
        }
        Ok(self.edition_key(edition)?.fingerprint())
    }

    /// Returns the key of an edition.
    ///
    /// # Errors
    /// [`Error::Internal`] if the file is missing. It is never made again, because with another key
    /// every voter would have a new pseudonym and could vote again.
    pub(crate) fn edition_key(&self, edition: EditionId) -> Result<EditionKey> {
        let mut known = self.0.editions.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match known.get(&edition) {
            Some(key) => *key,
            None => *known.entry(edition).or_insert(Some(self.read_edition_key(edition)?)),
        };
        key.map(EditionKey).ok_or(Error::Internal("the edition's key is destroyed or foreign"))
    }

    /// Stops using the key of an edition, because it is the wrong key.
    fn refuse_edition_key(&self, edition: EditionId) {
        self.0.editions.lock().unwrap_or_else(PoisonError::into_inner).insert(edition, None);
    }

    /// Destroys the key of an edition, in memory and on disk.
    ///
    /// # Errors
    /// [`Error::Internal`] if the file exists and cannot be removed.
    pub(crate) fn destroy_edition_key(&self, edition: EditionId) -> Result<()> {
        let mut known = self.0.editions.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(edition, None);
        let Some(path) = self.edition_key_path(edition) else { return Ok(()) };
        match overwrite_and_remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::Internal("an edition's key cannot be destroyed"))
            }
            _ => Ok(()),
        }
    }

    fn read_edition_key(&self, edition: EditionId) -> Result<Secret> {
        let Some(path) = self.edition_key_path(edition) else {
            return Ok(Secret(self.compute_mac("edition", &[edition.0.as_bytes()])));
        };
        let text =
            fs::read_to_string(path).map_err(|_| Error::Internal("no key of the edition"))?;
        Secret::from_hex(text.trim()).map_err(|_| Error::Internal("no key in the edition's file"))
    }

    fn edition_key_path(&self, edition: EditionId) -> Option<PathBuf> {
        self.edition_file_path(edition, "key")
    }

    /// The path of an edition's file, outside the database and its backups. `None` for tests and
    /// tools.
    pub(crate) fn edition_file_path(&self, edition: EditionId, ending: &str) -> Option<PathBuf> {
        Some(self.0.folder.as_ref()?.join(format!("{edition}.{ending}")))
    }
}

/// The folder of the editions' keys, beside the master key.
fn edition_key_folder(master: &Path) -> Option<PathBuf> {
    Some(master.parent()?.join("editions"))
}

/// Overwrites the file and then removes it. Overwriting helps on a plain disk only. On a
/// copy-on-write file system or a flash disk the operator has to deal with the old blocks
/// (docs/operations.md).
fn overwrite_and_remove(path: &Path) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    file.write_all(&[b'0'; 65])?;
    file.sync_all()?;
    fs::remove_file(path)
}

impl Secret {
    fn from_hex(text: &str) -> io::Result<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, "a key file holds 64 hex digits")
        })?;
        Ok(Self(key))
    }

    fn create_key_file(path: &Path) -> io::Result<Self> {
        let key: [u8; 32] = random_bytes();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{}", hex::encode(key))?;
        file.sync_all()?;
        // Sync the folder too: until then the new name is not on disk, and a lost key cannot be
        // replaced.
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(Self(key))
    }

    /// Computes the HMAC-SHA256 of the parts under the key of this purpose. Each part is preceded
    /// by its length, so two different lists of parts never give the same input.
    fn compute_mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
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

/// Checks whether a key file already belongs to this database. If so, a missing key file must not
/// be made again.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn is_key_bound(pool: &PgPool) -> Result<bool> {
    queries::is_key_bound(&mut *pool.acquire().await?).await
}

impl Backend {
    /// Binds the database to its key on the first start. Returns false if the database belongs to
    /// another key.
    ///
    /// With another key every voter would have a new pseudonym and could vote again.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn bind_master_key(&self) -> Result<bool> {
        let own = self.keys.compute_mac("fingerprint", &[]);
        let bound = queries::bind_fingerprint(&mut *self.acquire_connection().await?, &own).await?;
        Ok(equal_in_constant_time(&bound, &own))
    }

    /// Returns the short names of the editions whose key file is missing or belongs to another
    /// edition. Until the right file is put back and the program is restarted, nobody can vote in
    /// them and their ballots cannot be opened.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn editions_without_key(&self) -> Result<Vec<String>> {
        let mut connection = self.acquire_connection().await?;
        let mut without = Vec::new();
        for (edition, slug) in queries::editions_with_keys(&mut connection).await? {
            let fits = match self.keys.edition_key(edition) {
                Ok(key) => {
                    let own = key.fingerprint();
                    equal_in_constant_time(
                        &queries::bind_edition_fingerprint(&mut connection, edition, &own).await?,
                        &own,
                    )
                }
                Err(_) => false,
            };
            if !fits {
                self.keys.refuse_edition_key(edition);
                without.push(slug);
            }
        }
        Ok(without)
    }
}

/// Returns fresh random bytes from the operating system.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Makes a secret for a link: 256 random bits in hex.
#[must_use]
pub fn random_token() -> String {
    hex::encode(random_bytes::<32>())
}

/// Hashes a token for storage. Its 256 random bits need no salt and no slow hash.
#[must_use]
pub fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Compares two byte strings in constant time.
#[must_use]
pub fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::{Keys, equal_in_constant_time};

    #[test]
    fn parts_that_are_split_differently_give_different_macs() {
        let keys = Keys::from_bytes([7; 32]);
        assert_ne!(
            keys.compute_mac("test", &[b"ab", b"c"]),
            keys.compute_mac("test", &[b"a", b"bc"])
        );
        assert_ne!(keys.compute_mac("test", &[b"ab"]), keys.compute_mac("other", &[b"ab"]));
        assert!(equal_in_constant_time(
            &keys.compute_mac("test", &[b"ab"]),
            &keys.compute_mac("test", &[b"ab"])
        ));
    }

    #[test]
    fn the_key_file_is_made_once_and_readable_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("hanpyo-keys-{}", std::process::id()));
        let path = folder.join("master.key");
        let first = Keys::load_or_create(&path).unwrap();
        let again = Keys::load_or_create(&path).unwrap();
        assert_eq!(first.compute_mac("x", &[]), again.compute_mac("x", &[]));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "short").unwrap();
        assert!(Keys::load_or_create(&path).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
