//! Invitations: the only way to get an account. The link shows a form, and only its POST makes
//! the account.

mod colleagues;
mod letter;
mod list;
mod pending;
mod queries;

use domain::ids::{AccountId, EditionId, OrganisationId};
use domain::refusal::AccountRefusal;
use domain::text::{Email, OrganisationName, PersonName};
use phrases::Lang;
use sqlx::PgConnection;
use uuid::Uuid;

use super::passwords::parse_new_password;
use super::{Admin, Role, SignedIn, queries as accounts};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::panel;
use crate::keys::{self, Keys, TokenKind};
use crate::{Backend, Error, Refusal, Result};

pub use list::InvitedList;
pub use pending::PendingInvitation;

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
    pub(crate) edition: Option<EditionId>,
}

/// What a transaction needs to store an invitation and to queue its mail.
pub(super) struct InvitationDraft {
    row: queries::NewInvitation,
    /// The address of the page that accepts it.
    link: String,
}

impl InvitationDraft {
    /// Makes the draft of a member's invitation.
    pub(super) fn for_member(
        backend: &Backend,
        (email, organisation): (Email, OrganisationName),
        (edition, invited_by): (EditionId, AccountId),
        lang: Lang,
    ) -> Self {
        let (token_hash, link) = backend.issue_invitation_link();
        let row = queries::NewInvitation {
            token_hash,
            email,
            role: Role::Member,
            organisation: Some(organisation),
            edition: Some(edition),
            invited_by,
            lang,
        };
        Self { row, link }
    }

    /// Stores the invitation, disables older ones to the same address, queues its mail and records
    /// the act.
    ///
    /// # Errors
    /// [`AccountRefusal::AddressTaken`] if the address has an account; [`Error::NotFound`] without
    /// the edition; [`PanelFixed`](domain::refusal::EditionRefusal::PanelFixed) for a judge once the
    /// judging has opened.
    pub(super) async fn send_within(
        &self,
        connection: &mut PgConnection,
        keys: &Keys,
    ) -> Result<()> {
        let row = &self.row;
        refuse_known_address(connection, row.email.as_str()).await?;
        if let (Role::Judge, Some(edition)) = (row.role, row.edition) {
            panel::refuse_fixed_panel(connection, edition, panel::PanelChange::Join).await?;
        }
        queries::delete_open_invitations(connection, row.email.as_str()).await?;
        queries::insert_invitation(connection, row).await?;
        let about =
            queries::find_invitation_context(connection, row.edition, row.invited_by).await?;
        if about.edition.is_none() {
            return Err(Error::NotFound);
        }
        letter::queue_invitation_letter(connection, keys, &about, (row, &self.link)).await?;
        let act = NewAuditEvent {
            actor: Some(row.invited_by),
            edition: row.edition,
            action: AuditAction::AccountInvited,
            subject: row.role.as_str(),
            detail: serde_json::json!({}),
        };
        audit::record_event(connection, act).await
    }
}

/// Refuses an address that has an account. Only administrators may read this answer.
async fn refuse_known_address(connection: &mut PgConnection, email: &str) -> Result<()> {
    match accounts::find_account_by_email(connection, email).await? {
        Some(_) => Err(Error::Refused(Refusal::Account(AccountRefusal::AddressTaken))),
        None => Ok(()),
    }
}

impl Backend {
    /// Returns the hash of a fresh token and the address of the page that accepts it.
    fn issue_invitation_link(&self) -> (Vec<u8>, String) {
        let token = self.keys.issue_token(TokenKind::Invitation);
        let link = format!("{}/invitations/{token}", self.settings().public_url);
        (keys::hash_token(&token), link)
    }

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
        let (token_hash, link) = self.issue_invitation_link();
        let row = queries::NewInvitation {
            token_hash,
            email,
            role: invite.role,
            organisation,
            edition: Some(invite.edition),
            invited_by: admin.account_id(),
            lang: invite.lang,
        };
        let (draft, keys) = (InvitationDraft { row, link }, self.keys.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move { draft.send_within(connection, &keys).await })
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
        let invitation = self.find_invitation(token).await?;
        let about = [invitation.email.as_str(), name.as_ref().map_or("", PersonName::as_str)];
        let password = faults.check_field("password", parse_new_password(password, &about));
        let (Some(name), Some(password)) = (name, password) else {
            return Err(faults.into_error());
        };
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
        let password =
            faults.check_field("password", parse_new_password(password, &[&invite.email]));
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
    connection: &mut PgConnection,
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
            panel::seat_judge_within(connection, edition, id, actor.unwrap_or(id)).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Returns the organisation of this name. Makes it if it does not exist.
pub(crate) async fn find_or_create_organisation(
    connection: &mut PgConnection,
    name: &str,
) -> Result<OrganisationId> {
    accounts::upsert_organisation(connection, OrganisationId(Uuid::new_v4()), name).await
}
