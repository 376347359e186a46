//! What the lines of the log may say, and in which order. Each rule has a short name, which
//! findings carry.

use std::collections::{HashMap, HashSet};

use crate::line::LogLine;
use crate::rules::{Poll, Rules};

use super::ballots::{Ballot, BallotRefusal, BallotStatus, Ballots};

/// The seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// A broken rule: its short name, and a sentence.
pub type RuleViolation = (&'static str, String);

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
    /// The latest day of a ballot, in days since 1970.
    pub latest: i64,
}

fn rule_violation<T>(rule: &'static str, what: impl Into<String>) -> Result<T, RuleViolation> {
    Err((rule, what.into()))
}

impl<'a> Log<'a> {
    /// Makes a log before its first line. `rulebook_hash` is the SHA-256 of the document of these
    /// rules.
    pub fn with_rules(rules: &'a Rules, rulebook_hash: [u8; 32]) -> Self {
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
    pub fn take_line(&mut self, line: &[u8]) -> Result<(), RuleViolation> {
        let Some(entry) = LogLine::parse_log_line(line) else {
            return rule_violation("line-form", "not a line in the form of any kind of entry");
        };
        let first = self.lines == 0;
        self.lines += 1;
        if first != matches!(entry, LogLine::Rulebook { .. }) {
            return rule_violation(
                "rulebook-first",
                "the rulebook is the first entry, and only that",
            );
        }
        if self.erased.is_some() {
            return rule_violation("after-erase", "an entry after the erase");
        }
        if self.result.is_some() && !matches!(entry, LogLine::Result { .. } | LogLine::Erase { .. })
        {
            return rule_violation(
                "after-result",
                "after the result an entry that is neither one nor an erase",
            );
        }
        match entry {
            LogLine::Rulebook { edition, hash } => self.check_rulebook(edition, hash),
            LogLine::Open { poll, at } => self.open_poll(poll, at),
            LogLine::Ballot { poll, id, voter, commitment, day } => {
                let place = self.place_of_poll(poll)?;
                self.check_ballot_day(place, day)?;
                self.receive_ballot(
                    id,
                    voter,
                    Ballot { commitment, poll: place, status: BallotStatus::Counted },
                )
            }
            LogLine::Hold { poll, id, reasons } => self.hold_ballot(poll, id, reasons),
            LogLine::Ruling { poll, id, count, reason, reviewers } => {
                if reviewers[0] == reviewers[1] {
                    return rule_violation("two-reviewers", "one reviewer has signed twice");
                }
                self.apply_ruling(poll, id, count, reason)
            }
            LogLine::Close { poll, at, received } => self.close_poll(poll, at, received),
            LogLine::Sheet { edition, id } => self.receive_sheet(edition, id),
            LogLine::Result { edition, hash } => self.receive_result(edition, hash),
            LogLine::Erase { edition, at } => {
                self.check_edition(edition)?;
                self.erased = Some(at);
                Ok(())
            }
        }
    }

    fn check_edition(&self, edition: &str) -> Result<(), RuleViolation> {
        if edition == self.rules.edition {
            return Ok(());
        }
        rule_violation("edition", format!("of the edition {edition}, not {}", self.rules.edition))
    }

    /// Returns a poll's place in the rulebook.
    fn place_of_poll(&self, slug: &str) -> Result<u16, RuleViolation> {
        let place = self.rules.polls.iter().position(|poll| poll.slug == slug);
        match place.map(u16::try_from) {
            Some(Ok(place)) => Ok(place),
            _ => rule_violation("unknown-poll", format!("the rulebook has no poll {slug}")),
        }
    }

    fn rules_and_state(&self, place: u16) -> (&'a Poll, PollState) {
        (&self.rules.polls[usize::from(place)], self.polls[usize::from(place)])
    }

    fn check_rulebook(&self, edition: &str, hash: [u8; 32]) -> Result<(), RuleViolation> {
        if hash != self.rulebook_hash {
            return rule_violation(
                "rulebook-hash",
                "rulebook.json is not the document that was sealed",
            );
        }
        self.check_edition(edition)
    }

    fn open_poll(&mut self, slug: &str, at: i64) -> Result<(), RuleViolation> {
        let place = self.place_of_poll(slug)?;
        let (rules, state) = self.rules_and_state(place);
        if state.opened.is_some() {
            return rule_violation("open-once", format!("poll {slug} opens a second time"));
        }
        if rules.opens.is_some_and(|opens| at < opens) {
            return rule_violation("open-early", format!("poll {slug} opens before its time"));
        }
        self.polls[usize::from(place)].opened = Some(at);
        Ok(())
    }

    /// Checks that a ballot's day is inside the window, as exactly as days allow.
    fn check_ballot_day(&mut self, place: u16, day: i64) -> Result<(), RuleViolation> {
        let (rules, state) = self.rules_and_state(place);
        let Some(opened) = state.opened else {
            return rule_violation(
                "ballot-before-open",
                format!("poll {} is not open yet", rules.slug),
            );
        };
        if state.closed.is_some() {
            return rule_violation("ballot-after-close", format!("poll {} is closed", rules.slug));
        }
        let late = rules.closes.is_some_and(|closes| day * DAY_SECONDS >= closes);
        if day < opened.div_euclid(DAY_SECONDS) || late {
            return rule_violation(
                "ballot-day",
                format!("outside the window of poll {}", rules.slug),
            );
        }
        let latest = &mut self.polls[usize::from(place)].latest;
        *latest = day.max(*latest);
        Ok(())
    }

    fn receive_ballot(
        &mut self,
        id: u128,
        voter: [u8; 32],
        ballot: Ballot,
    ) -> Result<(), RuleViolation> {
        let (rules, _) = self.rules_and_state(ballot.poll);
        match self.ballots.add_ballot(id, voter, ballot, rules.may_change) {
            Ok(_) => {
                self.polls[usize::from(ballot.poll)].received += 1;
                Ok(())
            }
            Err(BallotRefusal::Id) => {
                rule_violation("ballot-id", "a ballot with this id was there before")
            }
            Err(BallotRefusal::Voter) => rule_violation(
                "voter-once",
                format!("a second ballot of one voter in {}", rules.slug),
            ),
            Err(BallotRefusal::TooMany) => rule_violation("too-many", "more ballots than can be"),
        }
    }

    fn find_poll_ballot(&mut self, slug: &str, id: u128) -> Result<&mut Ballot, RuleViolation> {
        let place = self.place_of_poll(slug)?;
        match self.ballots.find_ballot_mut(id) {
            Some(ballot) if ballot.poll == place => Ok(ballot),
            _ => rule_violation(
                "unknown-ballot",
                format!("poll {slug} has no ballot {id:032x} so far"),
            ),
        }
    }

    fn number_of_reason(&mut self, text: &str) -> Result<u16, RuleViolation> {
        self.ballots
            .intern_reason(text)
            .map_or_else(|| rule_violation("too-many", "too many reasons"), Ok)
    }

    fn hold_ballot(&mut self, slug: &str, id: u128, reasons: &str) -> Result<(), RuleViolation> {
        let reason = self.number_of_reason(reasons)?;
        let ruled = self.held.get(&id) == Some(&true);
        let ballot = self.find_poll_ballot(slug, id)?;
        // A decision of two people remains until they decide again.
        if ballot.status != BallotStatus::Replaced && !ruled {
            ballot.status = BallotStatus::Held(reason);
        }
        self.held.entry(id).or_insert(false);
        Ok(())
    }

    fn apply_ruling(
        &mut self,
        slug: &str,
        id: u128,
        count: bool,
        reason: &str,
    ) -> Result<(), RuleViolation> {
        let reason = self.number_of_reason(reason)?;
        let held = self.held.insert(id, true).is_some();
        let ballot = self.find_poll_ballot(slug, id)?;
        if !held {
            return rule_violation("ruling-unheld", "a ruling about a ballot that nobody held");
        }
        if ballot.status != BallotStatus::Replaced {
            ballot.status =
                if count { BallotStatus::Counted } else { BallotStatus::Excluded(reason) };
        }
        Ok(())
    }

    fn close_poll(&mut self, slug: &str, at: i64, received: u64) -> Result<(), RuleViolation> {
        let place = self.place_of_poll(slug)?;
        let (rules, state) = self.rules_and_state(place);
        let Some(opened) = state.opened else {
            return rule_violation("close-before-open", format!("poll {slug} never opened"));
        };
        if state.closed.is_some() {
            return rule_violation("close-once", format!("poll {slug} closes a second time"));
        }
        if at < opened || rules.closes.is_some_and(|closes| at < closes) {
            return rule_violation("close-early", format!("poll {slug} closes before its time"));
        }
        if state.received > 0 && at.div_euclid(DAY_SECONDS) < state.latest {
            return rule_violation(
                "ballot-day",
                format!("poll {slug} has ballots later than its close"),
            );
        }
        if received != state.received {
            let here = state.received;
            return rule_violation(
                "close-received",
                format!("poll {slug} says {received} were received, the log has {here}"),
            );
        }
        self.polls[usize::from(place)].closed = Some((at, received));
        Ok(())
    }

    fn receive_sheet(&mut self, edition: &str, id: u128) -> Result<(), RuleViolation> {
        self.check_edition(edition)?;
        if self.sheets.insert(id) {
            return Ok(());
        }
        rule_violation("sheet-id", "a sheet with this id was there before")
    }

    fn receive_result(&mut self, edition: &str, hash: [u8; 32]) -> Result<(), RuleViolation> {
        self.check_edition(edition)?;
        let open =
            self.polls.iter().position(|poll| poll.opened.is_some() != poll.closed.is_some());
        if let Some(place) = open {
            let slug = &self.rules.polls[place].slug;
            return rule_violation("result-before-close", format!("poll {slug} is still open"));
        }
        self.taken_back += u64::from(self.result.replace(hash).is_some());
        // `lines` already counts this line.
        self.result_index = self.lines - 1;
        Ok(())
    }
}
