//! Invitations of many members from one list, all or none.

use std::collections::HashSet;

use domain::ids::EditionId;
use domain::invitation_list::ListedMember;
use phrases::Lang;
use serde_json::json;

use super::{InvitationDraft, letter, queries};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Error, Result};

/// The outcome of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitedList {
    /// Invitations that were sent.
    pub sent: usize,
    /// Addresses that had an account or an open invitation, so that nothing was sent.
    pub known: usize,
}

impl Backend {
    /// Counts the addresses of a list that have an account or an open invitation.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn find_invited_addresses(
        &self,
        _admin: &Admin,
        list: &[ListedMember],
    ) -> Result<Vec<String>> {
        let emails: Vec<String> =
            list.iter().map(|listed| listed.email.as_str().to_owned()).collect();
        let mut connection = self.acquire_connection().await?;
        queries::find_invited_addresses(&mut connection, &emails).await
    }

    /// Invites the members of a list in one transaction. Leaves out addresses that have an account
    /// or an open invitation, so the same list again invites nobody twice.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::NotFound`] without the edition. Then nobody is invited.
    pub async fn invite_list(
        &self,
        admin: &Admin,
        edition: EditionId,
        list: Vec<ListedMember>,
        lang: Lang,
    ) -> Result<InvitedList> {
        let (backend, actor) = (self.clone(), admin.account_id());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // Two lists at once: the second one sees the invitations of the first.
                queries::lock_invited_edition(connection, edition).await?;
                let emails: Vec<String> =
                    list.iter().map(|listed| listed.email.as_str().to_owned()).collect();
                let known = queries::find_invited_addresses(connection, &emails).await?;
                let known: HashSet<String> = known.into_iter().collect();
                let about =
                    queries::find_invitation_context(connection, Some(edition), actor).await?;
                if about.edition.is_none() {
                    return Err(Error::NotFound);
                }
                let mut sent = 0;
                for ListedMember { organisation, email, .. } in list {
                    if known.contains(email.as_str()) {
                        continue;
                    }
                    let who = (email, organisation);
                    let InvitationDraft { row, link } =
                        InvitationDraft::for_member(&backend, who, (edition, actor), lang);
                    queries::insert_invitation(connection, &row).await?;
                    let row = (&row, link.as_str());
                    letter::queue_invitation_letter(connection, &backend.keys, &about, row).await?;
                    sent += 1;
                }
                let done = InvitedList { sent, known: known.len() };
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition),
                    action: AuditAction::AccountListInvited,
                    subject: "member",
                    detail: json!({ "sent": done.sent, "known": done.known }),
                };
                audit::record_event(connection, act).await?;
                Ok(done)
            })
        })
        .await
    }
}
