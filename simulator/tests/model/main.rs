//! Model check of close, insert, sequencer and failover: it visits every interleaving of a small
//! world. The theorems hold in the design that is built. Each theorem is broken by a design with a
//! plausible mistake.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod protocol;
mod steps;
mod theorems;

use protocol::{Design, Record};
use stateright::{Checker as _, HasDiscoveries, Model as _};
use theorems::{GROWS, KEPT, NONE_AFTER, ONCE, PLACES, PREFIX, RECEIVED};

fn record(design: Design, batches: u8) -> Record {
    Record { design, batches, failures: 2, expiries: 1 }
}

#[test]
fn the_record_keeps_its_promises_in_every_interleaving() {
    let checker = record(Design::Sound, 2).checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    assert!(checker.unique_state_count() > 10_000, "{}", checker.unique_state_count());
}

#[test]
fn three_batches_change_nothing() {
    let one = Record { failures: 1, ..record(Design::Sound, 3) };
    let checker = one.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
}

/// Checks that a design with a mistake breaks this theorem.
fn breaks(design: Design, theorem: &'static str) {
    let found = HasDiscoveries::AnyOf([theorem].into());
    let checker = record(design, 2).checker().threads(2).finish_when(found).spawn_bfs().join();
    let path = checker.discovery(theorem);
    assert!(path.is_some(), "{design:?} does not break: {theorem}");
}

#[test]
fn without_the_share_lock_a_ballot_slips_past_the_close() {
    breaks(Design::NoShareLock, RECEIVED);
    breaks(Design::NoShareLock, NONE_AFTER);
}

#[test]
fn looking_before_the_lock_lets_a_ballot_in_after_the_close() {
    breaks(Design::LooksBeforeTheLock, NONE_AFTER);
}

#[test]
fn counting_before_the_lock_counts_wrong() {
    breaks(Design::CountsBeforeTheLock, RECEIVED);
}

#[test]
fn acknowledging_before_the_commit_loses_a_ballot() {
    breaks(Design::AcknowledgesBeforeTheCommit, KEPT);
}

#[test]
fn signing_before_the_commit_forks_the_record() {
    breaks(Design::SignsBeforeTheCommit, PREFIX);
}

#[test]
fn places_from_a_sequence_leave_a_gap() {
    breaks(Design::IndexFromASequence, PLACES);
}

#[test]
fn a_remembered_size_gives_a_place_twice() {
    breaks(Design::RemembersTheSize, PLACES);
}

#[test]
fn deleting_afterwards_enters_a_ballot_twice() {
    breaks(Design::DeletesAfterwards, ONCE);
}

#[test]
fn keeping_any_checkpoint_takes_one_back() {
    breaks(Design::KeepsAnyCheckpoint, GROWS);
}
