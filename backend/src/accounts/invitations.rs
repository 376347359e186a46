//! Invitations: the only way to get an account. The link shows a form, and only its POST makes
//! the account.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, EditionId, OrganisationId};
use domain::refusal::AccountRefusal;
use domain::text::{Email, OrganisationName, Password, PersonName};
use phrases::Lang;
use uuid::Uuid;

use super::{Admin, Role, SignedIn, queries as accounts};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::panel;
use crate::keys::{self, TokenKind};
use crate::mail::{self, Letter};
use crate::{Backend, Error, Refusal, Result};

/// An invitation that an administrator sends.
#[derive(Clone, Debug)]
pub struct InvitationRequest {
    /// The address that the link is sent to.
    pub email: String,
    /// The role that the account will have.
    pub role: Role,
    /// The organisation, for a member.
    pub organisation: String,
    /// The edition whose panel a judge joins.
    pub edition: EditionId,
    /// The language of the mail.
    pub lang: Lang,
}

/// An invitation as the invited person sees it.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The address it was sent to.
    pub email: String,
    /// The role that the account will have.
    pub role: Role,
    /// The organisation, for a member.
    pub organisation_name: Option<String>,
    pub(super) edition: Option<EditionId>,
}

/// An invitation that nobody has accepted yet.
#[derive(Clone, Debug)]
pub struct PendingInvitation {
    /// The address it was sent to.
    pub email: String,
    /// The role it gives, as in the database.
    pub role: String,
    /// The organisation, for a member.
    pub organisation_name: Option<String>,
    /// When its link stops working.
    pub expires_at: DateTime<Utc>,
}

impl Backend {
    /// Sends an invitation. A second call sends a new link and disables the old one.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`AccountRefusal::AddressTaken`] if the address has an account;
    /// [`PanelFixed`](domain::refusal::EditionRefusal::PanelFixed) for a judge once the judging has
    /// opened.
    pub async fn send_invitation(&self, admin: &Admin, invite: &InvitationRequest) -> Result<()> {
        let email = Email::parse(&invite.email)
            .map_err(|problem| Error::invalid_field("email", problem))?;
        let organisation = match invite.role {
            Role::Member => Some(
                OrganisationName::parse(&invite.organisation)
                    .map_err(|problem| Error::invalid_field("organisation", problem))?,
            ),
            _ => None,
        };
        let token = self.keys.issue_token(TokenKind::Invitation);
        let link = format!("{}/invitations/{token}", self.settings().public_url);
        let letter = Letter {
            edition: None,
            to: email.clone(),
            subject: phrases::mail::invitation_subject(invite.lang).to_owned(),
            body: phrases::mail::invitation_body(invite.lang, &link),
        };
        let row = queries::NewInvitation {
            token_hash: keys::hash_token(&token),
            email,
            role: invite.role,
            organisation,
            edition: invite.edition,
            invited_by: admin.account_id(),
        };
        let (actor, keys) = (admin.account_id(), self.keys.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if accounts::find_account_by_email(connection, row.email.as_str()).await?.is_some()
                {
                    return Err(Error::Refused(Refusal::Account(AccountRefusal::AddressTaken)));
                }
                if row.role == Role::Judge {
                    panel::refuse_fixed_panel(connection, row.edition, panel::PanelChange::Join)
                        .await?;
                }
                queries::insert_invitation(connection, &row).await?;
                mail::queue_letter(connection, &keys, &letter).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(row.edition),
                    action: AuditAction::AccountInvited,
                    subject: row.role.as_str(),
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Returns the invitation of this link. Reading does not accept it, because mail scanners open
    /// links.
    ///
    /// # Errors
    /// [`AccountRefusal::LinkInvalid`].
    pub async fn find_invitation(&self, token: &str) -> Result<Invitation> {
        if !self.keys.is_own_token(TokenKind::Invitation, token) {
            return Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)));
        }
        queries::find_open_invitation(
            &mut *self.acquire_connection().await?,
            &keys::hash_token(token),
        )
        .await?
        .ok_or(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))
    }

    /// Makes the account and signs it in. Returns the secret for the cookie.
    ///
    /// # Errors
    /// [`AccountRefusal::LinkInvalid`]; [`Error::Invalid`]; [`AccountRefusal::AddressTaken`];
    /// [`PanelFixed`](domain::refusal::EditionRefusal::PanelFixed) for a judge once the judging has
    /// opened. Then the link stays unused and no account is made.
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: &str,
        password: &str,
        lang: Lang,
    ) -> Result<(String, SignedIn)> {
        let mut faults = crate::error::FieldFaults::default();
        let name = faults.check_field("name", PersonName::parse(name));
        let password = faults.check_field("password", Password::parse_password(password));
        let (Some(name), Some(password)) = (name, password) else {
            return Err(faults.into_error());
        };
        let invitation = self.find_invitation(token).await?;
        let hash = self.passwords.hash_password(password).await?;
        let token_hash = keys::hash_token(token);
        let email = invitation.email.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::mark_invitation_accepted(connection, &token_hash).await? {
                    return Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)));
                }
                let invitation = &invitation;
                let account = NewAccount { name, hash, lang, role: invitation.role };
                store_new_account(connection, &account, invitation, None).await
            })
        })
        .await?;
        let found =
            accounts::find_account_by_email(&mut *self.acquire_connection().await?, &email).await?;
        let (account, _) = found.ok_or(Error::Internal("the new account is gone"))?;
        Ok((self.open_session(&account).await?, account))
    }

    /// Makes an account from the command line or the demonstration, without a mail.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`AccountRefusal::AddressTaken`];
    /// [`PanelFixed`](domain::refusal::EditionRefusal::PanelFixed) for a judge once the judging has
    /// opened.
    pub async fn create_account(
        &self,
        operator: &Admin,
        invite: &InvitationRequest,
        name: &str,
        password: &str,
    ) -> Result<()> {
        let mut faults = crate::error::FieldFaults::default();
        let email = faults.check_field("email", Email::parse(&invite.email));
        let name = faults.check_field("name", PersonName::parse(name));
        let password = faults.check_field("password", Password::parse_password(password));
        let (Some(email), Some(name), Some(password)) = (email, name, password) else {
            return Err(faults.into_error());
        };
        let hash = self.passwords.hash_password(password).await?;
        let account = NewAccount { name, hash, lang: invite.lang, role: invite.role };
        let offer = Invitation {
            email: email.as_str().to_owned(),
            role: invite.role,
            organisation_name: (invite.role == Role::Member).then(|| invite.organisation.clone()),
            edition: (invite.role == Role::Judge).then_some(invite.edition),
        };
        let actor = Some(operator.account_id());
        self.run_in_transaction(move |connection| {
            Box::pin(async move { store_new_account(connection, &account, &offer, actor).await })
        })
        .await
    }

    /// Returns the open invitations of an edition.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn pending_invitations(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Vec<PendingInvitation>> {
        queries::pending_invitations(&mut *self.acquire_connection().await?, edition).await
    }
}

pub(super) struct NewAccount {
    pub(super) name: PersonName,
    pub(super) hash: String,
    pub(super) lang: Lang,
    pub(super) role: Role,
}

/// Makes the account. A judge joins the panel of the edition in the same transaction. Without an
/// actor the new account itself has acted, by accepting an invitation.
async fn store_new_account(
    connection: &mut sqlx::PgConnection,
    account: &NewAccount,
    offer: &Invitation,
    actor: Option<AccountId>,
) -> Result<()> {
    let id = AccountId(Uuid::new_v4());
    let organisation = match &offer.organisation_name {
        Some(name) => Some(find_or_create_organisation(connection, name).await?),
        None => None,
    };
    accounts::insert_account(connection, id, &offer.email, account, organisation).await.map_err(
        |error| {
            error.refuse_on_constraint(
                "account_email",
                Refusal::Account(AccountRefusal::AddressTaken),
            )
        },
    )?;
    let act = NewAuditEvent {
        actor: Some(id),
        edition: offer.edition,
        action: AuditAction::AccountCreated,
        subject: account.role.as_str(),
        detail: serde_json::json!({}),
    };
    audit::record_event(connection, act).await?;
    match (account.role, offer.edition) {
        (Role::Judge, Some(edition)) => {
            panel::seat_judge_within(connection, edition, id, actor.unwrap_or(id)).await
        }
        _ => Ok(()),
    }
}

/// Returns the organisation of this name. Makes it if it does not exist.
pub(crate) async fn find_or_create_organisation(
    connection: &mut sqlx::PgConnection,
    name: &str,
) -> Result<OrganisationId> {
    accounts::upsert_organisation(connection, OrganisationId(Uuid::new_v4()), name).await
}
