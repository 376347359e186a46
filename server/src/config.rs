//! The configuration: every flag with its environment variable. `--help` prints this page.

mod oidc;
mod sms;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum_client_ip::ClientIpSource;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::StartError;

pub use oidc::OidcArgs;
pub use sms::{SignatureEncoding, SmsArgs};

/// Hanpyo (한표): a public vote whose result anyone can compute again.
///
/// Without --database-url it keeps a private PostgreSQL cluster in its data folder and opens the
/// demonstration season.
#[derive(Debug, Parser)]
#[command(name = "hanpyo", version, max_term_width = 100)]
pub struct Cli {
    /// Settings of every command.
    #[command(flatten)]
    pub common: CommonArgs,
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// Settings of every command.
#[derive(Clone, Debug, Args)]
pub struct CommonArgs {
    /// Folder of the private cluster, the keys and the demonstration's mails. A service needs a
    /// whole path.
    #[arg(long, env = "HANPYO_DATA_DIR", default_value = "var", global = true)]
    pub data_dir: PathBuf,
    /// The database, e.g. postgres://user:password@host/name. Without it: a private cluster.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// The folder of PostgreSQL's programs, if it is not found automatically.
    #[arg(long, env = "HANPYO_POSTGRES_BIN", global = true)]
    pub postgres_bin: Option<PathBuf>,
    /// The file with the master key; made on the first start. Keep it out of database backups.
    #[arg(long, env = "HANPYO_KEY_FILE", global = true)]
    pub key_file: Option<PathBuf>,
    /// Maximum number of connections to the database at the same time.
    #[arg(long, env = "HANPYO_DATABASE_CONNECTIONS", default_value_t = 20, global = true)]
    pub database_connections: u32,
    /// The user that the program becomes if it is started as root. Default: `hanpyo`, if there is
    /// such a user. `root` stays root.
    #[arg(long, env = "HANPYO_RUN_AS", value_name = "USER", global = true)]
    pub run_as: Option<String>,
    /// What is logged, e.g. info, or info,backend=debug,server=debug.
    #[arg(long, env = "HANPYO_LOG", default_value = "info", global = true)]
    pub log: String,
    /// Format of the log.
    #[arg(long, env = "HANPYO_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
}

impl CommonArgs {
    /// Makes the data folder a whole path. A relative one is for a person in a checkout. In a
    /// service it would lead into a folder of the system, with the keys and the mails.
    ///
    /// # Errors
    /// [`StartError::RelativeFolder`] in a service; [`StartError::File`].
    pub fn with_whole_data_dir(mut self) -> Result<Self, StartError> {
        let failed = |error| StartError::file_error("the working directory", error);
        let working = std::env::current_dir().map_err(failed)?;
        // systemd tells the first process of each service its own number. Programs that a service
        // starts, like a terminal, inherit the variable but have other numbers.
        let own = std::process::id().to_string();
        let service = std::env::var("SYSTEMD_EXEC_PID").is_ok_and(|pid| pid == own);
        self.data_dir = find_whole_path(&self.data_dir, &working, service)?;
        Ok(self)
    }

    /// Returns the path of the master key.
    #[must_use]
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("keys/master.key"))
    }

    /// Returns the folder of a demonstration's mails.
    #[must_use]
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }
}

fn find_whole_path(path: &Path, working: &Path, service: bool) -> Result<PathBuf, StartError> {
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    // A service manager without a working directory starts its services in the root.
    if service || working == Path::new("/") {
        return Err(StartError::RelativeFolder(path.to_owned()));
    }
    Ok(working.join(path))
}

/// The format of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object per line.
    Json,
}

/// The command to run.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site.
    Serve(Box<ServeArgs>),
    /// Bring the database up to date and stop.
    Migrate,
    /// Load the demonstration season and its sign-ins into the database and stop.
    Demo {
        /// The season file. Default: the season of 2024.
        #[arg(long)]
        season: Option<PathBuf>,
    },
    /// Accounts of administrators.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Show the budgets of codes and text messages, or set them for all running servers. A number that
    /// is not given goes back to the flags of `serve`.
    Budget {
        /// Set the numbers that are given, instead of showing those in force.
        #[arg(long)]
        set: bool,
        /// Codes of one edition in an hour.
        #[arg(long, requires = "set", value_parser = clap::value_parser!(i64).range(0..=10_000_000))]
        codes_per_hour: Option<i64>,
        /// Won for text messages of all editions in an hour.
        #[arg(long, requires = "set", value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
        texts_per_hour: Option<i64>,
        /// Won for all text messages of an edition.
        #[arg(long, requires = "set", value_parser = clap::value_parser!(i64).range(0..=10_000_000_000))]
        texts_per_edition: Option<i64>,
    },
    /// Check the configuration, the database, a season file or a published result; change nothing.
    Check {
        /// A season file to check, line by line.
        #[arg(long)]
        season: Option<PathBuf>,
        /// A published result.json to recompute from its own votes and scores.
        #[arg(long, conflicts_with = "season")]
        result: Option<PathBuf>,
    },
    /// Read a document from the input and write what it says as JSON (the server starts this by itself).
    #[command(name = backend::document_reader::READ_DOCUMENT, hide = true)]
    ReadDocument,
    /// Run a command beside a throw-away PostgreSQL, with DATABASE_URL set (for tests).
    WithPostgres {
        /// The command and its arguments.
        #[arg(required = true, trailing_var_arg = true)]
        command: Vec<OsString>,
    },
}

impl Command {
    /// Returns whether the command opens the data folder.
    #[must_use]
    pub fn opens_data(&self) -> bool {
        match self {
            Self::Serve(_)
            | Self::Migrate
            | Self::Demo { .. }
            | Self::Admin(_)
            | Self::Budget { .. } => true,
            Self::Check { season, result } => season.is_none() && result.is_none(),
            Self::ReadDocument | Self::WithPostgres { .. } => false,
        }
    }
}

/// Accounts of administrators.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make an administrator; the password is read from the standard input.
    Create {
        /// The address they sign in with.
        #[arg(long)]
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
    },
}

/// Settings of `serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// The address to listen on.
    #[arg(long, env = "HANPYO_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Public address of the site, e.g. https://vote.example.kr. Links in mails start with it.
    #[arg(long, env = "HANPYO_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// A demonstration: sample sign-ins, the mail box, the parts page. Only for this machine. On by
    /// default with the private cluster if no other machine can reach the site.
    #[arg(long, env = "HANPYO_DEMO", num_args = 0..=1, default_missing_value = "true")]
    pub demo: Option<bool>,
    /// Try out a restored backup: every page is shown, but nothing is signed, sent or taken, and no
    /// job runs.
    #[arg(long, env = "HANPYO_DRILL")]
    pub drill: bool,
    /// Show the line "이 누리집은 대한민국 공식 전자정부 누리집입니다". Only for public bodies that are allowed to.
    #[arg(long, env = "HANPYO_OFFICIAL")]
    pub official: bool,
    /// The mail server, e.g. smtps://user:password@mail.example:465. Without it mails are
    /// written into the folder `mail` of the data folder.
    #[arg(long, env = "HANPYO_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A witness that cosigns the checkpoints of the records, as URL=KEY: its address, and its key
    /// as the witness prints it. May be given several times.
    #[arg(
        long = "witness",
        env = "HANPYO_WITNESSES",
        value_delimiter = ' ',
        value_name = "URL=KEY"
    )]
    pub witnesses: Vec<backend::record::Witness>,
    /// A file in the MMDB format that says to which autonomous system or country addresses belong, for
    /// the fraud checks. May be given several times. A kind of network counts only if two files agree.
    #[arg(
        long = "network-file",
        env = "HANPYO_NETWORK_FILES",
        value_delimiter = ':',
        value_name = "PATH"
    )]
    pub network_files: Vec<PathBuf>,
    /// Where documents are kept: a folder, or s3://bucket/prefix with the settings of AWS's tools
    /// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`). Default: the folder `files`
    /// of the data folder. Several servers share one.
    #[arg(long, env = "HANPYO_FILE_STORE", value_name = "FOLDER or s3://…")]
    pub file_store: Option<String>,
    /// The virus scanner clamd: a host with its port, or the whole path of its socket. With it nobody gets a
    /// document that it has not looked at.
    #[arg(long, env = "HANPYO_VIRUS_SCANNER", value_name = "HOST:PORT or PATH")]
    pub virus_scanner: Option<backend::cases::VirusScanner>,
    /// The sender of mails.
    #[arg(long, env = "HANPYO_MAIL_FROM", default_value = "Hanpyo <vote@hanpyo.example>")]
    pub mail_from: String,
    /// Source of a client's address: ConnectInfo, or the header that your proxy sets, e.g.
    /// RightmostXForwardedFor. With a wrong source all clients look like one client, or a client
    /// can fake its address.
    #[arg(long, env = "HANPYO_CLIENT_IP", default_value = "ConnectInfo")]
    pub client_ip: ClientIpSource,
    /// The provider at which voters sign in.
    #[command(flatten)]
    pub oidc: OidcArgs,
    /// How text messages are sent.
    #[command(flatten)]
    pub sms: SmsArgs,
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::find_whole_path;
    use crate::StartError;

    #[test]
    fn a_relative_data_folder_is_for_a_person_in_a_folder_of_theirs() {
        let checkout = Path::new("/home/me/hanpyo");
        let found = |path: &str, working: &Path, service| {
            find_whole_path(Path::new(path), working, service)
        };
        assert_eq!(found("var", checkout, false).unwrap(), PathBuf::from("/home/me/hanpyo/var"));
        for service in [false, true] {
            let whole = found("/srv/hanpyo", Path::new("/"), service).unwrap();
            assert_eq!(whole, PathBuf::from("/srv/hanpyo"));
        }
        for (working, service) in [(Path::new("/"), false), (checkout, true)] {
            let refused = found("var", working, service);
            assert!(matches!(refused, Err(StartError::RelativeFolder(_))), "{refused:?}");
        }
    }
}
