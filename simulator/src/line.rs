//! One client's line to the server: a connection that is kept, and opened anew when it broke.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::target::{Outcome, outcome};

/// A connection that has rested for longer is not used again: the server closes it after ten seconds,
/// and a request that meets the close is lost, as browsers know.
const RESTED: Duration = Duration::from_secs(5);

/// A line. Cheap to make; it connects when it is first used.
pub struct Line {
    address: SocketAddr,
    patience: Duration,
    /// The connection, and when it was last used.
    connection: Option<(Connection, Instant)>,
}

/// What came of one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What the answer means.
    pub outcome: Outcome,
    /// What `Retry-After` says, in seconds.
    pub retry_after: Option<u64>,
    /// The status; 0 where there was no answer.
    pub status: u16,
    /// Whether the request has left at all: where no connection was to be had, it has not.
    pub sent: bool,
}

impl Reply {
    const fn unknown(sent: bool) -> Self {
        Self { outcome: Outcome::Unknown, retry_after: None, status: 0, sent }
    }
}

impl Line {
    /// A line to this address. Where no answer comes within `patience`, the outcome is unknown.
    #[must_use]
    pub const fn new(address: SocketAddr, patience: Duration) -> Self {
        Self { address, patience, connection: None }
    }

    /// Opens the connection where there is none. Whether that worked, the next post finds out.
    pub async fn connect(&mut self) {
        if self.connection.is_none() {
            let opened = Connection::open(self.address).await.ok();
            self.connection = opened.map(|connection| (connection, Instant::now()));
        }
    }

    /// Posts and waits for the answer, for a while.
    pub async fn post(&mut self, request: &[u8]) -> Reply {
        tokio::time::timeout(self.patience, self.exchange(request)).await.unwrap_or_else(|_| {
            self.connection = None;
            Reply::unknown(true)
        })
    }

    async fn exchange(&mut self, request: &[u8]) -> Reply {
        // Taken out: if this future is dropped half-way, the connection goes with it.
        let kept = self.connection.take().filter(|(_, used)| used.elapsed() < RESTED);
        let opened = match kept {
            Some((connection, _)) => Ok(connection),
            None => Connection::open(self.address).await,
        };
        let Ok(mut connection) = opened else { return Reply::unknown(false) };
        let Ok(answer) = connection.exchange(request).await else { return Reply::unknown(true) };
        if !answer.last {
            self.connection = Some((connection, Instant::now()));
        }
        let (retry_after, status) = (answer.retry_after, answer.status);
        Reply { outcome: outcome(&answer), retry_after, status, sent: true }
    }

    /// Posts, and hangs up after a moment without having read anything.
    pub async fn post_and_hang_up(&mut self, request: &[u8], after: Duration) -> Reply {
        let post = self.exchange(request);
        // Whatever has come until then is thrown away unread.
        let _ = tokio::time::timeout(after, post).await;
        self.connection = None;
        Reply::unknown(true)
    }
}
