//! Giving up root. A server that was started as root becomes an ordinary user before it opens its
//! data, so a fault in the reading of a picture or a form is not a fault with root's rights.

use std::ffi::CString;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User, geteuid, initgroups, setgid, setuid};

use crate::StartError;
use crate::cluster::{find_stranded_cluster, lock_folder};

/// The user that a server of root becomes if it exists and no other one is named. Not the user of
/// the private cluster: other programs of the machine may run as `postgres` or `nobody`.
const DEFAULT_USER: &str = "hanpyo";
/// What the program makes in its data folder. Nothing else in there is handed over.
const OWN_ENTRIES: [&str; 5] = ["hanpyo.lock", "keys", "mail", "postgres", "postgres.new"];

/// Whether the data folder may be given to the new user.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandOver {
    /// Yes: the command goes on to write there.
    Allowed,
    /// No: the command changes nothing, and stays root if the folder is not the user's.
    Never,
}

/// Becomes the named user, or `hanpyo` if it exists, for the rest of the process. Does nothing if
/// this process is not root.
pub(crate) fn give_up_root(
    named: Option<&str>,
    data: &Path,
    hand_over: HandOver,
) -> Result<(), StartError> {
    let own = geteuid();
    if !own.is_root() && named.is_none() {
        return Ok(());
    }
    let user = find_user(named)?;
    if !own.is_root() {
        return match user.filter(|user| user.uid != own) {
            Some(user) => Err(StartError::NotRoot(user.name)),
            None => Ok(()),
        };
    }
    let Some(user) = user.filter(|user| !user.uid.is_root()) else {
        tracing::warn!(
            "this program runs as root and stays root: make a user `hanpyo`, or name one with \
             --run-as"
        );
        return Ok(());
    };
    if belongs_to(data, user.uid) {
        return drop_root(&user);
    }
    if hand_over == HandOver::Never {
        tracing::warn!(user = %user.name, "the data folder is not this user's; staying root");
        return Ok(());
    }
    hand_over_data(data, &user)?;
    drop_root(&user)
}

fn drop_root(user: &User) -> Result<(), StartError> {
    become_user(user)?;
    tracing::info!(user = %user.name, "root was given up");
    Ok(())
}

/// Finds the named user. A user that was named must exist, the default one need not.
fn find_user(named: Option<&str>) -> Result<Option<User>, StartError> {
    let found = User::from_name(named.unwrap_or(DEFAULT_USER))
        .map_err(|error| StartError::file_error("the list of users", error.into()))?;
    match (found, named) {
        (None, Some(name)) => Err(StartError::UnknownUser(name.to_owned())),
        (found, _) => Ok(found),
    }
}

fn belongs_to(folder: &Path, user: Uid) -> bool {
    fs::metadata(folder).is_ok_and(|found| found.uid() == user.as_raw())
}

/// Gives the user what the program has made in its data folder, and the folder itself.
fn hand_over_data(data: &Path, user: &User) -> Result<(), StartError> {
    let failed = |error| StartError::file_error(format!("the folder {}", data.display()), error);
    fs::create_dir_all(data).map_err(failed)?;
    let data = data.canonicalize().map_err(failed)?;
    // Whoever owns the folder could put links to other files into it.
    if !belongs_to(&data, Uid::from_raw(0)) {
        return Err(StartError::FolderOfAnother(data, user.name.clone()));
    }
    // `/var` or `/srv` is named by mistake more often than on purpose.
    if data.components().count() <= 2 {
        return Err(StartError::FolderOfTheSystem(data, user.name.clone()));
    }
    if let Some(cluster) = find_stranded_cluster(&data) {
        return Err(StartError::StrandedCluster { cluster, data });
    }
    // No server may run on the files meanwhile.
    let _lock = lock_folder(&data)?;
    tracing::warn!(
        folder = %data.display(), user = %user.name,
        "what the program has made in its data folder is given to the user that it runs as"
    );
    for entry in OWN_ENTRIES.map(|entry| data.join(entry)) {
        if entry.symlink_metadata().is_ok() {
            change_owner(&entry, user)?;
        }
    }
    // Last, because the owner of the folder says that all of it was handed over.
    std::os::unix::fs::chown(&data, Some(user.uid.as_raw()), Some(user.gid.as_raw()))
        .map_err(failed)
}

/// Changes the owner of a file, or of a folder and all that is in it. `chown` never follows a link,
/// also if a less trusted user replaces a part of the path meanwhile.
fn change_owner(path: &Path, user: &User) -> Result<(), StartError> {
    let owner = format!("{}:{}", user.uid.as_raw(), user.gid.as_raw());
    let status = Command::new("chown")
        .args(["--recursive", "-P", "--no-dereference", "--", &owner])
        .arg(path)
        .stdin(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(StartError::Setting(format!(
            "{} could not be given to {}: see above",
            path.display(),
            user.name
        ))),
        Err(error) => Err(StartError::file_error("chown could not be run", error)),
    }
}

/// Changes user and groups for good.
fn become_user(user: &User) -> Result<(), StartError> {
    let failed = |error: nix::Error| StartError::file_error("giving up root", error.into());
    let name =
        CString::new(user.name.as_str()).map_err(|_| StartError::UnknownUser(user.name.clone()))?;
    initgroups(&name, user.gid).map_err(failed)?;
    setgid(user.gid).map_err(failed)?;
    setuid(user.uid).map_err(failed)?;
    if setuid(Uid::from_raw(0)).is_ok() {
        return Err(StartError::Setting("root could not be given up".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use nix::unistd::{Uid, geteuid};

    use super::{HandOver, find_user, give_up_root, hand_over_data};
    use crate::StartError;

    #[test]
    fn a_named_user_must_exist_and_the_default_one_need_not() {
        let refused = find_user(Some("no-such-user-of-hanpyo"));
        assert!(matches!(refused, Err(StartError::UnknownUser(_))));
        assert!(find_user(Some("root")).unwrap().unwrap().uid.is_root());
        assert!(find_user(None).is_ok());
    }

    #[test]
    fn only_root_can_become_another_user() {
        if geteuid().is_root() {
            eprintln!("skipped: this process is root");
            return;
        }
        let refused = give_up_root(Some("root"), Path::new("/nowhere"), HandOver::Allowed);
        assert!(matches!(refused, Err(StartError::NotRoot(_))));
    }

    #[test]
    fn a_folder_of_the_system_is_never_handed_over() {
        let user = nix::unistd::User::from_uid(Uid::from_raw(0)).unwrap().unwrap();
        for folder in ["/", "/tmp"] {
            let refused = hand_over_data(Path::new(folder), &user);
            assert!(matches!(refused, Err(StartError::FolderOfTheSystem(..))), "{folder}");
        }
    }
}
