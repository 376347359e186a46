//! After the close the instants of ballots and holds are coarsened to the day: with the logs of
//! messages they would name voters.

mod queries;

use domain::ids::PollId;

use crate::{Backend, Result, fraud};

/// Voters whose ballots one statement coarsens: less than a second of work.
const COARSENED_AT_ONCE: i64 = 20_000;

impl Backend {
    /// Coarsens the instants of the ballots of closed polls to the day, so that nobody can hold them
    /// against the logs of mails and text messages, and deletes the traces of those that are not held.
    /// It waits for the last session that may show the
    /// receipt, at most two and a half hours. A job calls this.
    ///
    /// # Errors
    /// The first error of a poll; the others are done. What is left is done by the next call.
    pub async fn coarsen_ballot_times(&self) -> Result<()> {
        let polls = queries::polls_to_coarsen(&mut *self.acquire_connection().await?).await?;
        let mut first = None;
        for poll in polls {
            if let Err(error) = self.coarsen_poll(poll).await {
                tracing::error!(%error, "the instants of a poll could not be coarsened");
                first.get_or_insert(error);
            }
        }
        first.map_or(Ok(()), Err)
    }

    async fn coarsen_poll(&self, poll: PollId) -> Result<()> {
        // The fraud checks need the exact instants once more after the close. If they fail, the
        // instants go all the same, because that is promised to voters.
        if let Err(error) = self.analyse_before_coarsening(poll).await {
            tracing::error!(%error, "a closed poll could not be looked at");
        }
        let mut after = Some(Vec::new());
        while let Some(voter) = after {
            let mut connection = self.acquire_connection().await?;
            after =
                queries::coarsen_ballots(&mut connection, poll, &voter, COARSENED_AT_ONCE).await?;
        }
        // Together: whoever looks at the traces sees all of them, or that the poll is coarsened.
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                fraud::lock_looks(connection, poll).await?;
                queries::mark_coarsened(connection, poll).await?;
                queries::coarsen_holds(connection, poll).await?;
                queries::delete_unheld_traces(connection, poll).await
            })
        })
        .await
    }
}
