//! Open invitations: who waits, sending one again, cancelling one.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, EditionId, OrganisationId};
use domain::text::{Email, OrganisationName};
use phrases::Lang;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::{self, NewInvitation, OpenInvitation};
use super::{letter, refuse_known_address};
use crate::accounts::queries::{find_account_by_email, parse_role_word};
use crate::accounts::{Admin, Member, Role};
use crate::attempts::RateLimit;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::panel;
use crate::{Backend, Error, Result};

/// How often one invitation is sent again: enough for a mail that was lost, too few for a nuisance.
const RESENDS: RateLimit =
    RateLimit { what: "invitation-resend", tries: 5, within: Duration::from_secs(24 * 3600) };

/// An invitation that nobody has accepted yet.
#[derive(Clone, Debug)]
pub struct PendingInvitation {
    /// Its key.
    pub id: Uuid,
    /// The address it was sent to.
    pub email: String,
    /// The role it gives, as in the database.
    pub role: String,
    /// The organisation, for a member.
    pub organisation_name: Option<String>,
    /// The name of the person who sent it, if the account exists.
    pub invited_by: Option<String>,
    /// When its link stops working.
    pub expires_at: DateTime<Utc>,
}

/// Whose invitations somebody may see, send again and cancel.
#[derive(Clone, Copy, Debug)]
pub(super) enum InvitationScope {
    /// All of an edition, for administrators.
    Edition(EditionId),
    /// Those that members of an organisation have sent, for these members.
    Organisation(OrganisationId),
}

impl InvitationScope {
    pub(super) fn edition_key(self) -> Option<Uuid> {
        match self {
            Self::Edition(id) => Some(id.0),
            Self::Organisation(_) => None,
        }
    }

    pub(super) fn organisation_key(self) -> Option<Uuid> {
        match self {
            Self::Organisation(id) => Some(id.0),
            Self::Edition(_) => None,
        }
    }
}

impl Backend {
    /// Returns the open invitations of an edition.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn pending_invitations(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Vec<PendingInvitation>> {
        let scope = InvitationScope::Edition(edition);
        queries::pending_invitations(&mut *self.acquire_connection().await?, scope).await
    }

    /// Sends an open invitation of an edition again, with a new link. The old link stops working.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not open; [`Error::TooMany`];
    /// [`AddressTaken`](domain::refusal::AccountRefusal::AddressTaken) if the address has an account
    /// by now; [`PanelFixed`](domain::refusal::EditionRefusal::PanelFixed) for a judge once the
    /// judging has opened.
    pub async fn resend_invitation(
        &self,
        admin: &Admin,
        edition: EditionId,
        invitation: Uuid,
    ) -> Result<()> {
        let scope = InvitationScope::Edition(edition);
        self.send_open_invitation_again(admin.account_id(), scope, invitation).await
    }

    /// Cancels an open invitation of an edition. Its address is deleted.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not open.
    pub async fn cancel_invitation(
        &self,
        admin: &Admin,
        edition: EditionId,
        invitation: Uuid,
    ) -> Result<()> {
        let scope = InvitationScope::Edition(edition);
        self.delete_open_invitation(admin.account_id(), scope, invitation).await
    }

    /// Returns the open invitations that the member's organisation has sent to colleagues.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn colleague_invitations(&self, member: &Member) -> Result<Vec<PendingInvitation>> {
        let scope = InvitationScope::Organisation(member.organisation_id());
        queries::pending_invitations(&mut *self.acquire_connection().await?, scope).await
    }

    /// Sends an invitation to a colleague again. The answer is the same whether the address has an
    /// account or not.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not open; [`Error::TooMany`].
    pub async fn resend_colleague_invitation(
        &self,
        member: &Member,
        invitation: Uuid,
    ) -> Result<()> {
        let scope = InvitationScope::Organisation(member.organisation_id());
        self.send_open_invitation_again(member.account_id(), scope, invitation).await
    }

    /// Cancels an invitation to a colleague.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not open.
    pub async fn cancel_colleague_invitation(
        &self,
        member: &Member,
        invitation: Uuid,
    ) -> Result<()> {
        let scope = InvitationScope::Organisation(member.organisation_id());
        self.delete_open_invitation(member.account_id(), scope, invitation).await
    }

    async fn send_open_invitation_again(
        &self,
        actor: AccountId,
        scope: InvitationScope,
        invitation: Uuid,
    ) -> Result<()> {
        self.count_attempt(RESENDS, &invitation.to_string()).await?;
        let (token_hash, link) = self.issue_invitation_link();
        let sign_in = format!("{}/sign-in", self.settings().public_url);
        let keys = self.keys.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let found =
                    queries::renew_invitation(connection, scope, invitation, &token_hash).await?;
                let row = read_open_invitation(&found.ok_or(Error::NotFound)?, token_hash, actor)?;
                let about =
                    queries::find_invitation_context(connection, row.edition, row.invited_by)
                        .await?;
                let known = match scope {
                    InvitationScope::Edition(edition) => {
                        refuse_unsendable(connection, &row, edition).await?;
                        false
                    }
                    InvitationScope::Organisation(_) => {
                        find_account_by_email(connection, row.email.as_str()).await?.is_some()
                    }
                };
                if known {
                    let row = (&row, sign_in.as_str());
                    letter::queue_known_letter(connection, &keys, &about, row).await?;
                } else {
                    let row = (&row, link.as_str());
                    letter::queue_invitation_letter(connection, &keys, &about, row).await?;
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: row.edition,
                    action: AuditAction::AccountInvitationResent,
                    subject: row.role.as_str(),
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    async fn delete_open_invitation(
        &self,
        actor: AccountId,
        scope: InvitationScope,
        invitation: Uuid,
    ) -> Result<()> {
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let gone = queries::delete_invitation(connection, scope, invitation).await?;
                let (role, edition) = gone.ok_or(Error::NotFound)?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition,
                    action: AuditAction::AccountInvitationCancelled,
                    subject: &role,
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Refuses what [`Backend::send_invitation`] would refuse by now.
async fn refuse_unsendable(
    connection: &mut PgConnection,
    row: &NewInvitation,
    edition: EditionId,
) -> Result<()> {
    refuse_known_address(connection, row.email.as_str()).await?;
    if row.role == Role::Judge {
        panel::refuse_fixed_panel(connection, edition, panel::PanelChange::Join).await?;
    }
    Ok(())
}

/// Reads a stored invitation. The mail names the person who invited first.
fn read_open_invitation(
    stored: &OpenInvitation,
    token_hash: Vec<u8>,
    actor: AccountId,
) -> Result<NewInvitation> {
    let unreadable = |_| Error::Internal("a stored invitation cannot be read");
    let organisation = stored.organisation_name.as_deref().map(OrganisationName::parse);
    Ok(NewInvitation {
        token_hash,
        email: Email::parse(&stored.email).map_err(unreadable)?,
        role: parse_role_word(&stored.role)?,
        organisation: organisation.transpose().map_err(unreadable)?,
        edition: stored.edition,
        invited_by: stored.invited_by.unwrap_or(actor),
        lang: Lang::from_tag(&stored.lang).unwrap_or_default(),
    })
}
