//! What a check found: what is wrong, what was checked, what was not, and the balance.

use std::collections::BTreeMap;
use std::fmt;

use domain::record::observed::ResultStatement;
use serde::Serialize;

use crate::bytes::format_case_id;
use crate::finding::Finding;
use crate::picks::Tally;
use crate::rules::Poll;

use super::TrustedKeys;
use super::ballots::BallotStatus;
use super::log::Log;
use super::signatures::SignedHead;

/// The outcome of a check. The record is clean if there are no findings.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// What is wrong, the first finding first.
    pub findings: Vec<Finding>,
    /// The log's name.
    pub origin: Option<String>,
    /// The edition's short name.
    pub edition: Option<String>,
    /// Entries in the log.
    pub size: u64,
    /// The root over them, base64.
    pub root: Option<String>,
    /// The key that everything was checked with.
    pub key: Option<String>,
    /// Witnesses, and when they saw the checkpoint, in seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
    /// The keys of observers who have signed the result.
    pub observers: Vec<String>,
    /// What an observer would sign about the result in the log.
    #[serde(skip)]
    pub result: Option<ResultStatement>,
    /// What is missing, so that an observer cannot see that the openings fit the result.
    #[serde(skip)]
    pub unseen: Vec<String>,
    /// What was checked, one sentence each.
    pub checked: Vec<String>,
    /// What was not checked, and why.
    pub not_checked: Vec<String>,
    /// The polls in the order of the rulebook.
    pub polls: Vec<PollBalance>,
}

/// What became of the ballots of a poll: received = counted + held + excluded + replaced.
#[derive(Debug, Serialize)]
pub struct PollBalance {
    /// The poll's short name.
    pub poll: String,
    /// Ballots in the log.
    pub received: u64,
    /// Ballots that count.
    pub counted: u64,
    /// Ballots that wait for a ruling, by their reasons.
    pub held: BTreeMap<String, u64>,
    /// Ballots that two people excluded, by the reason.
    pub excluded: BTreeMap<String, u64>,
    /// Ballots that a later one of the same voter replaced.
    pub replaced: u64,
    /// Votes of each case, if the folder has cast-vote records or openings.
    pub votes: BTreeMap<String, u64>,
}

impl Report {
    /// Returns whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Notes that something was checked.
    pub fn note_checked(&mut self, what: impl Into<String>) {
        self.checked.push(what.into());
    }

    /// Notes that something was not checked.
    pub fn note_unchecked(&mut self, what: impl Into<String>) {
        self.not_checked.push(what.into());
    }

    /// Notes that the signatures are good.
    pub fn note_signatures(&mut self, head: &SignedHead, trust: &TrustedKeys) {
        self.origin = Some(head.checkpoint.origin.clone());
        self.size = head.checkpoint.size;
        self.root = Some(head.checkpoint.root.to_base64());
        self.key = Some(head.key.to_string());
        self.witnesses.clone_from(&head.witnesses);
        self.note_checked("the checkpoint is signed by the log's key");
        if trust.key.is_none() {
            self.note_unchecked(
                "whether the key is the organiser's: it came with the record; compare it with \
                 the one they print, or name that one with --key",
            );
        }
        if head.witnesses.is_empty() {
            self.note_unchecked("witnesses: none was named with --witness");
        } else {
            self.note_checked(format!("{} witnesses have cosigned it", head.witnesses.len()));
        }
    }

    /// Notes that the log is right.
    pub fn note_log_checked(&mut self, head: &SignedHead, log: &Log<'_>) {
        let size = self.size;
        self.note_checked(format!("{size} entries in their form and order, every tile, the root"));
        self.note_checked("rulebook.json is the document that was sealed first");
        match head.signed.iter().filter(|signed| signed.size < size).count() {
            0 => self.note_unchecked("older checkpoints: the folder keeps none"),
            older => {
                self.note_checked(format!("the log extends each of {older} older checkpoints"))
            }
        }
        if log.erased.is_some() {
            self.note_checked(
                "keys and contacts are said to be destroyed; everything still verifies",
            );
        }
    }

    /// Adds up the ballots of a poll, and returns how many count.
    pub fn add_poll_balance(&mut self, place: u16, poll: &Poll, log: &Log<'_>) -> u64 {
        let state = log.polls[usize::from(place)];
        let mut balance = PollBalance {
            poll: poll.slug.clone(),
            received: state.received,
            counted: 0,
            held: BTreeMap::new(),
            excluded: BTreeMap::new(),
            replaced: 0,
            votes: BTreeMap::new(),
        };
        let (mut held, mut excluded) = (BTreeMap::new(), BTreeMap::new());
        for ballot in log.ballots.ballots_of_poll(place) {
            match ballot.status {
                BallotStatus::Counted => balance.counted += 1,
                BallotStatus::Replaced => balance.replaced += 1,
                BallotStatus::Held(reason) => *held.entry(reason).or_insert(0) += 1,
                BallotStatus::Excluded(reason) => *excluded.entry(reason).or_insert(0) += 1,
            }
        }
        let named = |reasons: BTreeMap<u16, u64>| {
            let text = |reason| log.ballots.reason_text(reason).to_owned();
            reasons.into_iter().map(|(reason, count)| (text(reason), count)).collect()
        };
        (balance.held, balance.excluded) = (named(held), named(excluded));
        let counted = balance.counted;
        self.polls.push(balance);
        match (state.opened, state.closed) {
            (_, Some(_)) => {
                self.note_checked(format!(
                    "the balance of poll {}, its holds and rulings",
                    poll.slug
                ));
            }
            (Some(_), None) => self.note_unchecked(format!("poll {} is still open", poll.slug)),
            (None, _) => self.note_unchecked(format!("poll {} has not opened yet", poll.slug)),
        }
        counted
    }

    /// Stores the votes that were counted in a poll.
    pub fn store_counted_votes(&mut self, place: u16, tally: &Tally) {
        if let Some(balance) = self.polls.get_mut(usize::from(place)) {
            balance.votes = tally
                .votes_by_case()
                .into_iter()
                .map(|(case, votes)| (format_case_id(case), votes))
                .collect();
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".to_owned());
        writeln!(f, "log      {}", text(&self.origin))?;
        writeln!(f, "key      {}", text(&self.key))?;
        writeln!(f, "size     {}", self.size)?;
        writeln!(f, "root     {}", text(&self.root))?;
        for (name, time) in &self.witnesses {
            writeln!(f, "witness  {name} at {time}")?;
        }
        self.observers.iter().try_for_each(|key| writeln!(f, "observer {key}"))?;
        self.polls.iter().try_for_each(|poll| poll.fmt(f))?;
        self.checked.iter().try_for_each(|what| writeln!(f, "checked      {what}"))?;
        self.not_checked.iter().try_for_each(|what| writeln!(f, "NOT checked  {what}"))?;
        self.findings.iter().try_for_each(|finding| writeln!(f, "WRONG        {finding}"))?;
        match self.findings.is_empty() {
            true => writeln!(f, "CLEAN: nothing that was checked is wrong"),
            false => writeln!(f, "WRONG: the record does not hold"),
        }
    }
}

impl fmt::Display for PollBalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |reasons: &BTreeMap<String, u64>| reasons.values().sum::<u64>();
        writeln!(
            f,
            "poll     {}: received {} = counted {} + held {} + excluded {} + replaced {}",
            self.poll,
            self.received,
            self.counted,
            sum(&self.held),
            sum(&self.excluded),
            self.replaced
        )?;
        for (word, reasons) in [("held", &self.held), ("excluded", &self.excluded)] {
            for (reason, count) in reasons {
                writeln!(f, "  {word:<8} {count:>9}  {reason}")?;
            }
        }
        self.votes.iter().try_for_each(|(case, votes)| writeln!(f, "  votes    {votes:>9}  {case}"))
    }
}
