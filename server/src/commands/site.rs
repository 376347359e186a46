//! `hanpyo serve`: open the database, print where everything is, serve until told to stop.

use std::process::ExitCode;

use backend::Settings;
use backend::mail::Mailer;

use super::{Base, demo, say};
use crate::config::{Common, Serve};
use crate::{StartError, jobs, serve as connections};

pub(super) async fn serve(common: &Common, serve: &Serve) -> Result<ExitCode, StartError> {
    // First the port: whoever starts a second one by mistake learns it before anything happens.
    let listener = connections::listen(serve.listen).await?;
    let demonstration = serve.demo.unwrap_or(common.database_url.is_none());
    let public_url = serve.public_url.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
    let public_url = public_url.trim_end_matches('/').to_owned();
    let mailer = match &serve.smtp_url {
        Some(url) => Mailer::smtp(url, &serve.mail_from),
        None => Mailer::folder(common.mail_folder(), &serve.mail_from),
    }
    .map_err(StartError::Setting)?;
    let settings = Settings {
        public_url: public_url.clone(),
        official: serve.official,
        demonstration,
        mail_folder: demonstration.then(|| common.mail_folder()),
    };
    let base = Base::open(common, settings).await?;
    if demonstration {
        demo::open(&base.backend, &public_url, common).await?;
    }
    let jobs = jobs::start(&base.backend, mailer);
    let router = crate::router(base.backend.clone(), serve.client_ip.clone());
    say(format_args!("listening on {public_url}"));
    let served = connections::serve(listener, router).await;
    drop(jobs);
    base.close().await;
    served.map(|()| ExitCode::SUCCESS)
}
