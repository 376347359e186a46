//! Earlier versions of a case: its organisation reads them, compares them and takes one back; staff read those that were sent
//! in.
//!
//! One version stands for what one person saved within ten minutes, and for each sending.

pub(super) mod queries;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{AccountId, CaseId, DistrictId, FileId, NeighbourhoodId, TrackId};
use sqlx::PgConnection;

use super::{Case, CaseDraft, CaseState};
use crate::accounts::{Admin, Member};
use crate::personal_data::{find_personal_data, mask_pieces};
use crate::{Backend, Result};

/// Most versions of a case that were not sent in.
const MOST_VERSIONS: i64 = 100;

/// The texts of a case as they once were.
#[derive(Clone, Debug)]
pub struct CaseVersion {
    /// The version that it was saved as. Not every number has one.
    pub version: i32,
    /// When, by the real clock.
    pub saved_at: DateTime<Utc>,
    /// The address of whoever saved it. `None` once that account is gone.
    pub saved_by: Option<String>,
    /// Whether it was sent in.
    pub sent: bool,
    /// Its texts, as a form would send them. The text of the picture is not kept.
    pub draft: CaseDraft,
    track: TrackId,
    district: Option<DistrictId>,
    neighbourhood: Option<NeighbourhoodId>,
    agreement_title: String,
    agreement_on: Option<NaiveDate>,
    agreement_file: Option<FileId>,
}

impl CaseVersion {
    fn personal_texts(&self) -> [&String; 4] {
        let CaseDraft { title, title_en, summary, body, .. } = &self.draft;
        [title, title_en, summary, body]
    }

    fn has_personal_data(&self) -> bool {
        self.personal_texts().iter().any(|text| !find_personal_data(text).is_empty())
    }
}

impl Backend {
    /// Returns the versions of a case of the member's organisation, the newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), also for another organisation's case.
    pub async fn case_versions(&self, member: &Member, case: CaseId) -> Result<Vec<CaseVersion>> {
        self.own_case(member, case).await?;
        queries::select_versions(&mut *self.acquire_connection().await?, case, false).await
    }

    /// Returns the versions of a case that were sent in, the newest first, for the staff.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn sent_versions(&self, _admin: &Admin, case: CaseId) -> Result<Vec<CaseVersion>> {
        queries::select_versions(&mut *self.acquire_connection().await?, case, true).await
    }

    /// Removes the versions in which personal data is found, because it was just masked. In those that were sent in it is
    /// masked: staff read them.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), also for another organisation's case.
    pub async fn remove_personal_versions(&self, member: &Member, case: CaseId) -> Result<()> {
        self.own_case(member, case).await?;
        self.run_in_transaction(move |connection| {
            Box::pin(async move { remove_personal_texts(connection, case).await })
        })
        .await
    }
}

async fn remove_personal_texts(connection: &mut PgConnection, case: CaseId) -> Result<()> {
    let versions = queries::select_versions(connection, case, false).await?;
    let mut removed = Vec::new();
    for version in versions.iter().filter(|version| version.has_personal_data()) {
        if version.sent {
            let masked =
                version.personal_texts().map(|text| mask_pieces(text, &find_personal_data(text)));
            queries::update_version(connection, case, version.version, &masked).await?;
        } else {
            removed.push(version.version);
        }
    }
    queries::delete_versions(connection, case, &removed).await
}

/// Keeps the stored texts of a case as a version.
pub(super) async fn keep_version(
    connection: &mut PgConnection,
    case: CaseId,
    by: AccountId,
    sent: bool,
) -> Result<()> {
    queries::keep_version(connection, case, by, sent).await?;
    queries::trim_versions(connection, case, MOST_VERSIONS).await
}

/// Puts the texts that were sent in in the place of those that are being written. The picture is left out, because it may be
/// new.
pub(super) async fn show_as_sent(connection: &mut PgConnection, case: Case) -> Result<Case> {
    if case.state != CaseState::Returned {
        return Ok(case);
    }
    let sent = queries::select_versions(connection, case.id, true).await?.into_iter().next();
    let empty = CaseDraft::default();
    let draft = sent.as_ref().map_or(&empty, |sent| &sent.draft).clone();
    Ok(Case {
        title: draft.title,
        title_en: draft.title_en,
        summary: draft.summary,
        body: draft.body,
        film: draft.film,
        track: sent.as_ref().map_or(case.track, |sent| sent.track),
        district: sent.as_ref().map_or(case.district, |sent| sent.district),
        neighbourhood: sent.as_ref().map_or(case.neighbourhood, |sent| sent.neighbourhood),
        agreement_title: sent.as_ref().map(|sent| sent.agreement_title.clone()).unwrap_or_default(),
        agreement_on: sent.as_ref().and_then(|sent| sent.agreement_on),
        agreement_file: sent.as_ref().and_then(|sent| sent.agreement_file),
        picture: None,
        ..case
    })
}
