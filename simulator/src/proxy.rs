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
pub enum Cut {
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
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    servers: Mutex<Vec<SocketAddr>>,
    planned: Mutex<VecDeque<Cut>>,
    turn: AtomicUsize,
    done: AtomicU64,
}

impl Proxy {
    /// Starts a proxy on a free port. If there are several servers, connections take turns.
    ///
    /// # Errors
    /// The operating system's error.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(accept(listener, shared.clone()));
        Ok(Self { address, shared, task })
    }

    /// Returns the address to which clients connect.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets the servers to which new connections go.
    pub fn lead_to(&self, servers: &[SocketAddr]) {
        servers.clone_into(&mut held(&self.shared.servers));
    }

    /// Plans a cut of the next request or its answer.
    pub fn cut(&self, cut: Cut) {
        held(&self.shared.planned).push_back(cut);
    }

    /// Returns how many connections were cut so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.shared.done.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            // Errors are ignored, because the purpose of this proxy is to break connections.
            let _ = pass(client, &shared).await;
        });
    }
}

impl Shared {
    fn server(&self) -> Option<SocketAddr> {
        let servers = held(&self.servers);
        let turn = self.turn.fetch_add(1, Ordering::Relaxed).checked_rem(servers.len())?;
        servers.get(turn).copied()
    }
}

/// Passes bytes in both directions until a side closes or the connection is cut. A request comes in
/// one piece, because clients write it at once and read its answer before the next.
async fn pass(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    let server = shared.server().ok_or(io::ErrorKind::ConnectionRefused)?;
    let mut server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut up, mut down) = (vec![0; 8192], vec![0; 8192]);
    let mut planned = None;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let length = some(read?)?;
                planned = planned.or_else(|| held(&shared.planned).pop_front());
                if planned == Some(Cut::InRequest) {
                    // The position of the cut varies: sometimes it is in the headers, sometimes in
                    // the body.
                    let part = length * (shared.turn.load(Ordering::Relaxed) % 8 + 1) / 9;
                    server.write_all(&up[..part]).await?;
                    break;
                }
                server.write_all(&up[..length]).await?;
                if planned == Some(Cut::AfterRequest) {
                    break;
                }
            }
            read = server.read(&mut down) => {
                let length = some(read?)?;
                match planned {
                    Some(Cut::BeforeAnswer) => break,
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

fn some(length: usize) -> io::Result<usize> {
    if length == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(length) }
}
