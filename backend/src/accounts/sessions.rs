//! Signing in and out. A session is a random id in a cookie. The database keeps its hash.

use domain::refusal::AccountRefusal;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::text::Email;

use super::passwords::parse_new_password;
use super::{SignedIn, queries};
use crate::attempts::RateLimit;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::demonstration::is_demo_address;
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, FieldError, Refusal, Result};

/// Tries for one address from one network. They are counted before any hashing.
const SIGN_INS: RateLimit =
    RateLimit { what: "sign-in", tries: 10, within: Duration::from_secs(15 * 60) };
/// Tries from one network. An office of two hundred people behind one address stays below it.
const SIGN_INS_OF_A_NETWORK: RateLimit =
    RateLimit { what: "sign-in-network", tries: 300, within: Duration::from_secs(15 * 60) };
/// Tries for one address from all networks. It limits guessing from many networks together.
const SIGN_INS_OF_AN_ACCOUNT: RateLimit =
    RateLimit { what: "sign-in-account", tries: 100, within: Duration::from_secs(3600) };
/// Tries at a browser at which the account has signed in before.
const SIGN_INS_AT_A_DEVICE: RateLimit =
    RateLimit { what: "sign-in-device", tries: 10, within: Duration::from_secs(15 * 60) };
/// Tries for one account at all its known browsers. Each sign-in makes a browser known, so without this
/// limit one account could hash as often as it likes.
const SIGN_INS_AT_DEVICES: RateLimit =
    RateLimit { what: "sign-in-devices", tries: 60, within: Duration::from_secs(15 * 60) };
/// How long a session lasts without a request, in hours.
const IDLE_HOURS: i32 = 12;

/// The fields of the sign-in form.
#[derive(Clone, Debug)]
pub struct SignInForm {
    /// The address as typed.
    pub email: String,
    /// The password as typed.
    pub password: String,
}

/// A session as its owner sees it.
#[derive(Clone, Copy, Debug)]
pub struct OpenSession {
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was used last.
    pub last_seen_at: DateTime<Utc>,
    /// Whether it is the session of the current request.
    pub current: bool,
}

impl Backend {
    /// Opens a session and returns the secret for the cookie. The id is always new, so a cookie
    /// that an attacker planted before the sign-in is worthless after it.
    ///
    /// # Errors
    /// [`AccountRefusal::WrongPassword`], with the same answer and time for unknown addresses, and
    /// for demonstration accounts outside a demonstration; [`Error::TooMany`] before anything is
    /// hashed.
    pub async fn sign_in(&self, form: &SignInForm, network: &str) -> Result<(String, SignedIn)> {
        self.sign_in_at_device(form, network, "").await
    }

    /// Opens a session as [`Backend::sign_in`]. `device` is the secret of a browser at which this
    /// account has signed in before ([`Backend::device_token`]); it has an allowance and a turn of
    /// its own. So strangers who try passwords cannot keep the owner out there.
    ///
    /// # Errors
    /// Those of [`Backend::sign_in`].
    pub async fn sign_in_at_device(
        &self,
        form: &SignInForm,
        network: &str,
        device: &str,
    ) -> Result<(String, SignedIn)> {
        let parsed = Email::parse(&form.email);
        // Count the parsed address: spaces that parsing strips must not give new tries.
        let address = parsed.as_ref().map_or(form.email.as_str(), Email::as_str);
        let is_known = self.is_device_of(address, device);
        if is_known {
            self.count_attempt(SIGN_INS_AT_A_DEVICE, device).await?;
            self.count_attempt(SIGN_INS_AT_DEVICES, address).await?;
        } else {
            self.count_network_attempt(SIGN_INS_OF_A_NETWORK, network).await?;
            self.count_attempt(SIGN_INS, &format!("{address}@{network}")).await?;
            self.count_attempt(SIGN_INS_OF_AN_ACCOUNT, address).await?;
        }
        let found = match parsed {
            Ok(email) => {
                queries::find_account_by_email(
                    &mut *self.acquire_connection().await?,
                    email.as_str(),
                )
                .await?
            }
            Err(_) => None,
        };
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let right = self.passwords.password_matches(&form.password, hash, is_known).await?;
        match found {
            Some((account, _)) if right && self.may_use_account(&account) => {
                Ok((self.open_session(&account).await?, account))
            }
            _ => Err(Error::Refused(Refusal::Account(AccountRefusal::WrongPassword))),
        }
    }

    /// Makes the secret by which a browser is known at the next sign-in of this account. It opens
    /// nothing without the password.
    #[must_use]
    pub fn device_token(&self, account: &SignedIn) -> String {
        self.device_token_of(&account.email)
    }

    pub(super) fn device_token_of(&self, email: &str) -> String {
        self.keys.issue_token_for(TokenKind::Device, email.as_bytes())
    }

    /// Checks whether this site made this secret for the account with this address, as it is typed.
    /// It needs no query, so a known browser can wait apart from strangers.
    #[must_use]
    pub fn is_known_device(&self, typed: &str, device: &str) -> bool {
        Email::parse(typed).is_ok_and(|email| self.is_device_of(email.as_str(), device))
    }

    fn is_device_of(&self, address: &str, device: &str) -> bool {
        self.keys.is_token_of(TokenKind::Device, device, address.as_bytes())
    }

    /// Opens a session for an account whose owner has just been authenticated.
    pub(super) async fn open_session(&self, account: &SignedIn) -> Result<String> {
        let token = self.keys.issue_token(TokenKind::Account);
        let hash = keys::hash_token(&token);
        let id = account.id;
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::insert_session(connection, &hash, id, IDLE_HOURS).await?;
                let act = NewAuditEvent {
                    actor: Some(id),
                    edition: None,
                    action: AuditAction::AccountSignedIn,
                    subject: &id.to_string(),
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await?;
        Ok(token)
    }

    /// Returns the owner of this cookie if its session is open, and extends the session. A session
    /// of a demonstration account ends with the demonstration.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn resume_session(&self, token: &str) -> Result<Option<SignedIn>> {
        if !self.keys.is_own_token(TokenKind::Account, token) {
            return Ok(None);
        }
        let hash = keys::hash_token(token);
        let mut connection = self.acquire_connection().await?;
        let owner = queries::extend_session(&mut connection, &hash, IDLE_HOURS).await?;
        if owner.as_ref().is_some_and(|owner| !self.may_use_account(owner)) {
            queries::delete_session(&mut connection, &hash).await?;
            return Ok(None);
        }
        Ok(owner)
    }

    /// Returns false for a demonstration account outside a demonstration, because its password is
    /// public.
    fn may_use_account(&self, account: &SignedIn) -> bool {
        self.settings().demonstration || !is_demo_address(account.email())
    }

    /// Ends this session.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        queries::delete_session(&mut *self.acquire_connection().await?, &keys::hash_token(token))
            .await
    }

    /// Ends every session of the account, including this one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn sign_out_everywhere(&self, account: &SignedIn) -> Result<()> {
        let id = account.id;
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::delete_all_sessions(connection, id).await?;
                let act = NewAuditEvent {
                    actor: Some(id),
                    edition: None,
                    action: AuditAction::AccountSignedOutEverywhere,
                    subject: &id.to_string(),
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Returns the open sessions of an account, newest use first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn open_sessions(&self, account: &SignedIn, token: &str) -> Result<Vec<OpenSession>> {
        let current = keys::hash_token(token);
        queries::open_sessions(&mut *self.acquire_connection().await?, account.id, &current).await
    }

    /// Changes the password, ends every session and opens a new one for this browser.
    ///
    /// # Errors
    /// [`AccountRefusal::WrongCurrentPassword`] if the old one is wrong; [`Error::Invalid`] for a weak new one;
    /// [`Error::TooMany`].
    pub async fn change_password(
        &self,
        account: &SignedIn,
        old: &str,
        new: &str,
        network: &str,
    ) -> Result<String> {
        let new = parse_new_password(new, &[&account.email, &account.name]).map_err(|problem| {
            Error::Invalid(vec![FieldError { field: "new_password", problem }])
        })?;
        let hash = self.read_own_hash(account, network).await?;
        if !self.passwords.password_matches(old, hash.clone(), true).await? {
            // Pressed twice: the first has changed it.
            if self.passwords.password_matches(new.as_str(), hash, true).await? {
                return self.open_session(account).await;
            }
            return Err(Error::Refused(Refusal::Account(AccountRefusal::WrongCurrentPassword)));
        }
        self.store_password(account.id, new).await?;
        self.open_session(account).await
    }

    /// Checks the password of a signed-in visitor once more, before something that cannot be undone.
    ///
    /// # Errors
    /// [`AccountRefusal::WrongCurrentPassword`]; [`Error::TooMany`].
    pub(super) async fn check_own_password(
        &self,
        account: &SignedIn,
        password: &str,
        network: &str,
    ) -> Result<()> {
        let hash = self.read_own_hash(account, network).await?;
        if self.passwords.password_matches(password, hash, true).await? {
            return Ok(());
        }
        Err(Error::Refused(Refusal::Account(AccountRefusal::WrongCurrentPassword)))
    }

    /// Counts a try, and reads the hash of the visitor's password.
    async fn read_own_hash(&self, account: &SignedIn, network: &str) -> Result<Option<String>> {
        self.count_attempt(SIGN_INS, &format!("{}@{network}", account.email)).await?;
        let mut connection = self.acquire_connection().await?;
        let found = queries::find_account_by_email(&mut connection, &account.email).await?;
        Ok(found.map(|(_, hash)| hash))
    }

    /// Deletes expired sessions and links.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_expired_sessions(&self) -> Result<()> {
        queries::delete_expired_sessions_and_links(&mut *self.acquire_connection().await?).await
    }
}
