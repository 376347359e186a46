//! Tests that the reader of the record accepts a sound server and catches one that lies.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::record::checkpoint::Checkpoint;
use domain::record::key::Signer;
use domain::record::proof::RecordProof;
use domain::record::receipt::EntryWithProof;
use domain::record::tree::{Hash, compute_tree_root, leaf_hash, make_inclusion_proof};
use simulator::queries::EntryRow;
use simulator::record::RecordLog;
use simulator::record::fetch::RecordReader;
use simulator::season::PreparedSeason;
use simulator::target::Target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

const NAME: &str = "vote.example/record/daejeon-2024";
const COUNT: u64 = 21;

fn ballot(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn line(number: u64) -> String {
    let (id, hash) = (ballot(number).simple(), "0".repeat(64));
    format!("ballot/v1 citizens {id} {hash} {hash} 2024-11-28")
}

/// A log of some ballots, and the answers of its server.
struct Served {
    signer: Signer,
    leaves: Vec<Hash>,
}

impl Served {
    fn new(seed: u8) -> Self {
        let leaves = (0..COUNT).map(|number| leaf_hash(line(number).as_bytes())).collect();
        Self { signer: Signer::from_seed(NAME, &[seed; 32]).unwrap(), leaves }
    }

    fn checkpoint(&self) -> domain::record::note::Note {
        let checkpoint = Checkpoint {
            origin: NAME.to_owned(),
            size: COUNT,
            root: compute_tree_root(&self.leaves),
        };
        checkpoint.sign(&self.signer).unwrap()
    }

    fn proof(&self, index: u64) -> String {
        let hash = |node: domain::record::tree::Node| {
            let first = usize::try_from(node.index << node.level).unwrap();
            let last = (first + (1 << node.level)).min(self.leaves.len());
            Ok::<_, ()>(compute_tree_root(&self.leaves[first..last]))
        };
        let path = make_inclusion_proof(index, COUNT, hash).unwrap().unwrap();
        let proof = RecordProof { extra: None, index, path, checkpoint: self.checkpoint() };
        EntryWithProof { entry: line(index).parse().unwrap(), proof }.to_string()
    }
}

/// Serves these pages to one reader. A page is found by the end of its path.
async fn serve(pages: Vec<(String, String)>) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 4096];
        while let Ok(length) = stream.read(&mut bytes).await {
            let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let Some(path) = text.split(' ').nth(1) else { return };
            let page = pages.iter().find(|(end, _)| path.ends_with(end.as_str()));
            let (status, body) = page.map_or(("404 Not Found", ""), |(_, body)| ("200 OK", body));
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all((head + body).as_bytes()).await.unwrap();
        }
    });
    let season = PreparedSeason {
        edition: "daejeon-2024".to_owned(),
        poll: "citizens".to_owned(),
        poll_id: Uuid::nil(),
        token_key: [7; 32],
        seed: 0,
        voters: 0,
        cases: Vec::new(),
        picks: (1, 1),
    };
    Target::new(address, &season)
}

fn pages(served: &Served, key_of: &Served) -> Vec<(String, String)> {
    let proof = |number| (format!("/proof/{}", ballot(number).simple()), served.proof(number));
    let mut pages: Vec<(String, String)> = (0..COUNT).map(proof).collect();
    pages.push(("/key".to_owned(), format!("{}\n", key_of.signer.verifier_key())));
    pages.push(("/checkpoint".to_owned(), served.checkpoint().to_string()));
    pages
}

fn log() -> RecordLog {
    let entry =
        |number: u64| EntryRow { index: i64::try_from(number).unwrap(), line: line(number) };
    RecordLog::read_entries((0..COUNT).map(entry).collect()).0
}

#[tokio::test]
async fn a_sound_record_is_believed() {
    let served = Served::new(1);
    let target = serve(pages(&served, &served)).await;
    let mut reader = RecordReader::open_record(&target).await.unwrap();
    assert_eq!(
        reader.fetch_checkpoint().await.unwrap(),
        (COUNT, compute_tree_root(&served.leaves))
    );
    for number in 0..COUNT {
        assert_eq!(reader.check_proof(ballot(number), &log()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_missing_proof_another_ballots_and_another_keys_are_caught() {
    let served = Served::new(1);
    let mut faulty = pages(&served, &served);
    faulty[4].1 = served.proof(5);
    faulty[7].1 = Served::new(2).proof(7);
    faulty[8].1 = served.proof(8).replacen("index 8", "index 9", 1);
    faulty[9].1 = served.proof(9).replace(" 2024-11-28", " 2024-11-29");
    faulty[10].0 = "/nowhere".to_owned();
    let target = serve(faulty).await;
    let mut reader = RecordReader::open_record(&target).await.unwrap();
    let mut wrong = Vec::new();
    for number in 0..COUNT {
        if reader.check_proof(ballot(number), &log()).await.unwrap().is_some() {
            wrong.push(number);
        }
    }
    assert_eq!(wrong, [4, 7, 8, 9, 10]);
}

#[tokio::test]
async fn a_checkpoint_of_another_key_is_refused() {
    let target = serve(pages(&Served::new(1), &Served::new(2))).await;
    let mut reader = RecordReader::open_record(&target).await.unwrap();
    assert!(reader.fetch_checkpoint().await.is_err());
}
