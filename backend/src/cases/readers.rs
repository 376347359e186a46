//! Who else has a draft open: colleagues who write the same case see each other.

mod queries;

use domain::ids::CaseId;

use crate::accounts::Member;
use crate::{Backend, Result};

/// The colleagues who have a draft open, and the newest version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftReaders {
    /// The names of the others.
    pub others: Vec<String>,
    /// The version that is stored.
    pub version: i32,
}

impl Backend {
    /// Notes that the member has a draft open, and returns who else had it open in the last two minutes.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), also for another organisation's case.
    pub async fn note_draft_reader(&self, member: &Member, case: CaseId) -> Result<DraftReaders> {
        let found = self.own_case(member, case).await?;
        let mut connection = self.acquire_connection().await?;
        queries::note_reader(&mut connection, case, member.account_id()).await?;
        let others = queries::other_readers(&mut connection, case, member.account_id()).await?;
        Ok(DraftReaders { others, version: found.version })
    }
}
