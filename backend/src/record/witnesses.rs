//! Witnesses: programs of other people that cosign a checkpoint if it extends the last one they saw
//! (C2SP tlog-witness). With one witness, not even the owner of the log's key can show two
//! histories to two people.

use std::str::FromStr;
use std::time::Duration;

use domain::record::key::{KeyKind, VerifierKey};
use domain::record::note::{Note, Signature};
use domain::record::tree::Hash;
use reqwest::{Client, StatusCode, Url};

/// How long a witness may take. All are asked at once, and the lease lasts longer than two rounds.
const DEADLINE: Duration = Duration::from_secs(2);
/// The longest answer of a witness, in bytes. It is a cosignature or a size.
const LARGEST_ANSWER: usize = 16 * 1024;

/// A witness that is asked for cosignatures.
#[derive(Clone, Debug)]
pub struct Witness {
    url: Url,
    key: VerifierKey,
    deadline: Duration,
}

/// A text that does not name a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a witness is named by URL=KEY: where it listens, and its key as it prints it")]
pub struct BadWitness;

impl FromStr for Witness {
    type Err = BadWitness;

    /// Reads `https://witness.example/log=<name>+<id>+<base64>`.
    fn from_str(text: &str) -> Result<Self, BadWitness> {
        let (url, key) = text.trim().split_once('=').ok_or(BadWitness)?;
        let key: VerifierKey = key.parse().map_err(|_| BadWitness)?;
        let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let url: Url = url.parse().map_err(|_| BadWitness)?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let fits = is_web && key.kind() == KeyKind::Witness;
        fits.then_some(Self { url, key, deadline: DEADLINE }).ok_or(BadWitness)
    }
}

impl Witness {
    /// The witness's key.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// Sets how long this witness may take to answer. A longer time than usual is safe only if no
    /// other process uses the log meanwhile.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }
}

/// The answer of a witness.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WitnessAnswer {
    /// It has cosigned.
    Cosigned(Signature),
    /// The size that it has seen last, if it is not the size that the request named.
    Saw(u64),
    /// The checkpoint does not extend the one that it saw.
    Fork,
    /// No useful answer: it is not reachable, does not know this log, or is broken.
    Away,
}

/// The witnesses, and the client that asks them.
pub(crate) struct Witnesses {
    client: Option<Client>,
    pub(super) all: Vec<Witness>,
}

impl Witnesses {
    /// Makes the list of witnesses. An empty list never sends a request.
    pub(crate) fn from_witnesses(all: Vec<Witness>) -> Self {
        if all.is_empty() {
            return Self { client: None, all };
        }
        // The workspace has one cryptography provider, and reqwest uses the installed one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        Self { client: client.ok(), all }
    }

    /// Returns the witnesses that have not cosigned this note.
    pub(super) fn missing_cosigners(&self, note: &Note) -> Vec<Witness> {
        let is_missing = |witness: &&Witness| note.verify_cosignature_time(&witness.key).is_err();
        self.all.iter().filter(is_missing).cloned().collect()
    }

    /// Asks a witness for its cosignature. `old` is the size that it saw last, and `proof` shows
    /// that the checkpoint extends it.
    pub(super) async fn ask_for_cosignature(
        &self,
        witness: &Witness,
        old: u64,
        proof: &[Hash],
        note: &Note,
    ) -> WitnessAnswer {
        let Some(client) = &self.client else { return WitnessAnswer::Away };
        let lines: String = proof.iter().map(|hash| hash.to_base64() + "\n").collect();
        let body = format!("old {old}\n{lines}\n{note}");
        let request = client.post(witness.url.clone()).timeout(witness.deadline);
        let answer = request.body(body).send().await;
        let Ok(answer) = answer else { return WitnessAnswer::Away };
        let status = answer.status();
        let text = read_short_text(answer).await.unwrap_or_default();
        interpret_answer(witness, note, status, &text)
    }
}

/// Reads the text of an answer. `None` if it is too long.
async fn read_short_text(mut answer: reqwest::Response) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        bytes.extend(chunk);
        if bytes.len() > LARGEST_ANSWER {
            return None;
        }
    }
    String::from_utf8(bytes).ok()
}

fn interpret_answer(
    witness: &Witness,
    note: &Note,
    status: StatusCode,
    text: &str,
) -> WitnessAnswer {
    match status {
        StatusCode::OK => {
            let good = |signature: &Signature| {
                let mut cosigned = note.clone();
                witness.key.is_claimed_by(signature)
                    && cosigned.add_signature(signature.clone()).is_ok()
                    && cosigned.verify_cosignature_time(&witness.key).is_ok()
            };
            let mut signatures = text.lines().filter_map(|line| line.parse().ok());
            signatures.find(good).map_or(WitnessAnswer::Away, WitnessAnswer::Cosigned)
        }
        StatusCode::CONFLICT => {
            text.trim_end().parse().map_or(WitnessAnswer::Away, WitnessAnswer::Saw)
        }
        StatusCode::UNPROCESSABLE_ENTITY => WitnessAnswer::Fork,
        _ => WitnessAnswer::Away,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::record::checkpoint::Checkpoint;
    use domain::record::key::{Cosigner, Signer};
    use domain::record::tree::empty_root;

    fn witness(cosigner: &Cosigner) -> Witness {
        format!("http://127.0.0.1:9/log/={}", cosigner.verifier_key()).parse().unwrap()
    }

    fn note(size: u64) -> Note {
        let signer = Signer::from_seed("vote.example/record/x", &[1; 32]).unwrap();
        let origin = signer.verifier_key().key_name().to_owned();
        Checkpoint { origin, size, root: empty_root() }.sign(&signer).unwrap()
    }

    #[test]
    fn a_witness_is_named_by_address_and_key() {
        let cosigner = Cosigner::from_seed("witness.example/press", &[2; 32]).unwrap();
        let read = witness(&cosigner);
        assert_eq!(read.url.as_str(), "http://127.0.0.1:9/log/add-checkpoint");
        assert_eq!(read.verifier_key(), cosigner.verifier_key());
        let log = Signer::from_seed("vote.example/record/x", &[1; 32]).unwrap();
        for wrong in [
            String::new(),
            "http://127.0.0.1:9".to_owned(),
            format!("ftp://127.0.0.1={}", cosigner.verifier_key()),
            format!("http://127.0.0.1={}", log.verifier_key()),
        ] {
            assert!(wrong.parse::<Witness>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_cosignature_of_this_checkpoint_by_this_witness_is_taken() {
        let cosigner = Cosigner::from_seed("witness.example/press", &[2; 32]).unwrap();
        let other = Cosigner::from_seed("witness.example/other", &[3; 32]).unwrap();
        let (witness, note) = (witness(&cosigner), note(5));
        let good = cosigner.cosign_checkpoint(note.signed_text(), 1_700_000_000);
        let text = format!("{}\n{good}\n", other.cosign_checkpoint(note.signed_text(), 1));
        let answer = interpret_answer(&witness, &note, StatusCode::OK, &text);
        assert_eq!(answer, WitnessAnswer::Cosigned(good));
        let of_another =
            format!("{}\n", cosigner.cosign_checkpoint(self::note(6).signed_text(), 1));
        assert_eq!(
            interpret_answer(&witness, &note, StatusCode::OK, &of_another),
            WitnessAnswer::Away
        );
        assert_eq!(
            interpret_answer(&witness, &note, StatusCode::CONFLICT, "7\n"),
            WitnessAnswer::Saw(7)
        );
        assert_eq!(
            interpret_answer(&witness, &note, StatusCode::CONFLICT, "-1\n"),
            WitnessAnswer::Away
        );
        assert_eq!(
            interpret_answer(&witness, &note, StatusCode::UNPROCESSABLE_ENTITY, ""),
            WitnessAnswer::Fork
        );
        assert_eq!(
            interpret_answer(&witness, &note, StatusCode::NOT_FOUND, ""),
            WitnessAnswer::Away
        );
    }
}
