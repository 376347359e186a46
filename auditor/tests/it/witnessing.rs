//! A witness cosigns a log that only grows, refuses forks and rollbacks, and answers as C2SP says.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use auditor::sample::{Plan, Sample, build_sample_record};
use domain::record::checkpoint::Checkpoint;
use domain::record::key::{Signer, VerifierKey};
use domain::record::note::Note;
use domain::record::tree::{
    Hash, Node, compute_tree_root, empty_root, leaf_hash, make_consistency_proof,
};

use crate::commands::{audit, code, out};
use crate::site::{post, serve};
use crate::support::{Folder, signer, write};

fn sample() -> Sample {
    build_sample_record(&Plan { cases: 9, ..Plan::one_poll(600) })
}

fn cut(sample: &Sample, size: usize) -> Sample {
    let mut sample = sample.clone();
    sample.entries.truncate(size);
    sample
}

/// Makes a key in a folder, and returns its public half.
pub(crate) fn new_key(folder: &Folder) -> VerifierKey {
    let seed = folder.join("seed");
    let args = ["witness", "--new-key", "witness.example/press", "--seed", seed.to_str().unwrap()];
    let output = audit(&args);
    assert_eq!(code(&output), 0);
    assert_eq!(code(&audit(&args)), 2, "a key is never written over");
    out(&output).trim().parse().unwrap()
}

fn witness(folder: &Folder, source: &str) -> std::process::Output {
    let (seed, state) = (folder.join("seed"), folder.join("state"));
    audit(&[
        "witness",
        source,
        "--seed",
        seed.to_str().unwrap(),
        "--state",
        state.to_str().unwrap(),
    ])
}

fn verified(record: &Folder, key: &VerifierKey, line: &str) {
    let note = std::fs::read_to_string(record.join("checkpoint")).unwrap() + line;
    let note: Note = note.parse().unwrap();
    assert!(note.verify_cosignature_time(key).unwrap() > 1_700_000_000);
}

/// Returns how many checkpoints a witness has kept as evidence.
pub(crate) fn evidence(folder: &Folder) -> usize {
    let files = std::fs::read_dir(folder.path()).unwrap();
    let names = files.map(|file| file.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with("state.evidence-")).count()
}

#[test]
fn a_witness_follows_a_growing_log_and_refuses_a_fork_and_a_rollback() {
    let (record, own) = (Folder::new(), Folder::new());
    let key = new_key(&own);
    let source = record.path().to_str().unwrap();
    for size in [1, 256, 300, 300, 613] {
        write(&cut(&sample(), size), &record);
        let output = witness(&own, source);
        assert_eq!(code(&output), 0, "{size}: {}", String::from_utf8_lossy(&output.stderr));
        verified(&record, &key, &out(&output));
    }
    let state = std::fs::read(own.join("state")).unwrap();
    let mut forked = sample();
    forked.entries.swap(5, 6);
    for other in [cut(&forked, 613), forked, cut(&sample(), 612)] {
        let record = Folder::new();
        write(&other, &record);
        let output = witness(&own, record.path().to_str().unwrap());
        assert_eq!(code(&output), 1);
        assert_eq!(out(&output), "", "nothing is cosigned");
    }
    assert_eq!(std::fs::read(own.join("state")).unwrap(), state);
    assert_eq!(evidence(&own), 3);
}

#[test]
fn a_witness_reads_an_address_too_and_knows_a_log_by_its_key() {
    let (site, own) = (Folder::new(), Folder::new());
    let key = new_key(&own);
    let address = serve(site.path());
    for size in [10, 600] {
        write(&cut(&sample(), size), &site);
        let output = witness(&own, &address);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
        verified(&site, &key, &out(&output));
    }
    auditor::sample::write_signed_record(&sample(), &signer(8), site.path()).unwrap();
    assert_eq!(code(&witness(&own, &address)), 1);
}

/// A witness that listens until it is dropped.
pub(crate) struct Service {
    child: Child,
    /// The address where it takes checkpoints.
    pub(crate) address: String,
}

impl Service {
    /// Starts a witness for the log of this key. The witness's own key and its state are in the
    /// folder.
    pub(crate) fn start(folder: &Folder, log: &VerifierKey) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hanpyo-audit"))
            .args(["witness", "--listen", "127.0.0.1:0", "--log"])
            .arg(log.to_string())
            .arg("--seed")
            .arg(folder.join("seed"))
            .arg("--state")
            .arg(folder.join("state"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A log as its signer sees it.
struct Log {
    leaves: Vec<Hash>,
    signer: Signer,
}

impl Log {
    fn checkpoint(&self, size: usize) -> Note {
        let origin = self.signer.verifier_key().key_name().to_owned();
        let checkpoint =
            Checkpoint { origin, size: size as u64, root: compute_tree_root(&self.leaves[..size]) };
        checkpoint.sign(&self.signer).unwrap()
    }

    fn request(&self, old: usize, new: usize) -> String {
        let node = |node: Node| {
            let from = usize::try_from(node.index << node.level).unwrap();
            Ok::<_, ()>(compute_tree_root(&self.leaves[from..from + (1 << node.level)]))
        };
        let path =
            make_consistency_proof(old as u64, new as u64, node).unwrap().unwrap_or_default();
        let path: String = path.iter().map(|hash| hash.to_base64() + "\n").collect();
        format!("old {old}\n{path}\n{}", self.checkpoint(new))
    }
}

fn log() -> Log {
    let leaves = (0..900_u32).map(|number| leaf_hash(&number.to_be_bytes())).collect();
    Log { leaves, signer: signer(7) }
}

#[test]
fn a_service_cosigns_what_extends_and_keeps_it_over_a_restart() {
    let own = Folder::new();
    let key = new_key(&own);
    let log = log();
    let mut old = 0;
    for new in [1, 255, 256, 257, 600] {
        // The service starts again each time: what it has cosigned is on the disk.
        let service = Service::start(&own, signer(7).verifier_key());
        let (status, _, line) = post(&service.address, &log.request(old, new));
        assert_eq!(status, 200, "{old} to {new}: {line}");
        let note: Note = format!("{}{line}", log.checkpoint(new)).parse().unwrap();
        assert!(note.verify_cosignature_time(&key).is_ok());
        let (status, kind, size) = post(&service.address, &log.request(old, new));
        let conflict = (409, "text/x.tlog.size".to_owned(), format!("{new}\n"));
        assert_eq!((status, kind, size), conflict);
        assert_eq!(post(&service.address, &log.request(new, new)).0, 200, "the same once more");
        old = new;
    }
}

#[test]
fn a_service_answers_each_wrong_request_with_its_status() {
    let own = Folder::new();
    new_key(&own);
    let service = Service::start(&own, signer(7).verifier_key());
    let ask = |body: &str| post(&service.address, body).0;
    let log = log();
    assert_eq!(ask(&log.request(0, 300)), 200);
    let good = log.request(300, 500);
    let other = Signer::from_seed("vote.example/record/other", &[7; 32]).unwrap();
    assert_eq!(ask(&Log { signer: other, ..self::log() }.request(300, 500)), 404);
    assert_eq!(ask(&Log { signer: signer(8), ..self::log() }.request(300, 500)), 403);
    let signature = good.rfind("— ").unwrap() + 60;
    let mut broken: Vec<char> = good.chars().collect();
    let place = good[..signature].chars().count();
    broken[place] = if broken[place] == 'A' { 'B' } else { 'A' };
    assert_eq!(ask(&broken.iter().collect::<String>()), 403);
    assert_eq!(ask(&good.replacen("old 300", "old 501", 1)), 400);
    assert_eq!(ask(&good.replacen("old 300", "old 0300", 1)), 400);
    assert_eq!(ask(&good.replacen("old 300", "older 300", 1)), 400);
    assert_eq!(ask(""), 400);
    assert_eq!(ask("old 300\n\nno note\n"), 400);
    let line = format!("{}\n", empty_root().to_base64());
    assert_eq!(ask(&good.replacen("\n\n", &format!("\n{}\n", line.repeat(64)), 1)), 400);
    assert_eq!(ask(&good.replacen("\n\n", &format!("\n{line}\n"), 1)), 422);
    assert_eq!(ask(&good.replacen("old 300", "old 299", 1)), 409);
    let mut forked = self::log();
    forked.leaves[7] = empty_root();
    assert_eq!(ask(&forked.request(300, 500)), 422);
    assert_eq!(ask(&forked.request(300, 300)), 422);
    assert_eq!(ask(&"x".repeat(300 * 1_024)), 413);
    assert_eq!(ask(&good), 200, "after all of these it still follows the log");
}

#[test]
fn the_first_request_must_carry_no_proof() {
    let own = Folder::new();
    new_key(&own);
    let service = Service::start(&own, signer(7).verifier_key());
    let request = log().request(0, 300);
    let with = request.replacen("\n\n", &format!("\n{}\n\n", empty_root().to_base64()), 1);
    assert_eq!(post(&service.address, &with).0, 422);
    assert_eq!(post(&service.address, &request).0, 200);
}

#[test]
fn two_witnesses_never_share_a_state() {
    let own = Folder::new();
    new_key(&own);
    let _service = Service::start(&own, signer(7).verifier_key());
    let record = Folder::new();
    write(&sample(), &record);
    assert_eq!(code(&witness(&own, record.path().to_str().unwrap())), 2);
}
