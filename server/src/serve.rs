//! Accepts connections, with a deadline for headers, limits on their number and a graceful stop.

mod peers;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::StartError;

use peers::PeerCounts;

/// Longest time for a client to send its headers. `axum::serve` would wait forever.
const HEADER_DEADLINE: Duration = Duration::from_secs(10);
/// Longest life of a connection. A client that never reads its answer would otherwise keep its
/// place forever. A browser opens a new connection without anybody noticing.
const LONGEST_CONNECTION: Duration = Duration::from_secs(600);
/// Time for running requests to end after a stop was requested.
const GRACE_PERIOD: Duration = Duration::from_secs(15);

/// How many connections are open at the same time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// All together. Further connections wait in the kernel's queue.
    pub(crate) places: usize,
    /// Whether clients connect directly. Then each may take only a part of the places.
    pub(crate) direct: bool,
}

/// Listens on the address, or returns an error that says why it cannot.
pub(crate) async fn bind_listener(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortInUse(address),
        _ => StartError::Listen(address, error),
    })
}

/// Serves until `stop` completes, then lets running requests end.
///
/// It speaks HTTP/1.1 only. The proxy in front speaks HTTP/2 to people, and hyper's negotiation of
/// the two versions has no deadline for a client that sends nothing.
pub(crate) async fn serve_connections(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) -> Result<(), StartError> {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.places));
    let peers = limits.direct.then(|| PeerCounts::for_places(limits.places));
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_DEADLINE);
    tokio::pin!(stop);
    loop {
        let next =
            async { (places.clone().acquire_owned().await, accept_connection(&listener).await) };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let counted = peers.as_ref().map(|peers| peers.take_place(peer.ip()));
        // Over its share. The connection is closed without an answer and without a log line: a
        // flood must cost nothing.
        if counted.as_ref().is_some_and(Option::is_none) {
            continue;
        }
        let connection = graceful.watch(build_connection(&builder, stream, peer, &router));
        tokio::spawn(async move {
            // An aborted connection is not logged, because clients cause it.
            let _ = tokio::time::timeout(LONGEST_CONNECTION, connection).await;
            drop((place, counted));
        });
    }
    drop(listener);
    finish_requests(graceful).await;
    Ok(())
}

/// Waits until running requests end, at most for `GRACE_PERIOD`.
async fn finish_requests(graceful: GracefulShutdown) {
    tracing::info!("stopping: requests under way may end");
    if tokio::time::timeout(GRACE_PERIOD, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

/// Accepts the next connection. After an error (no file descriptors, or a client that left at once)
/// it tries again after 50 ms.
async fn accept_connection(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn build_connection(
    builder: &Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: &Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
    // Small answers leave at once instead of waiting for more.
    let _ = stream.set_nodelay(true);
    let router = router.clone();
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    builder.serve_connection(TokioIo::new(stream), service)
}

/// Ends when somebody presses Ctrl-C or sends SIGTERM.
pub(crate) async fn wait_for_stop_signal() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
