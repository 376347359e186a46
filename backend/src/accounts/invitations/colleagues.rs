//! A member invites a colleague of the own organisation. No answer tells whether the address has an
//! account: an invitation is stored in any case, and what the mail says only its reader knows.

use std::time::Duration;

use domain::ids::EditionId;
use domain::limits::OPEN_COLLEAGUE_INVITATIONS;
use domain::refusal::AccountRefusal;
use domain::text::{Email, OrganisationName};
use phrases::Lang;

use super::{letter, queries};
use crate::accounts::queries::find_account_by_email;
use crate::accounts::{Member, Role};
use crate::attempts::RateLimit;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Error, Refusal, Result};

/// Invitations by the members of one organisation. Cancelling one gives none back.
const OF_AN_ORGANISATION: RateLimit =
    RateLimit { what: "colleague", tries: 40, within: Duration::from_secs(24 * 3600) };
/// Invitations by members to one address, whoever sends them.
const TO_AN_ADDRESS: RateLimit =
    RateLimit { what: "colleague-address", tries: 5, within: Duration::from_secs(24 * 3600) };

impl Backend {
    /// Invites a colleague. A second call sends a new link and disables the old one. `edition` is
    /// the contest that the mail names and in whose trail the act stands.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::TooMany`]; [`AccountRefusal::TooManyInvitations`].
    pub async fn invite_colleague(
        &self,
        member: &Member,
        edition: Option<EditionId>,
        email: &str,
        lang: Lang,
    ) -> Result<()> {
        let email =
            Email::parse(email).map_err(|problem| Error::invalid_field("email", problem))?;
        let (member, organisation) = (*member, member.organisation_id());
        self.count_attempt(OF_AN_ORGANISATION, &organisation.to_string()).await?;
        self.count_attempt(TO_AN_ADDRESS, email.as_str()).await?;
        let (token_hash, link) = self.issue_invitation_link();
        let sign_in = format!("{}/sign-in", self.settings().public_url);
        let keys = self.keys.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let name = queries::lock_inviting_organisation(connection, organisation).await?;
                let address = email.as_str();
                queries::delete_colleague_invitations(connection, organisation, address).await?;
                let open = queries::count_colleague_invitations(connection, organisation).await?;
                if open >= OPEN_COLLEAGUE_INVITATIONS {
                    let max = OPEN_COLLEAGUE_INVITATIONS;
                    let refusal = AccountRefusal::TooManyInvitations { max };
                    return Err(Error::Refused(Refusal::Account(refusal)));
                }
                let organisation = OrganisationName::parse(&name)
                    .map_err(|_| Error::Internal("an organisation has an invalid name"))?;
                let row = queries::NewInvitation {
                    token_hash,
                    email,
                    role: Role::Member,
                    organisation: Some(organisation),
                    edition,
                    invited_by: member.account_id(),
                    lang,
                };
                queries::insert_invitation(connection, &row).await?;
                let about =
                    queries::find_invitation_context(connection, edition, row.invited_by).await?;
                if find_account_by_email(connection, row.email.as_str()).await?.is_some() {
                    let row = (&row, sign_in.as_str());
                    letter::queue_known_letter(connection, &keys, &about, row).await?;
                } else {
                    let row = (&row, link.as_str());
                    letter::queue_invitation_letter(connection, &keys, &about, row).await?;
                }
                let act = NewAuditEvent {
                    actor: Some(member.account_id()),
                    edition,
                    action: AuditAction::AccountInvited,
                    subject: Role::Member.as_str(),
                    detail: serde_json::json!({ "by": "member" }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}
