//! Text messages: written in the transaction of what they tell about, sent afterwards by a job.

mod queries;

use domain::ids::EditionId;
use domain::text::Mobile;
use sqlx::PgConnection;

use crate::Result;

/// A text message about to be written.
#[derive(Clone, Debug)]
pub struct Text {
    /// The edition that pays for it.
    pub edition: EditionId,
    /// To whom.
    pub to: Mobile,
    /// What it says.
    pub body: String,
    /// How long it is worth sending.
    pub minutes: i32,
}

/// Puts a message into the queue, inside the caller's transaction.
///
/// # Errors
/// [`crate::Error::Database`].
pub(crate) async fn post(connection: &mut PgConnection, text: &Text) -> Result<()> {
    queries::insert(connection, text).await
}
