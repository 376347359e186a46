//! The intake of ballots: a bounded queue, and batches that one autocommit statement each stores, a
//! few at the same time.
//!
//! A single ballot is stored at once. While statements run, other ballots gather, so batches grow
//! with the load and no ballot waits for a timer. A client may disconnect: a ballot in the queue is
//! still stored or refused, and a retry finds it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::ballots::queries::{self, NewBallot};
use super::{Receipt, busy_error};
use crate::{Error, Result};

/// The most ballots in one statement. The cost for each ballot stops falling well below this
/// number.
const BATCH_BALLOTS: usize = 256;
/// How many statements run at the same time. While one waits for the disk, another is prepared.
pub const PARALLEL_STATEMENTS: u32 = 3;
/// The queue holds as many ballots as are stored in this time at the current rate. Beyond that it
/// is better to ask a voter to try again than to let them wait.
const QUEUE_TIME: Duration = Duration::from_millis(200);
/// The queue may always hold this many ballots, because a slow moment on a quiet day is no
/// overload.
const SHORTEST_QUEUE: usize = 256;
/// The rate assumed at the start, in ballots for each [`QUEUE_TIME`].
const FIRST_RATE: usize = 1_024;
/// If the rate falls while ballots queue, the known rate moves by one part in this many of the
/// difference. So it halves in 1.5 s. It falls more slowly than it grows, because a short load on
/// the machine, such as refusing voters, must not shrink the queue until nobody is let in.
const RATE_FALLS_BY: usize = 10;
/// The queue never holds more ballots than this, which limits memory.
const LONGEST_QUEUE: usize = 16_384;
/// The pauses between tries. The last one repeats. Storing a ballot again is safe, because its key
/// shows whether the first try succeeded.
const RETRY_PAUSES: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(800),
    Duration::from_secs(2),
];
/// How long a batch is tried. A ballot may be stored up to 120 s after it was admitted, even if the
/// database was away in between.
const RETRIED_FOR: Duration = Duration::from_secs(110);

/// A ballot and the channel for its receipt.
struct PendingBallot {
    ballot: NewBallot,
    answer: oneshot::Sender<Result<Option<Receipt>>>,
}

/// The queue of ballots. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Intake {
    queue: mpsc::UnboundedSender<PendingBallot>,
    meter: Arc<QueueMeter>,
}

/// How many ballots wait, and how many may wait.
struct QueueMeter {
    waiting: AtomicUsize,
    limit: AtomicUsize,
}

impl Intake {
    /// Starts the queue. It ends when its last clone is dropped.
    pub(crate) fn start_queue(pool: PgPool) -> Self {
        let (queue, asked) = mpsc::unbounded_channel();
        let meter = QueueMeter { waiting: AtomicUsize::new(0), limit: FIRST_RATE.into() };
        let meter = Arc::new(meter);
        tokio::spawn(store_in_batches(pool, asked, meter.clone()));
        Self { queue, meter }
    }

    /// Checks whether the queue has room for another ballot.
    pub(crate) fn has_room(&self) -> bool {
        self.meter.waiting.load(Ordering::Relaxed) < self.meter.limit.load(Ordering::Relaxed)
    }

    /// Stores a ballot. `None` if the statement stored nothing.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] if the queue is full; then nothing was stored.
    /// [`crate::Error::Unknown`] if the database stayed away; a retry with the same key finds out.
    pub(crate) async fn store_ballot(&self, ballot: NewBallot) -> Result<Option<Receipt>> {
        let waiting = self.meter.waiting.fetch_add(1, Ordering::Relaxed);
        if waiting >= self.meter.limit.load(Ordering::Relaxed) {
            self.meter.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(busy_error());
        }
        let (answer, stored) = oneshot::channel();
        self.queue.send(PendingBallot { ballot, answer }).map_err(|_| busy_error())?;
        stored.await.map_err(|_| Error::Unknown)?
    }
}

async fn store_in_batches(
    pool: PgPool,
    mut asked: mpsc::UnboundedReceiver<PendingBallot>,
    meter: Arc<QueueMeter>,
) {
    let places = Arc::new(Semaphore::new(PARALLEL_STATEMENTS as usize));
    let (mut since, mut stored, mut rate) = (Instant::now(), 0, FIRST_RATE);
    // Whether the queue was never empty since then.
    let mut busy = true;
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let mut batch = Vec::with_capacity(BATCH_BALLOTS);
        busy &= !asked.is_empty();
        let taken = asked.recv_many(&mut batch, BATCH_BALLOTS).await;
        if taken == 0 {
            return;
        }
        stored += taken;
        if since.elapsed() >= QUEUE_TIME {
            rate = estimate_next_rate(rate, rate_per_queue_time(stored, since.elapsed()), busy);
            meter.limit.store(rate.clamp(SHORTEST_QUEUE, LONGEST_QUEUE), Ordering::Relaxed);
            (since, stored, busy) = (Instant::now(), 0, true);
        }
        let (pool, meter) = (pool.clone(), meter.clone());
        tokio::spawn(async move {
            store_batch(&pool, batch).await;
            meter.waiting.fetch_sub(taken, Ordering::Relaxed);
            drop(place);
        });
    }
}

/// Converts a number of ballots stored in some time to ballots for each [`QUEUE_TIME`].
fn rate_per_queue_time(stored: usize, during: Duration) -> usize {
    let millis = |time: Duration| usize::try_from(time.as_millis()).unwrap_or(usize::MAX);
    stored.saturating_mul(millis(QUEUE_TIME)) / millis(during).max(1)
}

/// Estimates how many ballots can be stored, from the known rate and the last measurement. Without
/// a full queue the measurement only shows how many ballots came, so it cannot lower the rate.
fn estimate_next_rate(known: usize, stored: usize, busy: bool) -> usize {
    if busy {
        stored.max(known - known.saturating_sub(stored) / RATE_FALLS_BY)
    } else {
        stored.max(known)
    }
}

async fn store_batch(pool: &PgPool, batch: Vec<PendingBallot>) {
    let (ballots, answers): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|asked| (asked.ballot, asked.answer)).unzip();
    match insert_with_retries(pool, &ballots).await {
        Ok(mut receipts) => {
            for (ballot, answer) in ballots.iter().zip(answers) {
                // The client may have disconnected; the ballot is stored all the same.
                let _ = answer.send(Ok(receipts.remove(&ballot.id)));
            }
        }
        Err(error) => {
            tracing::error!(%error, ballots = ballots.len(), "nobody knows about these ballots");
            for answer in answers {
                let _ = answer.send(Err(Error::Unknown));
            }
        }
    }
}

/// Runs the statement, and repeats it while the database is away.
async fn insert_with_retries(
    pool: &PgPool,
    ballots: &[NewBallot],
) -> Result<queries::StoredReceipts> {
    let began = Instant::now();
    for number in 0.. {
        let tried = match pool.acquire().await {
            Ok(mut connection) => queries::insert_ballots(&mut connection, ballots).await,
            Err(error) => Err(error.into()),
        };
        match tried {
            Err(Error::Database(error))
                if is_database_away(&error) && began.elapsed() < RETRIED_FOR =>
            {
                tracing::warn!(%error, "the database is away; the batch is tried again");
                let pause =
                    RETRY_PAUSES.get(number).unwrap_or(&RETRY_PAUSES[RETRY_PAUSES.len() - 1]);
                tokio::time::sleep(*pause).await;
            }
            tried => return tried,
        }
    }
    Err(Error::Unknown)
}

/// Checks whether the database was away or busy. Otherwise it has rejected the statement.
fn is_database_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => true,
        // Classes of SQLSTATE: connection, transaction rollback, operator intervention.
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| ["08", "40", "57"].iter().any(|class| code.starts_with(class))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, estimate_next_rate, rate_per_queue_time};

    #[test]
    fn the_queue_holds_a_fifth_of_a_second_of_work() {
        assert_eq!(rate_per_queue_time(10_000, Duration::from_secs(1)), 2_000);
        assert_eq!(rate_per_queue_time(5, Duration::ZERO), 1_000);
        assert!(rate_per_queue_time(usize::MAX, Duration::from_secs(1)) > 1_000_000);
    }

    #[test]
    fn a_rate_grows_at_once_and_fades_while_ballots_queue() {
        assert_eq!(estimate_next_rate(1_000, 9_000, false), 9_000);
        assert_eq!(estimate_next_rate(9_000, 10, false), 9_000, "a quiet moment");
        let slow = (0..7).fold(9_000, |rate, _| estimate_next_rate(rate, 0, true));
        assert!((4_000..5_000).contains(&slow), "{slow}");
    }
}
