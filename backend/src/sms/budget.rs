//! What text messages may cost, and whether the gateway can be asked.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Text, queries};
use crate::accounts::Admin;
use crate::editions::Edition;
use crate::keys::Keys;
use crate::{Backend, Error, Refusal, Result};

/// What text messages may cost, in won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// One message.
    pub price: i64,
    /// All messages of an hour.
    pub an_hour: i64,
    /// All messages of an edition.
    pub an_edition: i64,
    /// So many failures in a row, and the gateway is left alone.
    pub failures: i32,
}

impl Default for Budget {
    /// Twenty won are the usual price of a short message in Korea in 2026; the hour's budget is
    /// that of 20,000 codes, the edition's that of 100,000.
    fn default() -> Self {
        Self { price: 20, an_hour: 400_000, an_edition: 2_000_000, failures: 5 }
    }
}

/// What became of an edition's text messages. It says nothing about votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStatus {
    /// Handed over to the gateway.
    pub sent: i64,
    /// Given up.
    pub failed: i64,
    /// On their way.
    pub waiting: i64,
    /// Won left for this edition.
    pub left: i64,
    /// Won left for this hour, for all editions.
    pub left_this_hour: i64,
    /// Until when the gateway is left alone because it failed.
    pub rests_until: Option<DateTime<Utc>>,
}

/// Puts a message into the queue and pays for it, inside the caller's transaction.
///
/// # Errors
/// [`Refusal::TextsPaused`] where a budget is spent or the gateway is left alone.
pub(crate) async fn post(
    connection: &mut PgConnection,
    keys: &Keys,
    budget: Budget,
    text: &Text,
) -> Result<()> {
    // The edition's row first, everywhere: two transactions never wait for each other.
    let paid = queries::gateway_is_up(connection).await?
        && queries::pay_from_edition(connection, text.edition, budget).await?
        && queries::pay_from_hour(connection, budget).await?;
    if !paid {
        return Err(Error::Refused(Refusal::TextsPaused));
    }
    let id = Uuid::new_v4();
    let sealed = keys.seal_message(Some(text.edition), id, &(text.to.canonical(), &text.body))?;
    queries::insert(connection, (text.edition, id), &sealed, budget.price, text.minutes).await
}

impl Backend {
    /// Sets what text messages may cost.
    #[must_use]
    pub fn with_texts(mut self, budget: Budget) -> Self {
        self.texts = budget;
        self
    }

    /// What became of an edition's text messages, for those who run it.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn text_status(&self, _admin: &Admin, edition: &Edition) -> Result<TextStatus> {
        let mut connection = self.connection().await?;
        let row = queries::status(&mut connection, edition.id).await?;
        Ok(TextStatus {
            sent: row.sent,
            failed: row.failed,
            waiting: row.waiting,
            left: (self.texts.an_edition - row.spent).max(0),
            left_this_hour: (self.texts.an_hour - row.spent_this_hour).max(0),
            rests_until: row.rests_until,
        })
    }
}
