//! What happens without a request: mails leave, and what is no longer needed is forgotten.

use std::time::Duration;

use backend::Backend;
use backend::mail::Mailer;

/// How often expired rows are deleted.
const TIDY_EVERY: Duration = Duration::from_secs(600);

/// Starts the jobs; they end with the runtime.
pub(crate) fn start(backend: &Backend, mailer: Mailer) {
    let sender = backend.clone();
    tokio::spawn(async move { sender.send_mails(&mailer).await });
    let tidier = backend.clone();
    tokio::spawn(async move {
        loop {
            tidy(&tidier).await;
            tokio::time::sleep(TIDY_EVERY).await;
        }
    });
}

async fn tidy(backend: &Backend) {
    let all = [
        backend.forget_attempts().await,
        backend.forget_mails().await,
        backend.forget_voters().await,
    ];
    for done in all {
        if let Err(error) = done {
            tracing::error!(%error, "expired rows could not be deleted");
        }
    }
}
