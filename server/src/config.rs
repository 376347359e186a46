//! The configuration: every flag with its environment variable. `--help` prints this page.

mod oidc;
mod sms;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum_client_ip::ClientIpSource;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use oidc::Oidc;
pub use sms::{SignatureEncoding, Sms};

/// Hanpyo (한표): a public vote whose result anyone can compute again.
///
/// Without --database-url it keeps a private PostgreSQL cluster in its data folder and opens the
/// demonstration season.
#[derive(Debug, Parser)]
#[command(name = "hanpyo", version, max_term_width = 100)]
pub struct Cli {
    /// What every command needs.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command needs.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// Where the private cluster, the keys and the demonstration's mails live.
    #[arg(long, env = "HANPYO_DATA_DIR", default_value = "var", global = true)]
    pub data_dir: PathBuf,
    /// The database, e.g. postgres://user:password@host/name. Without it: a private cluster.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// The folder of PostgreSQL's programs, where it is not found by itself.
    #[arg(long, env = "HANPYO_POSTGRES_BIN", global = true)]
    pub postgres_bin: Option<PathBuf>,
    /// The file with the master key; made on the first start. Keep it out of database backups.
    #[arg(long, env = "HANPYO_KEY_FILE", global = true)]
    pub key_file: Option<PathBuf>,
    /// Most connections to the database at the same time.
    #[arg(long, env = "HANPYO_DATABASE_CONNECTIONS", default_value_t = 20, global = true)]
    pub database_connections: u32,
    /// What is logged, e.g. info, or info,backend=debug,server=debug.
    #[arg(long, env = "HANPYO_LOG", default_value = "info", global = true)]
    pub log: String,
    /// How it is logged.
    #[arg(long, env = "HANPYO_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
}

impl Common {
    /// Where the master key is.
    #[must_use]
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("keys/master.key"))
    }

    /// Where a demonstration's mails are written.
    #[must_use]
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site.
    Serve(Box<Serve>),
    /// Bring the database up to date and stop.
    Migrate,
    /// Load the demonstration season and its sign-ins into the database and stop.
    Demo {
        /// The season file; the one of 2024 by default.
        #[arg(long)]
        season: Option<PathBuf>,
    },
    /// Accounts of administrators.
    #[command(subcommand)]
    Admin(Admin),
    /// Check the configuration, the database, a season file or a published result; change nothing.
    Check {
        /// A season file to check, line by line.
        #[arg(long)]
        season: Option<PathBuf>,
        /// A published result.json to compute again from its own votes and scores.
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
pub enum Admin {
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

/// Serving the site.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// The address to listen on.
    #[arg(long, env = "HANPYO_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// How people reach the site, e.g. https://vote.example.kr; links in mails start with it.
    #[arg(long, env = "HANPYO_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// A demonstration: sample sign-ins, the mail box, the parts page. On by default with the
    /// private cluster, off with --database-url.
    #[arg(long, env = "HANPYO_DEMO", num_args = 0..=1, default_missing_value = "true")]
    pub demo: Option<bool>,
    /// Show the line "이 누리집은 대한민국 공식 전자정부 누리집입니다". Only for public bodies that may.
    #[arg(long, env = "HANPYO_OFFICIAL")]
    pub official: bool,
    /// The mail server, e.g. smtps://user:password@mail.example:465. Without it mails are
    /// written into the folder `mail` of the data folder.
    #[arg(long, env = "HANPYO_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A witness that cosigns the records' checkpoints, as URL=KEY: where it listens, and its key
    /// as it prints it. May be named several times.
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
    /// Where a client's address is read: ConnectInfo, or the header that your proxy sets, e.g.
    /// RightmostXForwardedFor. A wrong one makes everybody one client, or lets them lie.
    #[arg(long, env = "HANPYO_CLIENT_IP", default_value = "ConnectInfo")]
    pub client_ip: ClientIpSource,
    /// Where voters sign in.
    #[command(flatten)]
    pub oidc: Oidc,
    /// How text messages leave.
    #[command(flatten)]
    pub sms: Sms,
}
