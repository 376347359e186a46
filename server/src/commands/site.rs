//! `hanpyo serve`: opens the database, prints where everything is, and serves until it is stopped.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;

use axum_client_ip::ClientIpSource;
use backend::Settings;
use backend::document_reader::DocumentReader;
use backend::file_store::FileStore;
use backend::fraud::NetworkFiles;
use backend::mail::Mailer;
use backend::sms::TextSender;
use backend::voting::{LOOK_UPS, PARALLEL_STATEMENTS};
use tokio::task::JoinSet;

use super::{OpenBackend, demo, print_line, refusal_error};
use crate::config::{CommonArgs, ServeArgs};
use crate::open_files::{count_connections, raise_open_files};
use crate::run_as::{HandOver, give_up_root};
use crate::serve::ConnectionLimits;
use crate::{StartError, jobs, serve as connections};

/// What the flags of `serve` amount to.
struct SiteFacts {
    /// The public address, without a slash at the end.
    url: String,
    demonstration: bool,
}

pub(super) async fn serve_site(
    common: &CommonArgs,
    serve: &ServeArgs,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<ExitCode, StartError> {
    let facts = SiteFacts::from_flags(common, serve)?;
    let limits = find_connection_limits(common, serve)?;
    // The port comes first, so that an operator who starts a second server by mistake sees the
    // error before anything else happens. Only root may take a port below 1024.
    let listener = connections::bind_listener(serve.listen).await?;
    give_up_root(common.run_as.as_deref(), &common.data_dir, HandOver::Allowed)?;
    let mailer = build_mailer(common, serve)?;
    let texter = serve.sms.build_texter(common.mail_folder())?;
    let base = tokio::select! {
        base = open_site_backend(common, serve, &facts) => base?,
        () = &mut stop => return Err(StartError::Stopped),
    };
    let mut jobs = start_jobs(&base, mailer, texter);
    let router = crate::build_router(base.backend.clone(), serve.client_ip.clone());
    warn_about_settings(serve, &facts);
    print_line(format_args!("listening on {}", facts.url));
    let working = !jobs.is_empty();
    let stop = async {
        tokio::select! {
            () = stop => {}
            // Without the job that sends codes nobody can vote, so it is better to stop and be
            // started again.
            _ = jobs.join_next(), if working => tracing::error!("a job has ended; stopping"),
        }
    };
    let served = connections::serve_connections(listener, router, limits, stop).await;
    jobs.shutdown().await;
    if let Err(error) = base.backend.release_log_leases().await {
        tracing::warn!(%error, "the next process has to wait for the lease of the record");
    }
    base.close_database().await;
    served.map(|()| ExitCode::SUCCESS)
}

impl SiteFacts {
    fn from_flags(common: &CommonArgs, serve: &ServeArgs) -> Result<Self, StartError> {
        let url = serve.public_url.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
        let url = check_public_url(url.trim_end_matches('/'))?;
        let demonstration = if serve.drill {
            if serve.demo == Some(true) {
                let reason = "a drill is no demonstration: leave out --demo or --drill";
                return Err(StartError::Setting(reason.to_owned()));
            }
            false
        } else {
            let private = common.database_url.is_none();
            decide_demonstration(serve.demo, private, serve.listen, &url)?
        };
        Ok(Self { url, demonstration })
    }
}

/// Checks that a public address has a scheme and a host and nothing else. It names the records for
/// good.
fn check_public_url(url: &str) -> Result<String, StartError> {
    let parsed: Option<http::Uri> = url.parse().ok();
    let right = parsed.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path() == "/"
            && uri.query().is_none()
    });
    let right = right && !url.contains(['#', '@']);
    if right {
        return Ok(url.to_owned());
    }
    let reason =
        format!("--public-url {url:?}: it is like https://vote.example.kr, without a path");
    Err(StartError::Setting(reason))
}

/// Decides whether this is a demonstration. Its passwords are public, so it must be out of reach
/// for other machines. Without the flag it is one only with the private cluster.
fn decide_demonstration(
    asked: Option<bool>,
    private: bool,
    listen: SocketAddr,
    url: &str,
) -> Result<bool, StartError> {
    let public = if !is_loopback_url(url) {
        Some(url.to_owned())
    } else if !listen.ip().to_canonical().is_loopback() {
        Some(listen.to_string())
    } else {
        None
    };
    match (asked, public) {
        (Some(true), Some(public)) => Err(StartError::PublicDemonstration(public)),
        (Some(asked), _) => Ok(asked),
        (None, public) => Ok(private && public.is_none()),
    }
}

/// Returns whether a URL leads to this machine alone, by its name or its address (RFC 6761).
fn is_loopback_url(url: &str) -> bool {
    let settings = Settings {
        public_url: url.to_owned(),
        official: false,
        demonstration: false,
        mail_folder: None,
    };
    let host = settings.public_host().trim_start_matches('[').trim_end_matches(']');
    let host = host.to_ascii_lowercase();
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Raises the limit of open files and returns how many connections fit below it.
fn find_connection_limits(
    common: &CommonArgs,
    serve: &ServeArgs,
) -> Result<ConnectionLimits, StartError> {
    let database = common.database_connections.saturating_add(PARALLEL_STATEMENTS + LOOK_UPS);
    let places = count_connections(raise_open_files()?, database)?;
    let direct = matches!(serve.client_ip, ClientIpSource::ConnectInfo);
    tracing::info!(places, direct, "connections of clients at the same time");
    Ok(ConnectionLimits { places, direct })
}

fn build_mailer(common: &CommonArgs, serve: &ServeArgs) -> Result<Mailer, StartError> {
    match &serve.smtp_url {
        Some(url) => Mailer::over_smtp(url, &serve.mail_from),
        None => Mailer::into_folder(common.mail_folder(), &serve.mail_from),
    }
    .map_err(StartError::Setting)
}

/// Starts the jobs. A drill has none.
fn start_jobs(base: &OpenBackend, mailer: Mailer, texter: TextSender) -> JoinSet<()> {
    if base.backend.is_drill() {
        return JoinSet::new();
    }
    jobs::start_jobs(&base.backend, mailer, texter)
}

/// Says what an operator may have overlooked.
fn warn_about_settings(serve: &ServeArgs, facts: &SiteFacts) {
    if serve.drill {
        tracing::warn!("this is a drill: nothing is signed, sent or taken, and no job runs");
    } else if !facts.demonstration && serve.smtp_url.is_none() {
        tracing::warn!(
            "no mail server is set, and this is no demonstration: mails with codes become files in \
             the data folder, and nobody gets them (--smtp-url)"
        );
    }
}

/// Loads the files of networks. One that cannot be used is named in the log: a vote goes on without it.
fn load_network_files(paths: &[PathBuf]) -> NetworkFiles {
    let mut files = NetworkFiles::default();
    for path in paths {
        if let Err(error) = files.add_file(path) {
            tracing::warn!(path = %path.display(), %error, "a file of networks is not used");
        }
    }
    if !paths.is_empty() && files.file_count() < 2 {
        tracing::warn!("a kind of network is known only if two files of networks agree");
    }
    files
}

/// Opens the database and brings it up to date. In a demonstration it also loads the season.
/// Opens the store of documents. A folder that is missing is made.
fn open_file_store(common: &CommonArgs, serve: &ServeArgs) -> Result<FileStore, StartError> {
    let folder = match &serve.file_store {
        Some(address) if address.contains("://") => {
            return FileStore::in_bucket(address)
                .map_err(|why| StartError::Setting(format!("--file-store: {why}")));
        }
        Some(folder) => std::path::absolute(folder),
        None => Ok(common.data_dir.join("files")),
    };
    let failed = |error| StartError::file_error("the folder of documents", error);
    let folder = folder.map_err(failed)?;
    std::fs::create_dir_all(&folder).map_err(failed)?;
    FileStore::in_folder(&folder)
        .map_err(|error| StartError::Setting(format!("--file-store: {error}")))
}

async fn open_site_backend(
    common: &CommonArgs,
    serve: &ServeArgs,
    facts: &SiteFacts,
) -> Result<OpenBackend, StartError> {
    let SiteFacts { url, demonstration } = facts;
    let demonstration = *demonstration;
    let provider = serve.oidc.oidc_provider(url, demonstration)?;
    let settings = Settings {
        public_url: url.clone(),
        official: serve.official,
        demonstration,
        mail_folder: demonstration.then(|| common.mail_folder()),
    };
    let mut base = OpenBackend::open_with_settings(common, settings).await?;
    let witnesses = serve.witnesses.clone();
    base.backend =
        base.backend.with_text_budget(serve.sms.message_budget()).with_witnesses(witnesses);
    base.backend = base.backend.with_oidc_provider(provider).with_drill(serve.drill);
    let program = std::env::current_exe()
        .map_err(|error| StartError::file_error("the program itself", error))?;
    base.backend = base.backend.with_document_reader(DocumentReader::Process(program));
    base.backend = base.backend.with_file_store(open_file_store(common, serve)?);
    base.backend = base.backend.with_virus_scanner(serve.virus_scanner.clone());
    base.backend = base.backend.with_network_files(load_network_files(&serve.network_files));
    if demonstration {
        demo::load_demonstration(&base.backend, url, common).await?;
    }
    // A drill has another address and signs nothing anyway.
    let others =
        if serve.drill { Ok(Vec::new()) } else { base.backend.logs_of_other_names().await };
    let others = others.map_err(|error| refusal_error(&error))?;
    // Its ballots would be stored and get no receipt.
    if let Some(log) = others.first() {
        return Err(StartError::OtherLog(log.clone()));
    }
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::{check_public_url, decide_demonstration, is_loopback_url};
    use crate::StartError;

    const HERE: &str = "127.0.0.1:3000";

    #[test]
    fn a_public_address_is_a_scheme_and_a_host() {
        for right in ["https://vote.example.kr", "http://127.0.0.1:3000", "http://[::1]:3000"] {
            assert_eq!(check_public_url(right).unwrap(), right);
        }
        for wrong in [
            "notaurl",
            "",
            "https://",
            "ftp://a.kr",
            "http://a.kr/path",
            "http://a.kr?x",
            "a.kr:80",
        ] {
            assert!(check_public_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_demonstration_that_others_could_reach_does_not_start() {
        for (listen, url) in [
            (HERE, "https://vote.example.kr"),
            (HERE, "http://192.0.2.7:3000"),
            ("0.0.0.0:3000", "http://localhost:3000"),
            ("[::]:3000", "http://[::1]:3000"),
            (HERE, "http://localhost.example.kr"),
        ] {
            let listen = listen.parse().unwrap();
            let refused = decide_demonstration(Some(true), true, listen, url);
            assert!(matches!(refused, Err(StartError::PublicDemonstration(_))), "{listen} {url}");
            // Without the flag it is none, on the private cluster too.
            assert!(!decide_demonstration(None, true, listen, url).unwrap(), "{listen} {url}");
            assert!(!decide_demonstration(Some(false), true, listen, url).unwrap());
        }
    }

    #[test]
    fn without_the_flag_only_the_private_cluster_is_a_demonstration() {
        let listen = HERE.parse().unwrap();
        let url = "http://127.0.0.1:3000";
        assert!(decide_demonstration(None, true, listen, url).unwrap());
        assert!(!decide_demonstration(None, false, listen, url).unwrap());
        assert!(decide_demonstration(Some(true), false, listen, url).unwrap());
        assert!(!decide_demonstration(Some(false), true, listen, url).unwrap());
    }

    #[test]
    fn a_loopback_url_names_this_machine_alone() {
        let local = [
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "http://LOCALHOST",
            "http://a.localhost:1/x",
        ];
        for url in local {
            assert!(is_loopback_url(url), "{url}");
        }
        for url in ["https://vote.example.kr", "http://0.0.0.0:3000", "http://[2001:db8::1]", ""] {
            assert!(!is_loopback_url(url), "{url}");
        }
    }
}
