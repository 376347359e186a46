//! What this browser keeps of votes cast in it: receipts, and the openings that nobody else has.
//! Nothing leaves the browser, and *Finish on this device* deletes everything.

use domain::ids::BallotId;
use domain::record::receipt::Opening;
use web_sys::Storage;

use super::window;

const RECEIPT: &str = "hanpyo.receipt.";
const OPENING: &str = "hanpyo.opening.";

/// Returns the storage; `None` if the reader has switched it off.
fn browser_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn keep_storage_item(kind: &str, ballot: BallotId, text: &str) {
    if let Some(storage) = browser_storage() {
        let _ = storage.set_item(&format!("{kind}{}", ballot.0.simple()), text);
    }
}

/// Keeps a receipt file, and replaces an earlier one of the same ballot.
pub(super) fn keep_receipt(ballot: BallotId, file: &str) {
    keep_storage_item(RECEIPT, ballot, file);
}

/// Keeps the opening of this ballot's commitment.
pub(super) fn keep_opening(opening: &Opening) {
    keep_storage_item(OPENING, opening.ballot, &opening.to_string());
}

/// Returns the receipt file of this ballot.
pub(super) fn find_receipt(ballot: BallotId) -> Option<String> {
    let name = format!("{RECEIPT}{}", ballot.0.simple());
    browser_storage()?.get_item(&name).ok().flatten()
}

/// Returns the opening of this ballot's commitment.
pub(super) fn find_opening(ballot: BallotId) -> Option<Opening> {
    let name = format!("{OPENING}{}", ballot.0.simple());
    browser_storage()?.get_item(&name).ok().flatten()?.parse().ok()
}

/// Returns the names of everything that is kept here.
fn kept_item_names() -> Vec<String> {
    let Some(storage) = browser_storage() else { return Vec::new() };
    let length = storage.length().unwrap_or_default();
    let names = (0..length).filter_map(|at| storage.key(at).ok().flatten());
    names.filter(|name| name.starts_with(RECEIPT) || name.starts_with(OPENING)).collect()
}

/// Returns every receipt file that is kept here.
pub(super) fn read_kept_receipts() -> Vec<String> {
    let Some(storage) = browser_storage() else { return Vec::new() };
    let mut names: Vec<String> =
        kept_item_names().into_iter().filter(|name| name.starts_with(RECEIPT)).collect();
    names.sort();
    names.iter().filter_map(|name| storage.get_item(name).ok().flatten()).collect()
}

/// Deletes everything that is kept here.
pub(super) fn forget_everything() {
    if let Some(storage) = browser_storage() {
        for name in kept_item_names() {
            let _ = storage.remove_item(&name);
        }
    }
}
