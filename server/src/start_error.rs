//! Errors that prevent Hanpyo from starting. Each is one sentence that says what to do.

use std::net::SocketAddr;
use std::path::PathBuf;

/// An error that prevents a start. The messages are in English, for operators.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program has the port.
    #[error("{0} is in use by another program; stop it, or choose another address with --listen")]
    PortInUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// There is no PostgreSQL.
    #[error(
        "no PostgreSQL was found; install one (Debian: apt-get install postgresql), \
         name its programs' folder with --postgres-bin, or give --database-url"
    )]
    NoPostgres,
    /// The installed PostgreSQL is too old.
    #[error("the PostgreSQL in {folder} is version {found}, and Hanpyo needs 15 or newer")]
    OldPostgres {
        /// Where it is.
        folder: PathBuf,
        /// Its major version.
        found: u32,
    },
    /// The PostgreSQL of the named database is too old.
    #[error("the database is PostgreSQL {0}, and Hanpyo needs 15 or newer")]
    OldServer(u32),
    /// The private cluster belongs to another major version.
    #[error(
        "the cluster in {folder} was made by PostgreSQL {made_by}, but only {found} is installed; \
         install PostgreSQL {made_by}, or move the folder away to start anew"
    )]
    OtherMajor {
        /// The cluster.
        folder: PathBuf,
        /// Which version made it.
        made_by: String,
        /// Which version is installed.
        found: u32,
    },
    /// PostgreSQL does not start.
    #[error("the private PostgreSQL did not start; its log {log} says: {last}")]
    Cluster {
        /// Its log.
        log: PathBuf,
        /// The last line of the log.
        last: String,
    },
    /// A record has another name than the public address gives.
    #[error(
        "the record {0} has another name than the public address gives, so its ballots would get no \
         receipt; name its address with --public-url, or look at a copy with --drill"
    )]
    OtherLog(String),
    /// Another Hanpyo runs in this folder.
    #[error("another Hanpyo is running on {0}; stop it, or choose another folder with --data-dir")]
    FolderInUse(PathBuf),
    /// The unprivileged user for PostgreSQL is missing.
    #[error("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")]
    NoUser,
    /// The user to become does not exist.
    #[error("there is no user {0}; make it, or name another one with --run-as")]
    UnknownUser(String),
    /// Another user was named, but this process is not root.
    #[error("only root can become {0}; start as root or as that user, or leave out --run-as")]
    NotRoot(String),
    /// The data folder is one of the system's own.
    #[error(
        "the folder {0} may belong to the system and is not given to {1}; \
         choose another one with --data-dir, or make {1} its owner yourself"
    )]
    FolderOfTheSystem(PathBuf, String),
    /// The data folder belongs to a third user.
    #[error(
        "the folder {0} belongs to neither root nor {1}, and root gives away nothing in it; \
         make {1} its owner yourself, or choose another one with --data-dir"
    )]
    FolderOfAnother(PathBuf, String),
    /// An earlier start as root kept the cluster elsewhere.
    #[error(
        "the cluster of {data} is in {cluster}, where PostgreSQL's own user could reach it; \
         move its folder `postgres` into {data}, or stay root with --run-as root"
    )]
    StrandedCluster {
        /// The folder that has the cluster.
        cluster: PathBuf,
        /// The data folder.
        data: PathBuf,
    },
    /// A relative data folder in a service.
    #[error(
        "the data folder {0} is relative to the working directory, and this process runs as a \
         service; name a whole path with --data-dir"
    )]
    RelativeFolder(PathBuf),
    /// The process may open too few files.
    #[error(
        "this process may open only {limit} files, and Hanpyo needs {needed}; raise the limit \
         (`ulimit -n`, or `LimitNOFILE=` of the service)"
    )]
    FewOpenFiles {
        /// The limit.
        limit: u64,
        /// The smallest limit that is enough.
        needed: u64,
    },
    /// A demonstration that others could reach.
    #[error(
        "a demonstration has known passwords and shows everybody's mail, so it runs only on this \
         machine; {0} is reached from others: leave out --demo, or listen on 127.0.0.1 without \
         another --public-url"
    )]
    PublicDemonstration(String),
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Connect(sqlx::Error),
    /// The database was made by a newer program.
    #[error(
        "this database is newer than this program (it has migration {0}); \
         start the program that made it, or a newer one"
    )]
    NewerDatabase(i64),
    /// The key file is missing.
    #[error(
        "this database belongs to a key file that is not at {0}; put it back (without it every \
         voter could vote again), or name it with --key-file"
    )]
    KeyMissing(PathBuf),
    /// The key file belongs to another database.
    #[error(
        "the key file {0} does not belong to this database; name the right one with --key-file"
    )]
    OtherKey(PathBuf),
    /// A migration failed.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(sqlx::migrate::MigrateError),
    /// A setting makes no sense.
    #[error("{0}")]
    Setting(String),
    /// An error of a file or a folder.
    #[error("{what}: {error}")]
    File {
        /// What failed.
        what: String,
        /// The operating system's error.
        error: std::io::Error,
    },
    /// Somebody pressed Ctrl-C before it was done.
    #[error("stopped before it was done")]
    Stopped,
    /// A file that was to be checked is none of its kind: exit code 2.
    #[error("{0}")]
    Unreadable(String),
    /// A use case refused the command.
    #[error("{0}")]
    Refused(String),
}

impl StartError {
    /// Returns the exit code: 2 for what cannot be read, 1 for what is wrong and for everything else.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Unreadable(_) => 2,
            _ => 1,
        }
    }

    /// Returns a file error with a description.
    pub fn file_error(what: impl Into<String>, error: std::io::Error) -> Self {
        Self::File { what: what.into(), error }
    }
}

impl From<sqlx::migrate::MigrateError> for StartError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => Self::NewerDatabase(version),
            error => Self::Migrate(error),
        }
    }
}
