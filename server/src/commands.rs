//! The commands of `hanpyo`.

mod check;
mod demo;
mod read_document;
mod site;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use backend::accounts::{Admin as AdminProof, InvitationRequest, Role};
use backend::budget::BudgetChange;
use backend::demonstration::is_demo_address;
use backend::keys::{self, Keys};
use backend::{Backend, Settings};
use domain::ids::EditionId;
use phrases::Lang;
use sqlx::PgPool;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::cluster::{Cluster, KeepData, OLDEST_MAJOR};
use crate::config::{AdminCommand, Cli, Command, CommonArgs, LogFormat};
use crate::run_as::{HandOver, give_up_root};
use crate::{StartError, queries, serve as connections};

/// Runs a command to its end.
///
/// # Errors
/// [`StartError`]: one sentence for the operator.
pub fn run_command(cli: Cli) -> Result<ExitCode, StartError> {
    if matches!(cli.command, Command::ReadDocument) {
        return read_document::read_input();
    }
    start_logging(&cli.common)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| StartError::file_error("the runtime", error))?;
    runtime.block_on(dispatch_command(cli))
}

async fn dispatch_command(cli: Cli) -> Result<ExitCode, StartError> {
    let Cli { mut common, command } = cli;
    if command.opens_data() {
        common = common.with_whole_data_dir()?;
    }
    let stop = connections::wait_for_stop_signal();
    tokio::pin!(stop);
    if let Command::Serve(serve) = command {
        return site::serve_site(&common, &serve, stop).await;
    }
    if command.opens_data() {
        let changes = !matches!(command, Command::Check { .. });
        let hand_over = if changes { HandOver::Allowed } else { HandOver::Never };
        give_up_root(common.run_as.as_deref(), &common.data_dir, hand_over)?;
    }
    // Dropping the command's future also stops the private cluster.
    tokio::select! {
        done = run_once(&common, command) => done,
        () = stop => Err(StartError::Stopped),
    }
}

/// Runs a command that does one thing and ends.
async fn run_once(common: &CommonArgs, command: Command) -> Result<ExitCode, StartError> {
    match command {
        Command::Serve(_) | Command::ReadDocument => {
            Err(StartError::Setting("this command is run elsewhere".to_owned()))
        }
        Command::Migrate => {
            let base = OpenBackend::open_with_settings(common, command_settings(false)).await?;
            print_line(format_args!("the database is up to date"));
            base.close_database().await;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo { season } => demo::run_demo(common, season.as_deref()).await,
        Command::Admin(AdminCommand::Create { email, name }) => {
            create_admin(common, email, &name).await
        }
        Command::Budget { set, codes_per_hour, texts_per_hour, texts_per_edition } => {
            let change = BudgetChange { codes_per_hour, texts_per_hour, texts_per_edition };
            show_or_set_budget(common, set.then_some(change)).await
        }
        Command::Check { season, result } => {
            check::run_check(common, season.as_deref(), result.as_deref()).await
        }
        Command::WithPostgres { command } => run_with_postgres(common, &command).await,
    }
}

/// Sets the budgets, or shows those that are set.
async fn show_or_set_budget(
    common: &CommonArgs,
    change: Option<BudgetChange>,
) -> Result<ExitCode, StartError> {
    let base = OpenBackend::open_with_settings(common, command_settings(false)).await?;
    if let Some(change) = change {
        base.backend
            .set_budget(&AdminProof::local_operator(), change)
            .await
            .map_err(|error| refusal_error(&error))?;
    }
    let set = base.backend.budget_set().await.map_err(|error| refusal_error(&error))?;
    let name = |number: Option<i64>| {
        number.map_or_else(|| "as the flags of serve say".to_owned(), |number| number.to_string())
    };
    print_line(format_args!("codes of an edition in an hour: {}", name(set.codes_per_hour)));
    print_line(format_args!("won for texts in an hour: {}", name(set.texts_per_hour)));
    print_line(format_args!("won for texts of an edition: {}", name(set.texts_per_edition)));
    base.close_database().await;
    Ok(ExitCode::SUCCESS)
}

/// Prints a line for the operator on the standard output.
fn print_line(line: std::fmt::Arguments<'_>) {
    // An error means that the output is closed and nobody reads it.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn start_logging(common: &CommonArgs) -> Result<(), StartError> {
    let filter = EnvFilter::try_new(&common.log)
        .map_err(|error| StartError::Setting(format!("--log {:?}: {error}", common.log)))?;
    let to_people = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let layer = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(to_people);
    let started = match common.log_format {
        LogFormat::Text => layer.with_target(false).finish().try_init(),
        LogFormat::Json => layer.json().flatten_event(true).finish().try_init(),
    };
    started.map_err(|error| StartError::Setting(error.to_string()))
}

/// An open database: the named one, or the one of the private cluster.
struct OpenDatabase {
    url: String,
    pool: PgPool,
    /// Connections that only ballots may use.
    ballots: PgPool,
    /// The private cluster. It stops when this value is dropped.
    cluster: Option<Cluster>,
}

impl OpenDatabase {
    async fn open_and_check(common: &CommonArgs) -> Result<Self, StartError> {
        let (url, cluster) = match &common.database_url {
            Some(url) => (url.clone(), None),
            None => {
                let programs = common.postgres_bin.as_deref();
                let cluster =
                    Cluster::start_cluster(&common.data_dir, programs, KeepData::Yes).await?;
                (cluster.database_url("hanpyo"), Some(cluster))
            }
        };
        let pool = backend::connect_to_database(&url, common.database_connections)
            .await
            .map_err(StartError::Connect)?;
        let connections = backend::voting::PARALLEL_STATEMENTS + backend::voting::LOOK_UPS;
        let ballots =
            backend::connect_to_database(&url, connections).await.map_err(StartError::Connect)?;
        let major = queries::major_version(&pool).await.map_err(StartError::Connect)?;
        if major < OLDEST_MAJOR {
            return Err(StartError::OldServer(major));
        }
        Ok(Self { url, pool, ballots, cluster })
    }

    /// Closes every connection before the cluster stops.
    async fn close_connections(self) {
        self.ballots.close().await;
        self.pool.close().await;
        drop(self.cluster);
    }
}

/// An up-to-date database and a backend with the keys, as most commands need them.
struct OpenBackend {
    backend: Backend,
    database: OpenDatabase,
}

impl OpenBackend {
    async fn open_with_settings(
        common: &CommonArgs,
        settings: Settings,
    ) -> Result<Self, StartError> {
        let database = OpenDatabase::open_and_check(common).await?;
        backend::apply_migrations(&database.url).await?;
        let path = common.key_path();
        let bound =
            keys::is_key_bound(&database.pool).await.map_err(|error| refusal_error(&error))?;
        if bound && !path.exists() {
            return Err(StartError::KeyMissing(path));
        }
        let keys = Keys::load_or_create(&path).map_err(|error| {
            StartError::file_error(format!("the key file {}", path.display()), error)
        })?;
        let backend = Backend::new(database.pool.clone(), keys, settings)
            .with_ballot_pool(database.ballots.clone());
        if !backend.bind_master_key().await.map_err(|error| refusal_error(&error))? {
            return Err(StartError::OtherKey(path));
        }
        for edition in
            backend.editions_without_key().await.map_err(|error| refusal_error(&error))?
        {
            tracing::error!(
                edition,
                "the key file of this edition is not in the folder `editions` beside the master \
                 key, or is another's: nobody can vote in it, and no ballot can be counted, until \
                 it is put back and the server is started anew"
            );
        }
        Ok(Self { backend, database })
    }

    async fn close_database(self) {
        self.database.close_connections().await;
    }
}

fn refusal_error(error: &backend::Error) -> StartError {
    StartError::Refused(error.to_string())
}

/// Returns the settings of commands that send no mail and show no page.
fn command_settings(demonstration: bool) -> Settings {
    Settings { public_url: String::new(), official: false, demonstration, mail_folder: None }
}

async fn create_admin(
    common: &CommonArgs,
    email: String,
    name: &str,
) -> Result<ExitCode, StartError> {
    if is_demo_address(&email) {
        return Err(StartError::Setting(format!(
            "{email} is an address of the demonstration; its accounts work nowhere else"
        )));
    }
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .map_err(|error| StartError::file_error("the password on the standard input", error))?;
    let password = password.trim_end_matches(['\r', '\n']);
    let base = OpenBackend::open_with_settings(common, command_settings(false)).await?;
    let invite = InvitationRequest {
        email,
        role: Role::Administrator,
        organisation: String::new(),
        // Only a judge's account names an edition.
        edition: EditionId(uuid::Uuid::nil()),
        lang: Lang::Ko,
    };
    let made =
        base.backend.create_account(&AdminProof::local_operator(), &invite, name, password).await;
    base.close_database().await;
    made.map_err(|error| StartError::Refused(format!("the account was not made: {error:?}")))?;
    print_line(format_args!("{} can sign in now", invite.email));
    Ok(ExitCode::SUCCESS)
}

async fn run_with_postgres(
    common: &CommonArgs,
    command: &[OsString],
) -> Result<ExitCode, StartError> {
    let fresh = hex::encode(keys::random_bytes::<8>());
    let folder = std::env::temp_dir().join(format!("hanpyo-throw-away-{fresh}"));
    let cluster =
        Cluster::start_cluster(&folder, common.postgres_bin.as_deref(), KeepData::ThrowAway)
            .await?;
    let url = cluster.database_url("hanpyo");
    let Some((program, arguments)) = command.split_first() else {
        return Err(StartError::Setting("no command was given".to_owned()));
    };
    let status = tokio::process::Command::new(program)
        .args(arguments)
        .env("DATABASE_URL", url)
        .kill_on_drop(true)
        .status()
        .await
        .map_err(|error| StartError::file_error(program.to_string_lossy(), error));
    drop(cluster);
    let code = status?.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
