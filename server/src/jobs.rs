//! Jobs that run without a request: they send mails, extend the record, and delete what is no
//! longer needed.

use std::sync::Arc;
use std::time::Duration;

use backend::Backend;
use backend::mail::Mailer;
use backend::sms::TextSender;
use backend::voting::CLOCK_READ_EVERY;
use tokio::task::JoinSet;

/// Mails that are sent at the same time. A mail server takes a few tenths of a second for each
/// mail, and in the last hour of a vote the codes must not expire in the queue.
const SENDERS: usize = 8;
/// Text messages that are sent at the same time. Gateways answer as slowly as mail servers.
const TEXT_SENDERS: usize = 8;
/// How often text messages whose code has expired are deleted.
const FORGET_TEXTS_EVERY: Duration = Duration::from_secs(20);
/// How often expired rows are deleted.
const TIDY_EVERY: Duration = Duration::from_secs(600);
/// How often due polls are opened and closed, and the record is extended and signed. In a rush a
/// ballot is in the record within a second or so.
const SEQUENCE_EVERY: Duration = Duration::from_millis(500);
/// How often new ballots are looked at, unless the last look took long.
const CHECK_FRAUD_EVERY: Duration = Duration::from_secs(5);
/// How often released results are looked for, so that organisations and judges are told by mail.
const TELL_RESULTS_EVERY: Duration = Duration::from_secs(5);
/// How often drafts are looked for whose organisations are reminded.
const REMIND_EVERY: Duration = Duration::from_secs(60);
/// How often documents that wait for the virus scanner are sent to it.
const SCAN_EVERY: Duration = Duration::from_secs(60);
/// Pause after an error of polls or record, so that errors do not flood the log.
const SEQUENCE_PAUSE: Duration = Duration::from_secs(2);

/// Starts the jobs. They end when the set is dropped, before the database is closed.
pub(crate) fn start_jobs(backend: &Backend, mailer: Mailer, texter: TextSender) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let mailer = Arc::new(mailer);
    for _ in 0..SENDERS {
        let (sender, mailer) = (backend.clone(), mailer.clone());
        jobs.spawn(async move { sender.send_mails(&mailer).await });
    }
    let texter = Arc::new(texter);
    for _ in 0..TEXT_SENDERS {
        let (sender, texter) = (backend.clone(), texter.clone());
        jobs.spawn(async move { sender.send_texts(&texter).await });
    }
    // A phone number must not stay in the queue longer than its code is valid.
    repeat_job(
        &mut jobs,
        backend,
        (FORGET_TEXTS_EVERY, "old text messages could not be deleted"),
        |texts| async move { texts.delete_expired_texts().await },
    );
    repeat_job(
        &mut jobs,
        backend,
        (CLOCK_READ_EVERY, "the database's clock could not be read"),
        |node| async move { node.read_database_clock().await },
    );
    repeat_job(
        &mut jobs,
        backend,
        (TELL_RESULTS_EVERY, "released results could not be told by mail"),
        |teller| async move { teller.tell_released_results().await },
    );
    repeat_job(
        &mut jobs,
        backend,
        (REMIND_EVERY, "organisations could not be reminded of their drafts"),
        |reminder| async move { reminder.remind_of_drafts().await },
    );
    repeat_job(
        &mut jobs,
        backend,
        (SCAN_EVERY, "documents could not be checked for viruses"),
        |scanner| async move { scanner.scan_waiting_files().await },
    );
    let tidier = backend.clone();
    jobs.spawn(async move {
        // Cases that a version without this search has stored.
        if let Err(error) = tidier.fill_search_keys().await {
            tracing::error!(%error, "older cases are not found by the search yet");
        }
        loop {
            delete_expired_rows(&tidier).await;
            tokio::time::sleep(TIDY_EVERY).await;
        }
    });
    start_vote_jobs(&mut jobs, backend);
    jobs
}

/// Starts a job that does the same work again and again, with a pause after each time. A fault is
/// logged with the words `failed`, and does not end the job.
fn repeat_job<W, F>(
    jobs: &mut JoinSet<()>,
    backend: &Backend,
    (pause, failed): (Duration, &'static str),
    work: W,
) where
    W: Fn(Backend) -> F + Send + 'static,
    F: Future<Output = backend::Result<()>> + Send,
{
    let backend = backend.clone();
    jobs.spawn(async move {
        loop {
            if let Err(error) = work(backend.clone()).await {
                tracing::error!(%error, "{failed}");
            }
            tokio::time::sleep(pause).await;
        }
    });
}

/// Starts the jobs of polls: opening and closing, the fraud checks, the record.
fn start_vote_jobs(jobs: &mut JoinSet<()>, backend: &Backend) {
    let turner = backend.clone();
    jobs.spawn(async move {
        loop {
            let turned = turner.open_and_close_polls().await;
            tokio::time::sleep(if turned.is_ok() { SEQUENCE_EVERY } else { SEQUENCE_PAUSE }).await;
        }
    });
    let checker = backend.clone();
    jobs.spawn(async move {
        loop {
            for looked in [
                checker.check_ballots_for_fraud().await,
                checker.check_new_ballots_for_fraud().await,
            ] {
                if let Err(error) = looked {
                    tracing::error!(%error, "the ballots could not be looked at");
                }
            }
            tokio::time::sleep(CHECK_FRAUD_EVERY).await;
        }
    });
    let keeper = backend.clone();
    jobs.spawn(async move {
        loop {
            let kept = keeper.sequence_records().await;
            if let Err(error) = &kept {
                tracing::error!(%error, "the record could not be kept");
            }
            tokio::time::sleep(if kept.is_ok() { SEQUENCE_EVERY } else { SEQUENCE_PAUSE }).await;
        }
    });
}

async fn delete_expired_rows(backend: &Backend) {
    for done in delete_expired_accounts_data(backend).await {
        log_failed_deletion(done);
    }
    for done in delete_expired_votes_data(backend).await {
        log_failed_deletion(done);
    }
}

fn log_failed_deletion(done: backend::Result<()>) {
    if let Err(error) = done {
        tracing::error!(%error, "expired rows could not be deleted");
    }
}

/// Deletes what is over about accounts, requests for them, the mails to everybody, and documents that nothing refers to.
async fn delete_expired_accounts_data(backend: &Backend) -> [backend::Result<()>; 5] {
    [
        backend.delete_unused_files().await,
        backend.delete_old_attempts().await,
        backend.delete_old_mails().await,
        backend.delete_expired_sessions().await,
        backend.delete_old_join_requests().await,
    ]
}

/// Deletes what is over about votes and voters, on the erase day also the keys.
async fn delete_expired_votes_data(backend: &Backend) -> [backend::Result<()>; 7] {
    [
        backend.delete_old_kiosks().await,
        backend.delete_old_voter_data().await,
        backend.coarsen_ballot_times().await,
        backend.delete_old_traces().await,
        backend.delete_old_second_codes().await,
        backend.destroy_erased_keys().await,
        backend.erase_due_editions().await,
    ]
}
