//! What each step of the model does to the state.

use crate::protocol::{Batch, Closer, Design, Lease, Line, Process, Record, State, Step};

impl Record {
    /// Applies a step that is possible in this state.
    pub(crate) fn take(self, state: &mut State, step: Step) {
        match step {
            Step::Look(_)
            | Step::Lock(_)
            | Step::Store(_)
            | Step::Acknowledge(_)
            | Step::StatementFails(_) => self.of_batch(state, &step),
            Step::CloseLocks => state.closer = Closer::Locked,
            Step::CloseCounts => state.closer = Closer::Counted(state.stored()),
            Step::CloseCommits => {
                if let Closer::Counted(received) = state.closer {
                    state.waiting.insert(Line::Close(received));
                    state.closer = Closer::Done;
                }
            }
            Step::CloseFails => {
                state.failures -= 1;
                state.closer = Closer::Idle;
            }
            Step::LeaseRunsOut => {
                if state.lease == Lease::Held {
                    state.expiries -= 1;
                }
                state.lease = Lease::Free;
            }
            _ => self.of_process(state, step),
        }
    }

    fn of_batch(self, state: &mut State, step: &Step) {
        let closed = state.is_closed();
        match *step {
            Step::Look(batch) => {
                let seen = if closed { Batch::Refused } else { Batch::Looked };
                state.batches[usize::from(batch)] = seen;
            }
            Step::Lock(batch) => {
                let open = !closed || self.design == Design::LooksBeforeTheLock;
                state.batches[usize::from(batch)] =
                    if open { Batch::Locked } else { Batch::Refused };
            }
            Step::Store(batch) => {
                state.waiting.insert(Line::Ballot(batch));
                state.batches[usize::from(batch)] = Batch::Stored;
            }
            Step::Acknowledge(batch) => state.batches[usize::from(batch)] = Batch::Acknowledged,
            Step::StatementFails(batch) => {
                state.failures -= 1;
                state.batches[usize::from(batch)] = Batch::Asked;
            }
            _ => {}
        }
    }

    fn of_process(self, state: &mut State, step: Step) {
        match step {
            Step::TakeLease(process) => {
                state.lease = Lease::Held;
                state.processes[process] = self.holder(state);
            }
            Step::Write(process, order) => {
                let places = self.places(state, process, order.len());
                state.processes[process] = Process::Writing(places.zip(order).collect());
            }
            Step::Commit(process) => self.commit(state, process),
            Step::TransactionFails(process) => {
                state.failures -= 1;
                state.processes[process] = self.holder(state);
            }
            Step::CatchUp(process) => state.processes[process] = Process::Committed(state.size()),
            Step::Sign(process) => self.sign(state, process),
            Step::Keep(process) => self.keep(state, process),
            Step::Crash(process) => {
                state.failures -= 1;
                state.processes[process] = Process::Idle;
                // The other process may hold the lease by now. Then the lease is not orphaned.
                let others = &state.processes[1 - process];
                if state.lease == Lease::Held && *others == Process::Idle {
                    state.lease = Lease::Orphaned;
                }
            }
            _ => {}
        }
    }

    fn holder(self, state: &State) -> Process {
        // Only one design uses the remembered size. Keeping it in the other designs would double
        // their number of states.
        let remembers = self.design == Design::RemembersTheSize;
        Process::Holder(if remembers { state.size() } else { 0 })
    }

    fn places(self, state: &mut State, process: usize, count: usize) -> std::ops::RangeFrom<u8> {
        match (self.design, &state.processes[process]) {
            (Design::IndexFromASequence, _) => {
                let first = state.sequence;
                state.sequence += u8::try_from(count).unwrap();
                first..
            }
            (Design::RemembersTheSize, Process::Holder(size)) => *size..,
            _ => state.size()..,
        }
    }

    fn commit(self, state: &mut State, process: usize) {
        let Process::Writing(lines) = state.processes[process].clone() else { return };
        if self.design != Design::DeletesAfterwards {
            lines.iter().for_each(|(_, line)| {
                state.waiting.remove(line);
            });
        }
        state.log.extend(lines);
        state.processes[process] = Process::Committed(state.size());
    }

    fn sign(self, state: &mut State, process: usize) {
        match state.processes[process].clone() {
            Process::Committed(size) => {
                state.signed.insert(state.prefix(size));
                state.processes[process] = Process::Signed(size);
            }
            Process::Writing(lines) => {
                let mut all = state.prefix(state.size());
                all.extend(lines.iter().map(|(_, line)| *line));
                state.signed.insert(all);
            }
            _ => {}
        }
    }

    fn keep(self, state: &mut State, process: usize) {
        let Process::Signed(size) = state.processes[process] else { return };
        if size > state.served || self.design == Design::KeepsAnyCheckpoint {
            state.served = size;
        }
        state.most_served = state.most_served.max(state.served);
        if self.design == Design::DeletesAfterwards {
            let kept = state.prefix(size);
            kept.iter().for_each(|line| {
                state.waiting.remove(line);
            });
        }
        state.processes[process] = self.holder(state);
    }
}
