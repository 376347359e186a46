//! The journal: every request and every answer. The checker uses it as a memory that is independent
//! of the server. It is kept in memory and appended to a file, one line for each event.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::season::{Ask, Season};
use crate::target::Outcome;
use crate::trouble::{Result, Trouble};

/// The history of one key: how often it was posted, and which answers came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// How often it was posted.
    pub asked: u32,
    /// How often each outcome came, in the order of [`Outcome::ALL`].
    answers: [u32; Outcome::ALL.len()],
}

impl Fate {
    /// Returns how often this outcome came.
    #[must_use]
    pub const fn times(&self, outcome: Outcome) -> u32 {
        self.answers[outcome as usize]
    }

    /// Returns whether it was posted and every answer said that nothing was stored.
    #[must_use]
    pub fn was_always_denied(&self) -> bool {
        let denials: u32 =
            Outcome::ALL.iter().filter(|it| it.denies()).map(|it| self.times(*it)).sum();
        self.asked > 0 && denials == self.asked
    }
}

/// The journal. Shared by all clients.
pub struct Journal {
    inner: Mutex<Inner>,
}

struct Inner {
    fates: HashMap<Ask, Fate>,
    acknowledged: u64,
    file: Option<BufWriter<File>>,
    begun: Instant,
}

impl Journal {
    /// Creates an empty journal. It is also written to `path`, if there is one.
    ///
    /// # Errors
    /// [`Trouble::System`] if the file cannot be created.
    pub fn new(path: Option<&Path>) -> Result<Self> {
        let file = match path {
            Some(path) => {
                let name = path.display().to_string();
                Some(BufWriter::new(File::create(path).map_err(Trouble::system(name))?))
            }
            None => None,
        };
        let inner = Inner { fates: HashMap::new(), acknowledged: 0, file, begun: Instant::now() };
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// Reads a journal that a load has written.
    ///
    /// # Errors
    /// [`Trouble`] if the file does not exist or a line is not a journal line.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let journal = Self::new(None)?;
        let file = File::open(path).map_err(Trouble::system(name.clone()))?;
        for (at, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(Trouble::system(name.clone()))?;
            let (ask, outcome) =
                event(&line).ok_or_else(|| Trouble::wrong(format!("{name}:{}: {line}", at + 1)))?;
            journal.inner().count(ask, outcome);
        }
        Ok(journal)
    }

    /// Reserves memory for this many keys. Growing a map of a million keys in the middle of a
    /// measurement would hold up the generator, and the answers would look late.
    pub fn reserve(&self, keys: u64) {
        self.inner().fates.reserve(usize::try_from(keys).unwrap_or(0));
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that this key is about to be posted. It is noted before the post, so that every stored
    /// ballot is in the journal.
    pub fn asked(&self, ask: Ask) {
        self.inner().note(ask, None);
    }

    /// Notes the outcome of a post, even if there was no answer.
    pub fn answered(&self, ask: Ask, outcome: Outcome) {
        self.inner().note(ask, Some(outcome));
    }

    /// Returns how many keys were acknowledged so far, each counted once.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.inner().acknowledged
    }

    /// Returns every posted key with its history.
    #[must_use]
    pub fn fates(&self) -> HashMap<Ask, Fate> {
        self.inner().fates.clone()
    }

    /// Writes the buffered lines to the file.
    ///
    /// # Errors
    /// [`Trouble::System`] if that fails. Then the file is incomplete.
    pub fn flush(&self) -> Result<()> {
        match &mut self.inner().file {
            Some(file) => file.flush().map_err(Trouble::system("the journal")),
            None => Ok(()),
        }
    }
}

impl Inner {
    fn count(&mut self, ask: Ask, outcome: Option<Outcome>) {
        let fate = self.fates.entry(ask).or_default();
        match outcome {
            None => fate.asked += 1,
            Some(outcome) => {
                let times = &mut fate.answers[outcome as usize];
                let first = outcome == Outcome::Acknowledged && *times == 0;
                self.acknowledged += u64::from(first);
                *times += 1;
            }
        }
    }

    fn note(&mut self, ask: Ask, outcome: Option<Outcome>) {
        self.count(ask, outcome);
        if let Some(file) = &mut self.file {
            let (word, at) = (outcome.map_or("asked", Outcome::word), self.begun.elapsed());
            // An error, such as a full disk, shows when the journal is flushed.
            let _ = writeln!(file, "{} {word} {} {}", at.as_micros(), ask.voter, ask.tab);
        }
    }
}

/// Parses a line: `<microseconds> <word> <voter> <tab>`.
fn event(line: &str) -> Option<(Ask, Option<Outcome>)> {
    let mut words = line.split(' ').skip(1);
    let word = words.next()?;
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.word() == word);
    let ask = Ask { voter: words.next()?.parse().ok()?, tab: words.next()?.parse().ok()? };
    (outcome.is_some() || word == "asked").then_some((ask, outcome))
}

/// Formats the totals of a journal: keys, posts, and answers of each kind.
#[must_use]
pub fn totals(fates: &HashMap<Ask, Fate>) -> String {
    let asked: u64 = fates.values().map(|fate| u64::from(fate.asked)).sum();
    let mut text = format!("{} keys posted {asked} times", fates.len());
    for outcome in Outcome::ALL {
        let count: u64 = fates.values().map(|fate| u64::from(fate.times(outcome))).sum();
        if count > 0 {
            text.push_str(&format!(" · {} {count}", outcome.word()));
        }
    }
    text
}

/// Maps the pseudonyms of all voters in the journal to their numbers.
#[must_use]
pub fn voters(season: &Season, fates: &HashMap<Ask, Fate>) -> HashMap<[u8; 32], u64> {
    fates.keys().map(|ask| (season.voter_key(ask.voter), ask.voter)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Ask, Journal, Outcome};

    #[test]
    fn what_is_read_back_is_what_was_noted() {
        let path = std::env::temp_dir().join(format!("journal-test-{}", std::process::id()));
        let journal = Journal::new(Some(&path)).unwrap();
        let (one, two) = (Ask { voter: 1, tab: 0 }, Ask { voter: 2, tab: 1 });
        journal.asked(one);
        journal.answered(one, Outcome::Unknown);
        journal.asked(one);
        journal.answered(one, Outcome::Acknowledged);
        journal.asked(two);
        journal.answered(two, Outcome::Overload);
        journal.flush().unwrap();
        let read = Journal::read(&path).unwrap().fates();
        assert_eq!(read, journal.fates());
        assert_eq!((read[&one].asked, read[&one].times(Outcome::Acknowledged)), (2, 1));
        assert!(read[&two].was_always_denied() && !read[&one].was_always_denied());
        std::fs::write(&path, "17 asked x 0\n").unwrap();
        assert!(Journal::read(&path).is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
