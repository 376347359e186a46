//! Opening the ballots of a closed poll: for the count, the cast-vote records and the observers.
//! Before the close, only a voter's own ballot can be opened.

use domain::refusal::AwardsRefusal;
use std::collections::HashMap;

use domain::ballot::Picks;
use domain::ids::{BallotId, PollId};
use domain::record::receipt::Opening;
use sqlx::PgConnection;

use super::ballots::queries;
use super::{VoterToken, sealed_picks};
use crate::editions::{Edition, Poll};
use crate::keys::EditionKey;
use crate::{Backend, Error, Result};

/// The number of ballots read at once, so that each statement is short.
const PAGE_BALLOTS: i64 = 10_000;

/// The ballots of a closed poll that count, in 20 bytes each. Most voters make the same choice as
/// others, so each choice is stored once. A ballot's key is derived again when it is written.
pub(crate) struct OpenedBallots {
    key: EditionKey,
    poll: PollId,
    /// The different choices, sorted, and how often each was made.
    choices: Vec<(Picks, u64)>,
    /// The ballots, sorted, each with the place of its choice in `choices`.
    ballots: Vec<(BallotId, u32)>,
}

impl OpenedBallots {
    /// Sorts the choices and the ballots.
    fn from_unsorted(
        (key, poll): (EditionKey, PollId),
        places: HashMap<Picks, (u32, u64)>,
        mut ballots: Vec<(BallotId, u32)>,
    ) -> Self {
        let mut choices: Vec<_> = places.into_iter().collect();
        choices.sort_unstable();
        let mut sorted = vec![0; choices.len()];
        for (place, (_, (read, _))) in (0..).zip(&choices) {
            sorted[*read as usize] = place;
        }
        for (_, choice) in &mut ballots {
            *choice = sorted[*choice as usize];
        }
        ballots.sort_unstable();
        let choices = choices.into_iter().map(|(picks, (_, times))| (picks, times)).collect();
        Self { key, poll, choices, ballots }
    }

    /// The choices, sorted, each repeated as often as it was made.
    pub(crate) fn sorted_votes(&self) -> impl Iterator<Item = &Picks> {
        self.choices.iter().flat_map(|(picks, times)| (0..*times).map(move |_| picks))
    }

    /// The openings, sorted by the numbers of their ballots. Skips the first `without`.
    pub(crate) fn openings_after(&self, without: usize) -> impl Iterator<Item = Opening> {
        let rest = self.ballots.get(without..).unwrap_or_default();
        rest.iter().filter_map(|(ballot, choice)| {
            let (picks, _) = self.choices.get(*choice as usize)?;
            let key = sealed_picks::derive_ballot_key(&self.key, self.poll, *ballot);
            Some(Opening { ballot: *ballot, key, picks: picks.clone() })
        })
    }
}

/// Which of the voters' last ballots count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CountedBallots {
    /// All but those that are held, or excluded by two people.
    AsRuled,
    /// All.
    EveryHeld,
    /// All that were never held.
    NoneEverHeld,
}

impl CountedBallots {
    const fn includes(self, ballot: &queries::LastBallot) -> bool {
        match self {
            Self::AsRuled => !ballot.set_aside,
            Self::EveryHeld => true,
            Self::NoneEverHeld => !ballot.ever_held,
        }
    }
}

impl Backend {
    /// Passes every ballot of a closed poll that counts to `take`. If voters changed their minds,
    /// only the last ballot counts. Ballots are read page by page, so a million of them need little
    /// memory.
    ///
    /// # Errors
    /// [`Error::Refused`] with [`crate::AwardsRefusal::PollsOpen`] before the record has closed the poll.
    /// [`Error::Internal`] if a ballot was changed or the edition's key is destroyed.
    pub(crate) async fn open_each_ballot(
        &self,
        connection: &mut PgConnection,
        edition: &Edition,
        (poll, counted): (&Poll, CountedBallots),
        mut take: impl FnMut(BallotId, Picks) + Send,
    ) -> Result<()> {
        if !queries::is_poll_closed(connection, poll.id).await? {
            return Err(Error::Refused(crate::Refusal::Awards(AwardsRefusal::PollsOpen)));
        }
        let (key, mut after) = (self.keys.edition_key(edition.id)?, Vec::new());
        loop {
            let page =
                queries::sealed_ballots_after(connection, poll.id, &after, PAGE_BALLOTS).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(&last.voter_key);
            for ballot in page.into_iter().filter(|ballot| counted.includes(ballot)) {
                let place = (poll.id, ballot.id);
                let picks = sealed_picks::open_picks(&key, place, &ballot.picks, poll.rules.picks)?;
                take(ballot.id, picks);
            }
        }
    }

    /// Opens all ballots of a closed poll that count.
    ///
    /// # Errors
    /// Those of [`Backend::open_each_ballot`].
    pub(crate) async fn open_all_ballots(
        &self,
        edition: &Edition,
        poll: &Poll,
    ) -> Result<OpenedBallots> {
        let (mut places, mut ballots) = (HashMap::<Picks, (u32, u64)>::new(), Vec::new());
        let take = |id, picks| {
            let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
            let (place, times) = places.entry(picks).or_insert((next, 0));
            *times += 1;
            ballots.push((id, *place));
        };
        let counted = (poll, CountedBallots::AsRuled);
        self.open_each_ballot(&mut *self.acquire_connection().await?, edition, counted, take)
            .await?;
        Ok(OpenedBallots::from_unsorted(
            (self.keys.edition_key(edition.id)?, poll.id),
            places,
            ballots,
        ))
    }

    /// Returns the opening that proves to the browser that cast the ballot, and to no other, that the
    /// record commits to the picks. `None` in every other browser.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Internal`].
    pub async fn voter_opening(
        &self,
        edition: &Edition,
        voter: &VoterToken,
    ) -> Result<Option<Opening>> {
        let poll = edition.polls.iter().find(|poll| poll.id == voter.poll);
        let poll = poll.ok_or(Error::Forbidden)?;
        let mine = queries::sealed_ballot_of_session(&mut *self.acquire_connection().await?, voter)
            .await?;
        let Some((ballot, picks)) = mine else { return Ok(None) };
        let key = self.keys.edition_key(edition.id)?;
        let picks = sealed_picks::open_picks(&key, (poll.id, ballot), &picks, poll.rules.picks)?;
        Ok(Some(Opening {
            ballot,
            key: sealed_picks::derive_ballot_key(&key, poll.id, ballot),
            picks,
        }))
    }
}

#[cfg(test)]
mod tests {
    use domain::ballot::Picks;
    use domain::ids::{BallotId, CaseId, EditionId, PollId};
    use domain::record::cvr;
    use domain::record::receipt::Opening;
    use uuid::Uuid;

    use super::{HashMap, OpenedBallots, sealed_picks};
    use crate::keys::Keys;

    /// The compact form gives the same tables as a list of whole openings.
    #[test]
    fn the_tables_are_those_of_the_whole_openings() {
        let key = Keys::from_bytes([42; 32]).edition_key(EditionId(Uuid::from_u128(1))).unwrap();
        let poll = PollId(Uuid::from_u128(2));
        let (mut places, mut ballots, mut whole) = (HashMap::new(), Vec::new(), Vec::new());
        for number in 0..500_u128 {
            // Unsorted numbers, and ten choices that are read in another order than sorted.
            let ballot = BallotId(Uuid::from_u128(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
            let case = CaseId(Uuid::from_u128(1 + (number * 7) % 10));
            let picks = Picks::from_canonical_text(&case.0.to_string()).unwrap();
            let next = u32::try_from(places.len()).unwrap();
            let (place, times) = places.entry(picks.clone()).or_insert((next, 0));
            *times += 1;
            ballots.push((ballot, *place));
            whole.push(Opening {
                ballot,
                key: sealed_picks::derive_ballot_key(&key, poll, ballot),
                picks,
            });
        }
        let opened = OpenedBallots::from_unsorted((key, poll), places, ballots);
        let votes = (1..)
            .zip(opened.sorted_votes())
            .map(|(number, picks)| cvr::format_cvr_row(number, picks));
        let table: String = std::iter::once(cvr::CVR_HEADER.to_owned()).chain(votes).collect();
        assert_eq!(
            table,
            cvr::write_cvr_table(whole.iter().map(|row| row.picks.clone()).collect())
        );
        let rows = opened.openings_after(0).map(|opening| cvr::format_opening_row(&opening));
        let table: String = std::iter::once(cvr::OPENINGS_HEADER.to_owned()).chain(rows).collect();
        assert_eq!(table, cvr::write_openings_table(whole));
        assert_eq!(opened.openings_after(499).count(), 1);
        assert_eq!(opened.openings_after(501).count(), 0);
    }
}
