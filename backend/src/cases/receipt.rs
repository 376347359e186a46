//! The receipt of a sending: the number, the time and the digests of what was sent in, signed by the server.
//!
//! It is a C2SP signed note under a key of its own for each edition, so that it can never be taken for a checkpoint of the
//! record. The organisation keeps it; whoever has the key checks it without this server (`hanpyo-audit note`).

mod queries;

use std::fmt::Write as _;

use domain::ids::CaseId;
use domain::record::key::{Signer, VerifierKey};
use domain::record::note::Note;
use domain::record::words::UtcSecond;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::Case;
use crate::accounts::Member;
use crate::editions::Edition;
use crate::{Backend, Error, Result};

/// The first line of a receipt's text: what it is, and its version.
const FORM: &str = "hanpyo submission/v1";

/// The number and the signed text of a sending.
pub(super) struct SignedSending {
    pub(super) number: i32,
    pub(super) note: String,
}

impl Backend {
    /// Returns the newest receipt of a case of the member's organisation: a signed note.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a case that was never sent in.
    pub async fn case_receipt(&self, member: &Member, case: CaseId) -> Result<String> {
        self.own_case(member, case).await?;
        let found = queries::find_receipt(&mut *self.acquire_connection().await?, case).await?;
        found.ok_or(Error::NotFound)
    }

    /// Returns the public key that checks the receipts of an edition.
    ///
    /// # Errors
    /// [`Error::Internal`] if the server's address makes no name of a key.
    pub fn receipt_key(&self, edition: &Edition) -> Result<VerifierKey> {
        Ok(self.receipt_signer(edition)?.verifier_key().clone())
    }

    fn receipt_signer(&self, edition: &Edition) -> Result<Signer> {
        let seed = self.keys.compute_mac("submission-signing", &[edition.id.0.as_bytes()]);
        let name = format!("{}/submissions", self.record_origin(edition));
        Signer::from_seed(&name, &seed).map_err(|_| Error::Internal("an address that names no key"))
    }

    /// Numbers and signs a sending, inside the caller's transaction. A case that is sent in again keeps its number.
    pub(super) async fn sign_receipt(
        &self,
        connection: &mut PgConnection,
        edition: &Edition,
        case: &Case,
    ) -> Result<SignedSending> {
        let number = match case.receipt_number {
            Some(number) => number,
            None => queries::take_receipt_number(connection, edition.id).await?,
        };
        let files = queries::file_digests(connection, case.id).await?;
        let text = receipt_text(edition, case, number, &files);
        let note = Note::with_signature(&text, self.receipt_signer(edition)?.sign_note_text(&text))
            .map_err(|_| Error::Internal("a receipt is no note"))?;
        Ok(SignedSending { number, note: note.to_string() })
    }
}

/// Writes what is signed. `texts` is the SHA-256 of the JSON array of title, English title, summary, story and film, in UTF-8;
/// `file` that of each document.
fn receipt_text(edition: &Edition, case: &Case, number: i32, files: &[Vec<u8>]) -> String {
    let texts = [&case.title, &case.title_en, &case.summary, &case.body, &case.film];
    let texts = hex::encode(Sha256::digest(serde_json::json!(texts).to_string()));
    let at = UtcSecond::from_instant(edition.now);
    let mut text = format!(
        "{FORM}\nedition {}\nnumber {number}\ncase {}\nat {at}\ntexts {texts}\n",
        edition.slug, case.id
    );
    for file in files {
        // Writing to a text never fails.
        let _ = writeln!(text, "file {}", hex::encode(file));
    }
    text
}
