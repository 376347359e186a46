//! The number of files that the process may have open. Each connection of a client is one.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::StartError;

/// Most connections of clients at the same time. Further ones wait in the kernel's queue.
const MAX_CONNECTIONS: u64 = 4096;
/// With fewer connections of clients than this the server does not start: a browser opens up to
/// six, so a class of twenty people would fill it.
const MIN_CONNECTIONS: u64 = 128;
/// Files for everything but clients and the database: 128 voters who wait for an `OpenID` provider,
/// and 128 for mail servers, gateways, witnesses, key files, name servers and the runtime.
const RESERVED_FILES: u64 = 256;
/// The highest limit that is asked for. Containers often allow a billion, and programs that we
/// start may close every number up to their limit.
const MAX_OPEN_FILES: u64 = 65_536;

/// Raises the limit of open files as far as the machine allows, and returns it.
pub(crate) fn raise_open_files() -> Result<u64, StartError> {
    let failed =
        |error: nix::Error| StartError::file_error("the limit of open files", error.into());
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).map_err(failed)?;
    let wanted = hard.min(MAX_OPEN_FILES).max(soft);
    if wanted > soft {
        setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).map_err(failed)?;
    }
    Ok(wanted)
}

/// Returns how many connections of clients fit below this limit of open files. The rest is
/// reserved, so that a rush of clients never takes the files of the database, the mails or the record.
pub(crate) fn count_connections(
    open_files: u64,
    database_connections: u32,
) -> Result<usize, StartError> {
    let reserved = RESERVED_FILES + u64::from(database_connections);
    let left = open_files.saturating_sub(reserved);
    if left < MIN_CONNECTIONS {
        let needed = reserved + MIN_CONNECTIONS;
        return Err(StartError::FewOpenFiles { limit: open_files, needed });
    }
    Ok(usize::try_from(left.min(MAX_CONNECTIONS)).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::{count_connections, raise_open_files};
    use crate::StartError;

    #[test]
    fn connections_leave_files_for_everything_else() {
        assert_eq!(count_connections(1024, 24).unwrap(), 1024 - 256 - 24);
        assert_eq!(count_connections(65_536, 24).unwrap(), 4096);
        assert_eq!(count_connections(408, 24).unwrap(), 128);
        for limit in [0, 256, 407] {
            let refused = count_connections(limit, 24);
            assert!(
                matches!(refused, Err(StartError::FewOpenFiles { needed: 408, .. })),
                "{limit}: {refused:?}"
            );
        }
    }

    #[test]
    fn the_limit_is_never_lowered() {
        let first = raise_open_files().unwrap();
        assert_eq!(raise_open_files().unwrap(), first);
        let (soft, hard) =
            nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE).unwrap();
        assert_eq!(soft, first);
        assert!(soft == hard || soft >= 65_536, "{soft} of {hard}");
    }
}
