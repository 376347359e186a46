//! The quorum: how many signed sheets each case needs. Below it there is no announcement, unless
//! one administrator gives a reason and another confirms it. The reason holds only for the cases
//! and the numbers of sheets that both saw, and is published with the result.

pub(super) mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId, EditionId};
use domain::refusal::AwardsRefusal;
use domain::result::{QuorumException, ResultCase, ResultDocument, SheetCount};
use domain::schedule::DeliberationOpen;
use domain::text::{Bilingual, QuorumReason, narrow_line};
use phrases::{Lang, awards as words};
use serde_json::json;
use sqlx::PgConnection;

use super::announce::lock_and_reload_edition;
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

/// The name of an administrator without an account: the operator at the machine.
const OPERATOR: &str = "operator";

/// An accepted case with fewer signed sheets than the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseBelowQuorum {
    /// The case.
    pub id: CaseId,
    /// Its title.
    pub title: Bilingual,
    /// The name of its organisation.
    pub organisation: String,
    /// The signed sheets that count.
    pub sheets: u32,
}

/// A reason to announce below the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenQuorumReason {
    /// The reason as it was typed.
    pub reason: String,
    /// Who gave it.
    pub given_by: AccountId,
    /// The name of that person.
    pub given_by_name: String,
    /// When it was given, by the real clock.
    pub given_at: DateTime<Utc>,
    /// The name of the other administrator who confirmed it; `None` before that.
    pub confirmed_by_name: Option<String>,
    /// Whether the cases below the quorum, or their sheets, are no longer those for which it was
    /// given. Then it has no effect.
    pub is_void: bool,
}

/// How the accepted cases of an edition stand to the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumState {
    /// The signed sheets that each case needs.
    pub quorum: u32,
    /// The cases that have fewer, sorted by id.
    pub below: Vec<CaseBelowQuorum>,
    /// The reason that was given last.
    pub reason: Option<GivenQuorumReason>,
}

impl QuorumState {
    /// Whether two people have given a reason that holds for the present cases below the quorum.
    #[must_use]
    pub fn is_excused(&self) -> bool {
        let given = self.reason.as_ref();
        given.is_some_and(|reason| !reason.is_void && reason.confirmed_by_name.is_some())
    }
}

impl Backend {
    /// Returns the cases below the quorum and the reason that was given. It reveals numbers of
    /// sheets, which the chair's board shows too, and no score.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn quorum_state(&self, _admin: &Admin, edition: &Edition) -> Result<QuorumState> {
        let mut connection = self.acquire_connection().await?;
        let quorum = edition.rulebook.panel.quorum;
        let below = queries::cases_below_quorum(&mut connection, edition.id, quorum).await?;
        let stored = queries::find_quorum_reason(&mut connection, edition.id).await?;
        let reason = stored.map(|stored| GivenQuorumReason {
            is_void: stored.below != count_sheets(&below),
            confirmed_by_name: stored
                .confirmed_by
                .map(|_| name_or_operator(stored.confirmed_by_name)),
            given_by: stored.given_by,
            given_by_name: name_or_operator(stored.given_by_name),
            given_at: stored.given_at,
            reason: stored.reason,
        });
        Ok(QuorumState { quorum, below, reason })
    }

    /// Stores a reason to announce below the quorum, for the cases that are below it now. It
    /// replaces an earlier reason. Another administrator must confirm it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a reason that is too short or too long; [`Error::Phase`] while people
    /// vote or score, and after the announcement; [`Refusal::WrongState`] if no case is below the
    /// quorum.
    pub async fn give_quorum_reason(
        &self,
        admin: &Admin,
        _open: DeliberationOpen,
        edition: &Edition,
        reason: &str,
    ) -> Result<()> {
        let reason = QuorumReason::parse_quorum_reason(reason)
            .map_err(|problem| Error::invalid_field("reason", problem))?;
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = lock_and_reload_edition(connection, &edition).await?;
                edition.deliberation_open()?;
                let below = current_sheet_counts(connection, &edition).await?;
                if below.is_empty() {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let reason = reason.reason_text();
                queries::put_quorum_reason(connection, edition.id, actor, reason, &below).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::QuorumReasonGiven,
                    subject: &edition.slug,
                    detail: json!({
                        "reason": reason,
                        "quorum": edition.rulebook.panel.quorum,
                        "below": below,
                    }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Confirms the reason that another administrator gave at `given_at`. Then the result may be
    /// announced, as long as the cases below the quorum and their sheets stay the same.
    ///
    /// # Errors
    /// [`Refusal::NotConfirmed`] without the word; [`AwardsRefusal::SecondPersonNeeded`] for the
    /// person who gave the reason; [`Refusal::Stale`] if there is another reason by now, or the
    /// cases have changed; [`Refusal::WrongState`] if it is confirmed already; [`Error::Phase`];
    /// [`Error::NotFound`] if no reason was given.
    pub async fn confirm_quorum_reason(
        &self,
        admin: &Admin,
        _open: DeliberationOpen,
        edition: &Edition,
        given_at: DateTime<Utc>,
        confirm: &str,
    ) -> Result<()> {
        if !is_agreement_word(confirm) {
            return Err(Error::Refused(Refusal::NotConfirmed));
        }
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = lock_and_reload_edition(connection, &edition).await?;
                edition.deliberation_open()?;
                let stored = queries::find_quorum_reason(connection, edition.id).await?;
                let stored = stored.ok_or(Error::NotFound)?;
                let below = current_sheet_counts(connection, &edition).await?;
                if stored.given_at != given_at || stored.below != below {
                    return Err(Error::Refused(Refusal::Stale));
                }
                if stored.given_by == actor {
                    return Err(Error::Refused(Refusal::Awards(AwardsRefusal::SecondPersonNeeded)));
                }
                if !queries::confirm_quorum_reason(connection, edition.id, actor).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::QuorumReasonConfirmed,
                    subject: &edition.slug,
                    detail: json!({
                        "reason": stored.reason,
                        "given_by": name_or_operator(stored.given_by_name),
                        "below": below,
                    }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Adds the confirmed reason to a document with cases below the quorum. Does nothing if there are
/// none. The caller has locked the edition.
///
/// # Errors
/// [`AwardsRefusal::BelowQuorum`] with the cases, if no reason was confirmed for exactly these cases
/// and sheets.
pub(super) async fn add_quorum_exception(
    connection: &mut PgConnection,
    edition: EditionId,
    document: &mut ResultDocument,
) -> Result<()> {
    let below = document.cases_below_quorum();
    if below.is_empty() {
        return Ok(());
    }
    let stored = queries::find_quorum_reason(connection, edition).await?;
    let confirmed = stored.filter(|stored| stored.confirmed_by.is_some() && stored.below == below);
    let Some(stored) = confirmed else {
        let is_below = |case: &&ResultCase| below.iter().any(|count| count.case == case.id);
        let cases = document.cases.iter().filter(is_below).map(|case| case.title.clone()).collect();
        let quorum = document.rulebook.panel.quorum;
        return Err(Error::Refused(Refusal::Awards(AwardsRefusal::BelowQuorum { quorum, cases })));
    };
    document.quorum_exception = Some(QuorumException {
        reason: stored.reason,
        given_by: name_or_operator(stored.given_by_name),
        confirmed_by: name_or_operator(stored.confirmed_by_name),
        cases: below,
    });
    Ok(())
}

async fn current_sheet_counts(
    connection: &mut PgConnection,
    edition: &Edition,
) -> Result<Vec<SheetCount>> {
    let quorum = edition.rulebook.panel.quorum;
    Ok(count_sheets(&queries::cases_below_quorum(connection, edition.id, quorum).await?))
}

fn count_sheets(below: &[CaseBelowQuorum]) -> Vec<SheetCount> {
    below.iter().map(|case| SheetCount { case: case.id, sheets: case.sheets }).collect()
}

fn name_or_operator(name: Option<String>) -> String {
    name.unwrap_or_else(|| OPERATOR.to_owned())
}

/// Whether this is the word that confirms a reason, in any language of the interface.
fn is_agreement_word(typed: &str) -> bool {
    let typed = narrow_line(typed).to_lowercase();
    [Lang::Ko, Lang::En].into_iter().any(|lang| typed == words::quorum_word(lang))
}
