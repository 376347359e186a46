//! Forgotten passwords: a link by mail that works once, within an hour.

use domain::refusal::AccountRefusal;
use std::time::Duration;

use domain::ids::AccountId;
use domain::text::{Email, Password};
use phrases::Lang;

use super::passwords::parse_new_password;
use super::queries;
use crate::attempts::{AddressLimit, RateLimit};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::keys::{self, TokenKind};
use crate::mail::{self, Letter};
use crate::{Backend, Error, Refusal, Result};

/// Reset links for one address: enough for a person, too few to flood a mail box. Three from one network,
/// so that a stranger with one line leaves some to the owner.
const RESETS: AddressLimit = AddressLimit {
    in_all: RateLimit { what: "reset", tries: 5, within: Duration::from_secs(3600) },
    of_a_network: RateLimit {
        what: "reset-address-network",
        tries: 3,
        within: Duration::from_secs(3600),
    },
};
/// Reset links requested from one network.
const RESETS_OF_A_NETWORK: RateLimit =
    RateLimit { what: "reset-network", tries: 100, within: Duration::from_secs(3600) };

impl Backend {
    /// Sends a reset link if the address has an account, otherwise does nothing. The answer is the
    /// same in both cases, so nobody learns who has an account here.
    ///
    /// # Errors
    /// [`Error::TooMany`]; [`Error::Invalid`] if it is not an e-mail address.
    pub async fn send_reset_link(&self, address: &str, network: &str, lang: Lang) -> Result<()> {
        let email =
            Email::parse(address).map_err(|problem| Error::invalid_field("email", problem))?;
        self.count_network_attempt(RESETS_OF_A_NETWORK, network).await?;
        self.count_address_attempt(RESETS, email.as_str(), network).await?;
        let found =
            queries::find_account_by_email(&mut *self.acquire_connection().await?, email.as_str())
                .await?;
        let Some((account, _)) = found else { return Ok(()) };
        let token = self.keys.issue_token(TokenKind::Reset);
        let link = format!("{}/reset/{token}", self.settings().public_url);
        let letter = Letter {
            edition: None,
            to: email,
            subject: phrases::mail::reset_subject(lang).to_owned(),
            body: phrases::mail::reset_body(lang, &link, account.person_name()),
            minutes: None,
        };
        let (hash, id) = (keys::hash_token(&token), account.id);
        let (backend, keys) = (self.clone(), self.keys.clone());
        // The answer does not wait for the disk, because the time would reveal who has an account.
        tokio::spawn(async move {
            let stored = backend.run_in_transaction(move |connection| {
                Box::pin(async move {
                    queries::insert_reset_link(connection, &hash, id).await?;
                    mail::queue_letter(connection, &keys, &letter).await
                })
            });
            if let Err(error) = stored.await {
                tracing::error!(%error, "a reset link was not stored");
            }
        });
        Ok(())
    }

    /// Checks that a reset link is valid. Checking does not use it up, because mail scanners open
    /// links.
    ///
    /// # Errors
    /// [`AccountRefusal::LinkInvalid`].
    pub async fn check_reset_link(&self, token: &str) -> Result<()> {
        if !self.keys.is_own_token(TokenKind::Reset, token) {
            return Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)));
        }
        let hash = keys::hash_token(token);
        match queries::is_reset_link_open(&mut *self.acquire_connection().await?, &hash).await? {
            true => Ok(()),
            false => Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid))),
        }
    }

    /// Sets a new password with a reset link and ends every session of the account. Returns the
    /// secret by which this browser is known when its owner signs in.
    ///
    /// # Errors
    /// [`AccountRefusal::LinkInvalid`]; [`Error::Invalid`] for a weak password.
    pub async fn reset_password(&self, token: &str, password: &str) -> Result<String> {
        let password = parse_new_password(password, &[])
            .map_err(|problem| Error::invalid_field("password", problem))?;
        self.check_reset_link(token).await?;
        let hash = self.passwords.hash_password(password).await?;
        let token_hash = keys::hash_token(token);
        let owner = self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let (account, email) = queries::use_reset_link(connection, &token_hash)
                    .await?
                    .ok_or(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))?;
                replace_password(connection, account, &hash, AuditAction::AccountPasswordReset)
                    .await?;
                Ok(email)
            })
        });
        Ok(self.device_token_of(&owner.await?))
    }

    /// Stores a new password and ends every session of the account.
    pub(super) async fn store_password(
        &self,
        account: AccountId,
        password: Password,
    ) -> Result<()> {
        let hash = self.passwords.hash_password(password).await?;
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                replace_password(connection, account, &hash, AuditAction::AccountPasswordChanged)
                    .await
            })
        })
        .await
    }
}

async fn replace_password(
    connection: &mut sqlx::PgConnection,
    account: AccountId,
    hash: &str,
    action: AuditAction,
) -> Result<()> {
    queries::update_password(connection, account, hash).await?;
    queries::delete_all_sessions(connection, account).await?;
    queries::disable_reset_links(connection, account).await?;
    let act = NewAuditEvent {
        actor: Some(account),
        edition: None,
        action,
        subject: &account.to_string(),
        detail: serde_json::json!({}),
    };
    audit::record_event(connection, act).await
}
