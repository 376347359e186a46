//! The configuration: every flag with its environment variable. `--help` prints this page.

mod oidc;
mod sms;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum_client_ip::ClientIpSource;
use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Folder of the private cluster, the keys and the demonstration's mails.
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
    /// What is logged, e.g. info, or info,backend=debug,server=debug.
    #[arg(long, env = "HANPYO_LOG", default_value = "info", global = true)]
    pub log: String,
    /// Format of the log.
    #[arg(long, env = "HANPYO_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
}

impl CommonArgs {
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
    /// Run a command beside a throw-away PostgreSQL, with DATABASE_URL set (for tests).
    WithPostgres {
        /// The command and its arguments.
        #[arg(required = true, trailing_var_arg = true)]
        command: Vec<OsString>,
    },
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
    /// A demonstration: sample sign-ins, the mail box, the parts page. On by default with the
    /// private cluster, off with --database-url.
    #[arg(long, env = "HANPYO_DEMO", num_args = 0..=1, default_missing_value = "true")]
    pub demo: Option<bool>,
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
