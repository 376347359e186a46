//! A TCP proxy between clients and server that cuts connections at chosen moments.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionCut {
    /// In the middle of the request: the server gets a part of it.
    InRequest,
    /// After the request was sent, without waiting for the answer.
    AfterRequest,
    /// After the server has answered; the client gets no byte of the answer.
    BeforeAnswer,
    /// In the middle of the answer.
    InAnswer,
}

/// A running proxy. Dropping it stops it.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<ProxyState>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct ProxyState {
    servers: Mutex<Vec<SocketAddr>>,
    planned: Mutex<VecDeque<ConnectionCut>>,
    turn: AtomicUsize,
    done: AtomicU64,
}

impl Proxy {
    /// Starts a proxy on a free port. If there are several servers, connections take turns.
    ///
    /// # Errors
    /// The operating system's error.
    pub async fn start_proxy() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(ProxyState::default());
        let task = tokio::spawn(accept_clients(listener, shared.clone()));
        Ok(Self { address, shared, task })
    }

    /// Returns the address to which clients connect.
    #[must_use]
    pub const fn listening_address(&self) -> SocketAddr {
        self.address
    }

    /// Sets the servers to which new connections go.
    pub fn route_to(&self, servers: &[SocketAddr]) {
        servers.clone_into(&mut lock_mutex(&self.shared.servers));
    }

    /// Plans a cut of the next request or its answer.
    pub fn plan_cut(&self, cut: ConnectionCut) {
        lock_mutex(&self.shared.planned).push_back(cut);
    }

    /// Returns how many connections were cut so far.
    #[must_use]
    pub fn cut_count(&self) -> u64 {
        self.shared.done.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock_mutex<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept_clients(listener: TcpListener, shared: Arc<ProxyState>) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            // Errors are ignored, because the purpose of this proxy is to break connections.
            let _ = relay_connection(client, &shared).await;
        });
    }
}

impl ProxyState {
    fn next_server(&self) -> Option<SocketAddr> {
        let servers = lock_mutex(&self.servers);
        let turn = self.turn.fetch_add(1, Ordering::Relaxed).checked_rem(servers.len())?;
        servers.get(turn).copied()
    }
}

/// Passes bytes in both directions until a side closes or the connection is cut. A request comes in
/// one piece, because clients write it at once and read its answer before the next.
async fn relay_connection(mut client: TcpStream, shared: &ProxyState) -> io::Result<()> {
    let server = shared.next_server().ok_or(io::ErrorKind::ConnectionRefused)?;
    let mut server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut up, mut down) = (vec![0; 8192], vec![0; 8192]);
    let mut planned = None;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let length = nonzero_length(read?)?;
                planned = planned.or_else(|| lock_mutex(&shared.planned).pop_front());
                if planned == Some(ConnectionCut::InRequest) {
                    // The position of the cut varies: sometimes it is in the headers, sometimes in
                    // the body.
                    let part = length * (shared.turn.load(Ordering::Relaxed) % 8 + 1) / 9;
                    server.write_all(&up[..part]).await?;
                    break;
                }
                server.write_all(&up[..length]).await?;
                if planned == Some(ConnectionCut::AfterRequest) {
                    break;
                }
            }
            read = server.read(&mut down) => {
                let length = nonzero_length(read?)?;
                match planned {
                    Some(ConnectionCut::BeforeAnswer) => break,
                    Some(_) => {
                        client.write_all(&down[..length / 2]).await?;
                        break;
                    }
                    None => client.write_all(&down[..length]).await?,
                }
            }
        }
    }
    shared.done.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

fn nonzero_length(length: usize) -> io::Result<usize> {
    if length == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(length) }
}
