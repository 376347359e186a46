//! `hanpyo serve`: opens the database, prints where everything is, and serves until it is stopped.

use std::pin::Pin;
use std::process::ExitCode;

use backend::Settings;
use backend::mail::Mailer;

use super::{Base, demo, say};
use crate::config::{Common, Serve};
use crate::{StartError, jobs, serve as connections};

pub(super) async fn serve(
    common: &Common,
    serve: &Serve,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<ExitCode, StartError> {
    // The port comes first, so that an operator who starts a second server by mistake sees the
    // error before anything else happens.
    let listener = connections::listen(serve.listen).await?;
    let url = serve.public_url.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
    let url = url.trim_end_matches('/').to_owned();
    let mailer = match &serve.smtp_url {
        Some(url) => Mailer::over_smtp(url, &serve.mail_from),
        None => Mailer::into_folder(common.mail_folder(), &serve.mail_from),
    }
    .map_err(StartError::Setting)?;
    let texter = serve.sms.texter(common.mail_folder())?;
    let base = tokio::select! {
        base = open(common, serve, &url) => base?,
        () = &mut stop => return Err(StartError::Stopped),
    };
    let mut jobs = jobs::start(&base.backend, mailer, texter);
    let router = crate::router(base.backend.clone(), serve.client_ip.clone());
    say(format_args!("listening on {url}"));
    let stop = async {
        tokio::select! {
            () = stop => {}
            // Without the job that sends codes nobody can vote, so it is better to stop and be
            // started again.
            _ = jobs.join_next() => tracing::error!("a job has ended; stopping"),
        }
    };
    let served = connections::serve(listener, router, stop).await;
    jobs.shutdown().await;
    if let Err(error) = base.backend.release_log_leases().await {
        tracing::warn!(%error, "the next process has to wait for the lease of the record");
    }
    base.close().await;
    served.map(|()| ExitCode::SUCCESS)
}

/// Opens the database and brings it up to date. In a demonstration it also loads the season.
async fn open(common: &Common, serve: &Serve, url: &str) -> Result<Base, StartError> {
    let demonstration = serve.demo.unwrap_or(common.database_url.is_none());
    let provider = serve.oidc.provider(url, demonstration)?;
    let settings = Settings {
        public_url: url.to_owned(),
        official: serve.official,
        demonstration,
        mail_folder: demonstration.then(|| common.mail_folder()),
    };
    let mut base = Base::open(common, settings).await?;
    let witnesses = serve.witnesses.clone();
    base.backend = base.backend.with_text_budget(serve.sms.budget()).with_witnesses(witnesses);
    base.backend = base.backend.with_oidc_provider(provider);
    if demonstration {
        demo::open(&base.backend, url, common).await?;
    }
    Ok(base)
}
