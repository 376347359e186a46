//! An organisation begins a case: empty, or with the texts of an earlier one.

use domain::ids::{CaseId, TrackId};
use domain::limits;
use domain::refusal::CaseRefusal;
use domain::schedule::SubmissionsOpen;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{CaseDraft, late, queries, versions};
use crate::accounts::Member;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition, check_phase_again};
use crate::{Backend, Error, Refusal, Result};

impl Backend {
    /// Begins a case with a title and its track.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`CaseRefusal::TooManyCases`]; [`Error::Phase`].
    pub async fn begin_case(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        title: &str,
        track: &str,
    ) -> Result<CaseId> {
        let (track, title) = self.parse_new_case(edition, title, track).await?;
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(
                async move { insert_new_case(connection, &member, &edition, track, &title).await },
            )
        })
        .await
    }

    /// Begins a case with the texts of another one of the same organisation. A title that is typed takes the place of the
    /// older one. Picture and documents are not copied.
    ///
    /// # Errors
    /// Those of [`Backend::begin_case`]; [`Error::NotFound`] for a case of others.
    pub async fn begin_case_from(
        &self,
        member: &Member,
        _open: SubmissionsOpen,
        edition: &Edition,
        (title, track): (&str, &str),
        from: CaseId,
    ) -> Result<CaseId> {
        let (track, title) = self.parse_new_case(edition, title, track).await?;
        self.own_case(member, from).await?;
        let (member, edition) = (*member, edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let id = insert_new_case(connection, &member, &edition, track, &title).await?;
                queries::copy_texts(connection, id, from).await?;
                versions::keep_version(connection, id, member.account_id(), false).await?;
                Ok(id)
            })
        })
        .await
    }

    async fn parse_new_case(
        &self,
        edition: &Edition,
        title: &str,
        track: &str,
    ) -> Result<(TrackId, String)> {
        let places = self.tracks_and_districts(edition.id).await?;
        let draft =
            CaseDraft { title: title.to_owned(), track: track.to_owned(), ..CaseDraft::default() };
        let draft = draft.parse_fields(&places)?;
        Ok((draft.track, draft.title))
    }
}

/// Begins a case inside the caller's transaction.
pub(super) async fn insert_new_case(
    connection: &mut PgConnection,
    member: &Member,
    edition: &Edition,
    track: TrackId,
    title: &str,
) -> Result<CaseId> {
    let (id, contest, theirs) = (CaseId(Uuid::new_v4()), edition.id, member.organisation_id());
    editions::queries::lock_edition_shared(connection, contest).await?;
    queries::lock_organisation(connection, theirs).await?;
    let late = late::queries::find_late_admission(connection, contest, theirs).await?;
    check_phase_again(connection, edition, |now| now.submissions_open_until(late)).await?;
    let row = queries::NewCase { id, edition: contest, organisation: theirs, track, title };
    if !queries::insert_case(connection, &row).await? {
        let max = limits::CASES_OF_AN_ORGANISATION;
        return Err(Error::Refused(Refusal::Case(CaseRefusal::TooManyCases { max })));
    }
    let act = NewAuditEvent {
        actor: Some(member.account_id()),
        edition: Some(contest),
        action: AuditAction::CaseBegun,
        subject: &id.to_string(),
        detail: json!({}),
    };
    audit::record_event(connection, act).await?;
    Ok(id)
}
