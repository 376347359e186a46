//! The panel of an edition: who sits on it. It is fixed when the judging opens, so that nobody
//! chooses judges by what others have scored.

mod queries;

use domain::ids::{AccountId, EditionId};
use domain::refusal::EditionRefusal;
use domain::text::Email;
use phrases::{Lang, judging as words};
use serde_json::json;
use sqlx::PgConnection;

use super::Edition;
use crate::accounts::{Admin, Invitation, Role};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::mail::{self, Letter, format_korean_end, format_korean_minute};
use crate::{Backend, Error, Refusal, Result};

/// What somebody wants to change in the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PanelChange {
    /// A judge joins.
    Join,
    /// A judge leaves.
    Leave,
}

impl Edition {
    /// Whether judges may still join a panel with so many seats taken: before the judging opens, and
    /// afterwards only while fewer than the quorum sit on it and nobody has read counts. Without that
    /// a panel that nobody filled in time could never decide.
    #[must_use]
    pub fn may_judges_join(&self, seated: i64) -> bool {
        let short = seated < i64::from(self.rulebook.panel.quorum);
        !self.is_panel_fixed() || (short && !self.counts_read)
    }

    /// Whether the judging has opened by the edition's clock. Then nobody leaves the panel any more,
    /// and nobody joins it but to reach the quorum. The statements that change the panel ask again.
    #[must_use]
    pub fn is_panel_fixed(&self) -> bool {
        self.now >= self.schedule.windows.judging.opens
    }
}

impl Backend {
    /// Adds a judge with an account to the panel, because the same people judge every year. Does
    /// nothing if the judge is on the panel.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account is not a judge's; [`EditionRefusal::PanelFixed`] once the
    /// judging has opened.
    pub async fn seat_judge(
        &self,
        admin: &Admin,
        edition: &Edition,
        judge: AccountId,
    ) -> Result<()> {
        let (actor, edition, keys) = (admin.account_id(), edition.clone(), self.keys.clone());
        let link = format!("{}/judging/{}", self.settings().public_url, edition.slug);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let account = queries::find_judge_account(connection, judge).await?;
                let account = account.ok_or(Error::NotFound)?;
                if seat_judge_within(connection, edition.id, judge, actor).await? {
                    let letter = appointment_letter(&edition, &account, &link)?;
                    mail::queue_letter(connection, &keys, &letter).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Whether an invitation is one for a judge who would come too late: the panel is fixed.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn is_invitation_late(&self, invitation: &Invitation) -> Result<bool> {
        let (Role::Judge, Some(edition)) = (invitation.role, invitation.edition) else {
            return Ok(false);
        };
        queries::is_panel_fixed(&mut *self.acquire_connection().await?, edition, true).await
    }

    /// Takes a judge without a sheet from the panel. Does nothing if the judge is not on it.
    ///
    /// # Errors
    /// [`EditionRefusal::PanelFixed`] once the judging has opened;
    /// [`EditionRefusal::JudgeHasSheet`], which a rehearsal may meet after its clock went back.
    pub async fn unseat_judge(
        &self,
        admin: &Admin,
        edition: &Edition,
        judge: AccountId,
    ) -> Result<()> {
        let (actor, edition) = (admin.account_id(), edition.id);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                refuse_fixed_panel(connection, edition, PanelChange::Leave).await?;
                if queries::has_sheet(connection, edition, judge).await? {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::JudgeHasSheet)));
                }
                if !queries::delete_panel_member(connection, edition, judge).await? {
                    return Ok(());
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition),
                    action: AuditAction::PanelJudgeUnseated,
                    subject: &judge.to_string(),
                    detail: json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Writes the mail to a judge with an account who was appointed: when the judging is, and where.
fn appointment_letter(
    edition: &Edition,
    judge: &queries::AppointedJudge,
    link: &str,
) -> Result<Letter> {
    let lang = Lang::from_tag(&judge.lang).unwrap_or_default();
    let title = lang.choose_text(&edition.title.ko, &edition.title.en);
    let window = &edition.schedule.windows.judging;
    let opens = format_korean_minute(lang, window.opens);
    let closes = format_korean_end(lang, window.closes);
    let to = Email::parse(&judge.email)
        .map_err(|_| Error::Internal("an account has an unreadable address"))?;
    let letter = Letter {
        edition: None,
        to,
        subject: words::appointed_subject(lang, title),
        body: words::appointed_body(lang, closes, title, link, &judge.name, opens),
        minutes: None,
    };
    Ok(letter.marked_if_rehearsal(lang, edition.rehearsal))
}

/// Adds a judge to the panel and records it, in the caller's transaction. False if the judge is on
/// the panel already. The actor is the judge for a judge who comes by invitation.
///
/// # Errors
/// [`EditionRefusal::PanelFixed`] once the judging has opened.
pub(crate) async fn seat_judge_within(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
    actor: AccountId,
) -> Result<bool> {
    refuse_fixed_panel(connection, edition, PanelChange::Join).await?;
    if !queries::insert_panel_member(connection, edition, judge).await? {
        return Ok(false);
    }
    let act = NewAuditEvent {
        actor: Some(actor),
        edition: Some(edition),
        action: AuditAction::PanelJudgeSeated,
        subject: &judge.to_string(),
        detail: json!({}),
    };
    audit::record_event(connection, act).await?;
    Ok(true)
}

/// Locks the edition's windows and panel until the transaction ends and asks its clock.
///
/// # Errors
/// [`EditionRefusal::PanelFixed`] once the judging has opened, but for a judge who joins a panel of
/// fewer than the quorum before anybody has read counts.
pub(crate) async fn refuse_fixed_panel(
    connection: &mut PgConnection,
    edition: EditionId,
    change: PanelChange,
) -> Result<()> {
    queries::lock_panel(connection, edition).await?;
    let joins = change == PanelChange::Join;
    if queries::is_panel_fixed(connection, edition, joins).await? {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::PanelFixed)));
    }
    Ok(())
}
