//! All ballots of the log in little memory: about 130 bytes for each, indexes included.

use std::collections::HashMap;

/// What became of a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BallotStatus {
    /// It counts.
    Counted,
    /// It waits for people to decide; the number refers to its reasons.
    Held(u16),
    /// Two people have excluded it; the number refers to their reason.
    Excluded(u16),
    /// A later ballot of the same voter replaces it.
    Replaced,
}

/// One ballot of the log.
#[derive(Debug, Clone, Copy)]
pub struct Ballot {
    /// The commitment to its picks.
    pub commitment: [u8; 32],
    /// Its poll, as a place in the rulebook.
    pub poll: u16,
    /// What became of it.
    pub status: BallotStatus,
}

/// The ballots in the order of the log.
#[derive(Debug, Default)]
pub struct Ballots {
    list: Vec<Ballot>,
    by_id: HashMap<u128, u32>,
    by_voter: HashMap<(u16, [u8; 32]), u32>,
    reasons: Vec<String>,
    by_reason: HashMap<String, u16>,
}

/// Why a ballot is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BallotRefusal {
    /// A ballot with this id is already there.
    Id,
    /// The voter has already voted and may not change the vote.
    Voter,
    /// There are more ballots than this program can count.
    TooMany,
}

impl Ballots {
    /// Adds a ballot. It replaces an earlier ballot of the same voter if `may_change` allows it.
    /// Returns whether it did.
    ///
    /// # Errors
    /// [`BallotRefusal`] with the reason.
    pub fn add_ballot(
        &mut self,
        id: u128,
        voter: [u8; 32],
        ballot: Ballot,
        may_change: bool,
    ) -> Result<bool, BallotRefusal> {
        let place = u32::try_from(self.list.len()).map_err(|_| BallotRefusal::TooMany)?;
        if self.by_id.insert(id, place).is_some() {
            return Err(BallotRefusal::Id);
        }
        let earlier = self.by_voter.insert((ballot.poll, voter), place);
        if earlier.is_some() && !may_change {
            return Err(BallotRefusal::Voter);
        }
        if let Some(earlier) = earlier.and_then(|place| self.list.get_mut(place as usize)) {
            earlier.status = BallotStatus::Replaced;
        }
        self.list.push(ballot);
        Ok(earlier.is_some())
    }

    /// Returns the ballot with this id.
    pub fn find_ballot(&self, id: u128) -> Option<&Ballot> {
        self.by_id.get(&id).and_then(|&place| self.list.get(place as usize))
    }

    /// Returns the ballot with this id, so that its status can be changed.
    pub fn find_ballot_mut(&mut self, id: u128) -> Option<&mut Ballot> {
        self.by_id.get(&id).and_then(|&place| self.list.get_mut(place as usize))
    }

    /// Returns all ballots of one poll.
    pub fn ballots_of_poll(&self, poll: u16) -> impl Iterator<Item = &Ballot> {
        self.list.iter().filter(move |ballot| ballot.poll == poll)
    }

    /// Returns the number of a reason; `None` if there are more than 65,536 different ones.
    pub fn intern_reason(&mut self, text: &str) -> Option<u16> {
        if let Some(number) = self.by_reason.get(text) {
            return Some(*number);
        }
        let number = u16::try_from(self.reasons.len()).ok()?;
        self.reasons.push(text.to_owned());
        self.by_reason.insert(text.to_owned(), number);
        Some(number)
    }

    /// Returns the reason with this number.
    pub fn reason_text(&self, number: u16) -> &str {
        self.reasons.get(usize::from(number)).map_or("", String::as_str)
    }

    /// Drops the index that only [`Ballots::add_ballot`] needs.
    pub fn drop_voter_index(&mut self) {
        self.by_voter = HashMap::new();
        self.list.shrink_to_fit();
    }
}
