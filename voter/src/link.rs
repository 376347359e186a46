//! A receipt inside a link, short enough for a QR code that a telephone reads from paper.
//!
//! `v1.<edition>.<poll>.<ballot>.<commitment>.<accepted>.<recorded-by>.<signature>`: bytes in
//! base64url, instants in seconds since 1970. It comes after the `#`, which browsers do not send. The name of
//! the log is left out, because it is that of the site; the signature shows whether it fits.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::DateTime;
use domain::ids::BallotId;
use domain::record::note::Note;
use domain::record::receipt::Receipt;
use domain::record::tree::Hash;
use domain::record::words::UtcSecond;
use uuid::Uuid;

/// Returns the short form of a receipt's note; `None` if the note is not a receipt.
#[must_use]
pub fn encode_receipt(note: &str) -> Option<String> {
    let note: Note = note.parse().ok()?;
    let receipt: Receipt = note.signed_text().parse().ok()?;
    let Receipt { edition, poll, ballot, commitment, accepted, recorded_by } = &receipt;
    let signature = note.signatures().first()?;
    let signature = [signature.key_id().to_be_bytes().as_slice(), signature.bytes()].concat();
    let [ballot, commitment, signature] =
        [ballot.0.as_bytes().as_slice(), commitment.as_bytes(), &signature]
            .map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    let [accepted, by] = [accepted, recorded_by].map(|at| at.first_instant().timestamp());
    Some(format!("v1.{edition}.{poll}.{ballot}.{commitment}.{accepted}.{by}.{signature}"))
}

/// Returns the note of a short form, as the log of this site has signed it. `site` is the address
/// of the site without its scheme, e.g. `vote.example`.
#[must_use]
pub fn decode_receipt(link: &str, site: &str) -> Option<String> {
    let words: Vec<&str> = link.split('.').collect();
    let ["v1", edition, poll, ballot, commitment, accepted, by, signature] = words.as_slice()
    else {
        return None;
    };
    let second = |text: &str| {
        let instant = DateTime::from_timestamp(text.parse().ok()?, 0)?;
        Some(UtcSecond::from_instant(instant))
    };
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let receipt = Receipt {
        edition: edition.parse().ok()?,
        poll: poll.parse().ok()?,
        ballot: BallotId(Uuid::from_slice(&bytes(ballot)?).ok()?),
        commitment: Hash::from_slice(&bytes(commitment)?)?,
        accepted: second(accepted)?,
        recorded_by: second(by)?,
    };
    let signature = STANDARD.encode(bytes(signature)?);
    Some(format!("{receipt}\n— {site}/record/{edition} {signature}\n"))
}

#[cfg(test)]
mod tests {
    use super::{decode_receipt, encode_receipt};
    use domain::ids::BallotId;
    use domain::record::key::Signer;
    use domain::record::receipt::Receipt;
    use domain::record::tree::Hash;

    fn note() -> String {
        let signer = Signer::from_seed("vote.example/record/daejeon-2024", &[7; 32]).unwrap();
        let receipt = Receipt {
            edition: "daejeon-2024".parse().unwrap(),
            poll: "citizens".parse().unwrap(),
            ballot: BallotId(uuid::Uuid::from_u128(0x0a1b_2c3d)),
            commitment: Hash::sha256_of(b"picks"),
            accepted: "2024-11-28T01:02:03Z".parse().unwrap(),
            recorded_by: "2024-12-01T15:10:00Z".parse().unwrap(),
        };
        receipt.sign(&signer).unwrap().to_string()
    }

    #[test]
    fn a_receipt_comes_back_from_its_link_letter_by_letter() {
        let link = encode_receipt(&note()).unwrap();
        assert_eq!(decode_receipt(&link, "vote.example"), Some(note()));
        assert!(link.len() < 240, "a QR code of this is hard to read: {}", link.len());
        assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)));
    }

    #[test]
    fn what_is_no_receipt_makes_no_link_and_no_note() {
        assert_eq!(encode_receipt("hello"), None);
        let link = encode_receipt(&note()).unwrap();
        for broken in ["", "v1", "v2.a.b.c.d.e.f.g", &link[1..], &link.replace("citizens", "<b>")] {
            assert_eq!(decode_receipt(broken, "vote.example"), None, "{broken}");
        }
    }
}
