//! The protocol of the record as a model: ballots are stored, the poll closes, and two processes
//! sequence. Every step may happen between any two others. The model allows more than the program,
//! which makes its theorems stronger: a process whose lease ran out may go on for any time.

use std::collections::BTreeSet;

use stateright::{Model, Property};

/// A design: the one that is built, or one with a mistake in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Design {
    /// The design that is built.
    Sound,
    /// The insert takes no lock on the poll.
    NoShareLock,
    /// The insert checks whether the poll is open before it waits for the lock, not after.
    LooksBeforeTheLock,
    /// The close counts the ballots before it has the lock.
    CountsBeforeTheLock,
    /// The voter gets the acknowledgement before the commit has returned.
    AcknowledgesBeforeTheCommit,
    /// A checkpoint is signed before the commit of its entries has returned.
    SignsBeforeTheCommit,
    /// Places in the log come from a sequence.
    IndexFromASequence,
    /// Places in the log follow the size that the process remembers, not the row that it has
    /// locked.
    RemembersTheSize,
    /// Waiting lines are deleted in a separate transaction.
    DeletesAfterwards,
    /// A checkpoint is kept even if it is smaller than the one that was kept before.
    KeepsAnyCheckpoint,
}

/// A line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Line {
    /// The ballots of a batch; one line represents all of them.
    Ballot(u8),
    /// The close, with the number of ballots received.
    Close(u8),
}

/// State of a batch of ballots. All its ballots were admitted in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Batch {
    /// Its statement has not begun.
    Asked,
    /// Its statement has seen the poll open, and waits for the lock (one design only).
    Looked,
    /// Its statement has the lock and has seen the poll open.
    Locked,
    /// It is stored.
    Stored,
    /// It is stored, or should be, and its voters got the acknowledgement.
    Acknowledged,
    /// The poll was closed: nothing was stored, and its voters know.
    Refused,
}

/// State of the transaction that closes the poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Closer {
    /// Not begun, or rolled back.
    Idle,
    /// It has the lock.
    Locked,
    /// It has counted the ballots.
    Counted(u8),
    /// It has committed.
    Done,
}

/// State of a process that sequences.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Process {
    /// Just started.
    Idle,
    /// It believes that it has the lease. The number is the size of the log that it remembers.
    Holder(u8),
    /// It has locked the record's row and given places to these lines.
    Writing(Vec<(u8, Line)>),
    /// Its commit has returned.
    Committed(u8),
    /// It has signed a checkpoint of this size.
    Signed(u8),
}

/// Who has the lease, according to the database row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lease {
    /// Nobody, or it has run out.
    Free,
    /// A process that knows about its lease.
    Held,
    /// A process that has died since.
    Orphaned,
}

/// The whole state: what the database has stored and what is under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// The batches.
    pub batches: Vec<Batch>,
    /// The transaction that closes the poll.
    pub closer: Closer,
    /// Lines without a place.
    pub waiting: BTreeSet<Line>,
    /// The log: places and lines, in the order in which they were committed.
    pub log: Vec<(u8, Line)>,
    /// The size of the checkpoint that is served.
    pub served: u8,
    /// The size of the largest checkpoint that was ever served.
    pub most_served: u8,
    /// Every checkpoint that was ever signed, with the lines that it commits to.
    pub signed: BTreeSet<Vec<Line>>,
    /// The two processes.
    pub processes: [Process; 2],
    /// Who has the lease, according to the database row.
    pub lease: Lease,
    /// The sequence from which one design takes places. It never goes back.
    pub sequence: u8,
    /// How many failures are left.
    pub failures: u8,
    /// How often the lease may still run out under a living process.
    pub expiries: u8,
}

/// A step. Numbers name a batch or a process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// A statement checks whether the poll is open before it locks (one design only).
    Look(u8),
    /// A statement locks, then checks whether the poll is open.
    Lock(u8),
    /// A statement commits.
    Store(u8),
    /// Its voters get the acknowledgement.
    Acknowledge(u8),
    /// A statement fails, and is tried again.
    StatementFails(u8),
    /// The close locks.
    CloseLocks,
    /// The close counts.
    CloseCounts,
    /// The close commits.
    CloseCommits,
    /// The close is rolled back.
    CloseFails,
    /// A process takes the lease.
    TakeLease(usize),
    /// The lease runs out.
    LeaseRunsOut,
    /// A process reads the waiting lines and writes them in this order.
    Write(usize, Vec<Line>),
    /// It commits.
    Commit(usize),
    /// Its transaction is rolled back: it took too long, or the connection broke.
    TransactionFails(usize),
    /// It finds entries without a checkpoint that another process has left.
    CatchUp(usize),
    /// It signs a checkpoint.
    Sign(usize),
    /// It keeps the checkpoint, which is then served.
    Keep(usize),
    /// It dies, and is started again.
    Crash(usize),
}

/// The model of a design.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    /// The design.
    pub design: Design,
    /// Batches in flight.
    pub batches: u8,
    /// How often a statement, a transaction or a process may fail.
    pub failures: u8,
    /// How often the lease may run out under a living process.
    pub expiries: u8,
}

impl State {
    fn line(&self, place: usize) -> Line {
        self.log[place].1
    }

    /// Returns the first `size` lines of the log.
    pub(crate) fn prefix(&self, size: u8) -> Vec<Line> {
        (0..usize::from(size).min(self.log.len())).map(|place| self.line(place)).collect()
    }

    /// Returns the size of the log.
    pub(crate) fn size(&self) -> u8 {
        u8::try_from(self.log.len()).unwrap()
    }

    /// Returns whether the close has committed.
    pub(crate) fn is_closed(&self) -> bool {
        self.closer == Closer::Done
    }

    /// Returns how many ballots are stored.
    pub(crate) fn stored(&self) -> u8 {
        let is_in = |line: &&Line| matches!(line, Line::Ballot(_));
        let logged: BTreeSet<Line> = self.log.iter().map(|(_, line)| *line).collect();
        u8::try_from(self.waiting.union(&logged).filter(is_in).count()).unwrap()
    }

    fn row_is_free(&self) -> bool {
        !self.processes.iter().any(|process| matches!(process, Process::Writing(_)))
    }

    fn has_work(&self) -> bool {
        !self.waiting.is_empty() || self.served < self.size()
    }

    /// Returns whether this batch's line is waiting or in the log.
    pub(crate) fn holds(&self, batch: u8) -> bool {
        let line = Line::Ballot(batch);
        self.waiting.contains(&line) || self.log.iter().any(|(_, it)| *it == line)
    }
}

/// Returns the orders in which these lines may be written: the ballots in any order, then the
/// close.
fn orders(waiting: &BTreeSet<Line>) -> Vec<Vec<Line>> {
    let (ballots, close): (Vec<Line>, Vec<Line>) =
        waiting.iter().partition(|line| matches!(line, Line::Ballot(_)));
    let mut orders = vec![Vec::new()];
    for ballot in ballots {
        let insert = |order: &Vec<Line>| {
            let order = order.clone();
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, ballot);
                longer
            })
        };
        orders = orders.iter().flat_map(insert).collect();
    }
    orders.iter().map(|order| [order.as_slice(), &close].concat()).collect()
}

impl Model for Record {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            batches: vec![Batch::Asked; usize::from(self.batches)],
            closer: Closer::Idle,
            waiting: BTreeSet::new(),
            log: Vec::new(),
            served: 0,
            most_served: 0,
            signed: BTreeSet::new(),
            processes: [Process::Idle, Process::Idle],
            lease: Lease::Free,
            sequence: 0,
            failures: self.failures,
            expiries: self.expiries,
        }]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        for (batch, phase) in (0..).zip(&state.batches) {
            self.steps_of_batch(state, batch, *phase, steps);
        }
        self.steps_of_close(state, steps);
        for (number, process) in state.processes.iter().enumerate() {
            self.steps_of_process(state, number, process, steps);
        }
        if state.lease == Lease::Orphaned || (state.lease == Lease::Held && state.expiries > 0) {
            steps.push(Step::LeaseRunsOut);
        }
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut state = last.clone();
        self.take(&mut state, step);
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        crate::theorems::all()
    }
}

impl Record {
    fn steps_of_batch(&self, state: &State, batch: u8, phase: Batch, steps: &mut Vec<Step>) {
        let closing = matches!(state.closer, Closer::Locked | Closer::Counted(_));
        let blocked = closing && self.design != Design::NoShareLock;
        match phase {
            Batch::Asked if self.design == Design::LooksBeforeTheLock => {
                steps.push(Step::Look(batch));
            }
            Batch::Asked | Batch::Looked if !blocked => steps.push(Step::Lock(batch)),
            Batch::Locked => {
                steps.push(Step::Store(batch));
                if self.design == Design::AcknowledgesBeforeTheCommit {
                    steps.push(Step::Acknowledge(batch));
                }
                if state.failures > 0 {
                    steps.push(Step::StatementFails(batch));
                }
            }
            Batch::Stored => steps.push(Step::Acknowledge(batch)),
            Batch::Asked | Batch::Looked | Batch::Acknowledged | Batch::Refused => {}
        }
    }

    fn steps_of_close(&self, state: &State, steps: &mut Vec<Step>) {
        let shared = state.batches.contains(&Batch::Locked);
        let blocked = shared && self.design != Design::NoShareLock;
        let early = self.design == Design::CountsBeforeTheLock;
        match state.closer {
            Closer::Idle if early => steps.push(Step::CloseCounts),
            Closer::Idle if !blocked => steps.push(Step::CloseLocks),
            Closer::Locked => steps.push(Step::CloseCounts),
            Closer::Counted(_) if !(early && blocked) => steps.push(Step::CloseCommits),
            Closer::Idle | Closer::Counted(_) | Closer::Done => {}
        }
        let under_way = matches!(state.closer, Closer::Locked | Closer::Counted(_));
        if under_way && state.failures > 0 {
            steps.push(Step::CloseFails);
        }
    }

    fn steps_of_process(
        &self,
        state: &State,
        number: usize,
        process: &Process,
        steps: &mut Vec<Step>,
    ) {
        match process {
            Process::Idle => {
                if state.lease == Lease::Free && state.has_work() {
                    steps.push(Step::TakeLease(number));
                }
            }
            Process::Holder(_) => {
                if state.row_is_free() && !state.waiting.is_empty() {
                    let orders = orders(&state.waiting).into_iter();
                    steps.extend(orders.map(|order| Step::Write(number, order)));
                }
                if state.served < state.size() {
                    steps.push(Step::CatchUp(number));
                }
            }
            Process::Writing(_) => {
                steps.push(Step::Commit(number));
                if self.design == Design::SignsBeforeTheCommit {
                    steps.push(Step::Sign(number));
                }
                if state.failures > 0 {
                    steps.push(Step::TransactionFails(number));
                }
            }
            Process::Committed(_) => steps.push(Step::Sign(number)),
            Process::Signed(_) => steps.push(Step::Keep(number)),
        }
        if state.failures > 0 && *process != Process::Idle {
            steps.push(Step::Crash(number));
        }
    }
}
