//! Compares the rate of ballots with the fraud checks' signals and without them, in turns on one
//! program.

use std::time::Duration;

use super::levels::ClientLevels;
use super::{BenchState, format_ratio};
use crate::error::Result;
use crate::queries;

/// In which rounds signals are kept. Each half has early and late rounds, because tables grow.
const KEPT: [bool; 8] = [true, false, false, true, true, false, false, true];

/// Runs the rounds and adds their rows. Without signals the database throws the traces away as they come,
/// and the detector looks at nothing; the keyed hashes are still computed.
///
/// # Errors
/// [`crate::error::SimulatorError::Database`].
pub async fn compare_signals(
    state: &mut BenchState<'_>,
    clients: u64,
    seconds: Duration,
) -> Result<()> {
    let mut database = state.world.connect_database().await?;
    queries::make_trace_switch(&mut database).await?;
    // The first round warms caches and connections, and is not counted.
    ClientLevels { clients: &[clients], seconds }.run_all_levels(state).await;
    let mut sums = [0_u64; 2];
    for kept in KEPT {
        queries::switch_traces(&mut database, state.world.season.poll_id, kept).await?;
        queries::flush_dirty_pages(&mut database).await?;
        let name = if kept { "with signals" } else { "without signals" };
        state.add_row("next round", name);
        let level = ClientLevels { clients: &[clients], seconds }.run_all_levels(state).await;
        sums[usize::from(kept)] += level.rate;
    }
    let [without, with] = sums;
    let rounds = 4;
    state.add_row("mean rate without signals", format!("{}/s", without / rounds));
    state.add_row("mean rate with signals", format!("{}/s", with / rounds));
    state.add_row("with ÷ without", format_ratio(with, without));
    Ok(())
}
