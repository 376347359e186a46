//! The folders of the private cluster: data, lock and socket.

use std::fs::{self, DirBuilder, File, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use sha2::{Digest as _, Sha256};

use super::{UnixUser, build_user_command};
use crate::StartError;

/// Returns the folder itself, or a folder of its own under /var/lib if the unprivileged user cannot
/// enter it (a home folder, a temporary folder of root).
pub(super) fn find_reachable_folder(
    folder: &Path,
    user: Option<UnixUser>,
) -> Result<PathBuf, StartError> {
    fs::create_dir_all(folder).map_err(|error| folder_error("the folder", folder, error))?;
    let folder =
        folder.canonicalize().map_err(|error| folder_error("the folder", folder, error))?;
    if user.is_none() {
        return Ok(folder);
    }
    let reached = build_user_command(user, Path::new("test"))
        .arg("-x")
        .arg(&folder)
        .status()
        .is_ok_and(|status| status.success());
    if reached {
        return Ok(folder);
    }
    let instead = fallback_folder(&folder);
    tracing::info!(
        folder = %folder.display(), instead = %instead.display(),
        "PostgreSQL's user cannot enter this folder; the cluster is kept elsewhere"
    );
    fs::create_dir_all(&instead).map_err(|error| folder_error("the folder", &instead, error))?;
    Ok(instead)
}

/// Returns the folder of the cluster if its user cannot enter the data folder.
pub(super) fn fallback_folder(folder: &Path) -> PathBuf {
    PathBuf::from("/var/lib/hanpyo").join(folder_hash(folder))
}

/// Returns the folder of a cluster that an earlier start as root kept outside this data folder.
/// `None` if there is none, or if the data folder has a cluster of its own.
pub(crate) fn find_stranded_cluster(folder: &Path) -> Option<PathBuf> {
    let has_cluster = |folder: &Path| folder.join("postgres/PG_VERSION").exists();
    let folder = folder.canonicalize().ok().filter(|folder| !has_cluster(folder))?;
    Some(fallback_folder(&folder)).filter(|folder| has_cluster(folder))
}

fn folder_hash(folder: &Path) -> String {
    hex::encode(&Sha256::digest(folder.as_os_str().as_encoded_bytes())[..8])
}

/// Locks a folder against other programs of this kind until the file is closed.
pub(crate) fn lock_folder(folder: &Path) -> Result<File, StartError> {
    let path = folder.join("hanpyo.lock");
    // Root may lock a folder of somebody else, who must not choose another file by a link.
    let mut how = File::options();
    how.write(true).create(true).truncate(false).custom_flags(OFlag::O_NOFOLLOW.bits());
    let file = how.open(&path).map_err(|error| folder_error("the lock", &path, error))?;
    file.try_lock().map_err(|_| StartError::FolderInUse(folder.to_owned()))?;
    Ok(file)
}

/// Creates a folder with a short path for the socket, because the path of a Unix socket has at most
/// 107 bytes and a checkout may be deep in the file system. Nobody can make it before us, because
/// its name is new each time.
pub(super) fn create_socket_folder(
    data: &Path,
    user: Option<UnixUser>,
) -> Result<PathBuf, StartError> {
    let name = format!("hanpyo-{}", folder_hash(data));
    // A service manager gives a folder of our own. Otherwise `/tmp` and not `TMPDIR`, because
    // PostgreSQL's user may not be able to enter our temporary folder.
    let own = std::env::var_os("RUNTIME_DIRECTORY").map(PathBuf::from);
    let bases = own.into_iter().filter(|base| base.is_absolute()).chain([PathBuf::from("/tmp")]);
    let mut failed = None;
    for base in bases {
        remove_old_sockets(&base, &name);
        let fresh = hex::encode(backend::keys::random_bytes::<8>());
        let folder = base.join(format!("{name}-{fresh}"));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => {
                restrict_to_owner(&folder, user)?;
                return Ok(folder);
            }
            Err(error) => failed = Some(folder_error("the socket folder", &folder, error)),
        }
    }
    Err(failed.unwrap_or(StartError::NoUser))
}

/// Removes the socket folders of servers that were killed. We hold the lock of this data, so no
/// other server uses them.
fn remove_old_sockets(base: &Path, name: &str) {
    let entries = fs::read_dir(base).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(name)) {
        // A folder of somebody else stays, and does no harm.
        let _ = fs::remove_dir_all(entry.path());
    }
}

/// Creates a folder for PostgreSQL's user.
pub(super) fn create_owned_folder(folder: &Path, user: Option<UnixUser>) -> Result<(), StartError> {
    fs::create_dir_all(folder).map_err(|error| folder_error("the folder", folder, error))?;
    restrict_to_owner(folder, user)
}

fn restrict_to_owner(folder: &Path, user: Option<UnixUser>) -> Result<(), StartError> {
    let owned = fs::set_permissions(folder, Permissions::from_mode(0o700))
        .and_then(|()| user.map_or(Ok(()), |user| chown(folder, Some(user.uid), Some(user.gid))));
    owned.map_err(|error| folder_error("the folder", folder, error))
}

fn folder_error(what: &str, path: &Path, error: std::io::Error) -> StartError {
    StartError::file_error(format!("{what} {}", path.display()), error)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::{create_socket_folder, folder_hash, lock_folder};

    #[test]
    fn a_folder_that_somebody_made_first_stops_no_start() {
        let data = PathBuf::from(format!("/nowhere/{}", std::process::id()));
        let old = PathBuf::from("/tmp").join(format!("hanpyo-{}", folder_hash(&data)));
        // A file cannot be removed as a folder, like a folder of another user.
        fs::write(&old, "").unwrap();
        let first = create_socket_folder(&data, None).unwrap();
        assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o700);
        let second = create_socket_folder(&data, None).unwrap();
        assert_ne!(first, second, "the name cannot be foreseen");
        assert!(!first.exists(), "what a killed server left is removed");
        fs::remove_dir_all(second).unwrap();
        fs::remove_file(old).unwrap();
    }

    #[test]
    fn a_link_in_place_of_the_lock_is_not_followed() {
        let folder = std::env::temp_dir().join(format!("hanpyo-lock-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let other = folder.join("somebody-elses-file");
        fs::write(&other, "kept").unwrap();
        std::os::unix::fs::symlink(&other, folder.join("hanpyo.lock")).unwrap();
        assert!(lock_folder(&folder).is_err());
        assert_eq!(fs::read_to_string(&other).unwrap(), "kept");
        fs::remove_file(folder.join("hanpyo.lock")).unwrap();
        lock_folder(&folder).unwrap();
        fs::remove_dir_all(folder).unwrap();
    }
}
