//! The budgets that an operator can raise while the program runs: codes and text messages.

mod queries;

use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::sms::TextBudget;
use crate::voting::CODES_PER_HOUR;
use crate::{Backend, Result};

/// The budgets that an operator has set. `None` keeps the number of the program's flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetChange {
    /// Codes of one edition in an hour.
    pub codes_per_hour: Option<i64>,
    /// Won for text messages of all editions in an hour.
    pub texts_per_hour: Option<i64>,
    /// Won for all text messages of an edition.
    pub texts_per_edition: Option<i64>,
}

/// The budgets in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Codes of one edition in an hour.
    pub codes_per_hour: i32,
    /// Text messages, in won.
    pub texts: TextBudget,
}

impl Backend {
    /// Returns the budgets in force.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn current_budget(&self) -> Result<Budget> {
        let set = queries::read_budget(&mut *self.acquire_connection().await?).await?;
        let flags = self.text_budget;
        let codes = set
            .codes_per_hour
            .map_or(CODES_PER_HOUR, |codes| i32::try_from(codes).unwrap_or(i32::MAX));
        Ok(Budget {
            codes_per_hour: codes,
            texts: TextBudget {
                per_hour: set.texts_per_hour.unwrap_or(flags.per_hour),
                per_edition: set.texts_per_edition.unwrap_or(flags.per_edition),
                ..flags
            },
        })
    }

    /// Returns the budgets that an operator has set.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn budget_set(&self) -> Result<BudgetChange> {
        queries::read_budget(&mut *self.acquire_connection().await?).await
    }

    /// Sets the budgets of all running servers, from the next message on.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn set_budget(&self, admin: &Admin, change: BudgetChange) -> Result<()> {
        let actor = admin.account_id();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::store_budget(connection, change).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: None,
                    action: AuditAction::BudgetSet,
                    subject: "budget",
                    detail: serde_json::json!({
                        "codes_per_hour": change.codes_per_hour,
                        "texts_per_hour": change.texts_per_hour,
                        "texts_per_edition": change.texts_per_edition,
                    }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}
