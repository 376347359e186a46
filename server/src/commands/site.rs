//! `hanpyo serve`: opens the database, prints where everything is, and serves until it is stopped.

use std::pin::Pin;
use std::process::ExitCode;

use backend::Settings;
use backend::mail::Mailer;

use super::{OpenBackend, demo, print_line};
use crate::config::{CommonArgs, ServeArgs};
use crate::{StartError, jobs, serve as connections};

pub(super) async fn serve_site(
    common: &CommonArgs,
    serve: &ServeArgs,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<ExitCode, StartError> {
    // The port comes first, so that an operator who starts a second server by mistake sees the
    // error before anything else happens.
    let listener = connections::bind_listener(serve.listen).await?;
    let url = serve.public_url.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
    let url = url.trim_end_matches('/').to_owned();
    let mailer = match &serve.smtp_url {
        Some(url) => Mailer::over_smtp(url, &serve.mail_from),
        None => Mailer::into_folder(common.mail_folder(), &serve.mail_from),
    }
    .map_err(StartError::Setting)?;
    let texter = serve.sms.build_texter(common.mail_folder())?;
    let base = tokio::select! {
        base = open_site_backend(common, serve, &url) => base?,
        () = &mut stop => return Err(StartError::Stopped),
    };
    let mut jobs = jobs::start_jobs(&base.backend, mailer, texter);
    let router = crate::build_router(base.backend.clone(), serve.client_ip.clone());
    print_line(format_args!("listening on {url}"));
    let stop = async {
        tokio::select! {
            () = stop => {}
            // Without the job that sends codes nobody can vote, so it is better to stop and be
            // started again.
            _ = jobs.join_next() => tracing::error!("a job has ended; stopping"),
        }
    };
    let served = connections::serve_connections(listener, router, stop).await;
    jobs.shutdown().await;
    if let Err(error) = base.backend.release_log_leases().await {
        tracing::warn!(%error, "the next process has to wait for the lease of the record");
    }
    base.close_database().await;
    served.map(|()| ExitCode::SUCCESS)
}

/// Opens the database and brings it up to date. In a demonstration it also loads the season.
async fn open_site_backend(
    common: &CommonArgs,
    serve: &ServeArgs,
    url: &str,
) -> Result<OpenBackend, StartError> {
    let demonstration = serve.demo.unwrap_or(common.database_url.is_none());
    let provider = serve.oidc.oidc_provider(url, demonstration)?;
    let settings = Settings {
        public_url: url.to_owned(),
        official: serve.official,
        demonstration,
        mail_folder: demonstration.then(|| common.mail_folder()),
    };
    let mut base = OpenBackend::open_with_settings(common, settings).await?;
    let witnesses = serve.witnesses.clone();
    base.backend =
        base.backend.with_text_budget(serve.sms.message_budget()).with_witnesses(witnesses);
    base.backend = base.backend.with_oidc_provider(provider);
    if demonstration {
        demo::load_demonstration(&base.backend, url, common).await?;
    }
    Ok(base)
}
