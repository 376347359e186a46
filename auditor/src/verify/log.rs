//! What the lines of the log may say, and in which order. Each rule has a short name, which
//! findings carry.

use std::collections::{HashMap, HashSet};

use crate::line::Line;
use crate::rules::{Poll, Rules};

use super::ballots::{Ballot, Ballots, Fate, Refused};

/// A broken rule: its short name, and a sentence.
pub type Fault = (&'static str, String);

/// The state of the log after the lines read so far.
pub struct Log<'a> {
    rules: &'a Rules,
    rulebook_hash: [u8; 32],
    /// The ballots.
    pub ballots: Ballots,
    /// The polls, in the order of the rulebook.
    pub polls: Vec<PollState>,
    /// The ballots that were ever held, and whether there is a ruling about them.
    held: HashMap<u128, bool>,
    /// The sheets.
    pub sheets: HashSet<u128>,
    /// The hash of the published result. It is the last one, because an announcement can be taken
    /// back until its release.
    pub result: Option<[u8; 32]>,
    /// The index of the result's line, counted from 0.
    pub result_index: u64,
    /// The number of results that a later one replaced.
    pub taken_back: u64,
    /// When keys and contacts were destroyed, in seconds since 1970.
    pub erased: Option<i64>,
    lines: u64,
}

/// What the log has said about one poll.
#[derive(Debug, Clone, Copy, Default)]
pub struct PollState {
    /// When it opened, in seconds since 1970.
    pub opened: Option<i64>,
    /// When it closed, in seconds since 1970, and how many ballots the log says it received.
    pub closed: Option<(i64, u64)>,
    /// Ballots in the log, including the replaced ones.
    pub received: u64,
    /// The latest minute of a ballot, in minutes since 1970.
    pub latest: i64,
}

fn broken<T>(rule: &'static str, what: impl Into<String>) -> Result<T, Fault> {
    Err((rule, what.into()))
}

impl<'a> Log<'a> {
    /// Makes a log before its first line. `rulebook_hash` is the SHA-256 of the document of these
    /// rules.
    pub fn new(rules: &'a Rules, rulebook_hash: [u8; 32]) -> Self {
        Self {
            rules,
            rulebook_hash,
            ballots: Ballots::default(),
            polls: vec![PollState::default(); rules.polls.len()],
            held: HashMap::new(),
            sheets: HashSet::new(),
            result: None,
            result_index: 0,
            taken_back: 0,
            erased: None,
            lines: 0,
        }
    }

    /// Checks the next line and adds it.
    ///
    /// # Errors
    /// The rule that the line breaks.
    pub fn take(&mut self, line: &[u8]) -> Result<(), Fault> {
        let Some(entry) = Line::parse(line) else {
            return broken("line-form", "not a line in the form of any kind of entry");
        };
        let first = self.lines == 0;
        self.lines += 1;
        if first != matches!(entry, Line::Rulebook { .. }) {
            return broken("rulebook-first", "the rulebook is the first entry, and only that");
        }
        if self.erased.is_some() {
            return broken("after-erase", "an entry after the erase");
        }
        if self.result.is_some() && !matches!(entry, Line::Result { .. } | Line::Erase { .. }) {
            return broken(
                "after-result",
                "after the result an entry that is neither one nor an erase",
            );
        }
        match entry {
            Line::Rulebook { edition, hash } => self.rulebook(edition, hash),
            Line::Open { poll, at } => self.open(poll, at),
            Line::Ballot { poll, id, voter, commitment, minute } => {
                let place = self.place(poll)?;
                self.in_time(place, minute)?;
                self.ballot(id, voter, Ballot { commitment, poll: place, fate: Fate::Counted })
            }
            Line::Hold { poll, id, reasons } => self.hold(poll, id, reasons),
            Line::Ruling { poll, id, count, reason, reviewers } => {
                if reviewers[0] == reviewers[1] {
                    return broken("two-reviewers", "one reviewer has signed twice");
                }
                self.ruling(poll, id, count, reason)
            }
            Line::Close { poll, at, received } => self.close(poll, at, received),
            Line::Sheet { edition, id } => self.sheet(edition, id),
            Line::Result { edition, hash } => self.result(edition, hash),
            Line::Erase { edition, at } => {
                self.own(edition)?;
                self.erased = Some(at);
                Ok(())
            }
        }
    }

    fn own(&self, edition: &str) -> Result<(), Fault> {
        if edition == self.rules.edition {
            return Ok(());
        }
        broken("edition", format!("of the edition {edition}, not {}", self.rules.edition))
    }

    /// Returns a poll's place in the rulebook.
    fn place(&self, slug: &str) -> Result<u16, Fault> {
        let place = self.rules.polls.iter().position(|poll| poll.slug == slug);
        match place.map(u16::try_from) {
            Some(Ok(place)) => Ok(place),
            _ => broken("unknown-poll", format!("the rulebook has no poll {slug}")),
        }
    }

    fn poll(&self, place: u16) -> (&'a Poll, PollState) {
        (&self.rules.polls[usize::from(place)], self.polls[usize::from(place)])
    }

    fn rulebook(&self, edition: &str, hash: [u8; 32]) -> Result<(), Fault> {
        if hash != self.rulebook_hash {
            return broken("rulebook-hash", "rulebook.json is not the document that was sealed");
        }
        self.own(edition)
    }

    fn open(&mut self, slug: &str, at: i64) -> Result<(), Fault> {
        let place = self.place(slug)?;
        let (rules, state) = self.poll(place);
        if state.opened.is_some() {
            return broken("open-once", format!("poll {slug} opens a second time"));
        }
        if rules.opens.is_some_and(|opens| at < opens) {
            return broken("open-early", format!("poll {slug} opens before its time"));
        }
        self.polls[usize::from(place)].opened = Some(at);
        Ok(())
    }

    /// Checks that a ballot's minute is inside the window, as exactly as minutes allow.
    fn in_time(&mut self, place: u16, minute: i64) -> Result<(), Fault> {
        let (rules, state) = self.poll(place);
        let Some(opened) = state.opened else {
            return broken("ballot-before-open", format!("poll {} is not open yet", rules.slug));
        };
        if state.closed.is_some() {
            return broken("ballot-after-close", format!("poll {} is closed", rules.slug));
        }
        let late = rules.closes.is_some_and(|closes| minute * 60 >= closes);
        if minute < opened.div_euclid(60) || late {
            return broken("ballot-minute", format!("outside the window of poll {}", rules.slug));
        }
        let latest = &mut self.polls[usize::from(place)].latest;
        *latest = minute.max(*latest);
        Ok(())
    }

    fn ballot(&mut self, id: u128, voter: [u8; 32], ballot: Ballot) -> Result<(), Fault> {
        let (rules, _) = self.poll(ballot.poll);
        match self.ballots.add(id, voter, ballot, rules.may_change) {
            Ok(_) => {
                self.polls[usize::from(ballot.poll)].received += 1;
                Ok(())
            }
            Err(Refused::Id) => broken("ballot-id", "a ballot with this id was there before"),
            Err(Refused::Voter) => {
                broken("voter-once", format!("a second ballot of one voter in {}", rules.slug))
            }
            Err(Refused::TooMany) => broken("too-many", "more ballots than can be"),
        }
    }

    fn known(&mut self, slug: &str, id: u128) -> Result<&mut Ballot, Fault> {
        let place = self.place(slug)?;
        match self.ballots.get_mut(id) {
            Some(ballot) if ballot.poll == place => Ok(ballot),
            _ => broken("unknown-ballot", format!("poll {slug} has no ballot {id:032x} so far")),
        }
    }

    fn reason(&mut self, text: &str) -> Result<u16, Fault> {
        self.ballots.reason(text).map_or_else(|| broken("too-many", "too many reasons"), Ok)
    }

    fn hold(&mut self, slug: &str, id: u128, reasons: &str) -> Result<(), Fault> {
        let reason = self.reason(reasons)?;
        let ruled = self.held.get(&id) == Some(&true);
        let ballot = self.known(slug, id)?;
        // A decision of two people remains until they decide again.
        if ballot.fate != Fate::Replaced && !ruled {
            ballot.fate = Fate::Held(reason);
        }
        self.held.entry(id).or_insert(false);
        Ok(())
    }

    fn ruling(&mut self, slug: &str, id: u128, count: bool, reason: &str) -> Result<(), Fault> {
        let reason = self.reason(reason)?;
        let held = self.held.insert(id, true).is_some();
        let ballot = self.known(slug, id)?;
        if !held {
            return broken("ruling-unheld", "a ruling about a ballot that nobody held");
        }
        if ballot.fate != Fate::Replaced {
            ballot.fate = if count { Fate::Counted } else { Fate::Excluded(reason) };
        }
        Ok(())
    }

    fn close(&mut self, slug: &str, at: i64, received: u64) -> Result<(), Fault> {
        let place = self.place(slug)?;
        let (rules, state) = self.poll(place);
        let Some(opened) = state.opened else {
            return broken("close-before-open", format!("poll {slug} never opened"));
        };
        if state.closed.is_some() {
            return broken("close-once", format!("poll {slug} closes a second time"));
        }
        if at < opened || rules.closes.is_some_and(|closes| at < closes) {
            return broken("close-early", format!("poll {slug} closes before its time"));
        }
        if state.received > 0 && at.div_euclid(60) < state.latest {
            return broken(
                "ballot-minute",
                format!("poll {slug} has ballots later than its close"),
            );
        }
        if received != state.received {
            let here = state.received;
            return broken(
                "close-received",
                format!("poll {slug} says {received} were received, the log has {here}"),
            );
        }
        self.polls[usize::from(place)].closed = Some((at, received));
        Ok(())
    }

    fn sheet(&mut self, edition: &str, id: u128) -> Result<(), Fault> {
        self.own(edition)?;
        if self.sheets.insert(id) {
            return Ok(());
        }
        broken("sheet-id", "a sheet with this id was there before")
    }

    fn result(&mut self, edition: &str, hash: [u8; 32]) -> Result<(), Fault> {
        self.own(edition)?;
        let open =
            self.polls.iter().position(|poll| poll.opened.is_some() != poll.closed.is_some());
        if let Some(place) = open {
            let slug = &self.rules.polls[place].slug;
            return broken("result-before-close", format!("poll {slug} is still open"));
        }
        self.taken_back += u64::from(self.result.replace(hash).is_some());
        // `lines` already counts this line.
        self.result_index = self.lines - 1;
        Ok(())
    }
}
