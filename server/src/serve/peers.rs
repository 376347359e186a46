//! How many connections each client has. It counts only where clients connect to us directly,
//! because all clients of a proxy have the proxy's address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::layers::network_prefix;

/// One client may take this part of all places. A school or an office behind one address needs
/// hundreds of connections, six for each browser.
const PART_OF_ALL: usize = 4;

/// The number of open connections of each network.
#[derive(Clone)]
pub(super) struct PeerCounts {
    counts: Arc<Mutex<HashMap<String, usize>>>,
    most: usize,
}

/// A counted connection. Dropping it gives the place back.
pub(super) struct PeerPlace {
    counts: PeerCounts,
    network: String,
}

impl PeerCounts {
    /// Makes counters for a server with this many places.
    pub(super) fn for_places(places: usize) -> Self {
        Self { counts: Arc::default(), most: (places / PART_OF_ALL).max(1) }
    }

    /// Counts a new connection. `None` if its network has too many. Connections from this machine
    /// are not limited.
    pub(super) fn take_place(&self, peer: IpAddr) -> Option<PeerPlace> {
        let network = widest_home_network(peer);
        let mut counts = self.lock_counts();
        let count = counts.entry(network.clone()).or_default();
        if *count >= self.most && !peer.to_canonical().is_loopback() {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(PeerPlace { counts: self.clone(), network })
    }

    fn lock_counts(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PeerPlace {
    fn drop(&mut self) {
        let mut counts = self.counts.lock_counts();
        if let Some(count) = counts.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.network);
            }
        }
    }
}

/// Returns the network that one customer may have: an IPv4 address, or an IPv6 /56 (RIPE-690).
fn widest_home_network(peer: IpAddr) -> String {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            network_prefix(IpAddr::V6([a, b, c, d & 0xff00, 0, 0, 0, 0].into()))
        }
        address @ IpAddr::V4(_) => network_prefix(address),
    }
}

#[cfg(test)]
mod tests {
    use super::PeerCounts;

    #[test]
    fn one_network_takes_a_part_of_the_places_and_gives_them_back() {
        let counts = PeerCounts::for_places(8);
        let one = "203.0.113.7".parse().unwrap();
        let first = counts.take_place(one).unwrap();
        let second = counts.take_place("::ffff:203.0.113.7".parse().unwrap()).unwrap();
        assert!(counts.take_place(one).is_none(), "two of eight places are taken");
        assert!(counts.take_place("203.0.113.8".parse().unwrap()).is_some(), "another client");
        drop(first);
        let third = counts.take_place(one).unwrap();
        assert!(counts.take_place(one).is_none());
        drop((second, third));
        assert!(counts.lock_counts().is_empty(), "nothing is kept of clients that have left");
    }

    #[test]
    fn a_proxy_on_this_machine_is_not_limited() {
        let counts = PeerCounts::for_places(4);
        let places: Vec<_> =
            (0..4).map(|_| counts.take_place("127.0.0.1".parse().unwrap())).collect();
        assert!(places.iter().all(Option::is_some));
    }
}
