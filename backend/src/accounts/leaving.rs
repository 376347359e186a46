//! People who leave: staff close an account and open it again, and an account is deleted on request.
//!
//! Whose account is closed is signed out at once, cannot sign in or set a new password, and gets no mail. What they have done
//! stays: cases, signed sheets, the trail. Deletion removes name, address and password for good.

mod queries;

use domain::ids::AccountId;
use domain::refusal::AccountRefusal;
use phrases::Lang;
use serde_json::json;
use sqlx::PgConnection;

use super::{Admin, SignedIn, queries as accounts};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Error, Refusal, Result};

impl Backend {
    /// Closes an account and ends its sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`AccountRefusal::LastAdministrator`]; [`Refusal::WrongState`] if it is closed.
    pub async fn close_account(&self, admin: &Admin, account: AccountId) -> Result<()> {
        let actor = admin.account_id();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                close_within(connection, account).await?;
                record_leaving(connection, actor, account, AuditAction::AccountClosed).await
            })
        })
        .await
    }

    /// Opens a closed account again.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] if it is not closed, or is deleted.
    pub async fn reopen_account(&self, admin: &Admin, account: AccountId) -> Result<()> {
        let actor = admin.account_id();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::mark_open(connection, account).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                record_leaving(connection, actor, account, AuditAction::AccountReopened).await
            })
        })
        .await
    }

    /// Deletes a closed account, on the request of its owner.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] if it is not closed, or was deleted before.
    pub async fn erase_account(&self, admin: &Admin, account: AccountId) -> Result<()> {
        let actor = admin.account_id();
        self.run_in_transaction(move |connection| {
            Box::pin(async move { erase_within(connection, actor, account).await })
        })
        .await
    }

    /// Deletes the visitor's own account.
    ///
    /// # Errors
    /// [`AccountRefusal::WrongCurrentPassword`]; [`AccountRefusal::LastAdministrator`]; [`Error::TooMany`] after too many
    /// wrong passwords.
    pub async fn erase_own_account(
        &self,
        visitor: &SignedIn,
        password: &str,
        network: &str,
    ) -> Result<()> {
        self.check_own_password(visitor, password, network).await?;
        let account = visitor.account_id();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                close_within(connection, account).await?;
                erase_within(connection, account, account).await
            })
        })
        .await
    }
}

async fn close_within(connection: &mut PgConnection, account: AccountId) -> Result<()> {
    let others = queries::lock_other_administrators(connection, account).await?;
    let is_administrator = queries::is_administrator(connection, account).await?;
    if is_administrator.ok_or(Error::NotFound)? && !others {
        return Err(Error::Refused(Refusal::Account(AccountRefusal::LastAdministrator)));
    }
    if !queries::mark_closed(connection, account).await? {
        return Err(Error::Refused(Refusal::WrongState));
    }
    accounts::delete_all_sessions(connection, account).await?;
    accounts::disable_reset_links(connection, account).await
}

async fn erase_within(
    connection: &mut PgConnection,
    actor: AccountId,
    account: AccountId,
) -> Result<()> {
    queries::delete_traces(connection, account).await?;
    // Korean first: the trail and the lists of sheets show it in both languages.
    let name = phrases::versions::who_gone(Lang::Ko);
    if !queries::erase_account(connection, account, name).await? {
        return Err(Error::Refused(Refusal::WrongState));
    }
    record_leaving(connection, actor, account, AuditAction::AccountErased).await
}

async fn record_leaving(
    connection: &mut PgConnection,
    actor: AccountId,
    account: AccountId,
    action: AuditAction,
) -> Result<()> {
    let act = NewAuditEvent {
        actor: Some(actor),
        edition: None,
        action,
        subject: &account.to_string(),
        detail: json!({}),
    };
    audit::record_event(connection, act).await
}
