//! What a run votes on, and who votes. Voters are numbers. Their cookies, pseudonyms, keys and
//! picks follow from the seed, so a million voters take no memory and nothing has to be stored.

use std::fs;
use std::path::Path;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::{Result, SimulatorError};
use crate::random::SeededRandom;

/// A poll with prepared voters. The seed opens their sessions: for tests only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedSeason {
    /// The edition's slug.
    pub edition: String,
    /// The poll's slug; empty if the poll has no slug.
    pub poll: String,
    /// The poll's primary key in the database.
    pub poll_id: Uuid,
    /// The key of the program's MAC under voters' cookies, derived from its master key.
    pub token_key: [u8; 32],
    /// The seed from which the voters are derived.
    pub seed: u64,
    /// Number of prepared voters.
    pub voters: u64,
    /// The cases that may be picked.
    pub cases: Vec<Uuid>,
    /// Minimum and maximum number of picks.
    pub picks: (usize, usize),
}

/// A request for a ballot: the voter and one of the voter's tabs. It identifies one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BallotRequest {
    /// The voter's number.
    pub voter: u64,
    /// The tab's number. Each tab posts its own key.
    pub tab: u8,
}

/// The content of the ballot of an [`BallotRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedBallot {
    /// The idempotency key.
    pub key: Uuid,
    /// The picks, sorted.
    pub picks: Vec<Uuid>,
}

/// Derives the key of the MAC under voters' cookies from the program's key file, as the program does.
///
/// # Errors
/// [`SimulatorError`] if the file cannot be read.
pub fn read_token_key(key_file: &Path) -> Result<[u8; 32]> {
    let unreadable = SimulatorError::system_error(key_file.display().to_string());
    let text = fs::read_to_string(key_file).map_err(unreadable)?;
    let (mut master, mut key) = ([0; 32], [0; 32]);
    hex::decode_to_slice(text.trim(), &mut master)
        .map_err(|error| SimulatorError::condition_error(error.to_string()))?;
    Hkdf::<Sha256>::new(None, &master)
        .expand(b"token-voter", &mut key)
        .expect("32 bytes are a length that HKDF can give");
    Ok(key)
}

impl PreparedSeason {
    /// Returns the cookie of a voter's session: 64 lowercase hex digits.
    #[must_use]
    pub fn session_token(&self, voter: u64) -> String {
        let random = &Sha256::digest(format!("{}:token:{voter}", self.seed))[..24];
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.token_key).expect("HMAC takes any key");
        mac.update(&24_u64.to_be_bytes());
        mac.update(random);
        format!("{}{}", hex::encode(random), hex::encode(&mac.finalize().into_bytes()[..8]))
    }

    /// Returns the pseudonym of a voter.
    #[must_use]
    pub fn voter_key(&self, voter: u64) -> [u8; 32] {
        Sha256::digest(format!("{}:voter:{voter}", self.seed)).into()
    }

    /// Returns the ballot that this tab of this voter posts. It is the same each time.
    #[must_use]
    pub fn requested_ballot(&self, ask: BallotRequest) -> PreparedBallot {
        let mut chance = SeededRandom::for_stream(self.seed, ask.voter * 256 + u64::from(ask.tab));
        let key = chance.draw_uuid();
        let (least, most) = self.picks;
        let count =
            (least + chance.draw_index(most.saturating_sub(least) + 1)).min(self.cases.len());
        let mut picks = Vec::with_capacity(count);
        while picks.len() < count {
            let case = self.cases[chance.draw_index(self.cases.len())];
            if !picks.contains(&case) {
                picks.push(case);
            }
        }
        picks.sort_unstable();
        PreparedBallot { key, picks }
    }

    /// Writes the season to a file.
    ///
    /// # Errors
    /// [`SimulatorError`] if the file cannot be written.
    pub fn write_to_file(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|e| SimulatorError::condition_error(e.to_string()))?;
        fs::write(path, text).map_err(SimulatorError::system_error(path.display().to_string()))
    }

    /// Reads a season from a file.
    ///
    /// # Errors
    /// [`SimulatorError`] if the file does not exist or is invalid.
    pub fn read_from_file(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .map_err(SimulatorError::system_error(path.display().to_string()))?;
        serde_json::from_str(&text).map_err(|error| {
            SimulatorError::condition_error(format!("{}: {error}", path.display()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::{BallotRequest, PreparedSeason};

    #[test]
    fn every_tab_of_every_voter_has_a_key_of_its_own_and_valid_picks() {
        let cases: Vec<Uuid> = (1..=5).map(Uuid::from_u128).collect();
        let (edition, poll) = ("e".to_owned(), String::new());
        let (poll_id, token_key, picks) = (Uuid::nil(), [7; 32], (1, 3));
        let (seed, voters) = (1, 500);
        let season =
            PreparedSeason { edition, poll, poll_id, token_key, seed, voters, cases, picks };
        let mut keys = HashSet::new();
        for (voter, tab) in (0..500).flat_map(|voter| [(voter, 0), (voter, 1)]) {
            let ballot = season.requested_ballot(BallotRequest { voter, tab });
            assert_eq!(ballot, season.requested_ballot(BallotRequest { voter, tab }));
            assert!(keys.insert(ballot.key));
            assert!((1..=3).contains(&ballot.picks.len()) && ballot.picks.is_sorted());
            assert!(ballot.picks.iter().collect::<HashSet<_>>().len() == ballot.picks.len());
        }
        assert_eq!(season.session_token(3).len(), 64);
        assert_ne!(season.session_token(3), season.session_token(4));
    }
}
