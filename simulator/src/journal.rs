//! The journal: every request and every answer. The checker uses it as a memory that is independent
//! of the server. It is kept in memory and appended to a file, one line for each event.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::error::{Result, SimulatorError};
use crate::season::{BallotRequest, PreparedSeason};
use crate::target::Outcome;

/// The history of one key: how often it was posted, and which answers came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyHistory {
    /// How often it was posted.
    pub asked: u32,
    /// How often each outcome came, in the order of [`Outcome::ALL`].
    answers: [u32; Outcome::ALL.len()],
}

impl KeyHistory {
    /// Returns how often this outcome came.
    #[must_use]
    pub const fn outcome_count(&self, outcome: Outcome) -> u32 {
        self.answers[outcome as usize]
    }

    /// Returns whether it was posted and every answer said that nothing was stored.
    #[must_use]
    pub fn was_always_denied(&self) -> bool {
        let denials: u32 =
            Outcome::ALL.iter().filter(|it| it.is_denial()).map(|it| self.outcome_count(*it)).sum();
        self.asked > 0 && denials == self.asked
    }
}

/// The journal. Shared by all clients.
pub struct Journal {
    inner: Mutex<JournalState>,
}

struct JournalState {
    histories: HashMap<BallotRequest, KeyHistory>,
    acknowledged: u64,
    file: Option<BufWriter<File>>,
    begun: Instant,
}

impl Journal {
    /// Creates an empty journal. It is also written to `path`, if there is one.
    ///
    /// # Errors
    /// [`SimulatorError::System`] if the file cannot be created.
    pub fn with_file(path: Option<&Path>) -> Result<Self> {
        let file = match path {
            Some(path) => {
                let name = path.display().to_string();
                Some(BufWriter::new(
                    File::create(path).map_err(SimulatorError::system_error(name))?,
                ))
            }
            None => None,
        };
        let inner = JournalState {
            histories: HashMap::new(),
            acknowledged: 0,
            file,
            begun: Instant::now(),
        };
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// Reads a journal that a load has written.
    ///
    /// # Errors
    /// [`SimulatorError`] if the file does not exist or a line is not a journal line.
    pub fn read_from_file(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let journal = Self::with_file(None)?;
        let file = File::open(path).map_err(SimulatorError::system_error(name.clone()))?;
        for (at, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(SimulatorError::system_error(name.clone()))?;
            let (ask, outcome) = parse_event(&line).ok_or_else(|| {
                SimulatorError::condition_error(format!("{name}:{}: {line}", at + 1))
            })?;
            journal.lock_state().count_event(ask, outcome);
        }
        Ok(journal)
    }

    /// Reserves memory for this many keys. Growing a map of a million keys in the middle of a
    /// measurement would hold up the generator, and the answers would look late.
    pub fn reserve_keys(&self, keys: u64) {
        self.lock_state().histories.reserve(usize::try_from(keys).unwrap_or(0));
    }

    fn lock_state(&self) -> MutexGuard<'_, JournalState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that this key is about to be posted. It is noted before the post, so that every stored
    /// ballot is in the journal.
    pub fn note_post(&self, ask: BallotRequest) {
        self.lock_state().record_event(ask, None);
    }

    /// Notes the outcome of a post, even if there was no answer.
    pub fn note_outcome(&self, ask: BallotRequest, outcome: Outcome) {
        self.lock_state().record_event(ask, Some(outcome));
    }

    /// Returns how many keys were acknowledged so far, each counted once.
    #[must_use]
    pub fn acknowledged_count(&self) -> u64 {
        self.lock_state().acknowledged
    }

    /// Returns every posted key with its history.
    #[must_use]
    pub fn key_histories(&self) -> HashMap<BallotRequest, KeyHistory> {
        self.lock_state().histories.clone()
    }

    /// Writes the buffered lines to the file.
    ///
    /// # Errors
    /// [`SimulatorError::System`] if that fails. Then the file is incomplete.
    pub fn flush_file(&self) -> Result<()> {
        match &mut self.lock_state().file {
            Some(file) => file.flush().map_err(SimulatorError::system_error("the journal")),
            None => Ok(()),
        }
    }
}

impl JournalState {
    fn count_event(&mut self, ask: BallotRequest, outcome: Option<Outcome>) {
        let history = self.histories.entry(ask).or_default();
        match outcome {
            None => history.asked += 1,
            Some(outcome) => {
                let times = &mut history.answers[outcome as usize];
                let first = outcome == Outcome::Acknowledged && *times == 0;
                self.acknowledged += u64::from(first);
                *times += 1;
            }
        }
    }

    fn record_event(&mut self, ask: BallotRequest, outcome: Option<Outcome>) {
        self.count_event(ask, outcome);
        if let Some(file) = &mut self.file {
            let (word, at) = (outcome.map_or("asked", Outcome::journal_word), self.begun.elapsed());
            // An error, such as a full disk, shows when the journal is flushed.
            let _ = writeln!(file, "{} {word} {} {}", at.as_micros(), ask.voter, ask.tab);
        }
    }
}

/// Parses a line: `<microseconds> <word> <voter> <tab>`.
fn parse_event(line: &str) -> Option<(BallotRequest, Option<Outcome>)> {
    let mut words = line.split(' ').skip(1);
    let word = words.next()?;
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.journal_word() == word);
    let ask =
        BallotRequest { voter: words.next()?.parse().ok()?, tab: words.next()?.parse().ok()? };
    (outcome.is_some() || word == "asked").then_some((ask, outcome))
}

/// Formats the totals of a journal: keys, posts, and answers of each kind.
#[must_use]
pub fn format_totals(histories: &HashMap<BallotRequest, KeyHistory>) -> String {
    let asked: u64 = histories.values().map(|history| u64::from(history.asked)).sum();
    let mut text = format!("{} keys posted {asked} times", histories.len());
    for outcome in Outcome::ALL {
        let count: u64 =
            histories.values().map(|history| u64::from(history.outcome_count(outcome))).sum();
        if count > 0 {
            text.push_str(&format!(" · {} {count}", outcome.journal_word()));
        }
    }
    text
}

/// Maps the pseudonyms of all voters in the journal to their numbers.
#[must_use]
pub fn voters_by_key(
    season: &PreparedSeason,
    histories: &HashMap<BallotRequest, KeyHistory>,
) -> HashMap<[u8; 32], u64> {
    histories.keys().map(|ask| (season.voter_key(ask.voter), ask.voter)).collect()
}

#[cfg(test)]
mod tests {
    use super::{BallotRequest, Journal, Outcome};

    #[test]
    fn what_is_read_back_is_what_was_noted() {
        let path = std::env::temp_dir().join(format!("journal-test-{}", std::process::id()));
        let journal = Journal::with_file(Some(&path)).unwrap();
        let (one, two) = (BallotRequest { voter: 1, tab: 0 }, BallotRequest { voter: 2, tab: 1 });
        journal.note_post(one);
        journal.note_outcome(one, Outcome::Unknown);
        journal.note_post(one);
        journal.note_outcome(one, Outcome::Acknowledged);
        journal.note_post(two);
        journal.note_outcome(two, Outcome::Overload);
        journal.flush_file().unwrap();
        let read = Journal::read_from_file(&path).unwrap().key_histories();
        assert_eq!(read, journal.key_histories());
        assert_eq!((read[&one].asked, read[&one].outcome_count(Outcome::Acknowledged)), (2, 1));
        assert!(read[&two].was_always_denied() && !read[&one].was_always_denied());
        std::fs::write(&path, "17 asked x 0\n").unwrap();
        assert!(Journal::read_from_file(&path).is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
