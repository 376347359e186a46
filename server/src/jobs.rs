//! What happens without a request: mails leave, the record grows, and what is no longer needed is
//! forgotten.

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

/// How often polls are opened and closed when it is their time, and the record is appended to and
/// signed. A ballot is in the record within a second.
const SEQUENCE_EVERY: Duration = Duration::from_millis(500);
/// The pause after something went wrong, so that the log can still be read.
const SEQUENCE_PAUSE: Duration = Duration::from_secs(5);

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
    let keeper = backend.clone();
    jobs.spawn(async move {
        loop {
            let pause = if keep_record(&keeper).await { SEQUENCE_EVERY } else { SEQUENCE_PAUSE };
            tokio::time::sleep(pause).await;
        }
    });
    jobs
}

/// One step of the record; false where something went wrong.
async fn keep_record(backend: &Backend) -> bool {
    let turned = backend.turn_polls().await;
    // Whatever becomes of the polls, what waits goes on.
    let sequenced = backend.sequence().await.map(drop);
    let failed = turned.err().or(sequenced.err());
    if let Some(error) = &failed {
        tracing::error!(%error, "the record could not be kept");
    }
    failed.is_none()
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
