//! A second look at a case: somebody of the staff asks a colleague, or its organisation objects to a rejection. Whoever had
//! the first look does not decide.

mod queries;

use domain::ids::CaseId;
#[cfg(doc)]
use domain::refusal::EditionRefusal;
use domain::schedule::ScreeningOpen;
use domain::text::Reason;

use super::screening::lock_sent_case;
use super::{CaseState, record_case_event};
use crate::accounts::{Admin, Member};
use crate::audit::AuditAction;
use crate::editions::{self, Edition};
use crate::{Backend, Error, Refusal, Result, record};

impl Backend {
    /// Asks for a second look at a waiting case: another administrator than this one decides about it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a missing reason; [`Error::NotFound`]; [`Refusal::WrongState`]; [`Error::Phase`].
    pub async fn ask_second_look(
        &self,
        admin: &Admin,
        _open: ScreeningOpen,
        edition: &Edition,
        case: CaseId,
        reason: &str,
    ) -> Result<()> {
        let reason = Reason::parse_reason(reason)
            .map_err(|problem| Error::invalid_field("second_look", problem))?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                record::lock_unsealed_edition(connection, edition.id).await?;
                let found = lock_sent_case(connection, &edition, case).await?;
                editions::check_phase_again(connection, &edition, Edition::screening_open).await?;
                if found.state != CaseState::Submitted {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                if !queries::store_second_look(connection, case, reason.as_text(), actor).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                record_case_event(connection, actor, &found, AuditAction::CaseSecondLook).await
            })
        })
        .await
    }

    /// Asks, as its organisation, for a second look at a case that was not accepted. It waits again, and another administrator
    /// decides. This is possible once.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a missing reason; [`Error::NotFound`]; [`Refusal::WrongState`] if it is not rejected, or was
    /// looked at again before;
    /// [`Error::Phase`] after the screening; [`EditionRefusal::Sealed`].
    pub async fn object_to_rejection(
        &self,
        member: &Member,
        _open: ScreeningOpen,
        edition: &Edition,
        case: CaseId,
        reason: &str,
    ) -> Result<()> {
        let reason = Reason::parse_reason(reason)
            .map_err(|problem| Error::invalid_field("second_look", problem))?;
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                record::lock_unsealed_edition(connection, edition.id).await?;
                let found = lock_sent_case(connection, &edition, case).await?;
                if found.organisation != member.organisation_id() {
                    return Err(Error::NotFound);
                }
                editions::check_phase_again(connection, &edition, Edition::screening_open).await?;
                if !queries::reopen_rejected(connection, case, reason.as_text()).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let actor = member.account_id();
                record_case_event(connection, actor, &found, AuditAction::CaseSecondLook).await
            })
        })
        .await
    }
}
