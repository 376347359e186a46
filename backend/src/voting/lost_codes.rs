//! A code whose answer was lost: the button was pressed twice, or the line broke. The same browser gets the
//! code that was sent, and no second message goes out.

mod queries;

use std::time::Duration;

use domain::ids::{EditionId, PollId};

use super::challenges::ChallengeOwner;
use crate::keys::{self, TokenKind};
use crate::{Backend, Result};

/// How often, and how long, a second press looks for the code of the first, which may not be stored yet.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// A code that a browser has asked for.
pub(super) struct AskedCode {
    id: uuid::Uuid,
    sealed: Vec<u8>,
    browser_hash: Vec<u8>,
}

impl Backend {
    /// Returns what is kept of the browser that asks for a code in a poll. `None` for one without a number.
    pub(super) fn asker_hash(&self, poll: PollId, browser: &str) -> Option<Vec<u8>> {
        let hash = || self.keys.compute_mac("asker", &[poll.0.as_bytes(), browser.as_bytes()]);
        (!browser.is_empty()).then(|| hash().to_vec())
    }

    /// Finds the code that this browser has asked for within the last minute for this voter, and hands it
    /// over to a new secret, which it returns. `None` if there is none, if somebody has tried to type it, or
    /// if the browser holds its secret already: then the answer was not lost.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub(super) async fn find_lost_code(
        &self,
        edition: EditionId,
        voter_key: &[u8],
        (asker, held): (&[u8], &str),
    ) -> Result<Option<String>> {
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            let mut connection = self.acquire_connection().await?;
            let Some(asked) = queries::find_asked_code(&mut connection, asker).await? else {
                continue;
            };
            if asked.browser_hash == keys::hash_token(held) {
                return Ok(None);
            }
            let owner: ChallengeOwner =
                self.keys.open_message(Some(edition), asked.id, &asked.sealed)?;
            if owner.voter_key != voter_key {
                return Ok(None);
            }
            let browser = self.keys.issue_token(TokenKind::Challenge);
            let hash = keys::hash_token(&browser);
            let handed = queries::hand_over_code(&mut connection, asked.id, &hash).await?;
            return Ok(handed.then_some(browser));
        }
        Ok(None)
    }
}
