//! What happens without a request: mails leave, and what is no longer needed is forgotten.

use std::sync::Arc;
use std::time::Duration;

use backend::Backend;
use backend::mail::Mailer;
use backend::voting::MEASURED_EVERY;
use tokio::task::JoinSet;

/// Mails under way at the same time. A mail server takes a few tenths of a second for one, and in
/// the last hour of a vote the codes must not queue for longer than they are good for.
const SENDERS: usize = 8;
/// How often expired rows are deleted.
const TIDY_EVERY: Duration = Duration::from_secs(600);

/// Starts the jobs. They end when the set is dropped, before the database goes.
pub(crate) fn start(backend: &Backend, mailer: Mailer) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let mailer = Arc::new(mailer);
    for _ in 0..SENDERS {
        let (sender, mailer) = (backend.clone(), mailer.clone());
        jobs.spawn(async move { sender.send_mails(&mailer).await });
    }
    let node = backend.clone();
    jobs.spawn(async move {
        loop {
            if let Err(error) = node.measure_clock().await {
                tracing::warn!(%error, "the database's clock could not be read");
            }
            tokio::time::sleep(MEASURED_EVERY).await;
        }
    });
    let tidier = backend.clone();
    jobs.spawn(async move {
        loop {
            tidy(&tidier).await;
            tokio::time::sleep(TIDY_EVERY).await;
        }
    });
    jobs
}

async fn tidy(backend: &Backend) {
    let all = [
        backend.forget_attempts().await,
        backend.forget_mails().await,
        backend.forget_sessions().await,
        backend.forget_voters().await,
    ];
    for done in all {
        if let Err(error) = done {
            tracing::error!(%error, "expired rows could not be deleted");
        }
    }
}
