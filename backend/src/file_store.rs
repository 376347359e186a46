//! Where the bytes of files are kept: a folder, or a bucket of S3 or of a store that speaks its language.
//!
//! Each object has a random key. Its row in `stored_object` is written before the object, so that none is forgotten.

mod queries;

use std::path::Path as FolderPath;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, parse_url_opts};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::work_queue::busy_error;
use crate::{Backend, Error, Result};

/// Bytes that are kept in memory while an object is written. S3 takes parts of at least 5 MiB.
const WRITE_BUFFER: usize = 5 * 1024 * 1024;

/// A stream of the bytes of a file.
pub type FileStream = BoxStream<'static, Result<Bytes>>;

/// Where the bytes of files are kept. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
    /// What all keys begin with.
    prefix: Path,
}

/// An object that was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoredObject {
    pub(crate) key: Uuid,
    /// Its length in bytes.
    pub(crate) length: u64,
    /// SHA-256 of its bytes.
    pub(crate) digest: [u8; 32],
}

/// Why an object was not written.
#[derive(Debug)]
pub(crate) enum WriteFault {
    /// It has more bytes than allowed.
    TooLarge,
    /// The source or the store failed.
    Failed(Error),
}

impl FileStore {
    /// Keeps files in memory. For tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()), prefix: Path::default() }
    }

    /// Keeps files in this folder, which exists. A file is on the disk before it counts as written.
    ///
    /// # Errors
    /// The store's own error if it is no folder.
    pub fn in_folder(folder: &FolderPath) -> std::result::Result<Self, object_store::Error> {
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), prefix: Path::default() })
    }

    /// Keeps files in a bucket, `s3://bucket/prefix`, with the settings that AWS's own tools read from the environment
    /// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`).
    ///
    /// # Errors
    /// A sentence if the address is of another kind or a setting is missing.
    pub fn in_bucket(address: &str) -> std::result::Result<Self, String> {
        let url = address.parse().map_err(|_| format!("{address} is no address"))?;
        if !address.starts_with("s3://") {
            return Err(format!(
                "{address} is neither a folder nor an address that begins with s3://"
            ));
        }
        // Fails if another provider is installed already, which is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let settings = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
        let (store, prefix) = parse_url_opts(&url, settings).map_err(|error| error.to_string())?;
        Ok(Self { store: store.into(), prefix })
    }

    fn object_path(&self, key: Uuid) -> Path {
        // The first two digits divide the files of a folder, which some systems search one by one.
        let name = key.simple().to_string();
        self.prefix.clone().join(&name[..2]).join(name)
    }

    /// Writes an object of at most `most` bytes.
    async fn write_object(
        &self,
        key: Uuid,
        mut source: impl Stream<Item = Result<Bytes>> + Unpin,
        most: usize,
    ) -> std::result::Result<StoredObject, WriteFault> {
        let path = self.object_path(key);
        let mut writer = BufWriter::with_capacity(self.store.clone(), path, WRITE_BUFFER)
            .with_max_concurrency(1);
        let written = copy_counted(&mut writer, &mut source, most).await;
        match written {
            Ok((length, digest)) => {
                writer.shutdown().await.map_err(|error| WriteFault::Failed(store_fault(&error)))?;
                Ok(StoredObject { key, length, digest })
            }
            Err(fault) => {
                // What was written of it is thrown away; the row of the key goes later.
                writer.abort().await.ok();
                Err(fault)
            }
        }
    }

    /// Reads an object. The stream fails if the object cannot be read to its end.
    pub(crate) async fn read_object(&self, key: Uuid) -> Result<FileStream> {
        let found = self.store.get(&self.object_path(key)).await;
        let found = found.map_err(|error| store_fault(&error))?;
        Ok(found.into_stream().map_err(|error| store_fault(&error)).boxed())
    }

    /// Deletes an object. One that is not there is deleted already.
    pub(crate) async fn delete_object(&self, key: Uuid) -> Result<()> {
        match self.store.delete(&self.object_path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(store_fault(&error)),
        }
    }
}

async fn copy_counted(
    writer: &mut BufWriter,
    source: &mut (impl Stream<Item = Result<Bytes>> + Unpin),
    most: usize,
) -> std::result::Result<(u64, [u8; 32]), WriteFault> {
    let (mut length, mut hash) = (0_usize, Sha256::new());
    while let Some(bytes) = source.try_next().await.map_err(WriteFault::Failed)? {
        length += bytes.len();
        if length > most {
            return Err(WriteFault::TooLarge);
        }
        hash.update(&bytes);
        let put = writer.put(bytes).await;
        put.map_err(|error| WriteFault::Failed(store_fault(&error)))?;
    }
    Ok((length as u64, hash.finalize().into()))
}

/// Logs a fault of the store, and asks to come again: the next try may find it well.
fn store_fault(error: &dyn std::error::Error) -> Error {
    tracing::error!(%error, "the file store failed");
    busy_error()
}

impl Backend {
    /// Sets where the bytes of files are kept.
    #[must_use]
    pub fn with_file_store(mut self, files: FileStore) -> Self {
        self.files = files;
        self
    }

    /// Writes an object of at most `most` bytes. It is deleted in an hour unless a row refers to it by then.
    pub(crate) async fn store_object(
        &self,
        source: impl Stream<Item = Result<Bytes>> + Unpin,
        most: usize,
    ) -> std::result::Result<StoredObject, WriteFault> {
        let key = Uuid::new_v4();
        let kept = async {
            let mut connection = self.acquire_connection().await?;
            queries::insert_object(&mut connection, key).await
        };
        kept.await.map_err(WriteFault::Failed)?;
        self.files.write_object(key, source, most).await
    }

    /// Deletes uploads that began a day ago, and objects that nothing refers to.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::Busy`] if the store fails.
    pub async fn delete_unused_files(&self) -> Result<()> {
        queries::delete_old_uploads(&mut *self.acquire_connection().await?).await?;
        let unused = queries::unused_objects(&mut *self.acquire_connection().await?).await?;
        for key in unused {
            self.files.delete_object(key).await?;
            queries::delete_object_row(&mut *self.acquire_connection().await?, key).await?;
        }
        Ok(())
    }
}
