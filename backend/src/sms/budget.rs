//! The budget of text messages, and their numbers for administrators.

use chrono::{DateTime, Utc};
use domain::refusal::VotingRefusal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{TextMessage, queries};
use crate::accounts::Admin;
use crate::editions::Edition;
use crate::keys::Keys;
use crate::{Backend, Error, Refusal, Result};

/// The budget of text messages, in won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextBudget {
    /// The price of one message.
    pub price: i64,
    /// Most won an hour, for all editions.
    pub per_hour: i64,
    /// Most won for one edition.
    pub per_edition: i64,
    /// After this many failures in a row the gateway rests.
    pub failures: i32,
}

impl Default for TextBudget {
    /// A short message usually costs 20 won in Korea in 2026. The budget of an hour pays for 20,000
    /// codes, the budget of an edition for 100,000.
    fn default() -> Self {
        Self { price: 20, per_hour: 400_000, per_edition: 2_000_000, failures: 5 }
    }
}

/// The numbers of an edition's text messages. They reveal nothing about votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStatus {
    /// Messages that the gateway accepted.
    pub sent: i64,
    /// Messages that were given up.
    pub failed: i64,
    /// Messages in the queue.
    pub waiting: i64,
    /// Won left for this edition.
    pub left: i64,
    /// Won left for this hour, for all editions.
    pub left_this_hour: i64,
    /// When the rest of a failed gateway ends; `None` if it is not resting.
    pub rests_until: Option<DateTime<Utc>>,
}

/// Puts a message into the queue and pays for it, inside the caller's transaction.
///
/// # Errors
/// [`VotingRefusal::TextsPaused`] if a budget is spent or the gateway is resting.
pub(crate) async fn queue_text(
    connection: &mut PgConnection,
    keys: &Keys,
    budget: TextBudget,
    text: &TextMessage,
) -> Result<()> {
    let budget = TextBudget { price: price_of_text(budget.price, &text.body), ..budget };
    // Always the edition's row first, so that two transactions never deadlock.
    let paid = queries::is_gateway_available(connection).await?
        && queries::pay_from_edition(connection, text.edition, budget).await?
        && queries::pay_from_hour(connection, budget).await?;
    if !paid {
        return Err(Error::Refused(Refusal::Voting(VotingRefusal::TextsPaused)));
    }
    let id = Uuid::new_v4();
    let sealed =
        keys.seal_message(Some(text.edition), id, &(text.to.canonical_number(), &text.body))?;
    queries::insert_text(connection, (text.edition, id), &sealed, budget.price, text.minutes).await
}

/// Bytes of a short message, in the Korean encoding (EUC-KR) that carriers count by.
const SHORT_TEXT_BYTES: usize = 90;
/// What a long message (LMS) costs, in short ones.
const LONG_TEXT_PRICE: i64 = 3;

/// Returns the price of a text: one longer than 90 bytes goes out as a long message.
fn price_of_text(short: i64, text: &str) -> i64 {
    let bytes: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    if bytes > SHORT_TEXT_BYTES { short * LONG_TEXT_PRICE } else { short }
}

impl Backend {
    /// Sets the budget of text messages.
    #[must_use]
    pub fn with_text_budget(mut self, budget: TextBudget) -> Self {
        self.text_budget = budget;
        self
    }

    /// Returns the numbers of an edition's text messages.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn text_status(&self, _admin: &Admin, edition: &Edition) -> Result<TextStatus> {
        let budget = self.current_budget().await?.texts;
        let mut connection = self.acquire_connection().await?;
        let row = queries::text_counts(&mut connection, edition.id).await?;
        Ok(TextStatus {
            sent: row.sent,
            failed: row.failed,
            waiting: row.waiting,
            left: (budget.per_edition - row.spent).max(0),
            left_this_hour: (budget.per_hour - row.spent_this_hour).max(0),
            rests_until: row.rests_until,
        })
    }
}
