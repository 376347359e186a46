//! One client's line to the server: a connection that is kept, and opened again when it breaks.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::target::{Outcome, outcome_of_response};

/// Longest rest of a connection that is used again. The server closes a connection after ten
/// seconds, and a request that is sent at that moment is lost.
const LONGEST_REST: Duration = Duration::from_secs(5);

/// A line to a server. It is cheap to make and connects when it is first used.
pub struct ClientLine {
    address: SocketAddr,
    patience: Duration,
    /// The connection, and when it was last used.
    connection: Option<(Connection, Instant)>,
}

/// The result of one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostReply {
    /// What the answer means.
    pub outcome: Outcome,
    /// Value of `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The status code; 0 if there was no answer.
    pub status: u16,
    /// Whether the request was sent. It is false if no connection could be opened.
    pub sent: bool,
}

impl PostReply {
    const fn unknown_outcome(sent: bool) -> Self {
        Self { outcome: Outcome::Unknown, retry_after: None, status: 0, sent }
    }
}

impl ClientLine {
    /// Returns a line to this address. If no answer comes within `patience`, the outcome is
    /// unknown.
    #[must_use]
    pub const fn new(address: SocketAddr, patience: Duration) -> Self {
        Self { address, patience, connection: None }
    }

    /// Opens the connection if there is none yet. If that fails, the next post tries again.
    pub async fn connect_if_closed(&mut self) {
        if self.connection.is_none() {
            let opened = Connection::connect_to(self.address).await.ok();
            self.connection = opened.map(|connection| (connection, Instant::now()));
        }
    }

    /// Posts a request and waits for the answer, at most for the line's `patience`.
    pub async fn post_and_wait(&mut self, request: &[u8]) -> PostReply {
        tokio::time::timeout(self.patience, self.exchange_request(request)).await.unwrap_or_else(
            |_| {
                self.connection = None;
                PostReply::unknown_outcome(true)
            },
        )
    }

    async fn exchange_request(&mut self, request: &[u8]) -> PostReply {
        // The connection is taken out, so that it is closed if this future is dropped half-way.
        let kept = self.connection.take().filter(|(_, used)| used.elapsed() < LONGEST_REST);
        let opened = match kept {
            Some((connection, _)) => Ok(connection),
            None => Connection::connect_to(self.address).await,
        };
        let Ok(mut connection) = opened else { return PostReply::unknown_outcome(false) };
        let Ok(answer) = connection.send_and_read(request).await else {
            return PostReply::unknown_outcome(true);
        };
        if !answer.last {
            self.connection = Some((connection, Instant::now()));
        }
        let (retry_after, status) = (answer.retry_after, answer.status);
        PostReply { outcome: outcome_of_response(&answer), retry_after, status, sent: true }
    }

    /// Posts a request and hangs up after the time `after`, without using the answer.
    pub async fn post_and_hang_up(&mut self, request: &[u8], after: Duration) -> PostReply {
        let post = self.exchange_request(request);
        // An answer that came in time is thrown away.
        let _ = tokio::time::timeout(after, post).await;
        self.connection = None;
        PostReply::unknown_outcome(true)
    }
}
