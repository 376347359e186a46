//! The vote: picks, identification, code, ballot and receipt; shared machines and rolls.

pub(crate) mod booth;
pub(crate) mod cast;
pub(crate) mod change_picks;
pub(crate) mod chooser;
pub(crate) mod closed;
pub(crate) mod code;
pub(crate) mod code_link;
pub(crate) mod cookies;
pub(crate) mod form_errors;
pub(crate) mod identify;
pub(crate) mod kiosk;
pub(crate) mod kiosk_desk;
pub(crate) mod oidc_return;
pub(crate) mod open_polls;
pub(crate) mod picks;
pub(crate) mod receipt;
pub(crate) mod roll_desk;
pub(crate) mod send_code;
pub(crate) mod signals;
pub(crate) mod steps;
pub(crate) mod verify;
pub(crate) mod voter_status;
