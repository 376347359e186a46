//! Witnesses over HTTP: one that cosigns, one that is unreachable, one that saw another history.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use backend::record::Witness;
use domain::record::checkpoint::Checkpoint;
use domain::record::key::{Cosigner, VerifierKey};
use domain::record::note::Note;
use domain::record::tree::{Hash, empty_root, verify_consistency};
use sqlx::PgPool;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use super::{checkpoint, opened, send};
use crate::support::{LONG, count, deaf_port};

/// A witness of one log, as in C2SP tlog-witness.
struct Peer {
    cosigner: Cosigner,
    log: VerifierKey,
    seen: (u64, Hash),
}

impl Peer {
    fn new(log: VerifierKey) -> Self {
        let cosigner = Cosigner::from_seed("witness.example/press", &[9; 32]).unwrap();
        Self { cosigner, log, seen: (0, empty_root()) }
    }

    fn answer(&mut self, body: &str) -> (u16, String) {
        let (head, note) = body.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let old: u64 = lines.next().unwrap().strip_prefix("old ").unwrap().parse().unwrap();
        let proof: Vec<Hash> = lines.map(|line| Hash::from_base64(line).unwrap()).collect();
        let note: Note = note.parse().unwrap();
        let new = Checkpoint::from_signed_note(&note, &self.log).unwrap();
        let (size, root) = self.seen;
        if old != size {
            return (409, format!("{size}\n"));
        }
        if !verify_consistency(size, new.size, &root, &new.root, &proof) {
            return (422, String::new());
        }
        self.seen = (new.size, new.root);
        (200, format!("{}\n", self.cosigner.cosign_checkpoint(note.signed_text(), 1_732_752_000)))
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            assert!(head.starts_with("POST /log/add-checkpoint HTTP/1.1"), "{head}");
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0_usize) {
                return body.to_owned();
            }
        }
        assert!(count > 0, "the request broke off");
    }
}

/// Answers the requests of a log from now on.
fn listen(listener: TcpListener, peer: Arc<Mutex<Peer>>) {
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let body = read(&mut stream).await;
            let (status, text) = peer.lock().unwrap().answer(&body);
            let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
            let answer = format!("{head}content-length: {}\r\n\r\n{text}", text.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
}

/// Returns the witness as the log is configured with it. Its deadline is long, because the tests
/// are about its answer and not about its speed.
fn named(address: SocketAddr, peer: &Peer) -> Vec<Witness> {
    let witness: Witness =
        format!("http://{address}/log={}", peer.cosigner.verifier_key()).parse().unwrap();
    vec![witness.with_deadline(LONG)]
}

/// Returns the newest checkpoint as a note.
async fn note(pool: &PgPool) -> Note {
    let text: String =
        sqlx::query_scalar("select checkpoint from record").fetch_one(pool).await.unwrap();
    text.parse().unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_witness_that_comes_late_is_told_why_the_log_extends_what_it_saw(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let peer = Peer::new(backend.record_key(edition.id).await.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let backend = backend.with_witnesses(named(listener.local_addr().unwrap(), &peer));
    let (key, peer) = (peer.cosigner.verifier_key().clone(), Arc::new(Mutex::new(peer)));
    listen(listener, peer.clone());
    for round in 1..=3_u64 {
        for _ in 0..100 {
            send(&pool, &edition, Uuid::new_v4(), 1).await;
        }
        backend.sequence_records().await.unwrap();
        let signed = checkpoint(&backend, &edition).await;
        assert_eq!(signed.size, 2 + 100 * round);
        assert_eq!(note(&pool).await.verify_cosignature_time(&key).unwrap(), 1_732_752_000);
        assert_eq!(peer.lock().unwrap().seen, (signed.size, signed.root));
    }
    assert_eq!(count(&pool, "record where witnesses_asked_at is not null").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_witness_that_is_away_stops_nothing_and_is_asked_again(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let peer = Peer::new(backend.record_key(edition.id).await.unwrap());
    let port = deaf_port();
    let backend = backend.with_witnesses(named(port.local_addr().unwrap(), &peer));
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    assert!(backend.sequence_records().await.unwrap());
    assert_eq!(checkpoint(&backend, &edition).await.size, 3);
    let key = peer.cosigner.verifier_key().clone();
    assert!(note(&pool).await.verify_cosignature_time(&key).is_err());
    listen(port.listen(16).unwrap(), Arc::new(Mutex::new(peer)));
    let later = "update record set witnesses_asked_at = now() - interval '1 minute'";
    sqlx::query(later).execute(&pool).await.unwrap();
    assert!(!backend.sequence_records().await.unwrap(), "nothing new is in the log");
    assert!(note(&pool).await.verify_cosignature_time(&key).is_ok());
    assert_eq!(note(&pool).await.signatures().len(), 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_checkpoint_that_contradicts_a_witness_is_not_published(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let before = checkpoint(&backend, &edition).await;
    let mut peer = Peer::new(backend.record_key(edition.id).await.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let backend = backend.with_witnesses(named(listener.local_addr().unwrap(), &peer));
    // The witness saw a longer log, as if the database had been restored to an older state.
    peer.seen = (900, Hash::from_bytes([1; 32]));
    let peer = Arc::new(Mutex::new(peer));
    listen(listener, peer.clone());
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    assert!(backend.sequence_records().await.is_err());
    assert_eq!(checkpoint(&backend, &edition).await, before);
    // The witness saw other entries at the same size.
    peer.lock().unwrap().seen = (before.size, Hash::from_bytes([1; 32]));
    assert!(backend.sequence_records().await.is_err());
    assert_eq!(checkpoint(&backend, &edition).await, before);
    assert_eq!(count(&pool, "record where halted is not null").await, 1);
}
