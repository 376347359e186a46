//! The announcement. One transaction computes, stores and dates the result. It can be withdrawn
//! only before its release, while nobody can have read it.

use domain::ids::AccountId;
use domain::record::entry::LogEntry;
use domain::record::tree::Hash;
use domain::refusal::AwardsRefusal;
use domain::result::ResultDocument;
use domain::schedule::{DeliberationOpen, Instant};
use domain::text::{FieldProblem, Minutes, narrow_line};
use phrases::{Lang, awards as words};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{compute_result, queries, quorum};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::voting::CountedBallots;
use crate::{Backend, Error, Refusal, Result, fraud, judging, record};

/// When the result is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseTime {
    /// At once.
    Now,
    /// At the planned announcement; at once if that time has passed.
    AtPlanned,
}

/// The fields of the announcement form.
#[derive(Clone, Debug)]
pub struct AnnouncementForm {
    /// When the result is released.
    pub when: ReleaseTime,
    /// The minutes, which are published with the result. May be empty.
    pub minutes: String,
    /// The word that was typed to confirm, in any language of the interface.
    pub confirm: String,
    /// Whether it was ticked that judges have not signed all of their sheets.
    pub without_judges: bool,
}

/// An announcement that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedResult {
    /// When the result becomes public, by the edition's clock.
    pub released_at: Instant,
    /// The SHA-256 of the document in hexadecimal.
    pub sha256: String,
}

impl Backend {
    /// Announces the result: computes it again, stores its bytes and sets the time of the release.
    ///
    /// # Errors
    /// [`Refusal::NotConfirmed`]; [`Error::Invalid`] for invalid minutes; [`Refusal::WrongState`]
    /// if it was announced before; [`BelowQuorum`](domain::refusal::AwardsRefusal::BelowQuorum) if
    /// cases have too few sheets and no two administrators have given a reason;
    /// [`AwardsRefusal::JudgesMissing`] if judges have unsigned sheets and `without_judges` is not
    /// ticked; the errors of [`Backend::compute_standings`].
    pub async fn announce_result(
        &self,
        admin: &Admin,
        _open: DeliberationOpen,
        edition: &Edition,
        announcement: &AnnouncementForm,
    ) -> Result<AnnouncedResult> {
        if !is_confirmation_word(&announcement.confirm) {
            return Err(Error::Refused(Refusal::NotConfirmed));
        }
        let minutes = match Minutes::parse_minutes(&announcement.minutes) {
            Ok(minutes) => minutes.to_string(),
            Err(FieldProblem::Missing) => String::new(),
            Err(problem) => return Err(Error::invalid_field("minutes", problem)),
        };
        let (actor, when) = (admin.account_id(), announcement.when);
        let without_judges = announcement.without_judges;
        self.close_due_polls(edition).await?;
        self.analyse_closed_polls(edition.id).await?;
        let (backend, edition) = (self.clone(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = lock_and_reload_edition(connection, &edition).await?;
                if edition.schedule.released_at.is_some() {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                // Somebody may have moved the windows since the page was opened.
                edition.deliberation_open()?;
                if !edition.counts_read {
                    fraud::require_rulings(&backend, connection, &edition).await?;
                }
                let missing = judging::judges_with_unsigned_sheets(connection, edition.id).await?;
                if !missing.is_empty() && !without_judges {
                    let judges = missing.into_iter().map(|judge| judge.name).collect();
                    let refusal = AwardsRefusal::JudgesMissing { judges };
                    return Err(Error::Refused(Refusal::Awards(refusal)));
                }
                super::note_counts_read(connection, &edition, Some(actor)).await?;
                let ruled = CountedBallots::AsRuled;
                let mut document = compute_result(&backend, connection, &edition, ruled).await?;
                check_ranks(&backend, connection, &edition, &document).await?;
                quorum::add_quorum_exception(connection, edition.id, &mut document).await?;
                store_result(connection, actor, &edition, &document, (when, &minutes)).await
            })
        })
        .await
    }

    /// Withdraws an announcement before its release. Returns its minutes, so that nobody writes them again.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] after the release, and if there is no announcement.
    pub async fn withdraw_announcement(&self, admin: &Admin, edition: &Edition) -> Result<String> {
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = lock_and_reload_edition(connection, &edition).await?;
                let embargoed =
                    edition.schedule.released_at.is_some_and(|instant| edition.now < instant);
                let decision = queries::find_result_approval(connection, edition.id).await?;
                let decision =
                    decision.filter(|_| embargoed).ok_or(Error::Refused(Refusal::WrongState))?;
                let minutes = queries::delete_result(connection, edition.id).await?;
                queries::set_release_time(connection, edition.id, None).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::ResultAnnouncementWithdrawn,
                    subject: &edition.slug,
                    detail: json!({
                        "sha256": decision.sha256,
                        "released_at": edition.schedule.released_at,
                    }),
                };
                audit::record_event(connection, act).await?;
                Ok(minutes)
            })
        })
        .await
    }
}

/// Stores whether the ranks would be others if every held ballot counted, or none that ever was.
async fn check_ranks(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
    document: &ResultDocument,
) -> Result<()> {
    let mut changes = [fraud::RankChanges::default(); 2];
    let others = [CountedBallots::EveryHeld, CountedBallots::NoneEverHeld];
    for (change, counted) in changes.iter_mut().zip(others) {
        let other = compute_result(backend, connection, edition, counted).await?;
        *change = fraud::compare_ranks(document, &other);
    }
    let [all_count, none_counts] = changes;
    let check = fraud::RankCheck { all_count, none_counts };
    fraud::store_rank_check(connection, edition, &check).await
}

/// Whether this is the word that confirms an announcement, in any language of the interface.
fn is_confirmation_word(typed: &str) -> bool {
    let typed = narrow_line(typed).to_lowercase();
    [Lang::Ko, Lang::En].into_iter().any(|lang| typed == words::announce_word(lang))
}

/// Locks the edition until the transaction ends and reads it again.
pub(super) async fn lock_and_reload_edition(
    connection: &mut PgConnection,
    edition: &Edition,
) -> Result<Edition> {
    crate::editions::queries::lock_edition(connection, edition.id).await?;
    editions::queries::find_edition(connection, &edition.slug).await?.ok_or(Error::NotFound)
}

async fn store_result(
    connection: &mut PgConnection,
    actor: AccountId,
    edition: &Edition,
    document: &ResultDocument,
    (when, minutes): (ReleaseTime, &str),
) -> Result<AnnouncedResult> {
    let bytes = document
        .canonical_bytes()
        .map_err(|_| Error::Internal("the result cannot be written down"))?;
    let sha256 = Sha256::digest(&bytes);
    let released_at = match when {
        ReleaseTime::Now => edition.now,
        ReleaseTime::AtPlanned => edition.now.max(edition.schedule.windows.announcement),
    };
    let row = queries::ResultRow {
        edition: edition.id,
        document: &bytes,
        sha256: sha256.as_slice(),
        approved_by: actor,
        minutes,
    };
    queries::insert_result(connection, &row).await?;
    queries::set_release_time(connection, edition.id, Some(released_at)).await?;
    let line = LogEntry::Result {
        edition: record::line_slug(&edition.slug)?,
        sha256: Hash::from_bytes(sha256.into()),
    };
    record::queue_line(connection, edition.id, &line).await?;
    let sha256 = hex::encode(sha256);
    let act = NewAuditEvent {
        actor: Some(actor),
        edition: Some(edition.id),
        action: AuditAction::ResultAnnounced,
        subject: &edition.slug,
        detail: json!({ "sha256": sha256, "released_at": released_at }),
    };
    audit::record_event(connection, act).await?;
    Ok(AnnouncedResult { released_at, sha256 })
}
