//! The strangers: connections of people who never got a code. Each troubles the server in one way,
//! again and again, until the crowd is dispersed.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::task::JoinSet;

use crate::http::{Connection, HttpResponse};
use crate::random::SeededRandom;
use crate::season::{BallotRequest, PreparedSeason};
use crate::target::Target;

/// The poll whose voters sign in at the provider.
pub const OIDC_POLL: &str = "members";
/// How long a stranger waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a slow reader reads a byte.
const READ_INTERVAL: Duration = Duration::from_secs(1);
/// Bytes of a slow reader's receive buffer, so that the answer fills it.
const SMALL_BUFFER: u32 = 4096;
/// Longest wait for the crowd to be there.
const GATHERING_TIMEOUT: Duration = Duration::from_secs(15);

/// What a stranger does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StrangerKind {
    /// Posts ballots with an invented `__Host-voter`.
    InventedVoter,
    /// Reads a page with an invented `__Host-session`.
    InventedSession,
    /// Reads a page with an invented `__Host-kiosk`.
    InventedKiosk,
    /// Posts ballots to editions that do not exist.
    UnknownEdition,
    /// Signs in at a provider that never answers, and comes back from it.
    StalledProvider,
    /// Asks for a page or a file of the record, and reads a byte a second.
    SlowReader,
    /// Connects and says nothing.
    IdleSocket,
}

impl StrangerKind {
    /// All kinds. A crowd has equally many of each.
    pub const ALL: [Self; 7] = [
        Self::InventedVoter,
        Self::InventedSession,
        Self::InventedKiosk,
        Self::UnknownEdition,
        Self::StalledProvider,
        Self::SlowReader,
        Self::IdleSocket,
    ];

    const fn kind_title(self) -> &'static str {
        match self {
            Self::InventedVoter => "ballots with an invented voter's cookie",
            Self::InventedSession => "pages with an invented session's cookie",
            Self::InventedKiosk => "pages with an invented kiosk's cookie",
            Self::UnknownEdition => "ballots for unknown editions",
            Self::StalledProvider => "sign-ins at a provider that stalls",
            Self::SlowReader => "readers of a byte a second",
            Self::IdleSocket => "sockets that say nothing",
        }
    }

    /// Returns what the stranger of this number does.
    fn of_stranger(number: u64) -> Self {
        let kinds = u64::try_from(Self::ALL.len()).unwrap_or(1);
        usize::try_from(number % kinds)
            .ok()
            .and_then(|at| Self::ALL.get(at).copied())
            .unwrap_or(Self::IdleSocket)
    }
}

/// What happened to strangers of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum StrangerEvent {
    /// A connection was opened.
    Connected,
    /// An answer came, with this status.
    Answered(u16),
    /// No connection, or it broke, or no answer came in time.
    Failed,
}

type EventCounts = BTreeMap<(StrangerKind, StrangerEvent), u64>;

/// A crowd at work. Dropping it ends all of its connections.
pub struct Crowd {
    strangers: JoinSet<()>,
    state: Arc<CrowdState>,
}

struct CrowdState {
    target: Target,
    season: PreparedSeason,
    pause: Duration,
    open: AtomicU64,
    counts: Mutex<EventCounts>,
}

/// Counts a connection as open until it is dropped.
struct OpenConnection<'a>(&'a AtomicU64);

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Crowd {
    /// Lets `count` strangers come to this server. Each that asks rests for about `pause` between two
    /// requests. Waits until nearly all are connected, for a limited time.
    pub async fn gather_crowd(
        target: Target,
        season: PreparedSeason,
        (count, pause): (u64, Duration),
    ) -> Self {
        let (open, counts) = (AtomicU64::new(0), Mutex::default());
        let state = Arc::new(CrowdState { target, season, pause, open, counts });
        let mut strangers = JoinSet::new();
        for number in 0..count {
            strangers.spawn(state.clone().trouble_server(number));
        }
        let crowd = Self { strangers, state };
        let begun = Instant::now();
        // A few always connect anew, because the server has closed their connections.
        while crowd.open_connections() < count * 9 / 10 && begun.elapsed() < GATHERING_TIMEOUT {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        crowd
    }

    /// Returns how many of them are connected now.
    #[must_use]
    pub fn open_connections(&self) -> u64 {
        self.state.open.load(Ordering::Relaxed)
    }

    /// Sends all strangers away, and returns what happened to them as lines of text.
    pub async fn disperse_crowd(mut self) -> Vec<String> {
        self.strangers.shutdown().await;
        let counts = self.state.counts.lock().unwrap_or_else(PoisonError::into_inner);
        format_counts(&counts)
    }
}

impl CrowdState {
    fn count_event(&self, kind: StrangerKind, event: StrangerEvent) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((kind, event)).or_default() += 1;
    }

    fn count_connection(&self, kind: StrangerKind) -> OpenConnection<'_> {
        self.count_event(kind, StrangerEvent::Connected);
        self.open.fetch_add(1, Ordering::Relaxed);
        OpenConnection(&self.open)
    }

    async fn trouble_server(self: Arc<Self>, number: u64) {
        let kind = StrangerKind::of_stranger(number);
        let mut chance = SeededRandom::for_stream(self.season.seed ^ 0x57a9, number);
        loop {
            tokio::time::sleep(draw_pause(self.pause, &mut chance)).await;
            let done = match kind {
                StrangerKind::IdleSocket => self.hold_socket(kind).await,
                StrangerKind::SlowReader => self.read_slowly(kind, &mut chance).await,
                _ => self.ask_repeatedly(kind, &mut chance).await,
            };
            if done.is_err() {
                self.count_event(kind, StrangerEvent::Failed);
            }
        }
    }

    /// Asks again and again over one connection, until the server closes it.
    async fn ask_repeatedly(
        &self,
        kind: StrangerKind,
        chance: &mut SeededRandom,
    ) -> io::Result<()> {
        let mut connection = Connection::connect_to(self.target.address).await?;
        let _open = self.count_connection(kind);
        let mut last = HttpResponse::default();
        loop {
            // Who has just left for the provider comes back with a code, which the server then asks about.
            let request = match read_departure(&last) {
                Some((state, cookie)) if kind == StrangerKind::StalledProvider => {
                    self.target.return_request(&state, &cookie)
                }
                _ => self.build_request(kind, chance),
            };
            let answer = tokio::time::timeout(PATIENCE, connection.send_and_read(&request)).await;
            let answer = answer.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
            self.count_event(kind, StrangerEvent::Answered(answer.status));
            if answer.last {
                return Ok(());
            }
            last = answer;
            tokio::time::sleep(draw_pause(self.pause, chance)).await;
        }
    }

    async fn read_slowly(&self, kind: StrangerKind, chance: &mut SeededRandom) -> io::Result<()> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(SMALL_BUFFER)?;
        let mut stream = socket.connect(self.target.address).await?;
        let _open = self.count_connection(kind);
        stream.write_all(&self.build_request(kind, chance)).await?;
        let mut byte = [0; 1];
        while stream.read(&mut byte).await? > 0 {
            tokio::time::sleep(READ_INTERVAL).await;
        }
        Ok(())
    }

    /// Connects and says nothing, until the server closes the connection.
    async fn hold_socket(&self, kind: StrangerKind) -> io::Result<()> {
        let mut stream = TcpSocket::new_v4()?.connect(self.target.address).await?;
        let _open = self.count_connection(kind);
        stream.read(&mut [0; 1]).await.map(drop)
    }

    /// Returns a request of this kind. Each has another secret.
    fn build_request(&self, kind: StrangerKind, chance: &mut SeededRandom) -> Vec<u8> {
        let secret = draw_secret(chance);
        // The ballot of somebody who is no prepared voter: if it were stored, the check would find it.
        let voter = self.season.voters + chance.draw_below(1 << 32);
        let ballot = self.season.requested_ballot(BallotRequest { voter, tab: 0 });
        match kind {
            StrangerKind::InventedVoter => self.target.cast_request(&secret, &ballot),
            StrangerKind::InventedSession => self.target.gallery_request("__Host-session", &secret),
            StrangerKind::InventedKiosk => self.target.gallery_request("__Host-kiosk", &secret),
            StrangerKind::UnknownEdition => {
                let unknown = self.target.with_unknown_edition(&format!("none-{}", &secret[..8]));
                unknown.cast_request(&secret, &ballot)
            }
            StrangerKind::SlowReader if chance.draw_per_mille(500) => {
                self.target.first_entries_request()
            }
            StrangerKind::StalledProvider => self.target.departure_request(OIDC_POLL),
            StrangerKind::SlowReader | StrangerKind::IdleSocket => {
                self.target.gallery_request("look", "dark.3")
            }
        }
    }
}

/// Returns the state and the cookie with which a browser comes back from the provider. `None` if the
/// answer leads to no provider.
fn read_departure(answer: &HttpResponse) -> Option<(String, String)> {
    let page = std::str::from_utf8(&answer.body).ok()?;
    let (_, rest) = page.split_once("state=")?;
    let state: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    let cookie = answer.cookies.first()?.split(';').next()?;
    Some((state, cookie.to_owned()))
}

/// Returns 64 random hexadecimal digits, the form of every secret in a cookie.
fn draw_secret(chance: &mut SeededRandom) -> String {
    (0..4).map(|_| format!("{:016x}", chance.draw_bits())).collect()
}

/// Returns a time between half of `pause` and one and a half of it, so that strangers do not ask all
/// at the same instant.
fn draw_pause(pause: Duration, chance: &mut SeededRandom) -> Duration {
    let micros = u64::try_from(pause.as_micros()).unwrap_or(u64::MAX / 2);
    Duration::from_micros(micros / 2 + chance.draw_below(micros + 1))
}

/// Formats the counts as lines, one for each kind.
fn format_counts(counts: &EventCounts) -> Vec<String> {
    let mut lines = Vec::new();
    for kind in StrangerKind::ALL {
        let events: Vec<String> = counts
            .iter()
            .filter(|((of, _), _)| *of == kind)
            .map(|((_, event), count)| match event {
                StrangerEvent::Connected => format!("{count} connections"),
                StrangerEvent::Answered(status) => format!("{count} answers {status}"),
                StrangerEvent::Failed => format!("{count} failed"),
            })
            .collect();
        if !events.is_empty() {
            lines.push(format!("{}: {}", kind.kind_title(), events.join(", ")));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use super::{EventCounts, StrangerEvent, StrangerKind, draw_pause, draw_secret, format_counts};
    use crate::random::SeededRandom;

    #[test]
    fn a_crowd_has_equally_many_strangers_of_each_kind() {
        for kind in StrangerKind::ALL {
            let own = (0..700).filter(|number| StrangerKind::of_stranger(*number) == kind).count();
            assert_eq!(own, 100, "{kind:?}");
        }
    }

    #[test]
    fn invented_secrets_have_the_form_of_real_ones_and_differ() {
        let mut chance = SeededRandom::from_seed(1);
        let secrets: HashSet<String> = (0..100).map(|_| draw_secret(&mut chance)).collect();
        assert_eq!(secrets.len(), 100);
        let is_hex = |digit: char| digit.is_ascii_digit() || ('a'..='f').contains(&digit);
        assert!(secrets.iter().all(|secret| secret.len() == 64 && secret.chars().all(is_hex)));
    }

    #[test]
    fn strangers_rest_for_about_the_pause_each_for_another_time() {
        let mut chance = SeededRandom::from_seed(2);
        let pause = Duration::from_millis(100);
        let rests: HashSet<Duration> = (0..50).map(|_| draw_pause(pause, &mut chance)).collect();
        assert!(rests.len() > 40);
        assert!(rests.iter().all(|rest| (pause / 2..=pause * 3 / 2).contains(rest)));
        assert_eq!(draw_pause(Duration::ZERO, &mut chance), Duration::ZERO);
    }

    #[test]
    fn the_report_says_for_each_kind_what_happened_to_it() {
        let counts = EventCounts::from([
            ((StrangerKind::InventedVoter, StrangerEvent::Connected), 3),
            ((StrangerKind::InventedVoter, StrangerEvent::Answered(303)), 40),
            ((StrangerKind::InventedVoter, StrangerEvent::Failed), 1),
            ((StrangerKind::IdleSocket, StrangerEvent::Connected), 7),
        ]);
        let expected = [
            "ballots with an invented voter's cookie: 3 connections, 40 answers 303, 1 failed",
            "sockets that say nothing: 7 connections",
        ];
        assert_eq!(format_counts(&counts), expected);
    }
}
